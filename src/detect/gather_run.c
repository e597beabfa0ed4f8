/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way through plain text: reader and gather in one, for ASCII words of up to 15 bytes,
 * Han characters, and the signs between them. It does what obi_reader_next and obi_gather_add do
 * word by word, and a property test compares the two.
 */
#include "detect/gather_core.h"
#include "detect/reader_core.h"

#ifdef __SSE2__

/* Bytes that are looked at together. */
#    define STEP 16

/* The parts of reader and gather that change with each word. Here the compiler may keep them in
 * registers; in the gather each byte that is written could be one of them. */
typedef struct run {
    const unsigned char *at;
    const unsigned char *end;
    uint64_t ahead; /* the place of a byte in the text, less its address */
    uint32_t gap;
    uint32_t hash;   /* of the word before in the window; 0: none */
    uint32_t han[2]; /* as in the gather */
    bool after_han;
    bool begins; /* the two Han characters before may begin a row of three that means something */
    size_t count;
    obi_token *word;  /* the next one */
    char *out;        /* behind the folded bytes */
    uint8_t *weights; /* of the next word */
    int16_t *gates;
    uint64_t key;
    uint64_t odd;
    unsigned weight;
    int gate;
    /* These do not change. */
    const obi_gather *g;
    obi_reader *reader;
    const obi_lexicon *lexicon;
    const int8_t *table; /* of the gate; NULL: none */
    unsigned bits;       /* of its slots */
    size_t next;         /* bytes of the word that begins another window */
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

/* Whether another window begins with the word of len bytes that comes. */
static inline bool is_next(run *r, uint32_t flags, size_t len)
{
    const uint32_t ends = OBI_GAP_STOP | OBI_GAP_PARAGRAPH | OBI_GAP_LINE;
    r->next = len;
    return r->count == OBI_WINDOW_WORDS ||
           ((r->gap & ends) != 0 && r->count != r->g->fresh && obi_begins(r->gap, flags));
}

/* Notes a word and passes its bytes. */
static inline void place_word(run *r, uint32_t hash, uint32_t flags, size_t len)
{
    uint64_t start = r->ahead + (uintptr_t)r->at;
    flags |= r->reader->quoted ? obi_quote_flag(r->reader) : 0;
    *r->word = (obi_token){.start = start,
                           .end = start + len,
                           .hash = hash,
                           .flags = flags,
                           .gap = r->gap,
                           .at = (uint16_t)(r->out - r->g->folded),
                           .len = (uint8_t)len};
    r->at += len;
    r->gap = 0;
}

/* Adds what a word says to the gate. */
static inline void add_gate(run *r, uint32_t hash)
{
    if (r->table != NULL) {
        int gate = r->table[obi_model_gate_slot(hash, r->bits)] +
                   r->table[obi_model_gate_pair(r->hash, hash, r->bits)];
        *r->gates = (int16_t)gate;
        r->gate += gate;
    }
    r->gates++;
    r->hash = hash;
}

/* Adds the word, whose folded bytes stand where they belong. */
static inline void count_word(run *r, uint32_t hash, size_t len, uint8_t weight)
{
    *r->weights++ = weight;
    r->weight += weight;
    if (obi_word_is_odd(r->word->gap, len)) {
        r->odd |= (uint64_t)1 << r->count;
    }
    add_gate(r, hash);
    r->out += len;
    r->word++;
    r->count++;
}

/* What count Han characters and the one that comes mean together counts for the first of them.
 * Whether they may mean something. */
static inline bool weigh_han(run *r, uint64_t key, size_t count)
{
    if (!obi_lexicon_met(r->lexicon, key)) {
        return false;
    }
    obi_weigh_han(r->lexicon, key, r->weights - count, &r->weight);
    return true;
}

static inline step add_han(run *r, uint32_t bytes)
{
    const uint32_t flags = OBI_TOKEN_LETTER | OBI_TOKEN_HAN | OBI_TOKEN_HIGH;
    uint32_t han = bytes & 0xffffff;
    if (is_next(r, flags, 3)) {
        return READY;
    }
    if (!r->after_han && r->count > 0) {
        *r->out++ = ' ';
    }
    uint32_t hash = obi_hash_short(han, 3);
    place_word(r, hash, flags, 3);
    memcpy(r->out, &bytes, sizeof bytes);
    if (r->han[0] != 0 && r->count >= 1) {
        bool began = r->begins;
        r->begins = weigh_han(r, obi_key_han(r->han[0], han, 0), 1);
        if (began && r->han[1] != 0 && r->count >= 2) {
            (void)weigh_han(r, obi_key_han(r->han[1], r->han[0], han), 2);
        }
    }
    r->han[1] = r->han[0];
    r->han[0] = han;
    r->key = 0;
    r->after_han = true;
    count_word(r, hash, 3, 0);
    return READ;
}

/* Whether these are the bytes of a Han character of the main block, and of what is behind it. */
static inline bool is_han(uint32_t bytes)
{
    return (bytes & 0xc0c000) == 0x808000 && (bytes & 0xff) - 0xe4 <= 0xe9 - 0xe4;
}

/* The Han characters that follow one without a sign between: what does not change from one to the
 * next is not looked at. */
static inline void add_han_row(run *r)
{
    const uint32_t flags = OBI_TOKEN_LETTER | OBI_TOKEN_HAN | OBI_TOKEN_HIGH;
    uint32_t before = r->han[0];
    uint32_t second = r->han[1];
    size_t most = (size_t)(r->end - r->at) / 3;
    most = most < OBI_WINDOW_WORDS - r->count ? most : OBI_WINDOW_WORDS - r->count;
    size_t i = 0;
    for (; i < most; i++) {
        uint32_t bytes = 0;
        memcpy(&bytes, r->at, sizeof bytes);
        if (!is_han(bytes)) {
            break;
        }
        uint32_t han = bytes & 0xffffff;
        uint32_t hash = obi_hash_short(han, 3);
        uint64_t start = r->ahead + (uintptr_t)r->at;
        *r->word = (obi_token){.start = start,
                               .end = start + 3,
                               .hash = hash,
                               .flags = flags,
                               .at = (uint16_t)(r->out - r->g->folded),
                               .len = 3};
        memcpy(r->out, &bytes, sizeof bytes);
        *r->weights++ = 0;
        bool began = r->begins;
        r->begins = weigh_han(r, obi_key_han(before, han, 0), 2);
        if (began && second != 0 && r->count + i >= 2) {
            (void)weigh_han(r, obi_key_han(second, before, han), 3);
        }
        add_gate(r, hash);
        second = before;
        before = han;
        r->at += 3;
        r->out += 3;
        r->word++;
    }
    r->han[0] = before;
    r->han[1] = second;
    r->count += i;
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

static inline step add_ascii(run *r)
{
    unsigned capitals = 0;
    unsigned digits = 0;
    bool goes_on = false;
    char *folded = r->out + (r->count > 0);
    *r->out = ' ';
    size_t len = obi_fold16(r->at, folded, &capitals, &digits, &goes_on);
    size_t left = (size_t)(r->end - r->at);
    if (len >= STEP || len >= left || (goes_on && !obi_is_han_at(r->at + len, left - len))) {
        return UNKNOWN; /* it may go on */
    }
    unsigned all = (1U << len) - 1;
    uint64_t halves[2];
    digits &= all;
    uint32_t flags = flags_of(len, capitals & all, digits);
    if (is_next(r, flags, len)) {
        return READY;
    }
    obi_halves_ascii(folded, len, halves);
    r->out = folded;
    uint32_t hash = obi_hash_halves(halves, len);
    place_word(r, hash, flags, len);
    uint64_t before = r->key;
    r->key = digits == 0 ? obi_key_halves(halves) : obi_gather_odd_key(r->word, folded);
    r->han[0] = 0;
    r->han[1] = 0;
    r->after_han = false;
    count_word(r, hash, len, obi_weigh(r->lexicon, before, r->key, r->word->gap));
    bool blank = *r->at == ' '; /* no branch: half of them would be guessed wrong */
    r->gap = blank * (uint32_t)OBI_GAP_BLANK;
    r->at += blank;
    return READ;
}

/* One word, or a sign. */
static inline step take(run *r)
{
    unsigned char c = *r->at;
    if (c < 0x80) {
        if ((obi_reader_kinds[c] & OBI_IS_WORD) != 0) {
            return add_ascii(r);
        }
        pass_sign(r, c);
        return READ;
    }
    uint32_t bytes = 0;
    if (r->end - r->at < 3) {
        return UNKNOWN;
    }
    memcpy(&bytes, r->at, sizeof bytes);
    if (is_han(bytes)) {
        step did = add_han(r, bytes);
        if (did == READ && !r->reader->quoted) {
            add_han_row(r);
        }
        return did;
    }
    uint32_t sign = wide_gap(bytes & 0xffffff);
    r->gap |= sign;
    r->at += sign == 0 ? 0 : 3;
    return sign == 0 ? UNKNOWN : READ;
}

/* Puts back what has changed. */
static void leave(const run *r, obi_gather *g, obi_reader *reader)
{
    if (g->count == g->fresh && r->count > g->count) {
        g->sentences[g->sentence_count++] = (uint8_t)g->count;
    }
    if (r->count > g->count) {
        g->len = (size_t)r->word[-1].at + r->word[-1].len;
    }
    g->count = r->count;
    g->key = r->key;
    g->han[0] = r->han[0];
    g->han[1] = r->han[1];
    g->odd = r->odd;
    g->weight = r->weight;
    g->gate = r->gate;
    reader->gap = r->gap;
}

size_t obi_gather_run(obi_gather *g, obi_reader *reader, const obi_lexicon *lexicon, ob_span piece,
                      size_t *pos)
{
    if (reader->count > 0 || reader->carry_len > 0 || piece.len == *pos) {
        return 0;
    }
    const unsigned char *start = (const unsigned char *)piece.ptr;
    obi_token *word = &g->words[g->count];
    run r = {.at = start + *pos,
             .end = start + piece.len,
             .ahead = reader->place - *pos - (uintptr_t)start,
             .gap = reader->gap,
             .hash = g->count == 0 ? 0 : word[-1].hash,
             .han = {g->han[0], g->han[1]},
             .after_han = g->count > 0 && (word[-1].flags & OBI_TOKEN_HAN) != 0,
             .begins = true,
             .count = g->count,
             .word = word,
             .out = g->folded + g->len,
             .weights = &g->weights[g->base + g->count],
             .gates = &g->gates[g->base + g->count],
             .key = g->key,
             .odd = g->odd,
             .weight = g->weight,
             .gate = g->gate,
             .g = g,
             .reader = reader,
             .lexicon = lexicon,
             .table = g->model == NULL ? NULL : g->model->parts.gate,
             .bits = g->model == NULL ? 0 : g->model->parts.gate_bits};
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
                      size_t *pos)
{
    (void)g;
    (void)reader;
    (void)lexicon;
    (void)piece;
    (void)pos;
    return 0;
}

#endif
