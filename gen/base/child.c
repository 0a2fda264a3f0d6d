#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/limits.h"

extern char **environ;

const char *const child_environment[] = { "HOME=", "LANG=", "PATH=", "TMPDIR=",
					  "HELM_", "XDG_",  NULL };

static bool is_kept(const char *entry, bool whole)
{
	if (whole)
		return strncmp(entry, "GIT_", 4) != 0;
	for (const char *const *k = child_environment; *k != NULL; k++)
		if (strncmp(entry, *k, strlen(*k)) == 0)
			return true;
	return false;
}

/* A relative folder, or an empty one, would be one of the tree that the child
 * runs in. */
static char *absolute_path(struct arena *mem, const char *entry)
{
	struct sv rest = sv_from(sv_of(entry), strlen("PATH=")), folder;
	struct buf out = { .mem = mem };

	buf_add(&out, SV("PATH="));
	while (sv_cut(&rest, ':', &folder))
		if (sv_starts(folder, SV("/")))
			buf_fmt(&out, "%s" SV_FMT, out.n > 5 ? ":" : "",
				SV_ARG(folder));
	/* execvp(3) takes an empty PATH for the current folder. */
	if (out.n == strlen("PATH="))
		buf_add(&out, SV("/usr/bin:/bin"));
	buf_char(&out, '\0');
	return out.p;
}

static char **scrubbed(struct arena *mem, bool whole)
{
	size_t n = 0, k = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	env = ARENA_ARRAY(mem, char *, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!whole && strncmp(environ[i], "PATH=", 5) == 0)
			env[k++] = absolute_path(mem, environ[i]);
		else if (is_kept(environ[i], whole))
			env[k++] = environ[i];
	return env;
}

/* execve(2) takes pointers it will not write through. */
static char **argv_of(struct arena *mem, const char *const *argv)
{
	size_t n = 0;
	char **copy;

	while (argv[n] != NULL)
		n++;
	copy = ARENA_ARRAY(mem, char *, n + 1);
	memcpy(copy, argv, n * sizeof(*copy));
	return copy;
}

/* In the child: nothing here may return. */
static void become(const struct child *c, char **argv, char **env, int in,
		   int out, int err)
{
	int null = in >= 0 ? in : open("/dev/null", O_RDONLY);

	/* Nobody waits for the answer once the parent is gone. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* A group of its own, so that its own children end with it. */
	if (setpgid(0, 0) < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0 ||
	    chdir(c->dir) < 0)
		_exit(126);
	environ = env;
	execvp(argv[0], argv);
	_exit(127);
}

struct reading {
	int fd;
	struct buf text;
	size_t max;
	bool tail; /* keep the last `max` bytes instead of stopping */
};

/* False at the end of file; *full when more than `max` came. */
static bool read_some(struct reading *r, bool *full)
{
	char block[16 * 1024];
	ssize_t n = read(r->fd, block, sizeof(block));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	if (r->text.n + (size_t)n > r->max && !r->tail)
		*full = true;
	if (r->text.n + (size_t)n > r->max && r->tail)
		r->text.n = 0;
	buf_add(&r->text, (struct sv){ block, (size_t)n });
	return true;
}

/* 0; -1: out of time; -2: too much output. */
static int read_both(struct reading r[2], int64_t until)
{
	struct pollfd p[2] = { { .fd = r[0].fd, .events = POLLIN },
			       { .fd = r[1].fd, .events = POLLIN } };
	bool full = false;

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		int64_t left = until - clock_ms();
		int n = left <= 0 ? 0 : poll(p, 2, (int)left);

		if (n == 0)
			return -1;
		for (int i = 0; n > 0 && i < 2; i++)
			if (p[i].fd >= 0 && p[i].revents != 0 &&
			    !read_some(&r[i], &full))
				p[i].fd = -1;
		if (full)
			return -2;
	}
	return 0;
}

static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int converse(struct arena *mem, const struct child *c, pid_t pid,
		    const int fd[2], struct fault *f, struct child_result *out)
{
	int64_t limit = c->timeout_s > 0 ? c->timeout_s : CHILD_SECONDS;
	struct reading r[2] = {
		{ fd[0], { .mem = mem }, c->max_out, false },
		{ fd[1], { .mem = mem }, MAX_CHILD_STDERR, true },
	};
	int rc = read_both(r, clock_ms() + limit * 1000);

	if (rc < 0)
		kill(-pid, SIGKILL);
	out->status = reap(pid);
	out->out = buf_sv(&r[0].text);
	out->err = buf_sv(&r[1].text);
	if (rc == -1)
		return fault_set(f, mem, FAULT_ENV,
				 "%s: ran longer than %lld s", c->argv[0],
				 (long long)limit);
	if (rc == -2)
		return fault_set(f, mem, FAULT_ENV,
				 "%s: printed more than %zu bytes", c->argv[0],
				 c->max_out);
	return 0;
}

/* POSIX has no pipe2(2) before 2024. */
static int make_pipe(int fd[2])
{
	if (pipe(fd) < 0)
		return -1;
	return fcntl(fd[0], F_SETFD, FD_CLOEXEC) |
	       fcntl(fd[1], F_SETFD, FD_CLOEXEC);
}

static void close_all(const int fd[4])
{
	for (int i = 0; i < 4; i++)
		if (fd[i] >= 0)
			close(fd[i]);
}

/* A pipe that holds all of the input already; -1: none was made. */
static int input_of(struct arena *mem, const struct child *c, struct fault *f,
		    int *in)
{
	int fd[2];
	ssize_t put;

	*in = -1;
	if (c->input.n == 0)
		return 0;
	if (c->input.n > CHILD_INPUT || make_pipe(fd) < 0)
		return fault_set(f, mem, FAULT_ENV,
				 "%s: %zu bytes of input: %s", c->argv[0],
				 c->input.n,
				 c->input.n > CHILD_INPUT ? "too many"
							  : strerror(errno));
	(void)fcntl(fd[1], F_SETFL, O_NONBLOCK);
	put = write(fd[1], c->input.p, c->input.n);
	close(fd[1]);
	*in = fd[0];
	return put == (ssize_t)c->input.n
		       ? 0
		       : fault_set(f, mem, FAULT_ENV, "%s: input: %s",
				   c->argv[0], strerror(errno));
}

int child_run(struct arena *mem, const struct child *c, struct fault *f,
	      struct child_result *out)
{
	char **argv = argv_of(mem, c->argv),
	     **env = scrubbed(mem, c->whole_env);
	int fd[4] = { -1, -1, -1, -1 }, in, rc;
	struct cleanup end = { 0 };
	pid_t pid = -1;

	if (input_of(mem, c, f, &in) < 0) {
		if (in >= 0)
			close(in);
		return -1;
	}

	if (make_pipe(fd) == 0 && make_pipe(fd + 2) == 0)
		pid = fork();
	if (pid == 0) {
		budget_release(arena_budget(mem));
		become(c, argv, env, in, fd[1], fd[3]);
	}
	if (in >= 0)
		close(in);
	if (pid < 0) {
		rc = fault_set(f, mem, FAULT_ENV, "%s: %s", c->argv[0],
			       strerror(errno));
		close_all(fd);
		return rc;
	}
	/* Parent and child both set it, so that the group exists whichever runs
	 * first. */
	(void)setpgid(pid, pid);
	end.group = pid;
	cleanup_add(&end);
	close(fd[1]);
	close(fd[3]);
	rc = converse(mem, c, pid, (int[]){ fd[0], fd[2] }, f, out);
	cleanup_drop(&end);
	close(fd[0]);
	close(fd[2]);
	return rc;
}
