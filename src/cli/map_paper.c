/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map paper: what a delegate writes for a meeting. */
#include "cli/map_ask.h"
#include "cli/pandoc.h"
#include "map/paper.h"

static const ob_paper_kind *choose_kind(const ob_map_cli *cli, ob_err *err)
{
    const char *names[32];
    size_t count = ob_paper_kinds_count < OB_COUNT(names) ? ob_paper_kinds_count : OB_COUNT(names);
    ob_span word = ob_map_word(cli, 0);
    OB_AUTO(ob_buf) all = {.max = 1024};
    for (size_t i = 0; i < count; i++) {
        names[i] = ob_paper_kinds[i]->id;
        if (ob_span_is_str(word, names[i])) {
            return ob_paper_kinds[i];
        }
        ob_buf_addf(&all, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
    }
    const char *near = ob_text_nearest(word, names, count);
    if (near != NULL) {
        (void)ob_fail(err, OB_ERR_USAGE,
                      "map paper: no paper is called '%.40s'; did you mean '%s'?", word.ptr, near);
    } else {
        (void)ob_fail(err, OB_ERR_USAGE, "map paper: no paper is called '%.40s'; there are %.*s",
                      word.ptr, OB_SHOW(ob_buf_span(&all)));
    }
    return NULL;
}

/* The id of a meeting, or the day of one that the landscape does not have. */
static bool choose_meeting(const ob_map_cli *cli, ob_paper_from *from, ob_err *err)
{
    const char *text = ob_args_text(cli->args, "meeting");
    ob_day day = 0;
    from->meeting = OB_NONE;
    if (text == NULL) {
        return true;
    }
    from->meeting = ob_map_meeting(&cli->map, ob_span_str(text));
    if (from->meeting != OB_NONE) {
        return true;
    }
    if (ob_day_read(ob_span_str(text), &day) && day % 100 != 0) {
        from->meeting_day = day;
        return true;
    }
    return ob_fail(err, OB_ERR_USAGE,
                   "--meeting: no meeting has the id '%.40s'; a first day such as 2026-12-08 does, "
                   "too",
                   text);
}

static bool read_options(ob_map_cli *cli, const ob_paper_kind *kind, ob_paper_from *from,
                         ob_err *err)
{
    ob_ask ask = {0};
    const char *since = ob_args_text(cli->args, "since");
    bool to = ob_args_text(cli->args, "to") != NULL;
    if (!ob_map_ask(cli, &ask, err) || !choose_meeting(cli, from, err)) {
        return false;
    }
    if (since != NULL && (kind->flags & OB_PAPER_TAKES_SINCE) == 0) {
        return ob_fail(err, OB_ERR_USAGE, "map paper %s takes no --since", kind->id);
    }
    if (to && (kind->flags & OB_PAPER_TAKES_WITH) == 0) {
        return ob_fail(err, OB_ERR_USAGE, "map paper %s takes no --to", kind->id);
    }
    if (ask.topic != OB_NONE && (kind->flags & OB_PAPER_TAKES_TOPIC) == 0) {
        return ob_fail(err, OB_ERR_USAGE, "map paper %s takes no --topic", kind->id);
    }
    if (ask.with != OB_NONE) {
        return ob_fail(err, OB_ERR_USAGE, "map paper takes no --with; a letter goes --to a body");
    }
    if (since != NULL &&
        (!ob_day_read(ob_span_str(since), &from->since) || from->since % 100 == 0)) {
        return ob_fail(err, OB_ERR_USAGE, "--since is a day such as 2026-10-31, not '%.40s'",
                       since);
    }
    from->map = &cli->map;
    from->arena = &cli->arena;
    from->body = ask.body;
    from->topic = ask.topic;
    from->fresh_days = ask.fresh_days;
    if (!ob_map_option_body(cli, "to", &from->with, err)) {
        return false;
    }
    uint32_t now = ob_map_body_now(&cli->map, from->with);
    if (now != from->with) {
        /* A letter to a body that is gone reaches nobody. */
        return ob_fail(err, OB_ERR_USAGE, "--to: %.*s is gone; %.*s took over, write to that one",
                       OB_SHOW(cli->map.bodies[from->with].id), OB_SHOW(cli->map.bodies[now].id));
    }
    now = ob_map_body_now(&cli->map, from->body);
    return now == from->body ||
           ob_fail(err, OB_ERR_USAGE, "--body: %.*s is gone; %.*s took over and writes now",
                   OB_SHOW(cli->map.bodies[from->body].id), OB_SHOW(cli->map.bodies[now].id));
}

static const char *const forms[] = {"markdown", "html", "json", "docx"};

static bool render(ob_map_cli *cli, int form, const ob_paper *p, ob_err *err)
{
    OB_AUTO(ob_buf) page = {.max = OB_PAPER_MAX};
    switch (form) {
    case 0:
        return ob_paper_markdown(&cli->out, p, err);
    case 1:
        return ob_paper_html(&cli->out, p, err);
    case 2:
        return ob_paper_json(&cli->out, p, err);
    default:
        return ob_paper_markdown(&page, p, err) &&
               ob_pandoc_docx(&cli->out, ob_buf_span(&page), cli->map.as_of, err);
    }
}

static int paper(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_paper_from from = {0};
    const char *format = ob_args_text(cli->args, "format");
    int form = format == NULL ? 0 : ob_text_index(ob_span_str(format), forms, OB_COUNT(forms));
    const ob_paper_kind *kind = choose_kind(cli, &err);
    if (kind != NULL && form < 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--format is markdown, html, json or docx, not '%.40s'",
                      format);
    }
    if (kind == NULL || form < 0 || !read_options(cli, kind, &from, &err)) {
        return ob_cli_usage("map", &err);
    }
    ob_paper p __attribute__((cleanup(ob_paper_fini))) = {0};
    return ob_paper_make(&p, kind, &from, &err) && render(cli, form, &p, &err)
               ? OB_EXIT_OK
               : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_paper = {.name = "paper",
                                       .wants = OB_MAP_WANTS_MAP | OB_MAP_WANTS_CATALOGUE,
                                       .words_min = 1,
                                       .words_max = 1,
                                       .takes = "the kind of a paper, such as strategy",
                                       .run = paper};
