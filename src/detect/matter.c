/* SPDX-License-Identifier: Apache-2.0 */
/* Words by their first letters: what is told apart by its ending means the same here. */
#include "detect/matter.h"

#include "detect/lexicon.h"

#define SLOTS       8192
#define ENTRIES_MAX ((size_t)20000)
/* So many bytes of a word choose what it is compared with: four Latin letters, three of another
 * alphabet, two Han characters. A stem has as many at least. */
#define KEY_ASCII 4
#define KEY_HIGH  6

typedef struct entry {
    const char *text; /* plain */
    uint8_t len;
    uint8_t about;
    bool stem; /* its last word may go on */
} entry;

struct obi_matter_words {
    uint16_t first[SLOTS + 1]; /* of the entries that share a slot; one more at the end */
    entry *entries;
};

static const struct {
    uint8_t about;
    const char *words; /* "one|two words|stem*" */
} rows[] = {

#define OB_WORDS(name, words) {OBI_ABOUT_##name, (words)},
#include "detect/matter_words.def"
#include "detect/matter_words_east.def"
#include "detect/matter_words_west.def"
#undef OB_WORDS
};

_Static_assert(ENTRIES_MAX <= UINT16_MAX, "the entries of a slot are numbered");
_Static_assert(OBI_MATTERS <= UINT8_MAX, "an entry has a byte for what it is about");

static bool is_han_byte(char c)
{
    return (unsigned char)c >= 0xe3 && (unsigned char)c <= 0xe9;
}

static size_t key_bytes(char first)
{
    return (unsigned char)first < 0x80 ? KEY_ASCII : KEY_HIGH;
}

/* The slot of the word that text begins with; left: bytes up to its end, 1 at least. */
static uint32_t slot_of(const char *text, size_t left)
{
    uint64_t key = 0;
    size_t most = key_bytes(text[0]);
    bool han = is_han_byte(text[0]);
    for (size_t i = 0; i < most && i < left && text[i] != ' '; i++) {
        if (han && i % 3 == 0 && !is_han_byte(text[i])) {
            break;
        }
        key = key << 8 | (unsigned char)text[i];
    }
    return (uint32_t)(obi_key_hash(key) >> 51);
}

_Static_assert(SLOTS == 1 << (64 - 51), "slot_of chooses one of them");

/* Whether it can be found as it is written: by all letters that choose the slot. */
static bool is_good(ob_span word, bool stem)
{
    size_t blank = ob_span_find(word, OB_SPAN(" "), 0);
    return word.len >= 1 && word.len <= UINT8_MAX && (!is_han_byte(word.ptr[0]) || word.len >= 6) &&
           (!stem || blank != SIZE_MAX || word.len >= key_bytes(word.ptr[0]));
}

static bool add_row(size_t row, entry *entries, size_t *count, ob_err *err)
{
    ob_span rest = ob_span_str(rows[row].words);
    ob_span word = {0};
    while (ob_span_cut(&rest, '|', &word)) {
        bool stem = word.len > 0 && word.ptr[word.len - 1] == '*';
        word = ob_span_sub(word, 0, word.len - (stem ? 1 : 0));
        if (*count == ENTRIES_MAX || !is_good(word, stem)) {
            return ob_fail(err, OB_ERR_BUG, "bad word \"%.*s\" of matter_words*.def",
                           OB_SHOW(word));
        }
        entries[(*count)++] = (entry){
            .text = word.ptr, .len = (uint8_t)word.len, .about = rows[row].about, .stem = stem};
    }
    return true;
}

/* Sorts the entries by slot, and notes where each slot begins. */
static bool sort(obi_matter_words *words, const entry *from, size_t count, ob_arena *arena,
                 ob_err *err)
{
    words->entries = OB_NEW(arena, entry, count, err);
    if (words->entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        words->first[slot_of(from[i].text, from[i].len) + 1]++;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        words->first[i + 1] = (uint16_t)(words->first[i + 1] + words->first[i]);
    }
    for (size_t i = count; i-- > 0;) {
        uint32_t slot = slot_of(from[i].text, from[i].len);
        size_t at = words->first[slot + 1];
        while (at > words->first[slot] && words->entries[at - 1].text != NULL) {
            at--;
        }
        words->entries[at - 1] = from[i];
    }
    return true;
}

bool obi_matter_build(obi_matter_words **words, ob_arena *arena, ob_err *err)
{
    size_t count = 0;
    obi_matter_words *made = OB_NEW(arena, obi_matter_words, 1, err);
    entry *entries = made == NULL ? NULL : ob_mem_new(ENTRIES_MAX * sizeof *entries);
    if (entries == NULL) {
        return made == NULL ? false : ob_fail(err, OB_ERR_NOMEM, "no memory for words of matter");
    }
    bool good = true;
    for (size_t i = 0; good && i < OB_COUNT(rows); i++) {
        good = add_row(i, entries, &count, err);
    }
    good = good && sort(made, entries, count, arena, err);
    ob_mem_free(entries);
    if (good) {
        *words = made;
    }
    return good;
}

/* The plain text of a window: words one blank apart, Han characters without one. */
typedef struct plain {
    size_t len;
    uint16_t at[OBI_WINDOW_WORDS];
    char text[OBI_WINDOW_BYTES];
} plain;

static void make_plain(const obi_window *window, plain *to)
{
    const uint32_t leet = OBI_TOKEN_DIGIT | OBI_TOKEN_LETTER;
    to->len = 0;
    for (size_t i = 0; i < window->count; i++) {
        const obi_token *word = &window->words[i];
        ob_span folded = ob_span_sub(window->folded, word->at, (size_t)word->at + word->len);
        bool han = (word->flags & OBI_TOKEN_HAN) != 0;
        if (i > 0 && !(han && (window->words[i - 1].flags & OBI_TOKEN_HAN) != 0)) {
            to->text[to->len++] = ' ';
        }
        to->at[i] = (uint16_t)to->len;
        if (han || ((word->flags & OBI_TOKEN_HIGH) == 0 && (word->flags & leet) != leet)) {
            memcpy(to->text + to->len, folded.ptr, folded.len);
            to->len += folded.len;
        } else {
            to->len += obi_plain(folded, word->flags, to->text + to->len);
        }
    }
}

static bool matches(const entry *e, ob_span text)
{
    /* Those of a slot mostly begin alike, so the last letter first. */
    if (e->len > text.len || text.ptr[e->len - 1] != e->text[e->len - 1] ||
        memcmp(text.ptr, e->text, e->len) != 0) {
        return false;
    }
    bool han = e->len >= 3 && is_han_byte(e->text[e->len - 3]);
    return e->stem || han || e->len == text.len || text.ptr[e->len] == ' ';
}

/* Notes what begins at the text, which is word i or a part of it. */
static void look_up(const obi_matter_words *words, ob_span text, size_t i, obi_matter *matter)
{
    uint32_t slot = slot_of(text.ptr, text.len);
    for (size_t k = words->first[slot]; k < words->first[slot + 1]; k++) {
        if (matches(&words->entries[k], text)) {
            matter->at[words->entries[k].about] |= (uint64_t)1 << i;
        }
    }
}

/* Of Arabic words the same without "the", "and", "with", "to" before them. */
static void look_up_arabic(const obi_matter_words *words, ob_span text, size_t i,
                           obi_matter *matter)
{
    static const char *const heads[] = {"\u0627\u0644",
                                        "\u0648\u0627\u0644",
                                        "\u0628\u0627\u0644",
                                        "\u0644\u0644",
                                        "\u0648",
                                        "\u0628",
                                        "\u0644"};
    for (size_t k = 0; k < OB_COUNT(heads); k++) {
        ob_span head = ob_span_str(heads[k]);
        if (text.len >= head.len + KEY_HIGH && memcmp(text.ptr, head.ptr, head.len) == 0) {
            look_up(words, ob_span_sub(text, head.len, text.len), i, matter);
        }
    }
}

void obi_matter_read(const obi_matter_words *words, const obi_window *window, obi_matter *matter)
{
    OB_UNSET plain to;
    *matter = (obi_matter){0};
    make_plain(window, &to);
    for (size_t i = 0; i < window->count; i++) {
        ob_span text = {to.text + to.at[i], to.len - to.at[i]};
        if (text.len == 0) {
            continue;
        }
        look_up(words, text, i, matter);
        if ((window->words[i].flags & OBI_TOKEN_ARABIC) != 0) {
            look_up_arabic(words, text, i, matter);
        }
    }
}
