/* SPDX-License-Identifier: Apache-2.0 */
#include "input/template.h"
#include "ob_test.h"

static void expands_by_scope_and_escape(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 4096};
    ob_vars outer = {.arena = &arena};
    ob_vars inner = {.arena = &arena, .outer = &outer};
    assert_ok(ob_vars_set(&outer, OB_SPAN("say"), OB_SPAN("outer"), false, &err));
    assert_ok(ob_vars_set(&inner, OB_SPAN("say"), OB_SPAN("a \"b\"\n&"), false, &err));
    assert_ok(ob_vars_set_in(&outer, "secret", OB_SPAN("KEY"), OB_SPAN("hush"), true, &err));
    assert_ok(ob_template_expand(OB_SPAN("<{{say}}|{{ secret.KEY }}>"), &inner, OB_ESCAPE_NONE,
                                 false, &out, &err));
    assert_span(ob_buf_span(&out), "<a \"b\"\n&|hush>");
    ob_buf_reset(&out);
    assert_ok(ob_template_expand(OB_SPAN("{{say}}{{secret.KEY}}"), &inner, OB_ESCAPE_URL, true,
                                 &out, &err));
    assert_span(ob_buf_span(&out), "a%20%22b%22%0A%26sk-...(4)");
    ob_buf_reset(&out);
    assert_ok(ob_vars_set(&inner, OB_SPAN("say"), OB_SPAN("new"), false, &err));
    assert_int_equal(inner.count, 1);
    assert_ok(
        ob_template_expand(OB_SPAN("{{say}} }} {"), &inner, OB_ESCAPE_NONE, false, &out, &err));
    assert_span(ob_buf_span(&out), "new }} {");
}

static void refuses_with_reason(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 16};
    ob_vars vars = {.arena = &arena};
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.user"), OB_SPAN("0123456789abcdef0"), false, &err));
    assert_fails(
        ob_template_expand(OB_SPAN("{{actor.uzer}}"), &vars, OB_ESCAPE_NONE, false, &out, &err),
        OB_ERR_INPUT, "did you mean '{{actor.user}}'");
    assert_fails(ob_template_expand(OB_SPAN("{{open"), &vars, OB_ESCAPE_NONE, false, &out, &err),
                 OB_ERR_INPUT, "not closed");
    assert_fails(ob_template_expand(OB_SPAN("{{a b}}"), &vars, OB_ESCAPE_NONE, false, &out, &err),
                 OB_ERR_INPUT, "no name");
    assert_fails(
        ob_template_expand(OB_SPAN("{{actor.user}}"), &vars, OB_ESCAPE_NONE, false, &out, &err),
        OB_ERR_LIMIT, "");
}

static bool count_name(void *ctx, ob_span name, ob_err *err)
{
    size_t *count = ctx;
    ++*count;
    return name.len == 1 || ob_fail(err, OB_ERR_INPUT, "long name");
}

static void tells_each_name(void **state)
{
    (void)state;
    ob_err err = {0};
    size_t count = 0;
    assert_ok(ob_template_names(OB_SPAN("{{a}}{{b}} {{a}}"), count_name, &count, &err));
    assert_int_equal(count, 3);
    assert_fails(ob_template_names(OB_SPAN("{{ab}}{{c}}"), count_name, &count, &err), OB_ERR_INPUT,
                 "long name");
    assert_int_equal(count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expands_by_scope_and_escape),
        cmocka_unit_test(refuses_with_reason),
        cmocka_unit_test(tells_each_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
