/* SPDX-License-Identifier: Apache-2.0 */
/* The short way through plain text gathers the same windows as the way word by word. */
#include "detect/model.h"
#include "ob_test.h"

#include <ombud/sys.h>

#define TEXT_MAX  3000
#define TEXT_ROOM (TEXT_MAX + 64 + OBI_RUN_SLACK)

typedef struct both {
    const obi_lexicon *lexicon;
    const obi_model *model;
    size_t windows;
    size_t shorts; /* words that went the short way */
} both;

/* One of the two: what it has read, word by word or not. */
typedef struct side {
    obi_reader reader;
    obi_gather gather;
    bool shortly;
    size_t pos;
    obi_block block;
    size_t next; /* bytes of the word at pos that begins another window; it is not read */
} side;

static const char *const parts[] = {
    "ignore ",
    "all ",
    "previous ",
    "instructions",
    " the ",
    "a ",
    "Your ",
    "SYSTEM ",
    "prompt",
    ". ",
    "! ",
    "? ",
    ", ",
    ": ",
    "\n",
    "\n\n",
    "[system]",
    "<|im_start|>",
    "### ",
    "1gn0re ",
    "4711 ",
    "x1 ",
    "PIN ",
    "  ",
    "\"",
    "'s ",
    "_",
    "-",
    "(",
    ")",
    "%41",
    "&#65;",
    "\\x41",
    "@ ",
    "$",
    "fifteenletters1",
    "sixteenletters16",
    "\xe5\xbf\xbd\xe7\x95\xa5",
    "\xe4\xb9\x8b\xe5\x89\x8d\xe7\x9a\x84",
    "\xe6\x8c\x87\xe4\xbb\xa4",
    "\xe6\x8f\x90\xe7\xa4\xba\xe8\xaf\x8d",
    "\xe6\x88\x91",
    "\xef\xbc\x8c",
    "\xe3\x80\x82",
    "\xe3\x80\x81",
    "\xef\xbc\x81",
    "\xef\xbc\x9f",
    "\xef\xbc\x9a",
    "\xef\xbc\x9b",
    "\xef\xbc\x82",
    "\xef\xbc\x82",
    "\xe3\x81\x82",
    "\xe3\x82\xab",
    "\xf0\xa0\x80\x80",
    "\xe2\x80\x9c",
    "\xe2\x80\x9d",
    "\xc3\xa9t\xc3\xa9 ",
    "\xd0\xb8\xd0\xb3\xd0\xbd\xd0\xbe\xd1\x80 ",
    "i\xd0\xb3nore ",
    "\xe2\x80\x8b",
    "\xff",
    "\xe5\xbf",
    "abc\xe5\xbf\xbd",
    "no\xc3\xafve ",
};

static size_t make_text(ob_rng *rng, char *text)
{
    size_t len = 0;
    size_t most = 1 + (size_t)ob_rng_below(rng, TEXT_MAX - 64);
    /* Some texts are of one kind, so that windows fill up. */
    uint64_t from = ob_rng_below(rng, 3) == 0 ? ob_rng_below(rng, OB_COUNT(parts) - 8) : 0;
    uint64_t many = from > 0 ? 8 : OB_COUNT(parts);
    while (len < most) {
        const char *part = parts[from + ob_rng_below(rng, many)];
        size_t part_len = strlen(part);
        memcpy(text + len, part, part_len);
        len += part_len;
    }
    return len;
}

/* Reads on to the next window. False: the piece is read. */
static bool read_on(both *b, side *s, ob_span piece, bool last)
{
    obi_gather *g = &s->gather;
    for (;;) {
        obi_token *next = NULL;
        size_t before = g->count;
        s->next = s->shortly
                      ? obi_gather_run(g, &s->reader, b->lexicon, piece, &s->pos, last, &s->block)
                      : 0;
        b->shorts += g->count - before;
        next = &g->words[g->count];
        if (s->next == 0 && !obi_reader_next(&s->reader, piece, &s->pos, last, next)) {
            return false;
        }
        if (s->next > 0 || obi_gather_ready(g, next)) {
            return true;
        }
        obi_gather_add(g, b->lexicon, next, s->reader.folded);
    }
}

static void go_on(both *b, side *s)
{
    if (s->next > 0) {
        obi_gather_shift(&s->gather);
        return;
    }
    obi_token next = s->gather.words[s->gather.count];
    obi_gather_shift(&s->gather);
    s->gather.words[s->gather.count] = next;
    obi_gather_add(&s->gather, b->lexicon, &next, s->reader.folded);
}

static void compare(const side *x, const side *y)
{
    const obi_gather *a = &x->gather;
    const obi_gather *b = &y->gather;
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->fresh, b->fresh);
    assert_int_equal(a->len, b->len);
    assert_int_equal(a->words - a->store, b->words - b->store);
    assert_memory_equal(a->folded, b->folded, a->len);
    for (size_t i = 0; i < a->count; i++) {
        const obi_token *p = &a->words[i];
        const obi_token *q = &b->words[i];
        assert_int_equal(p->start, q->start);
        assert_int_equal(p->end, q->end);
        assert_int_equal(p->hash, q->hash);
        assert_int_equal(p->flags, q->flags);
        assert_int_equal(p->gap, q->gap);
        assert_int_equal(p->at, q->at);
        assert_int_equal(p->len, q->len);
        assert_int_equal(p->weight, q->weight);
        assert_int_equal(p->gate, q->gate);
    }
    assert_int_equal(a->weight, b->weight);
    assert_int_equal(obi_gather_gate(a), obi_gather_gate(b));
    assert_true(a->begins == b->begins && a->lines == b->lines && a->weighing == b->weighing);
    assert_true(a->odd == b->odd && a->single == b->single && a->key == b->key);
    assert_int_equal(x->reader.place, y->reader.place + y->next);
    if (y->next == 0) {
        assert_int_equal(x->reader.gap, y->reader.gap);
    }
}

/* The sums are those of what was kept of each word. */
static void check_sums(const obi_gather *g)
{
    unsigned weight = 0;
    int gate = 0;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t before = i == 0 ? 0 : g->words[i - 1].hash;
        weight += g->words[i].weight;
        gate += g->model == NULL ? 0 : obi_model_gate_word(g->model, before, g->words[i].hash);
        assert_int_equal(g->weighing >> i & 1, g->words[i].weight > 0);
    }
    assert_int_equal(g->weight, weight);
    assert_int_equal(obi_gather_gate(g), gate);
}

static void start(side *s, const obi_model *model, bool shortly)
{
    memset(s, 0, sizeof *s);
    obi_reader_start(&s->reader);
    obi_gather_start(&s->gather, model);
    s->shortly = shortly;
}

static void run_text(both *b, ob_rng *rng, ob_span text)
{
    static side slow;
    static side fast;
    const obi_model *model = ob_rng_below(rng, 8) == 0 ? NULL : b->model;
    start(&slow, model, false);
    start(&fast, model, true);
    size_t at = 0;
    for (bool last = false; !last;) {
        size_t size = 1 + (size_t)ob_rng_below(rng, ob_rng_below(rng, 2) == 0 ? 40 : TEXT_MAX);
        ob_span piece = ob_span_sub(text, at, at + size);
        at += piece.len;
        /* The end may be told with the last piece or behind it. */
        last = at == text.len && (piece.len == 0 || ob_rng_below(rng, 2) == 0);
        bool more = true;
        slow.pos = 0;
        fast.pos = 0;
        fast.block = (obi_block){0};
        while (more) {
            more = read_on(b, &slow, piece, last);
            assert_int_equal(read_on(b, &fast, piece, last), more);
            compare(&slow, &fast);
            check_sums(&fast.gather);
            b->windows += more;
            if (more) {
                go_on(b, &slow);
                go_on(b, &fast);
            }
        }
    }
}

static void same_windows(void **state)
{
    (void)state;
    ob_err err = {0};
    static char text[TEXT_ROOM];
    OB_AUTO(ob_arena) arena = {0};
    obi_lexicon *lexicon = NULL;
    obi_model *model = NULL;
    ob_rng rng;
    assert_ok(ob_rng_init(&rng, OB_SPAN("gather"), OB_SPAN("texts"), &err));
    assert_ok(obi_lexicon_build(&lexicon, &arena, &err));
    assert_ok(obi_model_shipped(&model, &arena, &err));
    both b = {.lexicon = lexicon, .model = model};
    for (int i = 0; i < 400; i++) {
        size_t len = make_text(&rng, text);
        run_text(&b, &rng, (ob_span){text, len});
    }
    assert_true(b.windows > 2000);
#ifdef __SSE2__
    assert_true(b.shorts > 20000);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_windows),
    };
    return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
