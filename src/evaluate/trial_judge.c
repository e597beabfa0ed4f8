/* SPDX-License-Identifier: Apache-2.0 */
/* A trial asks its judge: an exchange of its own behind the flow, kept as evidence like all else.
 */
#include "evaluate/judge.h"
#include "evaluate/record.h"
#include "evaluate/trial.h"

/* The answer is named after the extract that it is about, so that the oracle finds it, here and in
 * the stored records. */
static bool keep(ob_trial *t, const ob_reply *reply, ob_err *err)
{
    char name[OB_JUDGE_NAME_MAX];
    bool lost = reply->lost != OB_LOST_NONE;
    ob_seen seen = {.kind = OB_SPAN("judge"),
                    .sent = t->call.say,
                    .text = lost ? reply->body : reply->text,
                    .body = reply->body,
                    .head = reply->head,
                    .lost = ob_span_str(ob_lost_names[reply->lost]),
                    .status = reply->status,
                    .first_byte_ms = reply->first_byte_ms,
                    .first_token_ms = reply->first_token_ms,
                    .max_gap_ms = reply->max_gap_ms,
                    .total_ms = reply->total_ms,
                    .attempt_id = reply->attempt_id,
                    .step = t->step};
    ob_judge_name(t->judgement.asks->in[0], name);
    return ob_observation_add(&t->obs, &seen, err) &&
           (lost || ob_observation_name(&t->obs, ob_span_str(name), seen.text, err)) &&
           obi_record_turn(t->e, t->family, t->number, t->attempt, &t->obs, reply, err);
}

static void on_judged(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    if (!keep(t, reply, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    t->phase = t->before_judge;
    if (reply->lost != OB_LOST_NONE) {
        char reason[200];
        (void)snprintf(reason, sizeof reason, "no answer of the judge (%s): %.140s",
                       ob_lost_names[reply->lost], reply->why);
        obi_trial_invalid(t, reason);
        return;
    }
    obi_trial_go_on(t);
}

bool obi_trial_ask_judge(ob_trial *t, void (*done)(void *ctx, const ob_reply *reply), ob_err *err)
{
    const ob_named *named = ob_observation_find(&t->obs, t->judgement.asks->in[0]);
    OB_AUTO(ob_buf) system = {.max = OB_INPUT_FILE_MAX * 2};
    OB_AUTO(ob_buf) question = {.max = OB_JUDGE_REPLY_MAX * 2};
    char mark[OB_JUDGE_MARK + 1];
    char label[32];
    ob_rng rng;
    if (OB_NEVER(named == NULL || t->family->rubric == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "a judge is asked about nothing");
    }
    /* Of the run's secret key, so that no reply can know its mark; another one for each question.
     */
    (void)snprintf(label, sizeof label, "judge %u", t->judged++);
    if (!ob_engine_rng(t->e, t->family, t->number, t->attempt, label, &rng, err)) {
        return false;
    }
    ob_judge_mark_make(&rng, mark);
    ob_judge_instructions(t->family->rubric, &system);
    ob_judge_question(ob_span_str(mark), named->value, &question);
    t->call = (ob_call){.kind = "judge", .vars = &t->obs.vars, .owner = t, .done = done, .ctx = t};
    t->call_actor = NULL;
    t->call_session = NULL;
    t->arrived = on_judged;
    return ob_buf_check(&system, "a judge's prompt", err) &&
           ob_buf_check(&question, "a judge's question", err) &&
           ob_arena_dup(&t->arena, ob_buf_span(&system), &t->call.system, err) &&
           ob_arena_dup(&t->arena, ob_buf_span(&question), &t->call.say, err) &&
           ob_client_send(&t->e->judge, &t->call, err);
}
