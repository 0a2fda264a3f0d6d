// Cases: manifests and flags, the same for the same seed and number.
package main

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/yaml"
)

// Flags of ExternalDNS that say what is published, with words for each.
var flags = []struct {
	name string
	word func(d dice) string
}{
	{"annotation-filter", words("env=prod", "env", "!env", "env in (prod)",
		"env!=prod", "env in ()", "env=", "=x", "env==prod",
		"env notin (prod,test)", "kubernetes.io/ingress.class=nginx",
		"env=prod,env=test")},
	{"label-filter", words("app=a", "app in (a,b)", "app!=a", "!app", "app",
		"app=", "tier notin (b)", "app=a,tier", "a b", "app>1", "")},
	{"annotation-prefix", words("custom.io/", "custom.io/",
		"external-dns.alpha.kubernetes.io/", "x", "")},
	{"enable-legacy-annotation-prefix", nil},
	{"ingress-class", words("nginx", "internal", "")},
	{"fqdn-template", func(d dice) string { return one(d, templates) }},
	{"fqdn-template", func(d dice) string { return one(d, templates) }},
	{"fqdn-template", func(d dice) string { return one(d, templates) }},
	{"target-template", func(d dice) string { return one(d, targetTemplates) }},
	{"fqdn-target-template", dice.pairTemplate},
	{"combine-fqdn-annotation", nil},
	{"ignore-hostname-annotation", nil},
	{"ignore-ingress-tls-spec", nil},
	{"ignore-ingress-rules-spec", nil},
	{"ignore-non-host-network-pods", nil},
	{"publish-internal-services", nil},
	{"publish-internal-services", nil},
	{"publish-host-ip", nil},
	{"always-publish-not-ready-addresses", nil},
	{"service-type-filter", words("LoadBalancer", "ClusterIP", "NodePort",
		"ExternalName", "x", "")},
	{"compatibility", words("mate", "molecule", "kops-dns-controller", "x",
		"")},
	{"default-targets", dice.target},
	{"force-default-targets", nil},
	{"domain-filter", words("example.com", "example.org", ".example.com",
		"Example.COM", "a.example.com", "", ".", "com", " example.com ",
		"bücher.example.com")},
	{"exclude-domains", words("a.example.com", ".example.com", "example.org",
		"")},
	{"regex-domain-filter", words("example", "^a", "com$", "", "(", "(?i)A",
		"a{2,}")},
	{"regex-domain-exclusion", words("^b", "org", "(")},
	{"target-net-filter", words("192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32",
		"192.0.2.1", "x", "", "::ffff:192.0.2.0/120", "0.0.0.0/0")},
	{"exclude-target-net", words("10.0.0.0/8", "192.0.2.2/32",
		"2001:db8::/32", "x")},
	{"nat64-networks", words("64:ff9b::/96", "2001:db8::/96", "x",
		"2001:db8::/64")},
	{"managed-record-types", words("A", "AAAA", "CNAME", "TXT", "MX", "SRV",
		"NS", "PTR", "NAPTR", "a", "X")},
	{"managed-record-types", words("A", "CNAME", "TXT")},
	{"exclude-record-types", words("A", "AAAA", "CNAME", "TXT", "x")},
	{"min-ttl", dice.duration},
	{"create-ptr", nil},
	{"prefer-alias", nil},
	{"namespace", words("default", "apps", "infra", "missing", "")},
	{"gateway-name", words("a", "b", "missing")},
	{"gateway-namespace", words("default", "infra", "apps")},
	{"gateway-label-filter", words("app=a", "app", "!app", "app!=a", "x y",
		"app in (a)")},
	{"gateway-listener-sets", nil},
	{"gateway-listener-sets", nil},
	{"openshift-router-name", words("default", "internal", "x")},
	{"expose-internal-ipv6", nil},
	{"exclude-unschedulable", nil},
	{"no-exclude-unschedulable", nil},
	{"traefik-enable-legacy", nil},
	{"traefik-disable-new", nil},
	{"pod-source-domain", words("pods.example.com", "example.org", ".x", "")},
	{"gloo-namespace", words("default", "gloo-system", "infra")},
	{"provider", words("aws", "cloudflare", "google", "azure", "coredns",
		"scaleway", "webhook", "inmemory", "pdns", "rfc2136", "x", "")},
	{"policy", words("sync", "upsert-only", "create-only", "x", "")},
	{"registry", words("txt", "noop", "x")},
	{"txt-owner-id", words("me", "", "a=b", "a,b", "a b", "ü", "\"x\"")},
	{"txt-prefix", words("p-", "%{record_type}-", "_", "p.", "%{record_type}.",
		"P", "x%{record_type}y.z", "%{x}")},
	{"txt-suffix", words("-s", "-%{record_type}", ".s", "S")},
	{"txt-wildcard-replacement", words("any", "x.y", "*", "")},
	{"interval", words("1m", "x", "60", "", "1h1m", "-5s")},
	{"log-level", words("debug", "info", "x", "")},
	{"log-format", words("json", "text", "x")},
	{"cloudflare-proxied", nil},
	{"aws-prefer-cname", nil},
	{"aws-zone-type", words("public", "private", "x", "")},
	{"google-zone-visibility", words("public", "x")},
	{"aws-batch-change-size", words("100", "x", "-1", "1e3")},
	{"aws-batch-change-interval", words("1s", "x", "10")},
	{"kube-api-qps", words("5", "0", "x")},
	{"request-timeout", words("30s", "x")},
	{"events", nil},
	{"once", nil},
	{"dry-run", nil},
	{"zone-id-filter", words("Z1", "")},
	{"zone-name-filter", words("example.com")},
	{"metrics-address", words(":7979", "x")},
	{"crd-source-kind", words("DNSEndpoint")},
	{"listen-endpoint-events", nil},
	{"ns1-min-ttl", words("60", "x")},
	{"rfc2136-min-ttl", words("60s", "x", "-1s")},
	{"unknown-flag", words("x")},
}

// Templates that read what this source has are asked for more often.
func (d dice) flagList(source string) []string {
	list := []string{}
	add := func(name string, word func(d dice) string) {
		flag := "--" + name
		if word != nil {
			flag += "=" + word(d)
		} else if d.often(4) {
			flag += one(d, []string{"=true", "=false", "=x"})
		}
		list = append(list, flag)
	}
	if source != "ingress" || d.often(10) {
		list = append(list, "--source="+source)
	}
	if d.often(8) {
		list = append(list, "--source="+one(d, sourcesTried).source)
	}
	if source == "unstructured" {
		list = append(list, "--unstructured-resource=widgets.v1.apps.example.org")
		if d.often(20) {
			list = append(list, "--unstructured-resource=configmaps.v1")
		}
		if d.often(40) {
			list = append(list, "--fqdn-template="+one(d, templates),
				"--target-template="+one(d, targetTemplates))
		}
	}
	if strings.HasPrefix(source, "gateway-") && d.often(90) {
		list = append(list, ofSources)
	}
	if source == "crd" && d.often(60) {
		for _, t := range []string{"A", "AAAA", "CNAME", "TXT", "MX", "SRV",
			"NS", "PTR", "NAPTR"} {
			list = append(list, "--managed-record-types="+t)
		}
	}
	for d.often(55) {
		f := one(d, flags)
		add(f.name, f.word)
	}
	return list
}

// Flags that end the program, ask the network, or that zoneloom says it does not
// have (docs/external-dns.md); and those that are given to fit the source.
var notTried = []string{"completion-bash", "completion-script-bash",
	"completion-script-zsh", "connector-source-server", "help", "help-long",
	"help-man",
	"resolve-service-load-balancer-hostname",
	"skipper-routegroup-groupversion", "source", "txt-encrypt-aes-key",
	"txt-encrypt-enabled", "unstructured-resource", "version"}

// untriedAll prints the sources and flags of ExternalDNS that no case has.
func untriedAll([]string) error {
	tried := []string{}
	for _, kind := range sourcesTried {
		tried = append(tried, kind.source)
	}
	for _, f := range externaldns.App(externaldns.NewConfig()).Model().Flags {
		if f.Name == "source" {
			_, options, _ := strings.Cut(f.Help, "options: ")
			for option := range strings.SplitSeq(strings.TrimRight(options,
				")"), ", ") {
				if !slices.Contains(tried, option) {
					fmt.Println("source " + option)
				}
			}
		} else if slices.Contains(notTried, f.Name) &&
			f.Name != "unstructured-resource" {
			fmt.Println("flag " + f.Name)
		}
	}
	return nil
}

// Words that a flag of any type may be given; its default is one more.
var anyWord = []string{"", "x", "1", "1m", "a=b", "-1", "1.5", "true", "none"}

// anyFlag is one of those that the parser of ExternalDNS has, so that none is
// forgotten.
func (d dice) anyFlag() string {
	f := one(d, externaldns.App(externaldns.NewConfig()).Model().Flags)
	switch {
	case slices.Contains(notTried, f.Name):
		return ""
	case f.IsBoolFlag() && d.often(30):
		return "--no-" + f.Name
	case f.IsBoolFlag():
		return "--" + f.Name
	case len(f.Default) > 0 && d.often(60):
		return "--" + f.Name + "=" + f.Default[0]
	}
	return "--" + f.Name + "=" + one(d, anyWord)
}

// generate is case i of a seed.
func generate(seed uint64, i int) question {
	d := newDice(seed, uint64(i))
	kind := sourcesTried[i%len(sourcesTried)]
	objects := []object{}
	for range 1 + d.IntN(3) {
		objects = append(objects, kind.object(d))
	}
	if kind.helper != nil {
		for range 1 + d.IntN(4) {
			objects = append(objects, kind.helper(d))
		}
	}
	d.Shuffle(len(objects), func(i, j int) {
		objects[i], objects[j] = objects[j], objects[i]
	})
	q := question{ID: d.id(i, kind.source), Flags: d.flagList(kind.source),
		Manifests: manifests(objects)}
	if d.often(15) {
		if flag := d.anyFlag(); flag != "" {
			q.Flags = append(q.Flags, flag)
		}
	}
	return q
}

// manifests as a user would write them, one document an object.
func manifests(objects []object) string {
	documents := []string{}
	for _, o := range objects {
		document, err := yaml.Marshal(o)
		if err != nil {
			panic(err)
		}
		documents = append(documents, string(document))
	}
	return strings.Join(documents, "---\n")
}
