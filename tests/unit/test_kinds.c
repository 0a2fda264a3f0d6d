/* What becomes of a manifest, kind by kind: a row is an input, its flags and
 * the endpoints, a line each.  The letters and numbers of the labels are
 * those of the list of cases that ExternalDNS was asked. */
#include "test.h"

#include <stdio.h>

#include "base/buf.h"
#include "source/istio.h"
#include "source/traefik_proxy.h"

static void test_rule_hosts(void **state)
{
	static const struct {
		const char *label, *rule, *want; /* "!" before a negated one */
	} rows[] = {
		{ "one", "Host(`a`)", "a " },
		{ "two in one", "Host(`a`, `b`)", "a b " },
		{ "no blank", "Host(`a`,`b`)", "a b " },
		{ "and, or", "Host(`a`) && PathPrefix(`/x`) || Host(`b`)",
		  "a b " },
		{ "blanks inside", "Host ( `a` )", "a " },
		{ "line break before it", "Host(\n`a`\n)", "a " },
		{ "line break in the list", "Host(`a`,\n`b`)", "" },
		{ "SNI", "HostSNI(`a`)", "a " },
		{ "header", "HostHeader(`a`)", "a " },
		{ "regular expression", "HostRegexp(`a`)", "" },
		{ "lower case", "host(`a`)", "" },
		{ "inside a word", "MyHost(`a`)", "a " },
		{ "double quotes", "Host(\"a\")", "" },
		{ "negated", "!Host(`a`)", "!a " },
		{ "negated with a blank", "x && ! Host(`a`)", "!a " },
		{ "star", "Host(`*`)", "* " },
		{ "empty", "Host(``)", "" },
		{ "empty, then one", "Host(``, `b`)", "b " },
		{ "comma in quotes", "Host(`a,b`)", "" },
		{ "never closed", "Host(`a", "" },
		{ "closed without parenthesis", "Host(`a` && Host(`b`)",
		  "a b " },
		{ "first closed nowhere", "Host(`a || Host(`b`)",
		  "a || Host( " },
		{ "no parenthesis", "Host`a`", "" },
		{ "second line", "Host(`a\nHost(`b`)", "b " },
		{ "nothing", "", "" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rule_hosts hosts = { 0 };
		struct buf b = { .mem = mem };

		rule_hosts(mem, sv_of(rows[i].rule), &hosts);
		for (size_t k = 0; k < hosts.list.n; k++)
			buf_fmt(&b, "%s" SV_FMT " ",
				hosts.list.v[k].negated ? "!" : "",
				SV_ARG(hosts.list.v[k].name));
		assert_sv(rows[i].label, buf_sv(&b), sv_of(rows[i].want));
	}
	arena_free(mem);
}

/* Hostile rules must not cost their length squared: a minute, then. */
static void test_rule_cost(void **state)
{
	enum { TIMES = 200 * 1000 };
	struct arena *mem = arena_new();
	struct buf b = { .mem = mem };
	struct rule_hosts hosts = { 0 };

	(void)state;
	for (size_t i = 0; i < TIMES; i++)
		buf_add(&b, SV("Host(`"));
	rule_hosts(mem, buf_sv(&b), &hosts);
	assert_int_equal(hosts.list.n, 0);
	arena_free(mem);
}

static void test_istio_host(void **state)
{
	static const struct {
		const char *text, *ns, *host;
		bool ok;
	} rows[] = {
		{ "a.example.com", "*", "a.example.com", true },
		{ "ns/a", "ns", "a", true },
		{ "*/a", "*", "a", true },
		{ "./a", ".", "a", true },
		{ "/a", "", "a", true },
		{ "ns/", "ns", "", true },
		{ "a/b/c", "a", "b/c", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sv ns, host;
		bool ok = istio_host(sv_of(rows[i].text), &ns, &host);

		assert_row(rows[i].text, ok == rows[i].ok);
		assert_sv(rows[i].text, ns, sv_of(rows[i].ns));
		assert_sv(rows[i].text, host, sv_of(rows[i].host));
	}
}

/* "--NAME=VALUE --NAME" as struct flags. */
static void flags_of(struct arena *mem, struct sv text, struct flags *out)
{
	struct sv word;

	while (sv_cut(&text, ' ', &word)) {
		size_t eq = sv_chr(word, '=');
		struct flag *f = VEC_ADD(mem, &out->list);

		f->name = sv_from(sv_head(word, eq), 2);
		f->value = eq < word.n ? sv_from(word, eq + 1) : SV("true");
	}
}

/* The endpoints that `text` gives, "name type targets", a line each. */
static struct sv endpoints_of(struct arena *mem, const char *flags,
			      const char *text, bool compat)
{
	struct diags d = { .mem = mem };
	struct flags f = { 0 };
	struct documents docs = { 0 };
	struct objects all = { 0 };
	struct endpoints set = { 0 };
	struct config c;
	struct source_ctx ctx = {
		.mem = mem, .diags = &d, .config = &c, .all = &all, .out = &set
	};
	struct buf b = { .mem = mem };

	flags_of(mem, sv_of(flags), &f);
	assert_int_equal(config_load(mem, &d, SV(""), SV(""), &f, compat, &c),
			 0);
	assert_int_equal(
		manifest_parse(mem, &d, SV("row.yaml"), sv_of(text), &docs), 0);
	for (size_t i = 0; i < docs.list.n; i++)
		objects_add(mem, &d, &all, docs.list.v[i], NULL);
	ctx.publisher = &c.publishers.v[0];
	(void)source_read_all(&ctx);
	endpoints_sort(&set);
	for (size_t i = 0; i < set.list.n; i++) {
		const struct endpoint *e = &set.list.v[i];

		buf_fmt(&b, SV_FMT " %s", SV_ARG(e->name),
			rrtype_name(e->type));
		for (size_t k = 0; k < e->targets.n; k++)
			buf_fmt(&b, " " SV_FMT, SV_ARG(e->targets.v[k]));
		buf_char(&b, '\n');
	}
	return buf_sv(&b);
}

#define ROUTES "--source=gateway-httproute --assume-accepted"
#define API    "apiVersion: gateway.networking.k8s.io/v1\n"
/* One listener for everybody, at 192.0.2.1. */
#define GATEWAY                                                                \
 API "kind: Gateway\n"                                                         \
     "metadata: {name: gw, namespace: infra}\n"                                \
     "spec:\n"                                                                 \
     "  addresses: [{value: 192.0.2.1}]\n"                                     \
     "  listeners:\n"                                                          \
     "  - {name: a, port: 80, protocol: HTTP,"                                 \
     " allowedRoutes: {namespaces: {from: All}}}\n---\n"
/* A route with the flow map `meta` behind its name, and `spec`. */
#define ROUTE(meta, spec)                                                      \
 API "kind: HTTPRoute\n"                                                       \
     "metadata: {name: rt, namespace: app" meta "}\n"                          \
     "spec: {" spec "}\n"
#define PARENT "parentRefs: [{name: gw, namespace: infra}]"
#define NOTE(key, value)                                                       \
 ", annotations: {external-dns.kubernetes.io/" key ": '" value "'}"

static const struct kind_row {
	const char *label, *flags, *text, *want;
} route_rows[] = {
	{ "G1", ROUTES, GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
	{ "G2 no status", "--source=gateway-httproute",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "" },
	{ "G6 listener's name and annotation", ROUTES,
	  API "kind: Gateway\n"
	      "metadata: {name: gw, namespace: app}\n"
	      "spec: {addresses: [{value: 192.0.2.1}], listeners:"
	      " [{name: a, protocol: HTTP, hostname: '*.x'}]}\n---\n" ROUTE(
		      NOTE("hostname", "a.x,b.y"), "parentRefs: [{name: gw}]"),
	  "*.x A 192.0.2.1\na.x A 192.0.2.1\n" },
	{ "G11 target of the route", ROUTES,
	  GATEWAY ROUTE(NOTE("target", "203.0.113.1"),
			PARENT ", hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
	{ "G13 annotation only, any case", ROUTES,
	  GATEWAY ROUTE(", annotations: {external-dns.kubernetes.io/hostname:"
			" h.x, external-dns.kubernetes.io/"
			"gateway-hostname-source: Annotation-Only}",
			PARENT ", hostnames: [w.x]"),
	  "h.x A 192.0.2.1\n" },
	{ "G15 defined hosts only, none defined", ROUTES,
	  GATEWAY ROUTE(", annotations: {external-dns.kubernetes.io/hostname:"
			" h.x, external-dns.kubernetes.io/"
			"gateway-hostname-source: defined-hosts-only}",
			PARENT),
	  "" },
	{ "G16 a word that means nothing", ROUTES,
	  GATEWAY ROUTE(", annotations: {external-dns.kubernetes.io/hostname:"
			" h.x, external-dns.kubernetes.io/"
			"gateway-hostname-source: foo}",
			PARENT ", hostnames: [w.x]"),
	  "h.x A 192.0.2.1\nw.x A 192.0.2.1\n" },
	{ "G18 other port", ROUTES,
	  GATEWAY ROUTE("", "parentRefs: [{name: gw, namespace: infra,"
			    " port: 81}], hostnames: [w.x]"),
	  "" },
	{ "G24 lower case", ROUTES,
	  GATEWAY ROUTE("", PARENT ", hostnames: [WWW.X]"),
	  "www.x A 192.0.2.1\n" },
	{ "G27 other Gateway", ROUTES " --gateway-name=other",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "" },
	{ "other namespace of Gateways", ROUTES " --gateway-namespace=other",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "" },
	{ "labels of Gateways", ROUTES " --gateway-label-filter=a=b",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "" },
	{ "G28 status names another Gateway", "--source=gateway-httproute",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]}\n"
				   "status: {parents: [{parentRef: {name: o,"
				   " namespace: infra}, conditions: [{type:"
				   " Accepted, status: 'True'}]}]"),
	  "" },
	{ "the first Accepted counts", "--source=gateway-httproute",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]}\n"
				   "status: {parents: [{parentRef: {name: gw,"
				   " namespace: infra}, conditions: [{type:"
				   " Accepted, status: 'False'}, {type:"
				   " Accepted, status: 'True'}]}]"),
	  "" },
	{ "G30 names that are none", ROUTES,
	  GATEWAY ROUTE(NOTE("hostname", "192.0.2.7,a_b.x,t.x."),
			PARENT ", hostnames: [w.x]"),
	  "t.x A 192.0.2.1\nw.x A 192.0.2.1\n" },
	{ "G31 controller of the Gateway", ROUTES,
	  API
	  "kind: Gateway\n"
	  "metadata: {name: gw, namespace: app" NOTE(
		  "controller",
		  "o") "}\n"
		       "spec: {addresses: [{value: 192.0.2.1}], listeners:"
		       " [{name: a, protocol: HTTP}]}\n---\n" ROUTE(
			       "",
			       "parentRefs: [{name: gw}], hostnames: [w.x]"),
	  "" },
	{ "controller of the route", ROUTES,
	  GATEWAY ROUTE(NOTE("controller", "o"), PARENT ", hostnames: [w.x]"),
	  "" },
	{ "two targets of a Gateway, one name", ROUTES,
	  API
	  "kind: Gateway\n"
	  "metadata: {name: gw, namespace: app" NOTE(
		  "target",
		  "lb.y.,203.0.113.9") "}\n"
				       "spec: {addresses: [{value: "
				       "192.0.2.1}], listeners:"
				       " [{name: a, protocol: "
				       "HTTP}]}\n---\n" ROUTE(
					       "", "parentRefs: [{name: gw}], "
						   "hostnames: [w.x]"),
	  "w.x A 203.0.113.9\nw.x CNAME lb.y\n" },
	{ "a template not besides an annotation",
	  ROUTES " --fqdn-template={{.Name}}.t.x",
	  GATEWAY ROUTE(NOTE("hostname", "h.x"), PARENT), "h.x A 192.0.2.1\n" },
	{ "a template besides an empty annotation",
	  ROUTES " --fqdn-template={{.Name}}.t.x",
	  GATEWAY ROUTE(NOTE("hostname", ","), PARENT),
	  "rt.t.x A 192.0.2.1\n" },
	{ "a template not besides spec.hostnames",
	  ROUTES " --fqdn-template={{.Name}}.t.x",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "w.x A 192.0.2.1\n" },
	{ "a Service of the mesh is no parent", ROUTES,
	  GATEWAY ROUTE("", "parentRefs: [{group: '', kind: Service,"
			    " name: gw, namespace: infra}], hostnames: [w.x]"),
	  "" },
	{ "twice the same parent", ROUTES,
	  GATEWAY ROUTE("", "parentRefs: [{name: gw, namespace: infra},"
			    " {name: gw, namespace: infra}], hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
};

#define SET(annotations)                                                       \
 "---\n" API "kind: ListenerSet\n"                                             \
 "metadata: {name: ls, namespace: app" annotations "}\n"                       \
 "spec: {parentRef: {name: gw, namespace: infra}, listeners:"                  \
 " [{name: l, protocol: HTTP, hostname: ls.x}]}\n---\n" ROUTE(                 \
	 "", "parentRefs: [{kind: ListenerSet, name: ls}]")
#define OPEN_GATEWAY(allowed)                                                  \
 API "kind: Gateway\n"                                                         \
     "metadata: {name: gw, namespace: infra}\n"                                \
     "spec: {addresses: [{value: 192.0.2.1}], listeners: [{name: a,"           \
     " protocol: HTTP}]" allowed "}\n"
#define SETS ROUTES " --gateway-listener-sets"

static const struct kind_row set_rows[] = {
	{ "G32 no allowedListeners", SETS, OPEN_GATEWAY("") SET(""), "" },
	{ "G33 All", SETS,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: All}}")
		  SET(NOTE("target", "203.0.113.4")),
	  "ls.x A 203.0.113.4\n" },
	{ "Same, another namespace", SETS,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: Same}}")
		  SET(""),
	  "" },
	{ "Selector without a selector", SETS,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: Selector}}")
		  SET(""),
	  "" },
	{ "an empty selector", SETS,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: Selector,"
		       " selector: {}}}") SET(""),
	  "ls.x A 192.0.2.1\n" },
	{ "the flag is off", ROUTES,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: All}}") SET(""),
	  "" },
	{ "no status, no assumption",
	  "--source=gateway-httproute --gateway-listener-sets",
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: All}}") SET(""),
	  "" },
	{ "controller of the set", SETS,
	  OPEN_GATEWAY(", allowedListeners: {namespaces: {from: All}}")
		  SET(NOTE("controller", "other")),
	  "" },
	{ "its Gateway is gone", SETS, SET(""), "" },
};

static void run_rows(const struct kind_row *rows, size_t n, bool compat)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *mem = arena_new();

		assert_sv(
			rows[i].label,
			endpoints_of(mem, rows[i].flags, rows[i].text, compat),
			sv_of(rows[i].want));
		arena_free(mem);
	}
}

static void test_routes(void **state)
{
	(void)state;
	run_rows(route_rows, sizeof(route_rows) / sizeof(route_rows[0]), true);
}

static void test_sets(void **state)
{
	(void)state;
	run_rows(set_rows, sizeof(set_rows) / sizeof(set_rows[0]), true);
}

#define TRAEFIK(kind, annotations, match)                                      \
 "apiVersion: traefik.io/v1alpha1\nkind: " kind "\n"                           \
 "metadata: {name: t" annotations "}\n"                                        \
 "spec: {routes: [{match: '" match "'}]}\n"
#define ISTIO "apiVersion: networking.istio.io/v1\n"
#define ISTIO_GATEWAY(meta, hosts)                                             \
 ISTIO "kind: Gateway\nmetadata: {name: gw, namespace: is" meta "}\n"          \
       "spec: {selector: {a: b}, servers: [{hosts: [" hosts "]}]}\n"           \
       "---\n"
#define BALANCER(ns, status)                                                   \
 "apiVersion: v1\nkind: Service\nmetadata: {name: lb, namespace: " ns          \
 "}\nspec: {type: LoadBalancer, selector: {a: b, c: d}}\n"                     \
 "status: {loadBalancer: {ingress: [" status "]}}\n---\n"
#define VIRTUAL(meta, spec)                                                    \
 ISTIO "kind: VirtualService\n"                                                \
       "metadata: {name: vs, namespace: app" meta "}\n"                        \
       "spec: {" spec "}\n"

#define GLOO(service)                                                          \
 "apiVersion: gloo.solo.io/v1\nkind: Proxy\n"                                  \
 "metadata: {name: proxy, namespace: gloo-system}\n"                           \
 "spec: {listeners: [{httpListener: {virtualHosts: [{domains:"                 \
 " [a.x.]}]}}, {aggregateListener: {httpFilterChains:"                         \
 " [{virtualHostRefs: [h, gone]}], httpResources: {virtualHosts:"              \
 " {h: {domains: [b.x]}}}}}]}\n---\n"                                          \
 "apiVersion: v1\nkind: Service\n"                                             \
 "metadata: {name: " service ", namespace: gloo-system}\n"                     \
 "spec: {type: LoadBalancer}\n"                                                \
 "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}\n"

static const struct kind_row other_rows[] = {
	{ "T1b", "--source=traefik-proxy",
	  TRAEFIK("IngressRouteTCP", NOTE("target", "192.0.2.1"),
		  "HostSNI(`t.x`) || HostSNI(`*`)"),
	  "t.x A 192.0.2.1\n" },
	{ "T1b a UDP route has no rule", "--source=traefik-proxy",
	  TRAEFIK("IngressRouteUDP", NOTE("target", "192.0.2.1"),
		  "Host(`t.x`)"),
	  "" },
	{ "T2 no target, default targets",
	  "--source=traefik-proxy --default-targets=192.0.2.5"
	  " --force-default-targets",
	  TRAEFIK("IngressRoute", "", "Host(`t.x`)"), "" },
	{ "whole templates",
	  "--source=traefik-proxy --fqdn-template={{.Name}}.x"
	  " --target-template=192.0.2.7",
	  TRAEFIK("IngressRoute", NOTE("target", "192.0.2.1"), "Path(`/`)"),
	  "t.x A 192.0.2.7\n" },
	{ "templates of a VirtualService, not its target",
	  "--source=istio-virtualservice --fqdn-template={{.Name}}.x",
	  ISTIO_GATEWAY(NOTE("target", "192.0.2.1"), "'*.x'")
		  VIRTUAL(NOTE("target", "192.0.2.2"), "gateways: [is/gw]"),
	  "vs.x A 192.0.2.1\n" },
	{ "no new group", "--source=traefik-proxy --traefik-disable-new",
	  TRAEFIK("IngressRoute", NOTE("target", "192.0.2.1"), "Host(`t.x`)"),
	  "" },
	{ "K5 address before name, both Services", "--source=istio-gateway",
	  ISTIO_GATEWAY("", "'*.x', ns/y.x, '*', ./z.x")
		  BALANCER("is", "{ip: 192.0.2.1, hostname: lb.y}")
			  BALANCER("other", "{hostname: lb.y}"),
	  "*.x A 192.0.2.1\n*.x CNAME lb.y\ny.x A 192.0.2.1\ny.x CNAME lb.y\n"
	  "z.x A 192.0.2.1\nz.x CNAME lb.y\n" },
	{ "Services of another namespace are not seen",
	  "--source=istio-gateway --namespace=is",
	  ISTIO_GATEWAY("", "a.x") BALANCER("other", "{ip: 192.0.2.1}"), "" },
	{ "K6 bound by its server", "--source=istio-virtualservice",
	  ISTIO_GATEWAY(NOTE("target", "192.0.2.1"), "'*.x'")
		  VIRTUAL(NOTE("hostname", "ann.x,ann.y"),
			  "hosts: [a.x, b.y, '*'], gateways: [mesh, is/gw]"),
	  "a.x A 192.0.2.1\nann.x A 192.0.2.1\n" },
	{ "K6 own target", "--source=istio-virtualservice",
	  VIRTUAL(NOTE("target", "lb.y"), "hosts: [w.y]"), "w.y CNAME lb.y\n" },
	{ "no Gateways", "--source=istio-virtualservice",
	  VIRTUAL("", "hosts: [w.y]"), "" },
	{ "server for another namespace", "--source=istio-virtualservice",
	  ISTIO_GATEWAY(NOTE("target", "192.0.2.1"), "other/a.x, ./a.x")
		  VIRTUAL("", "hosts: [a.x], gateways: [is/gw]"),
	  "" },
	{ "server for this namespace", "--source=istio-virtualservice",
	  ISTIO_GATEWAY(NOTE("target", "192.0.2.1"), "app/a.x")
		  VIRTUAL("", "hosts: [a.x], gateways: [is/gw]"),
	  "a.x A 192.0.2.1\n" },
	{ "exported to the Gateway's namespace",
	  "--source=istio-virtualservice",
	  ISTIO_GATEWAY(NOTE("target", "192.0.2.1"), "'*'")
		  VIRTUAL("", "hosts: [a.x], gateways: [is/gw],"
			      " exportTo: [is]"),
	  "a.x A 192.0.2.1\n" },
	{ "M14 Istio's ingress annotation keeps the newer prefix",
	  "--source=istio-gateway "
	  "--annotation-prefix=external-dns.alpha.kubernetes.io/",
	  ISTIO_GATEWAY(
		  NOTE("ingress", "web"),
		  "a.x") "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
			 "metadata: {name: web, namespace: is}\n"
			 "status: {loadBalancer: {ingress: [{ip: "
			 "192.0.2.8}]}}\n",
	  "a.x A 192.0.2.8\n" },
	{ "K2 Kong, other controller", "--source=kong-tcpingress",
	  "apiVersion: configuration.konghq.com/v1beta1\nkind: TCPIngress\n"
	  "metadata: {name: k" NOTE("controller",
				    "zz") "}\n"
					  "spec: {rules: [{host: k.x}]}\n"
					  "status: {loadBalancer: {ingress: "
					  "[{ip: 192.0.2.1}]}}\n",
	  "" },
	{ "K3 Ambassador: no controller, Service in default",
	  "--source=ambassador-host",
	  "apiVersion: getambassador.io/v3alpha1\nkind: Host\n"
	  "metadata: {name: h, annotations: {external-dns.ambassador-service:"
	  " lb, external-dns.kubernetes.io/controller: zz}}\n"
	  "spec: {hostname: h.x}\n---\n" BALANCER(
		  "default", "{ip: 192.0.2.1, hostname: lb.y}"),
	  "h.x A 192.0.2.1\nh.x CNAME lb.y\n" },
	{ "K3 Ambassador: without its annotation", "--source=ambassador-host",
	  "apiVersion: getambassador.io/v3alpha1\nkind: Host\n"
	  "metadata: {name: h" NOTE("target",
				    "192.0.2.1") "}\n"
						 "spec: {hostname: h.x}\n",
	  "" },
	{ "K4 F5", "--source=f5-virtualserver",
	  "apiVersion: cis.f5.com/v1\nkind: VirtualServer\n"
	  "metadata: {name: v}\n"
	  "spec: {host: h.x, hostAliases: [al.x],"
	  " virtualServerAddress: 192.0.2.5}\n"
	  "status: {vsAddress: 192.0.2.6}\n",
	  "al.x A 192.0.2.5\nh.x A 192.0.2.5\n" },
	{ "K4 F5, no address yet", "--source=f5-transportserver",
	  "apiVersion: cis.f5.com/v1\nkind: TransportServer\n"
	  "metadata: {name: v" NOTE(
		  "target",
		  "192.0.2.1") "}\n"
			       "spec: {host: h.x}\nstatus: {vsAddress: None}\n",
	  "" },
	{ "OpenShift: not admitted", "--source=openshift-route",
	  "apiVersion: route.openshift.io/v1\nkind: Route\n"
	  "metadata: {name: r}\nspec: {host: s.x}\n"
	  "status: {ingress: [{host: a.x, routerCanonicalHostname: r.y}]}\n",
	  "" },
	{ "OpenShift: the router that is asked for",
	  "--source=openshift-route --openshift-router-name=two",
	  "apiVersion: route.openshift.io/v1\nkind: Route\n"
	  "metadata: {name: r}\nspec: {host: s.x}\n"
	  "status: {ingress: [{host: a.x, routerName: one,"
	  " routerCanonicalHostname: r1.y, conditions: [{type: Admitted,"
	  " status: 'True'}]}, {host: b.x, routerName: two,"
	  " routerCanonicalHostname: r2.y, conditions: [{type: Admitted,"
	  " status: 'True'}]}]}\n",
	  "b.x CNAME r2.y\n" },
	{ "Skipper", "--source=skipper-routegroup",
	  "apiVersion: zalando.org/v1\nkind: RouteGroup\n"
	  "metadata: {name: g}\nspec: {hosts: [a.x]}\n"
	  "status: {loadBalancer: {routeGroup: [{hostname: lb.y}]}}\n",
	  "a.x CNAME lb.y\n" },
	{ "Gloo, the Service of its name", "--source=gloo-proxy", GLOO("proxy"),
	  "a.x A 192.0.2.1\nb.x A 192.0.2.1\n" },
	{ "Gloo, another namespace",
	  "--source=gloo-proxy --gloo-namespace=other", GLOO("proxy"), "" },
	{ "Gloo, no such Service", "--source=gloo-proxy", GLOO("gone"), "" },
	{ "a kind of another group", "--source=skipper-routegroup",
	  "apiVersion: example.org/v1\nkind: RouteGroup\n"
	  "metadata: {name: g}\nspec: {hosts: [a.x]}\n"
	  "status: {loadBalancer: {routeGroup: [{hostname: lb.y}]}}\n",
	  "" },
};

static void test_others(void **state)
{
	(void)state;
	run_rows(other_rows, sizeof(other_rows) / sizeof(other_rows[0]), true);
}

/* In our own way: what git alone can tell. */
static const struct kind_row offline_rows[] = {
	{ "accepted without a status", "--source=gateway-httproute",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]"), "w.x A 192.0.2.1\n" },
	{ "two parents, one of them known",
	  "--source=gateway-httproute --default-targets=192.0.2.9",
	  GATEWAY ROUTE("", "parentRefs: [{name: gw, namespace: infra},"
			    " {name: gone}], hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
	{ "a Gateway that git lacks",
	  "--source=gateway-httproute --default-targets=192.0.2.9",
	  ROUTE("", "parentRefs: [{name: gone}], hostnames: [w.x]"),
	  "w.x A 192.0.2.9\n" },
	{ "not the Gateway that is asked for",
	  "--source=gateway-httproute --default-targets=192.0.2.9"
	  " --gateway-name=other",
	  ROUTE("", "parentRefs: [{name: gone}], hostnames: [w.x]"), "" },
	{ "labels of a Gateway that git lacks",
	  "--source=gateway-httproute --default-targets=192.0.2.9"
	  " --gateway-label-filter=a=b",
	  ROUTE("", "parentRefs: [{name: gone}], hostnames: [w.x]"), "" },
	{ "a Gateway without namespace is that of its name",
	  "--source=gateway-httproute",
	  API "kind: Gateway\nmetadata: {name: gw}\n"
	      "spec: {addresses: [{value: 192.0.2.1}], listeners: [{name: a,"
	      " protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}\n"
	      "---\n" ROUTE("", PARENT ", hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
	{ "final dots", "--source=gateway-httproute",
	  API "kind: Gateway\nmetadata: {name: gw, namespace: app}\n"
	      "spec: {addresses: [{value: 192.0.2.1}], listeners: [{name: a,"
	      " protocol: HTTP, hostname: '*.x.'}]}\n---\n" ROUTE(
		      "", "parentRefs: [{name: gw}], hostnames: [w.x]"),
	  "w.x A 192.0.2.1\n" },
	{ "status says no", "--source=gateway-httproute",
	  GATEWAY ROUTE("", PARENT ", hostnames: [w.x]}\n"
				   "status: {parents: [{parentRef: {name: gw,"
				   " namespace: infra}, conditions: [{type:"
				   " Accepted, status: 'False'}]}]"),
	  "" },
	{ "both prefixes", "--source=gateway-httproute",
	  API "kind: Gateway\n"
	      "metadata: {name: gw, namespace: app, annotations:"
	      " {external-dns.alpha.kubernetes.io/target: 192.0.2.3}}\n"
	      "spec: {listeners: [{name: a, protocol: HTTP}]}\n---\n" ROUTE(
		      "", "parentRefs: [{name: gw}], hostnames: [w.x]"),
	  "w.x A 192.0.2.3\n" },
	{ "infrastructure: target", "--source=gateway-httproute",
	  API "kind: Gateway\nmetadata: {name: gw, namespace: app}\n"
	      "spec: {infrastructure: {annotations:"
	      " {external-dns.kubernetes.io/target: 192.0.2.3,"
	      " lbipam.cilium.io/ips: 192.0.2.4}},"
	      " listeners: [{name: a, protocol: HTTP}]}\n---\n" ROUTE(
		      "", "parentRefs: [{name: gw}], hostnames: [w.x]"),
	  "w.x A 192.0.2.3\n" },
	{ "infrastructure: host of the Service", "--source=service",
	  API "kind: Gateway\nmetadata: {name: gw, namespace: app" NOTE(
		  "target",
		  "gw.x") "}\n"
			  "spec: {infrastructure: {annotations:"
			  " {external-dns.kubernetes.io/hostname: gw.x,"
			  " lbipam.cilium.io/ips: '192.0.2.4,2001:db8::4'}}}\n",
	  "gw.x A 192.0.2.4\ngw.x AAAA 2001:db8::4\n" },
	{ "infrastructure: not ours", "--source=service",
	  API "kind: Gateway\nmetadata: {name: gw, namespace: app}\n"
	      "spec: {infrastructure: {annotations:"
	      " {external-dns.kubernetes.io/hostname: gw.x,"
	      " external-dns.kubernetes.io/controller: none,"
	      " lbipam.cilium.io/ips: 192.0.2.4}}}\n",
	  "" },
	{ "T1 negated", "--source=traefik-proxy",
	  TRAEFIK("IngressRoute", NOTE("target", "192.0.2.1"),
		  "!Host(`n.x`) && Host(`y.x`)"),
	  "y.x A 192.0.2.1\n" },
	{ "Istio, no selector", "--source=istio-gateway",
	  ISTIO "kind: Gateway\nmetadata: {name: gw, namespace: is}\n"
		"spec: {servers: [{hosts: [a.x]}]}\n---\n" BALANCER(
			"is", "{ip: 192.0.2.1}"),
	  "" },
	{ "OpenShift, spec.host",
	  "--source=openshift-route --default-targets=r.y",
	  "apiVersion: route.openshift.io/v1\nkind: Route\n"
	  "metadata: {name: r}\nspec: {host: s.x}\n",
	  "s.x CNAME r.y\n" },
	{ "F5, no status", "--source=f5-virtualserver",
	  "apiVersion: cis.f5.com/v1\nkind: VirtualServer\n"
	  "metadata: {name: v}\nspec: {host: h.x,"
	  " virtualServerAddress: 192.0.2.5}\n",
	  "h.x A 192.0.2.5\n" },
};

static void test_offline(void **state)
{
	(void)state;
	run_rows(offline_rows, sizeof(offline_rows) / sizeof(offline_rows[0]),
		 false);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule_hosts),
		cmocka_unit_test(test_rule_cost),
		cmocka_unit_test(test_istio_host),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_offline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
