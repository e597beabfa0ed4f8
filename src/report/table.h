/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of all.def, declared for the files that hold them. */
#ifndef OB_REPORT_TABLE_H
#define OB_REPORT_TABLE_H

#include "report/report.h"

#define OB_REPORT_WRITER(id) extern const ob_report_writer ob_report_writer_##id;
#include "report/all.def"
#undef OB_REPORT_WRITER

#endif
