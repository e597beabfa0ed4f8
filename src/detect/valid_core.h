/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the validators share: classes of characters, shapes, dates and check digits. A validator is
 * called through the table only, so the length of its value is within the bounds of its row.
 */
#ifndef OB_DETECT_VALID_CORE_H
#define OB_DETECT_VALID_CORE_H

#include "detect/validate.h"

#define OB_KIND(constant, id, class, title, region, validator, ...) \
    ob_valid obi_valid_##validator(ob_span value);
#include "detect/kinds.def"
#undef OB_KIND

/* Classes of ASCII characters, for obi_all and obi_run. */
enum {
    OBI_DIGIT = 1,
    OBI_UPPER = 2,
    OBI_LOWER = 4,
    OBI_HEX = 8,     /* of either case */
    OBI_SIGN = 16,   /* _ and -, which base64url and tokens use besides letters and digits */
    OBI_BASE64 = 32, /* + / = */
    OBI_BASE32 = 64, /* RFC 4648: A to Z, 2 to 7 */
    OBI_LETTER = OBI_UPPER | OBI_LOWER,
    OBI_ALNUM = OBI_LETTER | OBI_DIGIT,
    OBI_TOKEN = OBI_ALNUM | OBI_SIGN
};

extern const uint8_t obi_class[256];

static inline bool obi_is(char c, unsigned classes)
{
    return (obi_class[(unsigned char)c] & classes) != 0;
}

/* c is among the characters of set, which is a constant: the loop becomes a test of bits. */
static inline bool obi_one_of(char c, const char *set)
{
    bool found = false;
    for (size_t i = 0, len = strlen(set); i < len; i++) {
        found |= set[i] == c;
    }
    return found;
}

/* Behind the last byte from at on that is of the classes. */
static inline size_t obi_run(ob_span text, size_t at, unsigned classes)
{
    while (at < text.len && obi_is(text.ptr[at], classes)) {
        at++;
    }
    return at;
}

/* Not empty, and every byte is of the classes. */
bool obi_all(ob_span text, unsigned classes);
/* Text is as long as shape and like it: 9 a digit, A an upper-case letter, X either, H an
 * upper-case hex digit, everything else itself. */
bool obi_shape(ob_span text, const char *shape);
/* All bytes are the same one. */
bool obi_uniform(ob_span text);
/* The number that count digits at at make; they must be digits, at most 9. */
unsigned obi_number(ob_span text, size_t at, size_t count);

static inline unsigned obi_digit(ob_span text, size_t at)
{
    return (unsigned)(text.ptr[at] - '0');
}

/* 0 to 35 for 0 to 9 and A to Z; 99 for anything else. */
static inline unsigned obi_value36(char c)
{
    return obi_is(c, OBI_DIGIT)   ? (unsigned)(c - '0')
           : obi_is(c, OBI_UPPER) ? (unsigned)(c - 'A') + 10
                                  : 99;
}

/* For a check digit that is all the proof there is. */
static inline ob_valid obi_yes_if(bool holds)
{
    return holds ? OB_VALID_YES : OB_VALID_NO;
}

/* For a form without proof. */
static inline ob_valid obi_maybe_if(bool fits)
{
    return fits ? OB_VALID_MAYBE : OB_VALID_NO;
}

/* A day of the Gregorian calendar. */
bool obi_date(unsigned year, unsigned month, unsigned day);
/* A day on which somebody who lives can be born. */
bool obi_birth(unsigned year, unsigned month, unsigned day);
/* As obi_birth, in either century. */
bool obi_birth_short(unsigned year, unsigned month, unsigned day);
/* Shannon's entropy of the bytes, in bits a byte (0 for the empty text). */
double obi_entropy(ob_span text);
/* False for what is plainly a stand-in for a secret: few different characters. */
bool obi_looks_random(ob_span text);

/* SIM cards and networks: valid_sim.c. The first three digits are an allocated mobile country code
 * (E.212); *mnc is set to how many digits its network codes have: 2, 3, or 0 for either. */
bool obi_mcc(ob_span digits, size_t *mnc);
/* How long an account number (IBAN) of the country is, in all; 0 if it has none: valid_card.c. */
size_t obi_iban_length(ob_span country);
/* A host name with at least one dot and letters at its end (RFC 1123): valid_mail.c. */
bool obi_host(ob_span text);

/*
 * Check digits: check.c. Each takes the whole value, check digits included, of the characters that
 * its standard allows (a digit where nothing else is said), and says whether they hold.
 */
bool obi_luhn(ob_span digits);     /* ISO/IEC 7812-1 annex B */
bool obi_luhn16(ob_span hex);      /* the same to base 16, upper case: 3GPP2 S.R0048 */
bool obi_verhoeff(ob_span digits); /* Verhoeff 1969, as UIDAI uses it */
unsigned obi_mod97(ob_span text, unsigned before); /* the remainder of before and text; A is 10 */
bool obi_mod11_2(ob_span text);                    /* ISO 7064 MOD 11-2; X at the end is 10 */
bool obi_mod11_10(ob_span digits);                 /* ISO 7064 MOD 11,10 */
bool obi_mod31_3(ob_span text);                    /* GB 32100-2015, 18 characters */
bool obi_ean13(ob_span digits);                    /* GS1 General Specifications, 13 digits */
/* ICAO Doc 9303-3, 4.9: check is the digit of text; < counts 0. */
bool obi_mrz_check(ob_span text, char check);
/* The sum of each digit of text times its weight; as many as there are weights. */
unsigned obi_weighted(ob_span text, const uint8_t *weights, size_t count);

#endif
