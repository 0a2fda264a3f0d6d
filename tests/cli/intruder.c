/*
 * What an exploited parser would try, from inside the parser: preloaded, this
 * stands in for a function of libyaml and of jansson, tries once in each
 * process, and says what the kernel answered.
 */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t program, tried[2];

__attribute__((constructor)) static void begin(void)
{
	program = getpid();
}

static int opened(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int write_system(void)
{
	return opened(open("/etc/passwd", O_WRONLY));
}

static int read_secret(void)
{
	return opened(open(getenv("SECRET"), O_RDONLY));
}

static int write_home(void)
{
	const char *path = getenv("SECRET");
	char new[4096];

	(void)snprintf(new, sizeof(new), "%s.new", path);
	return opened(open(new, O_WRONLY | O_CREAT, 0600));
}

static int write_tree(void)
{
	return opened(open("intruder-was-here", O_WRONLY | O_CREAT, 0600));
}

static int write_git(void)
{
	return opened(open(".git/intruder-was-here", O_WRONLY | O_CREAT, 0600));
}

static int read_tree(void)
{
	return opened(open(".zoneloom.yaml", O_RDONLY));
}

static int talk(void)
{
	return opened(socket(AF_INET, SOCK_STREAM, 0));
}

/* The old picture of the process must stay to tell: in a child, where one can
 * be made. */
static int run(void)
{
	char *argv[] = { NULL }, *env[] = { NULL };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execve("/bin/true", argv, env);
		_exit(errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	errno = WEXITSTATUS(status);
	return errno == 0 ? 0 : -1;
}

static const struct {
	const char *name;
	int (*try)(void);
} tries[] = {
	{ "write-system", write_system },
	{ "read-secret", read_secret },
	{ "write-home", write_home },
	{ "write-tree", write_tree },
	{ "write-git", write_git },
	{ "read-tree", read_tree },
	{ "talk", talk },
	{ "run", run },
};

static void intrude(const char *parser, int which)
{
	if (tried[which] == getpid())
		return;
	tried[which] = getpid();
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		char line[256];
		int n;

		errno = 0;
		n = snprintf(line, sizeof(line), "%s %s %s: %s\n",
			     getpid() == program ? "program" : "reader", parser,
			     tries[i].name,
			     tries[i].try() == 0 ? "done" : strerror(errno));
		if (write(STDERR_FILENO, line, (size_t)n) < 0)
			_exit(1);
	}
}

int yaml_parser_parse(void *parser, void *event)
{
	int (*next)(void *, void *);

	*(void **)&next = dlsym(RTLD_NEXT, "yaml_parser_parse");
	intrude("yaml", 0);
	return next(parser, event);
}

void *json_loadb(const char *text, size_t n, size_t flags, void *error)
{
	void *(*next)(const char *, size_t, size_t, void *);

	*(void **)&next = dlsym(RTLD_NEXT, "json_loadb");
	intrude("json", 1);
	return next(text, n, flags, error);
}
