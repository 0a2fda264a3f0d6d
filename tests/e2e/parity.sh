#!/bin/bash
# What the real ExternalDNS answers, asked now: flags, sources, planner and TXT
# registry run as in a cluster that holds the manifests.
# shellcheck disable=SC2317 # called by check
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
needs external-dns-judge

# The recorded cases, which make test compares with, are still its answers.
recorded() { external-dns-judge recorded "$root/tests/parity"; }
check parity/recorded recorded

# A case that is recorded wrong is found.
mkdir -p "$work/other/wrong"
cp -r "$root/tests/parity/ingress/004-target-two-v4" "$work/other/wrong/"
sed -i 's/"ttl":0/"ttl":9/' "$work/other/wrong/004-target-two-v4/expected.jsonl"
finds_wrong() {
	run external-dns-judge recorded "$work/other"
	status_is 1 && out_has 'DIFFERS wrong/004-target-two-v4'
}
check parity/finds-wrong finds_wrong

# The fields of Go's types are those that templates know.
types() {
	diff <(external-dns-judge types) \
		<(grep '^GO_TYPE' "$root/gen/source/go_type.def")
}
check parity/types types

# Generated cases, the same for every run: ExternalDNS and the optimised program
# agree, its records leave ExternalDNS nothing to do, or a row of differs.tsv
# says why not.  Counts of each source are printed.
count=$(sample 100000)
generated() {
	external-dns-judge compare --zoneloom "$root/build/zoneloom" \
		--seed "$seed" --count "$count" "$@"
}
check "parity/generated-$count" generated \
	--differs "$root/tests/parity/differs.tsv" ${FULL:+--all}

# A program that answers something else is found, and the case made small.
cat >"$work/deaf" <<'END'
#!/bin/sh
exit 0
END
chmod +x "$work/deaf"
finds_deaf() {
	run external-dns-judge compare --zoneloom "$work/deaf" --count 22 \
		--shrink 1 --keep "$work/deaf-cases"
	status_is 1 && out_has 'DIFFERS'
}
check parity/finds-deaf finds_deaf
# The first of them, by name: no flag that nothing hangs on, and one object.
made_small() {
	local first
	first=$(printf '%s\n' "$work/deaf-cases"/*/ | head -n 1)
	[ "$(wc -l <"$first/input.yaml")" -le 12 ] &&
		[ "$(wc -l <"$first/flags")" -le 1 ]
}
check parity/made-small made_small

# Every source and flag is tried, but for those that end the program, ask the
# network or need a source of their own.
untried() {
	diff <(external-dns-judge untried | sort) - <<-'END'
	flag completion-bash
	flag completion-script-bash
	flag completion-script-zsh
	flag connector-source-server
	flag help
	flag help-long
	flag help-man
	flag resolve-service-load-balancer-hostname
	flag skipper-routegroup-groupversion
	flag txt-encrypt-aes-key
	flag txt-encrypt-enabled
	flag version
	source connector
	source empty
	source fake
	END
}
check parity/untried untried
done_testing
