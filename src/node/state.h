/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequence numbers that survive a crash (RFC 8613, B.1.1). The file holds, for each context, a
 * number that none of its messages has reached: what was used before a crash lies below it. It is
 * written under another name, forced to the disk and renamed, so that it is there whole or not at
 * all, and that has happened before a number above the old limit leaves.
 *
 * A context is named by a digest of its keys, so that another secret under the same name begins
 * anew, and the same secret under another name goes on. One process at a time has the file; it
 * holds a lock beside it.
 */
#ifndef OB_NODE_STATE_H
#define OB_NODE_STATE_H

#include <ombud/link.h>
#include <ombud/sys.h>

#define OB_NODE_STATES_MAX 256

typedef struct ob_node_state_row {
    ob_digest id;
    uint64_t limit;
} ob_node_state_row;

typedef struct ob_node_state {
    char *path; /* NULL: numbers are not kept */
    int lock;   /* descriptor, valid while path is */
    ob_node_state_row rows[OB_NODE_STATES_MAX];
    size_t count;
} ob_node_state;

/* Takes the lock and reads the file; one that is not there is empty. OB_ERR_INPUT: it is damaged,
 * OB_ERR_IO: somebody else has it, or it cannot be read. path is copied. */
OB_MUST bool ob_node_state_open(ob_node_state *state, const char *path, ob_err *err);
void ob_node_state_close(ob_node_state *state);

/* Whether the file knows this context already; a context that it knows is put behind all numbers
 * that it may have used (ob_oscore_restart). No number of it may be used before
 * ob_node_state_reserve. */
OB_MUST bool ob_node_state_restore(ob_node_state *state, ob_oscore *context, bool *known,
                                   ob_err *err);
/* Makes sure that the next number of the context may be used: where it is not reserved, step more
 * are, and the file says so when this returns. */
OB_MUST bool ob_node_state_reserve(ob_node_state *state, ob_oscore *context, uint64_t step,
                                   ob_err *err);

/* For those who test the reader. */
OB_MUST bool ob_node_state_parse(ob_node_state *state, ob_span text, const char *name, ob_err *err);

#endif
