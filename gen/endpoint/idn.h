/*
 * idn.h - libidn2, fenced in: labels with a byte over 0x7f and A-labels only.
 *
 * Why:    asked to validate whole names, libidn2 2.3.3 drops characters
 *         ("_dmarc" becomes "dmarc", "*.x" becomes ".x"), lets "a..b" through,
 *         and mapping removes U+200B: one name would silently become another.
 * Owner:  results are in `mem`.
 * Source: RFC 5891 (IDNA2008), strict: no mapping, no transition.
 */
#ifndef ENDPOINT_IDN_H
#define ENDPOINT_IDN_H

#include "base/arena.h"

/* The A-label of a U-label, or a lower-case A-label checked: false when it is
 * not valid in IDNA2008. */
bool idn_label(struct arena *mem, struct sv label, struct sv *out);

/* What UTS 46 mapping would make of a name, as a hint for a message only. */
bool idn_hint(struct arena *mem, struct sv name, struct sv *out);

/* ToASCII with transitional mapping, as ExternalDNS compares names. */
bool idn_transitional(struct arena *mem, struct sv name, struct sv *out);

/* A-labels to U-labels; a name that cannot be read stays as it is. */
struct sv idn_readable(struct arena *mem, struct sv name);

bool is_ascii(struct sv s);

/* True for U+00DF, U+03C2, U+200C, U+200D: older resolvers map them away. */
bool idn_deviates(struct sv label);

#endif
