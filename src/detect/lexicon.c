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

size_t obi_plain(ob_span folded, uint32_t flags, char *out)
{
    bool leet = (flags & OBI_TOKEN_DIGIT) != 0 && (flags & OBI_TOKEN_LETTER) != 0;
    size_t len = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; pos < folded.len;) {
        char c = folded.ptr[pos];
        if ((unsigned char)c < 0x80) {
            out[len++] = leet ? obi_leet_char(c) : c;
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

/* The bytes of the word at at; of Han text count characters. */
static size_t key_len(const char *text, size_t at, size_t end, size_t count)
{
    size_t len = 0;
    if (at < end && is_han_byte(text[at])) {
        while (len < 3 * count && at + len < end && is_han_byte(text[at + len])) {
            len += 3;
        }
        return len;
    }
    while (at + len < end && text[at + len] != ' ' && !is_han_byte(text[at + len])) {
        len++;
    }
    return len;
}

static uint64_t key_of(ob_span word)
{
    char bytes[OBI_KEY_BYTES] = {0};
    memcpy(bytes, word.ptr, word.len < sizeof bytes ? word.len : sizeof bytes);
    return obi_key(bytes, word.len);
}

/* A phrase is found by two words, unless the second one is known by a beginning that is too short.
 */
static uint64_t entry_key(const obi_entry *entry)
{
    ob_span text = {entry->text, entry->len};
    uint64_t first = key_of(ob_span_sub(text, 0, key_len(text.ptr, 0, text.len, 3)));
    size_t at = ob_span_find(text, OB_SPAN(" "), 0);
    if (at == SIZE_MAX || is_han_byte(text.ptr[0])) {
        return first;
    }
    size_t len = key_len(text.ptr, at + 1, text.len, 3);
    bool stem = entry->stem && entry->words == 2 &&
                ((unsigned char)text.ptr[at + 1] < 0x80 || len < OBI_KEY_STEM);
    return stem ? first : obi_key_pair(first, key_of(ob_span_sub(text, at + 1, at + 1 + len)));
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

/* A phrase that begins with two words of every other sentence weighs nothing: its rest has to. */
static uint8_t weight_of(const obi_entry *entry)
{
    static const char small[] =
        " the a to for of on is be you your do not don t no any all in as with it this that i m my "
        "at by will have has been are re was and or if from can an we our its he she they them "
        "does "
        "what how what where when there here would could should without ";
    ob_span text = {entry->text, entry->len};
    uint8_t weight = weights[entry->concept];
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

/* As obi_lexicon_at and obi_lexicon_bits, for the larger number of all keys. */
static inline size_t known_at(uint64_t hash)
{
    return hash >> 52;
}

static inline uint64_t known_bits(uint64_t hash)
{
    return (uint64_t)1 << (hash >> 46 & 63) | (uint64_t)1 << (hash >> 40 & 63);
}

_Static_assert(OBI_KNOWN_BITS / 64 == 1 << (64 - 52), "known_at chooses one of them");

/* Puts a weight into the table that is asked first; the higher one of two stays. True: it took a
 * free slot. */
static bool note_weight(obi_lexicon *lexicon, uint64_t key, uint8_t weight)
{
    uint64_t hash = obi_key_hash(key);
    uint32_t tag = (uint32_t)(hash >> 33) & 0xfff0U;
    uint32_t slot = obi_key_slot(key);
    lexicon->known[known_at(hash)] |= known_bits(hash);
    if (weight == 0) {
        return false;
    }
    lexicon->met[obi_lexicon_at(hash)] |= obi_lexicon_bits(hash);
    while (lexicon->weights[slot] != 0 && (lexicon->weights[slot] ^ tag) >= 16) {
        slot = (slot + 1) % OBI_WEIGHT_SLOTS;
    }
    bool free_slot = lexicon->weights[slot] == 0;
    if (weight > (lexicon->weights[slot] & 15)) {
        lexicon->weights[slot] = (uint16_t)(tag | weight);
    }
    return free_slot;
}

/* Of a row of three Han characters the first two are met as well, so that two which are not need no
 * look at a third. */
static void note_begin(obi_lexicon *lexicon, const obi_entry *entry)
{
    if (is_han_byte(entry->text[0]) && key_len(entry->text, 0, entry->len, 3) > 6 &&
        weight_of(entry) > 0) {
        uint64_t hash = obi_key_hash(key_of((ob_span){entry->text, 6}));
        lexicon->met[obi_lexicon_at(hash)] |= obi_lexicon_bits(hash);
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
        note_begin(lexicon, &from[i]);
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
    obi_rules_index(made);
    good = good && sort(made, entries, count, arena, err) &&
           obi_matter_build(&made->matter, arena, err);
    ob_mem_free(entries);
    if (good) {
        *lexicon = made;
    }
    return good;
}

/* The plain text of a window: its folded bytes where they are plain already, else a copy. */
typedef struct plain {
    const char *text; /* OBI_KEY_BYTES can be read behind it */
    uint16_t at[OBI_WINDOW_WORDS + 1];
    char copy[OBI_WINDOW_BYTES + OBI_KEY_BYTES];
} plain;

/* Whether the folded bytes of a word are plain. */
static bool is_plain(const obi_token *word)
{
    const uint32_t leet = OBI_TOKEN_DIGIT | OBI_TOKEN_LETTER;
    return (word->flags & OBI_TOKEN_HAN) != 0 ||
           ((word->flags & OBI_TOKEN_HIGH) == 0 && (word->flags & leet) != leet);
}

static void copy_plain(const obi_window *window, plain *to)
{
    size_t len = 0;
    for (size_t i = 0; i < window->count; i++) {
        const obi_token *word = &window->words[i];
        ob_span folded = ob_span_sub(window->folded, word->at, (size_t)word->at + word->len);
        bool joined = i > 0 && (word->flags & window->words[i - 1].flags & OBI_TOKEN_HAN) != 0;
        if (i > 0 && !joined) {
            to->copy[len++] = ' ';
        }
        to->at[i] = (uint16_t)len;
        if (is_plain(word)) {
            memcpy(to->copy + len, folded.ptr, folded.len);
            len += folded.len;
        } else {
            len += obi_plain(folded, word->flags, to->copy + len);
        }
    }
    to->at[window->count] = (uint16_t)len;
    memset(to->copy + len, 0, OBI_KEY_BYTES);
    to->text = to->copy;
}

static void make_plain(const obi_window *window, plain *to)
{
    const obi_token *words = window->words;
    bool all = true;
    for (size_t i = 0; i < window->count; i++) {
        to->at[i] = words[i].at;
        all = all && is_plain(&words[i]);
    }
    if (!all || window->count == 0) {
        copy_plain(window, to);
        return;
    }
    to->at[window->count] = (uint16_t)(words[window->count - 1].at + words[window->count - 1].len);
    to->text = window->folded.ptr;
}

static bool matches(const obi_entry *entry, const plain *text, size_t at, size_t end)
{
    if (at + entry->len > end || text->text[at] != entry->text[0] ||
        memcmp(text->text + at, entry->text, entry->len) != 0) {
        return false;
    }
    char next = text->text[at + entry->len];
    bool han = entry->len >= 3 && is_han_byte(entry->text[entry->len - 3]);
    return entry->stem || han || at + entry->len == end || next == ' ' || is_han_byte(next);
}

/* Whether a key may be one of entries; mostly not. */
static inline bool may_be_known(const obi_lexicon *lexicon, uint64_t key)
{
    uint64_t hash = obi_key_hash(key);
    uint64_t bits = known_bits(hash);
    return (lexicon->known[known_at(hash)] & bits) == bits;
}

/* Notes what begins at word i among the entries of a slot. */
static void look_up(const obi_lexicon *lexicon, const plain *text, uint64_t key, size_t i,
                    size_t end, obi_meaning *meaning)
{
    uint32_t slot = obi_key_slot(key);
    for (size_t k = lexicon->first[slot]; k < lexicon->first[slot + 1]; k++) {
        const obi_entry *entry = &lexicon->entries[k];
        if (matches(entry, text, text->at[i], end)) {
            meaning->at[entry->concept] |= (uint64_t)1 << i;
            meaning->seen |= (obi_set)1 << entry->concept;
            meaning->words[i] = entry->words > meaning->words[i] ? entry->words : meaning->words[i];
        }
    }
}

/* The same for the entries that have this key. */
static inline void try_key(const obi_lexicon *lexicon, const plain *text, uint64_t key, size_t i,
                           size_t end, obi_meaning *meaning)
{
    if (may_be_known(lexicon, key)) {
        look_up(lexicon, text, key, i, end, meaning);
    }
}

/* Whether three Han characters stand there. */
static inline bool is_han_row(const char *text, size_t at, size_t end)
{
    return at + 9 <= end && is_han_byte(text[at]) && is_han_byte(text[at + 3]) &&
           is_han_byte(text[at + 6]);
}

static inline uint64_t han_at(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    return bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16;
}

void obi_lexicon_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning)
{
    OB_UNSET plain text;
    uint64_t before = 0;
    *meaning = (obi_meaning){0};
    make_plain(window, &text);
    size_t end = text.at[window->count];
    for (size_t i = 0; i < window->count; i++) {
        size_t at = text.at[i];
        uint32_t flags = window->words[i].flags;
        meaning->words[i] = 1;
        if (is_han_row(text.text, at, end)) { /* most of Chinese text */
            before = obi_key_han(han_at(text.text + at), han_at(text.text + at + 3), 0);
            try_key(lexicon, &text, before, i, end, meaning);
            try_key(lexicon, &text,
                    obi_key_han(han_at(text.text + at), han_at(text.text + at + 3),
                                han_at(text.text + at + 6)),
                    i, end, meaning);
            continue;
        }
        uint64_t key = (flags & OBI_TOKEN_HIGH) == 0
                           ? obi_key_ascii(text.text + at, window->words[i].len)
                           : obi_key(text.text + at, key_len(text.text, at, end, 2));
        try_key(lexicon, &text, key, i, end, meaning);
        if ((flags & OBI_TOKEN_HAN) != 0) {
            uint64_t more = obi_key(text.text + at, key_len(text.text, at, end, 3));
            if (more != key) {
                try_key(lexicon, &text, more, i, end, meaning);
            }
        } else if (i > 0) {
            try_key(lexicon, &text, obi_key_pair(before, key), i - 1, end, meaning);
        }
        before = key;
    }
}
