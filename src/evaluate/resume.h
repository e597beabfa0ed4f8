/* SPDX-License-Identifier: Apache-2.0 */
/* Taking up a run again from its records. */
#ifndef OB_EVALUATE_RESUME_H
#define OB_EVALUATE_RESUME_H

#include "evaluate/record.h"

/* Continues e->o->resume: refuses when the catalogue, the procedures or the service file changed;
 * takes over seed and key, the ends of trials, and which trials were broken off. */
OB_MUST bool obi_resume(ob_engine *e, ob_err *err);

#endif
