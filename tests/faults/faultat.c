/*
 * faultat list COMMAND...	 a line for each system call: its place, name,
 *				 first argument, "m" where it may change a file
 * faultat kill N COMMAND...	 SIGKILL before the Nth
 * faultat fail N NAME ERRNO COMMAND...  the Nth is not made and says ERRNO
 * faultat short N NAME COMMAND...  the Nth, a read or write, is given half its
 *				 bytes
 * faultat meanwhile N SCRIPT COMMAND...  the Nth waits while sh runs SCRIPT
 *
 * A run may make a call more than the one that was listed, so a fault that is
 * of one kind of call waits for the first NAME from the Nth on.
 *
 * Exit status: that of the program; 0 where it was killed as asked.
 */
#define _GNU_SOURCE 1

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* clang-format off */
#define CALL(name)   { SYS_##name, #name, false },
#define CHANGE(name) { SYS_##name, #name, true },
static const struct call {
	long number;
	const char *name;
	bool changes; /* a file; open and write: only some */
} calls[] = {
#ifdef SYS_rename
	CHANGE(rename) CHANGE(unlink) CHANGE(link) CHANGE(mkdir)
	CHANGE(rmdir) CHANGE(chmod) CHANGE(symlink) CALL(open) CALL(stat)
	CALL(lstat) CALL(access) CALL(readlink) CALL(pipe)
#endif
#ifdef SYS_renameat
	CHANGE(renameat)
#endif
	CHANGE(renameat2) CHANGE(unlinkat) CHANGE(linkat) CHANGE(mkdirat)
	CHANGE(fchmod) CHANGE(fchmodat) CHANGE(ftruncate) CHANGE(symlinkat)
	CHANGE(utimensat) CHANGE(pwrite64) CHANGE(fsync) CHANGE(fdatasync)
	CALL(openat) CALL(write) CALL(read) CALL(pread64) CALL(close)
	CALL(fstat) CALL(newfstatat) CALL(getdents64) CALL(flock) CALL(mmap)
	CALL(munmap) CALL(mremap) CALL(brk) CALL(fcntl) CALL(faccessat)
	CALL(faccessat2) CALL(readlinkat) CALL(lseek) CALL(pipe2)
	CALL(memfd_create) CALL(getcwd) CALL(getrandom) CALL(futex)
	CALL(rt_sigaction)
};
/* clang-format on */

enum mode { LIST, KILL, FAIL, SHORT, MEANWHILE };

static const struct {
	const char *name;
	int args;
} modes[] = {
	[LIST] = { "list", 0 },		  [KILL] = { "kill", 1 },
	[FAIL] = { "fail", 3 },		  [SHORT] = { "short", 2 },
	[MEANWHILE] = { "meanwhile", 2 },
};

struct fault {
	enum mode mode;
	unsigned long n;
	const char *call; /* or NULL: any */
	int error;
	const char *script;
};

static const struct call *find_call(long number)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

static bool may_change(const struct call *c,
		       const struct __ptrace_syscall_info *i)
{
	if (c->number == SYS_openat)
		return (i->entry.args[2] & O_CREAT) != 0;
	if (c->number == SYS_write)
		return i->entry.args[0] > 2;
	return c->changes;
}

static void list(pid_t pid, unsigned long at)
{
	struct __ptrace_syscall_info i;
	const struct call *c;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(i), &i) <= 0)
		return;
	c = find_call((long)i.entry.nr);
	printf("%lu %s %lld %s\n", at, c != NULL ? c->name : "other",
	       (long long)i.entry.args[0],
	       c != NULL && may_change(c, &i) ? "m" : "-");
}

/* Registers of the machine: the number of the call, its third argument, and
 * what it returns. */
#if defined(__x86_64__)
static bool change(pid_t pid, const struct fault *f, bool entry)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) < 0)
		return false;
	if (f->mode == SHORT)
		r.rdx = r.rdx > 1 ? r.rdx / 2 : r.rdx;
	else if (entry)
		r.orig_rax = (unsigned long long)-1;
	else
		r.rax = (unsigned long long)-f->error;
	return ptrace(PTRACE_SETREGS, pid, NULL, &r) == 0;
}
#elif defined(__aarch64__)
static bool change(pid_t pid, const struct fault *f, bool entry)
{
	struct user_regs_struct r;
	struct iovec v = { &r, sizeof(r) };
	int none = -1;
	struct iovec number = { &none, sizeof(none) };

	if (f->mode == FAIL && entry)
		return ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL,
			      &number) == 0;
	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &v) < 0)
		return false;
	if (f->mode == SHORT)
		r.regs[2] = r.regs[2] > 1 ? r.regs[2] / 2 : r.regs[2];
	else
		r.regs[0] = (unsigned long long)-f->error;
	return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &v) == 0;
}
#else
# error "faultat: the registers of this machine are not known"
#endif

/* Somebody else, between two steps of the program. */
static bool somebody(const char *script)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid;
}

static bool act(pid_t pid, const struct fault *f, bool entry)
{
	struct __ptrace_syscall_info i;

	if (f->mode == MEANWHILE)
		return !entry || somebody(f->script);

	if (f->mode == KILL)
		return !entry || kill(pid, SIGKILL) == 0;
	if (f->mode == SHORT && !entry)
		return true;
	/* close(2) closes whatever it says. */
	if (entry && ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(i), &i) > 0 &&
	    i.entry.nr == SYS_close)
		return true;
	return change(pid, f, entry);
}

/* Is this the call that is meant? */
static bool is_meant(pid_t pid, const struct fault *f, unsigned long at)
{
	struct __ptrace_syscall_info i;
	const struct call *c;

	if (f->call == NULL || at < f->n)
		return at == f->n;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(i), &i) <= 0)
		return false;
	c = find_call((long)i.entry.nr);
	/* Standard output and error have a test of their own. */
	if (c == NULL || ((c->number == SYS_write || c->number == SYS_close) &&
			  i.entry.args[0] <= 2))
		return false;
	return strcmp(c->name, f->call) == 0;
}

static int ended(int status, const struct fault *f)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return f->mode == KILL && WTERMSIG(status) == SIGKILL
		       ? 0
		       : 128 + WTERMSIG(status);
}

static int follow(pid_t pid, const struct fault *f)
{
	unsigned long at = 0;
	bool inside = false, meant = false, done = false;
	int status, pass = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)pass) < 0 &&
		    errno != ESRCH)
			return 125;
		if (waitpid(pid, &status, 0) < 0)
			return 125;
		if (!WIFSTOPPED(status))
			return ended(status, f);
		pass = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			pass = WSTOPSIG(status);
			if (pass == SIGTRAP)
				pass = 0;
			continue;
		}
		inside = !inside;
		at += inside;
		if (f->mode == LIST && inside)
			list(pid, at);
		if (inside)
			meant = !done && f->mode != LIST &&
				is_meant(pid, f, at);
		done = done || meant;
		if (meant && !act(pid, f, inside))
			return 125;
	}
}

static int parse(int argc, char **argv, struct fault *f)
{
	for (int i = 0; argc > 1 && i <= MEANWHILE; i++) {
		if (strcmp(argv[1], modes[i].name) != 0 ||
		    argc < 3 + modes[i].args)
			continue;
		f->mode = (enum mode)i;
		if (modes[i].args > 0)
			f->n = strtoul(argv[2], NULL, 10);
		f->script = argv[3];
		if (f->mode == FAIL || f->mode == SHORT)
			f->call = argv[3];
		if (f->mode == FAIL)
			f->error = (int)strtol(argv[4], NULL, 10);
		return 2 + modes[i].args;
	}
	fputs("usage: faultat list|kill N|fail N NAME ERRNO|short N NAME|"
	      "meanwhile N SCRIPT COMMAND...\n",
	      stderr);
	return -1;
}

int main(int argc, char **argv)
{
	struct fault f = { .mode = LIST };
	int status, command = parse(argc, argv, &f);
	pid_t pid;

	if (command < 0)
		return 2;
	pid = fork();
	if (pid < 0)
		return 125;
	if (pid == 0) {
		if (f.mode == LIST)
			(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		execvp(argv[command], argv + command);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	(void)ptrace(PTRACE_SETOPTIONS, pid, NULL,
		     PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	return follow(pid, &f);
}
