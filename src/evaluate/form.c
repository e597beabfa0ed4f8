/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/form.h"

#include <math.h>

typedef struct form_part {
    ob_span before;       /* plain text in front */
    const char *alphabet; /* NULL at the end */
    uint64_t count;
} form_part;

static const struct {
    const char *word;
    const char *alphabet;
} kinds[] = {
    {"hex", "0123456789abcdef"},
    {"digits", "0123456789"},
    {"alpha", "abcdefghijklmnopqrstuvwxyz"},
};

static bool next_part(ob_span *rest, form_part *part, ob_err *err)
{
    size_t open = ob_span_find(*rest, OB_SPAN("{{"), 0);
    *part = (form_part){.before = *rest};
    if (open == SIZE_MAX) {
        *rest = (ob_span){"", 0};
        return true;
    }
    size_t close = ob_span_find(*rest, OB_SPAN("}}"), open);
    if (close == SIZE_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "a form needs '}}' behind '{{'");
    }
    ob_span inside = ob_span_sub(*rest, open + 2, close);
    ob_span word = {0};
    ob_span number = inside;
    part->before = ob_span_sub(*rest, 0, open);
    *rest = ob_span_sub(*rest, close + 2, rest->len);
    if (!ob_span_cut(&number, ':', &word) || !ob_span_to_u64(number, &part->count, err) ||
        part->count == 0 || part->count > 64) {
        return ob_fail(err, OB_ERR_INPUT, "'{{%.*s}}' is not like {{hex:16}} (1 to 64)",
                       OB_SHOW(ob_span_sub(inside, 0, 40)));
    }
    for (size_t i = 0; i < OB_COUNT(kinds); i++) {
        if (ob_span_is_str(word, kinds[i].word)) {
            part->alphabet = kinds[i].alphabet;
            return true;
        }
    }
    return ob_fail(err, OB_ERR_INPUT, "a form knows hex, digits and alpha, not '%.*s'",
                   OB_SHOW(ob_span_sub(word, 0, 40)));
}

bool ob_form_fill(ob_span form, ob_rng *rng, ob_buf *out, ob_err *err)
{
    while (form.len > 0) {
        form_part part;
        if (!next_part(&form, &part, err)) {
            return false;
        }
        ob_buf_add(out, part.before);
        size_t letters = part.alphabet == NULL ? 0 : strlen(part.alphabet);
        for (uint64_t i = 0; letters > 0 && i < part.count; i++) {
            ob_buf_add_char(out, part.alphabet[ob_rng_below(rng, letters)]);
        }
    }
    return ob_buf_check(out, "a planted value", err);
}

double ob_form_bits(ob_span form, ob_err *err)
{
    double bits = 0;
    while (form.len > 0) {
        form_part part;
        if (!next_part(&form, &part, err)) {
            return 0;
        }
        if (part.alphabet != NULL) {
            bits += (double)part.count * log2((double)strlen(part.alphabet));
        }
    }
    return bits;
}
