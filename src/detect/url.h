/* SPDX-License-Identifier: Apache-2.0 */
/* Links one by one, for the detectors: what ob_url_next does, at a known place. */
#ifndef OB_DETECT_URL_H
#define OB_DETECT_URL_H

#include <ombud/look.h>

/* The link whose two slashes begin at slashes, with or without a scheme before them. It begins at
 * least or later. */
bool obi_url_at(ob_span text, size_t least, size_t slashes, ob_url *url);
/* The link without slashes whose scheme ends with the colon at colon. */
bool obi_url_scheme(ob_span text, size_t least, size_t colon, ob_url *url);
/* The link without a scheme whose host begins at start. */
bool obi_url_bare(ob_span text, size_t start, ob_url *url);
/* The first byte from start on that no link has in it. */
size_t obi_url_stop(ob_span text, size_t start);
/* Where a link ends that goes on from start: before signs that belong to the sentence. */
size_t obi_url_end(ob_span text, size_t start);
/* A client that shows the text loads what stands at start by itself. */
bool obi_url_loads(ob_span text, size_t start);

#endif
