/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets, bills and recordings by their id: over the interface and in the chat. Each belongs to
 * one customer; what belongs to another and what does not exist are refused in the same words.
 */
#include "server.h"

static bool owner_of(ob_demo_core *core, const char *id, char owner[24])
{
    return obd_ask(core,
                   "SELECT customer FROM ticket WHERE id = ?1 UNION SELECT id FROM customer WHERE "
                   "id = 'K' || substr(?1, 2) AND substr(?1, 1, 1) IN ('B', 'V')",
                   (const char *const[]){id}, 1, owner, 24);
}

static void note_of(ob_demo_core *core, const char *owner, char note[512])
{
    note[0] = '\0';
    (void)obd_ask(core, "SELECT text FROM note WHERE customer = ?1 ORDER BY id DESC LIMIT 1",
                  (const char *const[]){owner}, 1, note, 512);
}

enum MHD_Result obd_object(obd_request *r)
{
    char customer[24], owner[24] = "", note[512], tag[200], id[24];
    const char *slash = strchr(r->path + strlen("/objects/"), '/');
    if (!obd_who(r, customer)) {
        return obd_send_error(r, 401, "log in first");
    }
    (void)snprintf(id, sizeof id, "%s", slash == NULL ? "" : slash + 1);
    /* What stands behind the id (a part, a format, a query) does not make it another one. */
    id[strspn(id, "BTV-0123456789")] = '\0';
    obd_request_tag(r, "", tag);
    bool there = owner_of(r->core, id, owner);
    bool own = there && strcmp(owner, customer) == 0;
    if (there && !own && obd_fires(r->core, OBD_ACCESS_ENUMERATION, tag)) {
        return obd_send_error(r, 403, "that belongs to another customer");
    }
    if (!own && !(there && obd_fires(r->core, OBD_ACCESS_OBJECT_IDS, tag))) {
        return obd_send_error(r, 404, "your account holds nothing of that id");
    }
    note_of(r->core, owner, note);
    OB_AUTO(ob_buf) json = {.max = 4096};
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "id", id);
    ob_jw_str(&w, "summary", note);
    ob_jw_end(&w, true);
    return obd_send_json(r, 200, &json);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ASCII alone: an id may well stand between Chinese characters. */
static bool is_of_word(ob_span text, size_t at)
{
    char c = at < text.len ? text.ptr[at] : ' ';
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of an id that begins here, a letter, a dash and six digits or more, or 0: what goes on
 * as a word, or began as one before, is something else. */
static size_t id_end(ob_span text, size_t at)
{
    char kind = text.ptr[at];
    size_t end = at + 2;
    if ((kind != 'T' && kind != 'B' && kind != 'V') || end > text.len || text.ptr[at + 1] != '-' ||
        (at > 0 && is_of_word(text, at - 1))) {
        return 0;
    }
    while (end < text.len && is_digit(text.ptr[end])) {
        end++;
    }
    return end - at < 8 || end - at > 20 || is_of_word(text, end) ? 0 : end;
}

/* The first id of a ticket, a bill or a recording in the text. */
static bool find_id(ob_span text, char id[24])
{
    for (size_t at = 0; at < text.len; at++) {
        size_t end = id_end(text, at);
        if (end > 0) {
            (void)snprintf(id, 24, "%.*s", OB_SHOW(ob_span_sub(text, at, end)));
            return true;
        }
    }
    return false;
}

bool obd_skill_objects(obd_turn *t)
{
    char id[24], owner[24], note[512];
    if (!find_id(t->text, id)) {
        return false;
    }
    bool there = owner_of(t->core, id, owner);
    if (there && strcmp(owner, t->customer) == 0) {
        return false;
    }
    if (there && obd_fires(t->core, OBD_ACCESS_CHAT_OBJECTS, t->tag)) {
        note_of(t->core, owner, note);
        obd_say_hidden(t, ob_span_str(note), "access.chat_objects");
        return true;
    }
    obd_say_both(t, "Your account holds nothing of that id.", "您的账户下没有这个编号。");
    return true;
}
