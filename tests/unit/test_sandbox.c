/* What a process cannot do any more, asked of one that tries. */
#define _GNU_SOURCE 1

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Each returns 0 or -1 with errno, in the folder that is open. */
static int opened(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int write_outside(void)
{
	return opened(open("/etc/passwd", O_WRONLY | O_CLOEXEC));
}

static int read_outside(void)
{
	return opened(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int list_outside(void)
{
	return opened(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int make_outside(void)
{
	return opened(open("/tmp/zoneloom-sandbox", O_WRONLY | O_CREAT, 0600));
}

static int read_inside(void)
{
	return opened(open("folder/file", O_RDONLY | O_CLOEXEC));
}

static int make_inside(void)
{
	return opened(open("folder/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int append_inside(void)
{
	return opened(open("folder/file", O_WRONLY | O_CLOEXEC));
}

static int truncate_inside(void)
{
	return truncate("folder/file", 0);
}

static int move_inside(void)
{
	return rename("folder/file", "other/file");
}

static int remove_inside(void)
{
	return unlink("folder/file");
}

static int link_outside(void)
{
	return link("/etc/passwd", "folder/passwd");
}

static int run_program(void)
{
	char *argv[] = { NULL }, *env[] = { NULL };

	return execve("/bin/true", argv, env);
}

static int run_bytes(void)
{
	char *argv[] = { NULL }, *env[] = { NULL };

	return (int)syscall(SYS_execveat, STDIN_FILENO, "", argv, env, 0x1000);
}

static int make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 4096);
}

static int turn_to_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : mprotect(p, 4096, PROT_EXEC);
}

static int make_socket(void)
{
	return opened(socket(AF_INET, SOCK_DGRAM, 0));
}

static int make_local_socket(void)
{
	return opened(socket(AF_UNIX, SOCK_STREAM, 0));
}

/* Port 0 of nobody: refused by its peer where the call is made at all. */
static int connect_to(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };

	return connect(STDIN_FILENO, (struct sockaddr *)&to, sizeof(to));
}

static int make_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) < 0 ? -1 : 0;
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int signal_self(void)
{
	return kill(getpid(), 0);
}

#ifndef __SANITIZE_ADDRESS__
static int trace_parent(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}
#endif

static int new_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int clone_namespace(void)
{
	return (int)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
}

static int clone_3(void)
{
	return (int)syscall(SYS_clone3, NULL, 0);
}

static int type_into_terminal(void)
{
	char c = '\n';

	return ioctl(STDIN_FILENO, TIOCSTI, &c);
}

static int load_bpf(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int call_of_tomorrow(void)
{
	return (int)syscall(900);
}

static int make_memory_file(void)
{
	return opened(memfd_create("zoneloom-test", MFD_CLOEXEC));
}

static int write_pipe(void)
{
	return write(STDOUT_FILENO, "", 0) == 0 ? 0 : -1;
}

enum { ANY = -1 }; /* whatever the kernel says of it */

/* What each role gets: 0 or an errno. */
static const struct {
	const char *label;
	int (*try)(void);
	int offline, network, reader;
	bool landlock; /* it alone sees to this */
} rows[] = {
	/* clang-format off */
	{ "write outside", write_outside, EACCES, EACCES, EPERM, true },
	{ "read outside", read_outside, EACCES, EACCES, EACCES, true },
	{ "list outside", list_outside, EACCES, EACCES, EACCES, true },
	{ "make outside", make_outside, EACCES, EACCES, EPERM, true },
	{ "link outside", link_outside, EXDEV, EXDEV, EPERM, true },
	{ "read inside", read_inside, 0, 0, 0, false },
	{ "make inside", make_inside, 0, 0, EPERM, false },
	{ "change inside", append_inside, 0, 0, EPERM, false },
	{ "truncate inside", truncate_inside, 0, 0, EPERM, false },
	{ "move inside", move_inside, 0, 0, EPERM, false },
	{ "remove inside", remove_inside, 0, 0, EPERM, false },
	{ "run a program", run_program, EPERM, EPERM, EPERM, false },
	{ "run bytes", run_bytes, EPERM, EPERM, EPERM, false },
	{ "make code", make_code, EPERM, 0, EPERM, false },
	{ "turn memory to code", turn_to_code, EPERM, 0, EPERM, false },
	{ "make a socket", make_socket, EPERM, 0, EPERM, false },
	{ "make a local socket", make_local_socket, EPERM, 0, EPERM, false },
	{ "connect", connect_to, EPERM, ENOTSOCK, EPERM, false },
	{ "start a process", make_process, 0, 0, EPERM, false },
	{ "signal another", signal_parent, 0, 0, EPERM, false },
	{ "signal itself", signal_self, 0, 0, 0, false },
#ifndef __SANITIZE_ADDRESS__
	{ "trace another", trace_parent, EPERM, EPERM, EPERM, false },
#endif
	{ "new namespace", new_namespace, EPERM, EPERM, EPERM, false },
	{ "clone into one", clone_namespace, EPERM, EPERM, EPERM, false },
	{ "clone3", clone_3, ENOSYS, ENOSYS, ENOSYS, false },
	{ "type into a terminal", type_into_terminal, EPERM, EPERM, EPERM, false },
	{ "load a program", load_bpf, EPERM, EPERM, EPERM, false },
	{ "a call of tomorrow", call_of_tomorrow, ENOSYS, ENOSYS, ENOSYS, false },
	{ "make a memory file", make_memory_file, 0, 0, EPERM, false },
	{ "write what is open", write_pipe, 0, 0, 0, false },
	/* clang-format on */
};

static void prepare(void)
{
	int fd;

	(void)mkdir("folder", 0700);
	(void)mkdir("other", 0700);
	fd = open("folder/file", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0 && write(fd, "text\n", 5) == 5);
	assert_int_equal(close(fd), 0);
	(void)unlink("other/file");
	(void)unlink("folder/new");
}

/* In a process of its own, which says errno by its status. */
static int ask(enum sandbox_role role, int (*try)(void))
{
	int status;
	pid_t pid;

	prepare();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct arena *mem = arena_new();
		struct sandbox box = { .role = role };

		(void)dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
		sandbox_add(mem, &box, ".",
			    role == SANDBOX_READER
				    ? SANDBOX_READ
				    : SANDBOX_READ | SANDBOX_WRITE);
		sandbox_enter(&box);
		_exit(try() == 0 ? 0 : errno);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void test_refused(void **state)
{
	struct arena *mem = arena_new();
	struct sv level = sandbox_level(mem);
	bool landlock = sv_has(level, SV("landlock"));

	(void)state;
	if (!sv_has(level, SV("seccomp"))) {
		arena_free(mem);
		skip();
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const int want[] = { [SANDBOX_OFFLINE] = rows[i].offline,
				     [SANDBOX_NETWORK] = rows[i].network,
				     [SANDBOX_READER] = rows[i].reader };

		for (int role = 0; role < 3; role++) {
			int got;

			if (rows[i].landlock && !landlock)
				continue;
			got = ask((enum sandbox_role)role, rows[i].try);
			if (want[role] != ANY && got != want[role])
				fail_msg("%s: role %d: %s, expected %s",
					 rows[i].label, role, strerror(got),
					 strerror(want[role]));
		}
	}
	arena_free(mem);
}

/* A role on top of another gives nothing back. */
static int enter_again(void)
{
	struct sandbox box = { .role = SANDBOX_NETWORK };
	struct arena *mem = arena_new();

	sandbox_add(mem, &box, "/", SANDBOX_READ | SANDBOX_WRITE);
	sandbox_enter(&box);
	arena_free(mem);
	return make_socket();
}

static void test_only_less(void **state)
{
	struct arena *mem = arena_new();
	bool has = sv_has(sandbox_level(mem), SV("seccomp"));

	(void)state;
	arena_free(mem);
	if (!has)
		skip();
	assert_int_equal(ask(SANDBOX_OFFLINE, enter_again), EPERM);
	assert_int_equal(ask(SANDBOX_READER, enter_again), EPERM);
}

static void test_off(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_int_equal(setenv("ZONELOOM_SANDBOX", "off", 1), 0);
	assert_sv("level", sandbox_level(mem), SV("off (ZONELOOM_SANDBOX)"));
	assert_int_equal(ask(SANDBOX_READER, make_socket), 0);
	assert_int_equal(unsetenv("ZONELOOM_SANDBOX"), 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_only_less),
		cmocka_unit_test(test_off),
	};
	char folder[] = "/tmp/zoneloom-sandbox-XXXXXX";
	int rc;

	(void)unsetenv("ZONELOOM_SANDBOX"); /* make cover */
	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink("folder/file");
	(void)unlink("folder/new");
	(void)unlink("other/file");
	(void)rmdir("folder");
	(void)rmdir("other");
	return rmdir(folder) == 0 ? rc : 1;
}
