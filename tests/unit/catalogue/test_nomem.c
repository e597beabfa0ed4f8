/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reads files of people, without memory: YAML, CSV, templates, service and scope files, a
 * procedure with its inputs and oracles, and the catalogue of the project as a whole.
 */
#include "nomem.h"

#include "catalogue/catalogue.h"
#include "drive/driver.h"
#include "evaluate/test.h"
#include "input/csv.h"

static const char yaml[] = "a: [1, {b: \"x\\u00e9\"}]\nc: |\n  t\nd: 'it''s'\n"
                           "e: {f0: 1, f1: 1, f2: 1, f3: 1, f4: 1, f5: 1, f6: 1, f7: 1, f8: 1}\n";

static bool yaml_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    static const ob_yaml before = {.kind = OB_YAML_NULL};
    ob_yaml_doc doc = {.root = &before};
    (void)ctx;
    if (!ob_yaml_parse(&doc, &arena, OB_SPAN("f"), OB_SPAN(yaml), 4096, err)) {
        assert_ptr_equal(doc.root, &before);
        return false;
    }
    assert_int_equal(doc.root->count, 4);
    return true;
}

static bool csv_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_csv csv;
    ob_csv_field field = {0};
    (void)ctx;
    ob_csv_start(&csv, OB_SPAN("a,\"b \"\"c\"\"\",\"d\"\"\"\n"), ',');
    while (ob_csv_next(&csv, &field) == OB_DONE && !field.end) {
        ob_span value = {0};
        if (!ob_csv_value(&field, &arena, &value, err)) {
            assert_null(value.ptr);
            return false;
        }
    }
    return true;
}

static bool template_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 4096};
    ob_vars vars = {.arena = &arena};
    (void)ctx;
    for (int i = 0; i < 20; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i);
        if (!ob_vars_set_in(&vars, "actor", ob_span_str(name), OB_SPAN("v"), i == 7, err)) {
            return false;
        }
    }
    bool good = ob_template_expand(OB_SPAN("{{actor.n3}} \"{{actor.n7}}\" {{actor.n19}}"), &vars,
                                   OB_ESCAPE_NONE, true, &out, err) &&
                ob_buf_check(&out, "the text", err);
    assert_true(!good || ob_span_is_str(ob_buf_span(&out), "v \"sk-...(1)\" v"));
    return good;
}

static bool scope_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_scope scope = {0};
    (void)ctx;
    bool good = ob_scope_parse(&scope, &arena, OB_SPAN("f"),
                               OB_SPAN("ombud: 1\nscope: t\nowner: o\naddresses: [127.0.0.1, "
                                       "\"10.0.0.0/8\", a.example]\neffects: [read, write]\n"
                                       "from: 2026-11-24\nuntil: 2026-12-24\n"),
                               err);
    assert_true(good == scope.present);
    return good;
}

static bool service_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_service service = {0};
    (void)ctx;
    bool good = ob_service_parse(
        &service, &arena, OB_SPAN("f"),
        OB_SPAN("ombud: 1\nservice: Trial\nprofile: ics\ndriver: json\n"
                "address: http://127.0.0.1:8080/\n"
                "json: {request: {path: /chat, body: {text: \"{{say}}\"}}, reply: '.reply'}\n"
                "headers: {X-Trial: \"{{trial.tag}}\", X-Key: {secret: zed}}\n"
                "login: {request: {path: /login, body: {u: \"{{actor.user}}\", p: "
                "\"{{secret.alpha}}\"}}, extract: {token: .token}}\n"
                "actors: {create: {request: {path: /a, body: {}}, extract: {user: .user}}}\n"
                "abilities: [actor]\n"),
        err);
    assert_true(good == (service.driver != NULL));
    return good;
}

static bool procedure_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    char path[512];
    ob_procedure p = {0};
    ob_test test = {0};
    const char *const *names = ctx; /* the profile's folder, the procedure */
    (void)snprintf(path, sizeof path, "%s/procedures/%s.yaml", names[0], names[1]);
    if (!ob_procedure_load(&p, &arena, names[0], NULL, path, NULL, err)) {
        assert_int_equal(p.inputs_count, 0);
        return false;
    }
    if (!ob_test_compile(&test, &arena, &p, err)) {
        assert_null(test.procedure);
        return false;
    }
    return ob_test_controls(&test, NULL, err);
}

static bool catalogue_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_catalogue catalogue = {0};
    const ob_catalogue_from from = {.folder = ctx, .profile = OB_SPAN("ics")};
    if (!ob_catalogue_load(&catalogue, &arena, &from, err)) {
        assert_int_equal(catalogue.threats_count, 0);
        return false;
    }
    assert_true(catalogue.procedures_count > 10);
    return true;
}

static void files_without_memory(void **state)
{
    (void)state;
    assert_true(nomem_sweep("YAML", yaml_work, NULL, 1, false) > 8);
    assert_true(nomem_sweep("CSV", csv_work, NULL, 1, false) > 1);
    assert_true(nomem_sweep("templates", template_work, NULL, 1, false) > 3);
    assert_true(nomem_sweep("scope files", scope_work, NULL, 1, false) > 4);
    assert_true(nomem_sweep("service files", service_work, NULL, 1, true) > 10);
}

static void procedures_without_memory(void **state)
{
    static const char *const names[] = {"ics-injection-direct", "ics-refund-limit",
                                        "ics-over-disclosure"};
    char folder[400];
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/catalogue/ics", getenv("OB_SOURCE_ROOT"));
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        const char *ctx[] = {folder, names[i]};
        assert_true(nomem_sweep(names[i], procedure_work, ctx, 2, false) > 10);
    }
}

static void catalogue_without_memory(void **state)
{
    char folder[400];
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/catalogue", getenv("OB_SOURCE_ROOT"));
    /* Loading takes half a second under AddressSanitizer, so some places only.
     */
    assert_true(nomem_sweep("the catalogue", catalogue_work, folder, 149, false) > 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_without_memory),
        cmocka_unit_test(procedures_without_memory),
        cmocka_unit_test(catalogue_without_memory),
    };
    return cmocka_run_group_tests_name("catalogue_nomem", tests, NULL, NULL);
}
