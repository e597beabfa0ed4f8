/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run whose every text is the input, cut in two at its middle, gives well-formed XML of our own
 * elements and Markdown whose every mark is ours; so does the comparison of two such runs.
 */
#include "report/diff.h"
#include "report/report.h"
#include "strict_text.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const ob_summary *s, const char *id, const char *(*read)(ob_span text))
{
    OB_AUTO(ob_buf) out = {.max = (size_t)64 << 20};
    ob_err err = {0};
    const ob_report_writer *writer = ob_report_writer_find(ob_span_str(id));
    if (writer == NULL || !writer->write(s, &out, &err)) {
        abort();
    }
    const char *bad = read(ob_buf_span(&out));
    if (bad != NULL) {
        (void)fprintf(stderr, "%s: %s\n", id, bad);
        abort();
    }
}

/* The comparison of a run with itself, with a row of each change. */
static void check_diff(const ob_summary *s, const ob_trial_view *trial, ob_span a, ob_span b)
{
    OB_AUTO(ob_buf) out = {.max = (size_t)64 << 20};
    ob_err err = {0};
    ob_diff_finding finding = {.trial = *trial, .why = "the same trial was clean before"};
    ob_diff_procedure procedures[OB_CHANGES];
    const ob_requirement_view requirement = {.id = a};
    const ob_requirement_view *list[] = {&requirement, &requirement};
    for (unsigned i = 0; i < OB_CHANGES; i++) {
        procedures[i] = (ob_diff_procedure){.id = i % 2 == 0 ? a : b,
                                            .before = i == 3 ? NULL : &s->procedures[1],
                                            .now = i == 2 ? NULL : &s->procedures[0],
                                            .paired = i < 2,
                                            .not_paired = i < 2 ? NULL : "it was not run",
                                            .fresh = {&finding, 1, 1},
                                            .gone = {&finding, 1, 4},
                                            .change = (ob_change)i,
                                            .statement = b};
    }
    ob_diff diff = {.before = *s,
                    .now = *s,
                    .alpha = 0.05,
                    .settings = {{"seed", a, b, true}, {"tool", b, a, false}},
                    .settings_count = 2,
                    .procedures = procedures,
                    .procedures_count = OB_CHANGES,
                    .lost = list,
                    .lost_count = 2,
                    .gained = list,
                    .gained_count = 1};
    if (!ob_diff_markdown(&diff, &out, &err)) {
        abort();
    }
    const char *bad = strict_markdown(ob_buf_span(&out));
    if (bad != NULL) {
        (void)fprintf(stderr, "comparison: %s\n", bad);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span all = {(const char *)data, size};
    ob_span a = ob_span_sub(all, 0, size / 2);
    ob_span b = ob_span_sub(all, size / 2, size);
    ob_turn_view turns[] = {{.actor = a, .kind = OB_SPAN("say"), .sent = b, .reply = all},
                            {.actor = b, .kind = a, .sent = all, .reply = a, .session = b}};
    ob_trial_view trial = {.result = OB_SPAN("hit"),
                           .reason = all,
                           .input = b,
                           .reruns = 1,
                           .turns = turns,
                           .turns_count = OB_COUNT(turns)};
    ob_pillar_view pillar = {.id = b, .title = a, .outcome = OB_FAIL};
    ob_procedure_view procedures[OB_OUTCOMES];
    for (unsigned i = 0; i < OB_OUTCOMES; i++) {
        procedures[i] = (ob_procedure_view){.id = i % 2 == 0 ? a : b,
                                            .title = all,
                                            .requirement = b,
                                            .requirement_title = a,
                                            .pillar = i < 3 ? b : a,
                                            .outcome = (ob_outcome)i,
                                            .reason = i == 0 ? all : b,
                                            .statement = a,
                                            .trials = 3,
                                            .hits = 1,
                                            .limit = 0.05,
                                            .shown = &trial,
                                            .shown_count = 1};
    }
    ob_span list[] = {a, b};
    ob_summary s = {.outcome = OB_FAIL,
                    .run = {.state = "running"},
                    .tool = a,
                    .service = all,
                    .address = b,
                    .profile = a,
                    .seed = b,
                    .chain = a,
                    .time_scale = 2,
                    .level = 1,
                    .left_behind = list,
                    .left_behind_count = 2,
                    .deviations = list,
                    .deviations_count = 2,
                    .pillars = &pillar,
                    .pillars_count = 1,
                    .procedures = procedures,
                    .procedures_count = OB_OUTCOMES};
    check(&s, "junit", strict_xml);
    check(&s, "markdown", strict_markdown);
    check_diff(&s, &trial, a, b);
    return 0;
}
