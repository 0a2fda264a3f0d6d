// What the YAML decoder of Kubernetes makes of texts.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	k8syaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// yamlAll records the last column of a table of texts again, and prints it.
func yamlAll(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: external-dns-judge yaml TABLE")
	}
	table, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(table)) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if line[0] != '#' && len(columns) == 4 {
			columns[3] = decoded(unescape(columns[2]))
		}
		fmt.Println(strings.Join(columns, "\t"))
	}
	return nil
}

// unescape: \n, \r, \t, \\ and \xHH.
func unescape(text string) string {
	out := strings.Builder{}
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out.WriteByte(text[i])
			continue
		}
		i++
		if at := strings.IndexByte("nrt\\", text[i]); at >= 0 {
			out.WriteByte("\n\r\t\\"[at])
			continue
		}
		b, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			panic(err)
		}
		out.WriteByte(byte(b))
		i += 2
	}
	return out.String()
}

// decoded is what kubectl reads: documents parted by tabs, then "error" where
// there was one, or "none".
func decoded(text string) string {
	found := []string{}
	in := k8syaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	for {
		raw := runtime.RawExtension{}
		err := in.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			found = append(found, "error")
			break
		}
		document := bytes.TrimSpace(raw.Raw)
		if len(document) > 0 && string(document) != "null" {
			found = append(found, canonical(document))
		}
	}
	if len(found) == 0 {
		return "none"
	}
	return strings.Join(found, "\t")
}

// canonical: keys sorted and once, numbers in Go's shortest form.
func canonical(document []byte) string {
	var value any
	in := json.NewDecoder(bytes.NewReader(document))
	in.UseNumber()
	if err := in.Decode(&value); err != nil {
		return "error"
	}
	out := bytes.Buffer{}
	text := json.NewEncoder(&out)
	text.SetEscapeHTML(false)
	if err := text.Encode(shortest(value)); err != nil {
		return "error"
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func shortest(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = shortest(v[key])
		}
	case []any:
		for i := range v {
			v[i] = shortest(v[i])
		}
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		if n, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	}
	return value
}

// A rule of tests/data/yaml-scalars.tsv.
type rule struct {
	plain   bool
	pattern *regexp.Regexp
	of      string
	base    int
}

// scalarsAll compares the rules with the decoder, over as many random scalars.
func scalarsAll(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: external-dns-judge scalars TABLE SEED COUNT")
	}
	rules, err := readRules(args[0])
	if err != nil {
		return err
	}
	seed, _ := strconv.ParseUint(args[1], 10, 64)
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	d, wrong := newDice(seed, 0), 0
	for range count {
		text := d.scalar()
		if got, want := bySome(rules, text), byDecoder(text); got != want {
			fmt.Printf("DIFFERS %q: the rules say %s, the decoder %s\n",
				text, got, want)
			wrong++
		}
	}
	fmt.Printf("%d scalars, %d differ\n", count, wrong)
	if wrong > 0 || count == 0 {
		return errors.New("the rules are not those of the decoder")
	}
	return nil
}

func readRules(path string) ([]rule, error) {
	table, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rules := []rule{}
	for line := range strings.Lines(string(table)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if line[0] == '#' || len(columns) != 4 {
			continue
		}
		pattern, err := regexp.CompilePOSIX(columns[1])
		if err != nil {
			return nil, err
		}
		base, _ := strconv.Atoi(columns[3])
		rules = append(rules, rule{columns[0] == "plain", pattern,
			columns[2], base})
	}
	return rules, nil
}

// Words that a scalar may be, begin with, or end in.
var scalarWords = []string{"null", "Null", "~", "y", "Yes", "on", "OFF", "true",
	".inf", "-.Inf", ".nan", "0x", "0o", "0b", "0", "1e", "1_", "_", "+", "-",
	".", "9223372036854775807", "18446744073709551616", "1e400", "e", "E+", "no"}

func (d dice) scalar() string {
	text := ""
	for text == "" || text == "-" || text == "---" || text == "..." {
		text = ""
		for range 1 + d.IntN(3) {
			if d.often(40) {
				text += one(d, scalarWords)
			}
			for range d.IntN(5) {
				text += string("0123456789+-._eExXoObBaAfFnNyY"[d.IntN(30)])
			}
		}
	}
	return text
}

// bySome is the answer of the first rule that matches and whose value fits.
func bySome(rules []rule, text string) string {
	plain := strings.ReplaceAll(text, "_", "")
	for _, r := range rules {
		on := text
		if r.plain {
			on = plain
		}
		if !r.pattern.MatchString(on) {
			continue
		}
		if answer, ok := r.value(text, plain); ok {
			return answer
		}
	}
	return "no rule"
}

func (r rule) value(text, plain string) (string, bool) {
	switch r.of {
	case "int":
		return whole(plain, r.base)
	case "float":
		f, err := strconv.ParseFloat(plain, 64)
		return "number " + strconv.FormatFloat(f, 'g', -1, 64), err == nil
	case "string":
		return "string " + text, true
	}
	return r.of, true
}

func whole(plain string, base int) (string, bool) {
	digits := strings.TrimLeft(plain, "+-")
	if base != 10 && len(digits) > 1 && strings.ContainsRune("xXoObB",
		rune(digits[1])) {
		digits = digits[2:]
	}
	negative := plain[0] == '-' || digits[0] == '-'
	n, err := strconv.ParseUint(strings.TrimLeft(digits, "+-"), base, 64)
	if err != nil || negative && n > 1<<63 {
		return "", false
	}
	f := float64(n)
	if negative && n > 0 {
		f = -f
	}
	return "number " + strconv.FormatFloat(f, 'g', -1, 64), true
}

// byDecoder has no infinity and no NaN: JSON has none.
func byDecoder(text string) string {
	value := map[string]any{}
	if err := yaml.Unmarshal([]byte("a: "+text), &value); err != nil {
		if strings.Contains(err.Error(), "unsupported value") {
			return "infinite"
		}
		return "error " + err.Error()
	}
	switch v := value["a"].(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		if math.IsInf(v, 0) {
			return "infinite"
		}
		return "number " + strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return "string " + v
	}
	return fmt.Sprintf("%T", value["a"])
}
