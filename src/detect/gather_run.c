/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way through plain text: reader and gather in one, for ASCII words of up to 15 bytes,
 * Han characters, and the signs between them. It does what obi_reader_next and obi_gather_add do
 * word by word, and a property test compares the two.
 */
#include "detect/gather_core.h"
#include "detect/reader_core.h"

#ifdef __SSE2__

/* A word of so many bytes goes the long way. */
#    define LONG_WORD 16
/* Bytes of a block, which a number has bits for. */
#    define BLOCK 64

/* The parts of reader and gather that change with each word. Here the compiler may keep them in
 * registers, if they are few; in the gather each byte that is written could be one of them. */
typedef struct run {
    const unsigned char *at;
    const unsigned char *end;
    obi_token *word; /* the next one */
    char *out;       /* behind the folded bytes */
    uint32_t gap;
    uint32_t hash; /* of the word before in the window; 0: none */
    uint32_t key;  /* of the word before: its hash, mostly */
    uint32_t gate;
    size_t next; /* bytes of the word that begins another window */
    obi_block *block;
    /* These do not change. */
    bool last;      /* the text ends at end */
    uint64_t ahead; /* the place of a byte in the text, less its address */
    obi_gather *g;
    obi_reader *reader;
    const obi_lexicon *lexicon;
    const int8_t *table; /* of the gate */
    unsigned bits;       /* of its slots */
} run;

/* What becomes of the bytes at at. */
typedef enum step {
    READ,
    READY,  /* another window begins with a word that comes; it is not read */
    UNKNOWN /* they are for the long way */
} step;

/* A full sign of Chinese text, as its three bytes; 0: another one. */
static inline uint32_t wide_gap(uint32_t bytes)
{
    switch (bytes) {
    case 0x8cbcef: /* U+FF0C, a comma */
    case 0x8180e3: /* U+3001 */
    case 0x9bbcef: /* U+FF1B */
        return OBI_GAP_COMMA;
    case 0x8280e3: /* U+3002, a full stop */
    case 0x81bcef: /* U+FF01 */
        return OBI_GAP_DOT | OBI_GAP_STOP;
    case 0x9fbcef: /* U+FF1F */
        return OBI_GAP_DOT | OBI_GAP_STOP | OBI_GAP_QUESTION;
    case 0x9abcef: /* U+FF1A */
        return OBI_GAP_COLON;
    default:
        return 0;
    }
}

/* A sign of ASCII between words. */
static inline void pass_sign(run *r, unsigned char c)
{
    if (c == ' ' && r->gap == 0) {
        r->gap = OBI_GAP_BLANK;
    } else {
        r->reader->gap = r->gap;
        obi_take_gap(r->reader, c);
        r->gap = r->reader->gap;
    }
    r->at++;
}

static inline size_t count_of(const run *r)
{
    return (size_t)(r->word - r->g->words);
}

/* Whether another window begins with the word of len bytes that comes. */
static inline bool is_next(run *r, uint32_t flags, size_t len)
{
    const uint32_t ends = OBI_GAP_STOP | OBI_GAP_PARAGRAPH | OBI_GAP_LINE;
    r->next = len;
    return r->word == r->g->words + OBI_WINDOW_WORDS ||
           ((r->gap & ends) != 0 && count_of(r) != r->g->fresh && obi_begins(r->gap, flags));
}

/* Notes a word that stands at at. */
static inline void place_word(run *r, uint32_t hash, uint32_t flags, size_t len)
{
    uint64_t start = r->ahead + (uintptr_t)r->at;
    r->gate += (uint32_t)(r->table[obi_model_gate_slot(hash, r->bits)] +
                          r->table[obi_model_gate_pair(r->hash, hash, r->bits)]);
    *r->word = (obi_token){.start = start,
                           .end = start + len,
                           .hash = hash,
                           .gap = r->gap,
                           .flags = (uint16_t)flags,
                           .len = (uint8_t)len,
                           .gate = (uint16_t)r->gate,
                           .at = (uint16_t)(r->out - r->g->folded)};
    r->hash = hash;
    r->at += len;
    r->out += len;
    r->word++;
}

/* What is within quotes is noted at each word. */
static inline uint32_t quoted(const run *r)
{
    return r->reader->quoted ? obi_quote_flag(r->reader) : 0;
}

/* Notes what stands before the word that comes. */
static inline void take_gap(run *r)
{
    if (r->gap > OBI_GAP_BLANK) {
        obi_note_gap(r->g, count_of(r), r->gap);
    }
}

/* Han characters in a row that were met count for the first of them: two for word i, three for the
 * one before. This function and weigh_word are seldom called, and not with the run, whose parts
 * would have to be in memory for that. */
__attribute__((noinline)) static void weigh_han(obi_gather *g, const obi_lexicon *lexicon,
                                                uint64_t two, uint64_t three, size_t i)
{
    obi_weigh_at(g, i, obi_lexicon_weight(lexicon, two));
    if (three != 0) {
        obi_weigh_at(g, i - 1, obi_lexicon_weight(lexicon, three));
    }
}

/* Whether these are the bytes of a Han character of the main block, and of what is behind it. */
static inline bool is_han(uint32_t bytes)
{
    return (bytes & 0xc0c000) == 0x808000 && (bytes & 0xff) - 0xe4 <= 0xe9 - 0xe4;
}

/* The Han character whose bytes these are, behind i words of the window. after: how many of the
 * words before it are Han characters, two at most; pair: the key of both. Returns its own with the
 * one before it. */
static inline uint64_t add_han(run *r, uint32_t bytes, size_t i, unsigned after, uint64_t pair)
{
    const uint32_t flags = OBI_TOKEN_LETTER | OBI_TOKEN_HAN | OBI_TOKEN_HIGH;
    uint32_t hash = obi_hash_short(bytes & 0xffffff, 3);
    uint64_t two = obi_key_pair(r->hash, hash);
    uint64_t three = after > 1 ? obi_key_three(pair, hash) : 0;
    memcpy(r->out, &bytes, sizeof bytes);
    place_word(r, hash, flags | quoted(r), 3);
    unsigned met = obi_lexicon_met(r->lexicon, two);
    met |= obi_lexicon_met(r->lexicon, three);
    if (after > 0 && met != 0) {
        weigh_han(r->g, r->lexicon, two, three, i - 1);
    }
    r->gap = 0;
    return two;
}

/* A row of Han characters, as far as no sign is between them. READY: another window begins with the
 * next one. */
static inline step add_row(run *r)
{
    const uint32_t flags = OBI_TOKEN_LETTER | OBI_TOKEN_HAN | OBI_TOKEN_HIGH;
    size_t i = count_of(r);
    size_t most = (size_t)(r->end - r->at) / 3 + i;
    uint32_t bytes = 0;
    unsigned after = 0;
    uint64_t pair = 0;
    if (is_next(r, flags, 3)) {
        return READY;
    }
    take_gap(r);
    if (i > 0 && (r->word[-1].flags & OBI_TOKEN_HAN) != 0) {
        after = i > 1 && (r->word[-2].flags & OBI_TOKEN_HAN) != 0 ? 2 : 1;
        pair = after > 1 ? obi_key_pair(r->word[-2].hash, r->hash) : 0;
    } else {
        *r->out++ = ' ';
    }
    most = most < OBI_WINDOW_WORDS ? most : OBI_WINDOW_WORDS;
    memcpy(&bytes, r->at, sizeof bytes);
    do {
        pair = add_han(r, bytes, i, after, pair);
        after += after < 2;
        i++;
        memcpy(&bytes, r->at, sizeof bytes);
    } while (after < 2 && i < most && is_han(bytes));
    if (!r->reader->quoted) { /* most of a text: what does not change is not looked at */
        for (; i < most && is_han(bytes); i++) {
            pair = add_han(r, bytes, i, 2, pair);
            memcpy(&bytes, r->at, sizeof bytes);
        }
    }
    r->key = r->hash;
    return READ;
}

/* The flags of a word of len bytes, by which of them are capitals and digits. */
static inline uint32_t flags_of(size_t len, unsigned capitals, unsigned digits)
{
    unsigned all = (1U << len) - 1;
    if ((capitals | digits) == 0) {
        return OBI_TOKEN_LETTER; /* most words */
    }
    uint32_t digit = digits != 0;
    uint32_t letter = digits != all;
    uint32_t caps = ((capitals | digits) == all) & ((capitals & (capitals - 1)) != 0);
    return digit * OBI_TOKEN_DIGIT | letter * OBI_TOKEN_LETTER | (capitals & OBI_TOKEN_CAPITAL) |
           caps * OBI_TOKEN_CAPS;
}

/* Weighs a word that is not like most: it was met, a sign stands before it, or its key is not its
 * hash. before: the key of the one before it. Returns its key. */
__attribute__((noinline)) static uint32_t weigh_word(obi_gather *g, const obi_lexicon *lexicon,
                                                     const obi_token *word, uint32_t before)
{
    uint32_t key = obi_key(word, g->folded + word->at);
    uint64_t pair = obi_key_pair(before, key);
    if (obi_may_weigh(lexicon, key, pair, word->gap)) {
        obi_weigh_at(g, (size_t)(word - g->words), obi_weigh(lexicon, key, pair, word->gap));
    }
    return key;
}

/* Looks at the block that begins at from. Bytes behind the piece are none of these. */
static void look_at_block(obi_block *block, const unsigned char *from, const unsigned char *end)
{
    const __m128i small = _mm_set1_epi8(0x20);
    obi_block made = {.from = from};
    for (unsigned at = 0; at < BLOCK; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + at));
        __m128i letter = obi_in_range(_mm_or_si128(bytes, small), 'a', 26);
        __m128i digit = obi_in_range(bytes, '0', 10);
        made.words |= obi_bits_of(_mm_or_si128(letter, digit)) << at;
        made.digits |= obi_bits_of(digit) << at;
        made.capitals |= obi_bits_of(obi_in_range(bytes, 'A', 26)) << at;
    }
    if ((size_t)(end - from) < BLOCK) {
        made.words &= ((uint64_t)1 << (end - from)) - 1;
    }
    *block = made;
}

/* Adds the word of len bytes at at, which are the bits of range of the block. */
static inline step add_ascii(run *r, size_t len, uint64_t range)
{
    const obi_block *block = r->block;
    uint32_t flags = OBI_TOKEN_LETTER;
    bool odd = r->hash != r->key;
    char *folded = r->out + 1;
    uint64_t halves[2];
    if (((block->capitals | block->digits) & range) != 0) { /* not of most words */
        size_t at = (size_t)(r->at - block->from);
        flags = flags_of(len, (unsigned)((block->capitals & range) >> at),
                         (unsigned)((block->digits & range) >> at));
        odd = odd || !obi_is_plain(flags);
    }
    if (is_next(r, flags, len)) {
        return READY;
    }
    *r->out = ' ';
    obi_fold16(r->at, folded);
    obi_halves_of(folded, len, halves);
    r->out = folded;
    uint32_t hash = obi_hash_halves(halves, len);
    uint64_t pair = obi_key_pair(r->hash, hash);
    uint32_t key = r->key;
    uint32_t gap = r->gap;
    r->key = hash;
    r->g->single |= (uint64_t)(len == 1) << count_of(r);
    take_gap(r);
    place_word(r, hash, flags | quoted(r), len);
    if (odd || obi_may_weigh(r->lexicon, hash, pair, gap)) {
        r->key = weigh_word(r->g, r->lexicon, r->word - 1, key);
    }
    r->gap = 0;
    return READ;
}

/* Passes the signs of ASCII before behind, where another word begins, or the block ends. False:
 * something else comes before that. */
static inline bool pass_signs(run *r, const unsigned char *behind)
{
    while (r->at < behind && *r->at < 0x80) {
        pass_sign(r, *r->at);
    }
    return r->at == behind;
}

/* Whether a word whose letters of ASCII end in front of behind may go on there: with those of
 * another script but Han, or in the next piece. */
static inline bool may_go_on(const run *r, const unsigned char *behind)
{
    if (behind >= r->end) {
        return !r->last;
    }
    return *behind >= 0x80 && !obi_is_han_at(behind, (size_t)(r->end - behind));
}

/*
 * The words that begin in the block, and the signs between them, up to what is not ASCII. Where a
 * word begins and ends is known from the block before anything of it is read: to find the end of
 * each word from its bytes, and with that the next one, would be a chain in which the processor
 * waits at each word.
 */
static inline step read_block(run *r)
{
    obi_block *block = r->block;
    if (block->from == NULL || (size_t)(r->at - block->from) >= BLOCK) {
        look_at_block(block, r->at, r->end);
    }
    const unsigned char *from = block->from;
    uint64_t here = ~(uint64_t)0 << (r->at - from);
    uint64_t begins = block->words & ~(block->words << 1) & here;
    uint64_t ends = ~block->words & block->words << 1 & here << 1;
    for (; begins != 0; begins &= begins - 1, ends &= ends - 1) {
        const unsigned char *word = from + __builtin_ctzll(begins);
        if (word - r->at == 1 && *r->at == ' ' && r->gap == 0) {
            r->gap = OBI_GAP_BLANK; /* before most words */
            r->at++;
        } else if (!pass_signs(r, word)) {
            return READ;
        }
        if (ends == 0) {
            if (word == from) {
                return UNKNOWN;
            }
            block->from = NULL; /* it goes on behind the block: the next one begins with it */
            return READ;
        }
        size_t len = (size_t)__builtin_ctzll(ends) - (size_t)__builtin_ctzll(begins);
        const unsigned char *behind = word + len;
        if (len >= LONG_WORD || may_go_on(r, behind)) {
            return UNKNOWN;
        }
        if (add_ascii(r, len, (ends & -ends) - (begins & -begins)) == READY) {
            return READY;
        }
    }
    size_t left = (size_t)(r->end - from);
    (void)pass_signs(r, from + (left < BLOCK ? left : BLOCK));
    return READ;
}

/* One word, or a sign. */
static inline step take(run *r)
{
    uint32_t bytes = 0;
    if (*r->at < 0x80) {
        return read_block(r);
    }
    if (r->end - r->at < 3) {
        return UNKNOWN;
    }
    memcpy(&bytes, r->at, sizeof bytes);
    if (is_han(bytes)) {
        return add_row(r);
    }
    uint32_t sign = wide_gap(bytes & 0xffffff);
    r->gap |= sign;
    r->at += sign == 0 ? 0 : 3;
    return sign == 0 ? UNKNOWN : READ;
}

/* Puts back what has changed. */
static void leave(const run *r, obi_gather *g, obi_reader *reader)
{
    size_t count = count_of(r);
    if (count > g->count) {
        g->begins |= (uint64_t)(g->count == g->fresh) << g->count;
        g->len = (size_t)(r->out - g->folded);
        g->count = count;
    }
    g->key = r->key;
    g->gate = (uint16_t)r->gate;
    reader->gap = r->gap;
}

size_t obi_gather_run(obi_gather *g, obi_reader *reader, const obi_lexicon *lexicon, ob_span piece,
                      size_t *pos, bool last, obi_block *block)
{
    static const int8_t no_gate[2] = {0};
    if (reader->count > 0 || reader->carry_len > 0 || piece.len == *pos) {
        return 0;
    }
    const unsigned char *start = (const unsigned char *)piece.ptr;
    obi_token *word = &g->words[g->count];
    run r = {.at = start + *pos,
             .end = start + piece.len,
             .word = word,
             .out = g->folded + g->len,
             .gap = reader->gap,
             .hash = g->count == 0 ? 0 : word[-1].hash,
             .key = g->key,
             .gate = g->gate,
             .block = block,
             .last = last,
             .ahead = reader->place - *pos - (uintptr_t)start,
             .g = g,
             .reader = reader,
             .lexicon = lexicon,
             .table = g->model == NULL ? no_gate : g->model->parts.gate,
             .bits = g->model == NULL ? 1 : g->model->parts.gate_bits};
    step did = READ;
    while (did == READ && r.at < r.end) {
        did = take(&r);
    }
    reader->place = r.ahead + (uintptr_t)r.at;
    *pos = (size_t)(r.at - start);
    leave(&r, g, reader);
    return did == READY ? r.next : 0;
}

#else

size_t obi_gather_run(obi_gather *g, obi_reader *reader, const obi_lexicon *lexicon, ob_span piece,
                      size_t *pos, bool last, obi_block *block)
{
    (void)g;
    (void)reader;
    (void)lexicon;
    (void)piece;
    (void)pos;
    (void)last;
    (void)block;
    return 0;
}

#endif
