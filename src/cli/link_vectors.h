/* SPDX-License-Identifier: Apache-2.0 */
/* ombud link vectors: files of test vectors, entry by entry. */
#ifndef OB_CLI_LINK_VECTORS_H
#define OB_CLI_LINK_VECTORS_H

#include <ombud/json.h>
#include <ombud/link.h>

typedef enum ob_vector_result {
    OB_VECTOR_PASSED,
    OB_VECTOR_FAILED,
    OB_VECTOR_SKIPPED
} ob_vector_result;

/* A file and where other files with sessions may be found. */
typedef struct ob_vectors {
    ob_arena arena; /* of one entry */
    const char *path;
    const ob_json *root;
    const ob_json *sessions; /* array of EDHOC sessions of this file and those beside it, or NULL */
    char why[200];           /* of the last entry that failed or was skipped */
} ob_vectors;

/* Result and reason (a printf text). */
ob_vector_result ob_vector_fail(ob_vectors *v, const char *format, ...) OB_PRINTF(2, 3);
ob_vector_result ob_vector_skip(ob_vectors *v, const char *why);
/* The bytes that hexadecimal digits stand for; digits that are none make *bad true. Of a member:
 * empty for null and where it is missing. */
ob_span ob_vector_bytes(ob_vectors *v, ob_span digits, bool *bad);
ob_span ob_vector_hex(ob_vectors *v, const ob_json *object, const char *key, bool *bad);
/* Failed, with where the bytes differ, or passed. */
ob_vector_result ob_vector_same(ob_vectors *v, const char *what, ob_span made, ob_span wanted);
/* "accept" of the entry, else of the file; true where neither says. */
bool ob_vector_accepts(const ob_vectors *v, const ob_json *entry);

ob_vector_result ob_vector_derivation(ob_vectors *v, const ob_json *entry);
ob_vector_result ob_vector_message(ob_vectors *v, const ob_json *entry, bool response);
ob_vector_result ob_vector_arrival(ob_vectors *v, const ob_json *entry, const ob_json *context);
ob_vector_result ob_vector_replay(ob_vectors *v, const ob_json *sequence, unsigned window);
ob_vector_result ob_vector_session(ob_vectors *v, const ob_json *entry);
ob_vector_result ob_vector_edhoc_arrival(ob_vectors *v, const ob_json *entry);
ob_vector_result ob_vector_cose(ob_vectors *v, const ob_json *entry);
ob_vector_result ob_vector_cose_flat(ob_vectors *v, const ob_json *entry);

#endif
