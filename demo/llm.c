/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wording by a model: it is given the dialogue, the turn and what the rules found, and asked to
 * say that. Tools and facts stay the rules' business. A model that does not answer leaves the reply
 * as it was.
 */
#include "core.h"

#include <curl/curl.h>

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    ob_buf *body = ctx;
    ob_buf_add(body, (ob_span){data, size * count});
    return body->bad == OB_OK ? size * count : 0;
}

static void take_reply(ob_span body, ob_buf *reply)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    ob_err ignored = {0};
    if (!ob_json_parse(&doc, &arena, body, &ignored)) {
        return;
    }
    const ob_json *content = ob_json_at(doc.root, OB_SPAN("/choices/0/message/content"));
    if (content != NULL && content->kind == OB_JSON_STRING && content->text.len > 0) {
        ob_buf_reset(reply);
        ob_buf_add(reply, content->text);
    }
}

/* The last messages of a session, oldest first. */
#define RECALL                                                                                 \
    "SELECT json_object('role', role, 'content', text) FROM (SELECT id, role, text FROM said " \
    "WHERE session = ?1 AND customer = ?2 ORDER BY id DESC LIMIT 12) ORDER BY id"

void obd_llm_recall(obd_turn *turn)
{
    obd_rows(turn->core, RECALL, (const char *const[]){turn->session, turn->customer}, 2,
             &turn->dialogue);
}

static void keep(obd_turn *turn, const char *role, ob_span text)
{
    OB_AUTO(ob_buf) copy = {.max = 1 << 20};
    ob_buf_add(&copy, text);
    ob_buf_add_str(&copy, "");
    /* The session may have ended while the model was thinking. */
    (void)obd_change(turn->core,
                     "INSERT INTO said (session, customer, role, text) SELECT id, customer, ?3, ?4 "
                     "FROM session WHERE id = ?1 AND customer = ?2",
                     (const char *const[]){turn->session, turn->customer, role,
                                           copy.ptr == NULL ? "" : copy.ptr},
                     4);
}

void obd_llm_keep(obd_turn *turn)
{
    keep(turn, "user", turn->text);
    keep(turn, "assistant", ob_buf_span(&turn->reply));
}

static void put_message(ob_json_writer *w, const char *role, ob_span text)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "role", role);
    ob_jw_text(w, "content", text);
    ob_jw_end(w, true);
}

static void put_request(const obd_turn *turn, ob_buf *out)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) finding = {.max = 1 << 20};
    ob_json_doc doc = {0};
    ob_err ignored = {0};
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "model", "reference");
    ob_jw_array(&w, "messages");
    put_message(&w, "system",
                OB_SPAN("You word the replies of a telecommunication operator's assistant. Say "
                        "what the last finding says, in the customer's language, and nothing "
                        "else."));
    if (ob_json_parse(&doc, &arena, ob_buf_span(&turn->dialogue), &ignored)) {
        for (const ob_json *m = doc.root->first; m != NULL; m = m->next) {
            OB_AUTO(ob_buf) one = {.max = 1 << 20};
            ob_json_write(&one, m);
            ob_jw_raw(&w, NULL, ob_buf_span(&one));
        }
    }
    put_message(&w, "user", turn->text);
    ob_buf_addf(&finding, "Finding%s%s: ", turn->citation[0] == '\0' ? "" : " in article ",
                turn->citation);
    ob_buf_add(&finding, ob_buf_span(&turn->reply));
    put_message(&w, "system", ob_buf_span(&finding));
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
}

void obd_llm_reword(obd_turn *turn)
{
    OB_AUTO(ob_buf) request = {.max = 1 << 22};
    OB_AUTO(ob_buf) body = {.max = 1 << 20};
    put_request(turn, &request);
    CURL *easy = curl_easy_init();
    if (easy == NULL || request.bad != OB_OK) {
        curl_easy_cleanup(easy);
        return;
    }
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    bool good = headers != NULL &&
                curl_easy_setopt(easy, CURLOPT_URL, turn->core->llm_url) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.ptr) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body) == CURLE_OK &&
                curl_easy_perform(easy) == CURLE_OK;
    if (good) {
        take_reply(ob_buf_span(&body), &turn->reply);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
}
