// Objects of every source.
package main

// A kind of case: the source, and what an object of it may be.
var sourcesTried = []struct {
	source string
	object func(d dice) object
	helper func(d dice) object // an object beside, that it may name
}{
	{"ingress", dice.ingress, nil},
	{"service", dice.service, dice.behindService},
	{"pod", dice.pod, dice.node},
	{"node", dice.node, nil},
	{"crd", dice.dnsEndpoint, nil},
	{"gateway-httproute", route("HTTPRoute", "v1"), gatewayOf("HTTP")},
	{"gateway-grpcroute", route("GRPCRoute", "v1"), gatewayOf("HTTPS")},
	{"gateway-tlsroute", route("TLSRoute", "v1"), gatewayOf("TLS")},
	{"gateway-tcproute", route("TCPRoute", "v1alpha2"), gatewayOf("TCP")},
	{"gateway-udproute", route("UDPRoute", "v1alpha2"), gatewayOf("UDP")},
	{"istio-gateway", dice.istioGateway, dice.behindIstio},
	{"istio-virtualservice", dice.virtualService, dice.behindVirtualService},
	{"contour-httpproxy", dice.httpProxy, nil},
	{"traefik-proxy", dice.ingressRoute, nil},
	{"openshift-route", dice.openshiftRoute, nil},
	{"gloo-proxy", dice.glooProxy, dice.behindGloo},
	{"skipper-routegroup", dice.routeGroup, nil},
	{"kong-tcpingress", dice.tcpIngress, nil},
	{"f5-virtualserver", dice.virtualServer, nil},
	{"f5-transportserver", dice.transportServer, nil},
	{"ambassador-host", dice.ambassadorHost, dice.service},
	{"unstructured", dice.widget, nil},
}

// some is a number of things, rarely none.
func (d dice) some() int {
	if d.often(8) {
		return 0
	}
	return 1 + d.IntN(3)
}

func (d dice) ingress() object {
	spec := object{}
	if d.often(85) {
		rules := []any{}
		for range d.IntN(3) {
			rule := object{}
			if d.often(90) {
				rule["host"] = d.host()
			}
			rules = append(rules, rule)
		}
		spec["rules"] = rules
	}
	if d.often(25) {
		spec["tls"] = []any{object{"hosts": some(d, 2, d.host)}}
	}
	if d.often(25) {
		spec["ingressClassName"] = one(d, []string{"nginx", "internal", ""})
	}
	return d.object("networking.k8s.io/v1", "Ingress", spec, d.balancer("ingress"))
}

func (d dice) ports() []any {
	found := []any{}
	for range d.IntN(3) {
		port := object{"port": 80 + d.IntN(5)}
		if d.often(60) {
			port["nodePort"] = 30000 + d.IntN(3)
		}
		if d.often(50) {
			port["name"] = one(d, []string{"http", "dns", "_x"})
		}
		if d.often(40) {
			port["protocol"] = one(d, []string{"TCP", "UDP", "SCTP"})
		}
		found = append(found, port)
	}
	return found
}

func (d dice) selector() object {
	return object{"app": one(d, []string{"a", "b"})}
}

func (d dice) service() object {
	spec := object{}
	if d.often(95) {
		spec["type"] = one(d, []string{"LoadBalancer", "LoadBalancer",
			"ClusterIP", "NodePort", "ExternalName"})
	}
	if d.often(60) {
		spec["clusterIP"] = one(d, []string{"10.1.2.3", "None", "None", "",
			"fd00::3"})
	}
	if d.often(20) {
		spec["externalIPs"] = some(d, 2, d.address)
	}
	if spec["type"] == "ExternalName" || d.often(5) {
		spec["externalName"] = d.target()
	}
	if d.often(60) {
		spec["ports"] = d.ports()
	}
	if d.often(60) {
		spec["selector"] = d.selector()
	}
	if d.often(15) {
		spec["externalTrafficPolicy"] = one(d, []string{"Local", "Cluster"})
	}
	if d.often(10) {
		spec["publishNotReadyAddresses"] = d.often(50)
	}
	return d.object("v1", "Service", spec, d.balancer("ingress"))
}

func (d dice) condition(kind string) []any {
	if d.often(10) {
		return []any{}
	}
	return []any{object{"type": kind,
		"status": one(d, []string{"True", "True", "False", "Unknown"})}}
}

func (d dice) node() object {
	addresses := []any{}
	for range d.some() {
		addresses = append(addresses, object{
			"type": one(d, []string{"ExternalIP", "InternalIP", "InternalIP",
				"Hostname", "ExternalDNS"}),
			"address": d.address()})
	}
	spec := object{}
	if d.often(15) {
		spec["unschedulable"] = d.often(70)
	}
	o := d.object("v1", "Node", spec, object{"addresses": addresses,
		"conditions": d.condition("Ready")})
	delete(o["metadata"].(object), "namespace")
	return o
}

func (d dice) pod() object {
	spec := object{}
	if d.often(50) {
		spec["hostNetwork"] = d.often(80)
	}
	if d.often(80) {
		spec["nodeName"] = d.name()
	}
	if d.often(30) {
		spec["hostname"] = one(d, []string{"p0", "p1", "P"})
	}
	if d.often(20) {
		spec["subdomain"] = d.name()
	}
	status := object{"conditions": d.condition("Ready")}
	if d.often(90) {
		status["phase"] = one(d, []string{"Running", "Running", "Pending",
			"Failed", "Succeeded"})
	}
	if d.often(85) {
		status["podIP"] = d.address()
		status["podIPs"] = []any{object{"ip": status["podIP"]}}
		if d.often(30) {
			status["podIPs"] = append(status["podIPs"].([]any),
				object{"ip": d.address()})
		}
	}
	if d.often(60) {
		status["hostIP"] = d.address()
	}
	return d.object("v1", "Pod", spec, status)
}

func (d dice) slice() object {
	endpoints := []any{}
	for range d.IntN(4) {
		e := object{"addresses": append(some(d, 1, d.address), d.address())}
		if d.often(80) {
			e["targetRef"] = object{"kind": one(d, []string{"Pod", "Pod",
				"Node"}), "name": d.name(),
				"namespace": d.namespace()}
		}
		if d.often(70) {
			e["conditions"] = object{"ready": d.often(70)}
		}
		if d.often(40) {
			e["nodeName"] = d.name()
		}
		if d.often(20) {
			e["hostname"] = one(d, []string{"p0", "h", "H"})
		}
		endpoints = append(endpoints, e)
	}
	o := d.object("discovery.k8s.io/v1", "EndpointSlice", nil, nil)
	o["addressType"] = one(d, []string{"IPv4", "IPv4", "IPv6", "FQDN"})
	o["endpoints"] = endpoints
	meta(o)["labels"] = object{"kubernetes.io/service-name": d.name()}
	return o
}

func (d dice) behindService() object {
	switch d.IntN(5) {
	case 0:
		return d.node()
	case 1, 2:
		o := d.pod()
		meta(o)["labels"] = d.selector()
		return o
	case 3:
		return d.slice()
	}
	return d.service()
}

func (d dice) dnsEndpoint() object {
	endpoints := []any{}
	for range d.IntN(4) {
		e := object{"dnsName": d.host()}
		if d.often(90) {
			e["recordType"] = one(d, []string{"A", "A", "AAAA", "CNAME",
				"CNAME", "TXT", "MX", "SRV", "NS", "PTR", "NAPTR", "a",
				"CAA", "SOA"})
		}
		if d.often(90) {
			e["targets"] = some(d, 3, d.target)
		}
		if d.often(40) {
			e["recordTTL"] = one(d, []int{0, 1, 60, 300, -1, 2147483647})
		}
		if d.often(15) {
			e["setIdentifier"] = one(d, []string{"one", "two", ""})
		}
		if d.often(20) {
			e["labels"] = object{one(d, []string{"owner", "resource", "x"}): "y"}
		}
		if d.often(25) {
			e["providerSpecific"] = []any{object{
				"name": one(d, []string{"alias", "aws/weight", "x",
					"cloudflare/proxied", "webhook/x", "record-type",
					"external-dns.alpha.kubernetes.io/cloudflare-proxied"}),
				"value": one(d, []string{"true", "false", "", "10", "ptr"})}}
		}
		endpoints = append(endpoints, e)
	}
	return d.object("externaldns.k8s.io/v1alpha1", "DNSEndpoint",
		object{"endpoints": endpoints}, nil)
}

func (d dice) listener(name string) object {
	l := object{"name": name, "port": one(d, []int{80, 443, 53}),
		"protocol": one(d, []string{"HTTP", "HTTPS", "TLS", "TCP", "UDP"})}
	if d.often(50) {
		l["hostname"] = one(d, []string{"*.example.com", d.host()})
	}
	if d.often(80) {
		allowed := object{"namespaces": object{"from": one(d,
			[]string{"All", "All", "All", "All", "Same", "Selector",
				"None"})}}
		if d.often(40) {
			allowed["namespaces"].(object)["selector"] = object{
				"matchLabels": object{"kubernetes.io/metadata.name": one(d,
					namespaces[1:])}}
		}
		if d.often(20) {
			allowed["kinds"] = []any{object{"kind": one(d, []string{
				"HTTPRoute", "TLSRoute", "TCPRoute", "UDPRoute"})}}
		}
		l["allowedRoutes"] = allowed
	}
	return l
}

func (d dice) listeners() []any {
	found := []any{}
	for i := range 1 + d.IntN(3) {
		found = append(found, d.listener([]string{"l0", "l1", "l2"}[i]))
	}
	return found
}

// gatewayOf has listeners of this protocol, most of them.
func gatewayOf(protocol string) func(dice) object {
	return func(d dice) object {
		o := d.gateway()
		spec, _ := o["spec"].(object)
		listeners, _ := spec["listeners"].([]any)
		for _, l := range listeners {
			if d.often(80) {
				l.(object)["protocol"] = protocol
			}
		}
		return o
	}
}

func (d dice) gateway() object {
	switch d.IntN(8) {
	case 0:
		return d.object("v1", "Namespace", nil, nil)
	case 1:
		return d.object("gateway.networking.k8s.io/v1", "ListenerSet",
			object{"parentRef": d.parent(), "listeners": d.listeners()},
			nil)
	}
	spec := object{"gatewayClassName": "c", "listeners": d.listeners()}
	if d.often(75) {
		addresses := []any{}
		for range d.IntN(3) {
			addresses = append(addresses, object{
				"type":  one(d, []string{"IPAddress", "Hostname"}),
				"value": d.target()})
		}
		spec["addresses"] = addresses
	}
	if d.often(25) {
		spec["allowedListeners"] = object{"namespaces": object{
			"from": one(d, []string{"All", "Same", "None"})}}
	}
	return d.object("gateway.networking.k8s.io/"+one(d, []string{"v1", "v1",
		"v1beta1"}), "Gateway", spec, nil)
}

func (d dice) parent() object {
	ref := object{"name": d.name()}
	if d.often(50) {
		ref["namespace"] = d.namespace()
	}
	if d.often(12) {
		ref["sectionName"] = one(d, []string{"l0", "l1", "x"})
	}
	if d.often(10) {
		ref["port"] = one(d, []int{80, 443})
	}
	if d.often(15) {
		ref["kind"] = one(d, []string{"Gateway", "ListenerSet", "Service"})
	}
	if d.often(5) {
		ref["group"] = one(d, []string{"gateway.networking.k8s.io", ""})
	}
	return ref
}

func route(kind, version string) func(dice) object {
	return func(d dice) object {
		parents := []any{}
		for range d.some() {
			parents = append(parents, d.parent())
		}
		spec := object{"parentRefs": parents}
		if d.often(75) && kind != "TCPRoute" && kind != "UDPRoute" {
			spec["hostnames"] = some(d, 3, d.host)
		}
		return d.object("gateway.networking.k8s.io/"+version, kind, spec, nil)
	}
}

func (d dice) istioHosts() []any {
	return some(d, 3, func() string {
		if d.often(25) {
			return one(d, append(namespaces, "*", ".", "a/b")) + "/" +
				d.host()
		}
		return d.host()
	})
}

func (d dice) istioGateway() object {
	servers := []any{}
	for range d.some() {
		hosts := d.istioHosts()
		if d.often(40) {
			hosts = append(hosts, one(d, []any{"*", "*.example.com"}))
		}
		servers = append(servers, object{"hosts": hosts,
			"port": object{"number": 80, "name": "http",
				"protocol": "HTTP"}})
	}
	spec := object{"servers": servers}
	if d.often(85) {
		spec["selector"] = d.selector()
	}
	return d.object("networking.istio.io/"+one(d, []string{"v1", "v1beta1",
		"v1alpha3"}), "Gateway", spec, nil)
}

func (d dice) behindIstio() object {
	if d.often(25) {
		return d.ingress()
	}
	o := d.service()
	o["spec"].(object)["selector"] = d.selector()
	return o
}

func (d dice) behindVirtualService() object {
	if d.often(60) {
		return d.istioGateway()
	}
	return d.behindIstio()
}

func (d dice) virtualService() object {
	spec := object{"hosts": d.istioHosts()}
	if d.often(90) {
		spec["gateways"] = some(d, 2, func() string {
			if d.often(75) {
				return one(d, []string{"a", "b", "default/a"})
			}
			return one(d, []string{"infra/a", "apps/b", "default/web",
				"mesh", "", "a/b/c", "infra/", "/a"})
		})
	}
	if d.often(15) {
		spec["exportTo"] = some(d, 2, func() string {
			return one(d, []string{"*", ".", "infra", "apps"})
		})
	}
	return d.object("networking.istio.io/"+one(d, []string{"v1", "v1beta1",
		"v1alpha3"}), "VirtualService", spec, nil)
}

func (d dice) httpProxy() object {
	spec := object{}
	if d.often(90) {
		spec["virtualhost"] = object{"fqdn": d.host()}
	}
	status := object{}
	if d.often(80) {
		status["currentStatus"] = one(d, []string{"valid", "valid", "valid",
			"invalid", ""})
	}
	for key, value := range d.balancer("ingress") {
		status[key] = value
	}
	return d.object("projectcontour.io/v1", "HTTPProxy", spec, status)
}

func (d dice) rule() string {
	quote := one(d, []string{"`", "`", "\""})
	matcher := one(d, []string{"Host", "Host", "HostSNI", "HostSNI", "HostRegexp",
		"Path", "host", "HostHeader"})
	rule := matcher + "(" + quote + d.host() + quote
	if d.often(25) {
		rule += one(d, []string{",", ", "}) + quote + d.host() + quote
	}
	rule += ")"
	if d.often(30) {
		rule += one(d, []string{" && ", " || ", "&&"}) +
			one(d, []string{"PathPrefix(`/x`)", "Host(`b.example.com`)",
				"!Host(`c.example.com`)"})
	}
	return rule
}

func (d dice) ingressRoute() object {
	routes := []any{}
	for range d.some() {
		routes = append(routes, object{"match": d.rule(), "kind": "Rule"})
	}
	return d.object(one(d, []string{"traefik.io", "traefik.io",
		"traefik.containo.us"})+"/v1alpha1", one(d, []string{"IngressRoute",
		"IngressRoute", "IngressRouteTCP", "IngressRouteUDP"}),
		object{"routes": routes}, nil)
}

func (d dice) openshiftRoute() object {
	entries := []any{}
	for range d.IntN(3) {
		e := object{"host": d.host(), "routerName": one(d, []string{"default",
			"internal", ""}), "conditions": d.condition("Admitted")}
		if d.often(85) {
			e["routerCanonicalHostname"] = d.target()
		}
		entries = append(entries, e)
	}
	return d.object("route.openshift.io/v1", "Route",
		object{"host": d.host(), "to": object{"kind": "Service", "name": "a"}},
		object{"ingress": entries})
}

func (d dice) reference() object {
	return object{"name": d.name(), "namespace": d.namespace()}
}

func (d dice) virtualHost() object {
	host := object{"domains": some(d, 2, d.host)}
	if d.often(15) {
		from := d.reference()
		from["kind"] = one(d, []string{"*v1.VirtualService", "*v1.Other"})
		host["metadata"] = object{"sources": []any{from}}
	}
	if d.often(8) {
		host["metadataStatic"] = object{"sources": []any{object{
			"resourceKind": "*v1.VirtualService",
			"resourceRef":  d.reference()}}}
	}
	return host
}

func (d dice) glooProxy() object {
	listeners := []any{}
	for range d.some() {
		l := object{}
		if d.often(80) {
			l["httpListener"] = object{"virtualHosts": []any{
				d.virtualHost()}}
		}
		if d.often(25) {
			l["aggregateListener"] = object{
				"httpFilterChains": []any{object{
					"virtualHostRefs": []any{"x", "y"}}},
				"httpResources": object{"virtualHosts": object{
					"x": d.virtualHost()}}}
		}
		if d.often(8) {
			l["metadataStatic"] = object{"sources": []any{object{
				"resourceKind": "*v1.Gateway",
				"resourceRef":  d.reference()}}}
		}
		listeners = append(listeners, l)
	}
	o := d.object("gloo.solo.io/v1", "Proxy", object{"listeners": listeners},
		nil)
	if d.often(60) {
		meta(o)["namespace"] = "gloo-system"
	}
	return o
}

func (d dice) behindGloo() object {
	switch d.IntN(5) {
	case 0:
		return d.object("gateway.solo.io/v1", "VirtualService", object{}, nil)
	case 1:
		return d.object("gateway.solo.io/v1", "Gateway", object{}, nil)
	case 2:
		return d.ingress()
	}
	o := d.service()
	if d.often(60) {
		meta(o)["namespace"] = "gloo-system"
	}
	return o
}

func (d dice) routeGroup() object {
	return d.object("zalando.org/v1", "RouteGroup",
		object{"hosts": some(d, 3, d.host)}, d.balancer("routeGroup"))
}

func (d dice) tcpIngress() object {
	rules := []any{}
	for range d.IntN(3) {
		rules = append(rules, object{"host": d.host(), "port": 80})
	}
	spec := object{"rules": rules}
	if d.often(30) {
		spec["tls"] = []any{object{"hosts": some(d, 2, d.host)}}
	}
	return d.object("configuration.konghq.com/v1beta1", "TCPIngress", spec,
		d.balancer("ingress"))
}

func (d dice) bigIP() (spec, status object) {
	spec = object{}
	if d.often(90) {
		spec["host"] = d.host()
	}
	if d.often(60) {
		spec["virtualServerAddress"] = d.target()
	}
	if d.often(80) {
		status = object{"vsAddress": d.target(), "status": one(d,
			[]string{"Ok", "ERROR", ""})}
	}
	return spec, status
}

func (d dice) virtualServer() object {
	spec, status := d.bigIP()
	if d.often(30) {
		spec["hostAliases"] = some(d, 2, d.host)
	}
	return d.object("cis.f5.com/v1", "VirtualServer", spec, status)
}

func (d dice) transportServer() object {
	spec, status := d.bigIP()
	return d.object("cis.f5.com/v1", "TransportServer", spec, status)
}

func (d dice) ambassadorHost() object {
	o := d.object("getambassador.io/v3alpha1", "Host",
		object{"hostname": d.host()}, nil)
	if d.often(70) {
		set, _ := meta(o)["annotations"].(object)
		if set == nil {
			set = object{}
		}
		set["external-dns.ambassador-service"] = one(d, []string{"a",
			"a.infra", "infra/a", "default/web", "x/y/z", "b.apps"})
		meta(o)["annotations"] = set
	}
	return o
}

func (d dice) widget() object {
	spec := object{"host": d.host(), "ip": d.target(),
		"hostnames": some(d, 2, d.host), "dnsNames": some(d, 2, d.host)}
	if d.often(20) {
		return d.object("v1", "ConfigMap", nil, nil)
	}
	return d.object("apps.example.org/v1", "Widget", spec,
		object{"ip": d.target()})
}
