/*
 * svcb.h - parameters of SVCB and HTTPS records; private to gen/output/.
 *
 * Source: RFC 9460 section 2.1 (text), 2.2 (wire), 14.3.2 (names).
 */
#ifndef OUTPUT_SVCB_H
#define OUTPUT_SVCB_H

#include "base/buf.h"

/* Are these the bytes of parameters whose values fit their keys?  A comma or
 * backslash in a protocol, which would be escaped twice, is refused too. */
bool svcb_ok(struct sv wire);

/* "alpn=\"h2,h3\" port=443" */
struct sv svcb_text(struct arena *mem, struct sv wire);

#endif
