/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent sees of a case that was handed over: the customer's last turns, as inert text. */
#include "server.h"

#define TURNS_KEPT "20"
#define TURN_BYTES 4096
#define SCREEN_MAX ((size_t)1 << 20)

void obd_desk_keep(obd_turn *turn)
{
    char text[TURN_BYTES + 1];
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(ob_span_sub(turn->text, 0, TURN_BYTES)));
    /* A cut may have gone through a character. */
    size_t bad = ob_utf8_bad(ob_span_str(text));
    if (bad != SIZE_MAX) {
        text[bad] = '\0';
    }
    (void)obd_change(turn->core, "INSERT INTO desk (customer, text) VALUES (?1, ?2)",
                     (const char *const[]){turn->customer, text}, 2);
    (void)obd_change(turn->core,
                     "DELETE FROM desk WHERE customer = ?1 AND id NOT IN (SELECT id FROM desk "
                     "WHERE customer = ?1 ORDER BY id DESC LIMIT " TURNS_KEPT ")",
                     (const char *const[]){turn->customer}, 1);
}

/* Letters, digits and what no reader takes for markup; all else becomes a reference. */
static void put_inert(ob_buf *out, ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool plain = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                     (c >= 'A' && c <= 'Z') || strchr(" .,?!", c) != NULL || (c == '-' && i > 0);
        if (plain && c != 0) {
            ob_buf_add_char(out, (char)c);
        } else if (c >= 0x20 && c < 0x7f) {
            ob_buf_addf(out, "&#%u;", (unsigned)c);
        } else {
            ob_buf_add_char(out, ' ');
        }
    }
}

static void put_screen(ob_buf *html, const ob_json *turns, bool raw)
{
    ob_buf_add_str(html, "<ol>\n");
    for (const ob_json *turn = turns->first; turn != NULL; turn = turn->next) {
        ob_buf_add_str(html, "<li>\n");
        if (raw) {
            ob_buf_add(html, ob_json_text(turn, "text"));
        } else {
            put_inert(html, ob_json_text(turn, "text"));
        }
        ob_buf_add_str(html, "\n</li>\n");
    }
    ob_buf_add_str(html, "</ol>");
}

enum MHD_Result obd_admin_desktop(obd_request *r)
{
    const char *customer =
        MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, "customer");
    const char *const values[] = {customer == NULL ? "" : customer};
    char ticket[24] = "", tag[200];
    OB_AUTO(ob_buf) rows = {.max = SCREEN_MAX};
    OB_AUTO(ob_buf) html = {.max = SCREEN_MAX};
    OB_AUTO(ob_buf) json = {.max = 2 * SCREEN_MAX};
    ob_json_doc doc = {0};
    ob_err ignored = {0};
    bool handed =
        obd_ask(r->core, "SELECT id FROM ticket WHERE customer = ?1 AND kind = 'hand-off'", values,
                1, ticket, sizeof ticket);
    /* Without a case the desktop is there all the same, and empty. */
    obd_rows(r->core,
             "SELECT json_object('text', text) FROM desk WHERE customer = ?1 AND ?2 <> '' "
             "ORDER BY id",
             (const char *const[]){values[0], ticket}, 2, &rows);
    if (!ob_json_parse(&doc, &r->arena, ob_buf_span(&rows), &ignored)) {
        return obd_send_error(r, 500, "the case cannot be shown");
    }
    obd_request_tag(r, ticket, tag);
    put_screen(&html, doc.root, handed && obd_fires(r->core, OBD_DESKTOP_RAW, tag));
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "case", ticket);
    ob_jw_text(&w, "screen", ob_buf_span(&html));
    ob_jw_end(&w, true);
    return obd_send_json(r, 200, &json);
}
