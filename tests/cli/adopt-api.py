#!/usr/bin/env python3
"""What Cloudflare's API and Terraform's state say of the records of a zone.

It holds records as the API takes them (POST bodies) and answers as the API does:
names whole and in lower case, hosts without their dot, IPv6 in its short form,
quoted TXT in strings of 255 bytes, SRV, CAA and their like as `data` with a `content`
made of it, pages with result_info.

adopt-api.py make DIR N       hand-kept records in DIR/kept.zone, and as bodies in
                              DIR/bodies.json
adopt-api.py pages DIR [PER]  each page in DIR/page-I.json; DIR/all.json is the sum
adopt-api.py state DIR 4|5 TF the state after an apply of TF, of what all.json says
"""
import ipaddress
import json
import sys

ZONE, ZONE_ID = "example.com", "0123456789abcdef0123456789abcdef"
OWNER = "prod"


def host(name):
    return name.rstrip(".").lower()


def character_strings(text):
    """The strings of a quoted TXT, each escaped as it stands."""
    parts, i = [], 0
    while i < len(text):
        if text[i] != '"':
            i += 1
            continue
        i, one = i + 1, []
        while text[i] != '"':
            step = 2 if text[i] == "\\" else 1
            one.append(text[i:i + step])
            i += step
        i += 1
        parts += [one[k:k + 255] for k in range(0, len(one), 255)] or [[]]
    return " ".join('"' + "".join(p) + '"' for p in parts)


# `content` of the types that have `data`.
CONTENT = {
    "CAA": lambda d: '%s %s "%s"' % (d["flags"], d["tag"], d["value"]),
    "DS": lambda d: "%(key_tag)s %(algorithm)s %(digest_type)s %(digest)s" % d,
    "HTTPS": lambda d: "%(priority)s %(target)s %(value)s" % d,
    "LOC": lambda d: "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "NAPTR": lambda d: '%(order)s %(preference)s "%(flags)s" "%(service)s" '
                       '"%(regex)s" %(replacement)s' % d,
    "SRV": lambda d: "%(weight)s %(port)s %(target)s" % d,
    "SSHFP": lambda d: "%(algorithm)s %(type)s %(fingerprint)s" % d,
    "SVCB": lambda d: "%(priority)s %(target)s %(value)s" % d,
    "TLSA": lambda d: "%(usage)s %(selector)s %(matching_type)s "
                      "%(certificate)s" % d,
    "URI": lambda d: '%(weight)s "%(target)s"' % d,
}


def answer(body, number):
    """A record as the API gives it back."""
    name, kind = host(body["name"]), body["type"]
    if name != ZONE and not name.endswith("." + ZONE):
        name = ZONE if name == "@" else name + "." + ZONE
    data = dict(body.get("data") or {})
    if kind in ("SRV",) and "target" in data:
        data["target"] = host(data["target"])
    content = CONTENT[kind](data) if data else body["content"]
    if kind == "AAAA":
        content = str(ipaddress.ip_address(content))
    elif kind in ("CNAME", "MX", "NS", "PTR"):
        content = host(content)
    elif kind == "TXT" and content.startswith('"'):
        content = character_strings(content)
    proxied = body.get("proxied", False)
    out = {"id": "%032x" % (0x9e3779b97f4a7c15 * (number + 1) % (1 << 127)),
           "name": name, "type": kind, "content": content,
           "proxiable": kind in ("A", "AAAA", "CNAME"), "proxied": proxied,
           "ttl": 1 if proxied else body.get("ttl", 1), "settings": {},
           "meta": body.get("meta", {}), "comment": body.get("comment"),
           "tags": body.get("tags", []),
           "created_on": "2026-01-02T03:04:05.678901Z",
           "modified_on": "2026-01-02T03:04:05.678901Z"}
    if data:
        out["data"] = data
    if "priority" in body:
        out["priority"] = body["priority"]
    elif kind in ("SRV", "URI", "HTTPS", "SVCB"):
        out["priority"] = data.get("priority", 0)
    return out


def records(folder):
    with open(folder + "/bodies.json") as f:
        return [answer(b, i) for i, b in enumerate(json.load(f))]


def pages(folder, per):
    all_of = records(folder)
    total = max(1, -(-len(all_of) // per))
    for page in range(total):
        part = all_of[page * per:(page + 1) * per]
        with open("%s/page-%d.json" % (folder, page + 1), "w") as f:
            json.dump({"result": part, "success": True, "errors": [],
                       "messages": [],
                       "result_info": {"page": page + 1, "per_page": per,
                                       "count": len(part),
                                       "total_count": len(all_of),
                                       "total_pages": total}}, f)
    with open(folder + "/all.json", "w") as f:
        json.dump({"result": all_of, "success": True, "errors": [],
                   "messages": [],
                   "result_info": {"page": 1, "per_page": 5000,
                                   "count": len(all_of),
                                   "total_count": len(all_of),
                                   "total_pages": 1}}, f)


def values(record, major):
    """The attributes that a provider keeps of a record."""
    v = {"id": record["id"], "zone_id": ZONE_ID, "type": record["type"],
         "ttl": record["ttl"], "proxied": record["proxied"],
         "comment": record["comment"], "tags": record["tags"],
         "priority": record.get("priority"), "content": record["content"]}
    data = record.get("data")
    if major == "5":
        v.update(name=record["name"], data=data)
    else:
        # The apex keeps its name, all others are relative.
        name = record["name"]
        v.update(hostname=name, data=[data] if data else [],
                 value=record["content"],
                 name=name if name == ZONE else name[:-len(ZONE) - 1])
    return v


def state(folder, major, resources):
    """A state in which the records stand at the given addresses, "id
    address" a line, or at addresses of somebody else."""
    kind = "cloudflare_dns_record" if major == "5" else "cloudflare_record"
    at = dict(line.split() for line in resources)
    below, root = [], []
    for i, r in enumerate(records(folder)):
        address = at.get(r["id"], "%s.old[\"%d\"]" % (kind, i) if i % 3 == 0
                         else "module.dns.%s.r%d" % (kind, i) if i % 3 == 1
                         else "%s.r%d" % (kind, i))
        (below if address.startswith("module.") else root).append(
            {"address": address, "mode": "managed", "type": kind,
             "name": address.rsplit(".", 1)[-1], "values": values(r, major)})
    print(json.dumps({
        "format_version": "1.0", "terraform_version": "1.11.4",
        "values": {"root_module": {
            "resources": root + [{"address": "data.cloudflare_zone.z",
                                  "mode": "data", "type": "cloudflare_zone",
                                  "values": {"id": ZONE_ID, "name": ZONE}}],
            "child_modules": [{"address": "module.dns",
                               "resources": below}]}}}))


def value(kind, i):
    """One record of a type: its line in a zone file, body for the API."""
    v4 = "198.51.%d.%d" % (100 + i // 200, i % 200 + 1)
    v6 = "2001:DB8::%x:%x" % (i, i + 1)
    digest = "%064X" % (i * 7919 + 1)
    name = "lb%d.example.net." % i
    return {
        "A": lambda: (v4, {"content": v4, "proxied": False}),
        "AAAA": lambda: (v6, {"content": v6}),
        "CAA": lambda: ('0 issue "ca%d.example; account=%%{x}"' % i, {
            "data": {"flags": "0" if i % 2 else 0, "tag": "issue",
                     "value": "ca%d.example; account=%%{x}" % i}}),
        "CNAME": lambda: (name, {"content": "LB%d.example.net." % i}),
        "DS": lambda: ("%d 13 2 %s" % (i % 60000 + 1, digest), {
            "data": {"key_tag": i % 60000 + 1, "algorithm": 13,
                     "digest_type": 2, "digest": digest}}),
        "HTTPS": lambda: ('1 . alpn="h2,h3"', {
            "data": {"priority": 1, "target": ".", "value": 'alpn="h2,h3"'}}),
        "MX": lambda: ("%d mail%d.example.net." % (i % 50, i), {
            "content": "Mail%d.example.net" % i, "priority": i % 50}),
        "NAPTR": lambda: ('10 %d "S" "SIP+D2U" "" _sip._udp.example.net.' % i, {
            "data": {"order": 10, "preference": i, "flags": "S",
                     "service": "SIP+D2U", "regex": "",
                     "replacement": "_sip._udp.example.net"}}),
        "NS": lambda: ("ns%d.example.net." % i, {
            "content": "ns%d.example.net" % i}),
        "PTR": lambda: ("host%d.example.net." % i, {
            "content": "host%d.example.net" % i}),
        "SRV": lambda: ("10 %d 443 srv%d.example.net." % (i % 90, i), {
            "data": {"priority": 10, "weight": i % 90, "port": 443,
                     "target": "Srv%d.example.net" % i}}),
        "SSHFP": lambda: ("4 2 %s" % digest, {
            "data": {"algorithm": 4, "type": 2, "fingerprint": digest}}),
        "SVCB": lambda: ('2 svc%d.example.net. port=8443' % i, {
            "data": {"priority": 2, "target": "svc%d.example.net" % i,
                     "value": 'port="8443"'}}),
        "TLSA": lambda: ("3 1 1 %s" % digest, {
            "data": {"usage": 3, "selector": 1, "matching_type": 1,
                     "certificate": digest.lower()}}),
        "TXT": lambda: txt(i),
        "URI": lambda: ('10 %d "https://example.net/%d?a=${b}"' % (i % 9, i), {
            "priority": 10, "data": {
                "weight": i % 9,
                "target": "https://example.net/%d?a=${b}" % i}}),
    }[kind]()


def txt(i):
    """In quotes and without, long, with a quote inside, with templates."""
    text = ["v=spf1 exists:%%{i}._spf.%d.example.net -all" % i,
            "k=%d; p=" % i + "A" * 400, 'say "%d" \\ now' % i,
            "${x} and %%{y} %d" % i][i // 16 % 4]
    quoted = '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')
    return (character_strings(quoted),
            {"content": quoted if i // 16 % 2 else text})


KINDS = ("A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SRV SSHFP SVCB TLSA TXT "
         "URI").split()


def make(folder, count):
    bodies, lines = [], []
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        name = {"SRV": "_s%d._tcp.n%d", "TLSA": "_443._tcp.t%d.n%d",
                "URI": "_u%d._tcp.n%d"}.get(kind, "n%d-%d") % (i, i)
        if kind == "DS":  # at the cut of the NS that comes four later
            name = "n%d-%d" % (i + 4, i + 4)
        if i == 2:
            name = "@"
        full = ZONE if name == "@" else name + "." + ZONE
        target, body = value(kind, i)
        bodies.append(dict(body, type=kind, name=full.upper() if i % 5 == 0
                           else "@" if name == "@" else full, ttl=300))
        lines.append("%s. 300 IN %s %s\n" % (full, kind, target))
    # A type that is not written here: somebody else's.
    bodies.append({"type": "LOC", "name": "where." + ZONE,
                   "data": {"lat_degrees": 52}})
    with open(folder + "/kept.zone", "w") as f:
        f.writelines(lines)
    with open(folder + "/bodies.json", "w") as f:
        json.dump(bodies, f)


def main():
    what, folder = sys.argv[1:3]
    if what == "make":
        make(folder, int(sys.argv[3]))
    elif what == "pages":
        pages(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 100)
    else:
        state(folder, sys.argv[3], sys.stdin)


if __name__ == "__main__":
    main()
