/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one text under the scanner, shared by scanner.c and its parts. */
#ifndef OB_DETECT_SCANNER_H
#define OB_DETECT_SCANNER_H

#include "detect/canaries.h"
#include "detect/lexer.h"
#include "detect/passage.h"
#include "detect/rules.h"

/* Bytes that are searched for literals at once. */
#define OBI_BLOCK_MAX ((size_t)16 << 10)

struct ob_scanner {
    const ob_detector *detector;
    ob_scan_options options;
    bool *kinds; /* a copy of what the options choose; NULL: all */
    struct hs_scratch *scratch;
    ob_scan_sink sink;
    obi_lexer lexer;

    /* The text that is still needed: buf holds it from byte base of the stream on. */
    ob_buf buf;
    uint64_t base;
    size_t at;       /* in buf: everything before is decided */
    size_t released; /* in buf: everything before has left */
    bool failed;     /* the stream ended with an error */

    obi_literal *literals;
    size_t literal_cap;

    /* A long kind that is being swallowed. */
    bool swallowing;
    obi_tail tail;
    size_t tail_at; /* in buf: where its tail goes on */
    ob_hit long_hit;
    ob_buf head; /* its first bytes */
    struct evp_md_ctx_st *digest;

    obi_scan scan; /* large, so not on the stack */
    obi_scan view;
    ob_arena arena; /* of decoded views */
    ob_buf mask;

    obi_canaries *canaries; /* NULL: none */
    obi_passages *passages; /* NULL: no kind of a passage is asked for */
    ob_scan_session *session;
    uint64_t passed; /* bytes of the stream that it has */

    ob_hit *hits; /* of ob_scanner_text */
    size_t hit_count;
    size_t hit_cap;
};

/* tail.c: how many bytes from at on belong to the tail for sure; *done when it ends there. used:
 * bytes of the finding before at. */
size_t obi_tail_read(obi_tail tail, ob_span text, size_t at, size_t used, bool last, bool *done);

/* settle.c: the candidates that stay, by start, none overlapping another. */
void obi_scan_settle(obi_scan *scan);

/* Whether value may stand in the text (examine.c). */
bool obi_is_exempt(const ob_scan_options *options, ob_span value);

/* pass.c: passages. Makes what they need, unless no kind of them is asked for. */
OB_MUST bool obi_scanner_passages(ob_scanner *scanner, ob_err *err);
void obi_scanner_pass_start(ob_scanner *scanner);
/* They read text up to byte end of it. Before another finding is told they read up to its start, so
 * that the order in which findings come depends on the text alone. */
OB_MUST bool obi_scanner_pass(ob_scanner *scanner, ob_span text, size_t end, ob_err *err);
OB_MUST bool obi_scanner_pass_end(ob_scanner *scanner, ob_span text, ob_err *err);
/* The findings of a text by their starts. */
void obi_scanner_sort(ob_scanner *scanner);

/* examine.c: the candidates of a segment, settled. text is the window that the segment lies in. */
OB_MUST bool obi_examine(ob_scanner *scanner, ob_span text, const obi_segment *segment,
                         ob_err *err);

#endif
