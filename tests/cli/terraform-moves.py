"""What Terraform makes of our files: states, `moved` blocks and the order of an
apply, as its documentation says.

terraform-moves.py manifests DIR GENERATION   Ingresses of this generation
terraform-moves.py judge OLD NEW [MESSAGES]   counts against the least; exit 1
terraform-moves.py walk FILE...               a state that sees only some of them
"""
import collections, itertools, json, pathlib, random, sys

SETS = [["192.0.2.1"], ["192.0.2.2"], ["192.0.2.1", "192.0.2.2"],
        ["192.0.2.3", "192.0.2.4"], ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
        ["2001:db8::1"], ["2001:db8::2"], ["2001:db8::1", "2001:db8::2"],
        ["192.0.2.1", "2001:db8::1"], ["192.0.2.5", "192.0.2.6", "2001:db8::3"],
        ["lb.example.net"], ["lb2.example.net"], []]


def targets(i, j, generation):
    if generation < 2:
        return SETS[(i, j)[generation]]
    return random.Random(f"{i} {j} {generation}").choice(SETS)


def manifests(folder, generation):
    docs = []
    for i, j in itertools.product(range(len(SETS)), repeat=2):
        t = targets(i, j, generation)
        if t:
            docs.append({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
                         "metadata": {"name": f"h{i}-{j}", "namespace": "apps", "annotations":
                                      {"external-dns.kubernetes.io/target": ",".join(t)}},
                         "spec": {"rules": [{"host": f"h{i}-{j}.example.com"}]}})
    text = "---\n".join(json.dumps(d) + "\n" for d in docs)
    pathlib.Path(folder, "apps.yaml").write_text(text)


def read(name):
    root = json.loads(pathlib.Path(name).read_text())
    records = {f"{t}.{k}": r for t, all_ in root.get("resource", {}).items()
               for k, r in all_.items()}
    return records, [(m["from"], m["to"]) for m in root.get("moved", [])]


def moved(state, config, moves):
    """The state after `moves`; an assertion where Terraform refuses them."""
    goes = dict(moves)
    assert len(goes) == len(moves), "two moves from one address"
    assert len(set(goes.values())) == len(moves), "two moves to one address"
    for a in goes:
        assert a not in config, f"{a} is moved and still declared"
        seen, at = set(), a
        while at in goes:
            assert at not in seen, f"{a}: moves in a circle"
            seen.add(at)
            at = goes[at]
    out = {}
    for a, r in sorted(state.items(), key=lambda kv: kv[0] in goes):
        to = a
        while to in goes and goes[to] not in out:
            to = goes[to]
        out[to] = r
    return out


def by_name(records):
    out = collections.defaultdict(list)
    for a, r in records.items():
        if r["type"] in ("A", "AAAA", "CNAME"):
            out[r["name"].split(".")[0]].append((a, r))
    return out


def least(olds, news):
    """Creates, updates, deletes that no tool can do without."""
    c = u = d = 0
    for t in ("A", "AAAA", "CNAME"):
        o = {r["content"] for _, r in olds if r["type"] == t}
        n = {r["content"] for _, r in news if r["type"] == t}
        c, d = c + max(0, len(n) - len(o)), d + max(0, len(o) - len(n))
        u += min(len(o), len(n)) - len(o & n)
    return c, u, d


def ordered(name, olds, news, state, warned):
    """Is there no moment without an address, and no refused create?"""
    config = dict(news)
    old_cname = any(r["type"] == "CNAME" for _, r in olds)
    new_cname = any(r["type"] == "CNAME" for _, r in news)
    for a, r in news:
        was = state.get(a)
        crossing = was is not None and was["type"] != r["type"]
        first = r.get("lifecycle", {}).get("create_before_destroy", False)
        if new_cname and olds and not old_cname:
            assert crossing and not first, f"{name}: the CNAME waits for nothing"
            # Every other address goes at any time: then it is said.
            assert len(olds) == 1 or warned, f"{name}: nobody says that it is refused"
        elif old_cname and not new_cname:
            leads = [b for b, x in news if state.get(b, {}).get("type") == "CNAME"]
            assert crossing and not first or r.get("depends_on") == leads, \
                f"{name}: {a} may come before the CNAME has gone"
        elif crossing:
            assert first, f"{name}: {a} goes before it comes"
    if olds and news and not old_cname and not new_cname:
        assert any(a in state for a in config), f"{name}: a moment without an address"


def judge(old, new, messages=""):
    old_records, _ = read(old)
    config, moves = read(new)
    state = moved(old_records, config, moves)
    types = {a.split(".")[0] for a in config}
    assert all(a.split(".")[0] in types for a in state), "state of another provider stays"
    said = pathlib.Path(messages).read_text() if messages else ""
    o, n, cells = by_name(old_records), by_name(config), 0
    for name in sorted(set(o) | set(n)):
        c = u = d = 0
        for a in {a for a, _ in n[name]} | {a for a, r in state.items()
                                            if r["name"].split(".")[0] == name
                                            and r["type"] in ("A", "AAAA", "CNAME")}:
            was, now = state.get(a), config.get(a)
            replaced = was and now and was["type"] != now["type"]
            c += now is not None and (was is None or replaced)
            d += was is not None and (now is None or replaced)
            u += bool(was and now and not replaced and was["content"] != now["content"])
        assert (c, u, d) == least(o[name], n[name]), \
            f"{name}: {(c, u, d)}, and {least(o[name], n[name])} would do"
        ordered(name, o[name], n[name], state,
                f"record {name}.example.com CNAME" in said or "@4" in messages)
        cells += 1
    print(f"{cells} changes, none above the least")


def walk(files):
    """Who applies seldom: from each file to each later one."""
    read_all = [read(f) for f in files]
    for i, j in itertools.combinations(range(len(files)), 2):
        moved(read_all[i][0], *read_all[j])
        left = {a.split(".")[0] for a in moved(read_all[i][0], *read_all[j])}
        assert len(left) <= 1, f"{files[i]} to {files[j]}: {left}"
    print(f"{len(files)} files, each way forward")


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    if word == "manifests":
        manifests(rest[0], int(rest[1]))
    else:
        try:
            judge(*rest) if word == "judge" else walk(rest)
        except AssertionError as e:
            sys.exit(f"terraform-moves.py: {e}")
