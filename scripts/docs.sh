#!/bin/bash
# Write what is made from the tables: zoneloom.schema.json, the manual pages
# and the key tables of docs/configuration.md, into the folder $1 (default: the
# project itself).  tests/cli/docs.sh compares.
set -eu
cd "$(dirname "$0")/.."
to=${1:-.}
program=${ZONELOOM:-build/zoneloom}
mkdir -p "$to/man" "$to/docs"

"$program" help --schema >"$to/zoneloom.schema.json"
"$program" help --man >"$to/man/zoneloom.1"

keys() { jq -r --arg to "$1" -f scripts/keys.jq "$to/zoneloom.schema.json"; }

{
	sed -n '/^\.Dd/p' "$to/man/zoneloom.1"
	cat <<-'END'
	.Dt ZONELOOM.YAML 5
	.Os
	.Sh NAME
	.Nm .zoneloom.yaml
	.Nd configuration of zoneloom
	.Sh DESCRIPTION
	One YAML document at the root of a repository.
	Its top level describes one publisher, which is what one ExternalDNS
	Deployment would be;
	.Ic publishers
	adds more.
	A flag of the same name wins over a key.
	An unknown key, a value of a wrong type and a key given twice are errors.
	.Sh KEYS
	END
	keys mdoc
	cat <<-'END'
	.Sh EXAMPLES
	.Bd -literal -offset indent
	format: 1
	txt-owner-id: production
	source: [ingress, gateway-httproute]
	targets:
	  default: [203.0.113.10]
	zones:
	  example.com:
	    outputs:
	      - format: terraform
	        zone-id: ${var.zone_id}
	        file: dns/example.com/records.gen.tf.json
	.Ed
	.Sh SEE ALSO
	.Xr zoneloom 1
	END
} >"$to/man/zoneloom.yaml.5"

keys markdown >"$to/keys.md"
awk -v keys="$to/keys.md" '
	/^<!-- \/keys -->$/ { skip = 0 }
	!skip { print }
	/^<!-- keys: / { skip = 1; print ""; while ((getline l < keys) > 0) print l }
' docs/configuration.md >"$to/configuration.md"
mv "$to/configuration.md" "$to/docs/configuration.md"
rm "$to/keys.md"

{
	cat <<-'END'
	# Diagnostics

	A message is `path:line:col: severity: thing, fault, what is expected [code]`.
	An *error* stops every output (`on-error` softens that) and gives exit 3; a
	*warning* does not; a *note* says what was skipped and is shown by
	`zoneloom explain --skipped` and with `-v`. Each code has a case under
	`tests/golden/` that shows it.

	| code | means |
	|---|---|
	END
	# shellcheck disable=SC2016 # Markdown's quotes
	sed -nE 's/^DIAG\([A-Z_]+,[[:space:]]*"([^"]+)",[[:space:]]*"([^"]+)"\)$/| `\1` | \2 |/p' \
		gen/base/diag.def
} >"$to/docs/diagnostics.md"

# "20 000 000" is how limits.h has it, product by product.
{
	echo '| most | of |'
	echo '|---|---|'
	sed -nE 's/^WORK\([A-Z_]+,[[:space:]]*([A-Z_]+),[[:space:]]*"([^"]+)"\)$/\1 \2/p' \
		gen/base/work.def | while read -r name things; do
		n=$(sed -nE "s/^[[:space:]]*$name = ([0-9 *]+),\$/\1/p" gen/base/limits.h)
		echo "| $((n)) | $things |"
	done | sed -E ':a; s/([0-9])([0-9]{3})( |,)/\1,\2\3/; ta'
} >"$to/work.md"
awk -v rows="$to/work.md" '
	/^<!-- \/work -->$/ { skip = 0; print "" }
	!skip { print }
	/^<!-- work -->$/ { skip = 1; print ""; while ((getline l < rows) > 0) print l }
' docs/limits.md >"$to/limits.md"
mv "$to/limits.md" "$to/docs/limits.md"
rm "$to/work.md"
