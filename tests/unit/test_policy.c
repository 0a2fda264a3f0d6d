/* Which keys are policy, and which change of them loosens: config/policy.c */
#include <stdlib.h>

#include "test.h"

#include "base/buf.h"
#include "config/config.h"
#include "config/key.h"

#define ZONE	"zones: {example.org: {outputs: []}}\n"
#define CLAIM	"  - {name: team, names: [\"*.t.example.org\"], "
#define WIDE	"  - {name: all, names: [\"*.example.org\"], paths: [infra]}\n"
#define COMMAND "  - argv: [kustomize, build, "

/* A line a change: ">" loosens, "<" does not. */
static const struct {
	const char *label, *before, *after, *want;
} rows[] = {
	/* clang-format off */
	{ "nothing", "policy: sync", "policy: sync", "" },
	{ "a default, written down", "format: 1", "policy: sync", "" },
	{ "no policy",
	  "source: [ingress]\nmin-ttl: 5m",
	  "source: [service]\npaths: [a]\ntargets: {default: [203.0.113.7]}",
	  "" },
	{ "a pin is a record",
	  "format: 1",
	  "overrides: [{name: a.example.org, type: A, targets: "
	  "[203.0.113.7], reason: x}]",
	  "" },
	{ "outputs, static and TTL are records",
	  ZONE,
	  "zones: {example.org: {default-ttl: 5, static: a.zone}}",
	  "" },

	/* Options. */
	{ "conflict", "conflict: error", "conflict: merge",
	  "> conflict error -> merge @1:11\n" },
	{ "conflict, tighter", "conflict: merge", "format: 1",
	  "< conflict merge -> error @0:0\n" },
	{ "on-error", "format: 1", "on-error: zone",
	  "> on-error all -> zone @1:11\n" },
	{ "on-error, further", "on-error: zone", "on-error: keep",
	  "> on-error zone -> keep @1:11\n" },
	{ "on-error, tighter", "on-error: keep", "on-error: zone",
	  "< on-error keep -> zone @1:11\n" },
	{ "policy", "policy: upsert-only", "policy: sync",
	  "> policy upsert-only -> sync @1:9\n" },
	{ "policy, tighter", "policy: upsert-only", "policy: create-only",
	  "< policy upsert-only -> create-only @1:9\n" },
	{ "unmatched-hosts", "unmatched-hosts: error", "unmatched-hosts: warn",
	  "> unmatched-hosts error -> warn @1:18\n" },
	{ "unmatched-hosts, tighter", "unmatched-hosts: skip",
	  "unmatched-hosts: warn",
	  "< unmatched-hosts skip -> warn @1:18\n" },
	{ "unresolved", "format: 1", "unresolved: keep",
	  "> unresolved error -> keep @1:13\n" },
	{ "unresolved: two that say different things", "unresolved: keep",
	  "unresolved: skip",
	  "> unresolved keep -> skip @1:13\n" },
	{ "unresolved: and back", "unresolved: skip", "unresolved: keep",
	  "> unresolved skip -> keep @1:13\n" },
	{ "unresolved, tighter", "unresolved: skip", "unresolved: error",
	  "< unresolved skip -> error @1:13\n" },
	{ "wildcards", "wildcards: error", "wildcards: allow",
	  "> wildcards error -> allow @1:12\n" },
	{ "wildcards, removed", "wildcards: error", "format: 1",
	  "> wildcards error -> warn @0:0\n" },
	{ "wildcards, tighter", "format: 1", "wildcards: error",
	  "< wildcards warn -> error @1:12\n" },
	{ "txt-overflow", "txt-overflow: error", "txt-overflow: skip",
	  "> txt-overflow error -> skip @1:15\n" },
	{ "txt-overflow, tighter", "format: 1", "txt-overflow: error",
	  "< txt-overflow skip -> error @1:15\n" },

	/* Whose the records are has no direction. */
	{ "txt-owner-id", "format: 1", "txt-owner-id: me",
	  "> txt-owner-id default -> me @1:15\n" },
	{ "txt-owner-id, back", "txt-owner-id: me", "format: 1",
	  "> txt-owner-id me -> default @0:0\n" },
	{ "txt-prefix", "format: 1", "txt-prefix: x-",
	  "> txt-prefix  -> x- @1:13\n" },
	{ "txt-prefix, back", "txt-prefix: x-", "format: 1",
	  "> txt-prefix x- ->  @0:0\n" },
	{ "txt-suffix", "format: 1", "txt-suffix: -x",
	  "> txt-suffix  -> -x @1:13\n" },
	{ "txt-suffix, back", "txt-suffix: -x", "format: 1",
	  "> txt-suffix -x ->  @0:0\n" },
	{ "txt-wildcard-replacement", "format: 1",
	  "txt-wildcard-replacement: any",
	  "> txt-wildcard-replacement  -> any @1:27\n" },
	{ "txt-wildcard-replacement, back", "txt-wildcard-replacement: any",
	  "format: 1",
	  "> txt-wildcard-replacement any ->  @0:0\n" },
	{ "registry", "format: 1", "registry: noop",
	  "> registry txt -> noop @1:11\n" },
	{ "registry, back", "registry: noop", "registry: txt",
	  "> registry noop -> txt @1:11\n" },
	{ "expect-repos", "format: 1", "expect-repos: repos.txt",
	  "> expect-repos  -> repos.txt @1:15\n" },
	{ "expect-repos, back", "expect-repos: repos.txt", "format: 1",
	  "> expect-repos repos.txt ->  @0:0\n" },
	{ "ignore-keys", "format: 1", "ignore-keys: [Application.spec.x]",
	  "> ignore-keys [] -> [Application.spec.x] @1:15\n" },
	{ "migrate-from-txt-owner", "format: 1", "migrate-from-txt-owner: a",
	  "> migrate-from-txt-owner  -> a @1:25\n" },
	{ "migrate-from-txt-owner, back", "migrate-from-txt-owner: a",
	  "format: 1",
	  "> migrate-from-txt-owner a ->  @0:0\n" },

	/* Other keys of the top level. */
	{ "targets.unmatched", "targets: {unmatched: error}",
	  "targets: {unmatched: skip}",
	  "> targets.unmatched error -> skip @1:22\n" },
	{ "targets.unmatched, tighter", "targets: {}",
	  "targets: {unmatched: error}",
	  "< targets.unmatched warn -> error @1:22\n" },
	{ "safety", "format: 1",
	  "safety: {max-deletes: 31%, max-changes: 61%, from-records: 11}",
	  "> safety.max-deletes 30% -> 31% @1:23\n"
	  "> safety.max-changes 60% -> 61% @1:41\n"
	  "> safety.from-records 10 -> 11 @1:60\n" },
	{ "shared paths", "format: 1", "claims-shared: [\"infra/**\"]",
	  "> claims-shared [] -> [infra/**] @1:16\n" },
	{ "shared paths, none of them new", "claims-shared: [a, b]",
	  "claims-shared: [b, a]", "" },
	{ "shared paths, fewer", "claims-shared: [a, b]", "claims-shared: [a]",
	  "< claims-shared [a, b] -> [a] @1:16\n" },
	{ "a trailer may release", "format: 1", "safety: {release: trailer}",
	  "> safety.release none -> trailer @1:19\n" },
	{ "a trailer may release, tighter", "safety: {release: trailer}",
	  "safety: {release: none}",
	  "< safety.release trailer -> none @1:19\n" },
	{ "safety, tighter",
	  "safety: {max-deletes: 31%, max-changes: 61%, from-records: 11}",
	  "safety: {max-deletes: 29%, max-changes: 0%, from-records: 9}",
	  "< safety.max-deletes 31% -> 29% @1:23\n"
	  "< safety.max-changes 61% -> 0% @1:41\n"
	  "< safety.from-records 11 -> 9 @1:59\n" },

	/* Zones. */
	{ "addresses", ZONE, "zones: {example.org: {addresses: any}}",
	  "> zones.example.org.addresses public -> any @1:34\n" },
	{ "addresses, tighter", "zones: {example.org: {addresses: any}}",
	  "zones: {Example.ORG.: {addresses: warn}}",
	  "< zones.example.org.addresses any -> warn @1:35\n" },
	{ "addresses, removed", "zones: {example.org: {addresses: any}}",
	  "format: 1\n" ZONE,
	  "< zones.example.org.addresses any -> public @2:9\n" },
	{ "delegated",
	  "zones: {example.org: {delegated: [a.example.org, b.example.org]}}",
	  "zones: {example.org: {delegated: [b.example.org]}}",
	  "> zones.example.org.delegated [a.example.org, b.example.org] -> "
	  "[b.example.org] @1:34\n" },
	{ "delegated, more", ZONE,
	  "zones: {example.org: {delegated: [b.example.org]}}",
	  "< zones.example.org.delegated [] -> [b.example.org] @1:34\n" },
	{ "delegated, the name above",
	  "zones: {example.org: {delegated: [a.b.example.org]}}",
	  "zones: {example.org: {delegated: [b.example.org]}}",
	  "< zones.example.org.delegated [a.b.example.org] -> "
	  "[b.example.org] @1:34\n" },
	{ "delegated, another name",
	  "zones: {example.org: {delegated: [a.b.example.org]}}",
	  "zones: {example.org: {delegated: [b.b.example.org]}}",
	  "> zones.example.org.delegated [a.b.example.org] -> "
	  "[b.b.example.org] @1:34\n" },
	{ "delegated, another order",
	  "zones: {example.org: {delegated: [a.example.org, b.example.org]}}",
	  "zones: {example.org: {delegated: [b.example.org, a.example.org]}}",
	  "" },
	{ "a new zone", "format: 1", ZONE, "" },
	{ "a new zone without a guard", ZONE,
	  "zones: {example.org: , example.net: {addresses: any}}",
	  "> zones.example.net.addresses public -> any @1:49\n" },
	{ "a new zone, below one without a guard",
	  "zones: {example.org: {addresses: any}}",
	  "zones: {example.org: {addresses: any}, a.example.org: "
	  "{addresses: any}}",
	  "" },
	{ "a new zone, where names were delegated",
	  "zones: {example.org: {delegated: [a.example.org, b.example.org]}}",
	  "zones: {example.org: {delegated: [a.example.org, b.example.org]}, "
	  "a.example.org: }",
	  "> zones.a.example.org.delegated [a.example.org] -> [] @1:67\n" },
	{ "a zone goes", "zones: {example.org: , example.net: {addresses: any}}",
	  ZONE,
	  "< zones.example.net.addresses any -> public @0:0\n" },
	{ "a zone goes, and its names have another guard",
	  "zones: {example.org: {addresses: any}, a.example.org: }",
	  "zones: {example.org: {addresses: any}}",
	  "> zones.a.example.org.addresses public -> any @1:9\n" },
	{ "views are zones of their own",
	  "zones: {example.org: , example.org@in: {addresses: any}}",
	  "zones: {example.org: , example.org@out: {addresses: any}}",
	  "> zones.example.org@out.addresses public -> any @1:53\n"
	  "< zones.example.org@in.addresses any -> public @0:0\n" },

	/* Publishers. */
	{ "a publisher's own",
	  "wildcards: error\npublishers: [{name: b}]",
	  "wildcards: error\npublishers: [{name: b, wildcards: allow}]",
	  "> publishers.b.wildcards error -> allow @2:35\n" },
	{ "what publishers inherit is said once",
	  "wildcards: error\npublishers: [{name: b}]",
	  "wildcards: allow\npublishers: [{name: b}]",
	  "> wildcards error -> allow @1:12\n" },
	{ "what one does not inherit",
	  "wildcards: error\npublishers: [{name: b, wildcards: warn}]",
	  "wildcards: allow\npublishers: [{name: b}]",
	  "> wildcards error -> allow @1:12\n"
	  "> publishers.b.wildcards warn -> allow @1:12\n" },
	{ "another order",
	  "publishers: [{name: a, conflict: merge}, {name: b}]",
	  "publishers: [{name: b}, {name: a, conflict: merge}]",
	  "" },
	{ "a new publisher", "wildcards: error",
	  "wildcards: error\npublishers: [{name: b}]",
	  "" },
	{ "a new publisher with rules of its own", "wildcards: error",
	  "wildcards: error\npublishers: [{name: b, wildcards: allow, "
	  "conflict: merge, targets: {unmatched: skip}, txt-owner-id: b}]",
	  "> publishers.b.conflict error -> merge @2:52\n"
	  "> publishers.b.txt-owner-id default -> b @2:101\n"
	  "> publishers.b.wildcards error -> allow @2:35\n"
	  "> publishers.b.targets.unmatched warn -> skip @2:80\n" },
	{ "a publisher goes, its files may have another",
	  "publishers: [{name: b, wildcards: error}]",
	  "format: 1",
	  "> publishers.b.wildcards error -> warn @0:0\n" },

	/* Claims. */
	{ "the first claim", "format: 1", "claims:\n" CLAIM "paths: [t]}",
	  "< claims[team]  -> names: [*.t.example.org], paths: [t] @2:5\n" },
	{ "the last claim", "claims:\n" CLAIM "paths: [t]}", "format: 1",
	  "> claims[team] names: [*.t.example.org], paths: [t] ->  @0:0\n" },
	{ "a claim that takes from nobody", "claims:\n" CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t]}\n"
	  "  - {names: [u.example.org], paths: [u]}",
	  "< claims[1]  -> names: [u.example.org], paths: [u] @3:5\n" },
	{ "one above the others, which stay",
	  "claims:\n" CLAIM "paths: [t]}", "claims:\n" CLAIM "paths: [t]}\n" WIDE,
	  "< claims[all]  -> names: [*.example.org], paths: [infra] @3:5\n" },
	{ "one below another", "claims:\n" WIDE,
	  "claims:\n" WIDE CLAIM "paths: [t]}",
	  "> claims[team]  -> names: [*.t.example.org], paths: [t] @3:5\n" },
	{ "one below another, of the same files", "claims:\n" WIDE,
	  "claims:\n" WIDE CLAIM "paths: [infra]}",
	  "< claims[team]  -> names: [*.t.example.org], paths: [infra] @3:5\n" },
	{ "one name of another's", "claims:\n" CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t]}\n"
	  "  - {names: [a.t.example.org], paths: [u]}",
	  "> claims[1]  -> names: [a.t.example.org], paths: [u] @3:5\n" },
	{ "the same names twice", "claims:\n" CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t]}\n"
	  "  - {name: x, names: [\"*.t.example.org\"], paths: [u]}",
	  "> claims[x]  -> names: [*.t.example.org], paths: [u] @3:5\n" },
	{ "more files", "claims:\n" CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t, u]}",
	  "> claims[team] names: [*.t.example.org], paths: [t] -> "
	  "names: [*.t.example.org], paths: [t, u] @2:5\n" },
	{ "fewer files", "claims:\n" CLAIM "paths: [t, u]}",
	  "claims:\n" CLAIM "paths: [u]}",
	  "< claims[team] names: [*.t.example.org], paths: [t, u] -> "
	  "names: [*.t.example.org], paths: [u] @2:5\n" },
	{ "fewer files, by !", "claims:\n" CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t, \"!t/x\", /u/]}",
	  "> claims[team] names: [*.t.example.org], paths: [t] -> "
	  "names: [*.t.example.org], paths: [t, !t/x, /u/] @2:5\n" },
	{ "files in another order", "claims:\n" CLAIM "paths: [t, u]}",
	  "claims:\n" CLAIM "paths: [u, t]}",
	  "" },
	{ "a ! in another order", "claims:\n" CLAIM "paths: [t, \"!t/x\"]}",
	  "claims:\n" CLAIM "paths: [\"!t/x\", t]}",
	  "> claims[team] names: [*.t.example.org], paths: [t, !t/x] -> "
	  "names: [*.t.example.org], paths: [!t/x, t] @2:5\n" },
	{ "names in another order",
	  "claims: [{names: [a.example.org, b.example.org], paths: [t]}]",
	  "claims: [{names: [b.example.org, a.example.org], paths: [t]}]",
	  "" },
	{ "one claim four times, three times",
	  "claims:\n" WIDE WIDE WIDE WIDE, "claims:\n" WIDE WIDE WIDE,
	  "< claims[all] names: [*.example.org], paths: [infra] ->  @0:0\n" },
	{ "claims in another order",
	  "claims:\n" WIDE CLAIM "paths: [t]}",
	  "claims:\n" CLAIM "paths: [t]}\n" WIDE,
	  "" },
	{ "another name, for messages",
	  "claims: [{name: a, names: [a.example.org], paths: [t]}]",
	  "claims: [{name: b, names: [a.example.org], paths: [t]}]",
	  "" },
	{ "a claim lets go of a name",
	  "claims: [{names: [a.example.org, b.example.org], paths: [t]}]",
	  "claims: [{names: [a.example.org], paths: [t]}]",
	  "> claims[0] names: [a.example.org, b.example.org], paths: [t] -> "
	  "names: [a.example.org], paths: [t] @1:10\n" },
	{ "a claim goes, and a wider one has its names",
	  "claims:\n" WIDE CLAIM "paths: [t]}", "claims:\n" WIDE,
	  "> claims[team] names: [*.t.example.org], paths: [t] ->  @0:0\n" },
	{ "a claim goes that changed nothing",
	  "claims:\n" WIDE CLAIM "paths: [infra]}", "claims:\n" WIDE,
	  "< claims[team] names: [*.t.example.org], paths: [infra] ->  "
	  "@0:0\n" },

	/* Commands. */
	{ "a command", "format: 1", "render:\n" COMMAND "a]",
	  "> render[0]  -> argv: [kustomize, build, a], paths: [], code: "
	  "[], timeout: 60s, max-bytes: 67108864 @2:5\n" },
	{ "a command goes", "render:\n" COMMAND "a]", "format: 1",
	  "> render[0] argv: [kustomize, build, a], paths: [], code: "
	  "[], timeout: 60s, max-bytes: 67108864 ->  @0:0\n" },
	{ "another command", "render:\n" COMMAND "a]", "render:\n" COMMAND "b]",
	  "> render[0] argv: [kustomize, build, a], paths: [], code: "
	  "[], timeout: 60s, max-bytes: 67108864 -> argv: [kustomize, build, b], paths: "
	  "[], code: [], timeout: 60s, max-bytes: 67108864 @2:5\n" },
	{ "commands in another order",
	  "render:\n" COMMAND "a]\n" COMMAND "b]",
	  "render:\n" COMMAND "b]\n" COMMAND "a]",
	  "" },

	/* Files. */
	{ "the first configuration", NULL,
	  "wildcards: allow\n"
	  "zones: {example.org: {addresses: any}}",
	  "< wildcards warn -> allow @1:12\n"
	  "< zones.example.org.addresses public -> any @2:34\n" },
	{ "no configuration any more",
	  "wildcards: allow\n"
	  "zones: {example.org: {addresses: any}}",
	  NULL,
	  "> zoneloom.yaml present -> removed @0:0\n"
	  "> wildcards allow -> warn @0:0\n"
	  "> zones.example.org.addresses any -> public @0:0\n" },
	/* clang-format on */
};

static void load(struct arena *mem, const char *label, const char *yaml,
		 struct config *c)
{
	struct diags d = { .mem = mem };
	struct sv file = SV("zoneloom.yaml");

	if (yaml == NULL)
		file = SV("");
	if (config_load(mem, &d, file, sv_of(yaml), NULL, false, c) != 0)
		fail_msg("%s: %.*s", label, SV_ARG(d.list.v[0].text));
}

static struct sv shown(struct arena *mem, const struct policy_changes *changes)
{
	struct buf out = { .mem = mem };

	for (size_t i = 0; i < changes->list.n; i++) {
		const struct policy_change *p = &changes->list.v[i];

		buf_fmt(&out, "%s " SV_FMT " " SV_FMT " -> " SV_FMT " @%u:%u\n",
			p->loosens ? ">" : "<", SV_ARG(p->key), SV_ARG(p->old),
			SV_ARG(p->new), p->at.line, p->at.col);
	}
	return buf_sv(&out);
}

static void changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct policy_changes got;
		struct config before, after;
		size_t loosening = 0;

		load(mem, rows[i].label, rows[i].before, &before);
		load(mem, rows[i].label, rows[i].after, &after);
		config_policy_diff(mem, &before, &after, &got);
		assert_sv(rows[i].label, shown(mem, &got), sv_of(rows[i].want));
		for (size_t k = 0; k < got.list.n; k++)
			loosening += got.list.v[k].loosens;
		assert_row(rows[i].label, got.loosening == loosening);
		arena_free(mem);
	}
}

static bool is_about(struct arena *mem, struct sv key, const char *what,
		     struct sv name)
{
	return sv_starts(key,
			 arena_fmt(mem, "%s." SV_FMT ".", what, SV_ARG(name)));
}

/* Does the change speak of something that `c` still has? */
static bool still_there(struct arena *mem, const struct config *c,
			struct sv key)
{
	for (size_t i = 0; i < c->zones.n; i++)
		if (is_about(mem, key, "zones", c->zones.v[i].key))
			return true;
	for (size_t i = 0; i < c->publishers.n; i++)
		if (is_about(mem, key, "publishers", c->publishers.v[i].name))
			return true;
	return !sv_starts(key, SV("zones.")) &&
	       !sv_starts(key, SV("publishers."));
}

/* Whoever judges by a policy has it: nothing that is there is judged
 * otherwise. */
static void taken_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct policy_changes got;
		struct config before, after;

		load(mem, rows[i].label, rows[i].before, &before);
		load(mem, rows[i].label, rows[i].after, &after);
		config_policy_take(mem, &after, &before);
		config_policy_diff(mem, &before, &after, &got);
		for (size_t k = 0; k < got.list.n; k++)
			if (rows[i].after != NULL &&
			    still_there(mem, &after, got.list.v[k].key))
				fail_msg("%s: %.*s", rows[i].label,
					 SV_ARG(got.list.v[k].key));
		arena_free(mem);
	}
}

/* Is there a row above that changes `key`, in this direction? */
static bool has_row(struct arena *mem, struct sv key, const char *sign)
{
	size_t hole = sv_find(key, SV("NAME"));
	struct sv head = sv_head(key, hole), tail = SV("");

	if (hole < key.n)
		tail = sv_from(key, hole + 4);
	head = arena_fmt(mem, "%s " SV_FMT, sign, SV_ARG(head));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv rest = sv_of(rows[i].want), line;

		while (sv_cut(&rest, '\n', &line))
			if (sv_starts(line, head) && sv_has(line, tail))
				return true;
	}
	return false;
}

/* Directions that no change has. */
static bool has_no_direction(struct sv key)
{
	size_t row = option_find(key);

	return sv_eq(key, SV("render")) ||
	       (row < option_count() &&
		option_at(row)->tighter == TIGHTER_NONE);
}

static void every_key_has_its_rows(void **state)
{
	struct arena *mem = arena_new();
	struct strings keys;

	(void)state;
	config_policy_keys(mem, &keys);
	assert_true(keys.list.n > 20);
	for (size_t i = 0; i < keys.list.n; i++) {
		struct sv key = keys.list.v[i];
		const char *name = arena_str(mem, key);

		/* At the top level they are tested one by one. */
		if (sv_starts(key, SV("publishers.")))
			continue;
		assert_row(name, has_row(mem, key, ">"));
		assert_row(name,
			   has_row(mem, key, "<") != has_no_direction(key));
	}
	arena_free(mem);
}

/* Every row of either table says whether it is policy, and in which
 * direction; what is none has no direction. */
static void stated(const struct schema *schema)
{
	for (; schema != NULL; schema = schema->inherits)
		for (const struct key *k = schema->keys; k && k->name; k++) {
			assert_row(k->name, k->policy != POLICY_UNSTATED);
			assert_row(k->name, k->policy == POLICY_YES ||
						    k->tighter == TIGHTER_NONE);
			if (k->policy != POLICY_INSIDE)
				continue;
			assert_row(k->name, k->schema != NULL);
			stated(k->schema);
		}
}

static void every_row_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *o = option_at(i);

		assert_row(o->name, o->scope != SCOPE_UNSTATED);
		assert_row(o->name, o->policy == POLICY_YES ||
					    (o->policy == POLICY_NO &&
					     o->tighter == TIGHTER_NONE));
	}
	stated(&schema_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes),
		cmocka_unit_test(taken_over),
		cmocka_unit_test(every_key_has_its_rows),
		cmocka_unit_test(every_row_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
