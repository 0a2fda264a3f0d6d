// What Argo CD makes of a plugin: its plugin server runs with the plugin.yaml
// of one folder, and its repo-server's client sends an Application's folder to
// it, with the variables that the Application asks for.
//
//	argocd-cmp PLUGIN-FOLDER APPLICATION.YAML REPOSITORY [SECONDS]
//
// Prints the manifests as JSON, one a line, as Argo CD would apply them.
// Exit 1: the server refuses, with its message, as the user interface shows it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	log "github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/cmpserver"
	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

// The source, and the environment that repo-server makes of it.
func application(path string) (*v1alpha1.ApplicationSource, []string) {
	text, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	var app v1alpha1.Application
	if err := yaml.UnmarshalStrict(text, &app); err != nil {
		fail("%s: %v", path, err)
	}
	source := app.Spec.GetSource()
	env := []string{
		"ARGOCD_APP_NAME=" + app.Name,
		"ARGOCD_APP_NAMESPACE=" + app.Spec.Destination.Namespace,
		"ARGOCD_APP_PROJECT_NAME=" + app.Spec.Project,
		"ARGOCD_APP_REVISION=0123456789012345678901234567890123456789",
		"ARGOCD_APP_SOURCE_PATH=" + source.Path,
		"ARGOCD_APP_SOURCE_REPO_URL=" + source.RepoURL,
		"ARGOCD_APP_SOURCE_TARGET_REVISION=" + source.TargetRevision,
		"KUBE_VERSION=1.37.0", "KUBE_API_VERSIONS=v1,apps/v1",
	}
	if source.Plugin == nil {
		fail("%s: no spec.source.plugin", path)
	}
	for _, e := range source.Plugin.Env {
		env = append(env, "ARGOCD_ENV_"+e.Name+"="+e.Value)
	}
	more, err := source.Plugin.Parameters.Environ()
	if err != nil {
		fail("%s: %v", path, err)
	}
	return &source, append(env, more...)
}

func main() {
	if len(os.Args) < 4 {
		fail("usage: argocd-cmp PLUGIN-FOLDER APPLICATION.YAML REPOSITORY [SECONDS]")
	}
	log.SetOutput(os.Stderr)
	log.SetLevel(log.WarnLevel)
	seconds := 60
	if len(os.Args) > 4 {
		seconds, _ = strconv.Atoi(os.Args[4])
	}
	folder, err := os.MkdirTemp("", "argocd-cmp")
	if err != nil {
		fail("%v", err)
	}
	defer os.RemoveAll(folder)
	os.Setenv("ARGOCD_PLUGINSOCKFILEPATH", folder)
	os.Setenv("ARGOCD_CMP_WORKDIR", folder)
	config, err := plugin.ReadPluginConfig(os.Args[1])
	if err != nil {
		fail("%s: %v", os.Args[1], err)
	}
	source, env := application(os.Args[2])
	if source.Plugin.Name != config.Metadata.Name {
		fail("the Application names %q, the plugin is %q", source.Plugin.Name, config.Metadata.Name)
	}
	server, err := cmpserver.NewServer(plugin.CMPServerInitConstants{PluginConfig: *config})
	if err != nil {
		fail("%v", err)
	}
	go server.Run()
	for i := 0; i < 200; i++ {
		if _, err := os.Stat(config.Address()); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	os.Exit(generate(config.Address(), os.Args[3], source.Path, env, seconds))
}

func generate(address, root, path string, env []string, seconds int) int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second)
	defer cancel()
	conn, client, err := apiclient.NewConfigManagementPluginClientSet(address).NewConfigManagementPluginClient()
	if err != nil {
		fail("%v", err)
	}
	defer conn.Close()
	stream, err := client.GenerateManifest(ctx)
	if err != nil {
		fail("%v", err)
	}
	// As admins are told to: the repository without its .git.
	err = cmp.SendRepoStream(ctx, filepath.Join(root, path), root, stream, env, []string{".git/*"})
	if err != nil {
		fail("%v", err)
	}
	answer, err := stream.CloseAndRecv()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, text := range answer.Manifests {
		var object any
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			fail("%v", err)
		}
		line, err := json.Marshal(object)
		if err != nil {
			fail("%v", err)
		}
		fmt.Println(string(line))
	}
	return 0
}
