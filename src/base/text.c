/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/text.h>

/* Length of the valid sequence at the start of text, 0 if there is none. */
static size_t sequence(const unsigned char *at, size_t left, uint32_t *rune)
{
    unsigned char lead = at[0];
    if (lead < 0x80) {
        *rune = lead;
        return 1;
    }
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || left < length) {
        return 0;
    }
    uint32_t value = (uint32_t)(lead & (0xff >> (length + 1)));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (at[i] & 0x3f);
    }
    /* Overlong three and four byte forms, surrogates, beyond the last plane. */
    if ((length == 3 && value < 0x800) || (length == 4 && value < 0x10000) || value > 0x10ffff ||
        (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *rune = value;
    return length;
}

size_t ob_utf8_bad(ob_span text)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t rune = 0;
        size_t length = sequence((const unsigned char *)text.ptr + at, text.len - at, &rune);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return SIZE_MAX;
}

bool ob_utf8_next(ob_span text, size_t *pos, uint32_t *rune)
{
    if (*pos >= text.len) {
        return false;
    }
    size_t length = sequence((const unsigned char *)text.ptr + *pos, text.len - *pos, rune);
    if (length == 0) {
        *rune = 0xfffd;
        length = 1;
    }
    *pos += length;
    return true;
}

size_t ob_utf8_put(uint32_t rune, char out[4])
{
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) {
        rune = 0xfffd;
    }
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    size_t length = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (rune & 0x3f));
        rune >>= 6;
    }
    out[0] = (char)((0xf00 >> length & 0xff) | rune);
    return length;
}

void ob_text_place(ob_span text, size_t offset, size_t *line, size_t *column)
{
    *line = 1;
    *column = 1;
    uint32_t rune = 0;
    for (size_t at = 0; at < offset && ob_utf8_next(text, &at, &rune);) {
        if (rune == '\n') {
            (*line)++;
            *column = 1;
        } else {
            (*column)++;
        }
    }
}

#define WORD_MAX 48

/* Damerau-Levenshtein distance, optimal string alignment, of short words. */
static size_t distance(ob_span a, ob_span b)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i - 1) % 3];
        const size_t *twice = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = before[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            cost = before[j] + 1 < cost ? before[j] + 1 : cost;
            cost = now[j - 1] + 1 < cost ? now[j - 1] + 1 : cost;
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
                twice[j - 2] + 1 < cost) {
                cost = twice[j - 2] + 1;
            }
            now[j] = cost;
        }
    }
    return rows[a.len % 3][b.len];
}

const char *ob_text_nearest(ob_span word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    if (word.len == 0 || word.len > WORD_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        ob_span name = ob_span_str(names[i]);
        if (name.len > WORD_MAX) {
            continue;
        }
        size_t far = distance(word, name);
        size_t most = (name.len > word.len ? name.len : word.len) / 3;
        if (far <= (most == 0 ? 1 : most) && far < best_distance) {
            best = names[i];
            best_distance = far;
        }
    }
    return best;
}

int ob_text_index(ob_span word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is_str(word, names[i])) {
            return (int)i;
        }
    }
    return -1;
}

/* Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible date
 * algorithms"). */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    unsigned of_era = (unsigned)(year - era * 400);
    unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + (int64_t)days - 719468;
}

void ob_time_format(int64_t wall_ms, char out[32])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    int64_t rest = wall_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    struct tm parts = {0};
    (void)gmtime_r(&seconds, &parts);
    /* Not %Y, which gives a year before 1000 fewer than the four digits of RFC 3339. */
    int year = snprintf(out, 32, "%04d", parts.tm_year + 1900);
    size_t used = year < 0 ? 0 : (size_t)year;
    used += strftime(out + used, 32 - used, "-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(out + used, 32 - used, ".%03dZ", (int)rest);
}

static bool number(ob_span text, size_t start, size_t count, unsigned *value)
{
    ob_err ignored = {0};
    uint64_t read = 0;
    ob_span part = ob_span_sub(text, start, start + count);
    if (part.len != count || !ob_span_to_u64(part, &read, &ignored)) {
        return false;
    }
    *value = (unsigned)read;
    return true;
}

bool ob_time_parse(ob_span text, int64_t *wall_ms, ob_err *err)
{
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    static const unsigned char lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool good = text.len >= 10 && number(text, 0, 4, &year) && text.ptr[4] == '-' &&
                number(text, 5, 2, &month) && text.ptr[7] == '-' && number(text, 8, 2, &day) &&
                month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] &&
                (month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)));
    if (good && text.len > 10) {
        good = text.len == 20 && (text.ptr[10] == 'T' || text.ptr[10] == 't') &&
               number(text, 11, 2, &hour) && text.ptr[13] == ':' && number(text, 14, 2, &minute) &&
               text.ptr[16] == ':' && number(text, 17, 2, &second) &&
               (text.ptr[19] == 'Z' || text.ptr[19] == 'z') && hour < 24 && minute < 60 &&
               second < 61;
    }
    if (!good) {
        OB_AUTO(ob_buf) shown = {.max = 4 * 40 + 4};
        ob_buf_add_shown(&shown, text, 40);
        return ob_fail(err, OB_ERR_INPUT,
                       "'%.*s' is not a date like 2026-11-24 or 2026-11-24T08:00:00Z",
                       OB_SHOW(ob_buf_span(&shown)));
    }
    *wall_ms =
        ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60000 + (int64_t)second * 1000;
    return true;
}

#define SIX(a)     (a) + 1, (a) + 2, (a) + 3, (a) + 4, (a) + 5, (a) + 6
#define LETTERS(a) SIX(a), SIX((a) + 6), SIX((a) + 12), SIX((a) + 18), (a) + 25, (a) + 26

/* The value of a character of base64 and 1; 0: it is none. */
static const uint8_t base64_values[256] = {
    ['A'] = LETTERS(0), ['a'] = LETTERS(26), ['0'] = SIX(52), ['6'] = 59, 60, 61, 62,
    ['+'] = 63,         ['-'] = 63,          ['/'] = 64,      ['_'] = 64,
};

int ob_base64_value(char c)
{
    return base64_values[(unsigned char)c] - 1;
}

size_t ob_base64_read(ob_span text, char *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = ob_base64_value(text.ptr[i]);
        if (value < 0) {
            break;
        }
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[len++] = (char)(bits >> held & 0xff);
        }
    }
    return len;
}
