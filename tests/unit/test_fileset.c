/* Several files as one: all new, or all old, with and without renameat2(2). */
#define _GNU_SOURCE 1

#include "base/fileset.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "test.h"

/* In place of the C library's, so that a file system without it is had. */
static bool old_kernel;

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	if (old_kernel && flags != 0) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, a, from, b, to, flags);
}

struct place {
	struct arena *mem;
	char root[64];
};

static const char *at(const struct place *p, const char *name)
{
	return arena_fmt(p->mem, "%s/%s", p->root, name).p;
}

static void put(const struct place *p, const char *name, const char *text)
{
	FILE *f = fopen(at(p, name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* "" for an empty file, "-" for none, "link" for a link. */
static const char *get(const struct place *p, const char *name)
{
	struct fault f = { 0 };
	struct stat st;
	struct sv text;

	if (lstat(at(p, name), &st) < 0)
		return "-";
	if (S_ISLNK(st.st_mode))
		return "link";
	assert_int_equal(file_read(p->mem, at(p, name), 1000, &f, &text), 0);
	return text.p;
}

static unsigned temps(const struct place *p)
{
	const char *cmd =
		arena_fmt(p->mem, "test -z \"$(find %s -name '.zoneloom.*')\"",
			  p->root)
			.p;

	return system(cmd) == 0 ? 0 : 1;
}

static void fresh(struct place *p)
{
	p->mem = arena_new();
	(void)snprintf(p->root, sizeof(p->root), "/tmp/fileset.XXXXXX");
	assert_non_null(mkdtemp(p->root));
	put(p, "a", "old a");
	put(p, "b", "old b");
	put(p, "gone", "old gone");
	assert_int_equal(mkdir(at(p, "dir"), 0755), 0);
	put(p, "dir/c", "old c");
}

static void drop(struct place *p)
{
	assert_int_equal(system(arena_fmt(p->mem, "rm -rf %s", p->root).p), 0);
	arena_free(p->mem);
}

static struct fileset *filled(const struct place *p)
{
	struct fault f = { 0 };
	struct fileset *s;

	assert_int_equal(fileset_new(p->mem, p->root, &f, &s), 0);
	assert_int_equal(fileset_write(s, SV("a"), SV("new a"), NULL, &f), 1);
	assert_int_equal(fileset_remove(s, SV("gone"), NULL, &f), 1);
	assert_int_equal(fileset_write(s, SV("dir/c"), SV("new c"), NULL, &f),
			 1);
	assert_int_equal(fileset_write(s, SV("x/y/d"), SV("new d"), NULL, &f),
			 1);
	assert_int_equal(fileset_write(s, SV("b"), SV("old b"), NULL, &f), 0);
	assert_int_equal(fileset_remove(s, SV("none"), NULL, &f), 0);
	assert_int_equal(fileset_remove(s, SV("no/ne"), NULL, &f), 0);
	return s;
}

static void assert_old(const struct place *p, const char *label)
{
	assert_sv(label, sv_of(get(p, "a")), SV("old a"));
	assert_sv(label, sv_of(get(p, "b")), SV("old b"));
	assert_sv(label, sv_of(get(p, "gone")), SV("old gone"));
	assert_sv(label, sv_of(get(p, "dir/c")), SV("old c"));
	assert_sv(label, sv_of(get(p, "x/y/d")), SV("-"));
}

static void assert_new(const struct place *p, const char *label)
{
	assert_sv(label, sv_of(get(p, "a")), SV("new a"));
	assert_sv(label, sv_of(get(p, "b")), SV("old b"));
	assert_sv(label, sv_of(get(p, "gone")), SV("-"));
	assert_sv(label, sv_of(get(p, "dir/c")), SV("new c"));
	assert_sv(label, sv_of(get(p, "x/y/d")), SV("new d"));
}

static void test_all_or_none(void **state)
{
	struct fault f = { 0 };
	struct place p;
	struct fileset *s;
	struct stat st;

	(void)state;
	for (int old = 0; old < 2; old++) {
		const char *label = old ? "old kernel" : "renameat2";

		old_kernel = old != 0;
		fresh(&p);
		assert_int_equal(chmod(at(&p, "a"), 0640), 0);
		s = filled(&p);
		assert_old(&p, label);
		assert_int_equal(fileset_undo(s, &f), 0);
		assert_old(&p, label);
		assert_int_equal(temps(&p), 0);
		assert_sv(label, sv_of(get(&p, "x")), SV("-"));

		s = filled(&p);
		assert_int_equal(fileset_apply(s, &f), 0);
		assert_new(&p, label);
		assert_int_equal(fileset_undo(s, &f), 0);
		assert_old(&p, label);
		assert_int_equal(temps(&p), 0);
		assert_sv(label, sv_of(get(&p, "x")), SV("-"));

		s = filled(&p);
		assert_int_equal(fileset_apply(s, &f), 0);
		fileset_finish(s);
		assert_int_equal(stat(at(&p, "a"), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0640);
		assert_new(&p, label);
		assert_int_equal(temps(&p), 0);
		drop(&p);
	}
	old_kernel = false;
}

/* What happens between the look at the files and their exchange. */
static void edit_a(const struct place *p)
{
	put(p, "a", "mine");
}

static void edit_same_length(const struct place *p)
{
	unlink(at(p, "a"));
	put(p, "a", "OLD A");
}

static void link_a(const struct place *p)
{
	unlink(at(p, "a"));
	assert_int_equal(symlink("/etc/passwd", at(p, "a")), 0);
}

static void remove_a(const struct place *p)
{
	unlink(at(p, "a"));
}

static void make_d(const struct place *p)
{
	put(p, "x/y/d", "mine");
}

static void edit_gone(const struct place *p)
{
	put(p, "gone", "mine");
}

static void move_folder(const struct place *p)
{
	assert_int_equal(rename(at(p, "dir"), at(p, "elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", at(p, "dir")), 0);
}

static void folder_for_a(const struct place *p)
{
	unlink(at(p, "a"));
	assert_int_equal(mkdir(at(p, "a"), 0755), 0);
}

static const struct {
	const char *label;
	void (*meanwhile)(const struct place *p);
	const char *name, *holds;
	enum fault_kind kind;
} races[] = {
	{ "an edit", edit_a, "a", "mine", FAULT_AGAIN },
	{ "an edit of equal length", edit_same_length, "a", "OLD A",
	  FAULT_AGAIN },
	{ "a link", link_a, "a", "link", FAULT_AGAIN },
	{ "a removal", remove_a, "a", "-", FAULT_AGAIN },
	{ "a folder", folder_for_a, "a/none", "-", FAULT_AGAIN },
	{ "a new file", make_d, "x/y/d", "mine", FAULT_AGAIN },
	{ "an edit of what goes", edit_gone, "gone", "mine", FAULT_AGAIN },
	{ "a linked folder", move_folder, "elsewhere/c", "old c", FAULT_ENV },
};

static void test_races(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof(races) / sizeof(races[0]); i++) {
		size_t k = i / 2;
		const char *label = races[k].label;
		struct fault f = { 0 };
		struct fileset *s;
		struct place p;

		old_kernel = i % 2 != 0;
		fresh(&p);
		s = filled(&p);
		races[k].meanwhile(&p);
		assert_row(label, fileset_apply(s, &f) < 0);
		assert_row(label, f.kind == races[k].kind);
		assert_sv(label, sv_of(get(&p, races[k].name)),
			  sv_of(races[k].holds));
		assert_sv(label, sv_of(get(&p, "b")), SV("old b"));
		if (races[k].meanwhile != move_folder)
			assert_sv(label, sv_of(get(&p, "dir/c")), SV("old c"));
		if (races[k].meanwhile != edit_gone)
			assert_sv(label, sv_of(get(&p, "gone")),
				  SV("old gone"));
		/* A temporary file in a folder that was moved away stays. */
		if (races[k].meanwhile != move_folder)
			assert_row(label, temps(&p) == 0);
		drop(&p);
	}
	old_kernel = false;
}

static void test_seen(void **state)
{
	struct file_seen none = { 0 }, a;
	struct fault f = { 0 };
	struct fileset *s;
	struct place p;
	struct stat st;

	(void)state;
	fresh(&p);
	assert_int_equal(stat(at(&p, "a"), &st), 0);
	a = file_seen_of(&st);
	assert_int_equal(fileset_new(p.mem, p.root, &f, &s), 0);
	assert_int_equal(fileset_write(s, SV("a"), SV("1"), &a, &f), 1);
	assert_int_equal(fileset_write(s, SV("b"), SV("1"), &a, &f), -1);
	assert_int_equal(f.kind, FAULT_AGAIN);
	f = (struct fault){ 0 };
	assert_int_equal(fileset_write(s, SV("b"), SV("1"), &none, &f), -1);
	assert_int_equal(f.kind, FAULT_AGAIN);
	f = (struct fault){ 0 };
	assert_int_equal(fileset_remove(s, SV("gone"), &none, &f), -1);
	assert_int_equal(f.kind, FAULT_AGAIN);
	assert_int_equal(fileset_undo(s, &f), 0);
	assert_old(&p, "seen");
	drop(&p);
}

static void test_bad_paths(void **state)
{
	static const struct {
		const char *path;
		enum fault_kind kind;
	} rows[] = {
		{ "", FAULT_USAGE },	   { "..", FAULT_USAGE },
		{ "x/../y", FAULT_USAGE }, { "/etc/x", FAULT_USAGE },
		{ "x//y", FAULT_USAGE },   { "./x", FAULT_USAGE },
		{ "link/x", FAULT_ENV },   { "a/x", FAULT_ENV },
		{ "dir", FAULT_ENV },	   { "link", FAULT_ENV },
	};
	struct fileset *s;
	struct place p;

	(void)state;
	fresh(&p);
	assert_int_equal(symlink("dir", at(&p, "link")), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };

		assert_int_equal(fileset_new(p.mem, p.root, &f, &s), 0);
		assert_row(rows[i].path, fileset_write(s, sv_of(rows[i].path),
						       SV("x"), NULL, &f) < 0);
		assert_row(rows[i].path, f.kind == rows[i].kind);
		assert_int_equal(fileset_undo(s, &f), 0);
	}
	assert_old(&p, "bad paths");
	assert_int_equal(temps(&p), 0);
	drop(&p);
}

/* What a process leaves that ends in the middle. */
static void end_by_term(struct fileset *s)
{
	(void)s;
	(void)raise(SIGTERM);
}

static void end_by_exit(struct fileset *s)
{
	(void)s;
	exit(4);
}

static void end_by_exit_applied(struct fileset *s)
{
	struct fault f = { 0 };

	if (fileset_apply(s, &f) == 0)
		exit(4);
}

/* The signal waits until all is done. */
static void end_by_term_applied(struct fileset *s)
{
	struct fault f = { 0 };

	if (fileset_apply(s, &f) < 0)
		_exit(9);
	(void)raise(SIGTERM);
	fileset_finish(s);
	_exit(9);
}

static void end_by_kill(struct fileset *s)
{
	(void)s;
	(void)raise(SIGKILL);
}

static const struct {
	const char *label;
	void (*end)(struct fileset *s);
	int signal, status;
	bool is_new, leaves;
} ends[] = {
	{ "TERM", end_by_term, SIGTERM, 0, false, false },
	{ "exit", end_by_exit, 0, 4, false, false },
	{ "exit, applied", end_by_exit_applied, 0, 4, false, false },
	{ "TERM, applied", end_by_term_applied, SIGTERM, 0, true, false },
	{ "KILL", end_by_kill, SIGKILL, 0, false, true },
};

/* Before the leak check of a sanitiser, which has an opinion on exit(). */
static void end_at_once(void)
{
	_exit(4);
}

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct paths paths = { 0 }, gone = { 0 };
		int status;
		struct place p;
		pid_t pid;

		fresh(&p);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			(void)atexit(end_at_once);
			cleanup_install();
			ends[i].end(filled(&p));
			_exit(8);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (ends[i].signal != 0)
			assert_row(ends[i].label,
				   WIFSIGNALED(status) &&
					   WTERMSIG(status) == ends[i].signal);
		else
			assert_row(ends[i].label,
				   WIFEXITED(status) && WEXITSTATUS(status) ==
								ends[i].status);
		if (ends[i].is_new)
			assert_new(&p, ends[i].label);
		else
			assert_old(&p, ends[i].label);
		assert_row(ends[i].label, (temps(&p) != 0) == ends[i].leaves);
		*VEC_ADD(p.mem, &paths.list) = SV("a");
		*VEC_ADD(p.mem, &paths.list) = SV("dir/c");
		*VEC_ADD(p.mem, &paths.list) = SV("x/y/d");
		fileset_sweep(p.mem, p.root, &paths, &gone);
		assert_row(ends[i].label, temps(&p) == 0);
		assert_row(ends[i].label,
			   gone.list.n == (ends[i].leaves ? 3U : 0U));
		drop(&p);
	}
}

/* Another set is at work: its temporary files are not swept. */
static void test_sweep_waits(void **state)
{
	struct paths paths = { 0 }, gone = { 0 };
	struct fault f = { 0 };
	struct fileset *s;
	struct place p;

	(void)state;
	fresh(&p);
	put(&p, ".zoneloom.yaml", "format: 1");
	put(&p, ".zoneloom.0123456789", "left");
	put(&p, ".zoneloom.01234567", "left by an older version");
	put(&p, ".zoneloom.0123456x", "not ours");
	*VEC_ADD(p.mem, &paths.list) = SV("a");
	s = filled(&p);
	fileset_sweep(p.mem, p.root, &paths, &gone);
	assert_int_equal(gone.list.n, 0);
	assert_int_equal(fileset_apply(s, &f), 0);
	fileset_finish(s);
	fileset_sweep(p.mem, p.root, &paths, &gone);
	assert_int_equal(gone.list.n, 2);
	assert_string_equal(get(&p, ".zoneloom.yaml"), "format: 1");
	assert_string_equal(get(&p, ".zoneloom.0123456x"), "not ours");
	drop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_or_none),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_sweep_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
