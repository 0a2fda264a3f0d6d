// Asks the planner of the real ExternalDNS what it would change if the records
// that zoneloom derived were what its DNS provider holds.
//
//	external-dns CASE...
//
// A CASE is a folder with desired.jsonl (what ExternalDNS' sources gave),
// current.jsonl (what `zoneloom list -o jsonl` printed) and flags, one a line.
// Each case is answered by one line: "nothing CASE"; "change CASE: what"; or
// "restless CASE: what" where ExternalDNS, started on an empty zone, leaves
// itself the same to do for ever.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	log "github.com/sirupsen/logrus"
	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/plan"
	"sigs.k8s.io/external-dns/provider"
	"sigs.k8s.io/external-dns/registry"
	"sigs.k8s.io/external-dns/registry/noop"
	"sigs.k8s.io/external-dns/registry/txt"
)

// A flag of the test's own, for what made the cases: sources, and they have
// spoken.
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
		kept := endpoint.NewEndpointWithTTL(e.DNSName, e.RecordType,
			e.RecordTTL, e.Targets...)
		if kept == nil || kept.DNSName == "" {
			continue
		}
		kept.SetIdentifier = e.SetIdentifier
		kept.ProviderSpecific = e.ProviderSpecific
		z.records = append(z.records, kept)
	}
	return nil
}

// record is a line of JSON in the form of `zoneloom list`.
type record struct {
	Name       string
	Type       string
	TTL        int64
	Targets    []string
	Identifier string            `json:"set_identifier"`
	Properties map[string]string `json:"provider_specific"`
	Labels     map[string]string
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
	for name, value := range r.Properties {
		e.WithProviderSpecific(name, value)
	}
	return e
}

func readRecords(path string) ([]*endpoint.Endpoint, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	records := []*endpoint.Endpoint{}
	in := json.NewDecoder(bytes.NewReader(text))
	for {
		r := record{}
		err := in.Decode(&r)
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		records = append(records, r.endpoint())
	}
}

// readFlags gives ExternalDNS' own parser the flags, with zoneloom's defaults
// for the two that ExternalDNS insists on.
func readFlags(path string) (*externaldns.Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	args := slices.DeleteFunc(strings.Split(strings.TrimSuffix(
		string(text), "\n"), "\n"), func(arg string) bool {
		return arg == "" || arg == ofSources
	})
	for _, arg := range []string{"--provider=inmemory", "--source=ingress"} {
		name, _, _ := strings.Cut(arg, "=")
		given := func(a string) bool { return strings.HasPrefix(a, name+"=") }
		if !slices.ContainsFunc(args, given) {
			args = append(args, arg)
		}
	}
	cfg := externaldns.NewConfig()
	err = cfg.ParseFlags(args)
	if err == nil && registries[cfg.Registry] == nil {
		err = fmt.Errorf("registry %s is not tried", cfg.Registry)
	}
	return cfg, err
}

// round is a turn of ExternalDNS' controller up to where it acts.
func round(cfg *externaldns.Config, z *zone, desired []*endpoint.Endpoint) (
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
		Policies:       []plan.Policy{plan.Policies["sync"]},
		DomainFilter:   endpoint.MatchAllDomainFilters{filter, reg.GetDomainFilter()},
		ManagedRecords: cfg.ManagedDNSRecordTypes,
		ExcludeRecords: cfg.ExcludeDNSRecordTypes,
		OwnerID:        reg.OwnerID(),
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
func own(cfg *externaldns.Config, path string) ([]string, error) {
	first, err := readRecords(path)
	if err != nil {
		return nil, err
	}
	second, err := readRecords(path)
	if err != nil {
		return nil, err
	}
	z := &zone{}
	p, reg, err := round(cfg, z, first)
	if err != nil {
		return nil, err
	}
	if err := reg.ApplyChanges(context.Background(), p.Changes); err != nil {
		return nil, err
	}
	return todo(cfg, z, second)
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
	found, err := todo(cfg, &zone{records: current}, desired)
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	if len(found) == 0 {
		return "nothing " + folder, nil
	}
	theirs, err := own(cfg, path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	verdict := "change"
	if slices.Equal(found, theirs) {
		verdict = "restless"
	}
	return fmt.Sprintf("%s %s: %s", verdict, folder,
		strings.Join(found, "; ")), nil
}

func main() {
	log.SetOutput(io.Discard)
	for _, folder := range os.Args[1:] {
		line, err := judge(folder)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(line)
	}
}
