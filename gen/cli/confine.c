/* What a command and its flags need of the system: the rest the sandbox
 * takes. */
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"

static const struct {
	unsigned tree, repo;
} rights[] = {
	[CHANGES_NOTHING] = { SANDBOX_READ, SANDBOX_READ },
	[CHANGES_TREE] = { SANDBOX_READ | SANDBOX_WRITE, SANDBOX_READ },
	[CHANGES_REPO] = { SANDBOX_READ | SANDBOX_WRITE,
			   SANDBOX_READ | SANDBOX_WRITE },
};

/* Flags with which a command changes more, or nothing. */
static const struct {
	const char *flag;
	enum command_changes changes;
} turning[] = {
	{ "write-baseline", CHANGES_TREE },
	{ "stdout", CHANGES_NOTHING },
	{ "dry-run", CHANGES_NOTHING },
	{ "check", CHANGES_NOTHING },
};

static enum command_changes changes_of(const struct cli_ctx *c,
				       const struct command *command)
{
	for (size_t i = 0; i < sizeof(turning) / sizeof(turning[0]); i++)
		if (cli_has(c, turning[i].flag))
			return turning[i].changes;
	return command->changes;
}

/* Flags that name a file to be written; "NAME=" goes before it in some. */
static const char *const written[] = { "changed-file", "report" };

static bool is_written(struct sv flag)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (sv_eq(flag, sv_of(written[i])))
			return true;
	return false;
}

/* A new file needs its folder. */
static void add_written(struct cli_ctx *c, struct sv path)
{
	const char *file = arena_str(c->s.mem, path);
	struct sv folder = path_folder(path);

	if (path.n == 0)
		return;
	if (access(file, F_OK) == 0)
		sandbox_add(c->s.mem, &c->confinement.box, file, SANDBOX_WRITE);
	else
		sandbox_add(c->s.mem, &c->confinement.box,
			    folder.n > 0 ? arena_str(c->s.mem, folder)
			    : sv_starts(path, SV("/")) ? "/"
						       : ".",
			    SANDBOX_WRITE);
}

static void add_flag(struct cli_ctx *c, const struct flag *f)
{
	struct sv file = f->value, head;

	if (is_written(f->name) && sv_has(file, SV("=")))
		(void)sv_cut(&file, '=', &head);
	if (is_written(f->name))
		add_written(c, file);
	else if (file.n > 0)
		/* Whether it is a file, the kernel knows. */
		sandbox_add(c->s.mem, &c->confinement.box,
			    arena_str(c->s.mem, file), SANDBOX_READ);
}

void cli_confine(struct cli_ctx *c, const struct command *command)
{
	struct confinement *k = &c->confinement;

	enum command_changes changes = changes_of(c, command);

	k->box.role = command->role;
	k->tree = rights[changes].tree;
	k->repo = rights[changes].repo;
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		add_flag(c, &c->cli_flags.list.v[i]);
	for (size_t i = 0; i < c->opt.flags.list.n; i++)
		add_flag(c, &c->opt.flags.list.v[i]);
	if (c->opt.config_file.n > 0)
		sandbox_add(c->s.mem, &k->box,
			    arena_str(c->s.mem, c->opt.config_file),
			    SANDBOX_READ);
	c->opt.confinement = k;
}
