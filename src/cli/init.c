/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/init.h"

#include <ombud/sys.h>
#include <ombud/text.h>

#define VALID_MS ((int64_t)30 * 86400000)

/* The lines of the files, as they are. */
/* clang-format off */
/* Parts that several files have. */
#define HEAD \
    "# Parts that begin with '#' and a key are optional: remove each '#' of the\n" \
    "# part to use it. All keys are explained in doc/service-file.md. Next: ombud\n" \
    "# evaluate service.yaml --dry-run, then --try.\n" \
    "ombud: 1\n" \
    "# A name for the reports.\n" \
    "service: My service\n" \
    "# The catalogue of threats and tests.\n" \
    "profile: ics\n"
#define WHERE \
    "# Where it listens: scheme, host and port. Paths follow below.\n"
#define SENT \
    "# Sent with every request. The value is in the file of --secret API_KEY=@FILE.\n" \
    "#headers: {Authorization: \"Bearer {{secret.API_KEY}}\"}\n"
#define ACTORS \
    "# Callers: many tests need two. Where nobody logs in, names are enough.\n" \
    "actors:\n" \
    "  accounts: [{name: Ann Example}, {name: Bob Example}]\n"
#define LOGIN \
    "# How a caller logs in. What is extracted becomes {{actor.token}} for bodies\n" \
    "# and for headers below 'session: send'.\n" \
    "#login:\n" \
    "#  request:\n" \
    "#    path: /login\n" \
    "#    body: {user: \"{{actor.name}}\", password: \"{{secret.PASSWORD}}\"}\n" \
    "#  extract: {token: .token}\n"
#define OFFICE \
    "# What the back office holds, if you can show it: more tests apply then.\n" \
    "#backend: {state: {request: {path: /state}, extract: {state: .}}}\n"
#define FACTS_AND_LIMITS \
    "# Facts that tests ask for, such as a mark that stands in the service's\n" \
    "# instructions.\n" \
    "#facts: {prompt_marker: QX-4711}\n" \
    "# Hosts that links in replies may point to, besides the service itself.\n" \
    "#allow_hosts: [www.example.net]\n" \
    "# The most that tests may ask of it. Elsewhere than on this machine these are\n" \
    "# the defaults.\n" \
    "#limits: {rate: 2, in_flight: 4, requests: 5000, total: 60s}\n"
#define OWNER \
    "# The owner's permission is a second file: ombud evaluate --init scope >\n"

static const char openai_file[] =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# A service or model that speaks like OpenAI's chat completions.\n"
    HEAD
    "driver: openai\n"
    WHERE
    "address: http://127.0.0.1:8080\n"
    SENT
    "openai:\n"
    "  # The name of the model, as the service knows it.\n"
    "  model: my-model\n"
    "  # Where it takes requests, if not at /v1/chat/completions.\n"
    "  #path: /api/chat/completions\n"
    "  # Instructions that go before every conversation.\n"
    "  #system: You are the assistant of Example Telecom.\n"
    "  # The reply comes word by word, and the wait for the first word is measured.\n"
    "  #stream: true\n"
    ACTORS
    LOGIN
    OFFICE
    FACTS_AND_LIMITS
    OWNER
    "# scope.yaml\n";

static const char json_file[] =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# A service that speaks JSON over HTTP.\n"
    HEAD
    "driver: json\n"
    WHERE
    "address: http://127.0.0.1:3000\n"
    SENT
    "json:\n"
    "  # One turn. {{say}} is what the customer says. {{session.key}} is an id that\n"
    "  # Ombud makes for each conversation; a service without sessions ignores it.\n"
    "  request: {path: /chat, body: {text: \"{{say}}\", session: \"{{session.key}}\"}}\n"
    "  # Where the text of the reply is in the answer: a jq expression.\n"
    "  reply: .reply\n"
    "  # The same for tools that were called, sources, and tokens used.\n"
    "  #tools: .tools\n"
    "  #citations: .sources\n"
    "  #usage: .usage\n"
    ACTORS
    LOGIN
    "# For a service that makes the id of a session: how to get it, and the headers\n"
    "# that go with each turn, such as Authorization: \"Bearer {{actor.token}}\".\n"
    "# It may stand in a path and in bodies, too: {{session.id}}.\n"
    "#session:\n"
    "#  open: {request: {method: POST, path: /sessions}, extract: {id: .id}}\n"
    "#  send: {X-Session-Id: \"{{session.id}}\"}\n"
    OFFICE
    FACTS_AND_LIMITS
    OWNER
    "# scope.yaml\n";

static const char command_file[] =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# A bot without HTTP: a program that reads and writes lines.\n"
    HEAD
    "driver: command\n"
    "command:\n"
    "  # The program and its arguments. A turn is a line on its standard input,\n"
    "  # {\"id\":7,\"say\":\"...\",\"actor\":{...},\"session\":\"...\"}; the answer is one line\n"
    "  # on its standard output, {\"id\":7,\"reply\":\"...\"}.\n"
    "  run: [node, bot.js]\n"
    "  # Where the text of the reply is in the answer: a jq expression.\n"
    "  reply: .reply\n"
    "  # The same for tools that were called.\n"
    "  #tools: .tools\n"
    ACTORS
    FACTS_AND_LIMITS
    OWNER
    "# scope.yaml. Its addresses list the word command then.\n";

static const char scope_file[] =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# The owner's written permission to test a service. Nothing beyond it is sent.\n"
    "# All keys are explained in doc/scope-file.md.\n"
    "ombud: 1\n"
    "# What the permission is for, and who gives it.\n"
    "scope: First test of my service\n"
    "owner: Name of the owner\n"
    "# What may be contacted: an address or host name with its port, a network such\n"
    "# as 10.20.0.0/16, or the word command for a program.\n"
    "addresses: [\"127.0.0.1:3000\"]\n"
    "# read: ask questions. write: leave something behind, such as a ticket. There\n"
    "# are also load (many requests at once) and fault (make a part fail). Name\n"
    "# only what you allow.\n"
    "effects: [read, write]\n"
    "# Upper bounds, each optional: requests a second, requests at once, requests\n"
    "# in all.\n"
    "#rate: 2\n"
    "#in_flight: 4\n"
    "#requests: 5000\n"
    "# The first day and the day after the last, UTC.\n";

/* clang-format on */

static const struct {
    const char *word;
    const char *text;
    bool dated; /* lines 'from' and 'until' follow */
} files[] = {
    {"openai", openai_file, false},
    {"json", json_file, false},
    {"command", command_file, false},
    {"scope", scope_file, true},
};

bool ob_init_write(const char *which, int64_t now_ms, ob_buf *out, ob_err *err)
{
    for (size_t i = 0; i < OB_COUNT(files); i++) {
        char from[32];
        char until[32];
        if (strcmp(files[i].word, which) != 0) {
            continue;
        }
        ob_buf_add_str(out, files[i].text);
        ob_time_format(now_ms, from);
        ob_time_format(now_ms + VALID_MS, until);
        if (files[i].dated) {
            ob_buf_addf(out, "from: %.10s\nuntil: %.10s\n", from, until);
        }
        return ob_buf_check(out, "the file", err);
    }
    return ob_fail(err, OB_ERR_USAGE, "--init knows no file '%.40s'", which);
}
