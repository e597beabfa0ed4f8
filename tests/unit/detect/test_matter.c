/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/lexicon.h"
#include "ob_test.h"

/* A text as one window, and what it is about. */
typedef struct read {
    ob_arena arena;
    obi_lexicon *lexicon;
    obi_gather gather;
    obi_window window;
    obi_matter matter;
} read;

static int make(void **state)
{
    static read r;
    ob_err err = {0};
    *state = &r;
    return obi_lexicon_build(&r.lexicon, &r.arena, &err) ? 0 : -1;
}

static int drop(void **state)
{
    read *r = *state;
    ob_arena_fini(&r->arena);
    return 0;
}

static void read_text(ob_span text, read *out)
{
    obi_reader reader;
    obi_token token;
    size_t pos = 0;
    obi_reader_start(&reader);
    obi_gather_start(&out->gather, NULL);
    while (obi_reader_next(&reader, text, &pos, true, &token)) {
        obi_gather_add(&out->gather, out->lexicon, &token, reader.folded);
    }
    out->window = obi_gather_window(&out->gather);
    obi_matter_read(out->lexicon->matter, &out->window, &out->matter);
}

/* A word that nobody can write the way it stands in a table is a dead one. */
static void every_word_of_the_tables_is_found(void **state)
{
    static const struct {
        unsigned about;
        const char *words;
    } rows[] = {

#define OB_WORDS(name, words) {OBI_ABOUT_##name, (words)},
#include "detect/matter_words.def"
#include "detect/matter_words_east.def"
#include "detect/matter_words_west.def"
#undef OB_WORDS
    };
    read *r = *state;
    size_t dead = 0;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span rest = ob_span_str(rows[i].words);
        ob_span word = {0};
        while (ob_span_cut(&rest, '|', &word)) {
            bool stem = word.ptr[word.len - 1] == '*';
            ob_span text = ob_span_sub(word, 0, word.len - (stem ? 1 : 0));
            read_text(text, r);
            if ((r->matter.at[rows[i].about] & 1) == 0) {
                print_message("# not found: %.*s\n", OB_SHOW(text));
                dead++;
            }
        }
    }
    assert_int_equal(dead, 0);
}

/* The words of the text that a concept begins at. */
static uint64_t at(read *r, const char *text, obi_about about)
{
    read_text(ob_span_str(text), r);
    return r->matter.at[about];
}

static void languages_share_concepts(void **state)
{
    read *r = *state;
    assert_int_equal(at(r, "the bill of my mother", OBI_ABOUT_BILL), 1 << 1);
    assert_int_equal(at(r, "the bill of my mother", OBI_ABOUT_KIN), 1 << 4);
    assert_int_equal(at(r, "die Rechnungen meiner Mutter", OBI_ABOUT_BILL), 1 << 1);
    assert_int_equal(at(r, "die Rechnungen meiner Mutter", OBI_ABOUT_KIN), 1 << 3);
    assert_int_equal(at(r, "la d\u00e9finition du r\u00e9seau", OBI_ABOUT_NET), 1 << 3);
    assert_int_equal(at(r, "\u6211\u5988\u5988\u7684\u8d26\u5355", OBI_ABOUT_BILL), 1 << 4);
    assert_int_equal(at(r, "\u6211\u5abd\u5abd\u7684\u8cec\u55ae", OBI_ABOUT_KIN), 3);
    /* Arabic, with the article written to the word. */
    assert_int_equal(at(r, "\u0631\u0642\u0645 \u0627\u0644\u0641\u0627\u062a\u0648\u0631\u0629",
                        OBI_ABOUT_BILL),
                     1 << 1);
}

static void words_end_where_they_end(void **state)
{
    read *r = *state;
    /* "bill" is a word, "router*" a stem; a phrase needs all of its words. */
    assert_int_equal(at(r, "billion bill", OBI_ABOUT_BILL), 1 << 1);
    assert_int_equal(at(r, "routers", OBI_ABOUT_NET), 1 << 0);
    assert_int_equal(at(r, "direct debit", OBI_ABOUT_PAY), 1 << 0);
    assert_int_equal(at(r, "direct", OBI_ABOUT_PAY), 0);
    assert_int_equal(at(r, "", OBI_ABOUT_PAY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_of_the_tables_is_found),
        cmocka_unit_test(languages_share_concepts),
        cmocka_unit_test(words_end_where_they_end),
    };
    return cmocka_run_group_tests_name("matter", tests, make, drop);
}
