/* Hosts in Helm values: path rules, templates, merging. */
#include "test.h"

#include "manifest/manifest.h"
#include "render/helm/helm.h"

static const struct node *parse(struct arena *mem, const char *text)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };

	assert_int_equal(
		manifest_parse(mem, &d, SV("v.yaml"), sv_of(text), &docs), 0);
	assert_true(docs.list.n > 0);
	return docs.list.v[0];
}

static void test_template(void **state)
{
	static const struct {
		const char *label, *in, *want; /* want NULL: not evaluated */
	} rows[] = {
		{ "no template", "a.example.com", "a.example.com" },
		{ "release name", "{{ .Release.Name }}.x", "plex.x" },
		{ "trimmed", "{{- .Release.Name -}}.x", "plex.x" },
		{ "alone", "{{- .Release.Name -}}", "plex" },
		{ "namespace", "a.{{ .Release.Namespace }}", "a.media" },
		{ "value", "{{ .Values.global.domain }}", "example.com" },
		{ "tpl", "{{ tpl .Values.nested $ }}", "plex.example.com" },
		{ "pipe", "{{ .Release.Name | lower | quote }}", "plex" },
		{ "unknown value", "{{ .Values.nope }}", NULL },
		{ "itself", "{{ .Values.loop }}", NULL },
		{ "include", "{{ include \"x\" . }}", NULL },
		{ "open", "{{ .Release.Name", NULL },
		{ "function", "{{ exec \"x\" }}", NULL },
	};
	struct arena *mem = arena_new();
	struct helm_release release = {
		.name = SV("plex"),
		.namespace = SV("media"),
		.values = parse(mem, "global: {domain: example.com}\n"
				     "nested: '{{ .Release.Name }}.{{ "
				     ".Values.global.domain }}'\n"
				     "loop: '{{ .Values.loop }}'\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv got;
		int rc = helm_template(mem, &release, sv_of(rows[i].in), &got);

		if (rows[i].want == NULL) {
			assert_row(rows[i].label, rc < 0);
			continue;
		}
		assert_row(rows[i].label, rc == 0);
		assert_sv(rows[i].label, got, sv_of(rows[i].want));
	}
	arena_free(mem);
}

static struct sv hosts_of(struct arena *mem, const struct objects *set)
{
	struct sv all = SV("");

	for (size_t i = 0; i < set->list.n; i++) {
		const struct object *o = set->list.v[i];
		const struct node *spec = node_get(o->root, SV("spec"));
		const struct node *rules = node_get(spec, SV("rules"));
		const struct node *names = node_get(spec, SV("hostnames"));

		all = arena_fmt(mem, SV_FMT SV_FMT ":", SV_ARG(all),
				SV_ARG(o->kind));
		for (size_t k = 0; k < node_len(rules); k++)
			all = arena_fmt(mem, SV_FMT " " SV_FMT, SV_ARG(all),
					SV_ARG(node_str(node_at(rules, k),
							SV("host"))));
		for (size_t k = 0; k < node_len(names); k++)
			all = arena_fmt(mem, SV_FMT " " SV_FMT, SV_ARG(all),
					SV_ARG(node_at(names, k)->scalar));
		all = arena_fmt(mem, SV_FMT ";", SV_ARG(all));
	}
	return all;
}

static void test_rules(void **state)
{
	static const struct {
		const char *label, *values, *want;
	} rows[] = {
		{ "app-template route",
		  "route: {app: {hostnames: ['{{ .Release.Name }}.x.org']}}",
		  "HTTPRoute: plex.x.org;" },
		{ "route of another kind",
		  "route: {app: {kind: GRPCRoute, hostnames: [g.x.org]}}",
		  "GRPCRoute: g.x.org;" },
		{ "route below a component",
		  "grafana: {route: {main: {hostnames: [g.x.org]}}}",
		  "HTTPRoute: g.x.org;" },
		{ "httpRoute", "server: {httpRoute: {hostnames: [a.x.org]}}",
		  "HTTPRoute: a.x.org;" },
		{ "ingress hosts of maps",
		  "ingress: {main: {hosts: [{host: a.x.org}, {host: "
		  "b.x.org}]}}",
		  "Ingress: a.x.org b.x.org;" },
		{ "ingress hosts of strings", "ingress: {hosts: [a.x.org]}",
		  "Ingress: a.x.org;" },
		{ "ingress hostname", "web: {ingress: {hostname: a.x.org}}",
		  "Ingress: a.x.org;" },
		{ "tls hosts are published too",
		  "ingress: {hosts: [a.x.org], tls: [{hosts: [b.x.org]}]}",
		  "Ingress: a.x.org b.x.org;" },
		{ "service annotation",
		  "service: {annotations: "
		  "{external-dns.alpha.kubernetes.io/hostname: a.x.org}}",
		  "Service:;" },
		{ "switched off", "ingress: {enabled: false, hosts: [a.x.org]}",
		  "" },
		{ "switched off above",
		  "grafana: {enabled: false, ingress: {hosts: [a.x.org]}}",
		  "" },
		{ "a host elsewhere", "database: {host: db.x.org}", "" },
		{ "an ingress class is no ingress",
		  "ingressClass: {host: a.x.org}", "" },
		{ "backend of a route",
		  "route: {app: {rules: [{backendRefs: [{host: b}]}]}}", "" },
		{ "needs the chart",
		  "ingress: {hosts: ['{{ include \"n\" . }}']}", "" },
	};
	struct publisher p = { .opt = { .helm_values = SV("extract") } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *mem = arena_new();
		struct diags d = { .mem = mem };
		struct objects set = { 0 };
		struct render_ctx ctx = { .mem = mem, .publisher = &p };
		struct helm_release release = {
			.name = SV("plex"),
			.namespace = SV("media"),
			.values = parse(mem, rows[i].values),
			.what = SV("HelmRelease media/plex"),
		};

		helm_extract(&ctx, &d, &release, &set);
		assert_sv(rows[i].label, hosts_of(mem, &set),
			  sv_of(rows[i].want));
		arena_free(mem);
	}
}

static void test_off_counts(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct publisher p = { .opt = { .helm_values = SV("off") } };
	struct objects set = { 0 };
	struct render_stats stats = { 0 };
	struct render_ctx ctx = { .mem = mem,
				  .publisher = &p,
				  .stats = &stats };
	struct helm_release release = {
		.name = SV("plex"),
		.values = parse(mem, "ingress: {hosts: [a.x.org, b.x.org]}"),
	};

	(void)state;
	helm_extract(&ctx, &d, &release, &set);
	assert_int_equal(set.list.n, 0);
	assert_int_equal(stats.helm_names, 2);
	arena_free(mem);
}

static void test_merge(void **state)
{
	struct arena *mem = arena_new();
	const struct node *merged =
		helm_merge(mem, parse(mem, "a: {b: 1, c: [1, 2]}\nd: 4\n"),
			   parse(mem, "a: {c: [3], e: 5}\n"));

	(void)state;
	assert_sv("kept", node_str(node_get(merged, SV("a")), SV("b")),
		  SV("1"));
	assert_sv("added", node_str(node_get(merged, SV("a")), SV("e")),
		  SV("5"));
	assert_int_equal(node_len(node_path(merged, SV("a.c"))), 1);
	assert_sv("beside", node_str(merged, SV("d")), SV("4"));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_off_counts),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
