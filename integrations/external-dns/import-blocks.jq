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

# To Cloudflare a TXT in quotes, or in several strings, is the same record as its
# bare text: what is compared are its bytes, as a URI has them.
def hex: "0123456789ABCDEF" as $digits
	| "%" + $digits[(. / 16 | floor):][:1] + $digits[. % 16:][:1];
def byte: if test("^\\\\[0-9]{3}$") then (.[1:] | tonumber)
		| if . < 128 then [.] | implode | @uri else hex end
	else ltrimstr("\\") | @uri end;
def bytes: [match("\\\\[0-9]{3}|\\\\?[\\s\\S]"; "g").string | byte] | add // "";
def text: if startswith("\"")
	then [match("\"((?:[^\"\\\\]|\\\\[\\s\\S])*)\""; "g").captures[0].string
		| bytes] | add
	else @uri end;

def key: .type as $type | [(.name | name), $type, (.content // .data | tostring
	| if $type == "TXT" then text else . end)];

.[0] as $generated | .[1].result as $records
| ($generated.resource // {} | to_entries | map(.key as $type | .value
	| to_entries[] | {to: "\($type).\(.key)", key: (.value | key)})) as $wanted
| ($records | map({id, key: key, shown: "\(.name) \(.type) \(.content // .data)"}))
	as $existing
| {
	"//": {
		"missing at Cloudflare": [$wanted[] | select(.key as $k
			| any($existing[]; .key == $k) | not) | .to],
		"not from git": [$existing[] | select(.key as $k
			| any($wanted[]; .key == $k) | not) | .shown]
	},
	import: [$wanted[] | . as $w | $existing[] | select(.key == $w.key)
		| {to: $w.to, id: "\($zone)/\(.id)"}]
}
