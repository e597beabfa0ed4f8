/* SPDX-License-Identifier: Apache-2.0 */
/* Driver command without a process: its section of the service file, its lines, its scope. */
#include "drive/command.h"
#include "ob_test.h"

#define HEAD "ombud: 1\nservice: Bot\nprofile: ics\ndriver: command\n"
#define RUN  HEAD "command: {run: [node, bot.js]}\n"

static void reads(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_service s = {0};
    ob_span text = OB_SPAN(
        HEAD "command:\n  run: [node, bot.js, \"{{say}}; ls\"]\n  folder: bots\n"
             "  environment: {KEY: {secret: ZED}, RUN: \"{{run.id}}\", _x9: plain}\n"
             "  processes: 3\n  tools: .tools\n"
             "login: {request: {body: {user: \"{{actor.user}}\"}}, extract: {token: .token}}\n"
             "session: {open: {request: {}, extract: {id: .session}}}\n"
             "actors: {accounts: [{user: a, password: {secret: PASS}}, {user: b, password: c}]}\n"
             "abilities: [session, actor]\nlimits: {total: 3s, first_byte: 2s}\n");
    assert_ok(ob_service_parse(&s, &arena, OB_SPAN("/srv/test/s.yaml"), text, &err));
    assert_int_equal(s.command.words_count, 3);
    assert_span(s.command.words[2], "{{say}}; ls");
    assert_span(s.command.folder, "/srv/test/bots");
    assert_int_equal(s.command.environment_count, 3);
    assert_int_equal(s.command.processes, 3);
    assert_span(s.address, "command:node bot.js {{say}}; ls");
    assert_true(s.reply >= 0 && s.tools >= 0 && s.usage < 0);
    assert_int_equal(s.secrets_count, 2);

    OB_AUTO(ob_arena) other = {0};
    assert_ok(ob_service_parse(&s, &other, OB_SPAN("s.yaml"), OB_SPAN(RUN), &err));
    assert_span(s.command.folder, "./");
    assert_int_equal(s.command.processes, 1);
    assert_true(s.reply >= 0);
}

static void refuses(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *says;
    } bad[] = {
        {HEAD, "needs 'command' with the program's words"},
        {HEAD "command: {run: node bot.js}\n", "s.yaml:5:16: 'run' must be a list of words"},
        {HEAD "command: {run: []}\n", "must be a list of words"},
        {HEAD "command: {run: [\"\"]}\n", "one text"},
        {HEAD "command: {run: [[node]]}\n", "one text"},
        {HEAD "command: {run: [node], runs: 1}\n", "did you mean 'run'?"},
        {HEAD "command: {run: [node], processes: 0}\n", "from 1 to 64"},
        {HEAD "command: {run: [node], reply: '.x | env'}\n", "'env' is not allowed"},
        {HEAD "command: {run: [node], environment: {A-B: c}}\n", "name of a variable"},
        {HEAD "command: {run: [node], environment: {9A: c}}\n", "name of a variable"},
        {HEAD "command: {run: [node], environment: {A: \"{{actor.name}}\"}}\n",
         "is not known when the program starts"},
        {HEAD "command: {run: [node], environment: {A: \"{{say}}\"}}\n", "is not known"},
        {RUN "address: http://127.0.0.1\n", "s.yaml:6:10: 'address' is for services behind HTTP"},
        {RUN "headers: {A: b}\n", "'headers' is for"},
        {RUN "proxy: http://a\n", "'proxy' is for"},
        {RUN "json: {}\n", "'json' needs"},
        {RUN "session: {send: {A: b}}\n", "each turn carries 'session' by itself"},
        {RUN "session: {open: {request: {}, extract: {key: .k}}}\n", "must extract 'id'"},
        {RUN "backend: {state: {request: {path: /s}}}\n", "a request has only 'body'"},
        {RUN "abilities: [stream]\n", "needs 'openai: {stream: true}'"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: http://a\n"
         "json: {request: {path: /a}, reply: .r}\ncommand: {run: [a]}\n",
         "'command' needs 'driver: command'"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: comand\n", "no such driver"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_service s = {0};
        assert_fails(
            ob_service_parse(&s, &arena, OB_SPAN("s.yaml"), ob_span_str(bad[i].text), &err),
            OB_ERR_INPUT, bad[i].says);
    }
}

static void asks_the_scope(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_scope scope = {0};
    assert_ok(ob_scope_check_command(&scope, &err));
#define SCOPE(addresses)                                                                       \
    OB_SPAN("ombud: 1\nscope: T\nowner: O\naddresses: " addresses "\neffects: [read, write]\n" \
            "from: 2026-01-01\nuntil: 2099-01-01\n")
    assert_ok(ob_scope_parse(&scope, &arena, OB_SPAN("x.yaml"), SCOPE("[127.0.0.1, host.example]"),
                             &err));
    assert_fails(ob_scope_check_command(&scope, &err), OB_ERR_SCOPE, "add 'command'");
    err = (ob_err){0};
    assert_ok(ob_scope_parse(&scope, &arena, OB_SPAN("x.yaml"), SCOPE("[command]"), &err));
    assert_ok(ob_scope_check_command(&scope, &err));
}

static void check_line(ob_client *client, const ob_call *call, const char *wanted)
{
    OB_AUTO(ob_buf) out = {.max = 65536};
    ob_err err = {0};
    assert_ok(ob_client_preview(client, call, &out, &err));
    assert_span(ob_buf_span(&out), wanted);
}

static void writes_lines(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_service s = {0};
    ob_scope scope = {0};
    ob_client client = {0};
    ob_var secret = {OB_SPAN("PASS"), OB_SPAN("pass-word-1"), true};
    ob_span text = OB_SPAN(
        HEAD "command: {run: [no-such-program], processes: 2}\n"
             "login: {request: {body: {user: \"{{actor.user}}\"}}, extract: {token: .token}}\n"
             "actors: {accounts: [{user: a, password: {secret: PASS}}]}\n"
             "backend: {state: {request: {body: {of: \"{{actor.user}}\", key: {secret: PASS},\n"
             "  text: \"a \\\"quote\\\"\\nand a line\", n: 7, list: [true, \"8\"]}}},\n"
             "  bare: {request: {}}}\n");
    assert_ok(ob_service_parse(&s, &arena, OB_SPAN("s.yaml"), text, &err));
    ob_client_options options = {
        .service = &s, .scope = &scope, .secrets = {&secret, 1}, .run = "test"};
    assert_ok(ob_client_open(&client, &options, &err));
    assert_int_equal(ob_client_in_flight(&client), 2);
    assert_true(ob_client_requests_left(&client) == UINT64_MAX);

    ob_vars vars = {.arena = &arena};
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.user"), OB_SPAN("a\"b"), false, &err));
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.name"), OB_SPAN("invented"), false, &err));
    assert_ok(ob_vars_set(&vars, OB_SPAN("actor.token"), OB_SPAN("token-123"), true, &err));
    assert_ok(ob_vars_set(&vars, OB_SPAN("session.key"), OB_SPAN("s1"), false, &err));
    ob_call turn = {.kind = "say", .say = OB_SPAN("Hi\nthere \"you\""), .vars = &vars};
    check_line(&client, &turn,
               "{\"id\":1,\"say\":\"Hi\\nthere \\\"you\\\"\",\"actor\":{\"user\":\"a\\\"b\","
               "\"token\":\"sk-...(9)\"},\"session\":\"s1\"}");
    assert_ok(ob_vars_set(&vars, OB_SPAN("session.id"), OB_SPAN("given"), false, &err));
    turn.say = OB_SPAN("my password is pass-word-1");
    check_line(&client, &turn,
               "{\"id\":1,\"say\":\"my password is sk-...(11)\",\"actor\":{\"user\":\"a\\\"b\","
               "\"token\":\"sk-...(9)\"},\"session\":\"given\"}");
    ob_call call = {
        .kind = "state", .call = ob_service_backend(&s, OB_SPAN("state")), .vars = &vars};
    check_line(&client, &call,
               "{\"id\":1,\"call\":\"state\",\"body\":{\"of\":\"a\\\"b\",\"key\":\"sk-...(11)\","
               "\"text\":\"a \\\"quote\\\"\\nand a line\",\"n\":7,\"list\":[true,\"8\"]}}");
    call.kind = "bare";
    call.call = ob_service_backend(&s, OB_SPAN("bare"));
    check_line(&client, &call, "{\"id\":1,\"call\":\"bare\",\"body\":{}}");
    ob_client_close(&client);
}

static void drops_the_id(void **state)
{
    (void)state;

    static const char *const rows[][2] = {
        {"{\"id\":7,\"reply\":\"a\\nb\"}", "{\"reply\":\"a\\nb\"}"},
        {"{\"n\": 12345678901234567890, \"id\": 7, \"l\": [1, {\"id\": 2}]}",
         "{\"n\":12345678901234567890,\"l\":[1,{\"id\":2}]}"},
        {"{\"id\":7}", "{}"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_span answer = {0};
        assert_ok(obi_command_answer(&arena, ob_span_str(rows[i][0]), &answer, &err));
        assert_span(answer, rows[i][1]);
    }
}

/* Nothing leaves when the program is not there, and the reason says so. */
static void done(void *ctx, const ob_reply *reply)
{
    *(ob_lost *)ctx = reply->lost;
}

static bool count_sending(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    (void)owner;
    (void)attempt;
    (void)err;
    ++*(unsigned *)ctx;
    return true;
}

static void cannot_start(void **state)
{
    (void)state;

    static const struct {
        const char *command;
        const char *says;
    } rows[] = {
        {"{run: [no-such-program-here]}", "no such program in PATH"},
        {"{run: [./none.sh], folder: /tmp}", "cannot be started in '/tmp'"},
        {"{run: [sh], folder: /no/such/folder}", "there is no folder '/no/such/folder'"},
        {"{run: [/etc/passwd]}", "permission denied"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_service s = {0};
        ob_scope scope = {0};
        ob_client client = {0};
        ob_span text = {0};
        ob_lost lost = OB_LOST_NONE;
        unsigned sendings = 0;
        ob_var path = {OB_SPAN("PATH"), OB_SPAN("/usr/bin:/bin"), false};
        assert_ok(ob_arena_printf(&arena, &text, &err, HEAD "command: %s\n", rows[i].command));
        assert_ok(ob_service_parse(&s, &arena, OB_SPAN("s.yaml"), text, &err));
        ob_client_options options = {.service = &s,
                                     .scope = &scope,
                                     .hooks = {.ctx = &sendings, .sending = count_sending},
                                     .run = "test",
                                     .environment = &path,
                                     .environment_count = 1};
        assert_ok(ob_client_open(&client, &options, &err));
        ob_call turn = {.kind = "say", .say = OB_SPAN("Hi"), .done = done, .ctx = &lost};
        assert_ok(ob_client_send(&client, &turn, &err));
        assert_fails(ob_client_run(&client, &err), OB_ERR_INPUT, rows[i].says);
        assert_int_equal(lost, OB_LOST_STOPPED);
        assert_int_equal(sendings, 0);
        assert_true(ob_client_requests(&client) == 0);
        ob_client_close(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),          cmocka_unit_test(refuses),
        cmocka_unit_test(asks_the_scope), cmocka_unit_test(writes_lines),
        cmocka_unit_test(drops_the_id),   cmocka_unit_test(cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
