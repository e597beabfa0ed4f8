/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that several papers have: what changed, what is due, who stands where. */
#ifndef OB_MAP_PAPER_PARTS_H
#define OB_MAP_PAPER_PARTS_H

#include "map/due.h"
#include "map/news.h"
#include "map/paper.h"

/* Whose work a part is about. */
typedef struct obi_scope {
    uint32_t within;    /* this body and those below it; OB_NONE: any */
    uint32_t without;   /* not these; OB_NONE: none */
    ob_span question;   /* of this Question only, "Q7/17"; empty: any */
    const bool *only;   /* by activity; NULL: all. Of a group whose name speaks of AI: what does */
    const bool *topics; /* by topic, those of AI; NULL: all */
} obi_scope;

bool obi_in_scope(const ob_map *map, const obi_scope *scope, uint32_t activity);
/* The paper's own: of a Question its work, else that of the body and those below it. False: the
 * paper's error says why. */
bool obi_scope_of(ob_paper *p, obi_scope *scope);
bool obi_has_topic(const obi_scope *scope, uint32_t topic);
/* "SG17", "SG17 on AI", "Q7/17": whose work the paper is about. */
void obi_say_whose(ob_paper *p, const obi_scope *scope);
#define OBI_FOCUS_RULE                                                                           \
    "The name of the group speaks of AI, so the paper is about works whose titles do (where no " \
    "title is known, the id decides), and about topics that at least three such works and half " \
    "of all that have the topic speak of."
bool obi_is_liaison(const ob_activity *a);
/* Whose paper it is: the group, else the body. */
uint32_t obi_author(const ob_paper *p);

/* Numbers of activities, in the arena of the paper; NULL, and the paper's error, without memory. */
typedef struct obi_list {
    uint32_t *items;
    size_t count;
} obi_list;

obi_list obi_list_make(ob_paper *p);
/* Adds it unless it is there. */
void obi_list_add(obi_list *list, uint32_t activity);
bool obi_list_has(const obi_list *list, uint32_t activity);

/* "under study", "in last call". */
const char *obi_stage(ob_state state);
/* "standard", "standards". */
const char *obi_sort_word(ob_sort sort, bool many);
/* "none is late", "one is late", "three are late". */
void obi_say_how_many(ob_paper *p, size_t count, const char *is, const char *are);
/* "X.1, X.2 and 5 more": only those that are named are cited, which is enough in a table. */
void obi_say_some(ob_paper *p, const uint32_t *numbers, size_t count, size_t most);
/* "2026-09 (late)", or a dash where no day is known; "late" only for open work. */
void obi_say_due(ob_paper *p, uint32_t activity);

/* What readings changed since a day. */
typedef struct obi_changes {
    ob_edits edits;
    ob_edit *rows; /* what weighs most first; without first readings of what was known before */
    size_t count;
    obi_list known; /* read for the first time, and known before */
    obi_list seen;  /* all that are told of */
    obi_list of[OB_EDITS];
} obi_changes;

/* False: the paper's error says why. */
bool obi_changes_ask(ob_paper *p, const obi_scope *scope, ob_day since, obi_changes *changes);
/* A bullet a kind of change; nothing where nothing changed. */
void obi_changes_say(ob_paper *p, const obi_changes *changes);
void obi_changes_table(ob_paper *p, const char *caption, const obi_changes *changes);

/* Events of the landscape's own: days of a status, and registrations, behind a day; those of
 * liaison statements and of activities in .but are left out. The newest first. */
typedef struct obi_events {
    ob_event *items;
    size_t count;
} obi_events;

bool obi_dated_ask(ob_paper *p, const obi_scope *scope, ob_day since, const obi_list *but,
                   obi_events *events);
void obi_dated_table(ob_paper *p, const char *caption, const obi_events *events);

/* Open work with a timing: what is late, the longest late first, and what is due up to a day. */
typedef struct obi_due {
    obi_list late;
    obi_list next;
} obi_due;

bool obi_due_ask(ob_paper *p, const obi_scope *scope, ob_day until, obi_due *due);
void obi_due_table(ob_paper *p, const char *caption, const obi_list *list);

/* "the landscape knows no <what> of <body> from <the day> on", a sentence. */
void obi_say_none_known(ob_paper *p, const char *what, uint32_t body);
/* That no plenary of the body is known, and what the last summary that was read announces. */
void obi_say_no_plenary(ob_paper *p);
/* The latter alone; nothing where nothing is announced. */
void obi_say_announced(ob_paper *p);

/* Of the body: is a bearing of "late" or "in N days". "in time: 12 days are left", "3 days late".
 */
void obi_say_lateness(ob_paper *p, ob_day due);

#endif
