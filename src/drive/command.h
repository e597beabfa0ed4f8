/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of JSON that go to a local program and come from it; only the transport's files and
 * tests include it. */
#ifndef OB_DRIVE_COMMAND_H
#define OB_DRIVE_COMMAND_H

#include "drive/client_core.h"

/* Gives the exchange its id and fills x->wire: body is the line with its line end, shown the line
 * without it, secrets masked. */
OB_MUST bool obi_command_build(ob_client_core *core, obi_exchange *x, ob_err *err);
/* What expressions read: the answer without its "id". line is one JSON object. */
OB_MUST bool obi_command_answer(ob_arena *arena, ob_span line, ob_span *answer, ob_err *err);

#endif
