/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link: secure interconnection of constrained devices. */
#include "cli/cli.h"
#include "cli/link.h"

static const struct {
    const char *name;
    int (*run)(const ob_args *args);
} verbs[] = {
    {"serve", ob_link_serve},
    {"request", ob_link_request},
    {"keygen", ob_link_keygen},
    {"vectors", ob_link_vectors},
};

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    const char *names[OB_COUNT(verbs)];
    const char *verb = args->words_count > 0 ? args->words[0] : "";
    for (size_t i = 0; i < OB_COUNT(verbs); i++) {
        if (strcmp(verb, verbs[i].name) == 0) {
            return verbs[i].run(args);
        }
        names[i] = verbs[i].name;
    }
    const char *near = ob_text_nearest(ob_span_str(verb), names, OB_COUNT(verbs));
    (void)ob_fail(&err, OB_ERR_USAGE, "link takes serve, request, keygen or vectors%s%.60s%s%s%s",
                  verb[0] == '\0' ? "" : ", not '", verb, verb[0] == '\0' ? "" : "'",
                  near == NULL ? "" : "; did you mean ", near == NULL ? "" : near);
    return ob_cli_usage("link", &err);
}

static const ob_option options[] = {
    {"all", OB_OPTION_FLAG, false, NULL, NULL, "vectors: print the entries that passed, too", NULL},
    {"block", OB_OPTION_NUMBER, false, "SZX", NULL,
     "request: size of blocks, 0 to 6 for 16 to 1024 bytes", NULL},
    {"combined", OB_OPTION_FLAG, false, NULL, NULL,
     "request: message 3 of EDHOC goes along with it", NULL},
    {"config", OB_OPTION_TEXT, false, "FILE", NULL, "serve: keys, peers and rights", NULL},
    {"curve", OB_OPTION_TEXT, false, "p-256|x25519|ed25519", "p-256", "keygen: of the key", NULL},
    {"edhoc", OB_OPTION_TEXT, false, "FILE", NULL, "request: agree on keys by EDHOC first", NULL},
    {"kid", OB_OPTION_TEXT, false, "HEX", NULL, "keygen: id of the key", NULL},
    {"listen", OB_OPTION_TEXT, false, "ADDR", "127.0.0.1:5683", "serve: address and port; 0: any",
     NULL},
    {"observe", OB_OPTION_NUMBER, false, "N", NULL, "request: wait for N notifications", NULL},
    {"oscore", OB_OPTION_TEXT, false, "FILE", NULL, "request: protect it, with this context", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", NULL, "keygen: where the secret part goes", NULL},
    {"payload", OB_OPTION_TEXT, false, "FILE|-", NULL, "request: what is sent", NULL},
    {"scope", OB_OPTION_TEXT, false, "FILE", NULL,
     "request: the owner's permission; loopback needs none", NULL},
    {"secret", OB_OPTION_FLAG, false, NULL, NULL,
     "keygen: a secret for OSCORE instead of a key pair", NULL},
    {"stats", OB_OPTION_FLAG, false, NULL, NULL, "request: print what it took", NULL},
    {"wait", OB_OPTION_NUMBER, false, "N", "93", "request: seconds to wait for a response", NULL},
};

const ob_command ob_command_link = {
    .name = "link",
    .purpose = "secure interconnection of constrained devices: CoAP, OSCORE, EDHOC",
    .usage = "  ombud link serve [--config FILE] [options]\n"
             "  ombud link request METHOD URI [options]\n"
             "  ombud link keygen --out FILE [options]\n"
             "  ombud link vectors FILE.json... [options]\n",
    .examples = "  ombud link serve --config server.yaml\n"
                "  ombud link request GET coap://127.0.0.1/sensor --edhoc display.yaml\n"
                "  ombud link vectors oscore-generated.json\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "serve offers example resources: /sensor, /actuator, /faults. Its first line is\n"
             "\"serving coap://ADDRESS:PORT\". request prints the body of the response on\n"
             "standard output, the rest on standard error. keygen writes the secret part to a\n"
             "file of mode 0600 and prints what others may know. vectors runs files of test\n"
             "vectors for OSCORE, EDHOC and COSE. doc/link.md tells the formats of all files.\n"
             "\n"
             "Exit status: 0 done, 1 a vector failed or the server refused (4.xx, 5.xx), 2 wrong\n"
             "usage, input or scope, and nothing was sent, 3 no answer, 4 our own fault.\n",
    .run = run_command,
};
