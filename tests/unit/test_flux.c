/* Which source is this repository: the spellings of one address. */
#include "test.h"

#include "render/flux/unit.h"

static const struct {
	const char *label, *in, *want;
} urls[] = {
	{ "https", "https://git.example.com/team/fleet",
	  "git.example.com/team/fleet" },
	{ "suffix", "https://git.example.com/team/fleet.git",
	  "git.example.com/team/fleet" },
	{ "slash", "https://git.example.com/team/fleet/",
	  "git.example.com/team/fleet" },
	{ "case", "https://Git.Example.com/Team/Fleet",
	  "git.example.com/team/fleet" },
	{ "ssh", "ssh://git@git.example.com/team/fleet",
	  "git.example.com/team/fleet" },
	{ "port", "ssh://git@git.example.com:2222/team/fleet.git",
	  "git.example.com/team/fleet" },
	{ "scp form", "git@git.example.com:team/fleet.git",
	  "git.example.com/team/fleet" },
	{ "user and password", "https://a:b@git.example.com/t/f",
	  "git.example.com/t/f" },
	{ "digits are a path", "git@git.example.com:42", "git.example.com/42" },
	{ "an @ in the path", "https://git.example.com/a@b",
	  "git.example.com/a@b" },
	{ "host alone", "https://git.example.com", "git.example.com/" },
	{ "empty", "", "/" },
	{ "only a scheme", "ssh://", "/" },
};

static void test_url_key(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_sv(urls[i].label, flux_url_key(mem, sv_of(urls[i].in)),
			  sv_of(urls[i].want));
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_url_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
