/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/secrets.h"

const obi_secret obi_secrets[OBI_SECRETS] = {
#define OB_SECRET(constant, kind_, head_, classes_, least_, most_, flags_) \
    {.rule = "secret/" head_,                                              \
     .head = (head_),                                                      \
     .head_len = sizeof(head_) - 1,                                        \
     .least = (least_),                                                    \
     .most = (most_),                                                      \
     .flags = (flags_),                                                    \
     .kind = OB_KIND_##kind_,                                              \
     .classes = (classes_)},
#include "detect/secrets.def"
#undef OB_SECRET
};
