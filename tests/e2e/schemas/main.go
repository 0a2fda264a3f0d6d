// Every key of the objects that a renderer of zoneloom reads, one a line:
// "Application.spec.source.chart".  Custom resource definitions come from the
// modules of the tools, Go types of kustomize and Flux from their tags.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	k3s "github.com/k3s-io/helm-controller/pkg/apis/helm.cattle.io/v1"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

// Where the definitions lie, and what zoneloom calls the kind.
var definitions = []struct{ module, file, kind string }{
	{"github.com/argoproj/argo-cd/v3@v3.6.1", "manifests/crds/application-crd.yaml", "Application"},
	{"github.com/argoproj/argo-cd/v3@v3.6.1", "manifests/crds/applicationset-crd.yaml", "ApplicationSet"},
	{"github.com/fluxcd/kustomize-controller@v1.10.1", "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml", "FluxKustomization"},
	{"github.com/fluxcd/source-controller@v1.10.1", "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml", "GitRepository"},
	{"github.com/fluxcd/source-controller@v1.10.1", "config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml", "OCIRepository"},
	{"github.com/controlplaneio-fluxcd/flux-operator@v0.59.0", "config/crd/bases/fluxcd.controlplane.io_resourcesets.yaml", "ResourceSet"},
	{"github.com/controlplaneio-fluxcd/flux-operator@v0.59.0", "config/crd/bases/fluxcd.controlplane.io_fluxinstances.yaml", "FluxInstance"},
}

var goTypes = []struct {
	kind string
	of   any
}{
	{"HelmRelease", helmv2.HelmRelease{}},
	{"HelmChart", k3s.HelmChart{}},
	{"HelmChartConfig", k3s.HelmChartConfig{}},
	{"kustomization", types.Kustomization{}},
}

var keys = map[string]bool{}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func folder(module string) string {
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	fail(err)
	var m struct{ Dir string }
	fail(json.Unmarshal(out, &m))
	return m.Dir
}

type schema struct {
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	More       json.RawMessage   `json:"additionalProperties"`
}

func walk(path string, s schema) {
	for key, below := range s.Properties {
		keys[path+"."+key] = true
		walk(path+"."+key, below)
	}
	if s.Items != nil {
		walk(path, *s.Items)
	}
}

func define(kind, file string) {
	text, err := os.ReadFile(file)
	fail(err)
	var crd struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					OpenAPIV3Schema schema `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	fail(yaml.Unmarshal(text, &crd))
	for _, v := range crd.Spec.Versions {
		walk(kind, v.Schema.OpenAPIV3Schema)
	}
}

func reflectOn(path string, t reflect.Type, depth int) {
	for t.Kind() == reflect.Ptr || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || depth > 12 {
		return
	}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		if !ok || name == "-" || !f.IsExported() {
			continue
		}
		if name == "" && (f.Anonymous || strings.Contains(options, "inline")) {
			reflectOn(path, f.Type, depth+1)
			continue
		}
		keys[path+"."+name] = true
		reflectOn(path+"."+name, f.Type, depth+1)
	}
}

func main() {
	for _, d := range definitions {
		define(d.kind, filepath.Join(folder(d.module), d.file))
	}
	for _, t := range goTypes {
		reflectOn(t.kind, reflect.TypeOf(t.of), 0)
	}
	all := make([]string, 0, len(keys))
	for k := range keys {
		all = append(all, k)
	}
	sort.Strings(all)
	for _, k := range all {
		fmt.Println(k)
	}
}
