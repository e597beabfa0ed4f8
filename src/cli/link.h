/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of ombud link. */
#ifndef OB_CLI_LINK_H
#define OB_CLI_LINK_H

#include "cli/link_vectors.h"
#include "cli/options.h"

/* Each gives the exit status. */
int ob_link_cert(const ob_args *args);
int ob_link_keygen(const ob_args *args);
int ob_link_request(const ob_args *args);
int ob_link_serve(const ob_args *args);
int ob_link_vectors(const ob_args *args);
/* Sets v->sessions: those of the file, else those of the files edhoc-*.json beside it. */
OB_MUST bool ob_link_sessions(ob_vectors *v, ob_arena *arena, ob_err *err);

#endif
