#include "pipeline/records.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/path.h"
#include "base/textset.h"
#include "output/output.h"

struct repo_lines {
	struct sv name;
	struct loc at; /* of the first line, or of the trailer */
	size_t lines;  /* of equal ones one */
	bool has_run;
	struct jsonl_run run;
};

struct record_reader {
	struct session *s;
	struct endpoints *out;
	struct map repos; /* name -> struct repo_lines */
	VEC(struct repo_lines *) list;
	struct textset seen;
	struct sv owner; /* the repository that the file is of; or "" */
	bool is_ruled;	 /* and no line of it may be of another */
	size_t lines;
};

static struct repo_lines *repo_of(struct record_reader *r, struct sv name,
				  struct loc at)
{
	struct repo_lines *repo = map_get(&r->repos, name);

	if (repo != NULL)
		return repo;
	repo = ARENA_NEW(r->s->mem, struct repo_lines);
	repo->name = arena_sv(r->s->mem, name);
	repo->at = loc_copy(r->s->mem, at);
	map_put(&r->repos, repo->name, repo);
	*VEC_ADD(r->s->mem, &r->list) = repo;
	return repo;
}

/* --- one line --- */

static int bad_run(struct record_reader *r, struct loc at, struct sv repo,
		   const char *why)
{
	return diag_error(&r->s->diags, DIAG_RECORDS, at,
			  "repository " SV_FMT ": %s", SV_ARG(repo), why);
}

static bool same_run(const struct jsonl_run *a, const struct jsonl_run *b)
{
	return sv_eq(a->commit, b->commit) &&
	       sv_eq(a->configuration, b->configuration) &&
	       a->records == b->records;
}

static int add_run(struct record_reader *r, struct loc at,
		   const struct jsonl_run *run)
{
	struct repo_lines *repo = repo_of(r, run->repo, at);
	struct arena *mem = r->s->mem;

	if (run->status != 0)
		return bad_run(r, at, run->repo,
			       "its list ended with another exit status than "
			       "0; see what it says there");
	if (!run->whole)
		return bad_run(r, at, run->repo,
			       "its list read a part of it, by a path or a "
			       "filter of the command line; put a permanent "
			       "filter into its configuration");
	if (repo->has_run && !same_run(&repo->run, run))
		return bad_run(r, at, run->repo,
			       "two runs of it are in the lines, which "
			       "differ; keep one");
	if (repo->has_run)
		return 0;
	repo->has_run = true;
	repo->at = loc_copy(mem, at);
	repo->run = *run;
	repo->run.commit = arena_sv(mem, run->commit);
	repo->run.configuration = arena_sv(mem, run->configuration);
	return 0;
}

/* With --zone, the records of the others are counted only. */
static bool is_wanted(const struct record_reader *r, const struct endpoint *e)
{
	const struct config *c = &r->s->config;
	const struct zone *z;

	if (r->s->opt->zone.p == NULL || c->zones.n == 0)
		return true;
	z = config_zone_of(c, &c->publishers.v[0], e->name);
	return z == NULL || session_wants_zone(r->s, z);
}

static int foreign_repo(struct record_reader *r, struct loc at, struct sv repo)
{
	return diag_error(&r->s->diags, DIAG_RECORDS, at,
			  "line of records: repository \"" SV_FMT
			  "\" in the file of \"" SV_FMT
			  "\"; expected its own records",
			  SV_ARG(repo), SV_ARG(r->owner));
}

/* Whose file it is, says its path: a line cannot speak for others. */
static int check_owner(struct record_reader *r, struct loc at,
		       const struct jsonl_line *l)
{
	if (!r->is_ruled)
		return 0;
	if (l->repo.n > 0 && !sv_eq(l->repo, r->owner))
		return foreign_repo(r, at, l->repo);
	for (size_t i = 0; i < l->record.from.n; i++)
		if (!sv_eq(l->record.from.v[i].repo, r->owner))
			return foreign_repo(r, at, l->record.from.v[i].repo);
	return 0;
}

static int add_record(struct record_reader *r, struct arena *own, struct loc at,
		      struct sv text, const struct jsonl_line *l)
{
	struct sv repo = l->repo.n > 0 ? l->repo : r->owner;
	struct jsonl_line kept;

	if (!textset_add(&r->seen, arena_fmt(own, SV_FMT " " SV_FMT,
					     SV_ARG(repo), SV_ARG(text))))
		return 0;
	repo_of(r, repo, at)->lines++;
	if (l->is_ownership || !is_wanted(r, &l->record) ||
	    (l->record.targets.n == 0 && l->record.ref.n == 0))
		return 0;
	if (jsonl_read(r->s->mem, &r->s->diags, at, text, r->owner, &kept) < 0)
		return -1;
	*endpoints_add(r->s->mem, r->out) = kept.record;
	return 0;
}

/* 0 to go on. */
static int add_line(struct record_reader *r, struct loc at, struct sv text)
{
	struct arena *own;
	struct jsonl_line line;
	int rc;

	if (text.n == 0)
		return diag_error(&r->s->diags, DIAG_RECORDS, at,
				  "line of records: it is empty");
	budget_at(r->s->mem, at);
	r->lines++;
	own = arena_under(r->s->mem);
	rc = jsonl_read(own, &r->s->diags, at, text, r->owner, &line);
	if (rc == 0)
		rc = check_owner(r, at, &line);
	if (rc == 0 && line.is_run)
		rc = add_run(r, at, &line.run);
	else if (rc == 0)
		rc = add_record(r, own, at, text, &line);
	arena_free(own);
	return rc;
}

/* --- one stream --- */

/* All whole lines of `text`; `*used` is where the rest begins. */
static int add_lines(struct record_reader *r, struct loc *at, struct sv text,
		     size_t *used)
{
	size_t end;

	for (*used = 0;
	     (end = sv_chr(sv_from(text, *used), '\n')) < text.n - *used;
	     *used += end + 1) {
		at->line++;
		if (add_line(r, *at, (struct sv){ text.p + *used, end }) < 0)
			return -1;
	}
	return 0;
}

/* Whoever was cut off in the middle of a line leaves no line end. */
static int end_stream(struct record_reader *r, struct loc at, size_t rest)
{
	if (rest > MAX_RECORD_LINE) {
		at.line++;
		return diag_error(&r->s->diags, DIAG_RECORDS, at,
				  "line of records: longer than %d bytes",
				  MAX_RECORD_LINE);
	}
	if (rest > 0) {
		at.line++;
		return diag_error(&r->s->diags, DIAG_RECORDS, at,
				  "line of records: it is cut; the stream ends "
				  "within it");
	}
	if (at.line == 0)
		return diag_error(&r->s->diags, DIAG_RECORDS, at,
				  "no lines of records: a failed list looks "
				  "like that; even one without records ends "
				  "with a trailer");
	return 0;
}

static int read_fd(struct record_reader *r, int fd, struct loc at)
{
	struct session *s = r->s;
	size_t cap = MAX_RECORD_LINE + 1, n = 0, used;
	char *buf = ARENA_ARRAY(s->mem, char, cap);
	ssize_t got = 1;

	while (n < cap && got > 0) {
		got = read(fd, buf + n, cap - n);
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got < 0)
			return fault_set(&s->fault, s->mem, FAULT_ENV,
					 SV_FMT ": %s", SV_ARG(at.file),
					 strerror(errno));
		n += (size_t)got;
		if (add_lines(r, &at, (struct sv){ buf, n }, &used) < 0)
			return -1;
		memmove(buf, buf + used, n - used);
		n -= used;
	}
	return end_stream(r, at, n);
}

static int read_text(struct record_reader *r, struct loc at, struct sv text)
{
	size_t used;

	if (add_lines(r, &at, text, &used) < 0)
		return -1;
	return end_stream(r, at, text.n - used);
}

static struct sv without_suffix(struct sv path)
{
	static const char *const suffixes[] = { ".jsonl", ".ndjson" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (sv_ends(path, sv_of(suffixes[i])))
			return sv_head(path, path.n - strlen(suffixes[i]));
	return path;
}

/* --- what flags name --- */

static int read_file(struct record_reader *r, struct sv path)
{
	struct session *s = r->s;
	bool is_stdin = sv_eq(path, SV("-"));
	struct loc at = { is_stdin ? SV("standard input") : path, 0, 1 };
	int fd = STDIN_FILENO, rc;

	if (is_stdin && s->opt->from_stdin)
		return fault_set(&s->fault, s->mem, FAULT_USAGE,
				 "--records - and --stdin: standard input can "
				 "be read only once");
	r->owner = is_stdin ? SV("") : without_suffix(path);
	while (sv_starts(r->owner, SV("./")))
		r->owner = sv_from(r->owner, 2);
	if (!is_stdin)
		fd = open(arena_str(s->mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(&s->fault, s->mem, FAULT_ENV, SV_FMT ": %s",
				 SV_ARG(path), strerror(errno));
	rc = read_fd(r, fd, at);
	if (!is_stdin)
		close(fd);
	return rc;
}

static int read_typed(struct record_reader *r)
{
	const struct flags *flags = &r->s->opt->flags;

	for (size_t i = 0; i < flags->list.n; i++)
		if (sv_eq(flags->list.v[i].name, SV("records")) &&
		    read_file(r, flags->list.v[i].value) < 0)
			return -1;
	return 0;
}

/* --- what the configuration names --- */

/* The folders of a pattern that hold no wildcard: "records/" of
 * "records/+/x.jsonl" with a star for the plus. */
static size_t fixed_part(struct sv pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.n; i++) {
		if (memchr("*?[\\", pattern.p[i], 4) != NULL)
			return n;
		if (pattern.p[i] == '/')
			n = i + 1;
	}
	return n;
}

/* records/team-a/web.jsonl of records/ is team-a/web. */
static struct sv owner_of(const struct globs *g, struct sv path)
{
	const struct glob *by = NULL;
	struct sv part = path;

	/* The pattern may name a folder above the file. */
	while (by == NULL && part.n > 0) {
		by = globs_decider(g, part, part.n < path.n);
		part = path_folder(part);
	}
	if (by == NULL)
		return without_suffix(path);
	part = by->pattern;
	if (fixed_part(part) < part.n && path_below(path, part))
		return without_suffix(sv_from(path, part.n + 1));
	part.n = fixed_part(part);
	return without_suffix(sv_starts(path, part) ? sv_from(path, part.n)
						    : path);
}

static int read_snapshot_file(struct record_reader *r, const struct globs *g,
			      const struct snapshot_file *f)
{
	struct session *s = r->s;
	struct arena *own = arena_under(s->mem);
	struct sv text;
	int rc =
		snapshot_read(s->snapshot, f, own, &s->diags, &s->fault, &text);

	r->owner = owner_of(g, f->path);
	r->is_ruled = true;
	if (rc == 0)
		rc = read_text(r, (struct loc){ f->path, 0, 1 }, text);
	arena_free(own);
	return rc;
}

static int read_configured(struct record_reader *r)
{
	struct session *s = r->s;
	const struct options *o = &s->config.publishers.v[0].opt;
	struct globs globs = { 0 };

	globs_add_all(s->mem, &globs, &o->records);
	for (size_t i = 0; i < snapshot_count(s->snapshot); i++) {
		const struct snapshot_file *f = snapshot_at(s->snapshot, i);

		if (!globs_match(&globs, f->path))
			continue;
		if (read_snapshot_file(r, &globs, f) < 0)
			return -1;
	}
	return 0;
}

/* --- is it all there --- */

static void check_complete(struct record_reader *r)
{
	for (size_t i = 0; i < r->list.n; i++) {
		const struct repo_lines *repo = r->list.v[i];

		if (!repo->has_run)
			diag_file(&r->s->diags, DIAG_RECORDS, DIAG_ERROR,
				  repo->at,
				  "repository " SV_FMT
				  ": the lines are cut; the trailer that ends "
				  "them is missing",
				  SV_ARG(repo->name));
		else if (repo->lines != repo->run.records)
			diag_file(&r->s->diags, DIAG_RECORDS, DIAG_ERROR,
				  repo->at,
				  "repository " SV_FMT
				  ": %zu different lines, and its trailer says "
				  "%zu; some are lost, or of another run",
				  SV_ARG(repo->name), repo->lines,
				  repo->run.records);
	}
}

static int expected_text(struct session *s, struct sv path, struct sv *text)
{
	return flags_have(&s->opt->flags, "expect-repos")
		       ? file_read(s->mem, arena_str(s->mem, path),
				   MAX_FILE_BYTES, &s->fault, text)
		       : session_read(s, path, text);
}

static int check_expected(struct record_reader *r)
{
	struct session *s = r->s;
	struct sv path = s->config.publishers.v[0].opt.expect_repos, text, line;
	struct loc at = { path, 0, 1 };

	if (path.n == 0)
		return 0;
	if (expected_text(s, path, &text) < 0)
		return -1;
	while (sv_cut(&text, '\n', &line)) {
		at.line++;
		line = sv_trim(sv_head(line, sv_chr(line, '#')));
		if (line.n > 0 && map_get(&r->repos, line) == NULL)
			diag_file(&s->diags, DIAG_RECORDS, DIAG_ERROR, at,
				  "repository " SV_FMT
				  ": none of its lines are here; run its list "
				  "again, or take it out of this file",
				  SV_ARG(line));
	}
	return 0;
}

int records_read(struct session *s, struct endpoints *out,
		 struct records_stats *stats)
{
	const struct options *o = &s->config.publishers.v[0].opt;
	struct record_reader r = { .s = s,
				   .out = out,
				   .repos = { .mem = s->mem },
				   .seen = { .mem = s->mem } };
	int rc;

	if (o->records.list.n == 0 && o->expect_repos.n == 0)
		return 0;
	rc = flags_have(&s->opt->flags, "records") ? read_typed(&r)
	     : o->records.list.n > 0		   ? read_configured(&r)
						   : 0;
	/* After a bad line what else is missing would be a guess. */
	if (rc == 0)
		check_complete(&r);
	if (rc == 0)
		(void)check_expected(&r);
	stats->lines = r.lines;
	stats->repos = r.list.n;
	return s->fault.kind != FAULT_NONE ? -1 : 0;
}

/* --- what the options name --- */

static int bad_option(struct session *s, const char *name, struct sv value,
		      const char *why)
{
	const struct options *o = &s->config.publishers.v[0].opt;
	size_t row = option_find(sv_of(name));

	return diag_error(
		&s->diags, DIAG_CONFIG, option_item_place(o, row, value),
		"invalid " SV_FMT " \"" SV_FMT "\": %s",
		SV_ARG(option_called(s->mem, o, row)), SV_ARG(value), why);
}

static bool is_on_disk(struct session *s, struct sv path)
{
	return sv_eq(path, SV("-")) ||
	       access(arena_str(s->mem, path), F_OK) == 0;
}

static bool matches_any(struct session *s, struct sv pattern)
{
	struct globs one = { 0 };

	globs_add(s->mem, &one, pattern);
	if (one.list.n > 0 && one.list.v[0].negated)
		return true;
	for (size_t i = 0; i < snapshot_count(s->snapshot); i++)
		if (globs_match(&one, snapshot_at(s->snapshot, i)->path))
			return true;
	return false;
}

/* A pattern without a file would be read as repositories without records. */
static int check_records(struct session *s, const struct options *o)
{
	bool typed = flags_have(&s->opt->flags, "records");
	int rc = 0;

	for (size_t i = 0; i < o->records.list.n; i++) {
		struct sv one = o->records.list.v[i];

		if (!typed && !matches_any(s, one))
			rc = bad_option(s, "records", one,
					"no file of this snapshot matches");
		if (typed && !is_on_disk(s, one))
			rc = bad_option(s, "records", one, "no such file");
	}
	return rc;
}

int records_check(struct session *s)
{
	const struct options *o = &s->config.publishers.v[0].opt;
	bool typed = flags_have(&s->opt->flags, "expect-repos");
	int rc = check_records(s, o);

	if (o->repo.n > 0 && !jsonl_repo_ok(o->repo))
		rc = bad_option(s, "repo", o->repo,
				"expected letters, digits, \"-\", \"_\", \".\" "
				"and \"/\"");
	if (o->expect_repos.n > 0 &&
	    (typed ? !is_on_disk(s, o->expect_repos)
		   : snapshot_find(s->snapshot, o->expect_repos) == NULL))
		rc = bad_option(s, "expect-repos", o->expect_repos,
				"no such file");
	return rc;
}
