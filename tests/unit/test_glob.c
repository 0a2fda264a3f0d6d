#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/glob.h"

/* Patterns are parted by newlines, as in a .gitignore. */
static const struct {
	const char *label, *patterns, *path;
	bool want;
} rows[] = {
	{ "name anywhere", "a.yaml", "x/y/a.yaml", true },
	{ "name is whole", "a.yaml", "ba.yaml", false },
	{ "folder name takes what is below", "apps", "x/apps/b/c", true },
	{ "folder only, on a file", "apps/", "apps", false },
	{ "folder only, on a folder", "apps/", "x/apps/c", true },
	{ "slash in front ties", "/apps", "x/apps/c", false },
	{ "slash in front", "/apps", "apps/c", true },
	{ "slash inside ties", "apps/a", "x/apps/a", false },
	{ "star within a part", "*.yaml", "x/a.yaml", true },
	{ "star stops at a slash", "apps/*.yaml", "apps/x/a.yaml", false },
	{ "star takes nothing too", "a*b", "ab", true },
	{ "stars, many", "*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "question mark", "?.yaml", "a.yaml", true },
	{ "question mark is no slash", "/a?b", "a/b", false },
	{ "double star in front", "**/x/a", "p/q/x/a", true },
	{ "double star in front, none", "**/x/a", "x/a", true },
	{ "double star inside", "a/**/b", "a/x/y/b", true },
	{ "double star inside, none", "a/**/b", "a/b", true },
	{ "double star inside, no part", "a/**/b", "a/xb", false },
	{ "double star behind", "apps/**", "apps/x/y.yaml", true },
	{ "double star behind, the folder", "apps/**", "apps", false },
	{ "double star alone", "**", "a/b", true },
	{ "two double stars", "a/**/b/**/c", "a/b/x/b/y/c", true },
	{ "double star, glued in front", "/x**/b", "xa/b/b", true },
	{ "double star, glued behind", "/x/**b", "x/a/b", false },
	{ "double star after plain text", "/x**", "xa/b/c", true },
	{ "bracket", "[ab].y", "b.y", true },
	{ "bracket, no", "[ab].y", "c.y", false },
	{ "bracket, not", "[!ab].y", "c.y", true },
	{ "bracket, caret", "[^ab].y", "a.y", false },
	{ "bracket, range", "[0-9].y", "7.y", true },
	{ "bracket, range turned", "[b-a].y", "b.y", true },
	{ "bracket, ] first", "[]a].y", "].y", true },
	{ "bracket, - last", "[a-].y", "-.y", true },
	{ "bracket, escaped", "[\\]a].y", "].y", true },
	{ "bracket, class", "[[:digit:]x].y", "x.y", true },
	{ "bracket, class, no", "[[:upper:]].y", "x.y", false },
	{ "bracket, class unknown", "[[:no:]x].y", "x.y", false },
	{ "bracket, open", "a[b", "a[b", false },
	{ "bracket, open class", "[[:digit", "1", false },
	{ "bracket is no slash", "a[/]b", "a/b", false },
	{ "backslash", "\\*.y", "*.y", true },
	{ "backslash, other", "\\*.y", "a.y", false },
	{ "backslash at the end", "a\\", "a\\", false },
	{ "blanks behind go", "a.y  ", "a.y", true },
	{ "blank kept", "a.y\\ ", "a.y ", true },
	{ "comment", "#a", "#a", false },
	{ "comment, escaped", "\\#a", "#a", true },
	{ "blank pattern", "", "a", false },
	{ "slash alone", "/", "a", false },
	{ "last one decides", "*.y\n!a.y", "a.y", false },
	{ "last one decides, again", "*.y\n!a.y\na.y", "a.y", true },
	{ "bang, escaped", "\\!a", "!a", true },
	{ "bang alone", "!a.y", "a.y", false },
	{ "folder taken out, star", "apps/*\n!apps/dev", "apps/dev/x", false },
	{ "folder stays, double star", "apps/**\n!apps/dev/**", "apps/dev/x",
	  true },
	{ "folder stays, slash", "apps/**\n!apps/dev/", "apps/dev/x", true },
	{ "folder stays, above", "apps\n!apps/dev", "apps/dev/x", true },
	{ "bytes, not letters", "?.y", "\xc3\xa9.y", false },
	{ "long", "*a*b*c*d*e*f*g*h*i*j*k",
	  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijk", true },
};

static void add_all(struct arena *mem, struct globs *g, const char *patterns)
{
	struct sv rest = sv_of(patterns), one;

	while (sv_cut(&rest, '\n', &one))
		globs_add(mem, g, one);
}

static void test_match(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct globs g = { 0 };

		add_all(mem, &g, rows[i].patterns);
		assert_row(rows[i].label,
			   globs_match(&g, sv_of(rows[i].path)) ==
				   rows[i].want);
	}
	arena_free(mem);
}

static void test_none(void **state)
{
	struct globs g = { 0 };

	(void)state;
	assert_true(globs_match(&g, SV("any/thing")));
	assert_null(globs_overruled(&g, SV("any/thing")));
}

static void test_overruled(void **state)
{
	static const struct {
		const char *label, *patterns, *path;
		bool want;
	} cases[] = {
		{ "below", "apps/**\n!apps/dev/**", "apps/dev/x", true },
		{ "slash", "apps/**\n!apps/dev/", "apps/dev/x", true },
		{ "other path", "apps/**\n!apps/dev/**", "apps/prod/x", false },
		{ "works", "apps/*\n!apps/dev", "apps/dev/x", false },
		{ "taken back", "a/**\n!a/b/**\na/b/c", "a/b/c", false },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct globs g = { 0 };

		add_all(mem, &g, cases[i].patterns);
		assert_row(cases[i].label,
			   (globs_overruled(&g, sv_of(cases[i].path)) !=
			    NULL) == cases[i].want);
	}
	arena_free(mem);
}

/* `git ARGS`, quietly; its exit status. */
static int git(const char *dir, const char *verb, const char *a, const char *b,
	       const char *c)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, 1);
		(void)dup2(null, 2);
		execlp("git", "git", "-C", dir, verb, a, b, c, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Git itself must agree with every row. */
static void test_judge(void **state)
{
	char dir[] = "/tmp/zoneloom-glob-XXXXXX", file[64], command[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	/* Neither the user's own ignore file nor a hook's variables count. */
	assert_int_equal(setenv("XDG_CONFIG_HOME", dir, 1), 0);
	assert_int_equal(unsetenv("GIT_DIR"), 0);
	assert_int_equal(unsetenv("GIT_INDEX_FILE"), 0);
	(void)snprintf(file, sizeof(file), "%s/.gitignore", dir);
	assert_int_equal(git(dir, "init", "-q", ".", NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		FILE *f = fopen(file, "w");

		assert_non_null(f);
		fprintf(f, "%s\n", rows[i].patterns);
		assert_int_equal(fclose(f), 0);
		assert_row(rows[i].label,
			   git(dir, "check-ignore", "--no-index", "--",
			       rows[i].path) == !rows[i].want);
	}
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static const struct {
	const char *label, *a, *b; /* patterns, parted by blanks */
	bool want;
} within_rows[] = {
	{ "the same", "x y", "x y", true },
	{ "another order", "y x", "x y", true },
	{ "fewer", "x", "x y", true },
	{ "more", "x y z", "x y", false },
	{ "all is more", "", "x", false },
	{ "all holds all", "x", "", true },
	{ "rooted is another pattern", "/x", "x", false },
	{ "folders only are another", "x/", "x", false },
	{ "a !", "x !x/y", "x", true },
	{ "a ! before", "!x/y x", "x", true },
	{ "without the !", "x", "x !x/y", false },
	{ "another !", "x !y !z", "x !z", true },
	{ "! and fewer", "x !z", "x y !z", true },
	{ "! and fewer, before it", "!z y", "x !z y", true },
	{ "! in another order", "!z x", "x !z", false },
	{ "again behind the !", "x !z x", "x !z", false },
};

static struct globs parted(struct arena *mem, struct sv patterns)
{
	struct globs g = { 0 };
	struct sv one;

	while (patterns.n > 0 && sv_cut(&patterns, ' ', &one))
		globs_add(mem, &g, one);
	return g;
}

static void test_within(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(within_rows) / sizeof(within_rows[0]);
	     i++) {
		struct globs a = parted(mem, sv_of(within_rows[i].a));
		struct globs b = parted(mem, sv_of(within_rows[i].b));

		assert_row(within_rows[i].label,
			   globs_within(&a, &b) == within_rows[i].want);
	}
	arena_free(mem);
}

/* A list of up to four of these patterns: the digits of `i`. */
static struct globs numbered(struct arena *mem, unsigned i)
{
	static const char *const patterns[] = { "x",  "!x",  "x/y",
						"!y", "*.z", "/y/" };
	struct globs g = { 0 };

	for (; i > 0; i /= 7)
		if (i % 7 > 0)
			globs_add(mem, &g, sv_of(patterns[i % 7 - 1]));
	return g;
}

/* What it says holds for every path that the patterns tell apart. */
static void test_within_is_true(void **state)
{
	static const char *const paths[] = { "x",     "y",   "x/y",   "y/x",
					     "a.z",   "w",   "x/w",   "y/w",
					     "x/y/w", "w/y", "w/x/y", "y/a.z" };
	struct arena *mem = arena_new();
	unsigned proven = 0;

	(void)state;
	for (unsigned i = 0; i < 7 * 7 * 7 * 7; i += 3) {
		struct globs a = numbered(mem, i);

		for (unsigned k = 0; k < 7 * 7 * 7; k++) {
			struct globs b = numbered(mem, k);

			if (!globs_within(&a, &b))
				continue;
			proven++;
			for (size_t p = 0; p < sizeof(paths) / sizeof(*paths);
			     p++)
				assert_row(
					paths[p],
					!globs_match(&a, sv_of(paths[p])) ||
						globs_match(&b,
							    sv_of(paths[p])));
		}
	}
	assert_true(proven > 1000);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_overruled),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_within_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
