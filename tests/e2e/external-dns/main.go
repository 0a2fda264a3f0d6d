// Asks the real ExternalDNS: its flags, sources, planner and registry.
//
//	external-dns-judge answer <QUESTIONS >ANSWERS
//	external-dns-judge recorded FOLDER...
//	external-dns-judge compare --zoneloom PROGRAM --count N [--seed N] ...
//	external-dns-judge plan CASE...
//	external-dns-judge types
//	external-dns-judge untried
//	external-dns-judge yaml TABLE
//	external-dns-judge scalars TABLE SEED COUNT
//
// answer reads JSON lines {"id", "flags", "manifests"} and answers each with the
// records that ExternalDNS would publish, or why it does not start.
//
// recorded says which cases of a folder in the form of tests/parity ExternalDNS
// answers in another way than is written there.
//
// compare generates cases and asks ExternalDNS and zoneloom.  The same seed gives
// the same cases.  What differs is made smaller and printed; with --keep it is
// kept as a case of tests/parity.
//
// plan asks what ExternalDNS would change if the records that zoneloom derived
// were what its DNS provider holds.  A CASE is a folder with desired.jsonl (what
// ExternalDNS' sources gave), current.jsonl (what `zoneloom list -o jsonl`
// printed) and flags, one a line.  Each case is answered by one line: "nothing
// CASE"; "change CASE: what"; or "restless CASE: what" where ExternalDNS, started
// on an empty zone, leaves itself the same to do for ever.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-logr/logr"
	log "github.com/sirupsen/logrus"
	"k8s.io/klog/v2"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/plan"
	"sigs.k8s.io/external-dns/provider"
	"sigs.k8s.io/external-dns/registry"
	"sigs.k8s.io/external-dns/registry/noop"
	"sigs.k8s.io/external-dns/registry/txt"
)

// A flag of the test's own: every route is accepted, and a Gateway has the
// addresses it asks for.
const ofSources = "--assume-accepted"

var registries = map[string]func(*externaldns.Config, provider.Provider) (
	registry.Registry, error){"txt": txt.New, "noop": noop.New}

// zone is a provider that holds records.
type zone struct {
	provider.BaseProvider
	records []*endpoint.Endpoint
}

// Records are copies without labels: a provider keeps none, so that the
// registry has to find them.
func (z *zone) Records(context.Context) ([]*endpoint.Endpoint, error) {
	records := []*endpoint.Endpoint{}
	for _, e := range z.records {
		e = e.DeepCopy()
		e.Labels = endpoint.NewLabels()
		records = append(records, e)
	}
	return records, nil
}

// ApplyChanges takes what is new, as ExternalDNS' own provider in memory does:
// cleaned, and without what lies in no zone.
func (z *zone) ApplyChanges(_ context.Context, todo *plan.Changes) error {
	for _, e := range todo.Create {
		if kept := cleaned(e); kept != nil {
			z.records = append(z.records, kept)
		}
	}
	return nil
}

// cleaned is nil for a record without a name.  A label over 63 bytes is what other
// providers are asked for, though the one in memory drops it.
func cleaned(e *endpoint.Endpoint) *endpoint.Endpoint {
	kept := endpoint.NewEndpointWithTTL(e.DNSName, e.RecordType,
		e.RecordTTL, e.Targets...)
	if kept == nil {
		kept = e.DeepCopy()
		kept.Labels = endpoint.NewLabels()
	}
	if kept.DNSName == "" {
		return nil
	}
	kept.SetIdentifier = e.SetIdentifier
	kept.ProviderSpecific = e.ProviderSpecific
	return kept
}

// record is a line of JSON in the form of `zoneloom list`.
type record struct {
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	TTL        int64             `json:"ttl"`
	Targets    []string          `json:"targets"`
	Identifier string            `json:"set_identifier"`
	Properties map[string]string `json:"provider_specific"`
	Labels     map[string]string `json:"labels"`
}

func (r record) endpoint() *endpoint.Endpoint {
	e := &endpoint.Endpoint{
		DNSName:       r.Name,
		RecordType:    r.Type,
		RecordTTL:     endpoint.TTL(r.TTL),
		Targets:       r.Targets,
		SetIdentifier: r.Identifier,
		Labels:        r.Labels,
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		e.WithProviderSpecific(name, r.Properties[name])
	}
	return e
}

func endpoints(records []record) []*endpoint.Endpoint {
	found := []*endpoint.Endpoint{}
	for _, r := range records {
		r.Labels = maps.Clone(r.Labels)
		found = append(found, r.endpoint())
	}
	return found
}

func readRecords(path string) ([]record, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, err := decode(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

// readFlags reads them from a file.
func readFlags(path string) (*externaldns.Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseFlags(strings.Split(strings.TrimSuffix(string(text), "\n"),
		"\n"))
}

// round is a turn of ExternalDNS' controller up to where it acts.
func round(cfg *externaldns.Config, z provider.Provider,
	desired []*endpoint.Endpoint) (
	*plan.Plan, registry.Registry, error) {
	reg, err := registries[cfg.Registry](cfg, z)
	if err != nil {
		return nil, nil, err
	}
	current, err := reg.Records(context.Background())
	if err != nil {
		return nil, nil, err
	}
	desired, err = reg.AdjustEndpoints(desired)
	if err != nil {
		return nil, nil, err
	}
	filter := endpoint.NewDomainFilterWithOptions(
		endpoint.WithDomainFilter(cfg.DomainFilter),
		endpoint.WithDomainExclude(cfg.DomainExclude),
		endpoint.WithRegexDomainFilter(cfg.RegexDomainFilter),
		endpoint.WithRegexDomainExclude(cfg.RegexDomainExclude))
	p := plan.Plan{
		Current:        current,
		Desired:        desired,
		Policies:       []plan.Policy{plan.Policies[cfg.Policy]},
		DomainFilter:   endpoint.MatchAllDomainFilters{filter, reg.GetDomainFilter()},
		ManagedRecords: cfg.ManagedDNSRecordTypes,
		ExcludeRecords: cfg.ExcludeDNSRecordTypes,
		OwnerID:        reg.OwnerID(),
		OldOwnerID:     cfg.TXTOwnerOld,
	}
	return p.Calculate(), reg, nil
}

// todo names what ExternalDNS would do to the records of a zone.
func todo(cfg *externaldns.Config, z *zone, desired []*endpoint.Endpoint) (
	[]string, error) {
	p, reg, err := round(cfg, z, desired)
	if err != nil {
		return nil, err
	}
	found := []string{}
	say := func(verb string, endpoints []*endpoint.Endpoint) {
		for _, e := range endpoints {
			found = append(found, fmt.Sprintf("%s %v", verb, e))
		}
	}
	say("create", p.Changes.Create)
	say("update", p.Changes.UpdateOld)
	say("update to", p.Changes.UpdateNew)
	say("delete", p.Changes.Delete)
	// The planner leaves alone what it does not own, so that a record whose
	// TXT it cannot read would look as if it were right.
	if id := reg.OwnerID(); id != "" {
		say("not own", slices.DeleteFunc(p.Current,
			func(e *endpoint.Endpoint) bool { return e.IsOwnedBy(id) }))
	}
	slices.Sort(found)
	return found, nil
}

// own is what ExternalDNS would still do after a first round on an empty zone.
func own(cfg *externaldns.Config, desired []record) ([]string, error) {
	z := &zone{}
	p, reg, err := round(cfg, z, endpoints(desired))
	if err != nil {
		return nil, err
	}
	if err := reg.ApplyChanges(context.Background(), p.Changes); err != nil {
		return nil, err
	}
	return todo(cfg, z, endpoints(desired))
}

// settle has ExternalDNS find the current records in its zone: the verdict is
// "nothing", "change" or "restless", and what is to do.
func settle(cfg *externaldns.Config, current, desired []record) (
	verdict, what string, err error) {
	found, err := todo(cfg, &zone{records: endpoints(current)},
		endpoints(desired))
	if err != nil || len(found) == 0 {
		return "nothing", "", err
	}
	theirs, err := own(cfg, desired)
	verdict = "change"
	if slices.Equal(found, theirs) {
		verdict = "restless"
	}
	return verdict, strings.Join(found, "; "), err
}

// judge answers for one case; an error is one of the test itself.
func judge(folder string) (string, error) {
	cfg, err := readFlags(filepath.Join(folder, "flags"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	current, err := readRecords(filepath.Join(folder, "current.jsonl"))
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "desired.jsonl")
	desired, err := readRecords(path)
	if err != nil {
		return "", err
	}
	verdict, what, err := settle(cfg, current, desired)
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	if what == "" {
		return verdict + " " + folder, nil
	}
	return fmt.Sprintf("%s %s: %s", verdict, folder, what), nil
}

// Most of a case's time is waiting for informers.
const atOnce = 32

// answerAll answers the questions of stdin, JSON lines, in their order.
func answerAll(in io.Reader, out io.Writer) error {
	questions, answers := json.NewDecoder(in), json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	queue, done := make(chan chan answer, atOnce), make(chan error)
	go func() {
		var failed error
		for a := range queue {
			failed = errors.Join(failed, answers.Encode(<-a))
		}
		done <- failed
	}()
	for {
		q := question{}
		if err := questions.Decode(&q); err != nil {
			close(queue)
			if errors.Is(err, io.EOF) {
				return <-done
			}
			return errors.Join(err, <-done)
		}
		a := make(chan answer, 1)
		queue <- a
		go func() { a <- ask(q) }()
	}
}

func judgeAll(folders []string) error {
	for _, folder := range folders {
		line, err := judge(folder)
		if err != nil {
			return err
		}
		fmt.Println(line)
	}
	return nil
}

func main() {
	quiet()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	host = "http://" + listener.Addr().String()
	go func() { _ = http.Serve(listener, http.HandlerFunc(serve)) }()
	commands := map[string]func([]string) error{
		"answer": func([]string) error {
			return answerAll(os.Stdin, os.Stdout)
		},
		"compare":  compareAll,
		"plan":     judgeAll,
		"recorded": recordedAll,
		"scalars":  scalarsAll,
		"types":    typesAll,
		"untried":  untriedAll,
		"yaml":     yamlAll,
	}
	err = errors.New("usage: external-dns-judge answer|compare|plan|recorded")
	if len(os.Args) > 1 && commands[os.Args[1]] != nil {
		err = commands[os.Args[1]](os.Args[2:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// quiet: what ExternalDNS says is not asked for, and what ends it is an answer.
func quiet() {
	log.SetOutput(io.Discard)
	log.SetLevel(log.FatalLevel)
	log.StandardLogger().ExitFunc = func(int) { panic("log.Fatal") }
	klog.SetLogger(logr.Discard())
	crlog.SetLogger(logr.Discard())
	// A list and a watch, as there is no server that streams lists.
	os.Setenv("KUBE_FEATURE_WatchListClient", "false")
}
