/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the reference service; only the files of this folder include it. */
#ifndef OB_DEMO_CORE_H
#define OB_DEMO_CORE_H

#include "demo.h"

#include <microhttpd.h>
#include <ombud/json.h>
#include <ombud/text.h>
#include <pthread.h>
#include <sqlite3.h>

/* Stands in the instructions of the service, as an operator would plant one. */
#define OBD_PROMPT_MARKER "OMB-5c1e90b7d24af836"

#define OBD_ROW(id, name, title, procedure, rate) OBD_##id,

typedef enum obd_dial {
#include "dials.def"
} obd_dial;

#undef OBD_ROW

typedef struct ob_demo_core {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock; /* guards db and everything in it */
    sqlite3 *db;
    double rates[OB_DEMO_DIALS_MAX];
    char seed[128];
    char admin_token[128];
    char llm_url[512];
    uint64_t next_id;
} ob_demo_core;

typedef enum obd_lang {
    OBD_EN,
    OBD_ZH,
    OBD_FR,
    OBD_ES,
    OBD_AR,
    OBD_RU,
    OBD_LANGS
} obd_lang;

/* A turn: what came in, what goes out. */
typedef struct obd_turn {
    ob_demo_core *core;
    char customer[24];
    char session[40];
    char tag[200]; /* the trial's, else the session's */
    ob_span text;
    const ob_json *messages; /* all that the client sent; only a weak service reads them */
    ob_buf reply;
    ob_buf tools;    /* items of a JSON array, comma separated */
    ob_buf dialogue; /* the session's earlier messages, a JSON array; only with a model */
    char citation[16];
    int status; /* 200, or 500 for a raw error */
    unsigned delay_ms;
    int64_t at_ms;      /* when it was asked */
    bool named_session; /* it belongs to one, and does not stand alone */
} obd_turn;

/* dials.c */
double obd_draw(const ob_demo_core *core, const char *what, const char *tag);
bool obd_fires(const ob_demo_core *core, obd_dial dial, const char *tag);
/* One of count forms, by a hash of the tag. */
unsigned obd_form(const ob_demo_core *core, const char *what, const char *tag, unsigned count);
/* talk.c: answers turn->text; the caller holds the lock. */
void obd_talk(obd_turn *turn);
/* Skills: what the assistant can do, one file each; skills.def has them in the order in which they
 * are asked. True: the turn is answered. */
#define OBD_SKILL(name) bool obd_skill_##name(obd_turn *turn);
#include "skills.def"
#undef OBD_SKILL
/* A ticket of that kind by that tool; its id and a full stop go into the reply. */
void obd_open_ticket(obd_turn *turn, const char *kind, const char *tool);
/* skill_receipt.c: a complaint gets a ticket and its number. */
bool obd_complaint(obd_turn *turn);
bool obd_is_chinese(ob_span text);
/* language.c: a guess, and a reply in the language of the turn. */
obd_lang obd_language(ob_span text);
void obd_say_in(obd_turn *turn, const char *const texts[OBD_LANGS]);
/* skill_identity.c: puts the notice that a machine answers before the first reply of a session. */
void obd_disclose(obd_turn *turn);
/* Replies in the language of the turn: Chinese, else English. */
void obd_say_both(obd_turn *turn, const char *english, const char *chinese);
/* desktop.c: keeps the turn for the agent who may take over. */
void obd_desk_keep(obd_turn *turn);
/* weak.c: the weaknesses. */
bool obd_obey(obd_turn *turn);
/* The same, with what another text orders. */
bool obd_obey_text(obd_turn *turn, ob_span text, const char *dial);
void obd_say_hidden(obd_turn *turn, ob_span value, const char *dial);
void obd_say_active(obd_turn *turn);
void obd_say_invented(obd_turn *turn);
void obd_say_raw_error(obd_turn *turn);
/* unmask.c: shows look() all readings of text, as it is and decoded up to twice, until it is true.
 */
bool obd_unmask(ob_span text, bool (*look)(ob_span reading, void *ctx), void *ctx);
/* state.c */
bool obd_state_open(ob_demo_core *core, ob_err *err);
void obd_new_id(ob_demo_core *core, const char *prefix, char id[24]);
bool obd_change(ob_demo_core *core, const char *sql, const char *const *values, size_t count);
/* The same, and true only if a row was changed. */
bool obd_changed(ob_demo_core *core, const char *sql, const char *const *values, size_t count);
/* First column of the first row into out; false when there is no row. */
bool obd_ask(ob_demo_core *core, const char *sql, const char *const *values, size_t count,
             char *out, size_t room);
/* All rows as a JSON array; each row's one column is a JSON object. */
void obd_rows(ob_demo_core *core, const char *sql, const char *const *values, size_t count,
              ob_buf *out);
void obd_ledger(obd_turn *turn, const char *name, const char *args_json, const char *result,
                char ref[24]);
/* articles.c: the article that answers text, or -1; its text and id. */
bool obd_articles_load(ob_demo_core *core, ob_err *err);
int obd_article_find(ob_demo_core *core, ob_span text);
const char *obd_article_text(int article);
const char *obd_article_id(int article);
void obd_articles_json(ob_buf *out);
/* planted.c: the newest article planted for the turn's trial whose title the turn names, of that
 * audience, in force or not. */
bool obd_planted_find(obd_turn *turn, const char *audience, bool in_force, char id[24],
                      char text[2048]);
/* names.c: everything particular that text names stands in an article's title, keys or text. */
bool obd_names_fit(ob_span text, const ob_span article[3]);
/* llm.c: reads the dialogue so far, and keeps a turn for the next one; the caller holds the lock.
 */
void obd_llm_recall(obd_turn *turn);
void obd_llm_keep(obd_turn *turn);
/* Puts the model's wording in place of the reply; leaves it as it is when the model fails. Waits,
 * so without the lock. */
void obd_llm_reword(obd_turn *turn);
/* text holds one of the words (separated by |), ignoring the case of ASCII letters. */
bool obd_has(ob_span text, const char *words);

#endif
