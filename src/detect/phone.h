/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telephone numbers against the number plans of all country calling codes (E.164). The plan is a
 * table that scripts/phone-plan makes from public metadata; it tells the first four digits of a
 * national number apart, and its length.
 */
#ifndef OB_DETECT_PHONE_H
#define OB_DETECT_PHONE_H

#include "detect/validate.h"

typedef enum ob_phone_type {
    OB_PHONE_NONE, /* no number of any plan */
    OB_PHONE_FIXED,
    OB_PHONE_MOBILE,
    OB_PHONE_EITHER, /* fixed or mobile: the plan does not tell (North America) */
    OB_PHONE_OTHER,  /* free, shared cost, premium, pager, machine ... */
    OB_PHONE_UNKNOWN /* as long as numbers of that code are, but its digits are not given out */
} ob_phone_type;

typedef struct ob_phone {
    ob_phone_type type;
    unsigned code;   /* country calling code */
    size_t national; /* where the national number begins in the text, behind any national prefix */
} ob_phone;

/*
 * digits is "+" and digits, or digits only. With "+", "00" or without region (NULL) it begins with
 * a country calling code; with a region (ISO 3166, two upper-case letters) it may also be a number
 * as dialled there, with or without the national prefix, or behind the region's international
 * prefix. YES: written with "+", and a fixed or mobile number of that plan. MAYBE: another number
 * of a plan; digits without "+", which prove nothing; or UNKNOWN behind "+", because plans grow
 * faster than programs are replaced. *found may be NULL; it is set unless the answer is NO.
 */
ob_valid ob_phone_valid(ob_span digits, const char *region, ob_phone *found);

/* How many digits the country calling code at the front of digits has; 0 if there is none. */
size_t ob_phone_code_length(ob_span digits);

#endif
