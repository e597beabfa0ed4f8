/* SPDX-License-Identifier: Apache-2.0 */
/* Word documents, made from Markdown by pandoc where that is installed. */
#ifndef OB_CLI_PANDOC_H
#define OB_CLI_PANDOC_H

#include "map/name.h"

#include <ombud/buf.h>

/* day becomes the one that the document bears, so that the same text gives the same bytes. Fails
 * with OB_ERR_USAGE where there is no pandoc. */
OB_MUST bool ob_pandoc_docx(ob_buf *out, ob_span markdown, ob_day day, ob_err *err);

#endif
