/* SPDX-License-Identifier: Apache-2.0 */
/* Where a text comes from, as somebody says or as it looks. */
#include "detect/passage.h"

/* A text that goes on behind so many bytes is no turn of a customer any more. */
#define LONG_BYTES 1000
/* Signs of a document that make it one. */
#define MARKS_MIN 2
/* Words of a title. */
#define TITLE_MIN 2
#define TITLE_MAX 16

static const struct {
    const char *name;
    obi_place place;
} places[] = {
    [OB_WHERE_UNKNOWN] = {"unknown", OBI_PLACE_BETWEEN},
    [OB_WHERE_USER] = {"user", OBI_PLACE_USER},
    [OB_WHERE_TICKET] = {"ticket", OBI_PLACE_BETWEEN},
    [OB_WHERE_ARTICLE] = {"article", OBI_PLACE_DOCUMENT},
    [OB_WHERE_DEVICE] = {"device", OBI_PLACE_DOCUMENT},
    [OB_WHERE_TOOL] = {"tool", OBI_PLACE_DOCUMENT},
};

const char *ob_where_name(unsigned index)
{
    return index < OB_COUNT(places) ? places[index].name : NULL;
}

bool ob_where_find(ob_span name, ob_where *where)
{
    for (unsigned i = 0; i < OB_COUNT(places); i++) {
        if (ob_span_is_str(name, places[i].name)) {
            *where = (ob_where)i;
            return true;
        }
    }
    return false;
}

obi_place obi_place_of(ob_where where)
{
    return (unsigned)where < OB_COUNT(places) ? places[where].place : OBI_PLACE_BETWEEN;
}

void obi_passages_where(obi_passages *p, ob_where where)
{
    p->where = where;
}

void obi_place_start(obi_passages *p)
{
    p->place = obi_place_of(p->where);
    p->guesses = p->where == OB_WHERE_UNKNOWN;
    p->marks = 0;
    p->line_words = 0;
}

/* What a word says by the signs before it: it begins JSON, a heading, an item of a list, a row of a
 * table, or the text below a title. */
static unsigned marks_of(const obi_token *word, unsigned line_words)
{
    const uint32_t item = OBI_GAP_DASH | OBI_GAP_STAR | OBI_GAP_PIPE;
    const uint32_t stops = OBI_GAP_STOP | OBI_GAP_DOT | OBI_GAP_COLON | OBI_GAP_COMMA;
    uint32_t gap = word->gap;
    if ((gap & (OBI_GAP_LINE | OBI_GAP_START)) == 0) {
        return 0;
    }
    bool json = (gap & OBI_GAP_START) != 0 && (gap & (OBI_GAP_CURLY | OBI_GAP_SQUARE)) != 0;
    if ((gap & OBI_GAP_HASH) != 0 || json) {
        return MARKS_MIN;
    }
    if ((gap & OBI_GAP_PARAGRAPH) != 0 && (gap & stops) == 0 && line_words >= TITLE_MIN &&
        line_words <= TITLE_MAX) {
        return MARKS_MIN;
    }
    return (gap & item) != 0 ||
           (word->flags & (OBI_TOKEN_DIGIT | OBI_TOKEN_LETTER)) == OBI_TOKEN_DIGIT;
}

/* Only a word that begins a line says anything, so those between are counted. */
void obi_place_look(obi_passages *p)
{
    const obi_gather *g = &p->gather;
    size_t at = g->fresh;
    if (!p->guesses || p->place == OBI_PLACE_DOCUMENT || at >= g->count) {
        return;
    }
    for (uint64_t left = g->lines >> at << at; left != 0; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        p->line_words += (unsigned)(i - at);
        p->marks += marks_of(&g->words[i], p->line_words);
        p->line_words = (g->words[i].gap & OBI_GAP_LINE) != 0 ? 1 : p->line_words + 1;
        at = i + 1;
    }
    p->line_words += (unsigned)(g->count - at);
    if (p->marks >= MARKS_MIN || g->words[g->count - 1].start >= LONG_BYTES) {
        p->place = OBI_PLACE_DOCUMENT;
    }
}
