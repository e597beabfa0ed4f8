/* SPDX-License-Identifier: Apache-2.0 */
/* Saying: blocks, and sentences made of texts and of what they cite. */
#include "map/paper_core.h"

#include <ombud/text.h>
#include <stdarg.h>

#define SENTENCE_MAX ((size_t)1 << 20)

const char *const ob_block_names[OB_BLOCKS] = {"heading", "paragraph", "bullet",
                                               "table",   "blank",     "rule"};

static bool bad(const ob_paper *p)
{
    return p->err.kind != OB_OK;
}

void *obi_paper_grown(ob_paper *p, void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap) {
        return items;
    }
    size_t more = *cap == 0 ? 4 : *cap * 2;
    void *made = ob_arena_take(p->arena, more, size, &p->err);
    if (made == NULL) {
        return NULL;
    }
    if (count > 0) {
        (void)memcpy(made, items, count * size);
    }
    *cap = more;
    return made;
}

/* The cell or sentence that is being said becomes one of the last block. */
static void keep(ob_paper *p)
{
    ob_sentence *s = &p->sentence;
    if (bad(p) || !ob_buf_check(&p->now, "a sentence", &p->err) ||
        !ob_arena_dup(p->arena, ob_buf_span(&p->now), &s->text, &p->err)) {
        return;
    }
    ob_block *b = &p->blocks[p->count - 1];
    void *sentences = obi_paper_grown(p, b->sentences, b->count, &b->cap, sizeof *b->sentences);
    if (sentences == NULL) {
        return;
    }
    b->sentences = sentences;
    b->sentences[b->count++] = *s;
    *s = (ob_sentence){0};
    ob_buf_reset(&p->now);
}

/* What a block before the next one left open. */
static void close_block(ob_paper *p)
{
    ob_block *b = p->count == 0 ? NULL : &p->blocks[p->count - 1];
    if (bad(p) || b == NULL || !ob_buf_check(&p->now, "a sentence", &p->err)) {
        return;
    }
    if (b->kind == OB_BLOCK_TABLE) {
        if (p->cell_open) {
            keep(p);
            p->cell_open = false;
        }
        if (b->columns == 0 || b->count % b->columns != 0) {
            (void)ob_fail(&p->err, OB_ERR_BUG, "a row of '%.60s' has too few cells", b->text.ptr);
        }
        return;
    }
    if (p->now.len > 0) {
        (void)ob_fail(&p->err, OB_ERR_BUG, "a sentence does not end: %.100s", p->now.ptr);
    } else if ((b->kind == OB_BLOCK_PARAGRAPH || b->kind == OB_BLOCK_BULLET) && b->count == 0) {
        (void)ob_fail(&p->err, OB_ERR_BUG, "a paragraph without a sentence");
    }
}

static ob_block *add_block(ob_paper *p, ob_block_kind kind, ob_span text)
{
    close_block(p);
    void *blocks =
        bad(p) ? NULL : obi_paper_grown(p, p->blocks, p->count, &p->cap, sizeof *p->blocks);
    if (blocks == NULL) {
        return NULL;
    }
    p->blocks = blocks;
    p->blocks[p->count] = (ob_block){.kind = kind, .text = text};
    return &p->blocks[p->count++];
}

void ob_paper_heading(ob_paper *p, unsigned level, const char *text)
{
    ob_block *b = add_block(p, OB_BLOCK_HEADING, ob_span_str(text));
    if (b != NULL) {
        b->level = level;
    }
}

void ob_paper_paragraph(ob_paper *p)
{
    (void)add_block(p, OB_BLOCK_PARAGRAPH, (ob_span){0});
}

void ob_paper_bullet(ob_paper *p)
{
    (void)add_block(p, OB_BLOCK_BULLET, (ob_span){0});
}

void ob_paper_blank(ob_paper *p, const char *asked)
{
    ob_block *b = add_block(p, OB_BLOCK_BLANK, ob_span_str(asked));
    if (b != NULL) {
        b->number = ++p->blanks;
    }
}

static uint32_t find_rule(ob_paper *p, const char *id)
{
    for (size_t i = 0; i < p->kind->rules_count; i++) {
        if (strcmp(p->kind->rules[i].id, id) == 0) {
            return (uint32_t)i;
        }
    }
    if (!bad(p)) {
        (void)ob_fail(&p->err, OB_ERR_BUG, "%s has no rule '%s'", p->kind->id, id);
    }
    return OB_NONE;
}

void ob_paper_show_rule(ob_paper *p, const char *id)
{
    uint32_t rule = find_rule(p, id);
    ob_block *b = rule == OB_NONE
                      ? NULL
                      : add_block(p, OB_BLOCK_RULE, ob_span_str(p->kind->rules[rule].text));
    if (b != NULL) {
        b->number = rule;
    }
}

void ob_paper_table(ob_paper *p, const char *caption, const char *const *heads, size_t columns)
{
    ob_block *b = add_block(p, OB_BLOCK_TABLE, ob_span_str(caption));
    if (b != NULL) {
        b->heads = heads;
        b->columns = columns;
    }
}

void ob_paper_cell(ob_paper *p)
{
    if (p->cell_open) {
        keep(p);
    }
    p->cell_open = true;
}

void ob_paper_title(ob_paper *p, const char *format, ...)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    char piece[1024];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(piece, sizeof piece, format, values);
    va_end(values);
    ob_buf_add_str(&text, length < 0 ? "" : piece);
    if (!bad(p) && ob_buf_check(&text, "a title", &p->err)) {
        (void)!ob_arena_dup(p->arena, ob_buf_span(&text), &p->title, &p->err);
    }
}

static void capital(ob_paper *p, size_t at)
{
    if (at == 0 && p->now.len > 0 && p->now.ptr[0] >= 'a' && p->now.ptr[0] <= 'z') {
        p->now.ptr[0] = (char)(p->now.ptr[0] - 'a' + 'A');
    }
}

void ob_say(ob_paper *p, const char *text)
{
    size_t at = p->now.len;
    p->now.max = SENTENCE_MAX;
    ob_buf_add_str(&p->now, text);
    capital(p, at);
}

void ob_sayf(ob_paper *p, const char *format, ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    ob_say(p, length < 0 ? "" : text);
}

bool obi_paper_hides(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0xad || rune == 0x61c ||
           (rune >= 0x200b && rune <= 0x200f) || (rune >= 0x2028 && rune <= 0x202e) ||
           (rune >= 0x2060 && rune <= 0x206f) || rune == 0xfeff ||
           (rune >= 0xe0000 && rune <= 0xe0fff);
}

/* Titles come from pages. */
void ob_say_text(ob_paper *p, ob_span foreign)
{
    p->now.max = SENTENCE_MAX;
    for (size_t at = 0; at < foreign.len;) {
        size_t start = at;
        uint32_t rune = 0;
        if (!ob_utf8_next(foreign, &at, &rune) || obi_paper_hides(rune)) {
            at = at > start ? at : start + 1;
            ob_buf_add_char(&p->now, ' ');
        } else {
            ob_buf_add(&p->now, ob_span_sub(foreign, start, at));
        }
    }
}

static bool bears_out(const ob_sentence *s)
{
    for (size_t i = 0; i < s->refs_count; i++) {
        if (s->refs[i].kind != OB_REF_TOPIC && s->refs[i].kind != OB_REF_RULE) {
            return true;
        }
    }
    return false;
}

void ob_say_end(ob_paper *p)
{
    char last = p->now.len == 0 ? '.' : p->now.ptr[p->now.len - 1];
    if (bad(p) || !ob_buf_check(&p->now, "a sentence", &p->err)) {
        return;
    }
    if (p->count == 0 || p->blocks[p->count - 1].kind == OB_BLOCK_HEADING ||
        p->blocks[p->count - 1].kind == OB_BLOCK_TABLE ||
        p->blocks[p->count - 1].kind == OB_BLOCK_RULE || p->now.len == 0) {
        (void)ob_fail(&p->err, OB_ERR_BUG, "a sentence where none belongs: %.100s",
                      p->now.len == 0 ? "" : p->now.ptr);
        return;
    }
    if (!bears_out(&p->sentence)) {
        (void)ob_fail(&p->err, OB_ERR_BUG, "a sentence without an id: %.120s", p->now.ptr);
        return;
    }
    ob_say(p, last == '.' || last == '?' ? "" : ".");
    keep(p);
}

static void cite(ob_paper *p, ob_ref_kind kind, uint32_t index, bool shown)
{
    ob_sentence *s = &p->sentence;
    for (size_t i = 0; i < s->refs_count; i++) {
        if (s->refs[i].kind == kind && s->refs[i].index == index) {
            s->refs[i].shown = s->refs[i].shown || shown;
            return;
        }
    }
    void *refs =
        bad(p) ? NULL : obi_paper_grown(p, s->refs, s->refs_count, &s->refs_cap, sizeof *s->refs);
    if (refs != NULL) {
        s->refs = refs;
        s->refs[s->refs_count++] = (ob_ref){kind, index, shown};
    }
}

void ob_cite(ob_paper *p, ob_ref_kind kind, uint32_t index)
{
    cite(p, kind, index, false);
}

void ob_cite_activities(ob_paper *p, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cite(p, OB_REF_ACTIVITY, numbers[i], false);
    }
}

void ob_cite_rule(ob_paper *p, const char *id)
{
    uint32_t rule = find_rule(p, id);
    if (rule != OB_NONE) {
        cite(p, OB_REF_RULE, rule, false);
    }
}

void ob_say_activity(ob_paper *p, uint32_t activity)
{
    ob_say_text(p, p->map->activities[activity].id);
    cite(p, OB_REF_ACTIVITY, activity, true);
}

void ob_say_titled(ob_paper *p, uint32_t activity)
{
    ob_span title = p->map->activities[activity].title;
    ob_say_activity(p, activity);
    if (title.len > 0) {
        ob_say_text(p, OB_SPAN(" \""));
        ob_say_text(p, title);
        ob_say_text(p, OB_SPAN("\""));
    }
}

void ob_say_body(ob_paper *p, uint32_t body)
{
    const ob_body *b = &p->map->bodies[body];
    ob_say_text(p, b->short_name.len > 0 ? b->short_name : b->id);
    /* In a table its short name will do as an id: commands take it as one. */
    cite(p, OB_REF_BODY, body, p->cell_open || b->short_name.len == 0);
}

/* "SG17 plenary, third of 2025-2028 (2026-06-01 to 2026-06-10)". */
void ob_say_meeting(ob_paper *p, uint32_t meeting)
{
    const ob_meeting *m = &p->map->meetings[meeting];
    ob_say_text(p, m->title.len > 0 ? m->title : m->id);
    ob_say_text(p, OB_SPAN(" ("));
    ob_say_day(p, m->start);
    if (m->end != 0 && m->end != m->start) {
        ob_say_text(p, OB_SPAN(" to "));
        ob_say_day(p, m->end);
    }
    ob_say_text(p, OB_SPAN(")"));
    cite(p, OB_REF_MEETING, meeting, m->title.len == 0);
}

/* A short name is written as it stands in a sentence. A title may hold commas, and these would run
 * into those of a list. */
void ob_say_topic(ob_paper *p, uint32_t topic)
{
    const ob_topic *t = &p->map->topics[topic];
    ob_span title = t->title.len > 0 ? t->title : t->id;
    size_t at = p->now.len;
    ob_say_text(p, t->short_name.len > 0
                       ? t->short_name
                       : ob_span_sub(title, 0, ob_span_find(title, OB_SPAN(","), 0)));
    capital(p, at);
    cite(p, OB_REF_TOPIC, topic, false);
}

void ob_say_node(ob_paper *p, uint32_t node)
{
    uint32_t index = 0;
    ob_node_kind kind = ob_map_node(p->map, node, &index);
    switch (kind) {
    case OB_NODE_BODY:
        ob_say_body(p, index);
        break;
    case OB_NODE_ACTIVITY:
        ob_say_activity(p, index);
        break;
    case OB_NODE_CLAUSE:
    case OB_NODE_REQUIREMENT:
        ob_say_text(p, ob_map_node_id(p->map, node));
        cite(p, kind == OB_NODE_CLAUSE ? OB_REF_CLAUSE : OB_REF_REQUIREMENT, index, true);
        break;
    }
}

static void say_one(ob_paper *p, ob_ref_kind kind, uint32_t index)
{
    if (kind == OB_REF_BODY) {
        ob_say_body(p, index);
    } else if (kind == OB_REF_TOPIC) {
        ob_say_topic(p, index);
    } else if (kind == OB_REF_ACTIVITY) {
        ob_say_activity(p, index);
    } else {
        ob_say_node(p, ob_map_node_of(p->map, (ob_node_kind)kind, index));
    }
}

static void say_list(ob_paper *p, ob_ref_kind kind, const uint32_t *numbers, size_t count,
                     size_t most)
{
    size_t named = most == 0 || count <= most + 1 ? count : most;
    for (size_t i = 0; i < named; i++) {
        bool last = i + 1 == named && named == count;
        ob_say_text(p, ob_span_str(i == 0 ? "" : !last ? ", " : " and "));
        say_one(p, kind, numbers[i]);
    }
    for (size_t i = named; i < count; i++) {
        cite(p, kind, numbers[i], false);
    }
    if (named < count) {
        ob_sayf(p, " and %zu more", count - named);
    }
}

void ob_say_activities(ob_paper *p, const uint32_t *numbers, size_t count, size_t most)
{
    say_list(p, OB_REF_ACTIVITY, numbers, count, most);
}

void ob_say_bodies(ob_paper *p, const uint32_t *numbers, size_t count, size_t most)
{
    say_list(p, OB_REF_BODY, numbers, count, most);
}

void ob_say_topics(ob_paper *p, const uint32_t *numbers, size_t count, size_t most)
{
    say_list(p, OB_REF_TOPIC, numbers, count, most);
}

void ob_say_requirements(ob_paper *p, const uint32_t *numbers, size_t count, size_t most)
{
    say_list(p, OB_REF_REQUIREMENT, numbers, count, most);
}

void ob_say_number(ob_paper *p, size_t count)
{
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    if (count < OB_COUNT(words)) {
        ob_say(p, words[count]);
    } else {
        ob_sayf(p, "%zu", count);
    }
}

void ob_say_count(ob_paper *p, size_t count, const char *one, const char *many)
{
    ob_say_number(p, count);
    ob_sayf(p, " %s", count == 1 ? one : many);
}

void ob_say_day(ob_paper *p, ob_day day)
{
    char text[OB_DAY_TEXT_MAX];
    ob_day_write(day, text);
    ob_say(p, day == 0 ? "an unknown day" : text);
}

void obi_paper_close(ob_paper *p)
{
    close_block(p);
}
