/* SPDX-License-Identifier: Apache-2.0 */
/* What the owner of a service tells the scanner: hosts that links may go to, planted values, the
 * instructions and what of them may be said. */
#include "cli/scan.h"

#define OWN_FILE_MAX ((size_t)1 << 20)
#define OWN_MAX      1000

/* A list of spans that grows in the arena of the job. */
typedef struct list {
    ob_span items[OWN_MAX];
    size_t count;
} list;

static bool add(list *to, ob_span item, const char *option, ob_err *err)
{
    if (to->count == OWN_MAX) {
        return ob_fail(err, OB_ERR_USAGE, "--%s takes at most %d values", option, OWN_MAX);
    }
    to->items[to->count++] = item;
    return true;
}

static bool keep(ob_scan_job *job, const list *from, const ob_span **items, size_t *count,
                 ob_err *err)
{
    ob_span *kept = OB_NEW(&job->arena, ob_span, from->count, err);
    if (kept == NULL) {
        return false;
    }
    memcpy(kept, from->items, from->count * sizeof *kept);
    *items = kept;
    *count = from->count;
    return true;
}

static bool read_file(ob_scan_job *job, const char *path, ob_span *text, ob_err *err)
{
    OB_AUTO(ob_buf) bytes = {.max = OWN_FILE_MAX};
    return ob_file_read(path, &bytes, err) &&
           ob_arena_dup(&job->arena, ob_buf_span(&bytes), text, err);
}

/* Lines that are not empty. */
static bool add_lines(list *to, ob_span text, const char *option, ob_err *err)
{
    ob_span line;
    while (ob_span_cut_line(&text, &line)) {
        line = ob_span_trim(line);
        if (line.len > 0 && !add(to, line, option, err)) {
            return false;
        }
    }
    return true;
}

static bool take_hosts(ob_scan_job *job, ob_err *err)
{
    list hosts = {.count = 0};
    for (size_t i = 0; i < ob_args_count(job->args, "allow-host"); i++) {
        ob_span rest = ob_span_str(ob_args_nth(job->args, "allow-host", i));
        ob_span word;
        while (ob_span_cut(&rest, ',', &word)) {
            word = ob_span_trim(word);
            if (word.len == 0 || ob_span_find(word, OB_SPAN("/"), 0) != SIZE_MAX) {
                return ob_fail(err, OB_ERR_USAGE,
                               "--allow-host takes names such as help.example.net or .example.net, "
                               "not '%.*s'",
                               OB_SHOW(ob_span_sub(word, 0, 80)));
            }
            if (!add(&hosts, word, "allow-host", err)) {
                return false;
            }
        }
    }
    return hosts.count == 0 ||
           keep(job, &hosts, &job->options.hosts, &job->options.host_count, err);
}

static bool take_canaries(ob_scan_job *job, ob_err *err)
{
    list values = {.count = 0};
    for (size_t i = 0; i < ob_args_count(job->args, "canary"); i++) {
        const char *given = ob_args_nth(job->args, "canary", i);
        ob_span text = ob_span_str(given);
        bool file = given[0] == '@';
        if (file && !read_file(job, given + 1, &text, err)) {
            return false;
        }
        if (!(file ? add_lines(&values, text, "canary", err) : add(&values, text, "canary", err))) {
            return false;
        }
    }
    return values.count == 0 ||
           keep(job, &values, &job->options.canaries, &job->options.canary_count, err);
}

static bool take_texts(ob_scan_job *job, const char *option, const ob_span **items, size_t *count,
                       ob_err *err)
{
    list texts = {.count = 0};
    for (size_t i = 0; i < ob_args_count(job->args, option); i++) {
        ob_span text = {0};
        if (!read_file(job, ob_args_nth(job->args, option, i), &text, err) ||
            !add(&texts, text, option, err)) {
            return false;
        }
    }
    return texts.count == 0 || keep(job, &texts, items, count, err);
}

bool ob_scan_own(ob_scan_job *job, ob_err *err)
{
    ob_scan_options *to = &job->options;
    if (ob_args_count(job->args, "may-say") > 0 && ob_args_count(job->args, "system-prompt") == 0) {
        return ob_fail(err, OB_ERR_USAGE, "--may-say belongs to --system-prompt");
    }
    return take_hosts(job, err) && take_canaries(job, err) &&
           take_texts(job, "system-prompt", &to->prompts, &to->prompt_count, err) &&
           take_texts(job, "may-say", &to->prompt_exempt, &to->prompt_exempt_count, err);
}
