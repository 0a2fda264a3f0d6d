// gotemplate: the rows of tests/unit/template_go.def.
//
// gotemplate SEED COUNT PROGRAM: generated templates through Go's text/template
// with Masterminds/sprig, and through PROGRAM (tests/e2e/fill_template.c): the
// same text, or both refuse.  Ends with a line of counts; exit 1 where one
// differs.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

const data = `{
 "s": "Web-App", "empty": "", "dotted": "a.b.c", "spaced": "  two words ",
 "host": "shop.example.com", "num": "42", "uni": "Größe ß", "line": "one\ntwo",
 "n": 3, "zero": 0, "neg": -7, "big": 1500000, "frac": 2.5,
 "yes": true, "no": false, "null": null,
 "list": ["x", "y", "x", "z"], "nums": [3, 1, 2], "none": [],
 "mixed": ["a", 1, true, null, {"k": "v"}],
 "map": {"a": "one", "b": {"c": "two", "d": [1, 2]}, "e": ""},
 "labels": {"team": "blue", "app.kubernetes.io/name": "web"},
 "items": [{"name": "p", "port": 80}, {"name": "q", "port": 443, "tls": true}],
 "json": "{\"h\": [\"h1\", \"h2\"], \"n\": 1}", "b64": "aGVsbG8="
}`

type gen struct{ *rand.Rand }

func (g gen) pick(s ...string) string { return s[g.Intn(len(s))] }

func (g gen) literal() string {
	return g.pick(`"a"`, `"b-c"`, "`raw`", `"."`, `""`, `"x.y"`, `"-"`, `"Zed"`, `"1"`, `"\t"`, `"ü"`)
}

// An expression of a kind; now and then one of another.
func (g gen) expr(kind byte, depth int) string {
	if g.Intn(40) == 0 {
		kind = "silmba"[g.Intn(6)]
	}
	if depth <= 0 {
		return g.leaf(kind)
	}
	forms := functions[kind]
	if g.Intn(3) == 0 {
		return g.leaf(kind)
	}
	return g.call(forms[g.Intn(len(forms))], depth)
}

// "trunc i s": a function and the kinds of its arguments; sometimes the last
// comes through a pipe.
func (g gen) call(form string, depth int) string {
	words := strings.Fields(form)
	args := words[1:]
	if g.Intn(60) == 0 && len(args) > 0 {
		args = args[:len(args)-1]
	}
	out := words[0]
	piped := ""
	for i, a := range args {
		var e string
		kind := len(a) == 1 && strings.Contains("silmba", a)
		if kind {
			e = g.expr(a[0], depth-1)
		} else {
			e = a
		}
		if kind && i == len(args)-1 && g.Intn(3) == 0 {
			piped = e
			break
		}
		out += " " + e
	}
	if piped != "" {
		return "(" + strings.TrimSuffix(strings.TrimPrefix(piped, "("), ")") + " | " + out + ")"
	}
	return "(" + out + ")"
}

var leaves = map[byte][]string{
	's': {".s", ".empty", ".dotted", ".spaced", ".host", ".num", ".uni", ".line", ".map.a", ".labels.team", `(index .labels "app.kubernetes.io/name")`, "$.s"},
	'i': {"1", "2", "0", "-1", "5", "3", "(len .list)", "(int .n)", "10"},
	'a': {".s", ".n", ".yes", ".null", ".list", ".map", ".missing", ".frac", ".big", ".map.missing", ".nums", ".zero", ".mixed", "nil"},
	'l': {".list", ".nums", ".none", ".mixed", ".map.b.d", ".items", "(list)", "(list 1 \"x\" true)"},
	'm': {".map", ".labels", ".map.b", "(dict \"k\" \"v\" \"n\" 1)", ".missing", "(dict)", "."},
	'b': {".yes", ".no", "true", "false", "(eq 1 1)", "(not .s)"},
}

func (g gen) leaf(kind byte) string {
	if kind == 's' && g.Intn(3) == 0 {
		return g.literal()
	}
	return leaves[kind][g.Intn(len(leaves[kind]))]
}

var functions = map[byte][]string{
	's': {
		"lower s", "upper s", "title s", "untitle s", "swapcase s", "trim s", "trimAll s s", "trimPrefix s s", "trimSuffix s s",
		"replace s s s", "trunc i s", "substr i i s", "abbrev i s", "repeat i s", "nospace s", "quote a", "squote a a", "cat a a",
		"indent i s", "nindent i s", "plural s s i", "toString a", "join s l", "join s a", "first l", "last l", "default s a", "default a s", "coalesce a a s",
		"ternary s s b", "printf \"%s-%v\" s a", "printf \"%d\" i", "printf \"%05.1f|%v|%q\" a i s", "printf \"%x|%X\" \"hex\" \"up\"", "printf \"%[2]s %[1]s\" s s", "printf \"%-8s|%8s\" s s",
		"toJson a", "toRawJson a", "b64enc s", "sha256sum s", "sha1sum s", "regexReplaceAll \"[aeiou](.)\" s \"<$1>\"", "regexReplaceAll \"x*\" s \"-\"",
		"regexReplaceAllLiteral \"[^a-z]\" s s", "regexFind \"[a-z]+\" s", "regexQuoteMeta s", "get m s", "get m \"a\"", "dig \"b\" \"c\" \"dflt\" m", "dig \"b\" \"zz\" s m",
		"kindOf a", "typeOf s", "base s", "ext s", "index m \"a\"", "print a a", "println s", "html s", "urlquery s", "js s", "slice (list s s s) i", "seq i", "seq i i",
		"index l i", "lower a", "b64dec \"aGVsbG8=\"",
	},
	'i': {"len s", "len l", "int a", "atoi s", "len m", "index .nums i"},
	'a': {
		"add a a", "sub a a", "mul i a", "div i a", "mod a i", "max i a", "min a i", "add1 a", "int64 a", "float64 a", "floor a", "ceil a", "round a i", "biggest i i",
		"first l", "last l", "coalesce a a", "default a a", "ternary a a b", "fromJson s", "fromJson \"{\\\"a\\\": [1, 2.5, null]}\"", "get m s", "index m s", "deepCopy m", "and a a", "or a a s", "list a s", "dict s a", "pick m s \"a\"", "omit m \"a\" s", "merge (dict \"z\" 1) m", "mergeOverwrite (dict \"a\" \"zz\") m",
	},
	'l': {
		"list a s i", "splitList s s", "splitList \".\" s", "sortAlpha l", "reverse l", "uniq l", "compact l", "without l s a", "append l a", "prepend l s", "concat l l",
		"rest l", "initial l", "slice l i", "slice l i i", "until i", "untilStep i i i", "toStrings l", "keys (dict s a)", "sortAlpha (keys m)", "values (dict \"k\" a)", "pluck s m m",
		"regexFindAll \"[a-z]\" s i", "regexSplit \"[.-]\" s -1", "regexSplit \"\" s i", "chunk 2 l", "tuple s a",
	},
	'm': {
		"dict s a s a", "pick m \"a\" s", "omit m s", "merge (dict) m m", "set (dict s a) s a", "unset (dict \"a\" 1 \"b\" 2) s", "split s s", "splitn \".\" i s", "deepCopy m",
		"fromJson .json", "mergeOverwrite (dict \"b\" (dict \"q\" 1)) m",
	},
	'b': {
		"eq s s", "ne i i", "lt i i", "ge i i", "gt s s", "le a a", "not a", "empty a", "contains s s", "hasPrefix s s", "hasSuffix s s", "has a l", "hasKey m s", "kindIs \"string\" a",
		"typeIs \"string\" a", "regexMatch \"^[a-z]+$\" s", "and b b", "or b b", "deepEqual a a", "all a b", "any a b", "eq a a", "isAbs s", "empty l",
	},
}

func (g gen) action(expr string) string {
	return g.pick("{{", "{{ ", "{{- ", "{{") + strings.TrimSpace(expr) + g.pick("}}", " }}", " -}}")
}

func (g gen) block(depth, vars int) string {
	out := ""
	for i := 0; i <= g.Intn(3); i++ {
		out += g.pick("", "a ", "-", ".", " \n ", "text")
		if depth <= 0 {
			out += g.action(g.expr("sssia"[g.Intn(5)], 1))
			continue
		}
		out += g.step(depth, vars)
	}
	return out
}

func (g gen) step(depth, vars int) string {
	inner := func() string { return g.block(depth-1, vars) }
	v := fmt.Sprintf("$v%d", vars)
	switch g.Intn(14) {
	case 0:
		return g.action("if "+g.expr('b', 2)) + inner() + g.action("else if "+g.expr('a', 1)) + inner() + g.action("else") + inner() + g.action("end")
	case 1:
		return g.action("if "+g.expr('a', 2)) + inner() + g.action("end")
	case 2:
		return g.action("with "+g.expr('s', 2)) + "[{{.}}]" + g.action("else") + inner() + g.action("end")
	case 3:
		return g.action("range "+g.expr('l', 2)) + "({{.}})" + g.pick("", "{{break}}", `{{if eq "x" (toString .)}}{{continue}}{{end}}+`) + g.action("else") + inner() + g.action("end")
	case 4:
		return g.action("range $i, $e := "+g.expr('l', 1)) + "{{$i}}={{$e}};" + g.action("end")
	case 5:
		return g.action("range $k, $e := "+g.expr('m', 1)) + "{{$k}}={{$e}};" + g.action("end")
	case 6:
		return g.action(v+" := "+g.expr("sail"[g.Intn(4)], 2)) + "{{" + v + "}}" + g.pick("", g.action(v+" = "+g.expr('s', 1))+"{{"+v+" | toString | quote}}")
	case 7:
		return g.action("/* a comment */")
	case 8:
		name := g.pick("one", "two")
		return `{{template "` + name + `" ` + g.expr('a', 1) + `}}`
	case 9:
		return `{{block "three" ` + g.expr('s', 1) + `}}<{{.}}>{{end}}`
	case 10:
		return "{{range .items}}{{.name}}:{{.port}}{{if .tls}}s{{end}} {{end}}"
	}
	return g.action(g.expr("sssaiblm"[g.Intn(8)], 3))
}

func (g gen) template() string {
	out := ""
	if g.Intn(2) == 0 {
		out = `{{define "one"}}1:{{.}}{{end}}{{define "two"}}2{{if .}}:{{. | toString | upper}}{{end}}{{end}}`
	}
	return out + g.block(2, 0)
}

func fill(text, missing string) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var dot interface{}
	if err := json.Unmarshal([]byte(data), &dot); err != nil {
		panic(err)
	}
	t, err := template.New("t").Funcs(sprig.TxtFuncMap()).Option("missingkey=" + missing).Parse(text)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, dot)
	return b.String(), err
}

type program struct {
	in  io.Writer
	out *bufio.Reader
}

func (p program) fill(text, missing string) (string, bool) {
	fmt.Fprintf(p.in, "%s %d %d\n%s%s", missing, len(text), len(data), text, data)
	line, err := p.out.ReadString('\n')
	if err != nil {
		fmt.Fprintf(os.Stderr, "gotemplate: the program ended at %q\n", text)
		os.Exit(1)
	}
	words := strings.Fields(line)
	n, _ := strconv.Atoi(words[1])
	b := make([]byte, n)
	io.ReadFull(p.out, b)
	return string(b), words[0] == "1"
}

// Three functions of goutils, which sprig calls, break what is not ASCII.
func broken(text string) bool {
	ascii := strings.IndexFunc(text, func(r rune) bool { return r > 0x7f }) < 0 && !strings.Contains(text, ".uni")
	for _, name := range []string{"nospace", "untitle", "swapcase"} {
		if strings.Contains(text, name) && !ascii {
			return true
		}
	}
	return false
}

func main() {
	if len(os.Args) < 4 {
		record()
		return
	}
	seed, _ := strconv.ParseInt(os.Args[1], 10, 64)
	count, _ := strconv.Atoi(os.Args[2])
	cmd := exec.Command(os.Args[3])
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	p := program{in, bufio.NewReader(out)}
	g := gen{rand.New(rand.NewSource(seed))}
	filled, refused, bounded, differ := 0, 0, 0, 0
	for i := 0; i < count; i++ {
		text := g.template()
		for broken(text) {
			text = g.template()
		}
		missing := g.pick("default", "zero", "error")
		want, err := fill(text, missing)
		have, ok := p.fill(text, missing)
		switch {
		case err != nil && !ok:
			refused++
		case err == nil && ok && want == have:
			filled++
		// Bounds of ours; Go also slices into what a list has room for.
		case err == nil && !ok && (strings.HasPrefix(have, "more than ") || strings.HasPrefix(have, "indent: ") || have == "slice out of range"):
			bounded++
		default:
			differ++
			if differ <= 20 {
				fmt.Printf("case %d missingkey=%s: %q\n  Go:   %q %v\n  here: %q\n", i, missing, text, want, err, have)
			}
		}
	}
	in.Close()
	fmt.Printf("%d templates: %d filled alike, %d refused by both, %d over a bound, %d differ\n", count, filled, refused, bounded, differ)
	if err := cmd.Wait(); err != nil || differ > 0 {
		os.Exit(1)
	}
}
