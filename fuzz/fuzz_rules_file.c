/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of compiled rules that is damaged is refused with a sentence, whatever the damage. A file
 * of another machine with a right digest, whose databases are not looked at, is refused or made
 * anew, whatever its rules are.
 */
#include "detect/rules.h"

#include "fuzz.h"

#define AT_MACHINE 44
#define AT_DIGEST  92
#define AT_BODY    124

static void make(ob_buf *file)
{
    ob_err err = {0};
    const ob_span cue = OB_SPAN("staff");
    const ob_rule rules[] = {{.id = OB_SPAN("one"),
                              .title = OB_SPAN("One"),
                              .kind = OB_SPAN("one"),
                              .literal = OB_SPAN("ONE-"),
                              .pattern = OB_SPAN("ONE-[0-9]{4}"),
                              .check = OB_RULE_CHECK_LUHN,
                              .score = 40,
                              .score_cued = 90,
                              .cues = &cue,
                              .cue_count = 1},
                             {.id = OB_SPAN("two"),
                              .title = OB_SPAN("Two"),
                              .kind = OB_SPAN("puk"),
                              .class_ = OB_HIT_SECRET,
                              .literal = OB_SPAN("Second one"),
                              .any_case = true,
                              .score = 90,
                              .score_cued = 90}};
    hold(ob_rules_write(rules, OB_COUNT(rules), file, &err));
}

static void sign(ob_buf *file)
{
    ob_err err = {0};
    ob_digest digest;
    const ob_span parts[] = {ob_span_sub(ob_buf_span(file), 0, AT_DIGEST),
                             ob_span_sub(ob_buf_span(file), AT_BODY, file->len)};
    hold(ob_sha256(parts, OB_COUNT(parts), &digest, &err));
    memcpy(file->ptr + AT_DIGEST, digest.bytes, sizeof digest.bytes);
}

/* Loads; what is loaded can be used. */
static bool load(ob_span bytes, bool *stale)
{
    ob_err err = {0};
    ob_detector *d = NULL;
    struct hs_scratch *scratch = NULL;
    obi_literal found[4];
    size_t count = 0;
    if (!ob_detector_new(&d, bytes, stale, &err)) {
        hold(d == NULL && err.kind == OB_ERR_INPUT);
        hold_sentence(err.text);
        return false;
    }
    hold(obi_rules_scratch(d, &scratch, &err));
    (void)obi_rules_scan(d, scratch, OB_SPAN("ONE-1234 Second one"), found, 4, &count);
    obi_rules_scratch_free(scratch);
    ob_detector_free(d);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ob_buf made = {.max = OB_RULES_FILE_MAX}; /* compiling takes most of the time */
    OB_AUTO(ob_buf) file = {.max = OB_RULES_FILE_MAX};
    bool stale = false;
    if (made.len == 0) {
        make(&made);
    }
    ob_buf_add(&file, ob_buf_span(&made));
    size_t len = file.len;
    ob_span raw = {(const char *)data, size};
    hold(size == 0 || !load(raw, &stale) || ob_span_is(raw, ob_buf_span(&file)));
    /* The data are edits: a place, mostly among the rules, and what is put there. */
    for (size_t i = 0; i + 2 < size; i += 3) {
        size_t at = ((size_t)data[i] << 8 | data[i + 1]) % (data[i] < 128 ? 512 : len);
        file.ptr[at] = (char)data[i + 2];
    }
    bool other =
        memcmp(file.ptr, made.ptr, len) != 0 && memcmp(file.ptr, "OMBUDRUL\1\0\0\0", 12) == 0;
    if (other) {
        hold(!load(ob_buf_span(&file), &stale));
        file.ptr[AT_MACHINE] = '?';
        sign(&file);
        hold(!load(ob_buf_span(&file), &stale) || stale);
    }
    return 0;
}
