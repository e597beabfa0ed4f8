/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link cert: an authority for tests, and the profile check of device certificates. */
#include "cli/link_cert.h"

#include "cli/cli.h"
#include "cli/link.h"

#include <sys/stat.h>

bool ob_cert_authority_path(const char *path, const char *file, ob_arena *arena, ob_span *out,
                            ob_err *err)
{
    struct stat info = {0};
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode)
               ? ob_arena_printf(arena, out, err, "%s/%s", path, file)
               : ob_arena_dup(arena, ob_span_str(path), out, err);
}

static bool read_role(const ob_args *args, ob_cert_role *role, ob_err *err)
{
    static const ob_cert_role roles[] = {OB_CERT_DEVICE, OB_CERT_AUTHORITY, OB_CERT_SERVER,
                                         OB_CERT_ANY};
    const char *text = ob_args_text(args, "profile");
    *role = OB_CERT_ANY;
    for (size_t i = 0; text != NULL && i < OB_COUNT(roles); i++) {
        if (strcmp(text, ob_cert_role_name(roles[i])) == 0) {
            *role = roles[i];
            return true;
        }
    }
    return text == NULL ||
           ob_fail(err, OB_ERR_USAGE, "--profile takes device, authority, server or any");
}

/* Now, or the time of --at; a day without a time is its beginning. */
static bool read_at(const ob_args *args, int64_t *at_ms, ob_err *err)
{
    const char *text = ob_args_text(args, "at");
    *at_ms = ob_clock_wall_ms();
    if (text != NULL && !ob_time_parse(ob_span_str(text), at_ms, err)) {
        err->kind = OB_ERR_USAGE;
        return ob_wrap(err, "--at");
    }
    return true;
}

static bool read_stdin(ob_cert_set *set, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_CERT_FILE_MAX};
    char chunk[4096];
    size_t got = 0;
    while ((got = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
        ob_buf_add(&text, (ob_span){chunk, got});
    }
    return ob_buf_check(&text, "what came in", err) &&
           ob_cert_set_read(set, "-", ob_buf_span(&text), false, err);
}

static bool read_trusted(const ob_args *args, ob_arena *arena, ob_cert_set *set, ob_err *err)
{
    ob_span path;
    for (size_t i = 0; i < ob_args_count(args, "authority"); i++) {
        size_t before = set->count;
        if (!ob_cert_authority_path(ob_args_nth(args, "authority", i), OB_AUTHORITY_CERT, arena,
                                    &path, err) ||
            !ob_cert_set_load(set, path.ptr, true, err)) {
            return false;
        }
        bool any = set->count > before;
        for (size_t k = 0; k < set->count; k++) { /* it may have been given before */
            any = any || set->anchor[k];
        }
        if (!any) {
            return ob_fail(err, OB_ERR_INPUT, "%s has no certificate", path.ptr);
        }
    }
    for (size_t i = 0; i < ob_args_count(args, "revoked"); i++) {
        if (!ob_cert_authority_path(ob_args_nth(args, "revoked", i), OB_AUTHORITY_LIST, arena,
                                    &path, err) ||
            !ob_cert_lists_load(set, path.ptr, err)) {
            return false;
        }
    }
    return true;
}

typedef struct checking {
    ob_arena arena;
    ob_cert_set set;
    ob_buf out;
    bool sent;
    bool proven;
} checking;

static bool get_certificates(checking *c, const ob_args *args, ob_err *err)
{
    const char *const *words = args->words + 2;
    size_t count = args->words_count - 2;
    if (count == 1 && ob_cert_is_peer(words[0])) {
        return ob_cert_peer(args, words[0], &c->arena, &c->set, &c->proven, &c->sent, err);
    }
    for (size_t i = 0; i < count; i++) {
        if (ob_cert_is_peer(words[i])) {
            return ob_fail(err, OB_ERR_USAGE,
                           "link cert check takes one live peer, and no files "
                           "with it");
        }
        if (!(strcmp(words[i], "-") == 0 ? read_stdin(&c->set, err)
                                         : ob_cert_set_load(&c->set, words[i], false, err))) {
            return false;
        }
    }
    return true;
}

static bool work(checking *c, const ob_args *args, int *status, ob_err *err)
{
    ob_cert_ask ask = {.set = &c->set, .host = ob_args_text(args, "host")};
    ob_cert_answer answer = {0};
    ob_cert_report report = {.ask = &ask, .answer = &answer};
    if (args->words_count < 3) {
        return ob_fail(err, OB_ERR_USAGE,
                       "link cert check needs a file, - or a URI such as "
                       "tls://127.0.0.1:8883");
    }
    report.source = args->words_count == 3 ? args->words[2] : "several files";
    report.live = ob_cert_is_peer(args->words[2]);
    ask.first = report.live;
    if (!read_role(args, &ask.role, err) || !read_at(args, &ask.at_ms, err) ||
        !get_certificates(c, args, err) || !read_trusted(args, &c->arena, &c->set, err)) {
        return false;
    }
    report.proven = c->proven;
    if (!ob_cert_check(&ask, &c->arena, &answer, err)) {
        return ob_wrap(err, "%.80s", report.source);
    }
    bool good = ob_args_flag(args, "json") ? ob_cert_json(&report, &c->arena, &c->out, err)
                                           : ob_cert_show(&report, &c->arena, &c->out, err);
    *status = answer.must > 0 ? OB_EXIT_FOUND : OB_EXIT_OK;
    return good && ob_cli_write("-", ob_buf_span(&c->out), err);
}

static int check(const ob_args *args)
{
    ob_err err = {0};
    int status = OB_EXIT_OK;
    checking c = {.out = {.max = (size_t)4 << 20}};
    if (!work(&c, args, &status, &err)) {
        status = err.kind == OB_ERR_USAGE ? ob_cli_usage("link", &err) : ob_cli_fail(&err, c.sent);
    }
    ob_cert_set_fini(&c.set);
    ob_buf_fini(&c.out);
    ob_arena_fini(&c.arena);
    return status;
}

static const struct {
    const char *name;
    int (*run)(const ob_args *args);
} verbs[] = {
    {"authority", ob_cert_make_authority},
    {"issue", ob_cert_make_issue},
    {"revoke", ob_cert_make_list},
    {"check", check},
};

int ob_link_cert(const ob_args *args)
{
    ob_err err = {0};
    const char *names[OB_COUNT(verbs)];
    const char *verb = args->words_count > 1 ? args->words[1] : "";
    for (size_t i = 0; i < OB_COUNT(verbs); i++) {
        if (strcmp(verb, verbs[i].name) == 0) {
            return verbs[i].run(args);
        }
        names[i] = verbs[i].name;
    }
    const char *near = ob_text_nearest(ob_span_str(verb), names, OB_COUNT(names));
    (void)ob_fail(&err, OB_ERR_USAGE, "link cert takes authority, issue, revoke or check%s%s",
                  near == NULL ? "" : "; did you mean ", near == NULL ? "" : near);
    return ob_cli_usage("link", &err);
}
