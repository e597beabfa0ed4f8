/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/driver.h"
#include "ob_test.h"

#define HEAD                                                                                  \
    "ombud: 1\nservice: Trial\nprofile: ics\ndriver: json\naddress: http://127.0.0.1:8080/\n" \
    "json: {request: {path: /chat, body: {text: \"{{say}}\"}}, reply: '.reply'}\n"

static void reads_all(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_service s = {0};
    ob_span text = OB_SPAN(
        HEAD "headers: {X-Trial: \"{{trial.tag}}\", X-Key: {secret: ZED}}\n"
             "login: {request: {path: /login, body: {u: \"{{actor.user}}\", p: "
             "\"{{secret.ALPHA}}\"}}, extract: {token: .token}}\n"
             "session: {open: {request: {method: POST, path: /s}, extract: {id: .id}}, send: {X-S: "
             "\"{{session.id}}\"}}\n"
             "actors: {create: {request: {path: /actors, body: {}}, extract: {user: .user}}}\n"
             "backend: {state: {request: {path: /state}}, break: {request: {path: /b, body: {}}}, "
             "mend: {request: {path: /m, body: {}}}}\n"
             "abilities: [session, state, fault, actor]\nlimits: {total: 90s, on_429: stop}\n");
    assert_ok(ob_service_parse(&s, &arena, OB_SPAN("s.yaml"), text, &err));
    assert_span(s.address, "http://127.0.0.1:8080");
    assert_span(s.say.method, "POST");
    assert_int_equal(s.reply, 0);
    assert_int_equal(s.tools, -1);
    assert_true(s.login.extracts[0].secret);
    assert_true(s.actor_create.writes && s.actor_create.present && !s.actor_remove.present);
    assert_true(ob_service_backend(&s, OB_SPAN("break"))->writes);
    assert_false(ob_service_backend(&s, OB_SPAN("state"))->writes);
    assert_int_equal(s.abilities, OB_CAN_SESSION | OB_CAN_STATE | OB_CAN_FAULT | OB_CAN_ACTOR);
    assert_int_equal(s.limits.total_ms, 90000);
    assert_int_equal(s.limits.on_429, OB_429_STOP);
    const ob_span *names = NULL;
    size_t count = 0;
    assert_ok(ob_service_secret_names(&s, &arena, &names, &count, &err));
    assert_int_equal(count, 2);
    assert_span(names[0], "ALPHA");
    assert_span(names[1], "ZED");
}

/* Without 'abilities' a service can what its file holds; {{session.key}} in the turn is a session.
 */
static void finds_abilities(void **state)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_service s = {0};
    ob_err err = {0};
    (void)state;
    assert_ok(ob_service_parse(&s, &arena, OB_SPAN("s.yaml"),
                               OB_SPAN("ombud: 1\nservice: T\nprofile: ics\ndriver: json\n"
                                       "address: http://127.0.0.1:1\n"
                                       "json: {request: {path: /c, body: {t: \"{{say}}\"}}, "
                                       "reply: .r}\n"),
                               &err));
    assert_int_equal(s.abilities, 0);
    assert_ok(ob_service_parse(&s, &arena, OB_SPAN("s.yaml"),
                               OB_SPAN("ombud: 1\nservice: T\nprofile: ics\ndriver: json\n"
                                       "address: http://127.0.0.1:1\n"
                                       "json: {request: {path: \"/c/{{session.key}}\", body: {t: "
                                       "\"{{say}}\"}}, reply: .r}\n"
                                       "backend: {ledger: {request: {path: /l}}}\n"),
                               &err));
    assert_int_equal(s.abilities, OB_CAN_SESSION | OB_CAN_LEDGER);
}

static void refuses(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *says;
    } bad[] = {
        {"ombud: 1\nscope: T\nowner: O\n", "this is a scope file; give it with --scope"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: http://127.0.0.1:1\n"
         "json:\n  request: {path: /chat, body: {text: \"{say}\"}}\n  reply: .reply\n",
         "s.yaml:7:12: nothing in 'request' is {{say}}"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: http://127.0.0.1:1\n"
         "json:\n  request: {path: /chat, body: {text: \"{{say}}\"}}\n  reply: reply\n",
         "s.yaml:8:10: 'reply' is not allowed in an expression; a key of the answer is written "
         "with a '.' before it"},
        {HEAD "limitz: {}\n", "s.yaml:7:1: unknown key 'limitz', did you mean 'limits'?"},
        {HEAD "headers: {X: \"{{actor.user}}\"}\n", "unknown name '{{actor.user}}'"},
        {HEAD "headers: {X: \"{{say}}\"}\n", "unknown name '{{say}}'"},
        {HEAD "headers: {X: \"{{actor.token}}\"}\nlogin: {request: {path: /login}, extract: "
              "{token: .t}}\n",
         "also with 'login', which gives '{{actor.token}}'; put this one below session: send"},
        {HEAD "headers: {X: \"{{session.id}}\"}\nsession: {open: {request: {path: /s}, extract: "
              "{id: .i}}}\n",
         "also with 'open', which gives '{{session.id}}'"},
        {HEAD "headers: {\"X Y\": a}\n", "HTTP header"},
        {HEAD "abilities: [ledger]\n", "needs a call 'ledger'"},
        {HEAD "abilities: [actor]\n", "two accounts"},
        {HEAD "backend: {kb: {request: {path: /k}, extract: {a: '.x | env'}}}\n",
         "s.yaml:7:56: 'env' is not allowed"},
        {HEAD "backend: {kb: {request: {path: /k}, extract: {a: '.\"\u00e9\" | env'}}}\n",
         "s.yaml:7:58: 'env' is not allowed"}, /* characters, not bytes */
        {HEAD "tls: {client_cert: a}\n", "need each other"},
        {HEAD "openai: {model: m}\n", "'openai' needs"},
        {HEAD "limits: {connect: 2m}\n", "at most 'total'"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: ftp://a\n", "http://"},
        {"ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: http://u@a\n", "user name"},
        {"ombud: 2\n", "from 1 to 1"},
        {"version: 1\nservice: T\n",
         "s.yaml:1:10: unknown key 'version'; the version of the format "
         "is 'ombud: 1'"},
        {"ombud: 1\nservice: T\nprofile: ICS\n", "s.yaml:3:10: a profile is a word of small "
                                                 "letters, digits and '-'; 'ics'"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all),
        cmocka_unit_test(finds_abilities),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
