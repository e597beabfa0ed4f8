/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a procedure can be executed on a service. */
#ifndef OB_EVALUATE_APPLICABLE_H
#define OB_EVALUATE_APPLICABLE_H

#include "catalogue/procedure.h"
#include "drive/service.h"

/* *why_not is NULL when it can, else one sentence (a constant, or in arena). */
OB_MUST bool ob_applicable(const ob_service *service, const ob_procedure *procedure,
                           ob_arena *arena, const char **why_not, ob_err *err);

#endif
