/* SPDX-License-Identifier: Apache-2.0 */
/* The way from a candidate to its validator: the canonical form, and the table. */
#include "detect/valid_core.h"

ob_valid ob_validate(ob_kind kind, ob_span canonical)
{
    typedef ob_valid validator_fn(ob_span value);
    static validator_fn *const validators[OB_KINDS] = {
#define OB_KIND(constant, id, class, title, region, validator, ...) \
    [OB_KIND_##constant] = obi_valid_##validator,
#include "detect/kinds.def"
#undef OB_KIND
    };
    if ((unsigned)kind >= OB_KINDS || canonical.len < ob_kind_rows[kind].least ||
        canonical.len > ob_kind_rows[kind].most) {
        return OB_VALID_NO;
    }
    return validators[kind](canonical);
}

/* Where the canonical form goes: bytes behind the end are counted and dropped. */
typedef struct sink {
    char *out; /* NULL: only measures */
    size_t cap;
    size_t len;
    bool upper;
} sink;

static void put(sink *to, char c)
{
    if (to->out != NULL && to->len < to->cap) {
        to->out[to->len] = to->upper && obi_is(c, OBI_LOWER) ? (char)(c - 32) : c;
    }
    to->len++;
}

/* No separator that any kind has: nothing to take out. */
static bool is_plain(ob_span raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (!obi_is(c, OBI_ALNUM) && c != '<' && (unsigned char)c < 0x80) {
            return false;
        }
    }
    return true;
}

/* One grouping of a row, up to its end or the next bar, against raw. */
static bool take_groups(ob_span raw, const char *groups, sink *to)
{
    size_t at = 0;
    char blank = '\0'; /* what ~ stood for the first time */
    while (*groups != '\0' && *groups != '|') {
        if (obi_is(*groups, OBI_DIGIT)) {
            size_t count = 0;
            while (obi_is(*groups, OBI_DIGIT)) {
                count = count * 10 + (size_t)(*groups++ - '0');
            }
            for (; count > 0; count--, at++) {
                /* A separator inside a group would make a shape fit by accident. */
                if (at >= raw.len || !is_plain((ob_span){raw.ptr + at, 1})) {
                    return false;
                }
                put(to, raw.ptr[at]);
            }
            continue;
        }
        char want = *groups++;
        char has = at < raw.len ? raw.ptr[at] : '\0';
        if (want == '~') {
            blank = blank == '\0' ? has : blank;
            if (has != blank || (has != ' ' && has != '-')) {
                return false;
            }
        } else if (want == '\n' && has == '\r' && at + 1 < raw.len && raw.ptr[at + 1] == '\n') {
            at++;
        } else if (has != want && (want != '\n' || has != ' ')) {
            return false;
        }
        at++;
    }
    return at == raw.len;
}

/* Any grouping by the separators, two of them in a row at most; a plus and a bracket may begin it.
 */
static bool take_any(ob_span raw, const char *separators, sink *to)
{
    unsigned row = 0;
    bool bracket = strchr(separators, '(') != NULL;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        /* "+44 (0) 20 ...": the digit that is left out behind a country calling code. */
        if (bracket && c == '(' && raw.ptr[0] == '+' &&
            ob_span_has_prefix(ob_span_sub(raw, i, raw.len), OB_SPAN("(0)"))) {
            i += 2;
            row = row > 0 ? row : 1;
        } else if (obi_is(c, OBI_ALNUM) || (bracket && i == 0 && c == '+')) {
            put(to, c);
            row = 0;
        } else if (c == '\0' || strchr(separators, c) == NULL || ++row > 2 ||
                   (i == 0 && c != '(')) {
            return false;
        }
    }
    return row == 0;
}

static void take_all(ob_span raw, sink *to)
{
    to->len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        put(to, raw.ptr[i]);
    }
}

/* Whether a grouping begins with a number that only a separator can follow, and raw, which begins
 * with lead bytes that are no separators, does not. */
static bool begins_otherwise(const char *groups, size_t lead)
{
    size_t count = 0;
    const char *at = groups;
    for (; obi_is(*at, OBI_DIGIT); at++) {
        count = count * 10 + (size_t)(*at - '0');
    }
    return at > groups && count != lead && (unsigned char)*at < 0x80 && *at != '<' &&
           !obi_is(*at, OBI_ALNUM);
}

static bool take(const ob_kind_row *row, ob_span raw, sink *to)
{
    const char *groups = row->groups;
    if (groups[0] == '*') {
        return take_any(raw, groups + 1, to);
    }
    size_t lead = 0;
    while (groups[0] != '\0' && lead < raw.len && is_plain((ob_span){raw.ptr + lead, 1})) {
        lead++;
    }
    while (groups[0] != '\0') {
        to->len = 0;
        if (!begins_otherwise(groups, lead) && take_groups(raw, groups, to)) {
            return true;
        }
        while (*groups != '\0' && *groups++ != '|') {
        }
    }
    if (row->groups[0] != '\0' && lead < raw.len) {
        return false;
    }
    take_all(raw, to);
    return true;
}

bool ob_canonical(ob_kind kind, ob_span raw, char *out, size_t cap, size_t *len)
{
    if ((unsigned)kind >= OB_KINDS) {
        return false;
    }
    const ob_kind_row *row = &ob_kind_rows[kind];
    sink to = {.cap = cap, .upper = row->letters == OB_LETTERS_UPPER};
    /* Separators at most double a value, and its brackets are few: a longer one is refused unread.
     */
    if (raw.len > (size_t)row->most * 3 + 8 || !take(row, raw, &to) || to.len < row->least ||
        to.len > row->most || to.len > cap) {
        return false;
    }
    to.out = out; /* it fits: now for good */
    to.len = 0;
    (void)take(row, raw, &to);
    *len = to.len;
    return true;
}
