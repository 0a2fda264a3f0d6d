# The keys of .zoneloom.yaml, out of zoneloom.schema.json: Markdown tables for
# docs/configuration.md, or (--arg to mdoc) the items of zoneloom.yaml(5).

def scalar: if type == "array" then "text"
	else {string: "text", integer: "number", boolean: "true or false"}[.]
	end;

def kind:
	if has("const") then .const | tostring
	elif has("enum") then [.enum[] | strings]
		| (if length > 12 then "a record type" else join(", ") end)
	elif has("anyOf") then
		if any(.anyOf[]; .type == "array") then "one, or a list"
		else "text, {env: NAME} or {terraform: REFERENCE}" end
	elif .type == "object" then "map"
	elif .type == "array" then "list of maps"
	else .type | scalar end;

def fallback:
	if has("default") | not then ""
	elif .default | type == "array" then .default | join(", ")
	else .default | tostring end;

# Every map with keys of its own, with the path to it.
def maps($path):
	{path: $path, shape: .},
	(.properties | to_entries[] | .key as $k | .value
	| ($path + (if $path == "" then "" else "." end) + $k) as $p
	| if has("properties") then maps($p)
	  elif .items.properties? then .items | maps($p + "[]")
	  elif (.additionalProperties | type) == "object"
		and (.additionalProperties | has("properties"))
	  then .additionalProperties | maps($p + ".NAME")
	  else empty end);

# A key that decides what is let through: a change of it is shown by gate.
def policy: .["$comment"] == "policy";

# The options that the map lacks: they hold for the whole run.
def global($top):
	[($top.properties | to_entries[]
	| select(.value | kind | IN("map", "list of maps", "1") | not) | .key)]
	- (.properties | keys_unsorted);

def md: gsub("\\|"; "\\|");

def markdown($top):
	(if .path == "" then "### Top level" else "### `\(.path)`" end),
	"",
	(.shape.description | (.[0:1] | ascii_upcase) + .[1:] + "." | md),
	"",
	"| key | value | default | meaning |",
	"|---|---|---|---|",
	(.shape.required as $must | .shape.properties | to_entries[]
	| select(.value | has("$ref") | not)
	| .key as $k
	| "| `\($k)`\(if $must | index([$k]) then " (required)" else "" end)"
	+ " | \(.value | kind | md) | \(.value | fallback | md)"
	+ " | \(.value.description | md)"
	+ (if .value | policy then " *(policy)*" else "" end) + " |"),
	(if any(.shape.properties[]; has("$ref"))
	then "", "And, as at the top level: `paths`, `targets` and every option"
	+ " but \(.shape | global($top) | map("`\(.)`") | join(", "))."
	else empty end),
	"";

def roff: gsub("\\\\"; "\\e") | gsub("(?m)^(?<c>[.'])"; "\\&\(.c)");

def fill:
	reduce splits(" ") as $w ([];
		if length > 0 and (.[-1] + " " + $w | length) <= 76
		then .[-1] += " " + $w else . + [$w] end)
	| map(roff) | .[];

def mdoc($top):
	".Ss \(if .path == "" then "Top level" else .path + (if .path | endswith("[]") then "\\&" else "" end) end)",
	(.shape.description | (.[0:1] | ascii_upcase) + .[1:] + "." | fill),
	".Bl -tag -width Ds",
	(.shape.required as $must | .shape.properties | to_entries[]
	| select(.value | has("$ref") | not)
	| .key as $k
	| ".It Ic \($k)",
	(.value.description
	+ " (" + (.value | kind)
	+ (.value | fallback | if . == "" then "" else "; default: \(.)" end)
	+ (if $must | index([$k]) then "; required" else "" end)
	+ (if .value | policy then "; policy" else "" end) + ")"
	| fill)),
	".El",
	(if any(.shape.properties[]; has("$ref"))
	then ".Pp", "And, as at the top level:",
	".Ic paths , targets", "and every option but",
	".Ic \(.shape | global($top) | join(" , ")) ."
	else empty end);

. as $top | [maps("")] | .[] | if $to == "mdoc" then mdoc($top) else markdown($top) end
