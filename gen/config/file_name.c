/*
 * Names of files that git or another machine would not take.  A repository is
 * cloned on Windows and macOS too, and git refuses there, or with
 * core.protectNTFS and core.protectHFS, what would lead into its own folder.
 */
#include "config/text.h"

#include "base/diag.h"
#include "base/escape.h"
#include "base/utf8.h"

/* Devices of Windows, whatever is behind a dot. */
static const char *const devices[] = {
	"aux",	"con",	"conin$", "conout$", "nul",  "prn",  "com1", "com2",
	"com3", "com4", "com5",	  "com6",    "com7", "com8", "com9", "lpt1",
	"lpt2", "lpt3", "lpt4",	  "lpt5",    "lpt6", "lpt7", "lpt8", "lpt9"
};

static bool is_device(struct sv part)
{
	struct sv stem = sv_trim(sv_head(part, sv_chr(part, '.')));

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (sv_case_eq(stem, sv_of(devices[i])))
			return true;
	return false;
}

/* "git~1" is what NTFS calls .git where short names are on. */
static bool is_short_git(struct sv part)
{
	return part.n > 4 && sv_case_eq(sv_head(part, 4), SV("git~")) &&
	       part.p[4] >= '0' && part.p[4] <= '9';
}

/* HFS+ drops some of them: ".g<U+200C>it" is .git there (git's utf8.c). */
static bool has_hidden(struct sv part)
{
	while (part.n > 0) {
		uint32_t code;
		size_t n = utf8_at(part, &code);

		if (n == 0 || text_misleads(code))
			return true;
		part = sv_from(part, n);
	}
	return false;
}

static bool has_reserved(struct sv part)
{
	static const char reserved[] = "\\:*?\"<>|";

	for (size_t i = 0; i < part.n; i++)
		if (memchr(reserved, part.p[i], sizeof(reserved) - 1) != NULL)
			return true;
	return false;
}

const char *file_name_fault(struct sv part)
{
	if (sv_ends(part, SV(" ")) || sv_ends(part, SV(".")))
		return "must not end in a blank or a dot, which Windows drops";
	if (has_hidden(part))
		return "must be UTF-8 without invisible characters";
	if (has_reserved(part))
		return "must not contain any of \\ : * ? \" < > |, which "
		       "Windows does not take";
	if (is_device(part))
		return "must not be named as a device of Windows";
	if (is_short_git(part))
		return "must not be named as NTFS names .git";
	return NULL;
}
