/* SPDX-License-Identifier: Apache-2.0 */
/* How the scanner feeds passages, and where their findings go. */
#include "detect/injections.h"
#include "detect/scanner.h"

/* A session's next text begins with this part of the level, in quarters. */
#define SESSION_KEEPS 3

static bool is_wanted(const ob_scanner *scanner)
{
    for (size_t i = 0; i < ob_detector_kinds(scanner->detector); i++) {
        bool silent = i == OB_KIND_PROMPT_LEAK && scanner->options.prompt_count == 0;
        if (ob_detector_kind(scanner->detector, i)->passage && !silent &&
            (scanner->kinds == NULL || scanner->kinds[i])) {
            return true;
        }
    }
    return false;
}

static bool found(void *ctx, const ob_hit *hit, ob_err *err)
{
    const ob_scanner *scanner = ctx;
    bool wanted = hit->score >= scanner->options.min_score &&
                  (scanner->kinds == NULL || scanner->kinds[hit->kind]) &&
                  (scanner->options.exempt_count == 0 ||
                   !obi_is_exempt(&scanner->options, obi_passages_text(scanner->passages, hit)));
    return !wanted || scanner->sink.hit == NULL || scanner->sink.hit(scanner->sink.ctx, hit, err);
}

bool obi_scanner_passages(ob_scanner *scanner, ob_err *err)
{
    if (!is_wanted(scanner)) {
        return true;
    }
    const struct obi_lexicon *lexicon = NULL;
    const struct obi_model *model = NULL;
    if (!obi_injections_take(scanner->detector->injections, &lexicon, &model, err)) {
        return false;
    }
    obi_passages *made = ob_mem_new(sizeof *made);
    if (made == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for passages");
    }
    if (!obi_passages_init(made, lexicon, &scanner->arena, err)) {
        ob_mem_free(made);
        return false;
    }
    made->model = model;
    made->found = found;
    made->ctx = scanner;
    scanner->passages = made;
    if (!obi_prompts_new(&made->prompts, &scanner->options, err)) {
        return false;
    }
    if (made->prompts != NULL) {
        made->prompts->found = found;
        made->prompts->ctx = scanner;
    }
    return true;
}

static ob_span said_in(const ob_scan_session *session)
{
    return (ob_span){session->said, session->said_len <= OB_SESSION_BYTES ? session->said_len : 0};
}

static void recall(obi_passages *p, const ob_scan_session *session)
{
    p->level = session->level;
    obi_passages_recall(p, said_in(session));
}

static void remember(obi_passages *p, ob_scan_session *session)
{
    session->level = p->level * SESSION_KEEPS / 4;
    session->said_len = (uint32_t)obi_passages_said(p, session->said, said_in(session).len);
    session->texts++;
}

void obi_scanner_pass_start(ob_scanner *scanner)
{
    obi_passages *p = scanner->passages;
    scanner->passed = 0;
    if (p != NULL) {
        obi_passages_start(p);
        if (p->prompts != NULL) {
            obi_prompts_start(p->prompts);
        }
        p->level = 0;
        if (scanner->session != NULL) {
            recall(p, scanner->session);
        }
    }
}

/* What passages have not read of the text up to byte end. */
static ob_span next_piece(ob_scanner *scanner, ob_span text, size_t end)
{
    uint64_t behind = scanner->base + end;
    if (behind <= scanner->passed) {
        return (ob_span){0};
    }
    ob_span piece = ob_span_sub(text, (size_t)(scanner->passed - scanner->base), end);
    scanner->passed = behind;
    return piece;
}

bool obi_scanner_pass(ob_scanner *scanner, ob_span text, size_t end, ob_err *err)
{
    return scanner->passages == NULL ||
           obi_passages_feed(scanner->passages, next_piece(scanner, text, end), false, err);
}

bool obi_scanner_pass_end(ob_scanner *scanner, ob_span text, ob_err *err)
{
    ob_scan_session *session = scanner->session;
    if (scanner->passages == NULL) {
        return true;
    }
    if (!obi_passages_feed(scanner->passages, next_piece(scanner, text, text.len), true, err)) {
        return false;
    }
    if (session != NULL) {
        remember(scanner->passages, session);
    }
    return true;
}

void ob_scanner_where(ob_scanner *scanner, ob_where where)
{
    if (scanner->passages != NULL) {
        obi_passages_where(scanner->passages, where);
    }
}

void ob_scanner_session(ob_scanner *scanner, ob_scan_session *session)
{
    scanner->session = session;
}

/* Passages come a little late, so most findings stand where they belong already. */
void obi_scanner_sort(ob_scanner *scanner)
{
    ob_hit *hits = scanner->hits;
    for (size_t i = 1; i < scanner->hit_count; i++) {
        ob_hit hit = hits[i];
        size_t at = i;
        for (; at > 0 && (hits[at - 1].start > hit.start ||
                          (hits[at - 1].start == hit.start && hits[at - 1].end < hit.end));
             at--) {
            hits[at] = hits[at - 1];
        }
        hits[at] = hit;
    }
}
