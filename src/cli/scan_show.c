/* SPDX-License-Identifier: Apache-2.0 */
/* How findings of ombud scan look: a table for people, JSON for programs. */
#include "cli/scan.h"

#include "report/paper.h"

#include <ombud/decode.h>

#include <unistd.h>

#define PLACE_WIDTH 28
#define KIND_WIDTH  18
#define VALUE_WIDTH 26
/* From so many characters on the first and the last one are shown: they tell a reader which value
 * it is and nobody else what it is. */
#define LONG_VALUE 12
#define STARS_MAX  16

void ob_scan_count(ob_scan_job *job, const ob_hit *hit)
{
    job->hits++;
    job->hits_of_kind[hit->kind]++;
    job->failed = job->failed || hit->score >= job->fail_on;
}

static const char *const check_words[] = {"failed", "none", "passed"};

static double odds(int hundredths)
{
    return (double)hundredths / 100;
}

static void add_explain(const ob_hit *hit, ob_buf *out)
{
    OB_AUTO(ob_buf) steps = {.max = 1024};
    ob_steps_show(hit->steps, &steps);
    ob_buf_addf(out, ",\"explain\":{\"check\":\"%s\",\"prior\":%.2f,\"cue\":%.2f,\"near\":%.2f,",
                check_words[hit->check], odds(hit->prior), odds(hit->cue), odds(hit->near_));
    ob_buf_add_str(out, "\"steps\":");
    ob_buf_add_json(out, ob_buf_span(&steps));
    const char *name = NULL;
    bool any = false;
    for (unsigned i = 0; (name = ob_hit_technique_name(i)) != NULL; i++) {
        if ((hit->techniques >> i & 1) != 0) {
            ob_buf_addf(out, "%s\"%s\"", any ? "," : ",\"techniques\":[", name);
            any = true;
        }
    }
    ob_buf_add_str(out, any ? "]}" : "}");
}

void ob_scan_json(const ob_scan_job *job, const ob_hit *hit, ob_buf *out)
{
    const ob_hit_kind *kind = ob_detector_kind(job->detector, hit->kind);
    ob_buf_addf(out, "{\"start\":%llu,\"end\":%llu,\"class\":\"%s\",\"kind\":",
                (unsigned long long)hit->start, (unsigned long long)hit->end,
                ob_hit_class_name(kind->class_));
    ob_buf_add_json(out, ob_span_str(kind->id));
    ob_buf_addf(out, ",\"score\":%u.%02u,\"rule\":", hit->score / 100u, hit->score % 100u);
    ob_buf_add_json(out, ob_span_str(hit->rule));
    if (job->explain) {
        add_explain(hit, out);
    }
    ob_buf_add_char(out, '}');
}

/* The value with stars in place of what nobody else needs to know. */
static void add_masked(ob_span value, ob_buf *out)
{
    size_t count = 0;
    size_t first = 0; /* bytes of the first character */
    size_t last = 0;  /* where the last one begins */
    size_t at = 0;
    uint32_t rune = 0;
    for (size_t start = 0; ob_utf8_next(value, &at, &rune); start = at) {
        first = count == 0 ? at : first;
        last = start;
        count++;
    }
    size_t stars = count < LONG_VALUE ? count : count - 2;
    bool ends = count >= LONG_VALUE;
    ob_buf_add(out, ends ? ob_span_sub(value, 0, first) : (ob_span){0});
    for (size_t i = 0; i < stars && i < STARS_MAX; i++) {
        ob_buf_add_char(out, '*');
    }
    ob_buf_add(out, ends ? ob_span_sub(value, last, value.len) : (ob_span){0});
}

/* How a passage begins: with a word that speaks for it, so it is nobody's secret. */
static void add_begin(ob_span value, ob_buf *out)
{
    size_t end = 0;
    uint32_t rune = 0;
    for (size_t at = 0, count = 0; count < 12 && ob_utf8_next(value, &at, &rune); count++) {
        if (rune <= ' ') {
            break;
        }
        end = at;
    }
    ob_buf_add(out, ob_span_sub(value, 0, end));
    ob_buf_addf(out, "... %zu bytes", value.len);
}

static void add_place(obi_paper *paper, const ob_scan_found *found)
{
    OB_AUTO(ob_buf) place = {.max = 8192};
    ob_buf_add_shown(&place, ob_span_str(found->file), 4096);
    if (found->line > 0) {
        ob_buf_addf(&place, ":%llu:%llu", (unsigned long long)found->line,
                    (unsigned long long)found->column);
    } else {
        ob_buf_addf(&place, ":byte %llu", (unsigned long long)found->hit->start);
    }
    /* Never cut: it is there to be copied into an editor. */
    ob_buf_add(paper->out, ob_buf_span(&place));
    obi_paper_blanks(paper, place.len < PLACE_WIDTH ? PLACE_WIDTH - (unsigned)place.len : 0);
    ob_buf_add_str(paper->out, "  ");
    obi_paper_carry(paper, &place);
}

static void add_value(obi_paper *paper, const ob_scan_job *job, const ob_scan_found *found)
{
    OB_AUTO(ob_buf) masked = {.max = 4096};
    bool passage = ob_detector_kind(job->detector, found->hit->kind)->passage;
    if (found->value.len == 0) {
        ob_buf_add_str(&masked, "(long)");
    } else if (passage && !job->show_values) {
        add_begin(found->value, &masked);
    } else if (job->show_values) {
        ob_buf_add(&masked, ob_span_sub(found->value, 0, 256));
    } else {
        add_masked(found->value, &masked);
    }
    obi_paper_cell(paper, ob_buf_span(&masked), job->show_values ? 2 * VALUE_WIDTH : VALUE_WIDTH);
    ob_buf_add_str(paper->out, "  ");
    obi_paper_carry(paper, &masked);
}

static void add_head(obi_paper *paper, bool wide)
{
    ob_buf_addf(paper->out, "%s%-*s  %-*s %5s  %-*s  rule%s\n", paper->colour ? "\x1b[2m" : "",
                PLACE_WIDTH, "place", KIND_WIDTH, "kind", "score",
                wide ? 2 * VALUE_WIDTH : VALUE_WIDTH, "value", paper->colour ? "\x1b[0m" : "");
}

bool ob_scan_row(ob_scan_job *job, const ob_scan_found *found, ob_err *err)
{
    const ob_hit *hit = found->hit;
    const ob_hit_kind *kind = ob_detector_kind(job->detector, hit->kind);
    ob_terminal_style style = {.colour = job->out.path == NULL &&
                                         ob_cli_colour(job->args, STDOUT_FILENO)};
    obi_paper paper = obi_paper_of(&style, &job->out.text);
    if (!job->headed) {
        add_head(&paper, job->show_values);
        job->headed = true;
    }
    ob_scan_erase(&job->progress);
    add_place(&paper, found);
    ob_outcome colour = kind->class_ == OB_HIT_PII ? OB_INCONCLUSIVE : OB_FAIL;
    obi_paper_paint(&paper, colour, kind->id, KIND_WIDTH);
    ob_buf_addf(paper.out, "  %u.%02u  ", hit->score / 100u, hit->score % 100u);
    add_value(&paper, job, found);
    ob_buf_add_shown(paper.out, ob_span_str(hit->rule), 80);
    ob_buf_add_char(paper.out, '\n');
    if (job->explain) {
        ob_buf_add_str(paper.out, "    ");
        ob_hit_explain(job->detector, hit, paper.out);
        ob_buf_add_char(paper.out, '\n');
    }
    return ob_scan_out_add(&job->out, (ob_span){0}, err);
}

void ob_scan_tell(ob_scan_job *job)
{
    double seconds = (double)(ob_clock_ns() - job->progress.start_ns) / 1e9;
    ob_scan_erase(&job->progress);
    if (job->unread > 0 && !ob_args_flag(job->args, "quiet")) {
        (void)fprintf(stderr, "ombud: %llu %s not be read; the first: %s\n",
                      (unsigned long long)job->unread,
                      job->unread == 1 ? "line could" : "lines could", job->first_unread);
    }
    if (job->form == OB_SCAN_TABLE && job->hits == 0 && !ob_args_flag(job->args, "stats")) {
        ob_cli_say(job->args, "nothing found in %.3f MB", (double)job->bytes / 1e6);
    }
    if (!ob_args_flag(job->args, "stats")) {
        return;
    }
    (void)fprintf(stderr, "%llu %s, %.3f MB in %.3f s (%.1f MB/s), %llu %s\n",
                  (unsigned long long)job->inputs, job->inputs == 1 ? "input" : "inputs",
                  (double)job->bytes / 1e6, seconds,
                  seconds > 0 ? (double)job->bytes / 1e6 / seconds : 0,
                  (unsigned long long)job->hits, job->hits == 1 ? "finding" : "findings");
    for (size_t i = 0; i < ob_detector_kinds(job->detector); i++) {
        if (job->hits_of_kind[i] > 0) {
            const ob_hit_kind *kind = ob_detector_kind(job->detector, i);
            (void)fprintf(stderr, "%8llu  %-18s %s\n", (unsigned long long)job->hits_of_kind[i],
                          kind->id, kind->title);
        }
    }
}

bool ob_scan_list_kinds(ob_scan_job *job, ob_err *err)
{
    ob_buf *out = &job->out.text;
    bool json = job->form == OB_SCAN_JSON;
    if (!json) {
        ob_buf_addf(out, "%-18s %-9s %-6s  %s\n", "kind", "class", "region", "title");
    }
    for (size_t i = 0; i < ob_detector_kinds(job->detector); i++) {
        const ob_hit_kind *kind = ob_detector_kind(job->detector, i);
        const char *class_name = ob_hit_class_name(kind->class_);
        if (json) {
            ob_buf_add_str(out, "{\"kind\":");
            ob_buf_add_json(out, ob_span_str(kind->id));
            ob_buf_addf(out, ",\"class\":\"%s\",\"region\":\"%s\",\"title\":", class_name,
                        kind->region);
            ob_buf_add_json(out, ob_span_str(kind->title));
            ob_buf_add_str(out, "}\n");
        } else {
            ob_buf_addf(out, "%-18s %-9s %-6s  ", kind->id, class_name,
                        kind->region[0] == '\0' ? "-" : kind->region);
            ob_buf_add_shown(out, ob_span_str(kind->title), 200);
            ob_buf_add_char(out, '\n');
        }
    }
    return ob_scan_out_finish(&job->out, err);
}
