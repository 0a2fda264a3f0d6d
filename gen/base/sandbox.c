/*
 * A hand-made filter of what is refused, not a list of what is allowed: the
 * calls that a C library makes differ between glibc and musl, between their
 * releases and between processors, and a sanitised program makes more; such a
 * list would be wrong one day, on a machine of somebody else.  libseccomp
 * would not change that: it spares the thirty lines that write the filter.
 * What the filter cannot see, a path, is Landlock's part.
 */
#define _GNU_SOURCE 1

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Paths that the libraries read: time zones, locales, the processors. */
static const struct sandbox_path system_paths[] = {
	{ "/usr", SANDBOX_READ },
	{ "/lib", SANDBOX_READ },
	{ "/lib64", SANDBOX_READ },
	{ "/etc/ld.so.cache", SANDBOX_READ },
	{ "/etc/localtime", SANDBOX_READ },
	{ "/etc/ssl/openssl.cnf", SANDBOX_READ },
	{ "/etc/gitconfig", SANDBOX_READ },
	{ "/etc/gitattributes", SANDBOX_READ },
	{ "/dev/null", SANDBOX_READ | SANDBOX_WRITE },
	{ "/dev/urandom", SANDBOX_READ },
	{ "/proc/self", SANDBOX_READ },
	{ "/proc/sys/vm", SANDBOX_READ },
	{ "/sys/devices/system/cpu", SANDBOX_READ },
};

/* What the resolver of the C library reads. */
static const struct sandbox_path network_paths[] = {
	{ "/etc/resolv.conf", SANDBOX_READ },
	{ "/etc/hosts", SANDBOX_READ },
	{ "/etc/host.conf", SANDBOX_READ },
	{ "/etc/nsswitch.conf", SANDBOX_READ },
	{ "/etc/gai.conf", SANDBOX_READ },
	{ "/etc/services", SANDBOX_READ },
	{ "/etc/ssl", SANDBOX_READ },
};

/* How much it holds. */
static const struct sandbox_path reader_paths[] = {
	{ "/proc/self/statm", SANDBOX_READ },
};

/* A forked reader has its pipe, and what is named. */
static const struct {
	const struct sandbox_path *v;
	size_t n;
	unsigned roles;
} given[] = {
	{ system_paths, sizeof(system_paths) / sizeof(system_paths[0]),
	  1U << SANDBOX_OFFLINE | 1U << SANDBOX_NETWORK },
	{ network_paths, sizeof(network_paths) / sizeof(network_paths[0]),
	  1U << SANDBOX_NETWORK },
	{ reader_paths, sizeof(reader_paths) / sizeof(reader_paths[0]),
	  1U << SANDBOX_READER },
};

/* Landlock: rights by the version that knows them.  <linux/landlock.h> of
 * Debian 12 ends at version 2, so they stand here. */
enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_FIRST = (1 << 13) - 1, /* all of version 1 */
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15,
	NET_BIND_CONNECT = 3,
	/* Not signals of the program: its end would not end the process that
	 * signs for it (PR_SET_PDEATHSIG). */
	SCOPE_SOCKET = 1,
	SCOPE_ALL = 3,

	RULE_PATH = 1,
	VERSION_FLAG = 1,

	FS_READ = FS_READ_FILE | FS_READ_DIR,
	FS_WRITE = FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE |
		   FS_MAKE_DIR | FS_MAKE_REG | FS_REFER | FS_TRUNCATE,
	FS_OF_FILES = FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE,

	/* Before version 2 no file can move to another folder, as git's
	 * objects do. */
	WRITER_ABI = 2,
};

struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

static int landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
}

/* Everything that this version can take away. */
static struct ruleset ruleset_of(int abi, enum sandbox_role role)
{
	struct ruleset r = { .fs = FS_FIRST };

	if (abi >= 2)
		r.fs |= FS_REFER;
	if (abi >= 3)
		r.fs |= FS_TRUNCATE;
	if (abi >= 4 && role != SANDBOX_NETWORK)
		r.net = NET_BIND_CONNECT;
	if (abi >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		r.scoped = role == SANDBOX_READER ? SCOPE_ALL : SCOPE_SOCKET;
	return r;
}

/* An older kernel takes a shorter struct. */
static size_t ruleset_size(int abi)
{
	return abi >= 6	  ? sizeof(struct ruleset)
	       : abi >= 4 ? offsetof(struct ruleset, scoped)
			  : offsetof(struct ruleset, net);
}

static void allow(int set, const struct ruleset *r,
		  const struct sandbox_path *p)
{
	struct path_rule rule = { .fd = open(p->path, O_PATH | O_CLOEXEC) };
	struct stat st;

	if (rule.fd < 0)
		return;
	if ((p->rights & SANDBOX_READ) != 0)
		rule.allowed |= FS_READ;
	if ((p->rights & SANDBOX_WRITE) != 0)
		rule.allowed |= FS_WRITE;
	rule.allowed &= r->fs;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= FS_OF_FILES;
	/* Of a pipe the kernel takes no rule, and asks for none. */
	(void)syscall(SYS_landlock_add_rule, set, RULE_PATH, &rule, 0);
	(void)close(rule.fd);
}

static bool writes(const struct sandbox *s)
{
	for (size_t i = 0; i < s->paths.n; i++)
		if ((s->paths.v[i].rights & SANDBOX_WRITE) != 0)
			return true;
	return false;
}

static void enter_landlock(const struct sandbox *s)
{
	int abi = landlock_abi(), set;
	struct ruleset r = ruleset_of(abi, s->role);

	if (abi < 1 || (abi < WRITER_ABI && writes(s)))
		return;
	set = (int)syscall(SYS_landlock_create_ruleset, &r, ruleset_size(abi),
			   0);
	if (set < 0)
		return;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		for (size_t k = 0;
		     (given[i].roles & 1U << s->role) != 0 && k < given[i].n;
		     k++)
			allow(set, &r, &given[i].v[k]);
	for (size_t i = 0; i < s->paths.n; i++)
		allow(set, &r, &s->paths.v[i]);
	(void)syscall(SYS_landlock_restrict_self, set, 0);
	(void)close(set);
}

/* seccomp: what each role loses. */
enum {
	READER = 1 << SANDBOX_READER,
	OFFLINE = 1 << SANDBOX_OFFLINE | READER,
	EVERY = 1 << SANDBOX_NETWORK | OFFLINE,

	WRITE_FLAGS = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC,
	NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
			 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
			 CLONE_NEWNET,
#if defined(__s390__)
	CLONE_FLAGS = 1,
#else
	CLONE_FLAGS = 0,
#endif

	/* set_mempolicy_home_node, Linux 5.17: what is newer is as on a kernel
	 * that lacks it.  From 424 on all processors count alike. */
	NEWEST_CALL = 450,
};

/* Whose calls the table speaks of; elsewhere the filter is left out. */
#if defined(__x86_64__) && !defined(__ILP32__)
# define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
# define OUR_ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
# define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
# define OUR_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
# define OUR_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
# define OUR_ARCH AUDIT_ARCH_S390X
#else
# define OUR_ARCH 0
#endif

#if defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define SANITIZED 1
# endif
#endif
#if defined(__SANITIZE_ADDRESS__)
# define SANITIZED 1
#endif

enum test { ALWAYS, HAS, IS, NOT_SELF };

static const struct refused {
	int call;
	unsigned roles;
	int error;
	unsigned argument;
	enum test test;
	unsigned value;
} refused[] = {
#define CALL(name, roles, error) { SYS_##name, roles, error, 0, ALWAYS, 0 },
#define WITH(name, roles, error, argument, test, value)                        \
 { SYS_##name, roles, error, argument, test, value },
#include "base/sandbox.def"
#undef CALL
#undef WITH
};

enum {
	N_REFUSED = sizeof(refused) / sizeof(refused[0]),
	STEPS_EACH = 5,
	STEPS_MORE = 8,
};

struct filter {
	struct sock_filter v[N_REFUSED * STEPS_EACH + STEPS_MORE];
	unsigned short n;
};

static void step(struct filter *f, struct sock_filter s)
{
	f->v[f->n++] = s;
}

static void load(struct filter *f, size_t offset)
{
	step(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					     (unsigned)offset));
}

static void answer(struct filter *f, int error)
{
	step(f, (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K,
			error == 0 ? SECCOMP_RET_ALLOW
				   : SECCOMP_RET_ERRNO | (unsigned)error));
}

/* The next `skip` steps are for what the comparison fits. */
static void unless(struct filter *f, unsigned short comparison, unsigned value,
		   unsigned char fits, unsigned char skip)
{
	step(f, (struct sock_filter)BPF_JUMP(
			(unsigned short)(BPF_JMP | comparison | BPF_K), value,
			fits, skip));
}

/* The half of an argument that holds flags, a process or a request. */
static size_t argument_at(unsigned i)
{
	size_t at = offsetof(struct seccomp_data, args) + i * sizeof(uint64_t);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	at += sizeof(uint32_t);
#endif
	return at;
}

static void refuse(struct filter *f, const struct refused *r)
{
	size_t number = offsetof(struct seccomp_data, nr);

	if (r->test == ALWAYS) {
		unless(f, BPF_JEQ, (unsigned)r->call, 0, 1);
		answer(f, r->error);
		return;
	}
	unless(f, BPF_JEQ, (unsigned)r->call, 0, 4);
	load(f, argument_at(r->argument));
	if (r->test == NOT_SELF)
		unless(f, BPF_JEQ, (unsigned)getpid(), 1, 0);
	else
		unless(f, r->test == HAS ? BPF_JSET : BPF_JEQ, r->value, 0, 1);
	answer(f, r->error);
	load(f, number);
}

static void enter_seccomp(enum sandbox_role role)
{
	struct filter f = { .n = 0 };
	struct sock_fprog program = { .filter = f.v };

	load(&f, offsetof(struct seccomp_data, arch));
	unless(&f, BPF_JEQ, OUR_ARCH, 1, 0);
	answer(&f, EPERM);
	load(&f, offsetof(struct seccomp_data, nr));
	unless(&f, BPF_JGT, NEWEST_CALL, 0, 1);
	answer(&f, ENOSYS);
	for (size_t i = 0; i < N_REFUSED; i++)
		if ((refused[i].roles & 1U << role) != 0)
			refuse(&f, &refused[i]);
	answer(&f, 0);
	program.len = f.n;
	(void)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static bool has_seccomp(void)
{
	unsigned action = SECCOMP_RET_ERRNO;

	return OUR_ARCH != 0 &&
	       syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static bool is_off(void)
{
	const char *v = getenv("ZONELOOM_SANDBOX");

	return v != NULL && strcmp(v, "off") == 0;
}

void sandbox_add(struct arena *mem, struct sandbox *s, const char *path,
		 unsigned rights)
{
	if (path != NULL && *path != '\0' && rights != 0)
		*VEC_ADD(mem, &s->paths) =
			(struct sandbox_path){ path, rights };
}

void sandbox_enter(struct sandbox *s)
{
	if (s->entered)
		return;
	s->entered = true;
	if (is_off() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return;
	enter_landlock(s);
	if (has_seccomp())
		enter_seccomp(s->role);
}

struct sv sandbox_level(struct arena *mem)
{
	int abi = landlock_abi();
	const char *of = abi < WRITER_ABI ? " (readers only)" : "";

	if (is_off())
		return SV("off (ZONELOOM_SANDBOX)");
	if (abi < 1)
		return has_seccomp() ? SV("seccomp") : SV("none");
	return arena_fmt(mem, "landlock %d%s%s", abi, of,
			 has_seccomp() ? ", seccomp" : "");
}
