/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality of two trees. Both may come from the service under test, so the order of members must
 * not make it slow: members are walked in step while the orders agree, and what is left is sorted.
 */
#include <ombud/json.h>

/* ---- numbers, as exact decimals: no double is involved, so nothing is rounded ---- */

typedef struct decimal {
    bool negative;
    bool zero;
    ob_span digits; /* from the first to the last digit that is not 0; may hold the point */
    int64_t place;  /* power of ten of the last of them */
} decimal;

#define EXPONENT_DIGITS 15

static bool read_exponent(ob_span text, int64_t *exponent)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    size_t at = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
    while (at < text.len && text.ptr[at] == '0') {
        at++;
    }
    if (text.len - at > EXPONENT_DIGITS) {
        return false;
    }
    int64_t value = 0;
    for (; at < text.len; at++) {
        value = value * 10 + (text.ptr[at] - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

/* False where the exponent is beyond all reason; text has passed the parser. */
static bool read_decimal(ob_span text, decimal *d)
{
    *d = (decimal){.negative = text.len > 0 && text.ptr[0] == '-'};
    ob_span mantissa = ob_span_sub(text, d->negative, text.len);
    int64_t exponent = 0;
    size_t point = SIZE_MAX;
    for (size_t i = 0; i < mantissa.len; i++) {
        if (mantissa.ptr[i] == '.') {
            point = i;
        } else if (mantissa.ptr[i] == 'e' || mantissa.ptr[i] == 'E') {
            if (!read_exponent(ob_span_sub(mantissa, i + 1, mantissa.len), &exponent)) {
                return false;
            }
            mantissa.len = i;
        }
    }
    size_t first = 0;
    size_t last = mantissa.len;
    while (first < last && (mantissa.ptr[first] == '0' || mantissa.ptr[first] == '.')) {
        first++;
    }
    while (last > first && (mantissa.ptr[last - 1] == '0' || mantissa.ptr[last - 1] == '.')) {
        last--;
    }
    if (first == last) {
        d->zero = true;
        return true;
    }
    int64_t units = (int64_t)(point == SIZE_MAX ? mantissa.len : point) - 1; /* index of 10^0 */
    int64_t at = (int64_t)last - 1;
    d->place = exponent + (at > units ? units + 1 - at : units - at);
    d->digits = ob_span_sub(mantissa, first, last);
    return true;
}

static bool same_digits(ob_span a, ob_span b)
{
    size_t i = 0;
    size_t k = 0;
    for (;;) {
        i += i < a.len && a.ptr[i] == '.';
        k += k < b.len && b.ptr[k] == '.';
        if (i == a.len || k == b.len) {
            return i == a.len && k == b.len;
        }
        if (a.ptr[i++] != b.ptr[k++]) {
            return false;
        }
    }
}

static bool same_number(ob_span a, ob_span b)
{
    decimal left;
    decimal right;
    if (ob_span_is(a, b)) {
        return true;
    }
    if (!read_decimal(a, &left) || !read_decimal(b, &right)) {
        return false;
    }
    if (left.zero || right.zero) {
        return left.zero && right.zero;
    }
    return left.negative == right.negative && left.place == right.place &&
           same_digits(left.digits, right.digits);
}

/* ---- members ---- */

static int by_key(const void *a, const void *b)
{
    const ob_json *const *left = a;
    const ob_json *const *right = b;
    int order = ob_span_compare((*left)->key, (*right)->key);
    /* Members of one name stay in their order. */
    return order != 0 ? order : (*left)->key_at < (*right)->key_at ? -1 : 1;
}

#define FEW_MEMBERS 16

/* The count members from first on, by name. */
static void sort_members(const ob_json **list, const ob_json *first)
{
    size_t count = 0;
    for (const ob_json *m = first; m != NULL; m = m->next) {
        list[count++] = m;
    }
    qsort(list, count, sizeof(const ob_json *), by_key);
}

/* The n-th member (from 0) of that name; NULL if there are fewer. */
static const ob_json *nth_of_name(const ob_json *first, ob_span name, size_t n)
{
    for (const ob_json *m = first; m != NULL; m = m->next) {
        if (ob_span_is(m->key, name) && n-- == 0) {
            return m;
        }
    }
    return NULL;
}

/* Slow and without memory. Both lists are equally long, and no member is matched twice. */
static bool same_one_by_one(const ob_json *a, const ob_json *b)
{
    for (const ob_json *m = a; m != NULL; m = m->next) {
        size_t earlier = 0;
        for (const ob_json *o = a; o != m; o = o->next) {
            earlier += ob_span_is(o->key, m->key);
        }
        const ob_json *match = nth_of_name(b, m->key, earlier);
        if (match == NULL || !ob_json_equal(m, match)) {
            return false;
        }
    }
    return true;
}

static bool same_members(const ob_json *a, const ob_json *b)
{
    /* Usually the orders agree. Either list ends with the other: the counts are equal. */
    while (a != NULL && b != NULL && ob_span_is(a->key, b->key)) {
        if (!ob_json_equal(a, b)) {
            return false;
        }
        a = a->next;
        b = b->next;
    }
    size_t left = 0;
    for (const ob_json *m = a; m != NULL; m = m->next) {
        left++;
    }
    if (left <= FEW_MEMBERS) {
        return same_one_by_one(a, b);
    }
    const ob_json **list = ob_mem_new(2 * left * sizeof(const ob_json *));
    if (list == NULL) {
        return same_one_by_one(a, b); /* there is nobody to tell; slow is better than wrong */
    }
    sort_members(list, a);
    sort_members(list + left, b);
    bool same = true;
    for (size_t i = 0; same && i < left; i++) {
        same = ob_span_is(list[i]->key, list[left + i]->key);
    }
    for (size_t i = 0; same && i < left; i++) {
        same = ob_json_equal(list[i], list[left + i]);
    }
    ob_mem_free(list);
    return same;
}

bool ob_json_equal(const ob_json *a, const ob_json *b)
{
    if (a->kind != b->kind || a->count != b->count) {
        return false;
    }
    switch (a->kind) {
    case OB_JSON_BOOL:
        return a->truth == b->truth;
    case OB_JSON_NUMBER:
        return same_number(a->text, b->text);
    case OB_JSON_STRING:
        return ob_span_is(a->text, b->text);
    case OB_JSON_ARRAY:
        for (const ob_json *x = a->first, *y = b->first; x != NULL; x = x->next, y = y->next) {
            if (!ob_json_equal(x, y)) { /* depth is bounded by the parser */
                return false;
            }
        }
        return true;
    case OB_JSON_OBJECT:
        return same_members(a->first, b->first);
    case OB_JSON_NULL:
    case OB_JSON_ARRAY_END:
    case OB_JSON_OBJECT_END:
    case OB_JSON_KEY:
    case OB_JSON_END:
        break;
    }
    return true;
}
