#include "output/serial.h"

#include <assert.h>
#include <time.h>

#include <openssl/evp.h>

#include "base/buf.h"

bool serial_newer(uint32_t a, uint32_t b)
{
	uint32_t ahead = a - b;

	return ahead != 0 && ahead < UINT32_C(1) << 31;
}

/* 0 is legal, but several servers take it for "none". */
static uint32_t counted(uint32_t base)
{
	return base == UINT32_MAX ? 1 : base + 1;
}

static uint32_t date_serial(int64_t now)
{
	time_t t = (time_t)now;
	struct tm tm = { 0 };

	if (gmtime_r(&t, &tm) == NULL)
		return 1;
	return (uint32_t)((tm.tm_year + 1900LL) * 1000000 +
			  (tm.tm_mon + 1LL) * 10000 + tm.tm_mday * 100LL + 1);
}

uint32_t serial_next(struct sv scheme, const uint32_t *base, int64_t now)
{
	bool dated = sv_eq(scheme, SV("date"));
	uint32_t wish;

	if (sv_eq(scheme, SV("keep")))
		return base ? *base : 1;
	if (!dated && !sv_eq(scheme, SV("unixtime")))
		return base ? counted(*base) : 1;
	wish = dated ? date_serial(now) : (uint32_t)now;
	return base == NULL || serial_newer(wish, *base) ? wish
							 : counted(*base);
}

struct sv digest_hex(struct arena *mem, struct sv text, size_t digits)
{
	struct sv head = arena_fmt(mem, "blob %zu", text.n);
	struct buf hex = { .mem = mem };
	unsigned char md[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned n = 0;
	bool ok = c != NULL && EVP_DigestInit_ex(c, EVP_sha1(), NULL) == 1 &&
		  EVP_DigestUpdate(c, head.p, head.n) == 1 &&
		  EVP_DigestUpdate(c, "", 1) == 1 && /* the NUL behind it */
		  EVP_DigestUpdate(c, text.p, text.n) == 1 &&
		  EVP_DigestFinal_ex(c, md, &n) == 1;

	EVP_MD_CTX_free(c);
	assert(ok && n == 20);
	(void)ok;
	for (unsigned i = 0; i < n; i++)
		buf_fmt(&hex, "%02x", md[i]);
	return sv_head(buf_sv(&hex), digits);
}
