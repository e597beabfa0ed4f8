/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of ombud catalogue: what there is of a kind, and what covers what. */
#ifndef OB_CLI_CATALOGUE_TABLES_H
#define OB_CLI_CATALOGUE_TABLES_H

#include "catalogue/catalogue.h"

#include <ombud/buf.h>

/* The entries of a kind, or a summary and the procedures without one; false: no such kind. */
bool ob_cli_catalogue_list(ob_buf *out, const ob_catalogue *c, const char *kind, bool json);
void ob_cli_catalogue_coverage(ob_buf *out, const ob_catalogue *c, bool json);

#endif
