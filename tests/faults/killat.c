/*
 * killat N COMMAND...: run a program and kill it before its Nth system call.
 * N 0: let it run, and print a line for each call: its place, number, and
 * "m" where it may change a file.
 *
 * Exit status: 0 killed (or N 0), else that of the program: it ended before.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const long changing[] = {
#ifdef SYS_rename
	SYS_rename,    SYS_unlink,   SYS_link,	    SYS_mkdir,
	SYS_rmdir,     SYS_chmod,    SYS_symlink,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_renameat2, SYS_unlinkat, SYS_linkat,    SYS_mkdirat,
	SYS_fchmod,    SYS_fchmodat, SYS_ftruncate, SYS_symlinkat,
	SYS_utimensat, SYS_pwrite64, SYS_fsync,	    SYS_fdatasync,
};

static bool may_change(const struct __ptrace_syscall_info *i)
{
	long n = (long)i->entry.nr;

	if (n == SYS_openat)
		return (i->entry.args[2] & O_CREAT) != 0;
#ifdef SYS_open
	if (n == SYS_open)
		return (i->entry.args[1] & O_CREAT) != 0;
#endif
	if (n == SYS_write)
		return i->entry.args[0] > 2;
	for (size_t k = 0; k < sizeof(changing) / sizeof(changing[0]); k++)
		if (changing[k] == n)
			return true;
	return false;
}

/* At the entry of a call; false when the program is to die there. */
static bool enter(pid_t pid, unsigned long at, unsigned long n)
{
	struct __ptrace_syscall_info i;

	if (n != 0)
		return at != n;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(i), &i) > 0)
		printf("%lu %llu%s\n", at, (unsigned long long)i.entry.nr,
		       may_change(&i) ? " m" : "");
	return true;
}

static int ended(int status, unsigned long n)
{
	if (WIFSIGNALED(status))
		return n != 0 && WTERMSIG(status) == SIGKILL
			       ? 0
			       : 128 + WTERMSIG(status);
	return n == 0 ? 0 : WEXITSTATUS(status);
}

static int follow(pid_t pid, unsigned long n)
{
	unsigned long at = 0;
	bool inside = false;
	int status, pass = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)pass) < 0 &&
		    errno != ESRCH)
			return 125;
		if (waitpid(pid, &status, 0) < 0)
			return 125;
		if (!WIFSTOPPED(status))
			return ended(status, n);
		pass = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			pass = WSTOPSIG(status);
			if (pass == SIGTRAP)
				pass = 0;
			continue;
		}
		inside = !inside;
		if (inside && !enter(pid, ++at, n))
			kill(pid, SIGKILL);
	}
}

int main(int argc, char **argv)
{
	unsigned long n;
	int status;
	pid_t pid;

	if (argc < 3) {
		fputs("usage: killat N COMMAND...\n", stderr);
		return 2;
	}
	n = strtoul(argv[1], NULL, 10);
	pid = fork();
	if (pid < 0)
		return 125;
	if (pid == 0) {
		if (n == 0)
			(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	(void)ptrace(PTRACE_SETOPTIONS, pid, NULL,
		     PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	return follow(pid, n);
}
