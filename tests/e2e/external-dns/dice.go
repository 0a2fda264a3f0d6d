// Words of cases, weighted to the odd.
package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// dice are those of one case: the same seed and number, the same case.
type dice struct{ *rand.Rand }

func newDice(seed, number uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, number))}
}

// often is true in so many of a hundred throws.
func (d dice) often(percent int) bool { return d.IntN(100) < percent }

func one[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

// some of a pool, n at most.
func some(d dice, n int, pick func() string) []any {
	found := []any{}
	for range d.IntN(n + 1) {
		found = append(found, pick())
	}
	return found
}

var plainHosts = []string{
	"a.example.com", "b.example.com", "www.example.org", "x.y.example.net",
	"example.com", "*.example.com", "api.a.example.com",
}

var oddHosts = []string{
	"", " ", "*", "A.Example.COM", "a.example.com.", "bücher.example.com",
	"xn--bcher-kva.example.com", "a..example.com", "-a.example.com",
	"a-.example.com", "a_b.example.com", "_sip._tcp.example.com",
	"a b.example.com", " a.example.com ", "192.0.2.7", "2001:db8::7",
	"localhost", "com", "*.*.example.com", "a.*.example.com",
	"*a.example.com", "straße.example.com", "a.example.com/x",
	"a.example.com:80", "@", "a\u200bb.example.com", ".example.com",
	"a.example.com..", "\"a.example.com\"", "a,b.example.com", "1.example.com",
	"EXAMPLE.org", "a.example.com,", "ns/a.example.com", "./a.example.com",
	"*/b.example.com", "xn--a.example.com", "İ.example.com", "a\tb.example.com",
	strings.Repeat("a", 63) + ".example.com",
	strings.Repeat("a", 64) + ".example.com",
	strings.Repeat("a.", 120) + "example.com",
	strings.Repeat("a.", 125) + "example.com",
}

func (d dice) host() string {
	if d.often(20) {
		return one(d, oddHosts)
	}
	return one(d, plainHosts)
}

// hosts in an annotation: parted by commas, blanks here and there.
func (d dice) hosts() string {
	text := d.host()
	for d.often(30) {
		text += one(d, []string{",", ", ", " ,", ",,"}) + d.host()
	}
	return text
}

var plainTargets = []string{
	"192.0.2.1", "192.0.2.2", "198.51.100.9", "10.0.0.1", "2001:db8::1",
	"2001:db8::2", "lb.example.net", "lb2.example.net",
	"k.elb.amazonaws.com",
}

var oddTargets = []string{
	"", " ", "::ffff:192.0.2.1", "2001:DB8::0:1", "LB.Example.NET",
	"lb.example.net.", "a.example.com", "1.2.3", "256.1.1.1", "192.0.2.01",
	"fe80::1%eth0", "*.example.net", "_lb.example.net", "foo bar", ".",
	"192.0.2.1/32", "[2001:db8::1]", "64:ff9b::c000:201", "10 mail.example.com",
	"0 5 5060 sip.example.com.", "\"v=spf1 -all\"", "bücher.example.net",
	" 192.0.2.3", "0.0.0.0", "none", "None",
}

func (d dice) target() string {
	if d.often(15) {
		return one(d, oddTargets)
	}
	return one(d, plainTargets)
}

func (d dice) targets() string {
	text := d.target()
	for d.often(35) {
		text += one(d, []string{",", ", ", ",,"}) + d.target()
	}
	return text
}

func (d dice) address() string {
	if d.often(5) {
		return d.target()
	}
	return one(d, []string{"192.0.2.1", "192.0.2.2", "10.0.0.1", "10.0.0.2",
		"2001:db8::1", "fd00::1", "198.51.100.9"})
}

var names = []string{"a", "b", "c", "web", "www.a", "1"}

var namespaces = []string{"", "default", "apps", "infra"}

// Names and namespaces meet often, so that references find what they name.
func (d dice) name() string {
	if d.often(75) {
		return one(d, names[:2])
	}
	return one(d, names)
}

func (d dice) namespace() string {
	if d.often(80) {
		return "default"
	}
	return one(d, namespaces[1:])
}

func (d dice) duration() string {
	return one(d, []string{"60", "1", "0", "-1", "1m", "1h30m", "1.5s", "abc",
		"", "2147483647", "2147483648", "60s", " 60", "1e3", "0x10",
		"4294967296", "500ms", "1d", "+5", "1m30", "60.0", "1_000"})
}

var prefixesOfKeys = []string{
	"external-dns.kubernetes.io/", "external-dns.kubernetes.io/",
	"external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/",
	"custom.io/",
}

// The keys of annotations that ExternalDNS reads, and words for each.
var keys = []struct {
	key  string
	word func(d dice) string
}{
	{"hostname", dice.hosts},
	{"hostname", dice.hosts},
	{"hostname", dice.hosts},
	{"target", dice.targets},
	{"target", dice.targets},
	{"target", dice.targets},
	{"ttl", dice.duration},
	{"ttl", dice.duration},
	{"internal-hostname", dice.hosts},
	{"access", words("public", "private", "Public", "")},
	{"endpoints-type", words("NodeExternalIP", "HostIP", "nodeexternalip", "")},
	{"controller", words("dns-controller", "other", "", "DNS-controller")},
	{"ingress-hostname-source", words("annotation-only",
		"defined-hosts-only", "Annotation-Only", "x")},
	{"gateway-hostname-source", words("annotation-only",
		"defined-hosts-only", "DEFINED-HOSTS-ONLY", "x")},
	{"ingress", words("a", "infra/a", "default/web", "x/y/z", "", "missing",
		"/a")},
	{"alias", words("true", "false", "True", "a", "", "1")},
	{"record-type", words("ptr", "PTR", "x", "")},
	{"set-identifier", words("one", "two", "", "ü")},
	{"aws-weight", words("10", "x")},
	{"aws-region", words("eu-west-1")},
	{"aws-evaluate-target-health", words("true", "false")},
	{"cloudflare-proxied", words("true", "false", "yes")},
	{"cloudflare-tags", words("b,a", "a")},
	{"cloudflare-unknown", words("x")},
	{"scw-weighted", words("1")},
	{"webhook-x", words("1", "")},
	{"coredns-group", words("g")},
	{"azure-tags", words("k=v")},
	{"", words("x")},
	{"Hostname", dice.hosts},
}

func words(of ...string) func(dice) string {
	return func(d dice) string { return one(d, of) }
}

func (d dice) annotations() object {
	found := object{}
	prefix := prefixesOfKeys[0]
	for range d.IntN(4) {
		if d.often(25) {
			prefix = one(d, prefixesOfKeys)
		}
		k := one(d, keys)
		found[prefix+k.key] = k.word(d)
	}
	for _, other := range []struct {
		key  string
		word func(dice) string
	}{
		{"kubernetes.io/ingress.class", words("nginx", "internal", "")},
		{"kubernetes.io/service.class", words("x")},
		{"env", words("prod", "test", "")},
		{"external-dns.ambassador-service", words("a", "a.infra",
			"infra/a", "x/y/z", "")},
		{"zalando.org/dnsname", dice.hosts},
		{"domainName", dice.hosts},
		{"dns.alpha.kubernetes.io/external", dice.hosts},
		{"dns.alpha.kubernetes.io/internal", dice.hosts},
	} {
		if d.often(6) {
			found[other.key] = other.word(d)
		}
	}
	return found
}

func (d dice) labels() object {
	found := object{}
	for _, key := range []string{"app", "env", "tier"} {
		if d.often(30) {
			found[key] = one(d, []string{"a", "b", "prod", ""})
		}
	}
	return found
}

// Annotations without which most objects of a kind publish nothing.
var wants = map[string]map[string]func(dice) string{
	"ConfigMap":       {"hostname": dice.hosts, "target": dice.targets},
	"IngressRoute":    {"target": dice.targets},
	"IngressRouteTCP": {"target": dice.targets},
	"IngressRouteUDP": {"hostname": dice.hosts, "target": dice.targets},
	"Pod":             {"hostname": dice.hosts},
	"Proxy":           {"target": dice.targets},
	"Service":         {"hostname": dice.hosts},
	"TCPRoute":        {"hostname": dice.hosts},
	"UDPRoute":        {"hostname": dice.hosts},
	"Widget":          {"hostname": dice.hosts, "target": dice.targets},
}

// object with metadata, and a spec and status where there are any.
func (d dice) object(apiVersion, kind string, spec, status object) object {
	m := object{"name": d.name()}
	if ns := d.namespace(); ns != "default" || d.often(30) {
		m["namespace"] = ns
	}
	a := d.annotations()
	// In order: a map's own is another one each time, and so were the cases.
	for _, key := range slices.Sorted(maps.Keys(wants[kind])) {
		if d.often(75) {
			a[prefixesOfKeys[0]+key] = wants[kind][key](d)
		}
	}
	if len(a) > 0 {
		m["annotations"] = a
	}
	if l := d.labels(); len(l) > 0 {
		m["labels"] = l
	}
	o := object{"apiVersion": apiVersion, "kind": kind, "metadata": m}
	if spec != nil {
		o["spec"] = spec
	}
	if len(status) > 0 {
		o["status"] = status
	}
	return o
}

// balancer is status.loadBalancer with its addresses under key.
func (d dice) balancer(key string) object {
	if d.often(20) {
		return nil
	}
	found := []any{}
	for range d.IntN(3) {
		entry := object{}
		if d.often(80) {
			entry["ip"] = one(d, []string{"192.0.2.1", "192.0.2.2",
				"2001:db8::1", "10.0.0.1"})
		}
		if d.often(30) {
			entry["hostname"] = d.target()
		}
		found = append(found, entry)
	}
	return object{"loadBalancer": object{key: found}}
}

var templates = []string{
	"{{.Name}}.example.com", "{{.Namespace}}.{{.Name}}.example.org",
	"{{.ObjectMeta.Name}}.example.com", "{{.Missing}}.example.com",
	"{{ index .Labels \"app\" }}.example.com", "{{.Labels.app}}.example.com",
	"{{range .Spec.Rules}}{{.Host}},{{end}}", "{{.Kind}}.example.com",
	"{{ .Kind | toLower }}.{{.APIVersion}}.example.com",
	"{{if eq .Namespace \"apps\"}}{{.Name}}.example.com{{end}}",
	"{{.Name | printf \"%s-%s\" .Namespace}}.example.com",
	"{{ replace \"a\" \"b\" .Name }}.example.com", "{{.Name", "x", "",
	"{{ trimPrefix .Name \"w\" }}.example.com, b.example.com",
	"{{with .Annotations}}{{.env}}.example.com{{end}}",
	"{{ if isSource \"ingress\" }}i.example.com{{else}}o.example.com{{end}}",
	"{{ if hasKey .Labels \"app\" }}{{.Labels.app}}.example.com{{end}}",
	"{{ if contains .Name \"a\" }}{{.Name}}.example.com{{end}}",
	"{{.Spec.Type}}.example.com", "{{.Spec.Host}}", "{{.Status}}.example.com",
	"{{ \"\\x61\" }}.example.com", "{{ printf \"%c\" 'a' }}.example.com",
	"{{ len .Name }}.example.com", "{{ html .Name }}.example.com",
	"{{ .GetName }}.{{ .GetNamespace }}.example.com",
	"{{range $i, $h := .Spec.Hostnames}}{{$i}}.{{$h}},{{end}}",
	"{{ slice .Name 0 1 }}.example.com", "{{ .ObjectMeta.Labels }}.example.com",
	"{{ $n := .Name }}{{ $n }}.example.com", "{{/* c */}}c.example.com",
	"{{ .Name }}{{- \" \" -}}.example.com", "{{ .UID }}u.example.com",
	"{{range .Spec.TLS}}{{range .Hosts}}{{.}},{{end}}{{end}}",
	"{{ (index .Spec.Rules 0).Host }}", "{{ .Spec.Missing }}.example.com",
	"{{ .CreationTimestamp }}.example.com", "{{ print 1 2 \"x\" }}.example.com",
	"{{ index .Annotations \"env\" }}.example.com", "{{ .Generation }}.example.com",
	"{{ isIPv4 \"192.0.2.1\" }}.example.com", "{{ and .Name .Namespace }}.example.com",
	"{{ not .Labels }}.example.com", "{{ .Spec | printf \"%T\" }}.example.com",
	"{{range .Spec.ExternalIPs}}{{.}},{{end}}e.example.com",
	"{{range .Status.Addresses}}{{.Address}},{{end}}", "{{ nil }}.example.com",
}

var targetTemplates = []string{
	"192.0.2.66", "lb.example.net", "{{.Spec.Missing}}", "{{.Name}}.example.net",
	"{{range .Status.Addresses}}{{.Address}},{{end}}", "", "{{",
	"{{.Spec.ClusterIP}}", "{{.Status.PodIP}}", "{{.Spec.VirtualServerAddress}}",
	"{{ index .Annotations \"env\" }}", "{{.Labels.app}}", "192.0.2.67,192.0.2.68",
}

func (d dice) pairTemplate() string {
	return one(d, []string{
		"{{.Name}}.example.com:192.0.2.77", "a.example.com:", ":192.0.2.1", "x",
		"{{.Name}}.example.com:{{.Namespace}}.example.net",
		"a.example.com:192.0.2.1,b.example.com:2001:db8::1", "{{.Bad}}:x",
	})
}

func (d dice) id(i int, source string) string {
	return fmt.Sprintf("%s-%d", source, i)
}
