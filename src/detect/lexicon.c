/* SPDX-License-Identifier: Apache-2.0 */
/* The lexicon: words by the hash of their first bytes. */
#include "detect/lexicon.h"

#include "detect/codings.h"

#define ENTRIES_MAX ((size_t)40960)
/* Keys that weigh something. */
#define WEIGHTS_MAX ((size_t)OBI_WEIGHT_SLOTS * 3 / 4)

typedef struct row {
    uint8_t concept;
    const char *words; /* "one|two words|stem*" */
} row;

static const row rows[] = {
#define OB_WORDS(name, words) {OBI_MEANS_##name, (words)},
#include "detect/injection_words.def"
#include "detect/injection_words_claim.def"
#include "detect/injection_words_east.def"
#include "detect/injection_words_hant.def"
#include "detect/injection_words_output.def"
#include "detect/injection_words_west.def"
#undef OB_WORDS
};

static const uint8_t weights[OBI_CONCEPTS] = {
#define OB_CONCEPT(name, weight) [OBI_MEANS_##name] = (weight),
#include "detect/concepts.def"
#include "detect/concepts_claim.def"
#include "detect/concepts_output.def"
#undef OB_CONCEPT
};

_Static_assert(ENTRIES_MAX <= UINT16_MAX, "the entries of a slot are numbered");
_Static_assert(OBI_CONCEPTS <= 128, "a set of concepts has 128 bits");

/* Small words that few other languages have. */
static const struct {
    unsigned lang;
    const char *words;
} small_words[] = {
    {OBI_LANG_EN, "the|and|you|your|is|are|was|of|to|for|with|that|this|it|we|have|has|not|what|"
                  "how|my|please|can|all|any|from|on|at|by|an|be|will"},
    {OBI_LANG_FR, "le|les|des|du|une|est|et|vous|votre|vos|nous|je|dans|pour|avec|sur|ce|cette|qui|"
                  "ne|pas|tu|tes|ton|toutes|mon|mes|au|aux"},
    {OBI_LANG_ES, "el|los|las|y|del|es|por|para|con|su|sus|una|lo|se|al|como|pero|tus|usted|mi|"
                  "todas|todos|est\u00e1|ahora|eres|sin"},
    {OBI_LANG_DE, "der|die|das|und|ist|nicht|ich|sie|ein|eine|mit|f\u00fcr|wir|auf|von|zu|den|dem|"
                  "du|alle|deine|bitte|oder|wie|ihre"},
    {OBI_LANG_PT, "o|os|n\u00e3o|voc\u00ea|uma|com|um|em|seu|sua|suas|do|da|dos|das|as|todas|agora|"
                  "meu|minha|ou|sem"},
    {OBI_LANG_IT, "il|che|della|di|sono|per|gli|questo|\u00e8|le|tutte|tutti|tuo|tue|ora|non|senza|"
                  "sei|mia|mio|nel"},
};

static void take_small_words(obi_lexicon *lexicon)
{
    for (size_t i = 0; i < OB_COUNT(small_words); i++) {
        ob_span rest = ob_span_str(small_words[i].words);
        ob_span word = {0};
        while (ob_span_cut(&rest, '|', &word)) {
            uint32_t hash = obi_token_hash(word);
            lexicon->langs[hash % OBI_LANG_SLOTS] =
                (uint16_t)((hash >> 16 & 0xfff0U) | small_words[i].lang);
        }
    }
}

static uint32_t without_accent(uint32_t rune)
{
    static const char latin[] = "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
    static const char extended[] =
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
        "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    _Static_assert(sizeof extended == 0x80 + 1, "one letter for each rune");
    if (rune >= 0xc0 && rune < 0x100) {
        return (unsigned char)latin[rune - 0xc0];
    }
    if (rune >= 0x100 && rune < 0x180) {
        return (unsigned char)extended[rune - 0x100];
    }
    switch (rune) {
    case 0x451:
        return 0x435;
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671:
        return 0x627;
    case 0x649:
        return 0x64a;
    case 0x629:
        return 0x647;
    default:
        return rune;
    }
}

/* obi_leet_char of what stands in words, without a branch on what it is. */
static char plain_char(char c)
{
    static const char digits[] = "oi2ea"
                                 "s6t89";
    return obi_is_digit(c) ? digits[c - '0'] : c;
}

size_t obi_plain(ob_span folded, uint32_t flags, char *out)
{
    bool leet = (flags & OBI_TOKEN_DIGIT) != 0 && (flags & OBI_TOKEN_LETTER) != 0;
    size_t len = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; pos < folded.len;) {
        char c = folded.ptr[pos];
        if ((unsigned char)c < 0x80) {
            out[len++] = leet ? plain_char(c) : c;
            pos++;
            continue;
        }
        (void)ob_utf8_next(folded, &pos, &rune);
        len += ob_utf8_put(without_accent(rune), out + len);
    }
    return len;
}

static bool is_han_byte(char c)
{
    return (unsigned char)c >= 0xe3 && (unsigned char)c <= 0xe9;
}

/* How many words of the reader a phrase has. */
static uint8_t count_words(ob_span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) {
        bool han = is_han_byte(text.ptr[i]);
        count += text.ptr[i] == ' ' || (han && i > 0 && text.ptr[i - 1] != ' ');
        i += han ? 2 : 0;
    }
    return (uint8_t)count;
}

/* The key of a plain word. */
static uint32_t key_of(ob_span word)
{
    unsigned char first = (unsigned char)word.ptr[0];
    bool stem = first >= 0xc0 && !is_han_byte(word.ptr[0]);
    return obi_token_hash(ob_span_sub(word, 0, stem ? OBI_KEY_STEM : word.len));
}

uint32_t obi_key_odd(const obi_token *token, const char *folded)
{
    char plain[OBI_TOKEN_MAX] = {0};
    size_t len = obi_plain((ob_span){folded, token->len}, token->flags, plain);
    return key_of((ob_span){plain, len});
}

/* How many Han characters text begins with, three at most. */
static size_t count_han(ob_span text)
{
    size_t count = 0;
    while (count < 3 && 3 * count < text.len && is_han_byte(text.ptr[3 * count])) {
        count++;
    }
    return count;
}

/* The key of so many Han characters. */
static uint64_t key_of_han(ob_span text, size_t count)
{
    uint32_t first = key_of(ob_span_sub(text, 0, 3));
    if (count == 1) {
        return first;
    }
    uint64_t pair = obi_key_pair(first, key_of(ob_span_sub(text, 3, 6)));
    return count == 2 ? pair : obi_key_three(pair, key_of(ob_span_sub(text, 6, 9)));
}

/* The word at at, which a blank ends or a Han character. */
static ob_span word_at(ob_span text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.ptr[end] != ' ' && !is_han_byte(text.ptr[end])) {
        end++;
    }
    return ob_span_sub(text, at, end);
}

/* A phrase is found by two words, unless the second one is known by a beginning that is too short.
 */
static uint64_t entry_key(const obi_entry *entry)
{
    ob_span text = {entry->text, entry->len};
    size_t han = count_han(text);
    if (han > 0) {
        return key_of_han(text, han);
    }
    ob_span first = word_at(text, 0);
    if (first.len == text.len || text.ptr[first.len] != ' ') {
        return key_of(first);
    }
    ob_span second = word_at(text, first.len + 1);
    bool stem = entry->stem && entry->words == 2 &&
                ((unsigned char)second.ptr[0] < 0x80 || second.len < OBI_KEY_STEM);
    return stem ? key_of(first) : obi_key_pair(key_of(first), key_of(second));
}

static bool add_row(const row *from, obi_entry *entries, size_t *count, ob_err *err)
{
    ob_span rest = ob_span_str(from->words);
    ob_span word = {0};
    while (ob_span_cut(&rest, '|', &word)) {
        bool stem = word.len > 0 && word.ptr[word.len - 1] == '*';
        word = ob_span_sub(word, 0, word.len - (stem ? 1 : 0));
        if (*count == ENTRIES_MAX || word.len < 1 || word.len > 255 ||
            (is_han_byte(word.ptr[0]) && word.len < 6) ||
            (stem && ob_span_find(word, OB_SPAN(" "), 0) == SIZE_MAX &&
             ((unsigned char)word.ptr[0] < 0x80 || word.len < OBI_KEY_STEM))) {
            return ob_fail(err, OB_ERR_BUG, "bad word \"%.*s\" of the lexicon", OB_SHOW(word));
        }
        entries[(*count)++] = (obi_entry){.text = word.ptr,
                                          .len = (uint8_t)word.len,
                                          .concept = from->concept,
                                          .words = count_words(word),
                                          .stem = stem};
    }
    return true;
}

/* Whether a word is a number. */
static bool is_number(ob_span word)
{
    size_t i = 0;
    while (i < word.len && word.ptr[i] >= '0' && word.ptr[i] <= '9') {
        i++;
    }
    return i > 0 && i == word.len;
}

/* A phrase that begins with two words of every other sentence weighs nothing: its rest has to. So
 * does one that begins with a number and a word. */
static uint8_t weight_of(const obi_entry *entry)
{
    static const char small[] =
        " the a to for of on is be you your do not don t no any all in as with it this that i m my "
        "at by will have has been are re was and or if from can an we our its he she they them "
        "does "
        "what how what where when there here would could should without ";
    ob_span text = {entry->text, entry->len};
    uint8_t weight = weights[entry->concept];
    ob_span first = word_at(text, 0);
    if (is_number(first) || is_number(word_at(text, first.len + 1))) {
        return 0;
    }
    for (unsigned i = 0; i < 2; i++) {
        char word[12] = " ";
        size_t end = ob_span_find(text, OB_SPAN(" "), 0);
        end = end == SIZE_MAX ? text.len : end;
        if (entry->words < 2 || end > 7 || end == 0) {
            return weight;
        }
        memcpy(word + 1, text.ptr, end);
        word[end + 1] = ' ';
        if (strstr(small, word) == NULL) {
            return weight;
        }
        text = ob_span_sub(text, end + 1, text.len);
    }
    return 0;
}

/* Puts a weight into the table that is asked first; the higher one of two stays. True: it took a
 * free slot. */
static bool note_weight(obi_lexicon *lexicon, uint64_t key, uint8_t weight)
{
    uint64_t hash = obi_key_hash(key);
    uint32_t tag = obi_key_tag(hash);
    uint32_t slot = obi_key_slot(key);
    lexicon->known[obi_lexicon_at(hash)] |= obi_lexicon_bits(lexicon, hash);
    if (weight == 0) {
        return false;
    }
    lexicon->met[obi_lexicon_at(hash)] |= obi_lexicon_bits(lexicon, hash);
    while (lexicon->weights[slot] != 0 && (lexicon->weights[slot] ^ tag) >= 16) {
        slot = (slot + 1) % OBI_WEIGHT_SLOTS;
    }
    bool free_slot = lexicon->weights[slot] == 0;
    if (weight > (lexicon->weights[slot] & 15)) {
        lexicon->weights[slot] = tag | weight;
    }
    return free_slot;
}

/* Pairs of bits, each once; every bit is in as many of them. */
static void make_bits(obi_lexicon *lexicon)
{
    static const unsigned apart[OBI_MET_PAIRS / 64] = {7, 13, 22, 29};
    for (unsigned i = 0; i < OBI_MET_PAIRS; i++) {
        lexicon->bits[i] = (uint64_t)1 << i % 64 | (uint64_t)1 << (i + apart[i / 64]) % 64;
    }
}

/* Sorts the entries by slot, and notes where each slot begins. */
static bool sort(obi_lexicon *lexicon, const obi_entry *from, size_t count, ob_arena *arena,
                 ob_err *err)
{
    lexicon->entries = OB_NEW(arena, obi_entry, count, err);
    lexicon->first = OB_NEW(arena, uint16_t, OBI_WEIGHT_SLOTS + 1, err);
    if (lexicon->entries == NULL || lexicon->first == NULL) {
        return false;
    }
    size_t weighing = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = obi_key_slot(entry_key(&from[i]));
        lexicon->first[slot + 1]++;
        weighing += note_weight(lexicon, entry_key(&from[i]), weight_of(&from[i]));
        /* A quarter of the table that is asked first stays free. */
        if (weighing > WEIGHTS_MAX) {
            return ob_fail(err, OB_ERR_BUG, "too many words of the lexicon weigh something");
        }
    }
    for (size_t i = 0; i < OBI_WEIGHT_SLOTS; i++) {
        lexicon->first[i + 1] = (uint16_t)(lexicon->first[i + 1] + lexicon->first[i]);
    }
    for (size_t i = count; i-- > 0;) {
        uint32_t slot = obi_key_slot(entry_key(&from[i]));
        size_t at = lexicon->first[slot + 1];
        while (at > lexicon->first[slot] && lexicon->entries[at - 1].text != NULL) {
            at--;
        }
        lexicon->entries[at - 1] = from[i];
    }
    lexicon->count = count;
    return true;
}

bool obi_lexicon_build(obi_lexicon **lexicon, ob_arena *arena, ob_err *err)
{
    size_t count = 0;
    obi_lexicon *made = OB_NEW(arena, obi_lexicon, 1, err);
    obi_entry *entries = made == NULL ? NULL : ob_mem_new(ENTRIES_MAX * sizeof *entries);
    if (entries == NULL) {
        return made == NULL ? false : ob_fail(err, OB_ERR_NOMEM, "no memory for the lexicon");
    }
    bool good = true;
    for (size_t i = 0; good && i < OB_COUNT(rows); i++) {
        good = add_row(&rows[i], entries, &count, err);
    }
    take_small_words(made);
    make_bits(made);
    obi_rules_index(made);
    good = good && sort(made, entries, count, arena, err) &&
           obi_matter_build(&made->matter, arena, err);
    ob_mem_free(entries);
    if (good) {
        *lexicon = made;
    }
    return good;
}

/* A window that is being read. Its plain text is made when a word may begin an entry: it is the
 * folded one where all words are plain already, else a copy. */
typedef struct reading {
    const obi_lexicon *lexicon;
    const obi_window *window;
    obi_meaning *meaning;
    const char *text; /* NULL: not made yet */
    size_t end;
    uint16_t at[OBI_WINDOW_WORDS];
    char copy[OBI_WINDOW_BYTES];
} reading;

/* Word by word: with its accents a word loses bytes. */
static void copy_words(reading *r)
{
    const obi_window *window = r->window;
    size_t len = 0;
    for (size_t i = 0; i < window->count; i++) {
        const obi_token *word = &window->words[i];
        ob_span folded = ob_span_sub(window->folded, word->at, (size_t)word->at + word->len);
        bool joined = i > 0 && (word->flags & window->words[i - 1].flags & OBI_TOKEN_HAN) != 0;
        if (i > 0 && !joined) {
            r->copy[len++] = ' ';
        }
        r->at[i] = (uint16_t)len;
        if (obi_is_plain(word->flags)) {
            memcpy(r->copy + len, folded.ptr, folded.len);
            len += folded.len;
        } else {
            len += obi_plain(folded, word->flags, r->copy + len);
        }
    }
    r->text = r->copy;
    r->end = len;
}

/* All at once: letters for digits, which are as many bytes. */
static void copy_all(reading *r)
{
    const obi_token *words = r->window->words;
    const char *first = r->window->folded.ptr + words[0].at;
    r->end -= words[0].at;
    memcpy(r->copy, first, r->end);
    for (size_t i = 0; i < r->window->count; i++) {
        r->at[i] = (uint16_t)(words[i].at - words[0].at);
        if (!obi_is_plain(words[i].flags)) {
            (void)obi_plain((ob_span){first + r->at[i], words[i].len}, words[i].flags,
                            r->copy + r->at[i]);
        }
    }
    r->text = r->copy;
}

static void make_plain(reading *r)
{
    const obi_token *words = r->window->words;
    const obi_token *last = &words[r->window->count - 1];
    bool plain = true;
    bool high = false;
    r->text = r->window->folded.ptr;
    r->end = (size_t)last->at + last->len;
    for (size_t i = 0; i < r->window->count; i++) {
        r->at[i] = words[i].at;
        plain &= obi_is_plain(words[i].flags);
        high |= (words[i].flags & (OBI_TOKEN_HIGH | OBI_TOKEN_HAN)) == OBI_TOKEN_HIGH;
    }
    if (high) {
        copy_words(r);
    } else if (!plain) {
        copy_all(r);
    }
}

static bool matches(const obi_entry *entry, const reading *r, size_t at)
{
    const char *text = r->text + at;
    if (at + entry->len > r->end || text[0] != entry->text[0] ||
        memcmp(text, entry->text, entry->len) != 0) {
        return false;
    }
    bool han = entry->len >= 3 && is_han_byte(entry->text[entry->len - 3]);
    return entry->stem || han || at + entry->len == r->end || text[entry->len] == ' ' ||
           is_han_byte(text[entry->len]);
}

/* Notes what begins at word i among the entries of a slot. */
static void look_up(reading *r, uint64_t key, size_t i)
{
    const obi_lexicon *lexicon = r->lexicon;
    obi_meaning *meaning = r->meaning;
    uint32_t slot = obi_key_slot(key);
    if (r->text == NULL) {
        make_plain(r);
    }
    for (size_t k = lexicon->first[slot]; k < lexicon->first[slot + 1]; k++) {
        const obi_entry *entry = &lexicon->entries[k];
        if (matches(entry, r, r->at[i])) {
            meaning->at[entry->concept] |= (uint64_t)1 << i;
            meaning->seen |= (obi_set)1 << entry->concept;
            meaning->words[i] = entry->words > meaning->words[i] ? entry->words : meaning->words[i];
        }
    }
}

/* The same for the entries that have this key. */
static inline void try_key(reading *r, uint64_t key, size_t i)
{
    if (obi_lexicon_known(r->lexicon, key)) {
        look_up(r, key, i);
    }
}

/* What begins with the Han character that is word i, the first of count in a row, three at most. */
static inline void read_han(reading *r, size_t i, size_t count)
{
    const obi_token *words = r->window->words + i;
    if (count == 1) {
        try_key(r, words[0].hash, i);
        return;
    }
    uint64_t pair = obi_key_pair(words[0].hash, words[1].hash);
    try_key(r, pair, i);
    if (count > 2) {
        try_key(r, obi_key_three(pair, words[2].hash), i);
    }
}

/* The words from i on that are Han characters in a row; returns what is behind them. */
static size_t read_row(reading *r, size_t i)
{
    const obi_window *window = r->window;
    size_t end = i + 1;
    while (end < window->count && (window->words[end].flags & OBI_TOKEN_HAN) != 0) {
        end++;
    }
    for (; i < end; i++) {
        read_han(r, i, end - i);
    }
    return end;
}

void obi_lexicon_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning)
{
    OB_UNSET reading r;
    uint32_t before = 0;
    r.lexicon = lexicon;
    r.window = window;
    r.meaning = meaning;
    r.text = NULL;
    *meaning = (obi_meaning){0};
    memset(meaning->words, 1, sizeof meaning->words);
    for (size_t i = 0; i < window->count;) {
        const obi_token *word = &window->words[i];
        if ((word->flags & OBI_TOKEN_HAN) != 0) {
            i = read_row(&r, i);
            before = 0;
            continue;
        }
        uint32_t key = obi_key(word, window->folded.ptr + word->at);
        try_key(&r, key, i);
        if (i > 0) {
            try_key(&r, obi_key_pair(before, key), i - 1);
        }
        before = key;
        i++;
    }
}
