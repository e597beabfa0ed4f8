/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader: a text as a row of folded words, for whatever looks at many words at once (passages,
 * the model, shingles of instructions). It is fed in pieces that may end anywhere and tells the
 * same words for every cut. A word is a run of letters and digits; an apostrophe, a hyphen and an
 * underscore end it. Each Han character and each kana is a word of its own.
 *
 * Folded: small letters; what is full width, circled or mathematical as the ASCII character it
 * stands for; letters that look like Latin ones as these, in words that mix both; tag characters as
 * what they say; what is invisible, marks that combine and Arabic vowel signs dropped. Accents
 * stay.
 *
 * What folding and hashing answer never changes: models and lists of hashes depend on it.
 */
#ifndef OB_DETECT_READER_H
#define OB_DETECT_READER_H

#include <ombud/span.h>

/* Most bytes of a folded word; a longer one is cut into several. */
#define OBI_TOKEN_MAX 64
/* Most runes of one. */
#define OBI_TOKEN_RUNES 62

/* What a word is. */
enum {
    OBI_TOKEN_CAPITAL = 1, /* begins with a capital */
    OBI_TOKEN_CAPS = 2,    /* two letters or more, all capitals */
    OBI_TOKEN_DIGIT = 4,   /* has a digit */
    OBI_TOKEN_LETTER = 8,  /* has a letter */
    OBI_TOKEN_HAN = 16,    /* is one Han character or kana */
    OBI_TOKEN_KANA = 32,   /* with HAN: it is kana */
    OBI_TOKEN_HIGH = 64,   /* its folded form is not ASCII */
    OBI_TOKEN_CYRILLIC = 128,
    OBI_TOKEN_ARABIC = 256,
    OBI_TOKEN_HANGUL = 512,
    OBI_TOKEN_HIDDEN = 1024, /* folding changed more than case: look-alikes, invisible ones, tags */
    OBI_TOKEN_QUOTED = 2048, /* stands within quotes */
    OBI_TOKEN_CUT = 4096,    /* the next word is the rest of it */
    OBI_TOKEN_REST = 8192    /* it is the rest of the word before */
};

/* What stands between the word before, or the start of the text, and a word. */
enum {
    OBI_GAP_BLANK = 1,
    OBI_GAP_WIDE = 2,      /* two blanks or more */
    OBI_GAP_LINE = 4,      /* a line feed */
    OBI_GAP_PARAGRAPH = 8, /* two of them */
    OBI_GAP_STOP = 16,     /* the end of a sentence: . ! ? and a blank behind, or a full one */
    OBI_GAP_QUESTION = 32, /* one of the stops is a question mark */
    OBI_GAP_COLON = 64,
    OBI_GAP_COMMA = 128,   /* or a semicolon */
    OBI_GAP_ANGLE = 256,   /* < */
    OBI_GAP_CLOSE = 512,   /* > ] } ) */
    OBI_GAP_SQUARE = 1024, /* [ */
    OBI_GAP_CURLY = 2048,  /* { */
    OBI_GAP_ROUND = 4096,  /* ( */
    OBI_GAP_PIPE = 8192,
    OBI_GAP_HASH = 16384,
    OBI_GAP_STAR = 32768,
    OBI_GAP_SLASH = 65536,
    OBI_GAP_BACK = 131072, /* backslash */
    OBI_GAP_DASH = 262144,
    OBI_GAP_UNDER = 524288,
    OBI_GAP_QUOTE = 1048576,
    OBI_GAP_APOSTROPHE = 2097152,
    OBI_GAP_EQUALS = 4194304,
    OBI_GAP_PERCENT = 8388608,
    OBI_GAP_AND = 16777216, /* & */
    OBI_GAP_AT = 33554432,  /* @ or $ */
    OBI_GAP_DOT = 67108864, /* . ! ? */
    OBI_GAP_OTHER = 134217728,
    OBI_GAP_START = 268435456,  /* of the text: nothing stands before */
    OBI_GAP_HIDDEN = 536870912, /* something invisible */
    OBI_GAP_BAD = 1073741824    /* what no text has: control characters, bytes that are no UTF-8 */
};

typedef struct obi_token {
    uint64_t start; /* bytes of the text since obi_reader_start, end exclusive */
    uint64_t end;
    uint32_t hash;  /* obi_token_hash of the folded bytes */
    uint32_t gap;   /* OBI_GAP_* */
    uint16_t flags; /* OBI_TOKEN_* */
    uint8_t len;    /* folded bytes */
    /* Of a window (passage.h); 0 from the reader: */
    uint8_t weight; /* what it may mean (lexicon.h) */
    uint16_t gate;  /* what the model's gate says of all words up to this one, modulo 2^16 */
    uint16_t at;    /* where its folded bytes begin */
} obi_token;

typedef struct obi_reader {
    uint64_t place; /* bytes read */
    char folded[OBI_TOKEN_MAX + 8];
    uint32_t runes[OBI_TOKEN_RUNES]; /* of a word that is not plain ASCII, or was cut */
    uint64_t start;                  /* of the word in progress */
    uint64_t end;                    /* behind its last rune that is seen */
    uint32_t gap;
    uint32_t flags;
    uint8_t count;   /* runes of the word in progress */
    uint8_t ascii;   /* letters of ASCII among them */
    uint8_t alike;   /* that look like one */
    uint8_t foreign; /* of these scripts, that look like none */
    uint8_t capitals;
    uint8_t small;
    bool quoted;
    uint8_t quoted_words; /* since the quote began */
    uint8_t carry_len;
    char carry[4]; /* a rune whose rest is still to come */
} obi_reader;

void obi_reader_start(obi_reader *reader);
/*
 * The next word of piece from *pos on, which moves behind what was read; its folded bytes stand in
 * reader->folded until the next call. False: piece is read to its end, the word there may go on in
 * the next piece. last: nothing follows, so the word there ends; call it until it is false.
 */
bool obi_reader_next(obi_reader *reader, ob_span piece, size_t *pos, bool last, obi_token *token);
/* The hash of folded bytes. */
uint32_t obi_token_hash(ob_span folded);

#endif
