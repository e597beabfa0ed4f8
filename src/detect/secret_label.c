/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before a value: a sign (":", "=", "is") and the label in front of it. A label is read
 * backwards as words, so that API_KEY, apiKey, api-key and "API key" are one. In a sentence it may
 * be some words away from its value; in an assignment it is the name that the value is given to.
 */
#include "detect/breaks.h"
#include "detect/secrets.h"

#define WORDS_MAX 10
#define WORD_MAX  16
#define ZONE_MAX  72

/* Words of a label, the last one first. */
typedef struct words {
    char text[WORDS_MAX][WORD_MAX];
    uint8_t len[WORDS_MAX];
    uint8_t blanks[WORDS_MAX]; /* white space between it and the end of the label */
    size_t count;
} words;

typedef struct word_row {
    const char *word;
    uint16_t len;
    uint16_t roles;
} word_row;

static const word_row rows[] = {
#define OB_SECRET_WORD(word, roles) {word, sizeof(word) - 1, roles},
#include "detect/secret_words.def"
#undef OB_SECRET_WORD
};

/* Less, equal or greater; most are told apart by their first characters, before a call would be
 * under way. Letters of ASCII only. */
static int compare(ob_span word, const word_row *row)
{
    for (size_t i = 0; i < word.len && i < row->len; i++) {
        if (word.ptr[i] != row->word[i]) {
            return word.ptr[i] - row->word[i];
        }
    }
    return (int)word.len - (int)row->len;
}

static unsigned roles_of(ob_span word)
{
    size_t low = 0;
    size_t high = OB_COUNT(rows);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare(word, &rows[mid]);
        if (order == 0) {
            return rows[mid].roles;
        }
        if (order < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return 0;
}

/* Names that are written as one word: "dbpassword", "authtoken2". */
static unsigned roles_of_end(ob_span word)
{
    static const char *const ends[] = {"password", "passwd", "passphrase", "pwd",      "secret",
                                       "token",    "apikey", "secretkey",  "accesskey"};
    bool may = word.len > 3 && obi_one_of(word.ptr[word.len - 1], "detny"); /* their last letters */
    for (size_t i = 0; may && i < OB_COUNT(ends); i++) {
        ob_span end = ob_span_str(ends[i]);
        if (word.len > end.len && ob_span_has_suffix(word, end)) {
            return roles_of(end);
        }
    }
    return 0;
}

static char lower(char c)
{
    return obi_is(c, OBI_UPPER) ? (char)(c + 32) : c;
}

/* A word begins at i: a letter behind none, a capital behind a small letter, or the last of several
 * capitals where a small letter follows. */
static bool begins(ob_span text, size_t i)
{
    if (i == 0 || !obi_is(text.ptr[i - 1], OBI_LETTER)) {
        return true;
    }
    return obi_is(text.ptr[i], OBI_UPPER) &&
           (obi_is(text.ptr[i - 1], OBI_LOWER) ||
            (i + 1 < text.len && obi_is(text.ptr[i + 1], OBI_LOWER)));
}

/* The words within reach, in blanks, of the last one, and the one in front of them. */
static void take_words(ob_span text, unsigned reach, words *out)
{
    size_t end = text.len;
    unsigned blanks = 0;
    out->count = 0;
    while (end > 0 && out->count < WORDS_MAX && blanks < 10 &&
           (out->count == 0 || (unsigned)(out->blanks[out->count - 1] - out->blanks[0]) <= reach)) {
        if (!obi_is(text.ptr[end - 1], OBI_LETTER)) {
            blanks += obi_one_of(text.ptr[end - 1], " \t\r\n") ? 1 : 0;
            end--;
            continue;
        }
        size_t start = end - 1;
        while (!begins(text, start)) {
            start--;
        }
        size_t len = end - start;
        if (len <= WORD_MAX) {
            size_t at = out->count++;
            for (size_t i = 0; i < len; i++) {
                out->text[at][i] = lower(text.ptr[start + i]);
            }
            out->len[at] = (uint8_t)len;
            out->blanks[at] = (uint8_t)blanks;
        }
        end = start;
    }
}

static ob_span word_at(const words *list, size_t at)
{
    return (ob_span){list->text[at], list->len[at]};
}

/* The word and the one in front of it as one. */
static unsigned roles_of_pair(const words *list, size_t at)
{
    OB_UNSET char pair[2 * WORD_MAX];
    size_t first = list->len[at + 1];
    memcpy(pair, list->text[at + 1], first);
    memcpy(pair + first, list->text[at], list->len[at]);
    return roles_of((ob_span){pair, first + list->len[at]});
}

/* Words of languages whose letters are not ASCII, or what follows the first letters that are; both
 * cases where a sentence may begin with it. */
static unsigned foreign(ob_span label)
{
    static const word_row list[] = {
#define PASSWORD(word) {word, sizeof(word) - 1, OBI_LABEL_PASSWORD}
#define TOKEN(word)                             \
    {                                           \
        word, sizeof(word) - 1, OBI_LABEL_TOKEN \
    }
        PASSWORD("\u5bc6\u7801"),
        PASSWORD("\u5bc6\u78bc"),
        PASSWORD("\u53e3\u4ee4"),
        TOKEN("\u5bc6\u94a5"),
        TOKEN("\u5bc6\u9470"),
        TOKEN("\u4ee4\u724c"),
        TOKEN("\u51ed\u8bc1"),
        TOKEN("\u79d8\u94a5"),
        PASSWORD("\u30d1\u30b9\u30ef\u30fc\u30c9"),
        PASSWORD("\ube44\ubc00\ubc88\ud638"),
        PASSWORD("\u043f\u0430\u0440\u043e\u043b\u044c"),
        PASSWORD("\u041f\u0430\u0440\u043e\u043b\u044c"),
        TOKEN("\u0442\u043e\u043a\u0435\u043d"),
        TOKEN("\u0422\u043e\u043a\u0435\u043d"),
        TOKEN("\u0441\u0435\u043a\u0440\u0435\u0442"),
        PASSWORD("\u0643\u0644\u0645\u0629 \u0627\u0644\u0645\u0631\u0648\u0631"),
        PASSWORD("\u0643\u0644\u0645\u0629 \u0627\u0644\u0633\u0631"),
        PASSWORD("\u092a\u093e\u0938\u0935\u0930\u094d\u0921"),
        PASSWORD("\u015fifre"),
        PASSWORD("\u015eifre"),
        PASSWORD("\u1eadt kh\u1ea9u"),
#undef PASSWORD
#undef TOKEN
    };
    unsigned found = 0;
    for (size_t i = 0; i + 3 < label.len; i++) {
        if ((unsigned char)label.ptr[i] < 0xc0) {
            continue;
        }
        for (size_t k = 0; k < OB_COUNT(list); k++) {
            if (label.ptr[i] == list[k].word[0] && list[k].len <= label.len - i &&
                memcmp(label.ptr + i, list[k].word, list[k].len) == 0) {
                found |= list[k].roles;
            }
        }
    }
    return found;
}

/* A Wi-Fi passphrase is another family's. */
static bool is_wifi(ob_span label)
{
    return ob_span_find_nocase(label, OB_SPAN("wifi"), 0) != SIZE_MAX ||
           ob_span_find_nocase(label, OB_SPAN("wi-fi"), 0) != SIZE_MAX ||
           ob_span_find_nocase(label, OB_SPAN("wlan"), 0) != SIZE_MAX ||
           ob_span_find(label, OB_SPAN("\u65e0\u7ebf"), 0) != SIZE_MAX;
}

unsigned obi_secret_label_of(ob_span label, unsigned how)
{
    OB_UNSET words list;
    /* In a sentence the label may be some words away; elsewhere it is the name just before. */
    unsigned reach = (how & OBI_LABEL_DIRECT) != 0 ? 1 : (how & OBI_LABEL_STRICT) != 0 ? 3 : 6;
    unsigned roles = 0;
    take_words(label, reach, &list);
    for (size_t i = 0; i < list.count && list.blanks[i] - list.blanks[0] <= (int)reach; i++) {
        bool glued = list.blanks[i] == list.blanks[0];
        unsigned one = roles_of(word_at(&list, i));
        one = one != 0 ? one : roles_of_end(word_at(&list, i));
        unsigned pair = i + 1 < list.count ? roles_of_pair(&list, i) : 0;
        one = pair != 0 ? pair : one;
        if (how == 0 && !glued && (one & OBI_LABEL_TOKEN) != 0) {
            one &= ~(unsigned)OBI_LABEL_PASSWORD; /* "the secret ingredient is" */
        }
        if ((one & OBI_LABEL_PUBLIC) != 0 || (glued && (one & OBI_LABEL_FALSE) != 0) ||
            (i == 0 && (one & OBI_LABEL_ABOUT) != 0)) {
            return 0;
        }
        /* "key" and "id" say what the value is only where they end the name. */
        one &= i == 0 ? ~0U : ~(unsigned)(OBI_LABEL_ID | OBI_LABEL_KEY);
        roles |= one & 0xff;
    }
    if (label.len > 0 && (unsigned char)label.ptr[label.len - 1] >= 0x80) {
        roles |= foreign(label);
    } else if (roles == 0 && (how & OBI_LABEL_DIRECT) == 0) {
        roles = foreign(label);
    }
    unsigned kinds = OBI_LABEL_PASSWORD | OBI_LABEL_TOKEN | OBI_LABEL_KEY | OBI_LABEL_VENDOR;
    return (roles & kinds) == 0 || is_wifi(label) ? 0 : roles | how;
}

/* A sentence or a line ends with it whatever stands behind. */
static bool ends_zone(char c)
{
    uint64_t low = OBI_BREAK('\n') | OBI_BREAK('\r') | OBI_BREAK(';') | OBI_BREAK(',') |
                   OBI_BREAK('!') | OBI_BREAK('?') | OBI_BREAK('(') | OBI_BREAK(')') |
                   OBI_BREAK('<') | OBI_BREAK('>') | OBI_BREAK('&') | OBI_BREAK('=');
    uint64_t high = OBI_BREAK('{') | OBI_BREAK('}') | OBI_BREAK('|');
    uint64_t set = (c & 64) != 0 ? high : low;
    return (unsigned char)c < 0x80 && (set >> (c & 63) & 1) != 0;
}

/* Where the sentence or the line begins that ends at end. */
static ob_span zone(ob_span text, size_t end)
{
    size_t start = end;
    while (start > 0 && end - start < ZONE_MAX) {
        char c = text.ptr[start - 1];
        char next = start < end ? text.ptr[start] : '\0';
        if (ends_zone(c) || (c == '.' && next == ' ') || (c == ':' && next != ':')) {
            break;
        }
        if ((c == '\xef' || c == '\xe3') && end - start >= 2 &&
            (memcmp(text.ptr + start - 1, "\uff0c", 3) == 0 ||
             memcmp(text.ptr + start - 1, "\u3002", 3) == 0)) {
            start += 2;
            break;
        }
        start--;
    }
    return ob_span_sub(text, start, end);
}

#define WORD(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }

/* The word that ends at end is one of the list; it has letters and signs of a token only. How long
 * it is, or 0. */
static size_t ends_with_any(ob_span text, size_t end, const ob_span *list, size_t count)
{
    size_t start = end;
    while (start > 0 && end - start < WORD_MAX && obi_is(text.ptr[start - 1], OBI_TOKEN)) {
        start--;
    }
    ob_span word = ob_span_sub(text, start, end);
    for (size_t i = 0; i < count; i++) {
        if (word.len == list[i].len && ob_span_is_nocase(word, list[i])) {
            return word.len;
        }
    }
    return 0;
}

/* Takes a verb off the end: "is", "to", and what other languages have. */
static bool skip_verb(ob_span text, size_t *end)
{
    static const ob_span verbs[] = {WORD("is"),     WORD("was"),    WORD("are"), WORD("be"),
                                    WORD("equals"), WORD("to"),     WORD("ist"), WORD("es"),
                                    WORD("est"),    WORD("adalah"), WORD("e"),   WORD("as"),
                                    WORD("war")};
    static const ob_span foreign_verbs[] = {WORD("\u662f"),
                                            WORD("\u4e3a"),
                                            WORD("\u70ba"),
                                            WORD("\u306f"),
                                            WORD("\u044d\u0442\u043e"),
                                            WORD("\u0647\u064a"),
                                            WORD("\u0647\u0648"),
                                            WORD("\u00e9"),
                                            WORD("\u00e8")};
    char last = *end > 0 ? text.ptr[*end - 1] : '\0';
    if (obi_is(last, OBI_LETTER)) {
        size_t len = ends_with_any(text, *end, verbs, OB_COUNT(verbs));
        *end -= len;
        return len > 0;
    }
    for (size_t i = 0; (unsigned char)last >= 0x80 && i < OB_COUNT(foreign_verbs); i++) {
        if (ob_span_has_suffix(ob_span_sub(text, 0, *end), foreign_verbs[i])) {
            *end -= foreign_verbs[i].len;
            return true;
        }
    }
    return false;
}

static size_t skip_back(ob_span text, size_t end, const char *set)
{
    while (end > 0 && obi_one_of(text.ptr[end - 1], set)) {
        end--;
    }
    return end;
}

/* Takes ":", "=", "=>", ":=", "?=" and the wide signs off the end. */
static bool skip_sign(ob_span text, size_t *end)
{
    size_t at = skip_back(text, *end, ">");
    at = skip_back(text, at, ":=");
    if (at != *end && (at == 0 || at < skip_back(text, *end, ">"))) {
        *end = skip_back(text, at, "?|+");
        return true;
    }
    ob_span left = ob_span_sub(text, 0, *end);
    if (ob_span_has_suffix(left, OB_SPAN("\uff1a")) ||
        ob_span_has_suffix(left, OB_SPAN("\uff1d"))) {
        *end -= 3;
        return true;
    }
    /* <password>...: the name stands in the tag. */
    if (*end > 1 && text.ptr[*end - 1] == '>' && text.ptr[*end - 2] != '-') {
        *end -= 1;
        return obi_is(text.ptr[*end - 1], OBI_TOKEN);
    }
    return false;
}

/* "Bearer", "Basic" and their like in front of the value itself. */
static bool skip_scheme(ob_span text, size_t *end)
{
    static const ob_span schemes[] = {WORD("bearer"),    WORD("basic"),  WORD("token"),
                                      WORD("api-token"), WORD("apikey"), WORD("digest"),
                                      WORD("flyv1"),     WORD("key")};
    size_t at = skip_back(text, *end, " ");
    if (at == 0 || at == *end || !obi_one_of(text.ptr[at - 1], "rcntey1RCNTEY")) {
        return false;
    }
    size_t len = ends_with_any(text, at, schemes, OB_COUNT(schemes));
    *end = len > 0 ? at - len : *end;
    return len > 0;
}

/* ("api_token", "...": an argument behind the name of what it is. */
static bool skip_comma(ob_span text, size_t *end)
{
    size_t at = skip_back(text, *end, " ");
    if (at < 2 || text.ptr[at - 1] != ',' || !obi_one_of(text.ptr[at - 2], "'\"")) {
        return false;
    }
    *end = at - 1;
    return true;
}

/* An option may stand before end, such as "--token". */
static bool is_option(ob_span text, size_t end)
{
    size_t at = end;
    while (at > 0 && end - at < ZONE_MAX && obi_is(text.ptr[at - 1], OBI_TOKEN)) {
        at--;
    }
    return end - at == ZONE_MAX || (at < end && text.ptr[at] == '-');
}

unsigned obi_secret_label(ob_span text, size_t at, ob_span value)
{
    static const char blank[] = " \t";
    static const char quotes[] = " \t'\"`\\";
    size_t end = skip_back(text, at, "'\"`\\{[(");
    bool quoted = end < at;
    unsigned how = 0;
    size_t scheme = end;
    if (skip_scheme(text, &scheme)) {
        size_t before = skip_back(text, scheme, quotes);
        if (skip_sign(text, &before)) {
            unsigned roles = obi_secret_label_of(zone(text, skip_back(text, before, quotes)),
                                                 OBI_LABEL_STRICT | OBI_LABEL_SCHEME);
            return roles != 0 ? roles : OBI_LABEL_TOKEN | OBI_LABEL_SCHEME;
        }
        static const ob_span bearer = WORD("bearer");
        if (ends_with_any(text, skip_back(text, end, " "), &bearer, 1) > 0) {
            return OBI_LABEL_TOKEN | OBI_LABEL_SCHEME;
        }
    }
    size_t line = skip_back(text, end, " \t");
    end = skip_back(text, end, "\r\n \t");
    if (end < line && (end == 0 || text.ptr[end - 1] != ':')) {
        return 0; /* a value stands in its line, but for "password:" above it */
    }
    size_t sign = end;
    if (skip_sign(text, &sign)) {
        how = OBI_LABEL_STRICT;
        end = skip_back(text, sign, "'\"` \t\\])");
        if (skip_verb(text, &end)) {
            end = skip_back(text, end, blank);
        }
    } else if (quoted && skip_comma(text, &sign)) {
        how = OBI_LABEL_STRICT;
        end = skip_back(text, sign, quotes);
    } else if (skip_verb(text, &sign)) {
        end = skip_back(text, sign, quotes);
    } else {
        how = OBI_LABEL_DIRECT;
        if (value.len > 0 && !obi_secret_alone(value) && !is_option(text, end)) {
            return 0;
        }
    }
    ob_span label = zone(text, end);
    if ((how & OBI_LABEL_DIRECT) != 0) {
        /* "--token VALUE", "-ClientSecret VALUE": as good as an assignment. */
        size_t option = label.len;
        while (option > 0 && obi_is(label.ptr[option - 1], OBI_TOKEN)) {
            option--;
        }
        if (option < label.len && label.ptr[option] == '-' &&
            (option == 0 || label.ptr[option - 1] == ' ')) {
            how = OBI_LABEL_STRICT;
            label = ob_span_sub(label, option, label.len);
        }
    }
    return obi_secret_label_of(label, how);
}
