/* SPDX-License-Identifier: Apache-2.0 */
/* What readings changed, said and as a table. */
#include "map/paper_parts.h"

#include <string.h>

/* What weighs most first. */
static const ob_edit_kind order[OB_EDITS] = {OB_EDIT_PUBLISHED, OB_EDIT_NEW,      OB_EDIT_STOPPED,
                                             OB_EDIT_STALLED,   OB_EDIT_ADVANCED, OB_EDIT_MOVED,
                                             OB_EDIT_RENAMED,   OB_EDIT_OTHER};

static const char *const words[OB_EDITS] = {[OB_EDIT_NEW] = "new work",
                                            [OB_EDIT_RENAMED] = "renamed",
                                            [OB_EDIT_MOVED] = "moved",
                                            [OB_EDIT_ADVANCED] = "a stage further",
                                            [OB_EDIT_PUBLISHED] = "approved or published",
                                            [OB_EDIT_STALLED] = "put off",
                                            [OB_EDIT_STOPPED] = "stopped or replaced",
                                            [OB_EDIT_OTHER] = "changed otherwise"};

bool obi_changes_ask(ob_paper *p, const obi_scope *scope, ob_day since, obi_changes *changes)
{
    const ob_ask ask = {.map = p->map,
                        .arena = p->arena,
                        .body = scope->within,
                        .with = OB_NONE,
                        .topic = OB_NONE,
                        .fresh_days = p->ask.fresh_days};
    ob_edits *d = &changes->edits;
    if (p->err.kind != OB_OK || !ob_ask_diff(&ask, since, d, &p->err)) {
        return false;
    }
    changes->known = obi_list_make(p);
    changes->seen = obi_list_make(p);
    changes->rows = OB_NEW(p->arena, ob_edit, d->count + 1, &p->err);
    for (size_t k = 0; k < OB_EDITS && changes->rows != NULL; k++) {
        changes->of[order[k]] = obi_list_make(p);
        for (size_t i = 0; i < d->count; i++) {
            const ob_edit *e = &d->changes[i];
            if (e->kind != order[k] || !obi_in_scope(p->map, scope, e->activity)) {
                continue;
            }
            obi_list_add(&changes->seen, e->activity);
            if (e->kind == OB_EDIT_NEW && e->known) {
                obi_list_add(&changes->known, e->activity);
                continue;
            }
            changes->rows[changes->count++] = *e;
            obi_list_add(&changes->of[e->kind], e->activity);
        }
    }
    return p->err.kind == OB_OK;
}

/* Is something weightier told of it? */
static bool has_other(const obi_changes *changes, uint32_t activity)
{
    for (int kind = 0; kind < OB_EDIT_OTHER; kind++) {
        if (obi_list_has(&changes->of[kind], activity)) {
            return true;
        }
    }
    return false;
}

static const ob_edit *edit_of(const obi_changes *changes, ob_edit_kind kind, uint32_t activity)
{
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->rows[i].kind == kind && changes->rows[i].activity == activity) {
            return &changes->rows[i];
        }
    }
    return NULL;
}

/* "X.9001, before X.fic-a"; "X.rm-sup, from 2026-09 to 2027-09"; else with its title. */
static void say_short(ob_paper *p, const ob_edit *e)
{
    bool timing = e->field != NULL && strcmp(e->field, "timing") == 0;
    bool one = e->kind == OB_EDIT_MOVED && e->before.len > 0 && e->after.len > 0;
    if (e->kind == OB_EDIT_RENAMED) {
        ob_say_activity(p, e->activity);
        ob_say(p, ", before ");
        ob_say_text(p, e->before);
    } else if (e->kind == OB_EDIT_STALLED && timing) {
        ob_say_activity(p, e->activity);
        ob_say(p, ", from ");
        ob_say_day(p, ob_timing_day(e->before));
        ob_say(p, " to ");
        ob_say_day(p, ob_timing_day(e->after));
    } else if (one) {
        ob_say_activity(p, e->activity);
        ob_say(p, ", from ");
        ob_say_text(p, e->before);
        ob_say(p, " to ");
        ob_say_text(p, e->after);
    } else {
        ob_say_titled(p, e->activity);
    }
}

void obi_changes_say(ob_paper *p, const obi_changes *changes)
{
    for (size_t k = 0; k < OB_EDITS; k++) {
        obi_list of = obi_list_make(p);
        for (size_t i = 0; i < changes->of[order[k]].count; i++) {
            uint32_t number = changes->of[order[k]].items[i];
            if (order[k] != OB_EDIT_OTHER || !has_other(changes, number)) {
                obi_list_add(&of, number);
            }
        }
        if (of.count == 0) {
            continue;
        }
        ob_paper_bullet(p);
        ob_say(p, words[order[k]]);
        ob_say(p, ": ");
        if (of.count > 4) {
            ob_say_activities(p, of.items, of.count, 6);
        }
        for (size_t i = 0; of.count <= 4 && i < of.count; i++) {
            const ob_edit *e = edit_of(changes, order[k], of.items[i]);
            ob_say(p, i == 0 ? "" : "; ");
            if (e != NULL) {
                say_short(p, e);
            }
        }
        ob_say_end(p);
    }
}

/* Of a long text its beginning tells enough. */
static void say_cut(ob_paper *p, ob_span text)
{
    ob_span start = ob_span_sub(text, 0, 60);
    /* Not within a rune. */
    while (start.len < text.len && start.len > 0 &&
           ((unsigned char)text.ptr[start.len] & 0xc0) == 0x80) {
        start.len--;
    }
    ob_say_text(p, text.len == 0 ? OB_SPAN("nothing") : start);
    ob_say_text(p, start.len < text.len ? OB_SPAN("...") : OB_SPAN(""));
}

static void say_change(ob_paper *p, const ob_edit *e)
{
    if (e->kind == OB_EDIT_NEW) {
        ob_say_text(p, e->after);
        return;
    }
    const char *field = e->field == NULL ? "page" : e->field;
    bool prose = strcmp(field, "summary") == 0 || strcmp(field, "comment") == 0;
    ob_say(p, strcmp(field, "study_period") == 0 ? "study period" : field);
    if (prose) {
        ob_say(p, e->before.len == 0  ? ": written"
                  : e->after.len == 0 ? ": taken out"
                                      : ": rewritten");
        return;
    }
    ob_say(p, ": ");
    say_cut(p, e->before);
    ob_say(p, " to ");
    say_cut(p, e->after);
}

void obi_changes_table(ob_paper *p, const char *caption, const obi_changes *changes)
{
    static const char *const heads[] = {"What", "Item", "Change", "Read"};
    ob_paper_table(p, caption, heads, OB_COUNT(heads));
    for (size_t i = 0; i < changes->count; i++) {
        const ob_edit *e = &changes->rows[i];
        ob_paper_cell(p);
        ob_say(p, words[e->kind]);
        ob_paper_cell(p);
        ob_say_activity(p, e->activity);
        ob_paper_cell(p);
        say_change(p, e);
        ob_paper_cell(p);
        ob_say_day(p, e->after_day);
    }
}
