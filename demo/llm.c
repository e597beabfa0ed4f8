/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wording by a model: it is given the turn and what the rules found, and asked to say that.
 * Tools and facts stay the rules' business. A model that does not answer leaves the reply as it
 * was.
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

void obd_llm_reword(const ob_demo_core *core, ob_span text, ob_buf *reply)
{
    OB_AUTO(ob_buf) request = {.max = 1 << 20};
    OB_AUTO(ob_buf) body = {.max = 1 << 20};
    ob_json_writer w = {.out = &request};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "model", "reference");
    ob_jw_array(&w, "messages");
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "role", "system");
    ob_jw_str(
        &w, "content",
        "You word the replies of a telecommunication operator's assistant. Say what the finding "
        "says, in the customer's language, and nothing else.");
    ob_jw_end(&w, true);
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "role", "user");
    ob_jw_text(&w, "content", text);
    ob_jw_end(&w, true);
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "role", "system");
    ob_jw_text(&w, "content", ob_buf_span(reply));
    ob_jw_end(&w, true);
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
    CURL *easy = curl_easy_init();
    if (easy == NULL || request.bad != OB_OK) {
        curl_easy_cleanup(easy);
        return;
    }
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    bool good = headers != NULL && curl_easy_setopt(easy, CURLOPT_URL, core->llm_url) == CURLE_OK &&
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
        take_reply(ob_buf_span(&body), reply);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
}
