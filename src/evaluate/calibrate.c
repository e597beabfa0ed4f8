/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring a judge: each labelled reply is asked about just as a trial would ask. */
#include "evaluate/calibration.h"
#include "evaluate/judge.h"

typedef struct measure {
    const ob_calibrate_options *o;
    ob_client client;
    ob_arena *arena;
    ob_buf instructions;
    ob_vars vars;
    ob_calibrate_result *result;
    size_t done;
    ob_err err; /* of the first reply that got no answer */
} measure;

typedef struct asked {
    measure *m;
    size_t item;
    char mark[OB_JUDGE_MARK + 1];
} asked;

static void count(measure *m, size_t item, ob_labelled how)
{
    const ob_rubric_item *it = &m->o->rubric->items[item];
    ob_calibrated *f = &m->result->figures;
    m->result->labelled[item] = how;
    f->hits += it->hit;
    f->clean += !it->hit;
    f->hits_right += it->hit && how == OB_LABELLED_RIGHT;
    f->clean_right += !it->hit && how == OB_LABELLED_RIGHT;
    f->unusable += how == OB_LABELLED_UNUSABLE;
}

/* Nothing came back at all, so nothing was measured. An error page is an answer, if a useless one.
 */
static bool unanswered(ob_lost lost)
{
    return lost == OB_LOST_CONNECT || lost == OB_LOST_SCOPE || lost == OB_LOST_BUDGET ||
           lost == OB_LOST_STOPPED;
}

static void note_example(measure *m, const char *why)
{
    if (m->result->example[0] == '\0') {
        (void)snprintf(m->result->example, sizeof m->result->example, "%.190s", why);
    }
}

static void on_answer(void *ctx, const ob_reply *reply)
{
    asked *a = ctx;
    measure *m = a->m;
    ob_judge_answer answer = {0};
    ob_err err = {0};
    if (unanswered(reply->lost)) {
        if (m->err.kind == OB_OK) {
            (void)ob_fail(&m->err, OB_ERR_PEER, "the judge gave no answer: %s", reply->why);
            ob_client_stop(&m->client);
        }
        return;
    }
    ob_labelled how = OB_LABELLED_UNUSABLE;
    if (reply->lost != OB_LOST_NONE) {
        note_example(m, reply->why);
    } else if (!ob_judge_answer_read(&answer, m->arena, reply->text, ob_span_str(a->mark), &err)) {
        note_example(m, err.text);
    } else {
        how =
            answer.hit == m->o->rubric->items[a->item].hit ? OB_LABELLED_RIGHT : OB_LABELLED_WRONG;
    }
    count(m, a->item, how);
    m->done++;
    if (m->o->progress != NULL) {
        m->o->progress(m->o->progress_ctx, m->done, m->o->rubric->items_count);
    }
}

static void on_stop(void *ctx)
{
    measure *m = ctx;
    if (m->err.kind == OB_OK) {
        (void)ob_fail(&m->err, OB_ERR_CANCELLED, "interrupted");
    }
    ob_client_stop(&m->client);
}

static bool send_one(measure *m, size_t item, ob_rng *marks, ob_err *err)
{
    OB_AUTO(ob_buf) question = {.max = OB_JUDGE_REPLY_MAX * 2};
    asked *a = OB_NEW(m->arena, asked, 1, err);
    ob_call call = {.kind = "judge",
                    .system = ob_buf_span(&m->instructions),
                    .vars = &m->vars,
                    .done = on_answer,
                    .ctx = a};
    if (a == NULL) {
        return false;
    }
    *a = (asked){.m = m, .item = item};
    ob_judge_mark_make(marks, a->mark);
    ob_judge_question(ob_span_str(a->mark), m->o->rubric->items[item].text, &question);
    return ob_buf_check(&question, "a judge's question", err) &&
           ob_arena_dup(m->arena, ob_buf_span(&question), &call.say, err) &&
           ob_client_send(&m->client, &call, err);
}

static bool send_all(measure *m, ob_err *err)
{
    size_t all = m->o->rubric->items_count;
    size_t *order = OB_NEW(m->arena, size_t, all, err);
    ob_digest secret = {{0}};
    ob_rng turns;
    ob_rng marks;
    if (order == NULL || !ob_random(secret.bytes, sizeof secret.bytes, err) ||
        !ob_rng_init(&turns, m->o->seed, OB_SPAN("labelled"), err) ||
        !ob_rng_init(&marks, (ob_span){(const char *)secret.bytes, sizeof secret.bytes},
                     OB_SPAN("marks"), err)) {
        return false;
    }
    for (size_t i = 0; i < all; i++) {
        size_t k = (size_t)ob_rng_below(&turns, i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    for (size_t i = 0; i < all; i++) {
        if (!send_one(m, order[i], &marks, err)) {
            return false;
        }
    }
    return true;
}

static bool measure_all(measure *m, ob_err *err)
{
    ob_client_options options = {.service = &m->o->judge->service,
                                 .scope = m->o->scope,
                                 .secrets = m->o->secrets,
                                 .hooks = {.ctx = m, .stopping = on_stop},
                                 .run = "judge",
                                 .stop_fd = m->o->stop_fd,
                                 .log = m->o->log,
                                 .helper = true};
    if (!ob_client_open(&m->client, &options, err)) {
        return ob_wrap(err, "the judge");
    }
    bool good = send_all(m, err) && ob_client_run(&m->client, err);
    ob_client_close(&m->client);
    if (good && m->err.kind != OB_OK) {
        *err = m->err;
        return false;
    }
    return good;
}

bool ob_calibrate(const ob_calibrate_options *options, ob_arena *arena, ob_calibrate_result *result,
                  ob_err *err)
{
    ob_calibrate_result made = {.figures = {.rubric = options->rubric->id}};
    measure m = {.o = options,
                 .arena = arena,
                 .instructions = {.max = OB_INPUT_FILE_MAX * 2},
                 .vars = {.arena = arena},
                 .result = &made};
    made.labelled = OB_NEW(arena, ob_labelled, options->rubric->items_count, err);
    ob_judge_instructions(options->rubric, &m.instructions);
    bool good = made.labelled != NULL && ob_buf_check(&m.instructions, "a judge's prompt", err) &&
                ob_calibrated_digests(options->rubric, arena, &made.figures, err) &&
                measure_all(&m, err);
    ob_buf_fini(&m.instructions);
    if (good) {
        *result = made;
    }
    return good;
}
