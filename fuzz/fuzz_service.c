/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes are a service file or are refused with a place in it. What is taken can be worked with:
 * every request it describes is made as it would be sent, and no secret is in what is shown of it.
 */
#include "drive/driver.h"

#include "fuzz.h"

#define SECRETS_MAX 16

static void preview(ob_client *client, const ob_vars *vars, const ob_call_template *call)
{
    OB_AUTO(ob_buf) out = {.max = 4 * OB_REQUEST_MAX};
    ob_err err = {0};
    const ob_call request = {.call = call,
                             .kind = call == NULL ? "say" : "call",
                             .say = OB_SPAN("Hello \"there\""),
                             .vars = vars};
    if ((call != NULL && !call->present) || ob_client_preview(client, &request, &out, &err)) {
        ob_span text = ob_buf_span(&out);
        hold(ob_span_find(text, OB_SPAN("hidden-value"), 0) == SIZE_MAX);
        hold(out.len == 0 || ob_span_find(text, OB_SPAN(" HTTP/1.1\r\n"), 0) != SIZE_MAX);
        return;
    }
    hold(err.kind == OB_ERR_INPUT || err.kind == OB_ERR_LIMIT);
    hold(strstr(err.text, "hidden-value") == NULL);
}

static void work(const ob_service *service, const ob_span *names, size_t count, ob_arena *arena)
{
    ob_var items[SECRETS_MAX];
    char values[SECRETS_MAX][40];
    const ob_scope scope = {0};
    ob_client client = {0};
    ob_err err = {0};
    ob_vars vars = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(values[i], sizeof values[i], "hidden-value-%zu", i);
        items[i] = (ob_var){names[i], ob_span_str(values[i]), true};
    }
    ob_client_options options = {
        .service = service, .scope = &scope, .secrets = {items, count}, .stop_fd = -1};
    if (!ob_client_open(&client, &options, &err)) {
        hold(err.kind == OB_ERR_INPUT || err.kind == OB_ERR_SCOPE);
        return;
    }
    hold(ob_vars_set(&vars, OB_SPAN("actor.name"), OB_SPAN("Test"), false, &err) &&
         ob_vars_set(&vars, OB_SPAN("actor.token"), OB_SPAN("hidden-value-t"), true, &err) &&
         ob_vars_set(&vars, OB_SPAN("session.id"), OB_SPAN("hidden-value-s"), true, &err) &&
         ob_vars_set(&vars, OB_SPAN("call.x"), OB_SPAN("1"), false, &err));
    preview(&client, &vars, NULL);
    preview(&client, &vars, &service->login);
    preview(&client, &vars, &service->session_open);
    preview(&client, &vars, &service->session_end);
    preview(&client, &vars, &service->actor_create);
    preview(&client, &vars, &service->actor_remove);
    for (size_t i = 0; i < service->backend_count; i++) {
        preview(&client, &vars, &service->backend[i]);
    }
    ob_client_close(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_span text = {(const char *)data, size};
    ob_service service = {0};
    const ob_span *names = NULL;
    size_t count = 0;
    ob_err err = {0};
    if (!ob_service_parse(&service, &arena, OB_SPAN("f.yaml"), text, &err)) {
        hold(err.kind == OB_ERR_INPUT || err.kind == OB_ERR_LIMIT);
        hold(service.driver == NULL);
        hold_sentence(err.text);
        hold_place(&err, "f.yaml", text);
        return 0;
    }
    hold(service.driver != NULL && service.limits.total_ms >= service.limits.connect_ms);
    hold(service.time_scale > 0);
    hold(ob_span_has_prefix(service.address, OB_SPAN("http://")) ||
         ob_span_has_prefix(service.address, OB_SPAN("https://")));
    hold(ob_service_secret_names(&service, &arena, &names, &count, &err));
    for (size_t i = 1; i < count; i++) {
        hold(ob_span_compare(names[i - 1], names[i]) < 0);
    }
    service.address = OB_SPAN("http://127.0.0.1:9"); /* no name is looked up */
    /* A file that holds the very secret keeps none. */
    if (count <= SECRETS_MAX && ob_span_find(text, OB_SPAN("hidden-value"), 0) == SIZE_MAX) {
        work(&service, names, count, &arena);
    }
    return 0;
}
