// Rows for tests/unit/pattern_go.def: what Go's regexp says of patterns and
// texts, written by hand and at random (the seed is fixed).
//
//	go run . >../../unit/pattern_go.def
package main

import (
	"fmt"
	"math/rand"
	"regexp"
	"strings"
)

var hand = []string{
	`w\d{1,3}|x`, `^w12$`, `w12)|(?:x`, `a**`, `a{2}`, `a{,2}`, `a{2,}`,
	`(a{30}){34}`, `(a{25}){40}`, `a{1001}`, `(?i)W12`, `(?i:w)12`, `w1\x32`,
	`w\061`, `\w+`, `\W`, `[\w-]+`, `[\d-z]`, `[a-\d]`, `[]a]`, `[^]a]`,
	`[a`, `[]`, `[z-a]`, `[[:alpha:]]+`, `[[:^alpha:]]`, `[[:nope:]]`,
	`[[.a.]]`, `\v`, `[\v]`, `\s`, `\S`, `[\s]`, `[^\s]`, `[\S]`, `\pL`,
	`\p{L}`, `\p{Greek}`, `\p{^Lu}`, `\PL`, `\p{Xan}`, `\pX`,
	`\Qa.b\E`, `\Qa.b`, `\Q\E*`, `(?P<n>a)`, `(?<n>a)`, `(?P<n>a)(?P<n>b)`,
	`(?P<1>a)`, `(?P<>a)`, `(?P=n)`, `(?=a)`, `(?!a)`, `(?<=a)`, `(?>a)`,
	`(?#x)`, `(?x)a`, `(?)a`, `(?-)a`, `(?i-)a`, `(?i-s:a)`, `(?U)a+`,
	`(?m)^a$`, `(?s).`, `.`, `$`, `^`, `^*`, `\b*`, `(|a)*`, `()`, `(?:)*`,
	`|`, `a||b`, `*a`, `a|*`, `+`, `(`, `)`, `a\`, `\8`, `\1`, `\12`, `\0`,
	`\00`, `\x`, `\x1`, `\x{}`, `\x{41}`, `\x{110000}`, `\_`, `\-`, `\é`,
	`\e`, `\h`, `\K`, `\G`, `\Z`, `\z`, `\A`, `\B`, `\C`, `\R`, `\X`, `\cA`,
	`a?b??c*?d+?`, `a(?i)*`, `a*(?i)*`, `(?m)a$|^b`, `(?m:a$)b$`, `(?m)(?-m)a$`, `a{2}{3}`, `a{2}?`, `a???`, `{`, `}`, `{1}`, `x{`,
	`x{1`, `x{1,`, `x{a}`, `[{}]`, `a{0}`, `a{2,1}`, `é`, `[é-ü]`, `(?i)É`,
	"\xff", `a b`, `a#b`, `a\ b`, `\.`, `\/`, `"`, `'`, `\t`, "a\nb",
	`(*UTF)a`, `(*a)`, `(?|a)`, `(?R)`, `(?1)`, `(?&n)`, `\g1`, `\k<n>`,
	`[a-]`, `[-a]`, `[a-c-e]`, `[\-a]`, `[\]]`, `[\\]`, `[^^]`, `[&&]`,
	`[\Q]`, `[\b]`, `[\x41-\x43]`, `[\07]`, `[--/]`, `[+--]`, `[!-[:alpha:]]`,
}

var texts = []string{
	"", "a", "b", "ab", "aab", "w12", "w1", "W12", "x", "w12x", "abc",
	"aaaa", "a.b", "axb", "a-b", "1", "12", "é", "É", "ü", "α", " ", "\t",
	"\v", "\n", "a\nb", "a\n", "\na", "_", "-", "]", "[", "{", "x{", "x{,2}",
	"a{,2}", "A", "B", "Ab", "z", "^", "\\", "K", "\u212a", "a b", "\x01",
	"cab", "bcbc", "ba", "aabbcc", "\a",
}

var atoms = []string{
	"a", "b", "c", "w", "1", ".", `\d`, `\w`, `\s`, `[ab]`, `[^a]`, `[a-c]`,
	`[\d_]`, `\.`, "-", `\b`, `^`, `$`, `(?i)`, "", `\x61`, `[[:digit:]]`,
	`\PL`, `\S`, "_", "{", `[\s\S]`,
}
var repeats = []string{"", "", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{,2}", "{0,1}", "{3"}

func random(r *rand.Rand, depth int) string {
	var b strings.Builder
	for n := 1 + r.Intn(3); n > 0; n-- {
		switch k := r.Intn(10); {
		case k < 2 && depth > 0:
			b.WriteString([]string{"(", "(?:", "(?i:", "(?s-i:"}[r.Intn(4)])
			b.WriteString(random(r, depth-1))
			b.WriteString(")")
		case k < 3 && depth > 0:
			b.WriteString("|")
		default:
			b.WriteString(atoms[r.Intn(len(atoms))])
			// Go repeats what stands before the flags, even twice.
			if strings.HasSuffix(b.String(), "(?i)") {
				continue
			}
		}
		b.WriteString(repeats[r.Intn(len(repeats))])
	}
	return b.String()
}

// The bits of the texts that match, or "no" where Go refuses the pattern.
func verdict(pattern string) string {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return "NULL"
	}
	var b strings.Builder
	for _, t := range texts {
		if re.MatchString(t) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return `"` + b.String() + `"`
}

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\\' || c == '?':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c > 0x7e:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + `"`
}

func main() {
	fmt.Println("/* Made by tests/e2e/regexp: what Go's regexp says. */")
	for _, t := range texts {
		fmt.Printf("TEXT(%s)\n", quote(t))
	}
	r := rand.New(rand.NewSource(1))
	all := append([]string{}, hand...)
	for len(all) < 1000 {
		all = append(all, random(r, 3))
	}
	for _, p := range all {
		fmt.Printf("ROW(%s, %s)\n", quote(p), verdict(p))
	}
}
