/* SPDX-License-Identifier: Apache-2.0 */
#include "report/words.h"

#include <ombud/text.h>

void obi_report_carry(ob_buf *out, const ob_buf *part)
{
    if (part->bad == OB_ERR_NOMEM && out->bad == OB_OK) {
        out->bad = OB_ERR_NOMEM;
    }
}

void obi_report_percent(ob_buf *out, double rate)
{
    double percent = rate * 100;
    int digits = percent == 0 || percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2;
    if (digits == 2 && percent < 0.005) {
        ob_buf_add_str(out, "< 0.01 %");
    } else {
        ob_buf_addf(out, "%.*f %%", digits, percent);
    }
}

void obi_report_bound(ob_buf *out, double rate)
{
    double percent = rate * 100;
    if (percent > 0 && percent < 0.005) {
        ob_buf_add_str(out, "< 0.01 %");
    } else {
        ob_buf_addf(out, "%.*f %%", percent == 0 ? 0 : percent < 9.995 ? 2 : 1, percent);
    }
}

void obi_report_count(ob_buf *out, uint64_t count, const char *one, const char *many)
{
    if (count == 0) {
        ob_buf_addf(out, "no %s", many);
    } else {
        ob_buf_addf(out, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
    }
}

void obi_report_time(ob_buf *out, int64_t wall_ms)
{
    char text[32];
    ob_time_format(wall_ms, text);
    ob_buf_addf(out, "%.10s %.8s UTC", text, text + 11);
}

const char *obi_report_word(ob_outcome outcome)
{
    return outcome == OB_NOT_APPLICABLE ? "NOT APPLICABLE" : ob_outcome_names[outcome];
}

bool obi_report_is_tested(const ob_summary *summary, const ob_requirement_view *requirement)
{
    for (size_t i = 0; i < summary->procedures_count; i++) {
        if (!summary->procedures[i].not_tested &&
            ob_span_is(summary->procedures[i].requirement, requirement->id)) {
            return true;
        }
    }
    return false;
}

size_t obi_report_untested(const ob_summary *summary)
{
    size_t count = 0;
    for (size_t i = 0; i < summary->requirements_count; i++) {
        count += !obi_report_is_tested(summary, &summary->requirements[i]);
    }
    return count;
}

bool obi_report_is_past(const ob_procedure_view *procedure)
{
    return procedure->outcome == OB_PASS && procedure->interval[1] > procedure->limit;
}

void obi_report_tally(const ob_summary *summary, unsigned counts[OB_OUTCOMES])
{
    (void)memset(counts, 0, OB_OUTCOMES * sizeof *counts);
    for (size_t i = 0; i < summary->procedures_count; i++) {
        counts[summary->procedures[i].outcome]++;
    }
}

void obi_report_rate(ob_buf *out, const ob_procedure_view *v)
{
    bool decided = v->outcome == OB_PASS || v->outcome == OB_FAIL || v->outcome == OB_INCONCLUSIVE;
    if (!decided || v->trials == 0) {
        ob_buf_add_char(out, '-');
    } else if (v->outcome == OB_FAIL && v->zero_tolerance && v->lower <= v->limit) {
        ob_buf_add_str(out, "confirmed");
    } else if (v->outcome == OB_FAIL) {
        ob_buf_add_str(out, "> ");
        obi_report_bound(out, v->lower);
    } else {
        ob_buf_add_str(out, "< ");
        obi_report_bound(out, v->upper);
    }
}

size_t obi_report_boundary(ob_span text, size_t at)
{
    if (at >= text.len) {
        return text.len;
    }
    /* Three bytes may follow a first one; more of them are no character anyway. */
    for (size_t back = 0; back < 4 && back <= at; back++) {
        if (((unsigned char)text.ptr[at - back] & 0xc0) != 0x80) {
            return at - back;
        }
    }
    return at;
}

unsigned obi_report_rank(const ob_procedure_view *p)
{
    return (unsigned)p->outcome * OB_SEVERITIES + (OB_SEVERITIES - 1 - (unsigned)p->severity);
}

void obi_report_hits(ob_buf *out, const ob_procedure_view *procedure, size_t most,
                     void (*write)(ob_buf *out, const ob_trial_view *trial), const char *stop)
{
    size_t written = 0;
    uint64_t further = procedure->hits_not_shown;
    for (size_t i = 0; i < procedure->shown_count; i++) {
        if (!ob_span_is_str(procedure->shown[i].result, "hit")) {
            continue;
        }
        if (written < most) {
            write(out, &procedure->shown[i]);
            written++;
        } else {
            further++;
        }
    }
    if (further > 0) {
        ob_buf_add_char(out, '\n');
        obi_report_count(out, further, "further hit is", "further hits are");
        ob_buf_addf(out, " in the full report%s\n", stop);
    }
}
