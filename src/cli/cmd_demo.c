/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ombud demo: the reference service as a process of its own, evaluated; and the service alone, its
 * dials, and the files that say how to speak with it.
 */
#include "cli/cli.h"
#include "cli/reference.h"
#include "demo.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>

#define DEFAULT_LISTEN "127.0.0.1:8740"

/* The setting of a plain "ombud demo": some weaknesses at their design rate, some absent, so that
 * the report shows what each outcome looks like. */
static const char *const mixed[] = {"leak.cross_session", "policy.invented", "injection.obeys"};

static int dials(void)
{
    (void)printf("%-24s %-11s %-24s %s\n", "dial", "design rate", "procedure", "weakness");
    for (size_t i = 0; i < ob_demo_dials_count; i++) {
        const ob_demo_dial *d = &ob_demo_dials[i];
        (void)printf("%-24s %-11.2f %-24s %s\n", d->name, d->design_rate, d->procedure, d->title);
    }
    return OB_EXIT_OK;
}

static int print_file(const ob_args *args, bool scope)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    const char *listen = ob_args_text(args, "listen");
    if (scope) {
        ob_demo_scope_file(&text, listen, ob_clock_wall_ms());
    } else {
        ob_demo_service_file(&text, listen);
    }
    (void)fwrite(text.ptr, 1, text.len, stdout);
    return OB_EXIT_OK;
}

static bool read_dials(const ob_args *args, double rates[OB_DEMO_DIALS_MAX], ob_err *err)
{
    const char *names[OB_DEMO_DIALS_MAX];
    for (size_t i = 0; i < ob_demo_dials_count; i++) {
        names[i] = ob_demo_dials[i].name;
    }
    for (size_t i = 0; i < ob_args_count(args, "dial"); i++) {
        ob_span rest = ob_span_str(ob_args_nth(args, "dial", i));
        ob_span name = {0};
        double rate = 0;
        if (!ob_span_cut(&rest, '=', &name) || rest.ptr == NULL) {
            return ob_fail(err, OB_ERR_USAGE, "--dial is like leak.cross_session=0.2");
        }
        int which = ob_text_index(name, names, ob_demo_dials_count);
        if (which < 0) {
            const char *near = ob_text_nearest(name, names, ob_demo_dials_count);
            return ob_fail(
                err, OB_ERR_USAGE, "no dial is called '%.*s'%s%s%s; see 'ombud demo dials'",
                OB_SHOW(ob_span_sub(name, 0, 40)), near == NULL ? "" : ", did you mean '",
                near == NULL ? "" : near, near == NULL ? "" : "'?");
        }
        if (!ob_span_to_double(rest, &rate, err) || rate < 0 || rate > 1) {
            return ob_fail(err, OB_ERR_USAGE, "a dial goes from 0 to 1, not to '%.*s'",
                           OB_SHOW(ob_span_sub(rest, 0, 40)));
        }
        rates[which] = rate;
    }
    return true;
}

static bool read_listen(const char *listen, char host[64], uint16_t *port, ob_err *err)
{
    const char *colon = strrchr(listen, ':');
    uint64_t number = 0;
    if (colon == NULL || (size_t)(colon - listen) >= 64 ||
        !ob_span_to_u64(ob_span_str(colon + 1), &number, err) || number > 65535) {
        return ob_fail(err, OB_ERR_USAGE, "--listen is like 127.0.0.1:8740, not '%.60s'", listen);
    }
    (void)snprintf(host, 64, "%.*s", (int)(colon - listen), listen);
    *port = (uint16_t)number;
    return true;
}

/* Serves until it is told to stop. The address goes to standard output, where a starter reads it.
 */
static int serve(const ob_args *args)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_demo) demo = {0};
    char host[64];
    char token[33];
    int stop = -1;
    const char *given =
        getenv(OB_REFERENCE_VARIABLE); /* NOLINT(concurrency-mt-unsafe): one thread yet */
    ob_demo_options options = {.host = host,
                               .seed = ob_span_str(ob_args_text(args, "seed")),
                               .llm_url = ob_args_text(args, "llm")};
    if (!read_dials(args, options.rates, &err) ||
        !read_listen(ob_args_text(args, "listen"), host, &options.port, &err) ||
        !ob_reference_token(token, &err) || !ob_cli_signals(&stop, &err)) {
        return ob_cli_fail(&err, false);
    }
    options.admin_token = ob_span_str(given != NULL && *given != '\0' ? given : token);
    if (!ob_demo_open(&demo, &options, &err)) {
        return ob_cli_fail(&err, false);
    }
    (void)printf("serving http://%s:%u\n", host, ob_demo_port(&demo));
    (void)fflush(stdout);
    if (given == NULL || *given == '\0') {
        ob_cli_say(args, "for evaluations: export %s=%s", OB_REFERENCE_VARIABLE, token);
    }
    struct pollfd wait = {.fd = stop, .events = POLLIN};
    while (poll(&wait, 1, -1) < 0 && errno == EINTR) {
    }
    return OB_EXIT_OK;
}

/* The whole: start the service as a child, evaluate it, stop it. */

static bool start_service(const ob_args *args, ob_reference *c, ob_err *err)
{
    char dial_texts[OB_COUNT(mixed)][64];
    const char *arguments[152];
    size_t count = 0;
    bool chosen = ob_args_count(args, "dial") > 0;
    for (size_t i = 0; chosen && i < ob_args_count(args, "dial") && count < 140; i++) {
        arguments[count++] = "--dial";
        arguments[count++] = ob_args_nth(args, "dial", i);
    }
    for (size_t i = 0; !chosen && i < OB_COUNT(mixed); i++) {
        for (size_t k = 0; k < ob_demo_dials_count; k++) {
            if (strcmp(ob_demo_dials[k].name, mixed[i]) == 0) {
                (void)snprintf(dial_texts[i], sizeof dial_texts[i], "%s=%g", mixed[i],
                               ob_demo_dials[k].design_rate);
                arguments[count++] = "--dial";
                arguments[count++] = dial_texts[i];
            }
        }
    }
    arguments[count++] = "--seed";
    arguments[count++] = ob_args_text(args, "seed");
    return ob_reference_open(c, arguments, count, err);
}

typedef struct demo_files {
    char service[4096];
    char scope[4096];
    char store[4096];
    char html[4096];
    char json[4096];
} demo_files;

static bool make_folder(const char *path, ob_err *err)
{
    char part[4096];
    (void)snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(part, 0755);
            *at = '/';
        }
    }
    if (mkdir(part, 0755) != 0 && errno != EEXIST) {
        return ob_fail_errno(err, errno, "cannot make the folder %s", path);
    }
    return true;
}

static bool write_files(const char *out, const ob_reference *c, demo_files *f, ob_err *err)
{
    OB_AUTO(ob_buf) service = {.max = 65536};
    OB_AUTO(ob_buf) scope = {.max = 65536};
    ob_demo_service_file(&service, c->address);
    ob_demo_scope_file(&scope, c->address, ob_clock_wall_ms());
    (void)snprintf(f->service, sizeof f->service, "%.4000s/service.yaml", out);
    (void)snprintf(f->scope, sizeof f->scope, "%.4000s/scope.yaml", out);
    (void)snprintf(f->store, sizeof f->store, "%.4000s/evidence.db", out);
    (void)snprintf(f->html, sizeof f->html, "%.4000s/report.html", out);
    (void)snprintf(f->json, sizeof f->json, "%.4000s/report.json", out);
    return ob_buf_check(&service, "the service file", err) &&
           ob_buf_check(&scope, "the scope file", err) && make_folder(out, err) &&
           ob_file_write(f->service, ob_buf_span(&service), 0644, err) &&
           ob_file_write(f->scope, ob_buf_span(&scope), 0644, err);
}

static int whole(const ob_args *args)
{
    ob_err err = {0};
    ob_reference c = {0};
    char token[33];
    demo_files files = {0};
    const char *out = ob_args_text(args, "out");
    double rates[OB_DEMO_DIALS_MAX];
    if (!read_dials(args, rates, &err) || !ob_reference_token(token, &err) ||
        !ob_reference_hand_over(token, &err)) {
        return ob_cli_fail(&err, false);
    }
    ob_cli_say(args, "starting the reference service");
    if (!start_service(args, &c, &err) || !write_files(out, &c, &files, &err)) {
        ob_reference_close(&c);
        return ob_cli_fail(&err, false);
    }
    ob_cli_evaluation evaluation = {.args = args,
                                    .service_path = files.service,
                                    .scope_path = files.scope,
                                    .store_path = files.store,
                                    .html_path = files.html,
                                    .json_path = files.json,
                                    .seed = ob_args_text(args, "seed")};
    int status = ob_cli_evaluate(&evaluation);
    ob_reference_close(&c);
    ob_wipe(token, sizeof token);
    if (status == OB_EXIT_OK || status == OB_EXIT_FOUND || status == OB_EXIT_UNDECIDED) {
        struct stat info = {0};
        if (stat(files.html, &info) == 0) {
            (void)printf("\nThe report: %s\nIts data:   %s\nEvidence:   %s\n", files.html,
                         files.json, files.store);
            return OB_EXIT_OK;
        }
    }
    return status;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    const char *verb = args->words_count > 0 ? args->words[0] : "";
    if (args->words_count <= 1) {
        if (verb[0] == '\0') {
            return whole(args);
        }
        if (strcmp(verb, "serve") == 0) {
            return serve(args);
        }
        if (strcmp(verb, "dials") == 0) {
            return dials();
        }
        if (strcmp(verb, "service-file") == 0 || strcmp(verb, "scope") == 0) {
            return print_file(args, strcmp(verb, "scope") == 0);
        }
    }
    (void)ob_fail(&err, OB_ERR_USAGE, "demo takes serve, dials, service-file, scope or nothing");
    return ob_cli_usage("demo", &err);
}

static const ob_option options[] = {
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"dial", OB_OPTION_TEXT, true, "NAME=RATE", NULL, "a weakness and how often it shows, 0 to 1",
     NULL},
    {"fail-on", OB_OPTION_TEXT, false, "low|medium|high|critical", "low", "as of evaluate", NULL},
    {"in-flight", OB_OPTION_NUMBER, false, "N", NULL, "most exchanges at once", NULL},
    {"inputs", OB_OPTION_TEXT, true, "DIR", NULL, "folder of your own texts for procedures", NULL},
    {"level", OB_OPTION_NUMBER, false, "1|2|3", "1", "requirements: 1 basic, 2 enhanced, 3 high",
     NULL},
    {"listen", OB_OPTION_TEXT, false, "ADDR", DEFAULT_LISTEN, "serve and the files: host:port",
     NULL},
    {"llm", OB_OPTION_TEXT, false, "URL", NULL, "serve: an OpenAI-compatible model for the wording",
     NULL},
    {"max-minutes", OB_OPTION_NUMBER, false, "N", NULL, "stop after N minutes", NULL},
    {"max-requests", OB_OPTION_NUMBER, false, "N", NULL, "stop after N requests", "budget"},
    {"only", OB_OPTION_TEXT, true, "ID,...", NULL, "procedures, evaluations or requirements", NULL},
    {"out", OB_OPTION_TEXT, false, "DIR", "ombud-demo", "where the report goes", NULL},
    {"procedures", OB_OPTION_TEXT, true, "DIR", NULL, "folder of further procedures", NULL},
    {"profile", OB_OPTION_TEXT, false, "NAME", NULL, "catalogue to use", NULL},
    {"rate", OB_OPTION_REAL, false, "N", NULL, "most requests a second", NULL},
    {"secret", OB_OPTION_TEXT, true, "NAME=@FILE", NULL, "as of evaluate", NULL},
    {"seed", OB_OPTION_TEXT, false, "TEXT", "demo", "seed of the service and of the choices", NULL},
};

const ob_command ob_command_demo = {
    .name = "demo",
    .purpose = "run a fictional service with known weaknesses, and evaluate it",
    .usage = "  ombud demo [options]          start it, evaluate it, write the report\n"
             "  ombud demo serve [options]    only serve\n"
             "  ombud demo dials              its weaknesses\n"
             "  ombud demo service-file       how to speak with it; an example to copy\n"
             "  ombud demo scope              its owner's permission; an example to copy\n",
    .examples = "  ombud demo --out out/demo\n"
                "  ombud demo serve --dial leak.cross_session=0.2\n"
                "  ombud demo service-file --listen 127.0.0.1:8740 > service.yaml\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "Without --dial, 'demo' turns some weaknesses on, 'demo serve' none.\n"
             "Exit status: 0 when the report is written, whatever it says; else as evaluate.\n",
    .run = run_command,
};
