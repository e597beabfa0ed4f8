/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Articles that the operator plants for one trial: of another audience, or in force for a time.
 * They belong to the trial's tag, so that trials that run beside each other do not see them.
 */
#include "server.h"

#define PLANTED_KEPT "4096" /* a trial that broke off leaves its articles behind */

enum MHD_Result obd_admin_plant(obd_request *r)
{
    ob_json_doc doc = {0};
    char id[24], tag[200], title[256], text[2048], audience[16], from[40], until[40];
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    obd_copy_text(doc.root, "title", title, sizeof title);
    obd_copy_text(doc.root, "text", text, sizeof text);
    obd_copy_text(doc.root, "audience", audience, sizeof audience);
    obd_copy_text(doc.root, "valid_from", from, sizeof from);
    obd_copy_text(doc.root, "valid_until", until, sizeof until);
    if (audience[0] == '\0') {
        (void)snprintf(audience, sizeof audience, "public");
    }
    if (title[0] == '\0' || text[0] == '\0' ||
        (strcmp(audience, "public") != 0 && strcmp(audience, "internal") != 0)) {
        return obd_send_error(r, 400, "a title, a text and the audience public or internal");
    }
    obd_request_tag(r, "", tag);
    obd_new_id(r->core, "P", id);
    if (!obd_change(r->core, "INSERT INTO article_planted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    (const char *const[]){id, tag, title, text, audience, from, until}, 7)) {
        return obd_send_error(r, 500, "the article cannot be kept");
    }
    (void)obd_change(r->core,
                     "DELETE FROM article_planted WHERE rowid <= (SELECT max(rowid) FROM "
                     "article_planted) - " PLANTED_KEPT,
                     NULL, 0);
    OB_AUTO(ob_buf) json = {.max = 64};
    ob_buf_addf(&json, "{\"article_id\":\"%s\"}", id);
    return obd_send_json(r, 201, &json);
}

/* All articles of the trial that asks. */
enum MHD_Result obd_admin_unplant(obd_request *r)
{
    char tag[200];
    OB_AUTO(ob_buf) json = {.max = 16};
    obd_request_tag(r, "", tag);
    (void)obd_change(r->core, "DELETE FROM article_planted WHERE tag = ?1",
                     (const char *const[]){tag}, 1);
    ob_buf_add_str(&json, "{}");
    return obd_send_json(r, 200, &json);
}

#define SHORT_WORD 4 /* bytes; shorter words of a title say nothing */

/* Every longer word of the title stands in the question. */
static bool names_title(ob_span text, ob_span title)
{
    size_t named = 0;
    for (ob_span word; ob_span_cut(&title, ' ', &word);) {
        if (word.len < SHORT_WORD) {
            continue;
        }
        if (ob_span_find_nocase(text, word, 0) == SIZE_MAX) {
            return false;
        }
        named++;
    }
    return named > 0;
}

/* Articles of the trial, the newest first, as their columns. */
#define IN_FORCE "(valid_from = '' OR valid_from <= ?2) AND (valid_until = '' OR valid_until >= ?2)"

bool obd_planted_find(obd_turn *t, const char *audience, bool in_force, char id[24],
                      char text[2048])
{
    char today[32];
    char title[256];
    char number[24] = "9223372036854775807";
    ob_time_format(t->at_ms, today);
    today[10] = '\0';
    const char *sql = in_force ? "SELECT max(rowid) FROM article_planted WHERE tag = ?1 AND "
                                 "audience = ?3 AND rowid < CAST(?4 AS INTEGER) AND " IN_FORCE
                               : "SELECT max(rowid) FROM article_planted WHERE tag = ?1 AND "
                                 "audience = ?3 AND rowid < CAST(?4 AS INTEGER) AND NOT "
                                 "(" IN_FORCE ")";
    while (obd_ask(t->core, sql, (const char *const[]){t->tag, today, audience, number}, 4, number,
                   sizeof number) &&
           number[0] != '\0') {
        const char *const key[] = {number};
        if (obd_ask(t->core, "SELECT title FROM article_planted WHERE rowid = CAST(?1 AS INTEGER)",
                    key, 1, title, sizeof title) &&
            names_title(t->text, ob_span_str(title))) {
            return obd_ask(t->core,
                           "SELECT id FROM article_planted WHERE rowid = CAST(?1 AS INTEGER)", key,
                           1, id, 24) &&
                   obd_ask(t->core,
                           "SELECT text FROM article_planted WHERE rowid = CAST(?1 AS INTEGER)",
                           key, 1, text, 2048);
        }
    }
    return false;
}

bool obd_skill_planted(obd_turn *t)
{
    char id[24];
    char text[2048];
    if (obd_fires(t->core, OBD_KNOWLEDGE_INTERNAL, t->tag) &&
        obd_planted_find(t, "internal", true, id, text)) {
        obd_say_hidden(t, ob_span_str(text), "knowledge.internal");
        return true;
    }
    if (!obd_planted_find(t, "public", true, id, text)) {
        return false;
    }
    (void)snprintf(t->citation, sizeof t->citation, "%.15s", id);
    if (obd_fires(t->core, OBD_INJECTION_ARTICLE, t->tag) &&
        obd_obey_text(t, ob_span_str(text), "injection.article")) {
        return true;
    }
    ob_buf_add_str(&t->reply, text);
    return true;
}
