#!/bin/bash
# One owner for each small decision: what a room writes again, it will one day
# decide otherwise.  A row: the only files that may hold the pattern, the
# pattern, and what stands for it everywhere else.
set -eu
cd "$(dirname "$0")/../.."
bad=0

owner() { # FILES PATTERN INSTEAD
	local hits
	hits=$(git ls-files 'gen/*.[ch]' | grep -vxF "$(tr ' ' '\n' <<<"$1")" |
		xargs grep -nE -- "$2" || true)
	[ -z "$hits" ] && return
	echo "$hits"
	echo "owners: $3 (${1%% *}), see above"
	bad=1
}

owner gen/base/loc.h 'struct loc nowhere|\(struct loc\)\{ (0|\.line = 0) \}' \
	'NOWHERE'
owner gen/base/path.h "sv_rchr\([^()]*, '/'\)" \
	'path_folder(), path_name() or path_join()'
owner gen/base/path.h "\\.p\\[[a-z.]+\\.n\\] == '/'" 'path_below()'
owner gen/base/utf8.c '0xc2 \? 0|least\[\].*0x10000' 'utf8_at()'
owner gen/base/escape.c '0x202a|0x2066|0xfeff' 'escape()'
owner gen/base/strings.h 'if \(sv_eq\([a-z>&.-]*list\.v\[[a-z]\], [a-z]+\)\)' \
	'strings_has() or strings_add_once()'
owner gen/base/sv.c '"TRUE", *"True"' 'sv_bool()'
owner gen/endpoint/endpoint.h 'if \(sv_ends\([a-z]+, SV\("\."\)\)\)$' \
	'dname_strip_dot()'
owner gen/endpoint/endpoint.c '->from\.n > 0 \? [a-z]+->from\.v\[0\]\.at' \
	'endpoint_at()'
owner 'gen/endpoint/txt.c gen/registry/registry.c gen/registry/registry.h' \
	'"heritage=external-dns|SV\("heritage"\)' \
	'is_ownership()'
[ $bad = 0 ] || exit 1
echo "ok owners"
