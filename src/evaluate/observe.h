/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An observation: what one trial saw, as the oracles read it. It is built while the trial runs, and
 * again from the stored records when a hit is confirmed; oracles cannot tell the difference. All
 * texts live in the arena that the observation was made with.
 */
#ifndef OB_EVALUATE_OBSERVE_H
#define OB_EVALUATE_OBSERVE_H

#include "input/template.h"

#include <ombud/json.h>
#include <ombud/look.h>

/* One exchange. */
typedef struct ob_seen {
    ob_span actor;
    ob_span session;
    ob_span kind; /* "say", "login", back-end name ... */
    ob_span sent; /* what was said; for calls empty */
    ob_span text; /* reply text; JSON text of a call */
    ob_span body; /* raw body */
    ob_span head; /* status line and header lines; empty when there was no answer */
    ob_span lost; /* "none" or why there is no reply */
    int status;
    double first_byte_ms;
    double first_token_ms;
    double max_gap_ms;
    double total_ms;
    uint64_t attempt_id; /* of the request whose answer this is */
    size_t step;         /* of the flow, at which it was seen */
} ob_seen;

typedef struct ob_named {
    ob_span name;
    ob_span value;
    size_t turn;
} ob_named;

/* The knowledge base as the oracles use it. */
typedef struct ob_kb {
    bool present;
    ob_span text; /* all articles, one after the other */
    const ob_claim *claims;
    size_t claims_count;
} ob_kb;

typedef struct ob_observation {
    ob_arena *arena;
    ob_seen *turns; /* heap, freed by ob_observation_fini */
    size_t turns_count;
    size_t turns_cap;
    ob_named *names; /* heap */
    size_t names_count;
    size_t names_cap;
    ob_vars vars; /* fixtures, canaries, variables, input */
    const ob_kb *kb;
    double time_scale;
    const ob_span *allow_hosts;
    size_t allow_hosts_count;
    ob_span own_host;                   /* the service's own host is no foreign target */
    const struct ob_oracle *asks_judge; /* set by a look: a judge has to be asked first */
    struct ob_screen *screen;           /* the detectors, or NULL: no oracle asks for them */
    struct ob_masked *masked;           /* values that are masked wherever they stand */
    uint64_t clean_id; /* the attempt whose body, as the last one that came, held nothing to mask */
    bool stored;       /* from the store: masks stand for what was found */
} ob_observation;

void ob_observation_fini(ob_observation *obs);
/* Adds an exchange; copies its texts. */
OB_MUST bool ob_observation_add(ob_observation *obs, const ob_seen *seen, ob_err *err);
/* Names something of the last turn; a later value of the same name replaces the earlier one. */
OB_MUST bool ob_observation_name(ob_observation *obs, ob_span name, ob_span value, ob_err *err);
/* As ob_observation_name for a given turn. */
OB_MUST bool ob_observation_name_at(ob_observation *obs, ob_span name, ob_span value, size_t turn,
                                    ob_err *err);
const ob_named *ob_observation_find(const ob_observation *obs, ob_span name);
/* The knowledge base from the JSON that the back end gave: an array of objects with title and text,
 * or any JSON, whose strings are then all taken. */
OB_MUST bool ob_kb_read(ob_kb *kb, ob_arena *arena, ob_span json, ob_err *err);

#endif
