// The Applications that Argo CD makes of ApplicationSets.
//
// Each argument is a folder with argo/set.yaml, clusters.json and the files of
// a repository.  For each: a line "= FOLDER", then a line of JSON for each
// Application, sorted, or "refused: " and why; "panicked: " where Argo CD itself
// does not get to an answer.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	log "github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"
)

// repository answers as Argo CD's repository server does: git lists the files,
// a walk without hidden folders the directories.
type repository struct{ root string }

func (r repository) GetFiles(_ context.Context, _, _, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	cmd := exec.Command("git", "ls-files", "--full-name", "-z", "--", pattern)
	cmd.Dir = r.root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	found := map[string][]byte{}
	for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		if found[name], err = os.ReadFile(filepath.Join(r.root, name)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (r repository) GetDirectories(context.Context, string, string, string, bool, *v1alpha1.SourceIntegrity) ([]string, error) {
	var found []string
	err := filepath.WalkDir(r.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() || path == r.root {
			return err
		}
		if strings.HasPrefix(e.Name(), ".") {
			return filepath.SkipDir
		}
		name, err := filepath.Rel(r.root, path)
		found = append(found, name)
		return err
	})
	return found, err
}

var errNoOci = errors.New("no OCI here")

func (repository) GetOciFiles(context.Context, string, string, string, string, bool) (map[string][]byte, error) {
	return nil, errNoOci
}

func (repository) GetOciDirectories(context.Context, string, string, string, bool) ([]string, error) {
	return nil, errNoOci
}

type cluster struct {
	Name, Server        string
	Labels, Annotations map[string]string
}

// objects are what the generators ask the cluster for.
func objects(root string) ([]client.Object, error) {
	text, err := os.ReadFile(filepath.Join(root, "clusters.json"))
	if err != nil {
		return nil, err
	}
	var clusters []cluster
	if err := json.Unmarshal(text, &clusters); err != nil {
		return nil, err
	}
	all := []client.Object{&v1alpha1.AppProject{
		ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "argocd"}}}
	for i, c := range clusters {
		labels := map[string]string{"argocd.argoproj.io/secret-type": "cluster"}
		for k, v := range c.Labels {
			labels[k] = v
		}
		all = append(all, &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Name: fmt.Sprint("cluster-", i), Namespace: "argocd",
				Labels: labels, Annotations: c.Annotations},
			Data: map[string][]byte{
				"name": []byte(c.Name), "server": []byte(c.Server)}})
	}
	return all, nil
}

func supported(root string, c client.Client) map[string]generators.Generator {
	terminal := map[string]generators.Generator{
		"List":     generators.NewListGenerator(),
		"Clusters": generators.NewClusterGenerator(c, "argocd"),
		"Git":      generators.NewGitGenerator(repository{root}, "argocd"),
	}
	with := func(inner map[string]generators.Generator) map[string]generators.Generator {
		all := map[string]generators.Generator{
			"Matrix": generators.NewMatrixGenerator(inner),
			"Merge":  generators.NewMergeGenerator(inner)}
		for name, g := range terminal {
			all[name] = g
		}
		return all
	}
	return with(with(terminal))
}

// What names can depend on.
func row(app v1alpha1.Application) (string, error) {
	source := map[string]any{}
	if s := app.Spec.Source; s != nil {
		source["path"] = s.Path
		source["targetRevision"] = s.TargetRevision
		if s.Helm != nil {
			source["helm"] = s.Helm
		}
		if s.Kustomize != nil {
			source["kustomize"] = s.Kustomize
		}
	}
	line, err := json.Marshal(map[string]any{
		"name": app.Name, "namespace": app.Namespace, "source": source,
		"to": app.Spec.Destination.Namespace})
	return string(line), err
}

func answer(root string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(root, "argo", "set.yaml"))
	if err != nil {
		return nil, err
	}
	var set v1alpha1.ApplicationSet
	if err := yaml.Unmarshal(text, &set); err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	if err := errors.Join(v1alpha1.AddToScheme(scheme), corev1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	all, err := objects(root)
	if err != nil {
		return nil, err
	}
	c := fake.NewClientBuilder().WithScheme(scheme).WithObjects(all...).Build()
	apps, _, err := template.GenerateApplications(log.NewEntry(log.StandardLogger()), set,
		supported(root, c), &utils.Render{}, c)
	if err != nil {
		return nil, err
	}
	var rows []string
	for _, app := range apps {
		r, err := row(app)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	sort.Strings(rows)
	return rows, nil
}

func tell(root string) {
	defer func() {
		if why := recover(); why != nil {
			fmt.Println("panicked:", why)
		}
	}()
	rows, err := answer(root)
	if err != nil {
		fmt.Println("refused:", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	for _, r := range rows {
		fmt.Println(r)
	}
}

func main() {
	log.SetOutput(io.Discard)
	for _, root := range os.Args[1:] {
		fmt.Println("=", filepath.Base(root))
		tell(root)
	}
}
