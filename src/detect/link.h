/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks against a link: its host, and the data that it carries. Hundredths of log-odds each;
 * a link of which nothing is known has 0. */
#ifndef OB_DETECT_LINK_H
#define OB_DETECT_LINK_H

#include <ombud/look.h>

typedef struct obi_against {
    int score;
    const char *rule; /* of the worst reason */
} obi_against;

static inline void obi_against_add(obi_against *all, int score, const char *rule)
{
    if (all->rule == NULL || score > all->score) {
        all->rule = rule;
        all->score = score;
    }
}

/* link_host.c: userinfo that looks like a host, addresses in odd forms, letters that look alike,
 * hosts that collect what is sent to them, labels that carry data. */
void obi_link_host(const ob_url *url, obi_against *all);
/* The host a person would read in text ("https://bank.example/x", "www.bank.example"); empty if
 * none. */
ob_span obi_link_shown(ob_span text);
/* Both hosts belong to one owner: the last two labels are the same (three below "co.uk"). */
bool obi_link_same_owner(ob_span one, ob_span other);

/* link_data.c: values in the query, the path and the fragment. image: loaded without a click, so
 * less is enough. */
void obi_link_data(const ob_url *url, bool image, obi_against *all);

#endif
