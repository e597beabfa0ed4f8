/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts that are not what they seem, or exist to collect. */
#include "detect/link.h"
#include "detect/valid_core.h"

#include <ombud/detect.h>

#include <ombud/text.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>

/* Services whose use is to see what others send; most are used for tests of honest people, too, but
 * not in what a customer service says. */
static const char *const collectors[] = {
    "webhook.site",
    "requestbin.com",
    "requestbin.net",
    "pipedream.net",
    "burpcollaborator.net",
    "oastify.com",
    "interact.sh",
    "oast.pro",
    "oast.live",
    "oast.fun",
    "oast.me",
    "oast.online",
    "oast.site",
    "dnslog.cn",
    "ceye.io",
    "canarytokens.com",
    "beeceptor.com",
    "requestcatcher.com",
    "hookbin.com",
    "ngrok.io",
    "ngrok-free.app",
    "ngrok.app",
    "trycloudflare.com",
    "loca.lt",
    "serveo.net",
    "xss.ht",
    "bxss.me",
    "ptsv2.com",
};

static ob_span last_label(ob_span host)
{
    size_t at = host.len;
    while (at > 0 && host.ptr[at - 1] != '.') {
        at--;
    }
    return ob_span_sub(host, at, host.len);
}

/* The labels from the n-th last on. */
static ob_span last_labels(ob_span host, unsigned n)
{
    size_t at = host.len;
    while (at > 0 && (host.ptr[at - 1] != '.' || --n > 0)) {
        at--;
    }
    return ob_span_sub(host, at, host.len);
}

static ob_span without_dot(ob_span host)
{
    return host.len > 0 && host.ptr[host.len - 1] == '.' ? ob_span_sub(host, 0, host.len - 1)
                                                         : host;
}

static ob_span owner(ob_span host)
{
    static const char *const shared[] = {"co", "com", "net", "org", "gov", "ac", "edu", "or", "ne"};
    ob_span two = last_labels(without_dot(host), 2);
    size_t dot = ob_span_find(two, OB_SPAN("."), 0);
    for (size_t i = 0; dot != SIZE_MAX && two.len - dot == 3 && i < OB_COUNT(shared); i++) {
        if (ob_span_is_nocase(ob_span_sub(two, 0, dot), ob_span_str(shared[i]))) {
            return last_labels(without_dot(host), 3);
        }
    }
    return two;
}

bool obi_link_same_owner(ob_span one, ob_span other)
{
    return ob_span_is_nocase(owner(one), owner(other));
}

ob_span obi_link_shown(ob_span text)
{
    ob_url url;
    size_t pos = 0;
    text = ob_span_trim(text);
    bool found = ob_url_next(text, &pos, &url) && url.whole.ptr == text.ptr && url.host.len > 3;
    return found ? url.host : (ob_span){0};
}

/* All of it digits and dots, or hexadecimal behind 0x: an IPv4 address in one of the forms that
 * browsers take and people do not write. Dotted decimal in four parts is none of these. */
static bool is_odd_address(ob_span host)
{
    unsigned parts = 0;
    bool odd = false;
    ob_span part;
    for (ob_span rest = host; ob_span_cut(&rest, '.', &part); parts++) {
        bool hex = part.len > 2 && part.ptr[0] == '0' && (part.ptr[1] | 0x20) == 'x';
        if (!(hex ? obi_all(ob_span_sub(part, 2, part.len), OBI_HEX) : obi_all(part, OBI_DIGIT))) {
            return false;
        }
        odd = odd || hex || (part.len > 1 && part.ptr[0] == '0');
    }
    return parts > 0 && parts <= 4 && (odd || parts < 4);
}

static ob_span authority(const ob_url *url)
{
    size_t slash = ob_span_find(url->whole, OB_SPAN("//"), 0);
    size_t start = slash == SIZE_MAX ? 0 : slash + 2;
    size_t end = start;
    while (end < url->whole.len && !obi_one_of(url->whole.ptr[end], "/?#\\")) {
        end++;
    }
    return ob_span_sub(url->whole, start, end);
}

/* "bank.example@evil.example": the name before the sign is for people, who take it for the host. */
static bool is_mask(ob_span userinfo)
{
    size_t colon = ob_span_find(userinfo, OB_SPAN(":"), 0);
    ob_span name = ob_span_sub(userinfo, 0, colon);
    ob_span top = last_label(name);
    return top.len < name.len && top.len >= 2 && obi_all(top, OBI_LETTER);
}

/* A label that has data in it: long, and of what base32 and hexadecimal have, with digits among the
 * letters. */
static bool is_data_label(ob_span label)
{
    size_t digits = 0;
    for (size_t i = 0; i < label.len; i++) {
        if (!obi_is(label.ptr[i], OBI_ALNUM)) {
            return false;
        }
        digits += obi_is(label.ptr[i], OBI_DIGIT);
    }
    return label.len >= 24 && digits >= 3 && digits < label.len && obi_entropy(label) > 2.5;
}

enum {
    OF_LATIN = 1,
    OF_ALIKE = 2, /* Cyrillic, Greek, Armenian and Cherokee have letters that look Latin */
    OF_OTHER = 4
};

static unsigned scripts_of(ob_span label)
{
    unsigned has = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(label, &pos, &rune);) {
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript((UChar32)rune, &status);
        if (script == USCRIPT_LATIN) {
            has |= OF_LATIN;
        } else if (script == USCRIPT_CYRILLIC || script == USCRIPT_GREEK ||
                   script == USCRIPT_ARMENIAN || script == USCRIPT_CHEROKEE) {
            has |= OF_ALIKE;
        } else if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED) {
            has |= OF_OTHER;
        }
    }
    return has;
}

/* Whether each of its letters beyond ASCII looks like a Latin one; there is one at least. */
static bool is_all_alike(ob_span label)
{
    static const char alike[] = "аеорсухіјѕԁһӏԛԝкмтвнгпиояαορνικτυχ";
    uint32_t rune = 0;
    bool some = false;
    for (size_t pos = 0, start = 0; ob_utf8_next(label, &pos, &rune); start = pos) {
        if (rune < 0x80) {
            continue;
        }
        some = true;
        if (ob_span_find(OB_SPAN(alike), ob_span_sub(label, start, pos), 0) == SIZE_MAX) {
            return false;
        }
    }
    return some;
}

/* Letters of two alphabets in one label, or foreign ones that all look Latin below a Latin top. */
static bool is_alike_host(ob_span host)
{
    ob_span label;
    bool latin_top = obi_all(last_label(without_dot(host)), OBI_ALNUM | OBI_SIGN);
    for (ob_span rest = host; ob_span_cut(&rest, '.', &label);) {
        unsigned has = scripts_of(label);
        if ((has & (OF_LATIN | OF_ALIKE)) == (OF_LATIN | OF_ALIKE) ||
            (has == OF_ALIKE && latin_top && is_all_alike(label))) {
            return true;
        }
    }
    return false;
}

/* The host as people see it, where it has labels in Punycode (RFC 3492). */
static ob_span as_shown(ob_span host, char *out, size_t cap)
{
    UErrorCode status = U_ZERO_ERROR;
    if (ob_span_find_nocase(host, OB_SPAN("xn--"), 0) == SIZE_MAX) {
        return host;
    }
    UIDNA *idna = uidna_openUTS46(UIDNA_DEFAULT, &status);
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    int32_t len = uidna_nameToUnicodeUTF8(idna, host.ptr, (int32_t)host.len, out, (int32_t)cap,
                                          &info, &status);
    uidna_close(idna);
    return U_FAILURE(status) || len < 0 || (size_t)len > cap ? host : (ob_span){out, (size_t)len};
}

static void look_labels(ob_span host, obi_against *all)
{
    char shown[OB_HOLD_MAX * 4];
    ob_span label;
    for (ob_span rest = host; ob_span_cut(&rest, '.', &label);) {
        if (is_data_label(label)) {
            obi_against_add(all, 300, "link/host-data");
        }
    }
    for (size_t i = 0; i < OB_COUNT(collectors); i++) {
        ob_span known = ob_span_str(collectors[i]);
        size_t at = host.len >= known.len ? host.len - known.len : 0;
        if (ob_span_is_nocase(ob_span_sub(host, at, host.len), known) &&
            (at == 0 || host.ptr[at - 1] == '.')) {
            obi_against_add(all, 400, "link/collector");
        }
    }
    if (is_alike_host(as_shown(host, shown, sizeof shown))) {
        obi_against_add(all, 400, "link/look-alike");
    }
}

void obi_link_host(const ob_url *url, obi_against *all)
{
    ob_span host = without_dot(url->host);
    ob_span whole = authority(url);
    size_t at = whole.len;
    while (at > 0 && whole.ptr[at - 1] != '@') {
        at--;
    }
    if (at > 0 && is_mask(ob_span_sub(whole, 0, at - 1))) {
        /* More than an e-mail address, which it looks like. */
        obi_against_add(all, 700, "link/userinfo");
    }
    if (is_odd_address(host)) {
        obi_against_add(all, 400, "link/address");
    }
    if (ob_span_find(host, OB_SPAN("%"), 0) != SIZE_MAX) {
        obi_against_add(all, 350, "link/escaped-host");
    }
    if (url->whole.len > 8 && url->scheme.len > 0 &&
        ob_span_find(ob_span_sub(url->whole, 0, url->scheme.len + 3), OB_SPAN("\\"), 0) !=
            SIZE_MAX) {
        obi_against_add(all, 250, "link/backslash");
    }
    look_labels(host, all);
}
