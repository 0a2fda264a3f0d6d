/* The second names of what is in .spec and .status of other kinds. */
#include "base/map.h"
#include "source/template_object.h"

/* Words that are names of their own: "ip" is IP, "dnsNames" DNSNames. */
static const char *const initialisms[] = {
	"acl", "api",  "arn",	"ca",  "cidr", "cpu",  "crd", "db",
	"dns", "http", "https", "id",  "ip",   "json", "jwk", "jwt",
	"os",  "pem",  "rbac",	"sql", "ssl",  "tcp",  "tls", "ttl",
	"udp", "uid",  "uuid",	"uri", "url",  "vm",   "xml", "yaml",
};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_initialism(struct sv word)
{
	for (size_t i = 0; i < sizeof(initialisms) / sizeof(initialisms[0]);
	     i++)
		if (sv_eq(word, sv_of(initialisms[i])))
			return true;
	return false;
}

/* "Host" of "host"; the key itself where it has no second name. */
static struct sv title_case(struct arena *mem, struct sv key)
{
	size_t word = 0, upper;
	char *text;

	if (key.n == 0 || key.p[0] < 'a' || key.p[0] > 'z')
		return key;
	while (word < key.n && !is_upper(key.p[word]))
		word++;
	upper = is_initialism(sv_head(key, word)) ? word : 1;
	text = ARENA_ARRAY(mem, char, key.n);
	memcpy(text, key.p, key.n);
	for (size_t i = 0; i < upper; i++)
		text[i] = (char)(text[i] - 'a' + 'A');
	return (struct sv){ text, key.n };
}

static const struct node *with_aliases(struct arena *mem,
				       const struct node *map)
{
	struct node *out = node_new_map(mem, map->at);
	struct map keys = { .mem = mem };

	for (size_t i = 0; i + 1 < map->items.n; i += 2)
		map_put(&keys, map->items.v[i]->scalar, out);
	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		struct node *key = map->items.v[i];
		struct sv title = title_case(mem, key->scalar);

		node_add(mem, out, key);
		node_add(mem, out, map->items.v[i + 1]);
		if (map_get(&keys, title) != NULL)
			continue;
		node_add(mem, out, node_new_str(mem, key->at, title));
		node_add(mem, out, map->items.v[i + 1]);
	}
	return out;
}

const struct node *part_aliased(struct filler *f, struct sv name,
				const struct node *part)
{
	struct template_host *host = f->host;
	const struct node **known =
		sv_eq(name, SV("Spec")) ? &host->spec : &host->status;

	if (*known == NULL)
		*known = with_aliases(f->mem, part);
	return *known;
}
