/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most of a text is plain ASCII words one blank apart: these take the short way (read_plain). All
 * else goes rune by rune (take).
 */
#include "detect/reader.h"

#include "detect/reader_core.h"
#include "detect/reader_runes.h"
#include "detect/runes.h"

#include <ombud/text.h>

/* What ob_utf8_next says of a byte that is no UTF-8. */
#define BAD_BYTE 0xfffd

uint32_t obi_token_hash(ob_span folded)
{
    char padded[OBI_TOKEN_MAX + 8] = {0};
    size_t len = folded.len < OBI_TOKEN_MAX ? folded.len : OBI_TOKEN_MAX;
    if (len > 0) {
        memcpy(padded, folded.ptr, len);
    }
    return obi_hash_padded(padded, len);
}

void obi_reader_start(obi_reader *reader)
{
    *reader = (obi_reader){.gap = OBI_GAP_START};
}

static void quote(obi_reader *reader, bool open)
{
    reader->quoted = open;
    reader->quoted_words = 0;
    reader->gap |= OBI_GAP_QUOTE;
}

/* What a sign beyond ASCII is between words; 0: none of these. */
static uint32_t high_gap(obi_reader *reader, uint32_t rune)
{
    switch (rune) {
    case 0x201c: /* opens in English, closes in German */
        quote(reader, !reader->quoted);
        return OBI_GAP_QUOTE;
    case 0xab:
    case 0x201e:
    case 0x300c:
    case 0x300e:
        quote(reader, true);
        return OBI_GAP_QUOTE;
    case 0xbb:
    case 0x201d:
    case 0x300d:
    case 0x300f:
        quote(reader, false);
        return OBI_GAP_QUOTE;
    case 0x2018:
    case 0x2019:
    case 0x2bc:
        return OBI_GAP_APOSTROPHE;
    case 0x3002:
    case 0xff01:
    case 0xff0e:
    case 0x6d4:
    case 0x964:
        return OBI_GAP_DOT | OBI_GAP_STOP;
    case 0xff1f:
    case 0x61f:
        return OBI_GAP_DOT | OBI_GAP_STOP | OBI_GAP_QUESTION;
    case 0xff0c:
    case 0x3001:
    case 0xff1b:
    case 0x60c:
    case 0x61b:
        return OBI_GAP_COMMA;
    case 0xff1a:
        return OBI_GAP_COLON;
    case 0x3010:
    case 0xff3b:
        return OBI_GAP_SQUARE;
    case 0x3011:
    case 0xff3d:
        return OBI_GAP_CLOSE;
    case 0x2028:
    case 0x2029:
        return OBI_GAP_LINE;
    default:
        return rune >= 0x2010 && rune <= 0x2015 ? OBI_GAP_DASH : 0;
    }
}

/* The folded bytes of the word in progress, and its token. */
static void end_word(obi_reader *reader, obi_token *token)
{
    bool latin = reader->ascii > 0 && reader->alike > 0 && reader->foreign == 0;
    uint32_t flags = reader->flags;
    size_t len = 0;
    for (unsigned i = 0; i < reader->count; i++) {
        uint32_t rune = reader->runes[i];
        if (rune >= 0x80 && obi_rune_is_alike_script(rune)) {
            rune = obi_rune_lower(latin ? obi_rune(rune) : rune);
        }
        if (rune >= 0x80) {
            flags |= OBI_TOKEN_HIGH;
            flags |= rune >= 0x400 && rune < 0x530 ? OBI_TOKEN_CYRILLIC : 0U;
            flags |= obi_rune_is_arabic(rune) ? OBI_TOKEN_ARABIC : 0U;
            flags |= obi_rune_is_hangul(rune) ? OBI_TOKEN_HANGUL : 0U;
        }
        len += ob_utf8_put(rune, reader->folded + len);
    }
    flags |= latin ? OBI_TOKEN_HIDDEN : 0U;
    flags |= reader->capitals > 1 && reader->small == 0 ? OBI_TOKEN_CAPS : 0U;
    *token = (obi_token){.start = reader->start,
                         .end = reader->end,
                         .hash = obi_hash_padded(reader->folded, len),
                         .gap = reader->gap,
                         .flags = (uint16_t)(flags | obi_quote_flag(reader)),
                         .len = (uint8_t)len};
    reader->gap = 0;
    reader->flags = 0;
    reader->count = 0;
    reader->ascii = 0;
    reader->alike = 0;
    reader->foreign = 0;
    reader->capitals = 0;
    reader->small = 0;
}

/* Bytes of a folded word that a rune may need. */
static bool is_full(const obi_reader *reader)
{
    size_t len = 0;
    char bytes[4];
    if (reader->count < OBI_TOKEN_MAX / 4 - 1) {
        return false;
    }
    for (unsigned i = 0; i < reader->count; i++) {
        len += ob_utf8_put(reader->runes[i], bytes);
    }
    return len + 4 > OBI_TOKEN_MAX || reader->count == OBI_TOKEN_RUNES;
}

/* A letter or digit as it is, to be folded by end_word. True: the word before it is full and stands
 * in *token; the rune begins the rest of it. */
static bool add(obi_reader *reader, uint32_t rune, uint32_t small, uint64_t start, uint64_t end,
                uint32_t flags, obi_token *token)
{
    bool cut = is_full(reader);
    if (cut) {
        end_word(reader, token);
        token->flags |= OBI_TOKEN_CUT;
        flags |= OBI_TOKEN_REST;
    }
    if (reader->count == 0) {
        reader->start = start;
        reader->flags |= rune != small ? OBI_TOKEN_CAPITAL : 0U;
    }
    bool digit = small >= '0' && small <= '9';
    reader->flags |= flags | (digit ? OBI_TOKEN_DIGIT : OBI_TOKEN_LETTER);
    reader->capitals = (uint8_t)(reader->capitals + (rune != small));
    reader->small = (uint8_t)(reader->small + (rune == small && !digit));
    reader->ascii = (uint8_t)(reader->ascii + (small < 0x80 && !digit));
    bool either = rune >= 0x80 && obi_rune_is_alike_script(rune);
    if (either) {
        bool alike = obi_rune(rune) > OBI_RUNE_HIDING;
        reader->alike = (uint8_t)(reader->alike + alike);
        reader->foreign = (uint8_t)(reader->foreign + !alike);
    }
    reader->runes[reader->count++] = either ? rune : small; /* end_word knows what it stands for */
    reader->end = end;
    return cut;
}

/* What a rune does. */
typedef enum taken {
    TAKEN,      /* it is read */
    TAKEN_WORD, /* and a word stands in *token */
    NOT_TAKEN   /* a word stands in *token; ask again for the rune */
} taken;

static taken take_ascii(obi_reader *reader, uint32_t rune, uint64_t start, uint64_t end,
                        uint32_t flags, obi_token *token)
{
    if ((obi_reader_kinds[rune] & OBI_IS_WORD) != 0) {
        return add(reader, rune, obi_rune_lower(rune), start, end, flags, token) ? TAKEN_WORD
                                                                                 : TAKEN;
    }
    if (reader->count > 0) {
        end_word(reader, token);
        return NOT_TAKEN;
    }
    obi_take_gap(reader, (unsigned char)rune);
    return TAKEN;
}

static taken take_han(obi_reader *reader, uint32_t rune, uint64_t start, uint64_t end,
                      obi_token *token)
{
    if (reader->count > 0) {
        end_word(reader, token);
        return NOT_TAKEN;
    }
    reader->start = start;
    reader->end = end;
    reader->runes[reader->count++] = rune;
    reader->flags |=
        OBI_TOKEN_LETTER | OBI_TOKEN_HAN | (obi_rune_is_kana(rune) ? (uint32_t)OBI_TOKEN_KANA : 0U);
    end_word(reader, token);
    return TAKEN_WORD;
}

static taken take(obi_reader *reader, uint32_t rune, uint64_t start, uint64_t end, obi_token *token)
{
    if (rune < 0x80) {
        return take_ascii(reader, rune, start, end, 0, token);
    }
    if (obi_rune_is_han(rune)) {
        return take_han(reader, rune, start, end, token);
    }
    uint8_t is = obi_rune(rune);
    if (rune >= 0xe0020 && rune <= 0xe007e) {
        return take_ascii(reader, rune - 0xe0000, start, end, OBI_TOKEN_HIDDEN, token);
    }
    if (is == OBI_RUNE_INVISIBLE || is == OBI_RUNE_HIDING || obi_rune_is_arabic_mark(rune)) {
        reader->flags |= reader->ascii > 0 ? (uint32_t)OBI_TOKEN_HIDDEN : 0U;
        reader->gap |= reader->count == 0 ? (uint32_t)OBI_GAP_HIDDEN : 0U;
        return TAKEN;
    }
    bool stands_for = is > OBI_RUNE_HIDING && (obi_reader_kinds[is] & OBI_IS_WORD) != 0;
    if (stands_for && !obi_rune_is_alike_script(rune)) {
        uint32_t hidden = rune == 0x131 ? 0 : OBI_TOKEN_HIDDEN;
        return take_ascii(reader, is, start, end, hidden, token);
    }
    if (stands_for || is == OBI_RUNE_WORD || obi_rune_is_other_letter(rune)) {
        return add(reader, rune, obi_rune_lower(rune), start, end, 0, token) ? TAKEN_WORD : TAKEN;
    }
    if (reader->count > 0) {
        end_word(reader, token);
        return NOT_TAKEN;
    }
    uint32_t sign = high_gap(reader, rune);
    reader->gap |= sign != 0 ? sign : is == OBI_RUNE_SPACE ? OBI_GAP_BLANK : OBI_GAP_OTHER;
    reader->gap |= rune == BAD_BYTE ? (uint32_t)OBI_GAP_BAD : 0U;
    return TAKEN;
}

/* Bytes of the rune that begins with c, as far as c tells. */
static size_t rune_bytes(char c)
{
    unsigned char first = (unsigned char)c;
    return first < 0xc2 || first > 0xf4 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The rune at *pos beyond ASCII, or the rest of one whose beginning was in an earlier piece. False
 * if it is not complete: what there is of it is kept. */
static bool next_rune(obi_reader *reader, ob_span piece, size_t *pos, bool last, ob_span *rune)
{
    size_t have = reader->carry_len;
    ob_span here = ob_span_sub(piece, *pos, piece.len);
    if (have == 0 && here.len >= rune_bytes(here.ptr[0])) {
        *rune = here;
        return true;
    }
    size_t want = rune_bytes(have > 0 ? reader->carry[0] : here.ptr[0]);
    while (have < want && here.len > 0 &&
           (have == 0 || ((unsigned char)here.ptr[0] & 0xc0) == 0x80)) {
        reader->carry[have++] = here.ptr[0];
        here = ob_span_sub(here, 1, here.len);
        ++*pos;
    }
    reader->carry_len = (uint8_t)have;
    *rune = (ob_span){reader->carry, have};
    return have >= want || last || here.len > 0;
}

/* Reads one rune, or what stands for a bad byte. */
static bool read_rune(obi_reader *reader, ob_span piece, size_t *pos, bool last, obi_token *token,
                      bool *more)
{
    ob_span bytes = {0};
    uint32_t rune = 0;
    size_t used = 0;
    *more = !next_rune(reader, piece, pos, last, &bytes);
    if (*more || !ob_utf8_next(bytes, &used, &rune)) {
        return false;
    }
    taken did = take(reader, rune, reader->place, reader->place + used, token);
    if (did != NOT_TAKEN) {
        reader->place += used;
        if (reader->carry_len > 0) {
            reader->carry_len = (uint8_t)(reader->carry_len - used);
            memmove(reader->carry, reader->carry + used, reader->carry_len);
        } else {
            *pos += used;
        }
    }
    return did != TAKEN;
}

/* A Han character of the main block at pos, which most Chinese text consists of: its token; or
 * false. */
static bool read_han(obi_reader *reader, ob_span piece, size_t pos, obi_token *token)
{
    const unsigned char *at = (const unsigned char *)piece.ptr + pos;
    if (!obi_is_han_at(at, piece.len - pos)) {
        return false;
    }
    /* Put together here: what was just stored in parts is slow to load as a whole. */
    uint64_t bytes = at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    memcpy(reader->folded, at, 3);
#else
    memcpy(reader->folded, &bytes, sizeof bytes);
#endif
    *token = (obi_token){.start = reader->place,
                         .end = reader->place + 3,
                         .hash = obi_hash_short(bytes, 3),
                         .gap = reader->gap,
                         .flags = (uint16_t)(OBI_TOKEN_LETTER | OBI_TOKEN_HAN | OBI_TOKEN_HIGH |
                                             obi_quote_flag(reader)),
                         .len = 3};
    reader->gap = 0;
    reader->place += 3;
    return true;
}

#ifdef __SSE2__

/* As read_plain, for words of up to 15 bytes. */
static size_t read_short(obi_reader *reader, ob_span piece, size_t pos, obi_token *token)
{
    if (piece.len - pos < 16) {
        return 0;
    }
    const unsigned char *from = (const unsigned char *)piece.ptr + pos;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    __m128i letter = obi_in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
    unsigned digits = (unsigned)obi_bits_of(obi_in_range(bytes, '0', 10));
    unsigned capitals = (unsigned)obi_bits_of(obi_in_range(bytes, 'A', 26));
    unsigned word = (unsigned)obi_bits_of(letter) | digits;
    size_t len = (size_t)__builtin_ctz(~word | 0x10000U);
    /* Another script may go on with the word: that is for the long way. Han characters do not. */
    if (len == 16 || (from[len] >= 0x80 && !obi_is_han_at(from + len, piece.len - pos - len))) {
        return 0;
    }
    obi_fold16(from, reader->folded);
    unsigned all = (1U << len) - 1;
    capitals &= all;
    digits &= all;
    uint32_t flags = (digits != 0 ? OBI_TOKEN_DIGIT : 0U) |
                     (digits != all ? OBI_TOKEN_LETTER : 0U) | (capitals & OBI_TOKEN_CAPITAL);
    if (capitals != 0 && (capitals | digits) == all && (capitals & (capitals - 1)) != 0) {
        flags |= OBI_TOKEN_CAPS;
    }
    *token = (obi_token){.start = reader->place,
                         .end = reader->place + len,
                         .hash = obi_hash_padded(reader->folded, len),
                         .gap = reader->gap,
                         .flags = (uint16_t)(flags | obi_quote_flag(reader)),
                         .len = (uint8_t)len};
    reader->gap = 0;
    reader->place += len;
    return len;
}
#else
static size_t read_short(obi_reader *reader, ob_span piece, size_t pos, obi_token *token)
{
    (void)reader;
    (void)piece;
    (void)pos;
    (void)token;
    return 0;
}
#endif

/* A plain word at pos that ends within the piece: its token; or 0. */
static size_t read_plain(obi_reader *reader, ob_span piece, size_t pos, obi_token *token)
{
    unsigned seen = 0;
    size_t len = 0;
    size_t most = piece.len - pos < OBI_TOKEN_RUNES ? piece.len - pos : OBI_TOKEN_RUNES;
    const unsigned char *from = (const unsigned char *)piece.ptr + pos;
    unsigned kind = 0;
    while (len < most && ((kind = obi_reader_kinds[from[len]]) & OBI_IS_WORD) != 0) {
        seen |= kind;
        reader->folded[len] = (char)(from[len] | (kind & OBI_IS_CAPITAL) << 4);
        len++;
    }
    if (len == most || (kind & OBI_IS_HIGH) != 0) {
        return 0;
    }
    uint32_t flags = (seen & OBI_IS_DIGIT) |
                     ((seen & (OBI_IS_SMALL | OBI_IS_CAPITAL)) != 0 ? OBI_TOKEN_LETTER : 0U);
    if ((seen & OBI_IS_CAPITAL) != 0) {
        unsigned capitals = 0;
        for (size_t i = 0; (seen & OBI_IS_SMALL) == 0 && i < len; i++) {
            capitals += (obi_reader_kinds[from[i]] & OBI_IS_CAPITAL) != 0;
        }
        flags |= (obi_reader_kinds[from[0]] & OBI_IS_CAPITAL) != 0 ? OBI_TOKEN_CAPITAL : 0U;
        flags |= capitals > 1 ? OBI_TOKEN_CAPS : 0U;
    }
    *token = (obi_token){.start = reader->place,
                         .end = reader->place + len,
                         .hash = obi_hash_padded(reader->folded, len),
                         .gap = reader->gap,
                         .flags = (uint16_t)(flags | obi_quote_flag(reader)),
                         .len = (uint8_t)len};
    reader->gap = 0;
    reader->place += len;
    return len;
}

bool obi_reader_next(obi_reader *reader, ob_span piece, size_t *pos, bool last, obi_token *token)
{
    bool more = false;
    while (!more && (*pos < piece.len || (last && reader->carry_len > 0))) {
        unsigned char c = *pos < piece.len ? (unsigned char)piece.ptr[*pos] : 0xff;
        if (reader->carry_len == 0 && reader->count == 0 && c < 0x80) {
            if (obi_reader_kinds[c] == 0) {
                if (c == ' ' && reader->gap == 0) {
                    reader->gap = OBI_GAP_BLANK;
                } else {
                    obi_take_gap(reader, c);
                }
                ++*pos;
                reader->place++;
                continue;
            }
            size_t len = read_short(reader, piece, *pos, token);
            len = len > 0 ? len : read_plain(reader, piece, *pos, token);
            if (len > 0) {
                *pos += len;
                return true;
            }
        }
        if (reader->carry_len == 0 && reader->count == 0 && c >= 0xe4 &&
            read_han(reader, piece, *pos, token)) {
            *pos += 3;
            return true;
        }
        if (read_rune(reader, piece, pos, last, token, &more)) {
            return true;
        }
    }
    if (last && reader->count > 0) {
        end_word(reader, token);
        return true;
    }
    return false;
}
