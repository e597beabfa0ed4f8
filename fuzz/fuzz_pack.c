/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack: a procedure, the files that it reads its inputs from, and a reply, all in one input with
 * lines "=== NAME" between them. It goes the way of a run without a service: read, compiled, its
 * controls judged, trials chosen and encoded, and the reply looked at by every oracle.
 *
 * Whatever it holds: a mistake is told with a place inside the file; the same trial is chosen twice
 * alike; its parts are its text; the same observation is judged twice alike, and a finding lies
 * inside the reply.
 */
#include "evaluate/engine.h"
#include "evaluate/form.h"

#include "fuzz.h"
#include "scratch.h"

#define FILES_MAX 4
#define TRIALS    6

static const char mark[] = "\n=== ";

static struct pack {
    char folder[SCRATCH_MAX];
    ob_span procedure;
    ob_span reply;
    char names[FILES_MAX][64];
    size_t count;
} pack;

static void path_of(const char *name, char out[SCRATCH_FILE_MAX])
{
    int length = snprintf(out, SCRATCH_FILE_MAX, "%s/%s", pack.folder, name);
    hold(length > 0 && length < SCRATCH_FILE_MAX);
}

static void write_file(const char *name, ob_span text)
{
    char path[SCRATCH_FILE_MAX];
    path_of(name, path);
    FILE *file = fopen(path, "wb");
    hold(file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len && fclose(file) == 0);
}

/* Letters, digits, dots and dashes: a name that stays in the folder. */
static bool is_plain(ob_span name)
{
    bool good = name.len > 0 && name.len < 40 && name.ptr[0] != '.';
    for (size_t i = 0; good && i < name.len; i++) {
        char c = name.ptr[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }
    return good;
}

static void unpack(ob_span text)
{
    size_t at = ob_span_find(text, OB_SPAN(mark), 0);
    pack.procedure = ob_span_sub(text, 0, at);
    pack.reply = OB_SPAN("");
    pack.count = 0;
    while (at != SIZE_MAX) {
        ob_span rest = ob_span_sub(text, at + sizeof mark - 1, text.len);
        ob_span name = {0};
        size_t next = ob_span_find(rest, OB_SPAN(mark), 0);
        at = next == SIZE_MAX ? SIZE_MAX : text.len - rest.len + next;
        rest = ob_span_sub(rest, 0, next);
        if (!ob_span_cut_line(&rest, &name) || !is_plain(name)) {
            continue;
        }
        if (ob_span_is_str(name, "reply")) {
            pack.reply = rest;
        } else if (pack.count < FILES_MAX && !ob_span_is_str(name, "f.yaml")) {
            char *copy = pack.names[pack.count++];
            (void)snprintf(copy, sizeof pack.names[0], "%.*s", OB_SHOW(name));
            write_file(copy, rest);
        }
    }
    write_file("f.yaml", pack.procedure);
}

static void check_refusal(const ob_err *err)
{
    hold(err->kind == OB_ERR_INPUT || err->kind == OB_ERR_LIMIT || err->kind == OB_ERR_IO);
    hold(err->text[0] != '\0');
    hold_place(err, "/f.yaml", pack.procedure);
}

static void on_problem(void *ctx, const char *text)
{
    ob_err err = {.kind = OB_ERR_INPUT};
    size_t *told = ctx;
    (*told)++;
    (void)snprintf(err.text, sizeof err.text, "%s", text);
    check_refusal(&err);
}

static void check_choice(const ob_choice *choice, const ob_choice *again)
{
    OB_AUTO(ob_buf) joined = {.max = choice->text.len + 1};
    hold(choice->input_index == again->input_index && choice->parts == again->parts);
    hold(ob_span_is(choice->coding, again->coding) && ob_span_is(choice->text, again->text));
    hold(choice->parts >= 1);
    for (unsigned part = 0; part < choice->parts; part++) {
        ob_buf_add(&joined, ob_choice_part(choice->text, part, choice->parts));
    }
    hold(ob_span_is(ob_buf_span(&joined), choice->text));
}

static void choose(const ob_procedure *p, const ob_vars *vars, ob_arena *arena)
{
    const ob_engine engine = {.seed = OB_SPAN("fuzz"), .key = "00ff"};
    ob_err err = {0};
    uint32_t *order = OB_NEW(arena, uint32_t, p->inputs_count, &err);
    if (order == NULL) {
        hold(err.kind == OB_ERR_LIMIT);
        return;
    }
    for (size_t i = 0; i < p->inputs_count; i++) {
        order[i] = (uint32_t)i;
    }
    const ob_family family = {.procedure = p, .order = order};
    for (int64_t number = 0; number < TRIALS; number++) {
        OB_AUTO(ob_arena) scratch = {0};
        ob_vars own = {.outer = vars, .arena = &scratch};
        ob_choice choice = {0};
        ob_choice again = {0};
        if (!ob_choice_make(&engine, &family, number, vars, &scratch, &choice, &err)) {
            hold(err.kind == OB_ERR_INPUT || err.kind == OB_ERR_LIMIT);
            continue;
        }
        hold(ob_choice_make(&engine, &family, number, vars, &scratch, &again, &err));
        check_choice(&choice, &again);
        if (!choice.late && !ob_choice_fields(&choice, &own, &err)) {
            hold(err.kind == OB_ERR_INPUT || err.kind == OB_ERR_LIMIT);
        }
    }
}

static bool set_names(const ob_procedure *p, ob_vars *vars, ob_err *err)
{
    bool good = ob_vars_set(vars, OB_SPAN("input"), OB_SPAN("Hello"), false, err) &&
                ob_vars_set(vars, OB_SPAN("trial.tag"), OB_SPAN("f-1"), false, err) &&
                ob_vars_set(vars, OB_SPAN("run.id"), OB_SPAN("f"), false, err);
    for (size_t i = 0; good && i < p->vars_count; i++) {
        good = ob_vars_set(vars, p->vars[i].name, p->vars[i].value, false, err);
    }
    for (size_t i = 0; good && i < p->fixtures_count; i++) {
        if (p->fixtures[i].kind == OB_FIXTURE_CANARY) {
            good =
                ob_vars_set(vars, p->fixtures[i].name, OB_SPAN("OMB-00ff00ff00ff00ff"), false, err);
        }
    }
    return good;
}

/* As if every step had been answered with the reply. */
static bool observe(const ob_test *test, ob_observation *obs, ob_err *err)
{
    static const char head[] = "HTTP/1.1 200 OK\nContent-Type: text/html\nX-Id: 7\n\n";
    const ob_procedure *p = test->procedure;
    bool good = true;
    for (size_t i = 0; good && i < p->flow_count; i++) {
        const ob_flow_step *step = &p->flow[i];
        bool go = false;
        ob_seen seen = {.actor = step->actor,
                        .session = step->session,
                        .kind = step->kind == OB_STEP_HTTP ? step->text : OB_SPAN("say"),
                        .sent = OB_SPAN("Hello OMB-00ff00ff"),
                        .text = pack.reply,
                        .body = pack.reply,
                        .head = OB_SPAN(head),
                        .lost = OB_SPAN("none"),
                        .status = 200,
                        .first_byte_ms = 3,
                        .first_token_ms = 4,
                        .max_gap_ms = 5,
                        .total_ms = 6,
                        .step = i};
        ob_err ignored = {0};
        hold(ob_test_when(test, i, obs, &go, &ignored) || ignored.text[0] != '\0');
        good = ob_observation_add(obs, &seen, err) &&
               ob_test_take(test, i, obs, pack.reply, pack.reply, OB_SPAN(head), err);
    }
    return good;
}

static void judge(const ob_test *test, ob_observation *obs)
{
    ob_judgement one = {0};
    ob_judgement two = {0};
    ob_err err = {0};
    hold(ob_test_judge(test, obs, &one, &err) && ob_test_judge(test, obs, &two, &err));
    hold(one.result == two.result && one.findings_count == two.findings_count);
    hold(strcmp(one.reason, two.reason) == 0 && one.findings_count <= OB_FINDINGS_MAX);
    for (size_t i = 0; i < one.findings_count; i++) {
        const ob_finding *f = &one.findings[i];
        hold(f->start == two.findings[i].start && f->end == two.findings[i].end);
        hold(f->turn == OB_TURN_NONE || f->turn < obs->turns_count);
        hold(f->turn == OB_TURN_NONE ||
             (f->start <= f->end && f->end <= obs->turns[f->turn].text.len));
        hold(f->oracle.len > 0 && f->why.len > 0);
    }
    hold(one.result != OB_TRIAL_INVALID || one.reason[0] != '\0');
}

/* One for all inputs: rules are compiled once. */
static ob_screen screen;

static void execute(const ob_procedure *p, ob_arena *arena)
{
    size_t told = 0;
    ob_problems problems = {.tell = on_problem, .ctx = &told};
    ob_test test = {0};
    ob_err err = {0};
    ob_kb kb = {0};
    OB_AUTO(ob_observation)
    obs = {.arena = arena, .vars = {.arena = arena}, .kb = &kb, .time_scale = 1, .screen = &screen};
    if (!ob_test_compile(&test, arena, p, &err)) {
        check_refusal(&err);
        return;
    }
    hold(test.procedure == p && test.hit_if != NULL);
    hold(ob_test_controls(&test, &problems, &err) && told == problems.count);
    if (!set_names(p, &obs.vars, &err) || !ob_kb_read(&kb, arena, pack.reply, &err)) {
        hold(err.kind == OB_ERR_LIMIT || err.kind == OB_ERR_PEER || err.kind == OB_ERR_INPUT);
        return;
    }
    choose(p, &obs.vars, arena);
    if (!observe(&test, &obs, &err)) {
        hold(err.kind == OB_ERR_LIMIT || err.kind == OB_ERR_INPUT || err.kind == OB_ERR_PEER);
        return;
    }
    judge(&test, &obs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SCRATCH_FILE_MAX];
    if (pack.folder[0] == '\0') {
        hold(scratch_make(pack.folder) == 0);
    }
    unpack((ob_span){(const char *)data, size});
    path_of("f.yaml", path);
    {
        OB_AUTO(ob_arena) arena = {0};
        ob_procedure one = {0};
        ob_procedure two = {0};
        ob_err err = {0};
        ob_err again = {0};
        if (ob_procedure_load(&one, &arena, pack.folder, NULL, path, NULL, &err)) {
            hold(ob_procedure_load(&two, &arena, pack.folder, NULL, path, NULL, &again));
            hold(memcmp(&one.digest, &two.digest, sizeof one.digest) == 0);
            hold(one.inputs_count == two.inputs_count && one.inputs_count > 0);
            execute(&one, &arena);
        } else {
            check_refusal(&err);
            hold(one.doc.root == NULL);
        }
    }
    for (size_t i = 0; i < pack.count; i++) {
        char name[SCRATCH_FILE_MAX];
        path_of(pack.names[i], name);
        (void)unlink(name);
    }
    hold(unlink(path) == 0);
    return 0;
}
