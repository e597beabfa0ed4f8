/* SPDX-License-Identifier: Apache-2.0 */
/* Names in Han characters. They stand behind a label, because a surname alone is an ordinary word.
 */
#include "detect/find_name.h"
#include "detect/han.h"
#include "detect/name_words.h"

#include <ombud/text.h>

#define HAN_LEN   3
#define NAMES_MAX 6 /* characters, and those of a foreign name up to 12 */

unsigned obi_name_label_before(ob_span text, size_t end)
{
    static const char *const is[] = {"\u662f", "\u4e3a", "\u70ba", "\u53eb"};
    if (end < HAN_LEN || (unsigned char)text.ptr[end - 1] < 0x80) {
        return 0;
    }
    unsigned label = obi_han_name_label(text, end);
    for (size_t i = 0; i < OB_COUNT(is) && label == 0; i++) {
        if (memcmp(text.ptr + end - HAN_LEN, is[i], HAN_LEN) == 0) {
            label = obi_han_name_label(text, end - HAN_LEN);
        }
    }
    return label;
}

typedef struct label {
    unsigned binds; /* as obi_han_name_label */
    bool colon;
} label;

/* The label before at, over what may stand between. */
static label label_before(ob_span text, size_t at)
{
    label found = {0};
    for (unsigned i = 0; i < 6 && at > 0; i++) {
        if (at >= HAN_LEN && memcmp(text.ptr + at - HAN_LEN, "\uff1a", HAN_LEN) == 0) {
            found.colon = true;
            at -= HAN_LEN;
        } else if (strchr(" :=\"\t", text.ptr[at - 1]) != NULL) {
            found.colon = found.colon || text.ptr[at - 1] == ':' || text.ptr[at - 1] == '=';
            at--;
        } else {
            break;
        }
    }
    found.binds = obi_name_label_before(text, at);
    return found;
}

/* Up to the end of the segment. */
typedef struct run {
    uint32_t runes[NAMES_MAX + 1];
    size_t count;
    size_t end;  /* byte behind the last one */
    bool whole;  /* nothing of it was left out */
    bool dotted; /* parts of a foreign name: then only the end counts */
} run;

static run read_run(ob_span text, size_t at)
{
    run read = {.end = at};
    uint32_t rune = 0;
    for (size_t next = at; ob_utf8_next(text, &next, &rune); read.end = next) {
        bool dot = rune == 0xb7 && read.count > 0;
        read.dotted = read.dotted || dot;
        if ((!obi_is_han(rune) && !dot) || obi_han_name_stop(rune) || read.count == 13 ||
            (read.count > NAMES_MAX && !read.dotted)) {
            return read;
        }
        if (!dot) {
            if (read.count <= NAMES_MAX) {
                read.runes[read.count] = rune;
            }
            read.count++;
        }
    }
    read.whole = true;
    return read;
}

static size_t title_len(ob_span text)
{
    static const char *const titles[] = {
        "\u5148\u751f", "\u5973\u58eb", "\u5c0f\u59d0", "\u592a\u592a", "\u8001\u5e08",
        "\u5e08\u5085", "\u540c\u5fd7", "\u5c0f\u59d0", "\u8001\u5e2b", "\u5e2b\u5085",
    };
    for (size_t i = 0; i < OB_COUNT(titles); i++) {
        if (ob_span_has_prefix(text, ob_span_str(titles[i]))) {
            return strlen(titles[i]);
        }
    }
    return 0;
}

/* "None", "unknown", "confidential": filled in where a name is wanted. */
static bool is_blank_value(ob_span text)
{
    static const char *const list[] = {"\u6682\u65e0", "\u4e0d\u8be6", "\u672a\u77e5",
                                       "\u4fdd\u5bc6", "\u533f\u540d", "\u672a\u586b",
                                       "\u5982\u4e0b", "\u540c\u4e0a", "\u672c\u4eba"};
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_has_prefix(text, ob_span_str(list[i]))) {
            return true;
        }
    }
    return false;
}

/* Bytes of the name at the front of text behind a tight label; 0 if there is none. */
static size_t tight_name(ob_span text, const run *read, const label *found, size_t surname)
{
    size_t given = 0;
    if (read->dotted) {
        return read->count >= 3 ? read->end : 0;
    }
    if (surname == 0) {
        bool fits = found->colon && read->whole && read->count >= 2 && read->count <= NAMES_MAX;
        return fits && !is_blank_value(text) ? read->end : 0;
    }
    if (read->count > surname) {
        given = 1;
    }
    if (read->count > surname + 1 &&
        (obi_han_given(read->runes[surname + 1]) || (read->whole && read->count == surname + 2))) {
        given = 2;
    }
    if (given == 0) {
        return 0;
    }
    bool word = obi_han_no_name(text) && !found->colon;
    if (word && (given == 1 || !obi_han_given(read->runes[surname + 1]))) {
        return 0;
    }
    return (surname + given) * HAN_LEN;
}

/* The same behind a loose one: all of it looks like a name, and nothing follows. */
static size_t loose_name(ob_span text, const run *read, size_t surname, size_t titled)
{
    size_t most = surname + 2;
    size_t count = titled > 0 ? titled : read->count;
    if (surname == 0 || count <= surname || count > most || obi_han_no_name(text) ||
        (titled == 0 && !read->whole)) {
        return 0;
    }
    for (size_t i = surname; i < count; i++) {
        if (!obi_han_given(read->runes[i])) {
            return 0;
        }
    }
    return count * HAN_LEN;
}

void obi_find_name_han(obi_scan *scan)
{
    size_t at = scan->from;
    uint32_t rune = 0;
    for (size_t next = at; ob_utf8_next(scan->text, &next, &rune) && obi_han_between(rune);) {
        at = next;
    }
    ob_span text = ob_span_sub(scan->text, at, scan->text.len);
    size_t surname = obi_han_surname(text);
    label found = label_before(scan->text, at);
    if (found.binds == 0 && obi_name_announced(scan->text, at)) {
        found = (label){.binds = 2, .colon = true};
    }
    if (found.binds == 0 || (surname == 0 && !found.colon)) {
        return;
    }
    run read = read_run(text, 0);
    size_t titled = 0; /* characters before a title */
    for (size_t i = surname; i <= surname + 2 && surname > 0 && titled == 0; i++) {
        titled = title_len(ob_span_sub(text, i * HAN_LEN, text.len)) > 0 ? i : 0;
    }
    size_t len = 0;
    if (titled == surname && titled > 0) {
        len = surname * HAN_LEN + title_len(ob_span_sub(text, surname * HAN_LEN, text.len));
    } else if (found.binds == 2 || found.colon) {
        len = titled > 0 ? titled * HAN_LEN : tight_name(text, &read, &found, surname);
    } else {
        len = loose_name(text, &read, surname, titled);
    }
    if (len > 0) {
        obi_found(scan, OB_KIND_NAME_CN, at, at + len, OB_VALID_MAYBE, "name-cn",
                  found.binds == 2 ? 500 : 400);
    }
}
