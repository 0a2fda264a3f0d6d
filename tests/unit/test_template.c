/*
 * Templates: what Go's text/template makes of the same text and object.  PARSE
 * and EXEC stand for its two kinds of refusal; "|" parts the names.
 */
#include "test.h"

#include "base/buf.h"
#include "source/template_object.h"

struct row {
	const char *text, *want;
};

/* clang-format off */
static const char ingress_text[] =
	"apiVersion: networking.k8s.io/v1\n"
	"kind: Ingress\n"
	"metadata:\n"
	"  name: web-app\n"
	"  namespace: shop\n"
	"  labels: {team: Blue, empty: \"\", \"app.kubernetes.io/name\": x}\n"
	"  annotations:\n"
	"    a/b: \"one,two\"\n"
	"    json: '{\"hosts\":[\"h1\",\"h2\"],\"n\":3,\"t\":true}'\n"
	"spec:\n"
	"  ingressClassName: nginx\n"
	"  tls:\n"
	"  - hosts: [t1.example.com, t2.example.com]\n"
	"    secretName: s\n"
	"  rules:\n"
	"  - host: r1.example.com\n"
	"    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: svc, port: {number: 80}}}}]}\n"
	"  - host: r2.example.com\n"
	"status:\n"
	"  loadBalancer:\n"
	"    ingress:\n"
	"    - ip: 192.0.2.1\n"
	"    - hostname: lb.example.net\n";

static const char service_text[] =
	"apiVersion: v1\n"
	"kind: Service\n"
	"metadata:\n"
	"  name: db\n"
	"  namespace: data\n"
	"  labels: {app: pg}\n"
	"spec:\n"
	"  type: LoadBalancer\n"
	"  clusterIP: 10.0.0.1\n"
	"  clusterIPs: [10.0.0.1, \"fd00::1\"]\n"
	"  externalIPs: [192.0.2.7]\n"
	"  selector: {app: pg, tier: db}\n"
	"  ports:\n"
	"  - {name: pg, port: 5432, nodePort: 30001, protocol: TCP}\n"
	"  - {name: m, port: 9090}\n"
	"  publishNotReadyAddresses: true\n";

static const struct row ingress_rows[] = {
	{ "{{.Name}}.example.com",
	  "web-app.example.com" },
	{ "{{.Name}}.{{.Namespace}}.example.com",
	  "web-app.shop.example.com" },
	{ "{{ .Name | toLower }}.x",
	  "web-app.x" },
	{ "{{.Labels.team}}.x",
	  "Blue.x" },
	{ "{{.Labels.nope}}.x",
	  "<no value>.x" },
	{ "{{.Labels.nope | toLower}}.x",
	  "EXEC" },
	{ "{{index .Labels \"team\"}}.x",
	  "Blue.x" },
	{ "{{index .Labels \"nope\"}}.x",
	  ".x" },
	{ "{{index .Annotations \"a/b\"}}",
	  "one|two" },
	{ "{{.Spec.Nope}}.x",
	  "EXEC" },
	{ "{{.Nope}}.x",
	  "EXEC" },
	{ "{{range .Spec.Rules}}{{.Host}},{{end}}",
	  "r1.example.com|r2.example.com" },
	{ "{{range $i, $r := .Spec.Rules}}{{$i}}-{{$r.Host}},{{end}}",
	  "0-r1.example.com|1-r2.example.com" },
	{ "{{range $r := .Spec.Rules}}{{$r.Host}}.{{$.Name}},{{end}}",
	  "r1.example.com.web-app|r2.example.com.web-app" },
	{ "{{.Spec.IngressClassName}}.x",
	  "nginx.x" },
	{ "{{if eq .Namespace \"shop\"}}a.x{{else}}b.x{{end}}",
	  "a.x" },
	{ "{{if ne .Namespace \"shop\"}}a.x{{else if eq .Name \"web-app\"}}c.x{{else}}b.x{{end}}",
	  "c.x" },
	{ "{{if and (eq .Namespace \"shop\") (hasKey .Labels \"team\")}}ok.x{{end}}",
	  "ok.x" },
	{ "{{if or (hasKey .Labels \"no\") (hasKey .Labels \"empty\")}}ok.x{{end}}",
	  "ok.x" },
	{ "{{if not (hasKey .Labels \"no\")}}ok.x{{end}}",
	  "ok.x" },
	{ "{{trimSuffix .Name \"-app\"}}.x",
	  "web.x" },
	{ "{{trimPrefix .Name \"web-\"}}.x",
	  "app.x" },
	{ "{{.Name | trimSuffix \"-app\"}}.x",
	  "-app.x" },
	{ "{{replace \"-\" \".\" .Name}}.x",
	  "web.app.x" },
	{ "{{.Name | replace \"-\" \"_\"}}.x",
	  "web_app.x" },
	{ "{{contains .Name \"web\"}}.x",
	  "true.x" },
	{ "{{if contains .Name \"web\"}}y.x{{end}}",
	  "y.x" },
	{ "{{printf \"%s-%s.x\" .Name .Namespace}}",
	  "web-app-shop.x" },
	{ "{{printf \"%d.x\" (len .Spec.Rules)}}",
	  "2.x" },
	{ "{{printf \"%03d.x\" 7}}",
	  "007.x" },
	{ "{{printf \"%v\" .Labels}}",
	  "map[app.kubernetes.io/name:x empty: team:Blue]" },
	{ "{{.Labels}}",
	  "map[app.kubernetes.io/name:x empty: team:Blue]" },
	{ "{{len .Name}}.x",
	  "7.x" },
	{ "{{len .Spec.Rules}}.x",
	  "2.x" },
	{ "{{$x := .Name}}{{$x}}.x",
	  "web-app.x" },
	{ "{{$x := \"a\"}}{{if true}}{{$x = \"b\"}}{{end}}{{$x}}.x",
	  "b.x" },
	{ "{{- .Name -}} .x",
	  "web-app.x" },
	{ "a.x, {{- .Name }}",
	  "a.x|web-app" },
	{ "{{/* comment */}}z.x",
	  "z.x" },
	{ "{{`raw`}}.x",
	  "raw.x" },
	{ "{{\"quo\\\"ted\"}}.x",
	  "quo\"ted.x" },
	{ "{{(index .Spec.Rules 0).Host}}",
	  "r1.example.com" },
	{ "{{(index .Spec.Rules 5).Host}}",
	  "EXEC" },
	{ "{{.ObjectMeta.Name}}.x",
	  "web-app.x" },
	{ "{{.UID}}.x",
	  ".x" },
	{ "{{.Kind}}.{{.APIVersion}}.x",
	  "Ingress.networking.k8s.io/v1.x" },
	{ "{{.Spec.ingressClassName}}.x",
	  "nginx.x" },
	{ "{{.Metadata.name}}.x",
	  "web-app.x" },
	{ "{{.Object.metadata.name}}.x",
	  "web-app.x" },
	{ "{{index .Spec.rules 0 \"host\"}}.x",
	  "r1.example.com.x" },
	{ "{{(index .Annotations \"json\" | fromJson).n}}.x",
	  "3.x" },
	{ "{{fromJson \"nope\"}}.x",
	  "<no value>.x" },
	{ "{{range $k, $v := .Labels}}{{$k}}={{$v}},{{end}}",
	  "app.kubernetes.io/name=x|empty=|team=Blue" },
	{ "{{range $k := .Labels}}{{$k}},{{end}}",
	  "Blue|x" },
	{ "{{range .Nothing}}x{{end}}",
	  "EXEC" },
	{ "{{range .Spec.Rules}}{{if eq .Host \"r1.example.com\"}}{{continue}}{{end}}{{.Host}},{{end}}",
	  "r2.example.com" },
	{ "{{range .Spec.Rules}}{{.Host}},{{break}}{{end}}",
	  "r1.example.com" },
	{ "{{range .OwnerReferences}}x{{else}}none.x{{end}}",
	  "none.x" },
	{ "{{eq 1 1}}.x",
	  "true.x" },
	{ "{{eq 1 1.0}}.x",
	  "EXEC" },
	{ "{{eq \"1\" 1}}.x",
	  "EXEC" },
	{ "{{lt 1 2}}{{gt 2 1}}{{le 1 1}}{{ge 1 2}}.x",
	  "truetruetruefalse.x" },
	{ "{{and \"\" \"b\"}}.x",
	  ".x" },
	{ "{{or \"\" \"b\"}}.x",
	  "b.x" },
	{ "{{not \"\"}}.x",
	  "true.x" },
	{ "{{print 1 2}}.x",
	  "1 2.x" },
	{ "{{print \"a\" 1 2 \"b\"}}.x",
	  "a1 2b.x" },
	{ "{{println \"a\"}}",
	  "a" },
	{ "{{slice .Name 0 3}}.x",
	  "web.x" },
	{ "{{slice .Name 3}}.x",
	  "-app.x" },
	{ "{{slice .Name 50}}.x",
	  "EXEC" },
	{ "{{true}}.{{false}}.{{nil}}",
	  "EXEC" },
	{ "{{if nil}}a{{end}}",
	  "EXEC" },
	{ "{{(index .Status.LoadBalancer.Ingress 0).IP}}",
	  "192.0.2.1" },
	{ "{{isIPv4 \"1.2.3.4\"}}{{isIPv6 \"::1\"}}.x",
	  "truetrue.x" },
	{ "{{if isSource \"ingress\"}}i.x{{end}}",
	  "i.x" },
	{ "{{trim \"  a.x  \"}}",
	  "a.x" },
	{ "{{toLower \"ABC\"}}.x",
	  "abc.x" },
	{ "{{.Name}",
	  "PARSE" },
	{ "{{.Name}}{{end}}",
	  "PARSE" },
	{ "{{if .Name}}x",
	  "PARSE" },
	{ "{{nope .Name}}",
	  "PARSE" },
	{ "{{.Name .Namespace}}",
	  "EXEC" },
	{ "{{.Name | .Namespace}}",
	  "EXEC" },
	{ "{{\"a\" | printf \"%s.%s\" \"b\"}}",
	  "b.a" },
	{ "{{.Spec.Rules.Host}}",
	  "EXEC" },
	{ "{{.Name.Foo}}",
	  "EXEC" },
	{ "{{.Labels.team.x}}",
	  "EXEC" },
	{ "{{index .Labels \"team\" | toLower}}.example.com",
	  "blue.example.com" },
	{ "{{ if .Labels.team }}{{ .Labels.team | toLower }}.t{{ end }}",
	  "blue.t" },
	{ "{{ if .Labels.nope }}{{ .Labels.nope }}.t{{ end }}",
	  "" },
	{ "{{ with .Labels.team }}{{ . }}.t{{ else }}none{{ end }}",
	  "Blue.t" },
	{ "{{ with index .Annotations \"zz\" }}{{ . }}.t{{ else }}none.x{{ end }}",
	  "none.x" },
	{ "{{range $i, $e := .Spec.Rules}}{{if $i}},{{end}}{{$e.Host}}{{end}}",
	  "r1.example.com|r2.example.com" },
	{ "{{.GetName}}.x",
	  "web-app.x" },
	{ "{{.GetNamespace}}.x",
	  "shop.x" },
	{ "{{.GetLabels.team}}.x",
	  "Blue.x" },
	{ "{{.Generation}}.x",
	  "0.x" },
	{ "{{if .DeletionTimestamp}}d{{else}}live.x{{end}}",
	  "live.x" },
	{ "{{eq .Name \"web-app\" \"x\"}}",
	  "true" },
	{ "{{eq .Labels.nope \"x\"}}",
	  "false" },
	{ "{{ne .Labels.nope \"x\"}}",
	  "true" },
	{ "{{eq .Labels.nope .Labels.nope2}}",
	  "true" },
	{ "{{\"a.x\"}},{{\"a.x.\"}}",
	  "a.x" },
	{ ",,a.x,,",
	  "a.x" },
	{ "{{if .Spec.DefaultBackend}}x{{else}}no.x{{end}}",
	  "no.x" },
	{ "{{.Spec.DefaultBackend.Service.Name}}.x",
	  "EXEC" },
	{ "{{1}}.{{-1}}.{{1.5}}.x",
	  "1.-1.1.5.x" },
	{ "{{0x10}}.x",
	  "16.x" },
	{ "{{range $i, $c := \"ab\"}}{{$i}},{{end}}",
	  "EXEC" },
	{ "{{(printf \"%s\" .Name)}}.x",
	  "web-app.x" },
	{ "{{ .Name}}.{{ .Namespace }}.x,{{.Name}}.y",
	  "web-app.shop.x|web-app.y" },
	{ "{{- range .Spec.Rules -}} {{- .Host -}} , {{- end -}}",
	  "r1.example.com|r2.example.com" },
	{ "{{if eq .Kind \"Ingress\"}}k.x{{end}}",
	  "k.x" },
	{ "{{.Spec.ServiceName}}.x",
	  "EXEC" },
	{ "{{.Annotations.foo}}.x",
	  "<no value>.x" },
	{ "{{or .Labels.nope \"dflt\"}}.x",
	  "dflt.x" },
	{ "{{and .Labels.team \"yes\"}}.x",
	  "yes.x" },
	{ "{{not .Labels.nope}}.x",
	  "true.x" },
	{ "{{len .Labels}}.x",
	  "3.x" },
	{ "{{len .Labels.nope}}.x",
	  "EXEC" },
	{ "{{printf \"%s\" .Labels.nope}}.x",
	  "%!s(<nil>).x" },
	{ "{{printf \"%v\" .Labels.nope}}.x",
	  "<nil>.x" },
	{ "{{printf \"%5s|\" \"a\"}}.x",
	  "a|.x" },
	{ "{{printf \"%-5s|\" \"a\"}}.x",
	  "a    |.x" },
	{ "{{printf \"%t\" true}}.x",
	  "true.x" },
	{ "{{printf \"%x\" 255}}.x",
	  "ff.x" },
	{ "{{printf \"%%\"}}.x",
	  "%.x" },
	{ "{{hasKey .Annotations \"json\"}}.x",
	  "true.x" },
	{ "{{hasKey .Spec \"x\"}}.x",
	  "EXEC" },
};

/* What Go 1.27 makes of them. */
static const struct row function_rows[] = {
	{ "{{\"\\x61\\101\\u00e9\\U0001F600\\n\\\"\"}}",
	  "aA\xc3\xa9\xf0\x9f\x98\x80\n\"" },
	{ "{{printf \"%c%d\" 'a' '\\x41'}}",
	  "a65" },
	{ "{{'\\u00e9'}}.{{'\xc3\xa9'}}.{{'\\''}}",
	  "233.233.39" },
	{ "{{\"\\x6\"}}",		   "PARSE" },
	{ "{{\"\\400\"}}",		   "PARSE" },
	{ "{{\"\\'\"}}",		   "PARSE" },
	{ "{{\"\\ud800\"}}",		   "PARSE" },
	{ "{{''}}",			   "PARSE" },
	{ "{{'ab'}}",			   "PARSE" },
	{ "{{.SelfLink}}x{{.Status.LoadBalancer.Ingress | len}}",
	  "x2" },
	{ "{{.Spec.Nope}}",		   "EXEC" },
	{ "{{.CreationTimestamp}}",
	  "0001-01-01 00:00:00 +0000 UTC" },
	/* No list as a struct; a map when it is tried again. */
	{ "{{range .Status}}x{{end}}",     "x" },
	{ "{{range .Spec.DefaultBackend}}x{{end}}y",
	  "EXEC" },
	{ "{{.DeletionGracePeriodSeconds}}",
	  "<nil>" },
	/* Refused on purpose: Go prints a struct's fields without names. */
	{ "{{.Status}}.x",		   "EXEC" },
	{ "{{.Status.LoadBalancer}}.x",    "EXEC" },
	{ "{{.}}.x",			   "EXEC" },
	{ "{{printf \"%[1]s-%[1]s\" .Name}}",
	  "web-app-web-app" },
	{ "{{printf \"%[2]s-%[1]s\" \"a\" \"b\"}}",
	  "b-a" },
	{ "{{printf \"%[3]s\" \"a\" \"b\"}}",
	  "%!s(BADINDEX)" },
	{ "{{printf \"%[x]s\" \"a\"}}",
	  "%!s(BADINDEX)" },
	{ "{{printf \"%[1]s\" \"a\" \"b\"}}",
	  "a" },
	{ "{{printf \"%s\" \"a\" \"b\"}}",
	  "a%!(EXTRA string=b)" },
	{ "{{printf \"%s %s\" \"a\"}}",
	  "a %!s(MISSING)" },
	{ "{{printf \"%d\" \"a\"}}",
	  "%!d(string=a)" },
	{ "{{printf \"%s\" 7}}",
	  "%!s(int=7)" },
	{ "{{printf \"%s\" true}}",
	  "%!s(bool=true)" },
	{ "{{printf \"%t\" \"a\"}}",
	  "%!t(string=a)" },
	{ "{{printf \"%v %v %v\" 1 1.5 \"x\"}}",
	  "1 1.5 x" },
	{ "{{printf \"%v\" 1000000.0}}",
	  "1e+06" },
	{ "{{printf \"%v\" 0.1234567}}",
	  "0.1234567" },
	{ "{{printf \"%.2f|%8.3f|%-8.1f|%+.1e\" 3.14159 3.14159 3.14159 31415.9}}",
	  "3.14|   3.142|3.1     |+3.1e+04" },
	{ "{{printf \"%5d|%-5d|%05d|%+d|% d\" 42 42 42 42 42}}",
	  "42|42   |00042|+42| 42" },
	{ "{{printf \"%.4d|%8.4d|%-8.4d|\" 42 42 42}}",
	  "0042|    0042|0042    |" },
	{ "{{printf \"%x|%X|%#x|%o|%#o|%O|%b|%#b\" 255 255 255 8 8 8 5 5}}",
	  "ff|FF|0xff|10|010|0o10|101|0b101" },
	{ "{{printf \"%c|%q|%U\" 65 65 65}}",
	  "A|'A'|U+0041" },
	{ "{{printf \"%x|%X|%#x|% x|% #x|%.1x\" \"hi\" \"hi\" \"hi\" \"hi\" \"hi\" \"hi\"}}",
	  "6869|6869|0x6869|68 69|0x68 0x69|68" },
	{ "{{printf \"%q|%10q|%-10q|\" \"a\\\"b\" \"a\" \"a\"}}",
	  "\"a\\\"b\"|       \"a\"|\"a\"       |" },
	{ "{{printf \"%5s|%-5s|%.2s|%5.1s|%05s\" \"abc\" \"abc\" \"abc\" \"abc\" \"abc\"}}",
	  "abc|abc  |ab|    a|00abc" },
	{ "{{printf \"%*d|%-*d|%.*s\" 5 42 5 42 1 \"abc\"}}",
	  "42|42   |a" },
	{ "{{printf \"%*d\" \"a\" 42}}",
	  "%!(BADWIDTH)42" },
	{ "{{printf \"%.*s\" \"a\" \"abc\"}}",
	  "%!(BADPREC)abc" },
	{ "{{printf \"%[2]*[1]d\" 42 6}}",
	  "42" },
	{ "{{printf \"%[1]5d\" 42}}",
	  "%!d(BADINDEX)" },
	{ "{{printf \"100%%|%\"}}",
	  "100%|%!(NOVERB)" },
	{ "{{printf \"%!\"}}",
	  "%!!(MISSING)" },
	{ "{{printf \"%z\" 1}}",
	  "%!z(int=1)" },
	{ "{{printf \"%T %T %T %T\" 1 \"a\" true 1.5}}",
	  "int string bool float64" },
	{ "{{printf \"%v %s %d\" nil nil nil}}",
	  "<nil> %!s(<nil>) %!d(<nil>)" },
	{ "{{printf \"%-7v|\" true}}",
	  "true   |" },
	{ "{{printf \"%5t|%q\" true \"é\"}}",
	  "true|\"é\"" },
	{ "{{printf \"%5s|\" \"é\"}}",
	  "é|" },
	{ "{{printf}}",
	  "EXEC" },
	{ "{{printf 1}}",
	  "EXEC" },
	{ "{{html \"<a href='x'>&\\\"</a>\"}}",
	  "&lt;a href=&#39;x&#39;&gt;&amp;&#34;&lt;/a&gt;" },
	{ "{{html \"a\" \"b\" 1 2}}",
	  "ab1 2" },
	{ "{{js \"it's <b>&=\\\"x\\\"\\\\\"}}",
	  "it\\'s \\u003Cb\\u003E\\u0026\\u003D\\\"x\\\"\\\\" },
	{ "{{urlquery \"a b/c?d=é~.-_\"}}",
	  "a+b%2Fc%3Fd%3D%C3%A9~.-_" },
	{ "{{\"a b\" | urlquery | html}}",
	  "a+b" },
	{ "{{call .Name}}",
	  "EXEC" },
	{ "{{call}}",
	  "EXEC" },
	{ "{{$y}}",
	  "PARSE" },
	{ "{{$x := 1}}{{$x}}",
	  "1" },
	{ "{{if $x := .Name}}{{$x}}{{end}}",
	  "web-app" },
	{ "{{if $x := .Name}}{{end}}{{$x}}",
	  "PARSE" },
	{ "{{if false}}{{$y}}{{end}}",
	  "PARSE" },
	{ "{{$y = 1}}",
	  "EXEC" },
	{ "{{with $x := .Name}}a{{else}}{{$x}}{{end}}",
	  "a" },
	{ "{{print $}}{{end}}",
	  "PARSE" },
};

static const struct row service_rows[] = {
	{ "{{.Spec.Type}}.x",
	  "LoadBalancer.x" },
	{ "{{if eq .Spec.Type \"LoadBalancer\"}}{{.Name}}.x{{end}}",
	  "db.x" },
	{ "{{.Spec.ClusterIP}}.x",
	  "10.0.0.1.x" },
	{ "{{index .Spec.ClusterIPs 1}}.x",
	  "fd00::1.x" },
	{ "{{range .Spec.Ports}}{{.Name}}-{{.Port}}.x,{{end}}",
	  "m-9090.x|pg-5432.x" },
	{ "{{range .Spec.Ports}}{{if .NodePort}}{{.NodePort}}.x,{{end}}{{end}}",
	  "30001.x" },
	{ "{{range .Spec.Ports}}{{if eq .Port 5432}}{{.Protocol | toLower}}.x,{{end}}{{end}}",
	  "EXEC" },
	{ "{{.Spec.Selector.app}}.x",
	  "pg.x" },
	{ "{{.Spec.Selector.nope}}.x",
	  "<no value>.x" },
	{ "{{.Spec.ExternalName}}.x",
	  ".x" },
	{ "{{if .Spec.ExternalName}}a{{else}}b.x{{end}}",
	  "b.x" },
	{ "{{.Spec.PublishNotReadyAddresses}}.x",
	  "true.x" },
	{ "{{.Spec.LoadBalancerIP}}.x",
	  ".x" },
	{ "{{.Spec.SessionAffinity}}.x",
	  ".x" },
	{ "{{len .Spec.ExternalIPs}}.x",
	  "1.x" },
	{ "{{.Spec.HealthCheckNodePort}}.x",
	  "0.x" },
	{ "{{.Spec.LoadBalancerClass}}.x",
	  "<nil>.x" },
	{ "{{.Spec.clusterIP}}.x",
	  "10.0.0.1.x" },
	{ "{{.Spec.Foo}}.x",
	  "EXEC" },
	{ "{{if eq .Spec.Type \"ClusterIP\" \"LoadBalancer\"}}y.x{{end}}",
	  "y.x" },
	{ "{{(index .Spec.Ports 0).Name}}.x",
	  "pg.x" },
	{ "{{(index .Spec.Ports 0).Nope}}.x",
	  "EXEC" },
	{ "{{(index .Spec.Ports 0).TargetPort}}.x",
	  "0.x" },
	{ "{{.Spec.Type | toLower}}.x",
	  "EXEC" },
	{ "{{printf \"%s.x\" .Spec.Type}}",
	  "LoadBalancer.x" },
	{ "{{if and .Spec.ClusterIP (ne .Spec.ClusterIP \"None\")}}{{.Name}}.x{{end}}",
	  "db.x" },
	{ "{{.Spec.ExternalTrafficPolicy}}.x",
	  ".x" },
	{ "{{if eq .Spec.ExternalTrafficPolicy \"\"}}e.x{{end}}",
	  "e.x" },
	{ "{{if eq (len .Spec.Ports) 2}}two.x{{end}}",
	  "two.x" },
	{ "{{gt (len .Spec.Ports) 1}}.x",
	  "true.x" },
	{ "{{printf \"%T\" .Spec}}.x",
	  "v1.ServiceSpec.x" },
	{ "{{printf \"%T %T\" .Spec.Ports (index .Spec.Ports 0)}}.x",
	  "[]v1.ServicePort v1.ServicePort.x" },
	{ "{{range .Spec.Ports}}{{printf \"%T \" .Port}}{{end}}.x",
	  "int32 int32 .x" },
	{ "{{printf \"%d\" .Spec.Type}}.x",
	  "%!d(v1.ServiceType=LoadBalancer).x" },
	{ "{{printf \"%v\" .Spec}}.x",
	  "EXEC" },
	{ "{{printf \"%v\" .}}.x",
	  "EXEC" },
};

/* clang-format on */

static struct sv fill(struct arena *mem, const struct object *o,
		      enum template_view view, const char *text)
{
	struct strings names = { 0 };
	struct buf b = { .mem = mem };
	struct template_host host = { o, view, "ingress", NULL, NULL };
	struct template *t;
	struct sv out;

	if (template_parse(mem, sv_of(text), &template_external_dns, &t) !=
	    NULL)
		return SV("PARSE");
	if (t == NULL)
		return SV("");
	if (template_of_object(mem, t, &host, &out) != NULL)
		return SV("EXEC");
	template_names(mem, out, &names);
	for (size_t i = 0; i < names.list.n; i++) {
		if (i > 0)
			buf_char(&b, '|');
		buf_add(&b, names.list.v[i]);
	}
	return buf_sv(&b);
}

static const struct object *read_one(struct arena *mem, const char *text)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };
	struct objects all = { 0 };

	assert_int_equal(
		manifest_parse(mem, &d, SV("t.yaml"), sv_of(text), &docs), 0);
	objects_add(mem, &d, &all, docs.list.v[0], NULL);
	assert_int_equal(all.list.n, 1);
	return all.list.v[0];
}

static void compare(const struct row *rows, size_t n, const char *object)
{
	struct arena *mem = arena_new();
	const struct object *o = read_one(mem, object);

	for (size_t i = 0; i < n; i++)
		assert_sv(rows[i].text,
			  fill(mem, o, TEMPLATE_TYPED, rows[i].text),
			  sv_of(rows[i].want));
	arena_free(mem);
}

static void test_ingress(void **state)
{
	(void)state;
	compare(ingress_rows, sizeof(ingress_rows) / sizeof(ingress_rows[0]),
		ingress_text);
}

static void test_functions(void **state)
{
	(void)state;
	compare(function_rows, sizeof(function_rows) / sizeof(function_rows[0]),
		ingress_text);
}

static void test_service(void **state)
{
	(void)state;
	compare(service_rows, sizeof(service_rows) / sizeof(service_rows[0]),
		service_text);
}

/* An object of no type that is known: JSON's names, and Go's on top. */
static void test_plain(void **state)
{
	static const struct row rows[] = {
		{ "{{.Spec.host}}", "w.example.com" },
		{ "{{.Spec.Host}}", "w.example.com" },
		{ "{{.Spec.nope}}.x", "<no value>.x" },
		{ "{{.Object.spec.host}}", "w.example.com" },
		{ "{{.Metadata.name}}.x", "w.x" },
		{ "{{index .Spec.list 0}}.x", "a.x" },
		{ "{{range .Spec.list}}{{.}}.x,{{end}}", "a.x|b.x" },
		{ "{{len .Spec.list}}.x", "2.x" },
		{ "{{.Spec.LIST}}.x", "<no value>.x" },
		{ "{{.Spec.DNSNames}}.x", "[c].x" },
		{ "{{.Spec.DnsNames}}.x", "<no value>.x" },
		{ "{{len .Spec}}.x", "6.x" },
		{ "{{.Status}}.x", "map[].x" },
		{ "{{.Status | toLower}}.x", "EXEC" },
		{ "{{printf \"%T\" .Spec}}.x", "map[string]interface {}.x" },
	};
	struct arena *mem = arena_new();
	const struct object *o = read_one(mem, "apiVersion: example.org/v1\n"
					       "kind: Widget\n"
					       "metadata: {name: w}\n"
					       "spec: {host: w.example.com, "
					       "list: [a, b], "
					       "dnsNames: [c]}\n");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_sv(rows[i].text,
			  fill(mem, o, TEMPLATE_PLAIN, rows[i].text),
			  sv_of(rows[i].want));
	arena_free(mem);
}

/* What would not end, or fill the memory, is refused. */
static void test_bounds(void **state)
{
	static const char *const rows[] = {
		"{{range 1000000000}}{{end}}",
		"{{range 100000}}{{range 100000}}{{end}}{{end}}",
		"{{range 90000}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{end}}",
		"{{range 90000}}{{printf \"%255s\" \"a\"}}{{end}}",
	};
	struct arena *mem = arena_new();
	const struct object *o = read_one(mem, ingress_text);
	char deep[4096] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_sv(rows[i], fill(mem, o, TEMPLATE_TYPED, rows[i]),
			  SV("EXEC"));
	for (size_t i = 0; i < 200; i++)
		strcat(deep, "{{if true}}");
	assert_sv("deep blocks", fill(mem, o, TEMPLATE_TYPED, deep),
		  SV("PARSE"));
	strcpy(deep, "{{");
	for (size_t i = 0; i < 200; i++)
		strcat(deep, "(");
	assert_sv("deep brackets", fill(mem, o, TEMPLATE_TYPED, deep),
		  SV("PARSE"));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ingress),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
