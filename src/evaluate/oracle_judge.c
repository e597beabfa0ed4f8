/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge: what a language model says of a reply by a rubric. The answer is part of the observation:
 * when it is not there yet, the oracle says so in the observation, the trial asks the judge, and
 * the oracle looks again. An answer holds for the very text that it was given for.
 */
#include "evaluate/judge.h"

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    static const char *const keys[] = {"rubric"};
    const ob_yaml_doc *doc = &r->procedure->doc;
    const ob_yaml *map = ob_yaml_get(node, "judge");
    const ob_yaml *at = NULL;
    ob_span *data = OB_NEW(r->arena, ob_span, 1, err);
    oracle->data = data;
    if (data == NULL || !ob_yaml_known(doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(doc, map, "rubric", &at, err) ||
        !ob_yaml_text(doc, map, "rubric", data, err)) {
        return false;
    }
    return oracle->in_count == 1 ||
           ob_yaml_fail(doc, ob_yaml_get(node, "in"), err,
                        "a judge looks at one extract; write an oracle for each");
}

/* The question that was answered is about just this text. */
static bool is_about(const ob_observation *obs, const ob_named *answer, ob_span text, ob_span mark,
                     bool *same, ob_err *err)
{
    OB_AUTO(ob_buf) question = {.max = OB_JUDGE_REPLY_MAX * 2};
    ob_judge_question(mark, text, &question);
    *same = mark.len > 0 && ob_span_is(ob_buf_span(&question), obs->turns[answer->turn].sent);
    return ob_buf_check(&question, "a judge's question", err);
}

static bool look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err)
{
    const ob_named *named = ob_oracle_in(oracle, obs, 0);
    char name[OB_JUDGE_NAME_MAX];
    ob_judge_answer said = {0};
    bool same = false;
    *hit = false;
    if (named == NULL) {
        return true; /* there is no reply to be judged */
    }
    if (named->value.len > OB_JUDGE_REPLY_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "the reply has %zu bytes and a judge is given %zu",
                       named->value.len, OB_JUDGE_REPLY_MAX);
    }
    ob_judge_name(named->name, name);
    const ob_named *answer = ob_observation_find(obs, ob_span_str(name));
    ob_span mark =
        answer == NULL ? (ob_span){"", 0} : ob_judge_mark_of(obs->turns[answer->turn].sent);
    if (answer != NULL && !is_about(obs, answer, named->value, mark, &same, err)) {
        return false;
    }
    if (!same) {
        obs->asks_judge = oracle;
        return ob_fail(err, OB_ERR_PEER, "no judge was asked about the reply");
    }
    if (!ob_judge_answer_read(&said, obs->arena, answer->value, mark, err)) {
        return false;
    }
    *hit = said.hit;
    return !said.hit || ob_finding_set(finding, obs, named, 0, named->value.len, err,
                                       "the judge says of the reply: %.*s",
                                       OB_SHOW(ob_span_sub(said.why, 0, 300)));
}

bool ob_oracle_has_judge(const ob_oracle *oracle)
{
    size_t count = 0;
    const ob_oracle *parts = obi_oracle_parts(oracle, &count);
    bool has = strcmp(oracle->row->id, "judge") == 0;
    for (size_t i = 0; i < count; i++) {
        has = has || ob_oracle_has_judge(&parts[i]);
    }
    return has;
}

static const char *const judge_keys[] = {"judge"};
const ob_oracle_row ob_oracle_row_judge = {
    "judge", "A language model judges the reply by a rubric", "judge", judge_keys, 1, true, compile,
    look};
