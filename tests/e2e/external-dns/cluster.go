// What a Kubernetes API server would hold, without one.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	openshift "github.com/openshift/client-go/route/clientset/versioned"
	istio "istio.io/client-go/pkg/clientset/versioned"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	gateway "sigs.k8s.io/gateway-api/pkg/client/clientset/versioned"
	"sigs.k8s.io/yaml"
)

type object = map[string]any

// cluster answers lists and watches; a watch never has anything to say.
type cluster struct {
	id    string
	lists map[string][]object // by resource(), then by namespace and name
}

// What ExternalDNS lists, empty or not.  Other kinds are in discovery only where
// there is an object of them.
var plurals = map[string]string{
	"DNSEndpoint": "dnsendpoints", "EndpointSlice": "endpointslices",
	"GRPCRoute": "grpcroutes", "Gateway": "gateways",
	"HTTPProxy": "httpproxies", "HTTPRoute": "httproutes",
	"Host": "hosts", "Ingress": "ingresses",
	"IngressRoute": "ingressroutes", "IngressRouteTCP": "ingressroutetcps",
	"IngressRouteUDP": "ingressrouteudps", "ListenerSet": "listenersets",
	"Namespace": "namespaces", "Node": "nodes", "Pod": "pods",
	"Proxy": "proxies", "Route": "routes", "RouteGroup": "routegroups",
	"Service": "services", "TCPIngress": "tcpingresses",
	"TCPRoute": "tcproutes", "TLSRoute": "tlsroutes",
	"TransportServer": "transportservers", "UDPRoute": "udproutes",
	"VirtualServer": "virtualservers", "VirtualService": "virtualservices",
}

// Kinds of no namespace.
var global = []string{"Node", "Namespace"}

// Groups whose lists hold items without apiVersion and kind.
var builtin = []string{"", "apps", "discovery.k8s.io", "networking.k8s.io"}

func plural(kind string) string {
	if p, ok := plurals[kind]; ok {
		return p
	}
	return strings.ToLower(kind) + "s"
}

func singular(resource string) string {
	for kind, p := range plurals {
		if p == resource {
			return kind
		}
	}
	return resource
}

func groupOf(apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return group
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func meta(o object) object {
	m, ok := o["metadata"].(object)
	if !ok {
		m = object{}
		o["metadata"] = m
	}
	return m
}

// newCluster applies the documents of a manifest, the later of two objects
// winning as with kubectl.
func newCluster(id, manifests string, accepted bool) (*cluster, error) {
	c := &cluster{id: id, lists: map[string][]object{}}
	for _, document := range documents(manifests) {
		o := object{}
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			return nil, err
		}
		items, isList := o["items"].([]any)
		if !isList {
			items = []any{o}
		}
		for _, item := range items {
			if o, ok := item.(object); ok && len(o) > 0 {
				c.apply(o, accepted)
			}
		}
	}
	c.addNamespaces()
	for _, list := range c.lists {
		slices.SortFunc(list, func(a, b object) int {
			return strings.Compare(key(a), key(b))
		})
	}
	return c, nil
}

func documents(manifests string) []string {
	found, now := []string{}, strings.Builder{}
	for line := range strings.Lines(manifests) {
		if strings.TrimRight(line, " \n") == "---" {
			found = append(found, now.String())
			now.Reset()
			continue
		}
		now.WriteString(line)
	}
	return append(found, now.String())
}

func key(o object) string {
	return text(meta(o), "namespace") + "/" + text(meta(o), "name")
}

func (c *cluster) apply(o object, accepted bool) {
	kind, m := text(o, "kind"), meta(o)
	if slices.Contains(global, kind) {
		delete(m, "namespace")
	} else if text(m, "namespace") == "" {
		m["namespace"] = "default"
	}
	if text(o, "apiVersion") == "networking.k8s.io/v1beta1" {
		return // no server has it any more
	}
	if accepted {
		accept(o)
	}
	if spec, ok := o["spec"].(object); ok && kind == "Service" {
		if text(spec, "type") == "" {
			spec["type"] = "ClusterIP" // the server's default
		}
	}
	resource := groupOf(text(o, "apiVersion")) + "/" + plural(kind)
	list := slices.DeleteFunc(c.lists[resource], func(old object) bool {
		return key(old) == key(o)
	})
	c.lists[resource] = append(list, o)
}

// addNamespaces: those of the objects exist, and each has its name as a label.
func (c *cluster) addNamespaces() {
	missing := map[string]bool{}
	for _, list := range c.lists {
		for _, o := range list {
			missing[text(meta(o), "namespace")] = true
		}
	}
	delete(missing, "")
	all := c.lists["/namespaces"]
	for _, o := range all {
		delete(missing, text(meta(o), "name"))
	}
	for name := range missing {
		all = append(all, object{"apiVersion": "v1", "kind": "Namespace",
			"metadata": object{"name": name}})
	}
	for _, o := range all {
		set, _ := meta(o)["labels"].(object)
		set = maps.Clone(set)
		if set == nil {
			set = object{}
		}
		set["kubernetes.io/metadata.name"] = text(meta(o), "name")
		meta(o)["labels"] = set
	}
	c.lists["/namespaces"] = all
}

// yes is what a controller says of what it has accepted.
func yes() []any {
	return []any{object{"type": "Accepted", "status": "True"}}
}

// accept writes the status that a Gateway's controller would have written.
func accept(o object) {
	spec, _ := o["spec"].(object)
	status, _ := o["status"].(object)
	if status == nil {
		status = object{}
	}
	if groupOf(text(o, "apiVersion")) != "gateway.networking.k8s.io" {
		return
	}
	switch kind := text(o, "kind"); {
	case kind == "Gateway":
		if spec["addresses"] == nil {
			return
		}
		status["addresses"] = spec["addresses"]
	case kind == "ListenerSet":
		entries := []any{}
		listeners, _ := spec["listeners"].([]any)
		for _, l := range listeners {
			if l, ok := l.(object); ok {
				entries = append(entries, object{"name": l["name"],
					"conditions": yes()})
			}
		}
		status["conditions"], status["listeners"] = yes(), entries
	case strings.HasSuffix(kind, "Route"):
		parents := []any{}
		refs, _ := spec["parentRefs"].([]any)
		for _, ref := range refs {
			parents = append(parents, object{"parentRef": ref,
				"controllerName": "example.org/c", "conditions": yes()})
		}
		status["parents"] = parents
	default:
		return
	}
	o["status"] = status
}

// RoundTrip answers a client of Kubernetes without a socket.
func (c *cluster) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {"application/json"}},
		Request: req,
	}
	if req.URL.Query().Get("watch") != "" {
		answer.Body = silence(req)
		return answer, nil
	}
	body, err := json.Marshal(c.answer(req, answer))
	answer.Body = io.NopCloser(bytes.NewReader(body))
	answer.ContentLength = int64(len(body))
	return answer, err
}

// silence ends when the request does.
func silence(req *http.Request) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		<-req.Context().Done()
		in.Close()
	}()
	return out
}

func (c *cluster) answer(req *http.Request, answer *http.Response) any {
	path := strings.Split(strings.Trim(strings.TrimPrefix(req.URL.Path,
		"/"+c.id), "/"), "/")
	if got := c.get(path, req); req.Method == http.MethodGet && got != nil {
		return got
	}
	answer.StatusCode, answer.Status = http.StatusNotFound, "404 Not Found"
	return metav1.Status{Status: "Failure", Code: http.StatusNotFound,
		Reason: metav1.StatusReasonNotFound, Message: req.URL.Path}
}

func (c *cluster) get(path []string, req *http.Request) any {
	group := ""
	switch {
	case path[0] == "api" && len(path) == 1:
		return metav1.APIVersions{Versions: []string{"v1"}}
	case path[0] == "apis" && len(path) == 1:
		return metav1.APIGroupList{Groups: c.groups()}
	case path[0] == "apis" && len(path) == 2:
		for _, group := range c.groups() {
			if group.Name == path[1] {
				return group
			}
		}
		return nil
	case path[0] == "apis" && len(path) > 2:
		group, path = path[1], path[1:]
	case path[0] != "api" || len(path) < 2:
		return nil
	}
	version, path := path[1], path[2:]
	if len(path) == 0 {
		return c.discover(group, version)
	}
	namespace := ""
	if path[0] == "namespaces" && len(path) > 2 {
		namespace, path = path[1], path[2:]
	}
	switch len(path) {
	case 1:
		return c.list(group, version, path[0], namespace, req)
	case 2:
		for _, o := range c.lists[group+"/"+path[0]] {
			if key(o) == namespace+"/"+path[1] {
				return o
			}
		}
	}
	return nil
}

func (c *cluster) list(group, version, resource, namespace string,
	req *http.Request) any {
	selected, kind := []any{}, singular(resource)
	labels := selector(req.URL.Query().Get("labelSelector"))
	for _, o := range c.lists[group+"/"+resource] {
		if namespace != "" && text(meta(o), "namespace") != namespace ||
			!labels.Matches(labelsOf(o)) {
			continue
		}
		kind = text(o, "kind")
		if slices.Contains(builtin, group) {
			o = maps.Clone(o)
			delete(o, "kind")
			delete(o, "apiVersion")
		}
		selected = append(selected, o)
	}
	return object{
		"kind":       kind + "List",
		"apiVersion": strings.TrimPrefix(group+"/"+version, "/"),
		"metadata":   object{"resourceVersion": "1"},
		"items":      selected,
	}
}

// What is installed whether there is an object of it or not.
var installed = map[string]map[string]string{
	"":                   {"ConfigMap": "v1"},
	"apps.example.org":   {"Widget": "v1"},
	"externaldns.k8s.io": {"DNSEndpoint": "v1alpha1"},
}

// kinds of a group, each with its version.
func (c *cluster) kinds(group string) map[string]string {
	found := maps.Clone(installed[group])
	if found == nil {
		found = map[string]string{}
	}
	for resource, list := range c.lists {
		if g, _, _ := strings.Cut(resource, "/"); g == group && len(list) > 0 {
			version := text(list[0], "apiVersion")
			found[text(list[0], "kind")] =
				version[strings.LastIndex(version, "/")+1:]
		}
	}
	return found
}

func (c *cluster) groups() []metav1.APIGroup {
	found, seen := []metav1.APIGroup{}, map[string]bool{"": true}
	names := append(slices.Sorted(maps.Keys(c.lists)),
		slices.Sorted(maps.Keys(installed))...)
	for _, name := range names {
		name, _, _ := strings.Cut(name, "/")
		if seen[name] {
			continue
		}
		seen[name] = true
		versions := []metav1.GroupVersionForDiscovery{}
		for _, version := range c.kinds(name) {
			versions = append(versions,
				metav1.GroupVersionForDiscovery{
					GroupVersion: name + "/" + version,
					Version:      version})
		}
		found = append(found, metav1.APIGroup{
			TypeMeta: metav1.TypeMeta{Kind: "APIGroup",
				APIVersion: "v1"},
			Name: name, Versions: versions,
			PreferredVersion: versions[0]})
	}
	return found
}

func (c *cluster) discover(group, version string) any {
	resources := []metav1.APIResource{}
	for kind := range c.kinds(group) {
		resources = append(resources, metav1.APIResource{
			Name: plural(kind), Kind: kind,
			Namespaced: !slices.Contains(global, kind),
			Verbs:      metav1.Verbs{"get", "list", "watch"}})
	}
	return metav1.APIResourceList{
		TypeMeta: metav1.TypeMeta{Kind: "APIResourceList",
			APIVersion: "v1"},
		GroupVersion: strings.TrimPrefix(group+"/"+version, "/"),
		APIResources: resources}
}

// clients are those of ExternalDNS, which ask this cluster.
type clients struct {
	*cluster
	host string
}

func (c clients) RESTConfig() (*rest.Config, error) {
	return &rest.Config{Host: c.host + "/" + c.id, Transport: c.cluster,
		QPS: -1}, nil
}

func (c clients) KubeClient() (kubernetes.Interface, error) {
	config, _ := c.RESTConfig()
	return kubernetes.NewForConfig(config)
}

func (c clients) GatewayClient() (gateway.Interface, error) {
	config, _ := c.RESTConfig()
	return gateway.NewForConfig(config)
}

func (c clients) IstioClient() (istio.Interface, error) {
	config, _ := c.RESTConfig()
	return istio.NewForConfig(config)
}

func (c clients) DynamicKubernetesClient() (dynamic.Interface, error) {
	config, _ := c.RESTConfig()
	return dynamic.NewForConfig(config)
}

func (c clients) OpenShiftClient() (openshift.Interface, error) {
	config, _ := c.RESTConfig()
	return openshift.NewForConfig(config)
}

// running finds the cluster of a request that comes by a socket: Skipper's
// source has a client of its own.
var running sync.Map

func serve(w http.ResponseWriter, req *http.Request) {
	id, _, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
	c, ok := running.Load(id)
	if !ok {
		http.Error(w, fmt.Sprintf("no cluster %q", id), http.StatusGone)
		return
	}
	answer, err := c.(*cluster).RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}
