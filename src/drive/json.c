/* SPDX-License-Identifier: Apache-2.0 */
/* Any JSON over HTTP: the request is a template of the service file, jq finds the reply in the
 * answer. */
#include "drive/client_core.h"
#include "drive/driver.h"
#include "drive/mapping.h"

#include <ombud/json.h>

static void target(const ob_service *service, ob_request_template *request)
{
    *request = service->say;
}

/* An optional part: what is not there stays empty, what is there must be JSON. */
static bool take(const ob_service *service, ob_arena *arena, int expression, ob_span body,
                 ob_span *json, ob_err *err)
{
    ob_span text = {0};
    ob_err inner = {0};
    if (expression < 0 ||
        ob_mapping_run(service->mapping, arena, (unsigned)expression, body, json, &text, &inner)) {
        return true;
    }
    if (inner.kind == OB_ERR_PEER) {
        return true;
    }
    *err = inner;
    return false;
}

bool obi_reply_by_expressions(const ob_service *service, ob_arena *arena, ob_span head,
                              ob_span body, ob_reply *out, ob_err *err)
{
    ob_span json = {0};
    ob_span text = {0};
    (void)head;
    if (!ob_mapping_run(service->mapping, arena, (unsigned)service->reply, body, &json, &text,
                        err)) {
        return ob_wrap(err, "the reply");
    }
    out->text = json.len > 0 && json.ptr[0] == '"' ? text : json;
    return take(service, arena, service->tools, body, &out->tools, err) &&
           take(service, arena, service->citations, body, &out->citations, err) &&
           take(service, arena, service->usage, body, &out->usage, err);
}

const ob_driver ob_driver_json = {
    .id = "json",
    .title = "Any JSON over HTTP, by template",
    .doc = "service-file.md",
    .transport = &obi_transport_http,
    .target = target,
    .reply = obi_reply_by_expressions,
};
