#!/bin/bash
# The static program, the wheel that holds it, the source and its checksums.
. "$(dirname "$0")/../lib.sh"
needs cmake readelf pre-commit
. "$(dirname "$0")/../packages.sh"
: "${work:?}" "${root:?}" "${out:?}" "${version:?}" # of these two

pc=$(command -v pre-commit)
static() {
	said make static
	[ "$(file -b build/static/zoneloom | grep -c 'static-pie linked')" = 1 ] &&
		! readelf -d build/static/zoneloom | grep NEEDED
}
check 'static: it names no library' static
# A root with nothing in it but the program and a repository.
alone() {
	mkdir -p "$work/alone"
	repository "$work/alone/repo"
	cp build/static/zoneloom "$work/alone/"
	main_job "$work/alone/repo" unshare --map-root-user \
		chroot "$work/alone" /zoneloom -C /repo
}
check 'static: the main job in an empty root' alone
# In the repository of the project, which is large enough.  Where loading the
# program takes all there is, the kernel says so instead.
no_memory() {
	local kilobytes said
	for kilobytes in 16000 20000 24000 28000 32000 36000 40000; do
		said=$( (ulimit -v $kilobytes &&
			exec build/static/zoneloom -C "$example" list) 2>&1)
		[ $? != 4 ] || [[ $said != *'out of memory'* ]] || return 0
	done
	return 1
}
check 'static: no memory is exit 4, and said' no_memory
note "static: $(bytes build/static/zoneloom) bytes; alone in a root: generate"

wheel() {
	python3 -m venv "$work/venv" && tree "$work/wheel" &&
		cp -r build "$work/wheel/" 2>/dev/null
	rm -rf "$work/wheel/build/packages"
	(cd "$work/wheel" && SOURCE_DATE_EPOCH=1700000000 ZONELOOM_WHEEL=static \
		said "$work/venv/bin/pip" wheel -q --no-deps -w "$out" .) &&
		said "$work/venv/bin/pip" install -q "$out"/zoneloom-*.whl &&
		repository "$work/wheelrepo" &&
		main_job "$work/wheelrepo" \
			"$work/venv/bin/zoneloom" -C "$work/wheelrepo"
}
check 'wheel: pip installs it, the main job' wheel
whl=$(echo "$out"/zoneloom-*.whl)
check 'wheel: its platform is that of a program without libraries' \
	test "${whl##*/}" = "zoneloom-$version-py3-none-manylinux_2_17_$(uname -m).musllinux_1_1_$(uname -m).whl"
again() {
	mkdir -p "$work/again" &&
		(cd "$work/wheel" && SOURCE_DATE_EPOCH=1700000000 \
			ZONELOOM_WHEEL=static said "$work/venv/bin/pip" wheel -q \
			--no-deps -w "$work/again" .) &&
		cmp "$whl" "$work/again/${whl##*/}"
}
check 'wheel: twice the same bytes' again
note "wheel: $(bytes "$whl") bytes; pip install in a new venv: generate"

# A hook of `language: python`, as pre-commit installs it out of a repository.
hooked() (
	tree "$work/hooks" && cd "$work/hooks" && git init -q &&
		git add -A && git commit -qm hooks && git tag v1 &&
		repository "$work/hookrepo" && cd "$work/hookrepo" || exit 1
	printf 'repos: [{repo: "%s", rev: v1, hooks: [{id: zoneloom}]}]\n' \
		"$work/hooks" >.pre-commit-config.yaml
	git add -A
	PRE_COMMIT_HOME=$work/cache "$pc" run >"$work/hooked" 2>&1 &&
		{ echo 'the outputs were not written'; exit 1; }
	diff -r --exclude=.git --exclude=.pre-commit-config.yaml \
		"$work/want" . || { cat "$work/hooked"; exit 1; }
	git add -A
	PRE_COMMIT_HOME=$work/cache said "$pc" run
)
check 'pre-commit: a hook of language python, out of the repository' hooked

dist() {
	said scripts/dist.sh "$out/one" && said scripts/dist.sh "$out/two" &&
		diff -r "$out/one" "$out/two" &&
		(cd "$out/one" && sha256sum -c --quiet SHA256SUMS)
}
check 'dist: twice the same bytes, checksums hold' dist
parts() {
	python3 - "$out"/one/*.spdx.json "$(ldd build/zoneloom)" <<-'PY'
		import json, subprocess, sys
		doc = json.load(open(sys.argv[1]))
		assert doc["spdxVersion"] == "SPDX-2.3", doc["spdxVersion"]
		ids = {p["SPDXID"] for p in doc["packages"]}
		assert all(r["relatedSpdxElement"] in ids for r in doc["relationships"])
		assert len(ids) == len(doc["packages"])
		listed = " ".join(p["name"] for p in doc["packages"])
		for lib in ("yaml", "jansson", "git2", "idn2", "unistring", "psl", "pcre2",
			    "knot", "ldns", "zlib", "ssl"):
		    assert lib in listed, lib
	PY
}
check 'dist: the list of parts names every library' parts
note "dist: $(bytes "$(echo "$out"/one/*.tar.gz)") bytes"

staged() { # make install and uninstall
	said make install DESTDIR="$work/stage" PREFIX=/usr &&
		[ -x "$work/stage/usr/bin/zoneloom" ] &&
		[ -x "$work/stage/usr/share/zoneloom/gate.sh" ] &&
		[ -x "$work/stage/usr/share/zoneloom/gitlab/note.sh" ] &&
		[ -s "$work/stage/usr/share/zsh/site-functions/_zoneloom" ] &&
		said make uninstall DESTDIR="$work/stage" PREFIX=/usr &&
		[ -z "$(find "$work/stage" -type f)" ]
}
check 'make install, and make uninstall leaves nothing' staged
done_testing
