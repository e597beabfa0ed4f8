/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/train.h"

typedef struct wrap {
    const char *lang;
    const char *before;
    const char *after;
    bool json; /* the text becomes a string of it */
} wrap;

static const wrap wraps[] = {
#define OB_WRAP(lang_, before_, after_, json_) \
    {.lang = (lang_), .before = (before_), .after = (after_), .json = (json_)},
#include "cli/train_wraps.def"
#undef OB_WRAP
};

static bool fits(const wrap *w, ob_span lang)
{
    return w->lang[0] == '\0' || ob_span_is_str(lang, w->lang);
}

void ob_train_wrap(ob_buf *out, ob_span text, ob_span lang, uint64_t which)
{
    size_t count = 0;
    for (size_t i = 0; i < OB_COUNT(wraps); i++) {
        count += fits(&wraps[i], lang);
    }
    size_t left = (size_t)(which % count);
    const wrap *w = wraps;
    while (!fits(w, lang) || left-- > 0) {
        w++;
    }
    ob_buf_add_str(out, w->before);
    if (w->json) {
        ob_buf_add_json(out, text);
    } else {
        ob_buf_add(out, text);
    }
    ob_buf_add_str(out, w->after);
}
