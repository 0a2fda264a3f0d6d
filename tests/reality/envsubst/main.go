// Flux' substitution engine, one text after another: a JSON line
// {"vars": {...}, "text": "..."} in, {"text": "..."} or {"error": "..."} out.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/envsubst"
)

type request struct {
	Vars map[string]string `json:"vars"`
	Text string            `json:"text"`
}

type answer struct {
	Text  string `json:"text,omitempty"`
	Error string `json:"error,omitempty"`
}

func evaluate(r request) answer {
	text, err := envsubst.Eval(r.Text, func(name string) (string, bool) {
		return r.Vars[name], true // as Flux without strict mode
	})
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Text: text}
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for {
		var r request
		if in.Decode(&r) != nil {
			return
		}
		if err := out.Encode(evaluate(r)); err != nil {
			os.Exit(1)
		}
	}
}
