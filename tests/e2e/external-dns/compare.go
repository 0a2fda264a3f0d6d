// Asks ExternalDNS and zoneloom the same, and says where they differ.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// reason is a row of differs.tsv: what a difference looks like, and why it is
// right that there is one.
type reason struct {
	looks *regexp.Regexp
	why   string
	used  int
	cases []string // the first of them
}

type comparison struct {
	zoneloom string
	seed     uint64
	keep     string
	shrinks  int
	sync.Mutex
	reasons []*reason
	sources map[string]*tally
}

// tally of the cases of a source; full: those of which records came.
type tally struct{ same, random, parts, excused, differ, full, refused int }

// How our answer is one of ExternalDNS', which differ among themselves.
type chance int

const (
	never   chance = iota
	entire         // it gave this very answer
	inParts        // it gave each record set of it, in one answer or another
)

type difference struct {
	question
	looks  string
	theirs answer
	random chance
}

func compareAll(args []string) error {
	c := comparison{sources: map[string]*tally{}}
	set := flag.NewFlagSet("compare", flag.ContinueOnError)
	set.StringVar(&c.zoneloom, "zoneloom", "zoneloom", "the program to compare")
	set.StringVar(&c.keep, "keep", "", "folder for the cases that differ")
	set.IntVar(&c.shrinks, "shrink", 20, "as many of them are made smaller")
	seed := set.Uint64("seed", 1, "of the generator")
	count := set.Int("count", 1000, "cases")
	first := set.Int("first", 0, "number of the first case")
	only := set.String("source", "", "cases of this source only")
	reasons := set.String("differs", "", "differences that have a reason")
	all := set.Bool("all", false, "every reason must still be one")
	if err := set.Parse(args); err != nil {
		return err
	}
	c.seed = *seed
	var err error
	if c.zoneloom, err = exec.LookPath(c.zoneloom); err != nil {
		return err
	}
	if c.zoneloom, err = filepath.Abs(c.zoneloom); err != nil {
		return err
	}
	if err := c.readReasons(*reasons); err != nil {
		return err
	}
	found := c.run(*first, *count, *only)
	c.shrinkAll(found)
	for _, d := range found {
		if err := c.report(d); err != nil {
			return err
		}
	}
	return c.close(*all)
}

// readReasons takes the rows of a table whose first word is between slashes.
func (c *comparison) readReasons(path string) error {
	if path == "" {
		return nil
	}
	table, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(table)) {
		looks, why, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if len(looks) < 2 || looks[0] != '/' || !strings.HasSuffix(looks, "/") {
			continue
		}
		pattern, err := regexp.Compile(looks[1 : len(looks)-1])
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.reasons = append(c.reasons, &reason{looks: pattern, why: why})
	}
	return nil
}

// run returns the differences without a reason.
func (c *comparison) run(first, count int, only string) []*difference {
	numbers, found := make(chan int), []*difference{}
	work := sync.WaitGroup{}
	for range atOnce {
		work.Go(func() {
			for i := range numbers {
				if d := c.try(i); d != nil {
					c.Lock()
					found = append(found, d)
					c.Unlock()
				}
			}
		})
	}
	for i := first; i < first+count; i++ {
		source := sourcesTried[i%len(sourcesTried)].source
		if only == "" || source == only {
			numbers <- i
		}
	}
	close(numbers)
	work.Wait()
	slices.SortFunc(found, func(a, b *difference) int {
		return strings.Compare(a.ID, b.ID)
	})
	return found
}

// try counts a case; nil where nothing is to be said of it.
func (c *comparison) try(i int) *difference {
	q := generate(c.seed, i)
	theirs := ask(q)
	d := c.differ(q, theirs)
	var because *reason
	if d != nil && d.random == never {
		because = c.reasonOf(d)
	}
	c.Lock()
	defer c.Unlock()
	source := sourcesTried[i%len(sourcesTried)].source
	t := c.sources[source]
	if t == nil {
		t = &tally{}
		c.sources[source] = t
	}
	if theirs.Error != "" {
		t.refused++
	} else if len(theirs.Records) > 0 {
		t.full++
	}
	switch {
	case d == nil:
		t.same++
		return nil
	case d.random == entire:
		t.random++
		return nil
	case d.random == inParts:
		t.parts++
		return nil
	case because != nil:
		because.used++
		if len(because.cases) < 3 {
			because.cases = append(because.cases, d.ID)
		}
		t.excused++
		return nil
	}
	t.differ++
	return d
}

func (c *comparison) reasonOf(d *difference) *reason {
	for _, r := range c.reasons {
		if r.looks.MatchString(d.looks) {
			return r
		}
	}
	return nil
}

// ExternalDNS is asked again before a difference counts: its maps have no
// order, and what it says of one case can change from run to run.
const askedAgain = 80

func (c *comparison) differ(q question, theirs answer) *difference {
	ours := c.ask(q)
	looks := unlike(q, theirs, ours)
	if looks == "" {
		return nil
	}
	d := &difference{question: q, looks: looks, theirs: theirs}
	answers, without := []answer{theirs}, []answer{}
	mended := q
	mended.mended = true
	for range askedAgain {
		again := ask(q)
		if unlike(q, again, ours) == "" {
			d.random = entire
			return d
		}
		answers = append(answers, again)
		again = ask(mended)
		if unlike(q, again, ours) == "" {
			d.looks = "properties of its own: " + looks
			return d
		}
		without = append(without, again)
	}
	switch {
	case strings.HasPrefix(looks, roundTrip):
	case partsOf(answers, ours):
		d.random = inParts
	case partsOf(without, ours):
		d.looks = "properties of its own, in parts: " + looks
	}
	return d
}

// unlike says what is wrong with our answer if theirs is the right one.
func unlike(q question, theirs, ours answer) string {
	looks := compare(theirs, ours)
	if looks == "" && theirs.Error == "" {
		looks = restless(q, theirs, ours)
	}
	return looks
}

// partsOf: is each record set of ours, and each that we lack, so in one of the
// answers?  Where many names are random at once, no answer comes twice.
func partsOf(answers []answer, ours answer) bool {
	if ours.Error != "" {
		return false
	}
	names, sets := map[string]bool{}, []map[string]string{}
	for _, a := range append([]answer{ours}, answers...) {
		set := map[string]string{}
		for _, r := range a.Records {
			name := fmt.Sprintf("%q %s %q", r.Name, r.Type, r.Identifier)
			set[name] += r.seen() + "\n"
			names[name] = true
		}
		if a.Error == "" {
			sets = append(sets, set)
		}
	}
	for name := range names {
		if !slices.ContainsFunc(sets[1:], func(s map[string]string) bool {
			return s[name] == sets[0][name]
		}) {
			return false
		}
	}
	return len(sets) > 1
}

const roundTrip = "round trip: "

// restless says what ExternalDNS would do to our records, unless it would do so
// to its own.
func restless(q question, theirs, ours answer) string {
	cfg, err := parseFlags(q.Flags)
	if err != nil {
		return err.Error()
	}
	verdict, what, err := settle(cfg, ours.Records, theirs.Endpoints)
	if err != nil {
		return err.Error()
	}
	if verdict != "change" {
		return ""
	}
	// Of names that differ in case only, its maps choose one; settle() has the
	// other for ExternalDNS' own.
	own, err := todo(cfg, &zone{records: endpoints(theirs.Records)},
		endpoints(theirs.Endpoints))
	if err == nil && strings.Join(own, "; ") == what {
		return ""
	}
	return roundTrip + what
}

// The program forks: more at once than processors only wait.
var forks = make(chan bool, runtime.NumCPU())

func (c *comparison) ask(q question) answer {
	forks <- true
	defer func() { <-forks }()
	args := append([]string{"list", "-o", "jsonl", "--compat=external-dns",
		"--stdin"}, q.Flags...)
	command := exec.Command(c.zoneloom, args...)
	command.Dir = os.TempDir()
	command.Stdin = strings.NewReader(q.Manifests)
	out, said := bytes.Buffer{}, bytes.Buffer{}
	command.Stdout, command.Stderr = &out, &said
	err := command.Run()
	ended := &exec.ExitError{}
	if err != nil && !errors.As(err, &ended) {
		panic(err)
	}
	a := answer{ID: q.ID}
	if status := command.ProcessState.ExitCode(); status != 0 {
		a.Error = fmt.Sprintf("exit %d: %s", status, wrong(said.String()))
		if status == 2 && out.Len() > 0 {
			a.Error = "printed and refused: " + a.Error
		}
		return a
	}
	records, err := decode(&out)
	if err != nil {
		a.Error = "printed no JSON lines: " + err.Error()
	}
	a.Records = records
	return a
}

// wrong is the first line that tells of more than a warning.
func wrong(said string) string {
	for line := range strings.Lines(said) {
		if !strings.Contains(line, "warning: ") {
			return strings.TrimSpace(line)
		}
	}
	return said
}

func decode(in io.Reader) ([]record, error) {
	found, lines := []record{}, json.NewDecoder(in)
	for {
		r := record{}
		err := lines.Decode(&r)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
}

// seen is what counts of a record, as a line.
func (r record) seen() string {
	properties, _ := json.Marshal(r.Properties)
	if len(r.Properties) == 0 {
		properties = []byte("{}")
	}
	return fmt.Sprintf("%q %s %d %q %q %s %q %q", r.Name, r.Type, r.TTL,
		r.Targets, r.Identifier, properties, r.Labels["owner"],
		r.Labels["resource"])
}

// compare says what differs, in one line, or nothing.
func compare(theirs, ours answer) string {
	if theirs.Error != "" || ours.Error != "" {
		if theirs.Error != "" && strings.HasPrefix(ours.Error, "exit 2: ") {
			return ""
		}
		if theirs.Error != "" && ours.Error != "" &&
			!strings.Contains(ours.Error, "exit ") {
			return "" // ExternalDNS with itself
		}
		return fmt.Sprintf("theirs: %s; ours: %s", said(theirs), said(ours))
	}
	want, got := lines(theirs.Records), lines(ours.Records)
	found := []string{}
	for _, line := range want {
		if !slices.Contains(got, line) {
			found = append(found, "-"+line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			found = append(found, "+"+line)
		}
	}
	if len(found) == 0 && len(want) != len(got) {
		found = append(found, fmt.Sprintf("%d and %d records", len(want),
			len(got)))
	}
	return strings.Join(found, "; ")
}

// said names the records, so that a row can tell which ones it is about.
func said(a answer) string {
	if a.Error != "" {
		return a.Error
	}
	names := []string{}
	for _, r := range a.Records {
		names = append(names, fmt.Sprintf("%q", r.Name))
	}
	return strings.TrimSpace(fmt.Sprintf("%d records %s", len(names),
		strings.Join(slices.Compact(names), " ")))
}

func lines(records []record) []string {
	found := []string{}
	for _, r := range records {
		found = append(found, r.seen())
	}
	slices.Sort(found)
	return found
}

// report prints a difference and keeps it as a case of tests/parity.
func (c *comparison) report(d *difference) error {
	fmt.Printf("DIFFERS %s: %s\n", d.ID, d.looks)
	if c.keep == "" {
		return nil
	}
	folder := filepath.Join(c.keep, d.ID)
	files := map[string]string{"input.yaml": d.Manifests}
	if len(d.Flags) > 0 {
		files["flags"] = strings.Join(d.Flags, "\n") + "\n"
	}
	if d.theirs.Error != "" {
		files["error"] = d.theirs.Error + "\n"
	} else {
		files["expected.jsonl"] = jsonLines(d.theirs.Records)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644)
		if err != nil {
			return err
		}
	}
	return nil
}

func jsonLines(records []record) string {
	text := bytes.Buffer{}
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	for _, r := range records {
		if err := out.Encode(r); err != nil {
			panic(err)
		}
	}
	return text.String()
}

// close prints the counts, and fails where a difference has no reason.
func (c *comparison) close(all bool) error {
	total := tally{}
	for _, kind := range sourcesTried {
		t := c.sources[kind.source]
		if t == nil {
			continue
		}
		fmt.Printf("%-22s %6d same %5d random %4d in parts %4d with a reason "+
			"%3d differ; %d of records, %d refused\n", kind.source, t.same,
			t.random, t.parts, t.excused, t.differ, t.full, t.refused)
		total.same += t.same
		total.random += t.random
		total.parts += t.parts
		total.excused += t.excused
		total.differ += t.differ
	}
	unused := 0
	for _, r := range c.reasons {
		fmt.Printf("%6d %s: %s %v\n", r.used, r.looks, r.why, r.cases)
		if all && r.used == 0 {
			unused++
		}
	}
	fmt.Printf("%d same, %d random upstream and one of its answers, %d in "+
		"parts, %d with a reason, %d differ\n", total.same, total.random,
		total.parts, total.excused, total.differ)
	if unused > 0 {
		return fmt.Errorf("%d reasons are out of date", unused)
	}
	if total.differ > 0 {
		return errors.New("zoneloom and ExternalDNS differ")
	}
	return nil
}
