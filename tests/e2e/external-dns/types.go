// The fields that templates find in Go's types.
package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	f5 "github.com/F5Networks/k8s-bigip-ctlr/v2/config/apis/cis/v1"
	openshiftapi "github.com/openshift/api/route/v1"
	contour "github.com/projectcontour/contour/apis/projectcontour/v1"
	"google.golang.org/protobuf/types/known/timestamppb"
	istioapi "istio.io/client-go/pkg/apis/networking/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/external-dns/source"
	gatewayapi "sigs.k8s.io/gateway-api/apis/v1"
	gatewayalpha "sigs.k8s.io/gateway-api/apis/v1alpha2"
)

// What a template's dot is, and how deep its fields are told.
var dots = []struct {
	of    any
	depth int
}{
	{networking.Ingress{}, 4}, {core.Service{}, 3}, {core.Pod{}, 1},
	{core.Node{}, 2}, {gatewayapi.HTTPRoute{}, 1},
	{gatewayapi.GRPCRoute{}, 1}, {gatewayapi.TLSRoute{}, 1},
	{gatewayalpha.TCPRoute{}, 1}, {gatewayalpha.UDPRoute{}, 1},
	{istioapi.Gateway{}, 2}, {istioapi.VirtualService{}, 1},
	{contour.HTTPProxy{}, 2}, {f5.VirtualServer{}, 1},
	{f5.TransportServer{}, 1}, {openshiftapi.Route{}, 2},
	{source.IngressRoute{}, 3}, {source.IngressRouteTCP{}, 3},
	{source.IngressRouteUDP{}, 3}, {source.TCPIngress{}, 4},
}

// Types that ExternalDNS keeps to itself, as they stand in gloo_proxy.go and
// skipper_routegroup.go.
var hidden = map[string]string{
	"Proxy":                             "Spec=source.proxySpec",
	"Proxy.Spec":                        "Listeners[]source.proxySpecListener",
	"Proxy.Spec.Listeners":              "HTTPListener=source.proxySpecHTTPListener AggregateListener=source.proxySpecAggregateListener MetadataStatic=source.proxyMetadataStatic",
	"Proxy.Spec.Listeners.HTTPListener": "VirtualHosts[]source.proxyVirtualHost",
	"Proxy.Spec.Listeners.HTTPListener.VirtualHosts": "Domains[]string Metadata=source.proxyVirtualHostMetadata MetadataStatic=source.proxyVirtualHostMetadataStatic",
	"RouteGroup":                                "Spec=source.routeGroupSpec Status=source.routeGroupStatus",
	"RouteGroup.Spec":                           "Hosts[]string",
	"RouteGroup.Status":                         "LoadBalancer=source.routeGroupLoadBalancerStatus",
	"RouteGroup.Status.LoadBalancer":            "RouteGroup[]source.routeGroupLoadBalancer",
	"RouteGroup.Status.LoadBalancer.RouteGroup": "IP Hostname",
}

// typesAll prints the rows of gen/source/go_type.def for them.
func typesAll([]string) error {
	rows := maps.Clone(hidden)
	for _, dot := range dots {
		t := reflect.TypeOf(dot.of)
		addType(rows, t.Name(), t, dot.depth)
	}
	for _, path := range slices.Sorted(maps.Keys(rows)) {
		fmt.Printf("GO_TYPE(%q, %q)\n", path, rows[path])
	}
	return nil
}

func addType(rows map[string]string, path string, t reflect.Type, depth int) {
	if depth < 0 || !fieldsKnown(t) {
		return
	}
	words := []string{}
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || ofMeta(t, f) {
			continue
		}
		words = append(words, f.Name+marked(f.Type))
		addType(rows, path+"."+f.Name, elem(f.Type), depth-1)
	}
	rows[path] = strings.Join(words, " ")
}

// ofMeta: what every object has is told elsewhere.
func ofMeta(t reflect.Type, f reflect.StructField) bool {
	top := t.Field(f.Index[0]).Type
	return top == reflect.TypeFor[metav1.ObjectMeta]() ||
		top == reflect.TypeFor[metav1.TypeMeta]()
}

// elem is what a list or pointer is of.
func elem(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// Times and quantities print themselves.
func fieldsKnown(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[metav1.Time]() &&
		t != reflect.TypeFor[intstr.IntOrString]() &&
		t != reflect.TypeFor[timestamppb.Timestamp]()
}

// marked: what it is, and its name in Go where that is not plain.
func marked(t reflect.Type) string {
	m := mark(t)
	if m == "" || m == "?" {
		return m
	}
	return m + strings.TrimPrefix(strings.ReplaceAll(t.String(), " ", "~"), m)
}

func mark(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[metav1.Time]():
		return "" // prints itself
	case reflect.TypeFor[intstr.IntOrString]():
		return "#"
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return "*"
	case reflect.Slice:
		return "["
	case reflect.Map:
		return "{"
	case reflect.Struct:
		return "="
	case reflect.Bool:
		return "?"
	case reflect.String:
		if t.PkgPath() != "" {
			return "!"
		}
		return ""
	}
	return "#"
}
