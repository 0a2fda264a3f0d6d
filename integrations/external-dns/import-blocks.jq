# Import blocks for records that exist at Cloudflare already, so that the first
# `terraform apply` changes none of them:
#
#   curl -sH "Authorization: Bearer $TOKEN" \
#     "https://api.cloudflare.com/client/v4/zones/$ZONE/dns_records?per_page=5000" >dump.json
#   jq -s --arg zone "$ZONE" -f import-blocks.jq \
#     dns/example.com/records.gen.tf.json dump.json >dns/example.com/import.tf.json
#
# A resource without a record at Cloudflare, or a record without a resource,
# is named under "//": the first would be created, the second is left alone.
def name: ascii_downcase | rtrimstr(".");
def key: [(.name | name), .type, (.content // .data | tostring)];

.[0] as $generated | .[1].result as $records
| ($generated.resource // {} | to_entries | map(.key as $type | .value
	| to_entries[] | {to: "\($type).\(.key)", key: (.value | key)})) as $wanted
| ($records | map({id: .id, key: key})) as $existing
| {
	"//": {
		"missing at Cloudflare": [$wanted[] | select(.key as $k
			| any($existing[]; .key == $k) | not) | .to],
		"not from git": [$existing[] | select(.key as $k
			| any($wanted[]; .key == $k) | not) | .key | join(" ")]
	},
	import: [$wanted[] | . as $w | $existing[] | select(.key == $w.key)
		| {to: $w.to, id: "\($zone)/\(.id)"}]
}
