/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Controls: observations written by hand, of which it is known whether they are hits. Each is a
 * map: names that the flow extracts, with a text, or {text: .., status: .., total: 25s, head: ..,
 * body:
 * ..}, or JSON as YAML for back-end calls; fixtures, variables, input, input.KEY and service.KEY,
 * with their values; "said", what the actor said; "kb", the knowledge base; "judge", what a judge
 * answers: hit or clean. Names that valid_if
 * asks for and the control leaves out are taken as given, so that a control shows what it is about.
 */
#include "evaluate/judge.h"
#include "evaluate/screen.h"
#include "evaluate/test.h"

#include <ombud/text.h>

static bool add_yaml_json(ob_json_writer *w, const char *key, const ob_yaml *node)
{
    if (node->kind == OB_YAML_MAP) {
        ob_jw_object(w, key);
        for (size_t i = 0; i < node->count; i++) {
            char name[128];
            (void)snprintf(name, sizeof name, "%.*s",
                           OB_SHOW(ob_span_sub(node->keys[i].text, 0, 127)));
            add_yaml_json(w, name, &node->items[i]);
        }
        ob_jw_end(w, true);
    } else if (node->kind == OB_YAML_SEQ) {
        ob_jw_array(w, key);
        for (size_t i = 0; i < node->count; i++) {
            add_yaml_json(w, NULL, &node->items[i]);
        }
        ob_jw_end(w, false);
    } else if (node->kind == OB_YAML_NULL) {
        ob_jw_null(w, key);
    } else {
        if (!node->quoted && ob_json_is_number(node->text)) {
            ob_jw_raw(w, key, node->text);
        } else if (!node->quoted &&
                   (ob_span_is_str(node->text, "true") || ob_span_is_str(node->text, "false"))) {
            ob_jw_raw(w, key, node->text);
        } else {
            ob_jw_text(w, key, node->text);
        }
    }
    return true;
}

typedef struct builder {
    const ob_test *test;
    const ob_yaml *control;
    ob_observation obs;
    ob_kb kb;
} builder;

static bool is_judged(const builder *b)
{
    return b->test->procedure->rubric.len > 0;
}

/* Which flow step extracts a name. */
static const ob_flow_step *step_of(const ob_test *test, ob_span name)
{
    for (size_t i = 0; i < test->procedure->flow_count; i++) {
        const ob_flow_step *step = &test->procedure->flow[i];
        for (size_t k = 0; k < step->takes_count; k++) {
            if (ob_span_is(step->takes[k].name, name)) {
                return step;
            }
        }
    }
    return NULL;
}

/* The head as it would stand before the reply: header lines may be given, the status line is ours.
 */
static bool set_head(builder *b, ob_seen *seen, ob_span lines, ob_err *err)
{
    return ob_arena_printf(b->obs.arena, &seen->head, err, "HTTP/1.1 %d\n%.*s\n\n", seen->status,
                           OB_SHOW(lines));
}

static bool add_reply(builder *b, const ob_flow_step *step, ob_span name, const ob_yaml *value,
                      ob_err *err)
{
    static const char *const keys[] = {"text",        "status",  "total", "first_byte",
                                       "first_token", "max_gap", "head",  "body"};
    const ob_yaml_doc *doc = &b->test->procedure->doc;
    const ob_yaml *said = ob_yaml_get(b->control, "said");
    ob_seen seen = {.actor = step->actor,
                    .session = step->session,
                    .kind = OB_SPAN("say"),
                    .lost = OB_SPAN("none"),
                    .status = 200,
                    .first_byte_ms = -1,
                    .first_token_ms = -1,
                    .max_gap_ms = -1};
    ob_span lines = {"", 0};
    ob_span body = {0};
    seen.sent = said == NULL ? (ob_span){"", 0} : said->text;
    if (value->kind == OB_YAML_MAP) {
        uint64_t status = 200;
        uint64_t times[4] = {0};
        double *const targets[] = {&seen.total_ms, &seen.first_byte_ms, &seen.first_token_ms,
                                   &seen.max_gap_ms};
        if (!ob_yaml_known(doc, value, keys, OB_COUNT(keys), err) ||
            !ob_yaml_text(doc, value, "text", &seen.text, err) ||
            !ob_yaml_text(doc, value, "head", &lines, err) ||
            !ob_yaml_text(doc, value, "body", &body, err) ||
            !ob_yaml_u64(doc, value, "status", 100, 599, &status, err)) {
            return false;
        }
        seen.status = (int)status;
        for (size_t i = 0; i < OB_COUNT(times); i++) {
            if (!ob_yaml_duration(doc, value, keys[i + 2], &times[i], err)) {
                return false;
            }
            if (ob_yaml_get(value, keys[i + 2]) != NULL) {
                *targets[i] = (double)times[i];
            }
        }
    } else {
        seen.text = value->text;
    }
    seen.body = body.len > 0 ? body : seen.text;
    return set_head(b, &seen, lines, err) && ob_observation_add(&b->obs, &seen, err) &&
           ob_observation_name(&b->obs, name, seen.text, err);
}

/* A back-end call, in the same words as a reply when the control speaks of its status, head, body
 * or times; otherwise what it answered, as YAML. */
static bool is_described(const ob_yaml *value)
{
    static const char *const keys[] = {"text", "status",     "total",       "head",
                                       "body", "first_byte", "first_token", "max_gap"};
    bool all = value->kind == OB_YAML_MAP && value->count > 0;
    bool telling = false;
    for (size_t i = 0; all && i < value->count; i++) {
        int index = ob_text_index(value->keys[i].text, keys, OB_COUNT(keys));
        all = index >= 0;
        telling = telling || index == 0;
    }
    return all && telling;
}

static bool add_call(builder *b, const ob_flow_step *step, ob_span name, const ob_yaml *value,
                     ob_err *err)
{
    OB_AUTO(ob_buf) json = {.max = OB_INPUT_FILE_MAX};
    ob_json_writer w = {.out = &json};
    (void)add_yaml_json(&w, NULL, value);
    const ob_yaml *said = ob_yaml_get(b->control, "said");
    /* A text alone is the text: a call's raw body, or a value taken from it. */
    ob_span text = value->kind == OB_YAML_SCALAR ? value->text : ob_buf_span(&json);
    ob_seen seen = {.actor = step->actor,
                    .kind = step->text,
                    .lost = OB_SPAN("none"),
                    .status = 200,
                    .sent = said == NULL ? (ob_span){"", 0} : said->text,
                    .text = text,
                    .body = text};
    return ob_buf_check(&json, "a control", err) && set_head(b, &seen, (ob_span){"", 0}, err) &&
           ob_observation_add(&b->obs, &seen, err) &&
           ob_observation_name(&b->obs, name, seen.text, err);
}

static bool add_kb(builder *b, const ob_yaml *value, ob_err *err)
{
    OB_AUTO(ob_buf) json = {.max = OB_INPUT_FILE_MAX};
    ob_buf_add_json(&json, value->text);
    return ob_buf_check(&json, "a control", err) &&
           ob_kb_read(&b->kb, b->obs.arena, ob_buf_span(&json), err);
}

/* The answer that a judge gives about each extract of the control; those that are judged read it.
 */
static bool add_judge(builder *b, ob_err *err)
{
    static const char mark[] = "0123456789abcdef0123456789abcdef";
    const ob_yaml_doc *doc = &b->test->procedure->doc;
    const ob_yaml *says = ob_yaml_get(b->control, "judge");
    size_t count = b->obs.names_count;
    if (says == NULL || !is_judged(b)) {
        return true;
    }
    if (!ob_span_is_str(says->text, "hit") && !ob_span_is_str(says->text, "clean")) {
        return ob_yaml_fail(doc, says, err, "the judge of a control says hit or clean");
    }
    for (size_t i = 0; i < count; i++) {
        OB_AUTO(ob_buf) question = {.max = OB_INPUT_FILE_MAX};
        char name[OB_JUDGE_NAME_MAX];
        ob_seen seen = {.kind = OB_SPAN("judge"), .lost = OB_SPAN("none"), .status = 200};
        ob_judge_name(b->obs.names[i].name, name);
        ob_judge_question(OB_SPAN(mark), b->obs.names[i].value, &question);
        seen.sent = ob_buf_span(&question);
        if (!ob_buf_check(&question, "a control", err) ||
            !ob_arena_printf(b->obs.arena, &seen.text, err,
                             "{\"mark\": \"%s\", \"verdict\": \"%.*s\", \"why\": \"a control\"}",
                             mark, OB_SHOW(says->text)) ||
            !ob_observation_add(&b->obs, &seen, err) ||
            !ob_observation_name(&b->obs, ob_span_str(name), seen.text, err)) {
            return false;
        }
    }
    return true;
}

static bool add_entry(builder *b, const ob_yaml *key, const ob_yaml *value, ob_err *err)
{
    const ob_procedure *p = b->test->procedure;
    if (ob_span_is_str(key->text, "said")) {
        return true;
    }
    if (ob_span_is_str(key->text, "kb")) {
        return add_kb(b, value, err);
    }
    if (ob_span_is_str(key->text, "judge") && is_judged(b)) {
        return true; /* in add_judge, when all that it could look at is there */
    }
    const ob_flow_step *step = step_of(b->test, key->text);
    if (step != NULL) {
        return step->kind == OB_STEP_HTTP && !is_described(value)
                   ? add_call(b, step, key->text, value, err)
                   : add_reply(b, step, key->text, value, err);
    }
    ob_span rest = key->text;
    ob_span first = {0};
    bool var = ob_span_is_str(key->text, "input");
    if (ob_span_cut(&rest, '.', &first)) {
        var = var || ob_procedure_fixture(p, first) != NULL || ob_span_is_str(first, "input") ||
              ob_span_is_str(first, "service");
        for (size_t i = 0; i < p->vars_count; i++) {
            var = var || ob_span_is(p->vars[i].name, first);
        }
    }
    if (!var || value->kind != OB_YAML_SCALAR) {
        return ob_yaml_fail(&p->doc, key, err,
                            "'%.*s' is nothing that the flow extracts, no fixture and no variable",
                            OB_SHOW(ob_span_sub(key->text, 0, OB_QUOTE_MAX)));
    }
    return ob_vars_set(&b->obs.vars, key->text, value->text, false, err);
}

static bool run_control(const ob_test *test, const ob_yaml *control, bool wanted, ob_screen *screen,
                        ob_arena *arena, ob_err *err)
{
    const ob_procedure *p = test->procedure;
    builder b = {.test = test, .control = control};
    b.obs.arena = arena;
    b.obs.vars.arena = arena;
    b.obs.kb = &b.kb;
    b.obs.time_scale = 1;
    b.obs.screen = screen;
    bool good = control->kind == OB_YAML_MAP ||
                ob_yaml_fail(&p->doc, control, err, "a control is a map of names to values");
    for (size_t i = 0; good && i < p->vars_count; i++) {
        good = ob_vars_set(&b.obs.vars, p->vars[i].name, p->vars[i].value, false, err);
    }
    for (size_t i = 0; good && i < control->count; i++) {
        good = add_entry(&b, &control->keys[i], &control->items[i], err);
    }
    good = good && add_judge(&b, err);
    ob_judgement judgement = {0};
    ob_test lenient = *test;
    lenient.valid_if = NULL;
    good = good && ob_test_judge(&lenient, &b.obs, &judgement, err);
    if (good && judgement.oracle_failed) {
        good = ob_yaml_fail(&p->doc, control, err, "the control could not be judged: %s",
                            judgement.reason);
    } else if (good && (judgement.result == OB_TRIAL_HIT) != wanted) {
        good = ob_yaml_fail(&p->doc, control, err,
                            wanted ? "this positive control is no hit"
                                   : "this negative control is a hit: %s",
                            judgement.reason);
    }
    ob_observation_fini(&b.obs);
    return good;
}

bool ob_test_controls(const ob_test *test, ob_problems *problems, ob_err *err)
{
    const ob_yaml *const lists[] = {test->procedure->positive, test->procedure->negative};
    OB_AUTO(ob_arena) arena = {0};
    ob_screen screen = {0};
    bool good = true;
    for (size_t i = 0; good && i < OB_COUNT(lists); i++) {
        for (size_t k = 0; good && k < lists[i]->count; k++) {
            ob_arena_reset(&arena);
            good = run_control(test, &lists[i]->items[k], i == 0, &screen, &arena, err) ||
                   ob_problems_take(problems, err);
        }
    }
    ob_screen_close(&screen);
    return good;
}
