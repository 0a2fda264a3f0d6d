/*
 * A process that signs and does nothing else, so that the one that parses what
 * a stranger wrote can give up starting programs.
 *
 * It is forked off before that: the programs, keys and settings are its own.
 * What it hears is the text to be signed, who signs, and the choice of the
 * command line; what it says is a signature or a fault.  It ends when nobody
 * is left to ask.
 */
#include "git/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

enum {
	/* A commit's text: subject, body and trailers, far below this. */
	MAX_SIGNED = 16 * 1024 * 1024,
	ASK_PARTS = 4, /* key, name, mail, text */
	SAY_PARTS = 2, /* signature and nothing, or fault and hint */
	MAX_PARTS = 4,
};

struct signer {
	pid_t pid;
	int to, from;
};

/* A record: a number, and parts with their lengths before them. */
struct letter {
	unsigned number;
	size_t sizes[MAX_PARTS];
};

static bool put_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}

static bool get_all(int fd, void *bytes, size_t n)
{
	char *p = bytes;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool put_letter(int fd, unsigned number, const struct sv *parts,
		       size_t n)
{
	struct letter head = { .number = number };

	for (size_t i = 0; i < n; i++)
		head.sizes[i] = parts[i].n;
	if (!put_all(fd, &head, sizeof(head)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!put_all(fd, parts[i].p, parts[i].n))
			return false;
	return true;
}

static bool get_letter(struct arena *mem, int fd, unsigned *number,
		       struct sv *parts, size_t n)
{
	struct letter head;

	if (!get_all(fd, &head, sizeof(head)))
		return false;
	*number = head.number;
	for (size_t i = 0; i < n; i++) {
		char *p;

		if (head.sizes[i] > MAX_SIGNED)
			return false;
		p = arena_alloc(mem, head.sizes[i] + 1, 1);
		if (!get_all(fd, p, head.sizes[i]))
			return false;
		parts[i] = (struct sv){ p, head.sizes[i] };
	}
	return true;
}

static int sign_letter(struct arena *mem, const struct commit_request *like,
		       unsigned choice, const struct sv *parts, struct fault *f,
		       struct sv *out)
{
	struct commit_request q = {
		.start = like->start,
		.trust_repo = like->trust_repo,
		.sign = choice == SIGN_YES ? SIGN_YES : SIGN_CONFIG,
		.sign_key = parts[0],
	};
	git_signature *who;
	struct repo *r;
	int rc;

	if (repo_open(mem, q.start, q.trust_repo, f, &r) < 0)
		return -1;
	if (git_signature_new(&who, arena_str(mem, parts[1]),
			      arena_str(mem, parts[2]), 0, 0) < 0)
		return repo_fault(mem, f, FAULT_ENV, "%s", parts[1].p);
	rc = sign_here(r, &q, who, parts[3], f, out);
	git_signature_free(who);
	return rc;
}

static void pass_over(int signal)
{
	(void)signal;
}

/* The terminal sends its signals to both; the one that asks decides, and its
 * end is the end of this one and of the program that it runs. */
static void follow_parent(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT };
	struct sigaction sa = { .sa_handler = pass_over,
				.sa_flags = SA_RESTART };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaction(numbers[i], &sa, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static _Noreturn void serve(const struct commit_request *like, int in, int out)
{
	struct sv parts[ASK_PARTS];
	unsigned choice;

	follow_parent();
	for (;;) {
		struct arena *mem = arena_new();
		struct fault f = { 0 };
		struct sv say[SAY_PARTS] = { SV(""), SV("") };
		int rc;

		if (!get_letter(mem, in, &choice, parts, ASK_PARTS))
			_exit(0);
		rc = sign_letter(mem, like, choice, parts, &f, &say[0]);
		if (rc < 0) {
			say[0] = f.text;
			say[1] = f.hint;
		}
		if (!put_letter(out, rc < 0 ? f.kind : FAULT_NONE, say,
				SAY_PARTS))
			_exit(1);
		arena_free(mem);
	}
}

static int close_both(const int fd[2])
{
	int error = errno;

	(void)close(fd[0]);
	(void)close(fd[1]);
	errno = error;
	return -1;
}

/* POSIX has no pipe2(2) before 2024. */
static int make_pipe(int fd[2])
{
	if (pipe(fd) < 0)
		return -1;
	if ((fcntl(fd[0], F_SETFD, FD_CLOEXEC) |
	     fcntl(fd[1], F_SETFD, FD_CLOEXEC)) < 0)
		return close_both(fd);
	return 0;
}

static int start(struct signer *s, const struct commit_request *like)
{
	int ask[2], say[2];

	if (make_pipe(ask) < 0)
		return -1;
	if (make_pipe(say) < 0)
		return close_both(ask);
	s->pid = fork();
	if (s->pid == 0) {
		(void)close(ask[1]);
		(void)close(say[0]);
		serve(like, ask[0], say[1]);
	}
	if (s->pid < 0) {
		(void)close_both(ask);
		return close_both(say);
	}
	(void)close(ask[0]);
	(void)close(say[1]);
	s->to = ask[1];
	s->from = say[0];
	return 0;
}

static void stop(void *data)
{
	struct signer *s = data;

	(void)close(s->to);
	(void)close(s->from);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

int signer_start(struct arena *mem, const struct commit_request *like,
		 struct fault *f, struct signer **out)
{
	struct signer *s = ARENA_NEW(mem, struct signer);

	if (start(s, like) < 0)
		return fault_set(f, mem, FAULT_ENV, "signing process: %s",
				 strerror(errno));
	arena_defer(mem, stop, s);
	*out = s;
	return 0;
}

int signer_ask(struct repo *r, const struct commit_request *q,
	       const git_signature *who, struct sv bytes, struct fault *f,
	       struct sv *out)
{
	const struct sv ask[ASK_PARTS] = { q->sign_key, sv_of(who->name),
					   sv_of(who->email), bytes };
	struct sv say[SAY_PARTS];
	unsigned kind;

	if (!put_letter(q->signer->to, q->sign, ask, ASK_PARTS) ||
	    !get_letter(r->mem, q->signer->from, &kind, say, SAY_PARTS))
		return fault_set(f, r->mem, FAULT_ENV,
				 "the signing process ended");
	if (kind == FAULT_NONE) {
		*out = say[0];
		return 0;
	}
	fault_file(f, r->mem, FAULT_ENV, SV_FMT, SV_ARG(say[0]));
	if (say[1].n > 0)
		fault_hint(f, r->mem, SV_FMT, SV_ARG(say[1]));
	return -1;
}
