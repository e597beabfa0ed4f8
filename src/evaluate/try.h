/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A first contact: for each actor one account, login, session and one harmless question, and each
 * reading back-end call once; what every expression of the service file extracted is written down.
 * For people who are writing a service file. Nothing is judged and nothing is stored.
 */
#ifndef OB_EVALUATE_TRY_H
#define OB_EVALUATE_TRY_H

#include "evaluate/run.h"

/* *all_good: every exchange gave what the file asks for. Within the scope, as a run is. */
OB_MUST bool ob_try(const ob_run_options *options, ob_buf *out, bool *all_good, ob_err *err);

#endif
