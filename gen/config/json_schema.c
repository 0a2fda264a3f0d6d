#include "base/buf.h"
#include "base/limits.h"
#include "config/key.h"

/* JSON, a member a line.  Only our own texts get in, so quotes and
 * backslashes are all there is to escape. */
struct json {
	struct buf buf;
	unsigned depth;
	bool empty; /* nothing in this object yet */
};

static void add(struct json *j, const char *s)
{
	buf_add(&j->buf, sv_of(s));
}

static void quoted(struct json *j, struct sv s)
{
	buf_char(&j->buf, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(&j->buf, '\\');
		buf_char(&j->buf, s.p[i]);
	}
	buf_char(&j->buf, '"');
}

static void line(struct json *j)
{
	buf_char(&j->buf, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		add(j, "  ");
}

static void name(struct json *j, struct sv key)
{
	if (!j->empty)
		buf_char(&j->buf, ',');
	j->empty = false;
	line(j);
	quoted(j, key);
	add(j, ": ");
}

static void text(struct json *j, struct sv key, const char *value)
{
	name(j, key);
	quoted(j, sv_of(value));
}

static void begin(struct json *j)
{
	buf_char(&j->buf, '{');
	j->depth++;
	j->empty = true;
}

static void end(struct json *j)
{
	j->depth--;
	if (!j->empty)
		line(j);
	buf_char(&j->buf, '}');
	j->empty = false;
}

/* clang-format off */
#define MANY(item)							\
	"\"anyOf\": [" item ", {\"type\": \"array\", \"items\": " item "}]"
#define SCALAR	"{\"type\": [\"string\", \"number\", \"boolean\"]}"
#define STRING	"{\"type\": \"string\", \"minLength\": 1}"
#define ONLY(key)							\
	"{\"type\": \"object\", \"properties\": {\"" key "\": " STRING "}, " \
	"\"required\": [\"" key "\"], \"additionalProperties\": false}"
#define TARGET								\
	"{\"anyOf\": [" STRING ", {\"type\": \"object\", \"properties\": {\"" \
	REFERENCE_WORD "\": " STRING ", \"type\": {\"enum\": [\"A\", \"AAAA\", " \
	"\"CNAME\"]}}, \"required\": [\"" REFERENCE_WORD "\"], "		\
	"\"additionalProperties\": false}]}"
#define NUMBER(min, max)						\
	"\"type\": \"integer\", \"minimum\": " min ", \"maximum\": " max
/* clang-format on */
_Static_assert(MAX_TTL == 2147483647, "looks[] says so");

/* The members that say what a value looks like; NULL: code does. */
static const char *const looks[] = {
	[KEY_FLAG] = "\"type\": \"boolean\"",
	[KEY_TEXT] = "\"type\": [\"string\", \"number\", \"boolean\"]",
	[KEY_PATH] = "\"type\": \"string\", \"pattern\": \"^[^/]\"",
	[KEY_FOLDER] = "\"type\": \"string\", \"pattern\": \"^[^/]\"",
	[KEY_FILE] = "\"type\": \"string\", \"pattern\": \"^[^/.]\"",
	[KEY_COUNT] = NUMBER("0", "2147483647"),
	[KEY_TTL] = NUMBER("1", "2147483647"),
	[KEY_SERIAL] = NUMBER("1", "4294967295"),
	[KEY_PERCENT] = "\"type\": \"string\", \"pattern\": \"^[0-9]+%$\"",
	[KEY_NUMBER] = NUMBER("0", "2147483647"),
	[KEY_SECONDS] = "\"type\": \"string\", "
			"\"pattern\": \"^[0-9.]+(ms|s|m|h)\"",
	[KEY_NAME] = "\"type\": \"string\", \"minLength\": 1",
	[KEY_NAMES] = MANY(STRING),
	[KEY_NAME_VAR] = "\"type\": \"string\", \"minLength\": 1",
	[KEY_NAMES_VAR] = MANY(STRING),
	[KEY_MAILBOX] = "\"type\": \"string\", \"minLength\": 1",
	[KEY_ZONE_ID] = "\"type\": [\"string\", \"number\"], "
			"\"pattern\": \"^([0-9A-Fa-f]{32}|[$][{].+[}])$\"",
	[KEY_LIST] = MANY(SCALAR),
	[KEY_GLOBS] = MANY(STRING),
	[KEY_TARGETS] = MANY(TARGET),
	[KEY_VALUE] = "\"anyOf\": [" SCALAR
		      ", " ONLY("env") ", " ONLY(REFERENCE_WORD) "]",
	[KEY_PAIRS] = "\"type\": \"object\", "
		      "\"additionalProperties\": " SCALAR,
	[KEY_FORMAT] = "\"const\": 1",
	[KEY_TABLE] = NULL,
};

static void words(struct json *j, const char *values)
{
	struct sv rest = sv_of(values), word;
	const char *comma = "";

	add(j, "\"enum\": [");
	while (sv_cut(&rest, ' ', &word)) {
		add(j, comma);
		comma = ", ";
		quoted(j, word);
		/* Without quotes is what people write. */
		if (sv_eq(word, SV("true")) || sv_eq(word, SV("false"))) {
			add(j, comma);
			buf_add(&j->buf, word);
		}
	}
	add(j, "]");
}

/* Of overrides, which pin addresses and names; see check_override(). */
static void rrtypes(struct json *j)
{
	words(j, "A AAAA CNAME");
}

static void leaf(struct json *j, enum key_type type, const char *values)
{
	if (type == KEY_CHOICE)
		words(j, values);
	else if (type == KEY_RRTYPE)
		rrtypes(j);
	else
		add(j, looks[type]);
}

static void about(struct json *j, const char *s, enum policy policy)
{
	add(j, ", \"description\": ");
	quoted(j, sv_of(s));
	if (policy == POLICY_YES)
		add(j, ", \"$comment\": \"policy\"");
	add(j, "}");
}

static void list_of(struct json *j, const char *values)
{
	struct sv rest = sv_of(values), word;
	const char *comma = "[";

	while (sv_cut(&rest, ',', &word)) {
		add(j, comma);
		quoted(j, word);
		comma = ", ";
	}
	add(j, "]");
}

static void fallback(struct json *j, enum key_type type, const char *value)
{
	if (value[0] == '\0' || type == KEY_FORMAT)
		return;
	add(j, ", \"default\": ");
	if (type == KEY_LIST)
		list_of(j, value);
	else if (type == KEY_FLAG || type == KEY_TTL || type == KEY_COUNT ||
		 type == KEY_NUMBER)
		add(j, value);
	else
		quoted(j, sv_of(value));
}

/* The member is described at the top level already. */
static void reference(struct json *j, const char *key)
{
	add(j, "{\"$ref\": \"#/properties/");
	add(j, key);
	add(j, "\"}");
}

static void option(struct json *j, const struct option_row *row, bool again)
{
	static const enum key_type types[] = {
		[OPTION_FLAG] = KEY_FLAG,     [OPTION_STRING] = KEY_TEXT,
		[OPTION_LIST] = KEY_LIST,     [OPTION_CSV] = KEY_LIST,
		[OPTION_CHOICE] = KEY_CHOICE, [OPTION_DURATION] = KEY_SECONDS,
		[OPTION_COUNT] = KEY_COUNT,
	};

	name(j, sv_of(row->name));
	if (again) {
		reference(j, row->name);
		return;
	}
	add(j, "{");
	leaf(j, types[row->type], row->values);
	fallback(j, types[row->type], row->fallback);
	about(j, row->about, row->policy);
}

static void members(struct json *j, const struct schema *schema,
		    const char *type);

static void schema_write(struct json *j, const struct schema *schema)
{
	begin(j);
	members(j, schema, "\"object\"");
	end(j);
}

/* What stands behind a key of a map; nothing is a row of defaults. */
static void table_value(struct json *j, const struct schema *schema)
{
	if (schema->value == NULL) {
		begin(j);
		members(j, schema, "[\"object\", \"null\"]");
		end(j);
		return;
	}
	add(j, "{");
	add(j, looks[schema->value->type]);
	add(j, "}");
}

static void branch(struct json *j, const struct key *k)
{
	if (k->type == KEY_MAP) {
		schema_write(j, k->schema);
		return;
	}
	begin(j);
	text(j, SV("description"), k->about);
	if (k->policy == POLICY_YES)
		text(j, SV("$comment"), "policy");
	text(j, SV("type"), k->type == KEY_ROWS ? "array" : "object");
	name(j, k->type == KEY_ROWS ? SV("items") : SV("additionalProperties"));
	if (k->type == KEY_ROWS)
		schema_write(j, k->schema);
	else
		table_value(j, k->schema);
	end(j);
}

static void key_write(struct json *j, const struct key *k)
{
	name(j, sv_of(k->name));
	if (k->schema != NULL) {
		branch(j, k);
		return;
	}
	add(j, "{");
	leaf(j, k->type, k->values);
	fallback(j, k->type, k->fallback);
	about(j, k->about, k->policy);
}

static void properties(struct json *j, const struct schema *top,
		       const struct schema *schema, bool again)
{
	for (const struct key *k = schema->keys; k->name; k++) {
		if (!again) {
			key_write(j, k);
			continue;
		}
		name(j, sv_of(k->name));
		reference(j, k->name);
	}
	for (size_t i = 0; schema->options && i < option_count(); i++)
		if (option_at(i)->scope >= top->scope)
			option(j, option_at(i), again);
	if (schema->inherits != NULL)
		properties(j, top, schema->inherits, schema != &schema_file);
}

static void required(struct json *j, const struct schema *schema)
{
	const char *comma = "";

	name(j, SV("required"));
	add(j, "[");
	for (const struct key *k = schema->keys; k->name; k++)
		if (k->required) {
			add(j, comma);
			comma = ", ";
			quoted(j, sv_of(k->name));
		}
	add(j, "]");
}

static void members(struct json *j, const struct schema *schema,
		    const char *type)
{
	text(j, SV("description"), schema->about);
	name(j, SV("type"));
	add(j, type);
	name(j, SV("properties"));
	begin(j);
	properties(j, schema, schema, false);
	end(j);
	required(j, schema);
	if (schema->any_of != NULL) {
		name(j, SV("anyOf"));
		add(j, schema->any_of);
	}
	name(j, SV("additionalProperties"));
	add(j, "false");
}

struct sv config_schema(struct arena *mem)
{
	struct json j = { .buf = { .mem = mem } };

	begin(&j);
	text(&j, SV("$schema"), "https://json-schema.org/draft/2020-12/schema");
	text(&j, SV("title"), ".zoneloom.yaml");
	members(&j, &schema_file, "\"object\"");
	end(&j);
	add(&j, "\n");
	return buf_sv(&j.buf);
}
