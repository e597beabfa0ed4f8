/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/calibration.h"

#include "evaluate/judge.h"

#define RUBRICS_MAX 4096

static bool hex_of(const ob_digest *digest, ob_arena *arena, ob_span *out, ob_err *err)
{
    char hex[65];
    ob_digest_hex(digest, hex);
    return ob_arena_dup(arena, ob_span_str(hex), out, err);
}

bool ob_calibrated_digests(const ob_rubric *rubric, ob_arena *arena, ob_calibrated *out,
                           ob_err *err)
{
    ob_digest prompt = {{0}};
    return ob_judge_prompt_digest(rubric, &prompt, err) &&
           hex_of(&rubric->wording, arena, &out->wording, err) &&
           hex_of(&rubric->set, arena, &out->set, err) && hex_of(&prompt, arena, &out->prompt, err);
}

static bool broken(ob_span path, const char *what, ob_err *err)
{
    return ob_fail(err, OB_ERR_INPUT, "%.*s: %s; make it again with 'ombud judge'",
                   OB_SHOW(ob_span_sub(path, 0, 120)), what);
}

/* Counts are whole numbers, and no more can be right than there are. */
static bool read_counts(const ob_json *node, ob_calibrated *c)
{
    static const char *const keys[] = {"hits", "hits_right", "clean", "clean_right", "unusable"};
    uint64_t *const targets[] = {&c->hits, &c->hits_right, &c->clean, &c->clean_right,
                                 &c->unusable};
    for (size_t i = 0; i < OB_COUNT(keys); i++) {
        int64_t value = ob_json_i64(node, keys[i], -1);
        if (value < 0 || value > 1000000) {
            return false;
        }
        *targets[i] = (uint64_t)value;
    }
    return c->hits_right <= c->hits && c->clean_right <= c->clean &&
           c->unusable <= c->hits - c->hits_right + c->clean - c->clean_right;
}

static bool read_rubrics(ob_calibration *c, ob_arena *arena, const ob_json *list, ob_err *err)
{
    ob_calibrated *rubrics = OB_NEW(arena, ob_calibrated, list->count, err);
    size_t i = 0;
    for (const ob_json *node = list->first; rubrics != NULL && node != NULL; node = node->next) {
        ob_calibrated *r = &rubrics[i++];
        r->rubric = ob_json_text(node, "id");
        r->wording = ob_json_text(node, "wording_digest");
        r->set = ob_json_text(node, "set_digest");
        r->prompt = ob_json_text(node, "prompt_digest");
        if (r->rubric.len == 0 || !read_counts(node, r)) {
            return broken(c->path, "an entry of 'rubrics' is damaged", err);
        }
    }
    c->rubrics = rubrics;
    c->rubrics_count = list->count;
    return rubrics != NULL;
}

bool ob_calibration_parse(ob_calibration *calibration, ob_arena *arena, ob_span path, ob_span text,
                          ob_err *err)
{
    ob_calibration read = {0};
    ob_json_doc doc = {0};
    ob_err inner = {0};
    ob_span copy = {0};
    if (!ob_arena_dup(arena, path, &read.path, err) || !ob_arena_dup(arena, text, &copy, err) ||
        !ob_sha256(&copy, 1, &read.digest, err)) {
        return false;
    }
    if (!ob_json_parse(&doc, arena, copy, &inner)) {
        return broken(read.path, "it is no JSON", err);
    }
    const ob_json *list = ob_json_get(doc.root, "rubrics");
    const ob_json *judge = ob_json_get(doc.root, "judge");
    if (!ob_span_is_str(ob_json_text(doc.root, "format"), "ombud.calibration") || list == NULL ||
        list->kind != OB_JSON_ARRAY || list->count > RUBRICS_MAX) {
        return broken(read.path, "it is no calibration of a judge", err);
    }
    if (ob_json_i64(doc.root, "version", 0) != 1) {
        return broken(read.path, "it is of another version", err);
    }
    read.at = ob_json_text(doc.root, "at");
    read.settings = ob_json_text(judge, "settings_digest");
    read.judge = ob_json_text(judge, "title");
    read.model = ob_json_text(judge, "model");
    read.address = ob_json_text(judge, "address");
    if (!read_rubrics(&read, arena, list, err)) {
        return false;
    }
    *calibration = read;
    return true;
}

bool ob_calibration_load(ob_calibration *calibration, ob_arena *arena, const char *path,
                         ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUT_FILE_MAX};
    return ob_file_read(path, &text, err) &&
           ob_calibration_parse(calibration, arena, ob_span_str(path), ob_buf_span(&text), err);
}

void ob_calibration_write(const ob_calibration *c, ob_buf *out)
{
    ob_json_writer w = {.out = out, .indent = 2};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "format", "ombud.calibration");
    ob_jw_u64(&w, "version", 1);
    ob_jw_str(&w, "tool", "ombud " OB_VERSION);
    ob_jw_text(&w, "at", c->at);
    ob_jw_object(&w, "judge");
    ob_jw_text(&w, "title", c->judge);
    ob_jw_text(&w, "model", c->model);
    ob_jw_text(&w, "address", c->address);
    ob_jw_text(&w, "settings_digest", c->settings);
    ob_jw_end(&w, true);
    ob_jw_array(&w, "rubrics");
    for (size_t i = 0; i < c->rubrics_count; i++) {
        const ob_calibrated *r = &c->rubrics[i];
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "id", r->rubric);
        ob_jw_text(&w, "wording_digest", r->wording);
        ob_jw_text(&w, "set_digest", r->set);
        ob_jw_text(&w, "prompt_digest", r->prompt);
        ob_jw_u64(&w, "hits", r->hits);
        ob_jw_u64(&w, "hits_right", r->hits_right);
        ob_jw_u64(&w, "clean", r->clean);
        ob_jw_u64(&w, "clean_right", r->clean_right);
        ob_jw_u64(&w, "unusable", r->unusable);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
    ob_buf_add_char(out, '\n');
}

/* Which of the digests differs, in words; NULL if none does. */
static const char *difference(const ob_calibration *c, const ob_calibrated *then,
                              const ob_calibrated *now, ob_span settings)
{
    return !ob_span_is(c->settings, settings)         ? "the judge's address, model or settings"
           : !ob_span_is(then->wording, now->wording) ? "the rubric's wording"
           : !ob_span_is(then->set, now->set)         ? "the labelled replies"
           : !ob_span_is(then->prompt, now->prompt)   ? "the prompt"
                                                      : NULL;
}

static bool refuse(const ob_rubric *rubric, const char *why, ob_err *err)
{
    return ob_fail(err, OB_ERR_INPUT,
                   "the judge is not calibrated for rubric %.*s: %s; run 'ombud judge' with its "
                   "file first",
                   OB_SHOW(rubric->id), why);
}

bool ob_calibration_holds(const ob_calibration *calibration, const ob_judge *judge,
                          const ob_rubric *rubric, ob_judge_view *view, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    const ob_calibrated *then = NULL;
    ob_calibrated now = {0};
    ob_span settings = {0};
    char why[120];
    for (size_t i = 0; calibration != NULL && i < calibration->rubrics_count; i++) {
        if (ob_span_is(calibration->rubrics[i].rubric, rubric->id)) {
            then = &calibration->rubrics[i];
        }
    }
    if (then == NULL) {
        return refuse(rubric, calibration == NULL ? "there is no calibration" : "it is not in it",
                      err);
    }
    if (!ob_calibrated_digests(rubric, &arena, &now, err) ||
        !hex_of(&judge->settings, &arena, &settings, err)) {
        return false;
    }
    const char *what = difference(calibration, then, &now, settings);
    if (what != NULL) {
        (void)snprintf(why, sizeof why, "%s changed since", what);
        return refuse(rubric, why, err);
    }
    *view = (ob_judge_view){.rubric = rubric->id,
                            .judge = judge->title,
                            .model = judge->service.model,
                            .address = judge->service.address,
                            .calibrated = calibration->at,
                            .hits = then->hits,
                            .hits_right = then->hits_right,
                            .clean = then->clean,
                            .clean_right = then->clean_right,
                            .unusable = then->unusable};
    return true;
}
