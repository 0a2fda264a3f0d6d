#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "adopt/adopt.h"
#include "source/source.h"

/* A file in the making. */
struct draft {
	struct cli_ctx *c;
	struct buf text;
	struct strings zones;
	struct strings left; /* what was not taken over, and why */
	struct sv provider, zone_id;
	bool targets; /* a target of names is known */
};

static void put(struct draft *f, const char *s)
{
	buf_add(&f->text, sv_of(s));
}

/* Plain where YAML takes it for a text whatever the reader, else quoted. */
static void put_text(struct draft *f, struct sv s)
{
	static const char *const words[] = { "true", "false", "null", "yes",
					     "no",   "on",    "off",  "y",
					     "n",    NULL };
	bool plain = s.n > 0 && (s.p[0] < '0' || s.p[0] > '9') &&
		     s.p[0] != '-' && s.p[0] != '.';

	for (size_t i = 0; i < s.n && plain; i++)
		plain = strchr("abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/",
			       s.p[i]) != NULL &&
			s.p[i] != '\0';
	for (size_t i = 0; words[i]; i++)
		plain = plain && !sv_case_eq(s, sv_of(words[i]));
	if (plain) {
		buf_add(&f->text, s);
		return;
	}
	buf_add(&f->text, escape(f->c->s.mem, SINK_YAML, s));
}

static void leave(struct draft *f, struct sv flag, const char *why)
{
	struct sv line = arena_fmt(f->c->s.mem, "--" SV_FMT ": %s",
				   SV_ARG(text_escape(f->c->s.mem, flag)), why);

	strings_add_once(f->c->s.mem, &f->left, line);
}

/* A domain filter of ExternalDNS lists zones, or the ends of their names. */
static void add_zone(struct draft *f, struct sv flag, struct sv text)
{
	struct sv name;

	if (sv_starts(text, SV(".")))
		text = sv_from(text, 1);
	if (text.n == 0)
		return;
	if (dname_fault(f->c->s.mem, DNAME_ZONE, text, &name) != NULL) {
		/* The loader already reports a variable. */
		if (!sv_has(text, SV("$")))
			leave(f,
			      arena_fmt(f->c->s.mem, SV_FMT "=" SV_FMT,
					SV_ARG(flag), SV_ARG(text)),
			      "invalid name; not among zones");
		return;
	}
	strings_add_once(f->c->s.mem, &f->zones, name);
}

/* A message of the loader without the flag and its value, which the list of
 * what is left out has in front already. */
static struct sv bare_fault(struct arena *mem, const struct flag *flag,
			    struct sv text)
{
	const struct sv heads[] = {
		arena_fmt(mem, "invalid " SV_FMT " \"" SV_FMT "\": ",
			  SV_ARG(flag->name), SV_ARG(flag->value)),
		arena_fmt(mem, "invalid --" SV_FMT " \"" SV_FMT "\": ",
			  SV_ARG(flag->name), SV_ARG(flag->value)),
		arena_fmt(mem, SV_FMT ": ", SV_ARG(flag->name)),
		arena_fmt(mem, "--" SV_FMT ": ", SV_ARG(flag->name)),
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (sv_starts(text, heads[i]))
			return sv_from(text, heads[i].n);
	return text;
}

/* Would our own loader take it?  NULL, or why not. */
static const char *value_fault(struct draft *f, struct flag flag)
{
	struct diags d = { .mem = f->c->s.mem };
	struct flags one = { 0 };
	struct sv none = { NULL, 0 }, text;
	struct config c = { 0 };

	*VEC_ADD(f->c->s.mem, &one.list) = flag;
	if (config_load(f->c->s.mem, &d, none, none, &one, false, &c) == 0)
		return NULL;
	text = bare_fault(f->c->s.mem, &flag, d.list.v[0].text);
	return arena_str(f->c->s.mem, text_escape(f->c->s.mem, text));
}

static bool source_ok(struct sv name)
{
	for (size_t i = 0; source_table[i] != NULL; i++)
		if (sv_eq(name, sv_of(source_table[i]->flag)))
			return true;
	return false;
}

static const char *why_not(struct draft *f, const struct flag *flag)
{
	const char *fault = value_fault(f, *flag);

	if (sv_eq(flag->name, SV("source")) && !source_ok(flag->value))
		return "these objects are not read";
	if (fault != NULL && sv_eq(flag->name, SV("registry")))
		return "its owners are not in TXT records; noop is written";
	return fault;
}

/* The values of one flag that can be taken over; those that cannot are
 * listed. */
static void values_of(struct draft *f, const struct flags *all, struct sv name,
		      struct flags *out)
{
	for (size_t i = 0; i < all->list.n; i++) {
		const struct flag *flag = &all->list.v[i];
		const char *why;

		if (!sv_eq(flag->name, name))
			continue;
		why = why_not(f, flag);
		if (why == NULL)
			*VEC_ADD(f->c->s.mem, &out->list) = *flag;
		else
			leave(f,
			      arena_fmt(f->c->s.mem, SV_FMT "=" SV_FMT,
					SV_ARG(name), SV_ARG(flag->value)),
			      why);
	}
}

static void put_switch(struct draft *f, const struct flag *flag)
{
	bool off = flag->negated ||
		   (flag->value.n > 0 && strchr("fF0", flag->value.p[0]));

	put(f, off ? "false" : "true");
}

static void put_list(struct draft *f, const struct flags *list)
{
	put(f, "[");
	for (size_t i = 0; i < list->list.n; i++) {
		put(f, i > 0 ? ", " : "");
		put_text(f, list->list.v[i].value);
	}
	put(f, "]");
}

static void put_option(struct draft *f, const struct imported *in, size_t row)
{
	const struct option_row *o = option_at(row);
	struct sv name = sv_of(o->name);
	struct flags got = { 0 };
	bool by_chart = false;

	values_of(f, &in->flags, name, &got);
	/* With another owner, ExternalDNS would not find its records on the way
	 * back. */
	if (got.list.n == 0 && sv_eq(name, SV("txt-owner-id")))
		put(f,
		    "# txt-owner-id: exactly the id that ExternalDNS uses\n");
	if (got.list.n == 0 && !sv_eq(name, SV("registry")))
		return;
	for (size_t i = 0; i < in->defaults.list.n; i++)
		by_chart = by_chart || sv_eq(in->defaults.list.v[i], name);
	buf_fmt(&f->text, "%s: ", o->name);
	if (got.list.n == 0)
		put(f, "noop");
	else if (o->type == OPTION_FLAG)
		put_switch(f, &got.list.v[got.list.n - 1]);
	else if (o->type == OPTION_LIST || o->type == OPTION_CSV)
		put_list(f, &got);
	else
		put_text(f, got.list.v[got.list.n - 1].value);
	put(f, by_chart ? " # the chart's default\n" : "\n");
}

static bool has_flag(const struct flags *all, const char *name)
{
	for (size_t i = 0; i < all->list.n; i++)
		if (sv_eq(all->list.v[i].name, sv_of(name)))
			return true;
	return false;
}

static void put_options(struct draft *f, const struct imported *in)
{
	for (size_t i = 0; i < option_count(); i++)
		if (has_flag(&in->flags, option_at(i)->name))
			put_option(f, in, i);
}

static bool repeated(const struct flags *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (sv_eq(all->list.v[i].name, all->list.v[at].name))
			return true;
	return false;
}

/* Never with its value: it may be a key or a password. */
static void leave_others(struct draft *f, const struct imported *in)
{
	for (size_t i = 0; i < in->flags.list.n; i++) {
		struct sv name = in->flags.list.v[i].name;
		const char *why = import_not_taken(name);

		if (f->zone_id.n > 0 && sv_eq(name, SV("zone-id-filter")))
			continue;
		if (option_find(name) == option_count() &&
		    !repeated(&in->flags, i))
			leave(f, name,
			      why ? why : "unknown flag of ExternalDNS 0.23");
	}
}

static void zones_of(struct draft *f, const struct imported *in)
{
	static const char *const flags[] = { "domain-filter", "rfc2136-zone",
					     "zone-name-filter", NULL };
	struct sv ids[2] = { { NULL, 0 }, { NULL, 0 } };
	size_t n = 0;

	for (size_t i = 0; i < in->flags.list.n; i++) {
		const struct flag *flag = &in->flags.list.v[i];

		for (size_t k = 0; flags[k]; k++)
			if (sv_eq(flag->name, sv_of(flags[k])))
				add_zone(f, flag->name, flag->value);
		if (sv_eq(flag->name, SV("provider")))
			f->provider = flag->value;
		if (sv_eq(flag->name, SV("zone-id-filter")))
			ids[n++ > 0] = flag->value;
		if (sv_eq(flag->name, SV("default-targets")) &&
		    why_not(f, flag) == NULL)
			f->targets = true;
	}
	/* One zone and one id belong together. */
	if (n == 1 && f->zones.list.n == 1 && ids[0].n == 32)
		f->zone_id = ids[0];
}

static bool terraform(const struct draft *f)
{
	return f->provider.n == 0 || sv_eq(f->provider, SV("cloudflare"));
}

static void put_targets(struct draft *f, size_t without)
{
	if (f->targets)
		return;
	put(f, "\n# Load balancers and Gateways get their addresses in the "
	       "cluster; here they\n# must be written down.");
	if (without > 0)
		buf_fmt(&f->text, " Objects with hosts and no target: %zu.",
			without);
	put(f, "\n# targets:\n"
	       "#   default: [203.0.113.10]\n"
	       "#   ingress-class: {nginx-internal: [10.2.1.1]}\n"
	       "#   gateway: {network/external: [203.0.113.20]}\n");
}

static void put_zone(struct draft *f, struct sv zone)
{
	put(f, "  ");
	put_text(f, zone);
	put(f, ":\n    outputs:\n");
	if (!terraform(f)) {
		buf_fmt(&f->text,
			"      - format: bind\n"
			"        mode: include\n"
			"        file: \"dns/" SV_FMT ".inc\"\n",
			SV_ARG(zone));
		return;
	}
	put(f, "      - format: terraform\n");
	if (f->zone_id.n > 0)
		buf_fmt(&f->text, "        zone-id: " SV_FMT "\n",
			SV_ARG(escape(f->c->s.mem, SINK_YAML, f->zone_id)));
	buf_fmt(&f->text,
		"        file: \"dns/" SV_FMT "/records.gen.tf.json\"\n",
		SV_ARG(zone));
}

static void put_zones(struct draft *f)
{
	if (f->zones.list.n == 0) {
		put(f, "\n# No zone is known yet:\n"
		       "# zones:\n"
		       "#   example.com:\n"
		       "#     outputs:\n"
		       "#       - format: terraform\n"
		       "#         file: dns/example.com/records.gen.tf.json\n");
		return;
	}
	put(f, "\nzones:\n");
	for (size_t i = 0; i < f->zones.list.n; i++)
		put_zone(f, f->zones.list.v[i]);
}

static void put_not_taken(struct draft *f)
{
	if (f->left.list.n == 0)
		return;
	put(f, "\n# Not taken over:\n");
	for (size_t i = 0; i < f->left.list.n; i++)
		buf_fmt(&f->text, "#   " SV_FMT "\n",
			SV_ARG(f->left.list.v[i]));
}

static void put_head(struct draft *f, struct sv from)
{
	buf_fmt(&f->text,
		"# Written by zoneloom init from " SV_FMT ".\n"
		"# What each key means: man zoneloom.yaml\n"
		"format: 1\n",
		SV_ARG(text_escape(f->c->s.mem, from)));
}

static int read_import(struct cli_ctx *c, struct imported *in)
{
	struct sv path = cli_flag(c, "from-external-dns"), text;
	bool piped = sv_eq(path, SV("-"));

	if ((piped ? file_read_fd(c->s.mem, STDIN_FILENO, "standard input",
				  MAX_STDIN_BYTES, &c->s.fault, &text)
		   : file_read(c->s.mem, arena_str(c->s.mem, path),
			       MAX_FILE_BYTES, &c->s.fault, &text)) < 0)
		return -1;
	return import_read(c->s.mem, &c->s.diags, piped ? SV("stdin") : path,
			   text, in);
}

/* From an ExternalDNS; zones from the repository where it names none. */
static int draft_import(struct draft *f)
{
	struct imported in;
	struct scan seen = { 0 };

	if (read_import(f->c, &in) < 0)
		return -1;
	put_head(f, in.what);
	zones_of(f, &in);
	put_options(f, &in);
	leave_others(f, &in);
	if (f->zones.list.n == 0 && f->c->s.snapshot != NULL &&
	    scan_repository(&f->c->s, &seen) < 0)
		return -1;
	for (size_t i = 0; i < seen.zones.list.n; i++)
		add_zone(f, SV("zones"), seen.zones.list.v[i]);
	put_targets(f, seen.without_target);
	put_zones(f);
	put_not_taken(f);
	return 0;
}

static void put_sources(struct draft *f, const struct scan *seen)
{
	if (seen->sources.list.n == 0)
		return;
	put(f, "source: [");
	for (size_t i = 0; i < seen->sources.list.n; i++)
		buf_fmt(&f->text, "%s" SV_FMT, i > 0 ? ", " : "",
			SV_ARG(seen->sources.list.v[i]));
	put(f, "]\n");
}

static int draft_repository(struct draft *f)
{
	struct scan seen = { 0 };

	if (scan_repository(&f->c->s, &seen) < 0)
		return -1;
	put_head(f, SV("what the repository shows"));
	put(f, "# Owner of the records: not the id of any ExternalDNS that is "
	       "still running.\ntxt-owner-id: default\n");
	put_sources(f, &seen);
	f->zones = seen.zones;
	f->targets = seen.without_target == 0 && seen.names > 0;
	put_targets(f, seen.without_target);
	put_zones(f);
	return 0;
}

static bool exists(struct cli_ctx *c, const char *root, struct sv path)
{
	struct stat st;
	struct sv full = arena_fmt(c->s.mem, "%s/" SV_FMT, root, SV_ARG(path));

	return lstat(full.p, &st) == 0;
}

static const char starter[] = "terraform {\n"
			      "  required_providers {\n"
			      "    cloudflare = {\n"
			      "      source  = \"cloudflare/cloudflare\"\n"
			      "      version = \"~> 5.0\"\n"
			      "    }\n"
			      "  }\n"
			      "}\n";

/* Terraform needs to be told once where the provider comes from. */
static int write_starters(struct draft *f, const char *root)
{
	for (size_t i = 0; terraform(f) && i < f->zones.list.n; i++) {
		struct sv path =
			arena_fmt(f->c->s.mem, "dns/" SV_FMT "/versions.tf",
				  SV_ARG(f->zones.list.v[i]));

		if (exists(f->c, root, path))
			continue;
		if (file_replace(f->c->s.mem, root, path, sv_of(starter),
				 &f->c->s.fault) < 0)
			return -1;
		print_text(stdout, "wrote " SV_FMT "\n", SV_ARG(path));
	}
	return 0;
}

static int write_draft(struct draft *f, const char *root)
{
	struct cli_ctx *c = f->c;
	struct sv text = buf_sv(&f->text);

	if (cli_has(c, "stdout")) {
		print_whole(stdout, text);
		return 0;
	}
	if (file_replace(c->s.mem, root, SV(".zoneloom.yaml"), text,
			 &c->s.fault) < 0)
		return -1;
	puts("wrote .zoneloom.yaml");
	if (write_starters(f, root) < 0)
		return -1;
	for (size_t i = 0; i < f->left.list.n && !c->quiet; i++)
		print_text(stderr, "zoneloom: not taken over: " SV_FMT "\n",
			   SV_ARG(f->left.list.v[i]));
	return 0;
}

/* Opens the repository around, if there is one. */
static int open_root(struct cli_ctx *c, const char **root)
{
	*root = ".";
	if (repo_exists(NULL)) {
		if (snapshot_open(c->s.mem, &c->s.spec, &c->s.diags,
				  &c->s.fault, &c->s.snapshot) < 0)
			return -1;
		*root = snapshot_root(c->s.snapshot);
	}
	if (*root == NULL)
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "init: a bare repository has no work tree to "
				 "write to");
	if (cli_has(c, "stdout") || !exists(c, *root, SV(".zoneloom.yaml")))
		return 0;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "init: .zoneloom.yaml already exists and was not changed");
	fault_hint(&c->s.fault, c->s.mem, "zoneloom init --stdout");
	return -1;
}

int cmd_init(struct cli_ctx *c)
{
	struct draft f = { .c = c, .text = { .mem = c->s.mem } };
	const char *root;
	int rc;

	rc = open_root(c, &root);
	confine(&c->s);
	if (rc == 0)
		rc = cli_has(c, "from-external-dns") ? draft_import(&f)
						     : draft_repository(&f);
	if (rc == 0)
		rc = write_draft(&f, root);
	cli_report(c);
	return rc == 0 ? EXIT_SAME : cli_status(c, EXIT_ENV);
}
