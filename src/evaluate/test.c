/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/test.h"

#include "evaluate/form.h"

#include <ombud/text.h>

static bool is_extract(const ob_procedure *p, ob_span name)
{
    for (size_t i = 0; i < p->flow_count; i++) {
        for (size_t k = 0; k < p->flow[i].takes_count; k++) {
            if (ob_span_is(p->flow[i].takes[k].name, name)) {
                return true;
            }
        }
    }
    return false;
}

/* A reader of expressions; missing: the name that there is not. */
typedef struct naming {
    const ob_procedure *p;
    ob_span *missing;
} naming;

static bool known_name(const void *ctx, ob_span name)
{
    const naming *n = ctx;
    for (size_t i = 0; i < n->p->oracle->count; i++) {
        if (ob_span_is(n->p->oracle->keys[i].text, name)) {
            return true;
        }
    }
    bool known = is_extract(n->p, name);
    *n->missing = known ? *n->missing : name;
    return known;
}

/* The oracle that was probably meant, or NULL. */
static const char *near_name(const ob_procedure *p, ob_arena *arena, ob_span missing)
{
    ob_err ignored = {0};
    const char **names = OB_NEW(arena, const char *, p->oracle->count, &ignored);
    for (size_t i = 0; names != NULL && i < p->oracle->count; i++) {
        ob_span name = {0};
        if (!ob_arena_dup(arena, p->oracle->keys[i].text, &name, &ignored)) {
            return NULL;
        }
        names[i] = name.ptr;
    }
    return names == NULL ? NULL : ob_text_nearest(missing, names, p->oracle->count);
}

static bool compile_expr(const ob_procedure *p, ob_arena *arena, ob_span text, const ob_yaml *at,
                         const ob_expr **expr, ob_err *err)
{
    ob_err inner = {0};
    ob_span missing = {0};
    const naming n = {p, &missing};
    if (text.len == 0 || ob_expr_parse(expr, arena, text, known_name, &n, &inner)) {
        return true;
    }
    const char *near = missing.len == 0 ? NULL : near_name(p, arena, missing);
    return near == NULL
               ? ob_yaml_fail(&p->doc, at, err, "%s", inner.text)
               : ob_yaml_fail(&p->doc, at, err, "%s, did you mean '%s'?", inner.text, near);
}

static bool is_variable(const ob_procedure *p, ob_span name)
{
    for (size_t i = 0; i < p->vars_count; i++) {
        if (ob_span_is(p->vars[i].name, name)) {
            return true;
        }
    }
    return ob_span_is_str(name, "input");
}

/* A name that some trial will have a value for. */
static bool see_name(void *ctx, ob_span name, ob_err *err)
{
    const ob_procedure *p = ctx;
    ob_span rest = name;
    ob_span first = name;
    bool dotted = ob_span_find(name, OB_SPAN("."), 0) != SIZE_MAX;
    if (dotted) {
        (void)ob_span_cut(&rest, '.', &first);
    }
    const ob_fixture *fixture = ob_procedure_fixture(p, first);
    bool known = fixture != NULL &&
                 (fixture->kind == OB_FIXTURE_ACTOR
                      ? dotted
                      : !dotted || ob_span_is_str(rest, "a") || ob_span_is_str(rest, "b"));
    known =
        known || (dotted && (ob_span_is_str(first, "input") || ob_span_is_str(first, "service")));
    known = known || ob_span_is_str(name, "trial.tag") || ob_span_is_str(name, "run.id");
    return known || is_variable(p, name) || is_extract(p, name) ||
           ob_fail(err, OB_ERR_INPUT,
                   "'{{%.*s}}' is no fixture, no variable, no input and nothing that the flow "
                   "extracts",
                   OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
}

static bool check_text(const ob_procedure *p, ob_span text, const ob_yaml *at, ob_err *err)
{
    ob_err inner = {0};
    /* The context is only read. */
    return ob_template_names(text, see_name, (void *)(uintptr_t)p, &inner) ||
           ob_yaml_fail(&p->doc, at, err, "%s", inner.text);
}

static bool check_step_texts(const ob_procedure *p, const ob_flow_step *step, ob_err *err)
{
    if (step->kind == OB_STEP_SAY && !check_text(p, step->text, step->at, err)) {
        return false;
    }
    for (size_t i = 0; i < step->values_count; i++) {
        if (!check_text(p, step->values[i].value, step->at, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < step->takes_count; i++) {
        ob_span name = step->takes[i].name;
        if (ob_procedure_fixture(p, name) != NULL || is_variable(p, name)) {
            return ob_yaml_fail(&p->doc, step->takes[i].at, err,
                                "'%.*s' is a fixture or a variable already; extract under another "
                                "name",
                                OB_SHOW(ob_span_sub(name, 0, OB_QUOTE_MAX)));
        }
    }
    return true;
}

/* Texts of our own format are templates; those of other files are taken as they stand. */
static bool check_inputs(const ob_procedure *p, ob_err *err)
{
    const ob_yaml *at = ob_yaml_get(p->doc.root, "inputs");
    for (size_t i = 0; i < p->inputs_count; i++) {
        ob_err inner = {0};
        if (p->inputs[i].literal) {
            continue;
        }
        if (!ob_template_names(p->inputs[i].text, see_name, (void *)(uintptr_t)p, &inner)) {
            return ob_yaml_fail(&p->doc, at == NULL ? p->doc.root : at, err, "input %zu: %s", i + 1,
                                inner.text);
        }
    }
    return true;
}

static bool compile_step(const ob_procedure *p, ob_arena *arena, const ob_flow_step *step,
                         ob_test_step *made, ob_err *err)
{
    const ob_pattern **patterns = OB_NEW(arena, const ob_pattern *, step->takes_count, err);
    if (patterns == NULL || !check_step_texts(p, step, err)) {
        return false;
    }
    for (size_t k = 0; k < step->takes_count; k++) {
        if (step->takes[k].take == OB_TAKE_REGEX &&
            !ob_pattern_new(&patterns[k], arena, step->takes[k].what, err)) {
            ob_err inner = *err;
            return ob_yaml_fail(&p->doc, step->takes[k].at, err, "%s", inner.text);
        }
    }
    made->patterns = patterns;
    return compile_expr(p, arena, step->when, step->at, &made->when, err);
}

/* A planted value must be beyond guessing. */
static bool check_canaries(const ob_procedure *p, ob_err *err)
{
    for (size_t i = 0; i < p->fixtures_count; i++) {
        const ob_fixture *f = &p->fixtures[i];
        if (f->kind != OB_FIXTURE_CANARY) {
            continue;
        }
        ob_err inner = {0};
        double bits = ob_form_bits(f->form, &inner);
        if (inner.kind != OB_OK) {
            return ob_yaml_fail(&p->doc, f->at, err, "%s", inner.text);
        }
        if (bits < 63.9) {
            return ob_yaml_fail(
                &p->doc, f->at, err,
                "a canary needs 64 bits of chance, this form has %.0f; use {{hex:16}}", bits);
        }
    }
    return true;
}

bool ob_test_compile(ob_test *test, ob_arena *arena, const ob_procedure *procedure, ob_err *err)
{
    return ob_test_compile_with(test, arena, procedure, NULL, err);
}

bool ob_test_compile_with(ob_test *test, ob_arena *arena, const ob_procedure *procedure,
                          ob_problems *problems, ob_err *err)
{
    size_t before = problems == NULL ? 0 : problems->count;
    const ob_procedure *p = procedure;
    ob_test made = {.procedure = p};
    ob_oracle_reader reader = {.procedure = p, .arena = arena};
    ob_oracle *oracles = OB_NEW(arena, ob_oracle, p->oracle->count, err);
    ob_test_step *steps = oracles == NULL ? NULL : OB_NEW(arena, ob_test_step, p->flow_count, err);
    if (steps == NULL ||
        (!(check_canaries(p, err) && check_inputs(p, err)) && !ob_problems_take(problems, err))) {
        return false;
    }
    for (size_t i = 0; i < p->oracle->count; i++) {
        if (!ob_oracle_compile(&reader, p->oracle->keys[i].text, &p->oracle->items[i], &oracles[i],
                               err) &&
            !ob_problems_take(problems, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < p->flow_count; i++) {
        if (!compile_step(p, arena, &p->flow[i], &steps[i], err) &&
            !ob_problems_take(problems, err)) {
            return false;
        }
    }
    made.oracles = oracles;
    made.oracles_count = p->oracle->count;
    made.steps = steps;
    if ((!compile_expr(p, arena, p->valid_if, p->valid_at, &made.valid_if, err) &&
         !ob_problems_take(problems, err)) ||
        (!compile_expr(p, arena, p->hit_if, p->hit_at, &made.hit_if, err) &&
         !ob_problems_take(problems, err))) {
        return false;
    }
    if ((problems == NULL || problems->count == before) && !obi_test_check_judge(&made, err) &&
        !ob_problems_take(problems, err)) {
        return false;
    }
    if (problems != NULL && problems->count > before) {
        return false; /* *err is clear: all was told */
    }
    *test = made;
    return true;
}

typedef struct judge {
    const ob_test *test;
    ob_observation *obs;
    ob_judgement *out;
} judge;

static bool truth(void *ctx, ob_span name, bool *value, ob_err *err)
{
    judge *j = ctx;
    for (size_t i = 0; i < j->test->oracles_count; i++) {
        if (ob_span_is(j->test->oracles[i].name, name)) {
            ob_finding finding = {0};
            if (!ob_oracle_look(&j->test->oracles[i], j->obs, &finding, value, err)) {
                return false;
            }
            if (*value && j->out != NULL && j->out->findings_count < OB_FINDINGS_MAX) {
                j->out->findings[j->out->findings_count++] = finding;
            }
            return true;
        }
    }
    *value = ob_observation_find(j->obs, name) != NULL;
    return true;
}

static void cannot_tell(ob_judgement *out, const ob_err *err)
{
    out->result = OB_TRIAL_INVALID;
    out->oracle_failed = true;
    (void)snprintf(out->reason, sizeof out->reason, "%.190s", err->text);
}

bool ob_test_judge(const ob_test *test, ob_observation *obs, ob_judgement *judgement, ob_err *err)
{
    ob_judgement out = {.result = OB_TRIAL_CLEAN};
    judge j = {.test = test, .obs = obs};
    ob_err inner = {0};
    bool value = false;
    obs->asks_judge = NULL;
    if (!ob_expr_eval(test->valid_if, truth, &j, &value, &inner)) {
        cannot_tell(&out, &inner);
    } else if (!value) {
        out.result = OB_TRIAL_INVALID;
        (void)snprintf(out.reason, sizeof out.reason,
                       "the service does not do what is tested here (live control: %.*s)",
                       OB_SHOW(ob_span_sub(test->procedure->valid_if, 0, 120)));
    } else {
        j.out = &out;
        if (!ob_expr_eval(test->hit_if, truth, &j, &value, &inner)) {
            cannot_tell(&out, &inner);
        } else if (value) {
            out.result = OB_TRIAL_HIT;
            (void)ob_shorten(out.reason, sizeof out.reason,
                             out.findings_count > 0 ? out.findings[0].why
                                                    : OB_SPAN("the rule of the procedure holds"));
        } else {
            out.findings_count = 0; /* what did not decide is no finding */
        }
    }
    if (inner.kind == OB_ERR_NOMEM || inner.kind == OB_ERR_BUG) {
        *err = inner;
        return false;
    }
    out.asks = out.oracle_failed ? obs->asks_judge : NULL;
    *judgement = out;
    return true;
}

bool ob_test_when(const ob_test *test, size_t step, ob_observation *obs, bool *go, ob_err *err)
{
    judge j = {.test = test, .obs = obs};
    return ob_expr_eval(test->steps[step].when, truth, &j, go, err);
}

static bool take_json(ob_observation *obs, ob_span name, ob_span json, ob_span pointer, ob_err *err)
{
    if (pointer.len == 0) {
        return ob_observation_name(obs, name, json, err);
    }
    ob_json_doc doc = {0};
    ob_err inner = {0};
    if (!ob_json_parse(&doc, obs->arena, json, &inner)) {
        return true; /* not there: the name stays unset, which valid_if can ask for */
    }
    const ob_json *value = ob_json_at(doc.root, pointer);
    if (value == NULL) {
        return true;
    }
    if (value->kind == OB_JSON_STRING) {
        return ob_observation_name(obs, name, value->text, err);
    }
    OB_AUTO(ob_buf) text = {.max = OB_REPLY_MAX_CEILING};
    ob_json_write(&text, value);
    return ob_buf_check(&text, "a value of a reply", err) &&
           ob_observation_name(obs, name, ob_buf_span(&text), err);
}

static bool take_header(ob_observation *obs, ob_span name, ob_span head, ob_span header,
                        ob_err *err)
{
    ob_span line;
    while (ob_span_cut_line(&head, &line)) {
        ob_span field;
        if (ob_span_cut(&line, ':', &field) && ob_span_is_nocase(field, header)) {
            return ob_observation_name(obs, name, ob_span_trim(line), err);
        }
    }
    return true;
}

bool ob_test_take(const ob_test *test, size_t step, ob_observation *obs, ob_span text, ob_span body,
                  ob_span head, ob_err *err)
{
    const ob_flow_step *flow = &test->procedure->flow[step];
    for (size_t k = 0; k < flow->takes_count; k++) {
        const ob_named_take *take = &flow->takes[k];
        size_t start = 0;
        size_t end = 0;
        bool found = false;
        bool good = true;
        switch (take->take) {
        case OB_TAKE_TEXT:
            good = ob_observation_name(obs, take->name, text, err);
            break;
        case OB_TAKE_REGEX:
            good = ob_pattern_find(test->steps[step].patterns[k], text, 0, &start, &end, &found,
                                   err) &&
                   (!found ||
                    ob_observation_name(obs, take->name, ob_span_sub(text, start, end), err));
            break;
        case OB_TAKE_JSON:
            good = take_json(obs, take->name, flow->kind == OB_STEP_HTTP ? text : body, take->what,
                             err);
            break;
        case OB_TAKE_HEADER:
            good = take_header(obs, take->name, head, take->what, err);
            break;
        }
        if (!good) {
            return false;
        }
    }
    return true;
}
