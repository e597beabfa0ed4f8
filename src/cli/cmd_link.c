/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link: secure interconnection of constrained devices. */
#include "cli/cli.h"
#include "cli/link.h"

static const struct {
    const char *name;
    int (*run)(const ob_args *args);
} verbs[] = {
    {"serve", ob_link_serve}, {"request", ob_link_request}, {"keygen", ob_link_keygen},
    {"cert", ob_link_cert},   {"vectors", ob_link_vectors},
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
    (void)ob_fail(&err, OB_ERR_USAGE,
                  "link takes serve, request, keygen, cert or vectors%s%.60s%s%s%s",
                  verb[0] == '\0' ? "" : ", not '", verb, verb[0] == '\0' ? "" : "'",
                  near == NULL ? "" : "; did you mean ", near == NULL ? "" : near);
    return ob_cli_usage("link", &err);
}

static const ob_option options[] = {
    {"all", OB_OPTION_FLAG, false, NULL, NULL, "vectors: print the entries that passed, too", NULL},
    {"at", OB_OPTION_TEXT, false, "DATE", NULL, "cert: the time that counts, else now", NULL},
    {"authority", OB_OPTION_TEXT, true, "DIR|FILE", NULL,
     "cert: the authority that issues, or is trusted", NULL},
    {"block", OB_OPTION_NUMBER, false, "SZX", NULL,
     "request: size of blocks, 0 to 6 for 16 to 1024 bytes", NULL},
    {"combined", OB_OPTION_FLAG, false, NULL, NULL,
     "request: message 3 of EDHOC goes along with it", NULL},
    {"config", OB_OPTION_TEXT, false, "FILE", NULL, "serve: keys, peers and rights", NULL},
    {"crl", OB_OPTION_TEXT, false, "URL", NULL, "cert issue: where the revocation list is", NULL},
    {"curve", OB_OPTION_TEXT, false, "p-256|x25519|ed25519", "p-256", "keygen, cert: of the key",
     NULL},
    {"days", OB_OPTION_NUMBER, false, "N", NULL,
     "cert: how long it holds; default 365, an authority 3650, a list 30", NULL},
    {"edhoc", OB_OPTION_TEXT, false, "FILE", NULL,
     "request, cert check: agree on keys by EDHOC first", NULL},
    {"hardware", OB_OPTION_TEXT, false, "OID", NULL,
     "cert issue: type of the hardware module, such as 1.3.6.1.4.1.99999.1", NULL},
    {"host", OB_OPTION_TEXT, false, "NAME", NULL,
     "cert: name of the server; check sends it (SNI) and looks for it", NULL},
    {"json", OB_OPTION_FLAG, false, NULL, NULL, "cert check: as JSON", NULL},
    {"key", OB_OPTION_TEXT, false, "FILE", NULL,
     "cert issue: key of keygen, or PEM; else a new one is made", NULL},
    {"kid", OB_OPTION_TEXT, false, "HEX", NULL, "keygen: id of the key pair; a secret has none",
     NULL},
    {"listen", OB_OPTION_TEXT, false, "ADDR", "127.0.0.1:5683", "serve: address and port; 0: any",
     NULL},
    {"name", OB_OPTION_TEXT, false, "TEXT", NULL, "cert: common name of the subject", NULL},
    {"no-end", OB_OPTION_FLAG, false, NULL, NULL,
     "cert issue: for the life of the device, until 9999", NULL},
    {"observe", OB_OPTION_NUMBER, false, "N", NULL, "request: wait for N notifications", NULL},
    {"ocsp", OB_OPTION_TEXT, false, "URL", NULL, "cert issue: where the responder is", NULL},
    {"oscore", OB_OPTION_TEXT, false, "FILE", NULL, "request: protect it, with this context", NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", NULL,
     "keygen: where the secret part goes; cert: folder, or name of the new files", NULL},
    {"payload", OB_OPTION_TEXT, false, "FILE|-", NULL, "request: what is sent", NULL},
    {"profile", OB_OPTION_TEXT, false, "device|authority|server|any", NULL,
     "cert: what it is for; check finds out by itself", NULL},
    {"revoked", OB_OPTION_TEXT, true, "FILE", NULL,
     "cert check: revocation list, or folder of the authority", NULL},
    {"scope", OB_OPTION_TEXT, false, "FILE", NULL,
     "request, cert check: the owner's permission; loopback needs none", NULL},
    {"secret", OB_OPTION_FLAG, false, NULL, NULL,
     "keygen: a secret for OSCORE instead of a key pair", NULL},
    {"serial", OB_OPTION_TEXT, false, "TEXT", NULL, "cert issue: serial number of the device",
     NULL},
    {"stats", OB_OPTION_FLAG, false, NULL, NULL, "request: print what it took", NULL},
    {"wait", OB_OPTION_NUMBER, false, "N", "93",
     "request, cert check: seconds to wait for a response", NULL},
};

const ob_command ob_command_link = {
    .name = "link",
    .purpose = "secure interconnection of constrained devices: CoAP, OSCORE, EDHOC",
    .usage = "  ombud link serve [--config FILE] [options]\n"
             "  ombud link request METHOD URI [options]\n"
             "  ombud link keygen --out FILE [options]\n"
             "  ombud link cert authority --out DIR --name TEXT [options]\n"
             "  ombud link cert issue --authority DIR --serial TEXT --out NAME [options]\n"
             "  ombud link cert revoke --authority DIR [FILE] [options]\n"
             "  ombud link cert check FILE...|-|URI [options]\n"
             "  ombud link vectors FILE.json... [options]\n",
    .examples = "  ombud link serve --config server.yaml\n"
                "  ombud link request GET coap://127.0.0.1/sensor --edhoc display.yaml\n"
                "  ombud link cert check tls://127.0.0.1:8883 --authority lab\n"
                "  ombud link vectors oscore-generated.json\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "serve offers example resources: /sensor, /actuator, /faults. Its first line is\n"
             "\"serving coap://ADDRESS:PORT\". request prints the body of the response on\n"
             "standard output, the rest on standard error. keygen writes the secret part to a\n"
             "file of mode 0600 and prints what others may know. vectors runs files of test\n"
             "vectors for OSCORE, EDHOC and COSE. cert makes an authority for tests and device\n"
             "certificates, and checks certificates against a profile: in files of PEM or\n"
             "DER, or of a peer at tls://, dtls://, coaps:// (DTLS) or coap:// (EDHOC).\n"
             "doc/link.md tells the formats of all files.\n"
             "\n"
             "Exit status: 0 done, 1 a vector failed, the server refused (4.xx, 5.xx) or a\n"
             "certificate deviates, 2 wrong usage, input or scope, and nothing was sent, 3 no\n"
             "answer, 4 our own fault.\n",
    .run = run_command,
};
