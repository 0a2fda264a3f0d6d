package main

import (
	"fmt"
	"strings"
)

// Templates of every rule and function, recorded for `make test`.
var rows = []string{
	`{{.s}}`, `{{.missing}}`, `{{.missing.deeper}}`, `{{.null}}`, `{{.null.x}}`, `{{.n}} {{.big}} {{.frac}} {{.yes}}`, `{{.list}} {{.map}}`,
	`{{index .labels "app.kubernetes.io/name"}}`, `{{index .list 1}}`, `{{index .list 9}}`, `{{(index .items 0).name}}`, `{{.s.x}}`,
	`{{if .empty}}a{{else if .zero}}b{{else}}c{{end}}`, `{{with .map}}{{.a}}{{end}}`, `{{with .missing}}a{{else}}b{{end}}`,
	`{{range .list}}{{.}},{{end}}`, `{{range $i, $e := .list}}{{$i}}{{$e}}{{end}}`, `{{range $k, $v := .map}}{{$k}}{{end}}`, `{{range .none}}a{{else}}b{{end}}`,
	`{{range .list}}{{if eq . "y"}}{{continue}}{{end}}{{if eq . "z"}}{{break}}{{end}}{{.}}{{end}}`, `{{range 3}}{{.}}{{end}}`, `{{range .s}}{{end}}`, `{{break}}`,
	`{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}`, `{{$x}}`, `{{if true}}{{$x := 1}}{{end}}{{$x}}`,
	`{{define "a"}}<{{.}}>{{end}}{{template "a" .s}}{{template "a"}}`, `{{template "b" .}}`, `{{block "c" .s}}[{{.}}]{{end}}`, `{{define "a"}}1{{end}}{{define "a"}}2{{end}}{{template "a"}}`,
	`{{define "r"}}{{template "r"}}{{end}}`, `a {{- "b" -}} c`, `a {{/* c */ -}} b`, `{{/* c */ }}`, `{{ /* c */}}`, `{{"a}}"}}`, "{{`raw`}}", `{{'a'}}`, `{{1.5}} {{0x10}} {{1e3}}`, `{{}}`, `{{end}}`, `{{nil}}`, `{{.a`,
	`{{and .s .empty}}|{{or .empty .s}}`, `{{not .s}}`, `{{eq .s "a" "Web-App"}}`, `{{lt 1 2}}{{ge "b" "a"}}`, `{{eq 1 "a"}}`, `{{len .s}} {{len .list}} {{len .map}}`, `{{len 3}}`,
	`{{print "a" 1 2 "b"}}`, `{{println "a"}}`, `{{printf "%s-%d|%5s|%-5s|%05d|%q" "a" 1 "b" "c" 7 "d"}}`, `{{printf "%d" "a"}}`, `{{printf "%[2]s%[1]s" "a" "b"}}`, `{{html "<a>"}}{{js "'"}}{{urlquery "a b"}}`,
	`{{.s | lower | trunc 3 | upper}}`, `{{title "web app"}}`, `{{untitle "Web"}}`, `{{trim .spaced}}`, `{{trimAll "-" "--a--"}}`, `{{trimPrefix "Web" .s}}{{trimSuffix "App" .s}}`,
	`{{replace "." "-" .dotted}}`, `{{substr 0 3 .s}}`, `{{substr 5 99 .s}}`, `{{repeat 3 "ab"}}`, `{{repeat -1 "a"}}`, `{{nospace .spaced}}`, `{{abbrev 5 .host}}`, `{{quote .s .n .null}}`, `{{squote .s}}`, `{{cat "a" 1 .null "b"}}`,
	`{{indent 2 .line}}`, `{{nindent 2 .line}}`, `{{plural "one" "many" 1}}`, `{{contains "b" "abc"}}{{hasPrefix "a" "abc"}}{{hasSuffix "c" "abc"}}`, `{{toString .frac}}`, `{{lower .n}}`, `{{lower .missing}}`,
	`{{default "d" .empty}}{{default "d" .s}}{{default "d" .missing}}`, `{{coalesce .empty .zero .s}}`, `{{ternary "a" "b" .yes}}`, `{{.yes | ternary "a" "b"}}`, `{{empty .none}}`, `{{all 1 .s}}{{any 0 ""}}`, `{{fail "no"}}`,
	`{{add 1 2 .n}} {{sub 5 2}} {{mul 2 3 4}} {{div 7 2}} {{mod 7 2}}`, `{{div 1 0}}`, `{{max 1 5 2}}{{min 4 2}}`, `{{floor 2.7}} {{ceil 2.1}} {{round 2.345 2}}`, `{{int "042"}} {{int64 "7"}} {{float64 "1.5"}} {{atoi "x"}}`, `{{until 3}} {{untilStep 0 6 2}} {{seq 3}} {{seq 2 -1}}`,
	`{{list 1 "a" .yes}}`, `{{first .list}}{{last .list}}`, `{{rest .list}}{{initial .list}}`, `{{first .none}}`, `{{first .s}}`, `{{append .list "n"}}{{prepend .list "n"}}`, `{{concat .list .nums}}`, `{{reverse .nums}}`, `{{uniq .list}}`, `{{compact .mixed}}`, `{{without .list "x"}}`, `{{has "y" .list}}`, `{{slice .list 1 3}}`, `{{chunk 2 .list}}`,
	`{{join "-" .list}}`, `{{join "," .s}}`, `{{sortAlpha .list}}`, `{{splitList "." .dotted}}`, `{{(split "." .dotted)._1}}`, `{{(splitn "." 2 .dotted)._1}}`, `{{splitList "" "ab"}}`,
	`{{dict "a" 1 "b"}}`, `{{get .map "a"}}|{{get .map "zz"}}`, `{{hasKey .map "a"}}`, `{{$d := dict "a" 1}}{{set $d "b" 2}}{{unset $d "a"}}`, `{{keys .map | sortAlpha}}`, `{{pick .map "a"}}{{omit .map "b" "e"}}`, `{{merge (dict "a" "x") .map}}`, `{{mergeOverwrite (dict "a" "x") .map}}`, `{{values (dict "a" 1)}}`, `{{pluck "a" .map (dict "a" 2)}}`,
	`{{dig "b" "c" "none" .map}}`, `{{dig "b" "zz" "none" .map}}`, `{{dig "a" "zz" "none" .map}}`, `{{deepCopy .map}}`, `{{toJson .map}}`, `{{toJson "<a>"}}{{toRawJson "<a>"}}`, `{{(fromJson .json).h}}`, `{{fromJson "{"}}`, `{{mustFromJson "{"}}`, `{{fromJson "{a: 1}"}}`,
	`{{b64enc "hello"}}{{b64dec .b64}}`, `{{sha256sum "a"}}`, `{{kindOf .list}} {{kindOf .n}} {{typeOf .map}} {{kindIs "string" .s}}`, `{{deepEqual .list .list}}`, `{{base "a/b.c"}} {{ext "a/b.c"}}`,
	`{{regexMatch "^[a-z]+$" "abc"}}`, `{{regexFind "[0-9]+" "a12b3"}}`, `{{regexFindAll "[0-9]" "a1b2c3" 2}}`, `{{regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W"}}`, `{{regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W"}}`, `{{regexReplaceAllLiteral "[.]" .dotted "$1"}}`, `{{regexSplit "[.]" .dotted -1}}`, `{{regexQuoteMeta "a.b"}}`, `{{regexFind "(" "a"}}`, `{{regexReplaceAll "x*" "abc" "-"}}`,
	`{{unknown .s}}`, `{{dict.a}}`, `{{list.x}}`, `{{len .s.x}}`, `{{(dict "a" "b").a}}`, `{{lower}}`, `{{lower "a" "b"}}`, `{{trunc "a" "b"}}`, `{{.map | join ","}}`,
}

func record() {
	for _, text := range rows {
		for _, missing := range []string{"default", "zero", "error"} {
			want, err := fill(text, missing)
			if missing != "default" && !strings.Contains(text, "missing") {
				continue
			}
			if err != nil {
				fmt.Printf("ROW(%s, %s, NULL)\n", quoted(text), strings.ToUpper(missing))
			} else {
				fmt.Printf("ROW(%s, %s, %s)\n", quoted(text), strings.ToUpper(missing), quoted(want))
			}
		}
	}
}

// A literal of C.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
