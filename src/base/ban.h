/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Included in front of every file by the build: functions that overrun, depend on the locale, or
 * are not safe with threads are compile errors. The system headers that declare them come first.
 */
#ifndef OB_BASE_BAN_H
#define OB_BASE_BAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf strtok atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime

#endif
