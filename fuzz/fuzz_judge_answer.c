/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a judge's answer: a verdict with the mark of the question, or a sentence that says why
 * it is none. The first line is the mark that was asked with. */
#include "evaluate/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) question = {.max = size + 1000};
    ob_span rest = {(const char *)data, size};
    ob_span mark = {"", 0};
    ob_judge_answer answer = {0};
    ob_err err = {0};
    (void)ob_span_cut(&rest, '\n', &mark);
    ob_span text = rest.ptr == NULL ? (ob_span){"", 0} : rest;
    ob_judge_question(mark, text, &question);
    ob_span asked = ob_judge_mark_of(ob_buf_span(&question));
    if (!ob_span_has_prefix(mark, asked)) {
        abort();
    }
    if (!ob_judge_answer_read(&answer, &arena, text, mark, &err)) {
        if (err.kind != OB_ERR_PEER || err.text[0] == '\0') {
            abort();
        }
        return 0;
    }
    /* What is taken for an answer names a whole mark and one of the two verdicts. */
    if (mark.len != OB_JUDGE_MARK || asked.len == 0 || answer.why.len > OB_JUDGE_WHY_MAX ||
        text.len < OB_JUDGE_MARK) {
        abort();
    }
    return 0;
}
