/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people's mailboxes, lines and networks. */
#include "detect/phone.h"
#include "detect/valid_core.h"

/* RFC 1123, 2.1: labels of letters, digits and inner hyphens, at most 63 bytes each. */
bool obi_host(ob_span text)
{
    ob_span rest = text;
    ob_span label = {0};
    size_t labels = 0;
    if (text.len == 0 || text.len > 253 || text.ptr[text.len - 1] == '.') {
        return false;
    }
    while (ob_span_cut(&rest, '.', &label)) {
        labels++;
        if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' ||
            label.ptr[label.len - 1] == '-') {
            return false;
        }
        for (size_t i = 0; i < label.len; i++) {
            if (!obi_is(label.ptr[i], OBI_ALNUM) && label.ptr[i] != '-') {
                return false;
            }
        }
    }
    bool encoded = ob_span_has_prefix(label, OB_SPAN("xn--"));
    return labels > 1 && label.len > 1 && (encoded || obi_all(label, OBI_LETTER));
}

/* Whether one of the words, which blanks separate and surround, is the text; case does not count.
 */
static bool is_word(const char *words, ob_span text)
{
    char key[32] = " ";
    if (text.len == 0 || text.len > sizeof key - 3) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        key[i + 1] = obi_is(c, OBI_UPPER) ? (char)(c + 32) : c;
    }
    key[text.len + 1] = ' ';
    return ob_span_find(ob_span_str(words), (ob_span){key, text.len + 2}, 0) != SIZE_MAX;
}

static ob_span last_label(ob_span host)
{
    size_t at = host.len;
    while (at > 0 && host.ptr[at - 1] != '.') {
        at--;
    }
    return ob_span_sub(host, at, host.len);
}

/* Letters, digits and the signs of RFC 5322, 3.2.3, with single dots inside; bytes beyond ASCII by
 * RFC 6531. */
static bool is_local_part(ob_span text)
{
    bool dot = true;
    if (text.len == 0 || text.len > 64) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && dot) {
            return false;
        }
        dot = c == '.';
        if (!dot && !obi_is(c, OBI_ALNUM) && (unsigned char)c < 0x80 &&
            !obi_one_of(c, "!#$%&'*+-/=?^_`{|}~")) {
            return false;
        }
    }
    return !dot;
}

/* Two letters are a country; of the longer ones, these are the usual, and those that RFC 2606 keeps
 * for examples. An address there is sure; any other ending may be one. */
static bool is_known_ending(ob_span label)
{
    return label.len == 2 ||
           is_word(
               " com net org edu gov mil int info biz name pro mobi asia tel app dev online site "
               "shop store tech cloud xyz top club vip live email mail work team world today "
               "news blog page link space website agency company group solutions services "
               "support digital network systems bank law ltd inc aero coop museum jobs travel "
               "cat post wang ren example test invalid local ",
               label);
}

/* What stands behind a dot in the name of a file: "logo@2x.png". */
static bool is_file_ending(ob_span label)
{
    return is_word(
        " png jpg jpeg gif svg webp bmp ico css js json xml html htm php txt csv pdf doc "
        "docx xls xlsx log yaml yml conf ini sql bak tar gz exe dll jar ",
        label);
}

ob_valid obi_valid_email(ob_span value)
{
    size_t sign = value.len;
    while (sign > 0 && value.ptr[sign - 1] != '@') {
        sign--;
    }
    if (sign == 0 || !is_local_part(ob_span_sub(value, 0, sign - 1))) {
        return OB_VALID_NO;
    }
    ob_span host = ob_span_sub(value, sign, value.len);
    ob_span ending = last_label(host);
    if (!obi_host(host) || is_file_ending(ending)) {
        return OB_VALID_NO;
    }
    return is_known_ending(ending) || ob_span_has_prefix(ending, OB_SPAN("xn--")) ? OB_VALID_YES
                                                                                  : OB_VALID_MAYBE;
}

/* TS 23.003, 13.3: IMSI at ims.mncNNN.mccNNN.3gppnetwork.org. */
static bool is_ims_identity(ob_span value)
{
    size_t mnc = 0;
    size_t digits = obi_run(value, 0, OBI_DIGIT);
    ob_span host = ob_span_sub(value, digits, value.len);
    if (digits < 14 || digits > 15 || !obi_mcc(value, &mnc) || host.len != 34 ||
        !ob_span_has_prefix(host, OB_SPAN("@ims.mnc")) ||
        !ob_span_is_str(ob_span_sub(host, 18, 34), ".3gppnetwork.org") ||
        !ob_span_is_str(ob_span_sub(host, 11, 15), ".mcc")) {
        return false;
    }
    return ob_span_is(ob_span_sub(host, 15, 18), ob_span_sub(value, 0, 3));
}

static bool sip_user(ob_span user)
{
    for (size_t i = 0; i < user.len; i++) {
        char c = user.ptr[i];
        if (c <= ' ' || c == '@' || c == '"' || c == '<' || c == '>' || c == 127) {
            return false;
        }
    }
    return user.len > 0;
}

/* RFC 3261, 19.1 and RFC 3966, without the parameters behind a semicolon. */
ob_valid obi_valid_sipuri(ob_span value)
{
    size_t end = ob_span_find(value, OB_SPAN(";"), 0);
    ob_span uri = ob_span_sub(value, 0, end == SIZE_MAX ? value.len : end);
    size_t colon = ob_span_find(uri, OB_SPAN(":"), 0);
    ob_span scheme = ob_span_sub(uri, 0, colon == SIZE_MAX ? 0 : colon);
    ob_span rest = ob_span_sub(uri, scheme.len + 1, uri.len);
    if (ob_span_is_nocase(scheme, OB_SPAN("tel"))) {
        ob_valid plan = ob_phone_valid(rest, NULL, NULL);
        bool local = obi_all(rest, OBI_DIGIT) && rest.len >= 5 && rest.len <= 15;
        return plan == OB_VALID_YES ? OB_VALID_YES : obi_maybe_if(local || plan != OB_VALID_NO);
    }
    if (!ob_span_is_nocase(scheme, OB_SPAN("sip")) && !ob_span_is_nocase(scheme, OB_SPAN("sips"))) {
        return obi_yes_if(is_ims_identity(value));
    }
    size_t sign = ob_span_find(rest, OB_SPAN("@"), 0);
    ob_span host = ob_span_sub(rest, sign == SIZE_MAX ? rest.len : sign + 1, rest.len);
    size_t port = ob_span_find(host, OB_SPAN(":"), 0);
    if (port != SIZE_MAX) {
        if (!obi_all(ob_span_sub(host, port + 1, host.len), OBI_DIGIT)) {
            return OB_VALID_NO;
        }
        host.len = port;
    }
    return obi_yes_if(sign != SIZE_MAX && sip_user(ob_span_sub(rest, 0, sign)) &&
                      (obi_host(host) || ob_ip_classify(host) != OB_IP_NONE));
}

/* A QR text has a password of 8 to 63 signs behind "P:"; a backslash hides a semicolon. */
static bool wifi_code(ob_span value)
{
    size_t fields = 0;
    for (size_t at = 5; at < value.len; fields++) {
        size_t start = at;
        size_t hidden = 0;
        while (at < value.len && value.ptr[at] != ';') {
            hidden += value.ptr[at] == '\\' ? 1 : 0;
            at += value.ptr[at] == '\\' ? 2 : 1;
        }
        at = at > value.len ? value.len : at;
        ob_span field = ob_span_sub(value, start, at++);
        if (ob_span_has_prefix(field, OB_SPAN("P:"))) {
            size_t len = field.len - 2 - hidden;
            return len >= 8 && len <= 63;
        }
    }
    return false;
}

ob_valid obi_valid_wifi(ob_span value)
{
    if (ob_span_is_nocase(ob_span_sub(value, 0, 5), OB_SPAN("WIFI:"))) {
        return obi_yes_if(wifi_code(value));
    }
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < ' ' || value.ptr[i] > '~') {
            return OB_VALID_NO;
        }
    }
    return obi_maybe_if(value.len <= 63);
}

/* A name of letters, digits, dots and signs, and perhaps a realm. */
ob_valid obi_valid_bbacct(ob_span value)
{
    size_t sign = ob_span_find(value, OB_SPAN("@"), 0);
    ob_span name = ob_span_sub(value, 0, sign == SIZE_MAX ? value.len : sign);
    ob_span realm = ob_span_sub(value, name.len + 1, value.len);
    if (name.len < 4 || name.len > 32 || (sign != SIZE_MAX && realm.len == 0)) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!obi_is(c, OBI_TOKEN) && c != '.' && i != sign) {
            return OB_VALID_NO;
        }
    }
    return OB_VALID_MAYBE;
}
