// What ExternalDNS itself publishes for manifests and flags.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns/validation"
	"sigs.k8s.io/external-dns/plan"
	"sigs.k8s.io/external-dns/provider"
	"sigs.k8s.io/external-dns/source"
	"sigs.k8s.io/external-dns/source/annotations"
	"sigs.k8s.io/external-dns/source/wrappers"
)

// A case is what is asked: manifests as of one file, and flags.
type question struct {
	ID        string   `json:"id"`
	Flags     []string `json:"flags"`
	Manifests string   `json:"manifests"`

	mended bool // asked without the bug that apart mends
}

// An answer is what is published, or why ExternalDNS does not start.
type answer struct {
	ID        string   `json:"id"`
	Records   []record `json:"records"`
	Endpoints []record `json:"endpoints,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// More than any case takes; the informers of ExternalDNS would wait a minute.
const patience = 30 * time.Second

// host is where serve() listens.
var host string

var lastID atomic.Int64

// The annotation prefixes are global in ExternalDNS: cases that want the same
// ones run together, others wait.
var prefixes struct {
	sync.Mutex
	idle   *sync.Cond
	now    [2]string
	active int
}

func init() {
	prefixes.idle = sync.NewCond(&prefixes.Mutex)
}

func takePrefixes(prefix, legacy string) (giveBack func()) {
	want := [2]string{prefix, legacy}
	prefixes.Lock()
	defer prefixes.Unlock()
	for prefixes.active > 0 && prefixes.now != want {
		prefixes.idle.Wait()
	}
	if prefixes.active == 0 {
		annotations.SetAnnotationPrefix(prefix)
		annotations.SetLegacyAnnotationPrefix(legacy)
		prefixes.now = want
	}
	prefixes.active++
	return func() {
		prefixes.Lock()
		defer prefixes.Unlock()
		prefixes.active--
		prefixes.idle.Broadcast()
	}
}

func selector(text string) labels.Selector {
	s, err := labels.Parse(text)
	if err != nil {
		return labels.Nothing()
	}
	return s
}

func labelsOf(o object) labels.Set {
	set := labels.Set{}
	given, _ := meta(o)["labels"].(object)
	for name, value := range given {
		set[name] = fmt.Sprint(value)
	}
	return set
}

// recorder is a provider that starts empty and keeps what it is told.
type recorder struct {
	provider.BaseProvider
	created []*endpoint.Endpoint
}

func (r *recorder) Records(context.Context) ([]*endpoint.Endpoint, error) {
	return nil, nil
}

// ApplyChanges keeps what a provider is asked for.
func (r *recorder) ApplyChanges(_ context.Context, todo *plan.Changes) error {
	for _, e := range todo.Create {
		if kept := cleaned(e); kept != nil {
			kept.Labels = e.Labels
			r.created = append(r.created, kept)
		}
	}
	return nil
}

// ask answers; what ends the process elsewhere is an error here.
func ask(q question) (a answer) {
	a.ID = q.ID
	defer func() {
		if r := recover(); r != nil {
			a = answer{ID: q.ID, Error: fmt.Sprint(r) + crashedIn()}
		}
	}()
	var err error
	if a.Records, a.Endpoints, err = publish(q); err != nil {
		a = answer{ID: q.ID, Error: err.Error()}
	}
	return a
}

// crashedIn is the function of ExternalDNS that has panicked, where Go did it.
func crashedIn() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		panicked = panicked || frame.Function == "runtime.sigpanic"
		if name, ok := strings.CutPrefix(frame.Function,
			"sigs.k8s.io/external-dns/"); ok && panicked {
			return " in " + name
		}
		if !more {
			return ""
		}
	}
}

func publish(q question) (published, given []record, err error) {
	cfg, err := parseFlags(q.Flags)
	if err != nil {
		return nil, nil, err
	}
	c, err := newCluster(fmt.Sprintf("case-%d", lastID.Add(1)), q.Manifests,
		slices.Contains(q.Flags, ofSources))
	if err != nil {
		return nil, nil, err
	}
	running.Store(c.id, c)
	defer running.Delete(c.id)
	legacy := ""
	if cfg.EnableLegacyAnnotationPrefix {
		legacy = annotations.LegacyAnnotationPrefix
	}
	defer takePrefixes(cfg.AnnotationPrefix, legacy)()
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	from := sources
	if q.mended {
		from = mendedSources
	}
	endpoints, err := from(ctx, cfg, c)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	given = records(endpoints)
	zone := &recorder{}
	p, reg, err := round(cfg, zone, endpoints)
	if err != nil {
		return nil, nil, err
	}
	err = reg.ApplyChanges(ctx, p.Changes)
	return records(zone.created), given, err
}

// parseFlags has ExternalDNS' own parser and checks, with a default for what it
// insists on.
func parseFlags(flags []string) (*externaldns.Config, error) {
	args := slices.DeleteFunc(slices.Clone(flags), func(arg string) bool {
		return arg == "" || arg == ofSources
	})
	for _, arg := range []string{"--provider=inmemory", "--source=ingress",
		"--policy=sync"} {
		name, _, _ := strings.Cut(arg, "=")
		given := func(a string) bool {
			return a == name || strings.HasPrefix(a, name+"=")
		}
		if !slices.ContainsFunc(args, given) {
			args = append(args, arg)
		}
	}
	cfg := externaldns.NewConfig()
	if err := cfg.ParseFlags(args); err != nil {
		return nil, err
	}
	if err := validation.ValidateConfig(cfg); err != nil {
		return nil, err
	}
	if _, err := log.ParseLevel(cfg.LogLevel); err != nil {
		return nil, err
	}
	if registries[cfg.Registry] == nil {
		return nil, errors.New("registry " + cfg.Registry + " is not tried")
	}
	return cfg, nil
}

func sources(ctx context.Context, cfg *externaldns.Config, c *cluster) (
	[]*endpoint.Endpoint, error) {
	config, err := source.NewSourceConfig(cfg,
		source.WithClientGenerator(clients{c, host}))
	if err != nil {
		return nil, err
	}
	all, err := wrappers.Build(ctx, config)
	if err != nil {
		return nil, err
	}
	return all.Endpoints(ctx)
}

// apart gives each record a list of properties of its own.  The sources share
// one between the records of an object, what comes behind them deletes from it
// in place, and Go's slices.DeleteFunc clears what it leaves behind: all records
// but the first that is looked at get properties without a name, or lack some.
// Which one is the first, Go's maps decide.
type apart struct{ source.Source }

func (a apart) Endpoints(ctx context.Context) ([]*endpoint.Endpoint, error) {
	found, err := a.Source.Endpoints(ctx)
	for _, e := range found {
		e.ProviderSpecific = slices.Clone(e.ProviderSpecific)
	}
	return found, err
}

// mendedSources are wrappers.Build() with apart before the first that deletes.
func mendedSources(ctx context.Context, cfg *externaldns.Config, c *cluster) (
	[]*endpoint.Endpoint, error) {
	config, err := source.NewSourceConfig(cfg,
		source.WithClientGenerator(clients{c, host}))
	if err != nil {
		return nil, err
	}
	children, err := source.ByNames(ctx, config, config.ClientGenerator())
	if err != nil {
		return nil, err
	}
	all := wrappers.NewDedupSource(wrappers.NewMultiSource(children,
		config.DefaultTargets, config.ForceDefaultTargets))
	if len(config.NAT64Networks) > 0 {
		all, err = wrappers.NewNAT64Source(all, config.NAT64Networks)
		if err != nil {
			return nil, err
		}
	}
	filter := endpoint.NewTargetNetFilterWithExclusions(
		config.TargetNetFilter, config.ExcludeTargetNets)
	if filter.IsEnabled() {
		all = wrappers.NewTargetFilterSource(all, filter)
	}
	all = apart{all}
	if config.PTRSupported {
		all = wrappers.NewPTRSource(all, config.CreatePTR)
	}
	return wrappers.NewPostProcessor(all, wrappers.WithTTL(config.MinTTL),
		wrappers.WithPostProcessorPreferAlias(config.PreferAlias),
		wrappers.WithPostProcessorProvider(config.Provider)).Endpoints(ctx)
}

// records in the form, and the order, of `zoneloom list`.
func records(endpoints []*endpoint.Endpoint) []record {
	found := []record{}
	for _, e := range endpoints {
		r := record{Name: e.DNSName, Type: e.RecordType,
			TTL: int64(e.RecordTTL), Targets: slices.Clone(e.Targets),
			Identifier: e.SetIdentifier,
			Properties: map[string]string{},
			Labels:     maps.Clone(map[string]string(e.Labels))}
		for _, p := range slices.Backward(e.ProviderSpecific) {
			r.Properties[p.Name] = p.Value // the first one counts
		}
		found = append(found, r)
	}
	slices.SortStableFunc(found, func(a, b record) int {
		return strings.Compare(a.order(), b.order())
	})
	return found
}

func (r record) order() string {
	return strings.Join(append([]string{r.Name, r.Type, r.Identifier},
		r.Targets...), "\x00")
}
