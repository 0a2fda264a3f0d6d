/*
 * zoneloom cmp generate: what Argo CD's plugin sidecar calls.
 *
 * The folder is the working one, without git: the repository comes as a tar,
 * mostly without .git.  Standard output is objects and nothing else, all of
 * them or none: exit 0 with nothing on it would make Argo CD prune what is
 * there.
 */
#include "base/words.h"
#include "cli/cli.h"
#include "cli/plugin.h"
#include "cli/zone_text.h"

/* The last one of the flag or the parameter, which counts over it. */
static struct sv chosen(const struct cli_ctx *c, const struct plugin_values *v,
			enum plugin_parameter which, const char *flag)
{
	const struct strings *given_values = &v->value[which];

	return given_values->list.n > 0
		       ? given_values->list.v[given_values->list.n - 1]
		       : cli_flag(c, flag);
}

/* Those that are objects of Kubernetes; of no word, the one that needs no key
 * of an output. */
static bool prints(const struct format *f, struct sv word)
{
	return f->is_object &&
	       (word.n > 0 ? sv_eq(word, sv_of(f->word)) : f->keys[0] == '\0');
}

static const struct format *format_of(struct cli_ctx *c, struct sv word)
{
	struct sv known = SV("");

	for (const struct format *f = format_table; f->word != NULL; f++) {
		if (prints(f, word))
			return f;
		if (f->is_object)
			known = arena_fmt(c->s.mem, SV_FMT "%s%s",
					  SV_ARG(known),
					  known.n > 0 ? " or " : "", f->word);
	}
	(void)diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			 "invalid format \"" SV_FMT "\": expected " SV_FMT "%s",
			 SV_ARG(word), SV_ARG(known),
			 did_you_mean(c->s.mem, word, known));
	return NULL;
}

static int least_of(struct cli_ctx *c, struct sv text, unsigned long long *out)
{
	*out = 1;
	if (text.n == 0 || (sv_number(text, 1000000000ULL, out) && *out > 0))
		return 0;
	return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
			  "invalid min-records \"" SV_FMT
			  "\": expected a whole number, 1 or more",
			  SV_ARG(text));
}

static bool wanted(const struct strings *zones, const struct zone *z)
{
	for (size_t i = 0; i < zones->list.n; i++)
		if (sv_eq(zones->list.v[i], z->name) ||
		    sv_eq(zones->list.v[i], z->key))
			return true;
	return zones->list.n == 0;
}

/* A zone that is misspelt would be one that goes away. */
static int check_zones(struct cli_ctx *c, const struct plan *p,
		       const struct strings *zones)
{
	struct sv known = SV("");
	int rc = 0;

	for (size_t i = 0; i < p->zones.n; i++)
		known = arena_fmt(c->s.mem, SV_FMT "%s" SV_FMT, SV_ARG(known),
				  i > 0 ? ", " : "",
				  SV_ARG(p->zones.v[i].zone->key));
	if (p->zones.n == 0)
		return diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				  "no zone is configured in .zoneloom.yaml of "
				  "this folder");
	for (size_t i = 0; i < zones->list.n; i++) {
		bool found = false;
		struct strings one = { 0 };

		*VEC_ADD(c->s.mem, &one.list) = zones->list.v[i];
		for (size_t k = 0; k < p->zones.n; k++)
			found |= wanted(&one, p->zones.v[k].zone);
		if (!found)
			rc = diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
					"unknown zone \"" SV_FMT
					"\": expected " SV_FMT "%s",
					SV_ARG(zones->list.v[i]), SV_ARG(known),
					did_you_mean(c->s.mem, zones->list.v[i],
						     known));
	}
	return rc;
}

struct printed {
	VEC(struct sv) texts;
	unsigned long long records; /* ownership TXT not counted */
};

static int add_zone(struct cli_ctx *c, const struct zone_plan *z,
		    const struct format *f, struct printed *out)
{
	if (zone_text(&c->s, z, f, "cmp generate", true,
		      VEC_ADD(c->s.mem, &out->texts)) < 0)
		return -1;
	for (size_t i = 0; i < z->records.list.n; i++)
		out->records += !z->records.list.v[i].is_registry;
	return 0;
}

static int make(struct cli_ctx *c, const struct plan *p,
		const struct plugin_values *v, const struct format *f,
		struct printed *out)
{
	const struct strings *zones = &v->value[PLUGIN_ZONES];

	if (check_zones(c, p, zones) < 0)
		return EXIT_USAGE;
	for (size_t i = 0; i < p->zones.n; i++)
		if (wanted(zones, p->zones.v[i].zone) &&
		    add_zone(c, &p->zones.v[i], f, out) < 0)
			return EXIT_INPUT;
	return EXIT_SAME;
}

static int too_few(struct cli_ctx *c, unsigned long long have,
		   unsigned long long least)
{
	fault_file(&c->s.fault, c->s.mem, FAULT_STOP,
		   SV_FMT ", expected at least %llu; nothing is printed, so "
			  "that nothing is pruned",
		   SV_ARG(words_count(c->s.mem, have, "record", NULL)), least);
	fault_hint(&c->s.fault, c->s.mem,
		   "zoneloom explain --skipped --dir . says what was read; the "
		   "parameter min-records sets the least");
	return EXIT_STOP;
}

static int generate(struct cli_ctx *c, const struct plugin_values *v,
		    const struct format *f, unsigned long long least)
{
	struct printed o = { 0 };
	struct derived d;
	int rc;

	if (session_open(&c->s) < 0 || derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	rc = make(c, &d.plan, v, f, &o);
	if (rc != EXIT_SAME || c->s.diags.errors > 0)
		return rc != EXIT_SAME ? rc : cli_status(c, EXIT_INPUT);
	if (o.records < least)
		return too_few(c, o.records, least);
	for (size_t i = 0; i < o.texts.n; i++)
		print_whole(stdout, o.texts.v[i]);
	return EXIT_SAME;
}

static int run(struct cli_ctx *c)
{
	struct plugin_values v = { 0 };
	const struct format *f;
	unsigned long long least;

	if (plugin_read(c->s.mem, &c->s.diags, &v) < 0)
		return EXIT_USAGE;
	f = format_of(c, chosen(c, &v, PLUGIN_FORMAT, "output"));
	if (f == NULL ||
	    least_of(c, chosen(c, &v, PLUGIN_MIN_RECORDS, "min-records"),
		     &least) < 0)
		return EXIT_USAGE;
	if (v.value[PLUGIN_ZONES].list.n == 0 && cli_has(c, "zone"))
		*VEC_ADD(c->s.mem, &v.value[PLUGIN_ZONES].list) =
			cli_flag(c, "zone");
	/* ZONELOOM_CONFIG of the sidecar is not the Application's. */
	c->opt.config_file = chosen(c, &v, PLUGIN_CONFIG, "config");
	c->opt.zone = (struct sv){ NULL, 0 };
	c->s.spec.kind = SNAPSHOT_DIR;
	c->s.spec.dir = ".";
	return generate(c, &v, f, least);
}

int cmd_cmp(struct cli_ctx *c)
{
	struct sv name = c->args.list.n > 0 ? c->args.list.v[0] : SV("");
	int rc = EXIT_USAGE;

	if (!sv_eq(name, SV("generate")))
		(void)diag_error(&c->s.diags, DIAG_USAGE, NOWHERE,
				 "invalid word \"" SV_FMT
				 "\" behind cmp: expected generate%s",
				 SV_ARG(name),
				 did_you_mean(c->s.mem, name, SV("generate")));
	else if (cli_reads_all(c) == 0)
		rc = run(c);
	if (rc == EXIT_SAME)
		held_release(c->held);
	cli_report(c);
	return rc;
}
