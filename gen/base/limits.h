/*
 * limits.h - every bound on untrusted input, in one place.
 *
 * A manifest comes from a pull request, so its author is not trusted.  Each
 * limit is far above what real repositories hold and far below what hurts.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* What one run may hold, bytes, unless --memory says more: CI runners
	 * have 2 GiB and up, and a build's other programs run beside it.  Real
	 * repositories need 10 to 60 MB, ten times a large one 140, or 260 in
	 * gate, which reads it twice (make tenfold); 100,000 records 700 MB. */
	DEFAULT_MEMORY = 1024 * 1024 * 1024,
	LEAST_MEMORY = 16 * 1024 * 1024,

	/* What the program and its libraries take of it, bytes: 7.2 MB. */
	PROGRAM_MEMORY = 8 * 1024 * 1024,

	/* One file, bytes.  etcd, and so Kubernetes, refuses objects over
	 * 1.5 MiB; rendered streams of a whole cluster are larger. */
	MAX_FILE_BYTES = 64 * 1024 * 1024,

	/* One object of git, bytes, whatever it is: what DEFAULT_MEMORY could
	 * hold; a file that is read is under MAX_FILE_BYTES. */
	MAX_OBJECT_BYTES = 1024 * 1024 * 1024,

	/* Standard input, bytes: `kubectl get -A -o yaml` of a big cluster. */
	MAX_STDIN_BYTES = 256 * 1024 * 1024,

	/* One line of records, bytes: a record that 2,000 objects ask for. */
	MAX_RECORD_LINE = 1024 * 1024,

	/* The name of a repository, bytes: GitLab's paths end at 255. */
	MAX_REPO_NAME = 255,

	/* Nested maps and lists.  libyaml 0.2.5 has no limit of its own and is
	 * quadratic in depth: 40,000 "[" took 2.7 s. */
	MAX_YAML_DEPTH = 64,

	/* Nodes in one document, each alias counted with all that hangs below
	 * it.  Aliases are common: 51 of 67 GitOps repositories use them.  A
	 * `List` of a whole cluster is one document. */
	MAX_YAML_NODES = 4 * 1000 * 1000,

	/* Nodes that aliases and merge keys may add to one document: the
	 * largest real one seen adds under 2,000. */
	MAX_YAML_ALIASED = 200 * 1000,

	/* Documents in one file: a rendered cluster is one for each object, and
	 * the largest real one has 20,000; 120 in a file that people wrote. */
	MAX_DOCUMENTS = 100 * 1000,

	/* Messages of one kind about one file: a hundred show what is wrong,
	 * millions would fill the memory. */
	MAX_SAME_MESSAGES = 100,

	/* Commits of a pull request whose messages are read for trailers. */
	MAX_RANGE_COMMITS = 10 * 1000,

	/* Files and folders of one snapshot.  The largest GitOps tree seen has
	 * 200,000.  Git's trees may share their subtrees, so that a few objects
	 * are billions of paths. */
	MAX_SNAPSHOT_FILES = 4 * 1000 * 1000,

	/* Sections within sections of a message template: each is a call, and
	 * ours nest two deep. */
	MAX_TEMPLATE_DEPTH = 16,

	/* Templates in templates of Terraform's files, which are read by
	 * recursion; people write two. */
	MAX_HCL_DEPTH = 64,

	/* The index of git, copied before it is changed: a million entries
	 * are 113 MB. */
	MAX_INDEX_BYTES = 512 * 1024 * 1024,

	/* The journal of a commit: a path and two ids for each output, so that
	 * 100,000 of them fit. */
	MAX_JOURNAL_BYTES = 64 * 1024 * 1024,

	/* Symbolic links followed for one path, as POSIX SYMLOOP_MAX. */
	MAX_SYMLINKS = 8,

	/* Bytes of a symbolic link's target: PATH_MAX of Linux. */
	MAX_LINK = 4096,

	/* Folders within folders.  git reads 2048 and real trees stay under
	 * 20; each level costs an open file while a folder is walked. */
	MAX_FOLDER_DEPTH = 200,

	/* Paths of the tree that are tried by paths: of the publishers and by
	 * generators of ApplicationSets: 50 of them on 20,000 files are a
	 * million. */
	MAX_PATHS_TRIED = 100 * 1000 * 1000,

	/* Commands among which a misspelt one is looked for: there are 15. */
	MAX_COMMANDS = 64,

	/* Bytes of a word that "did you mean" is asked about; the longest of
	 * our own has 40. */
	MAX_WORD = 64,

	/* A regular expression, bytes, and the states the
	 * matcher keeps: a{1000} needs two for each. */
	MAX_PATTERN = 4096,
	MAX_PATTERN_STATES = 64 * 1024,

	/* Steps of the matcher that sees groups, and backtracks. */
	MAX_PATTERN_STEPS = 1000 * 1000,

	/* Repetitions in a regular expression, those of nested ones
	 * multiplied: RE2's own bound. */
	MAX_PATTERN_REPEAT = 1000,

	/* Templates of names: real ones fit one line; what they make of an
	 * object is a few names, found in a few hundred steps. */
	MAX_GO_TEMPLATE_TEXT = 64 * 1024,
	MAX_GO_TEMPLATE_DEPTH = 32,
	MAX_GO_TEMPLATE_STEPS = 100 * 1000,

	/* Of all objects: 10,000 with a few hundred steps each. */
	MAX_TEMPLATE_WORK = 50 * 1000 * 1000,

	/* ${a:=${b:=...}}: real files nest two deep. */
	MAX_SUBST_DEPTH = 16,

	/* One scalar after substitution, bytes: as large as etcd takes a whole
	 * object, and no more, since `${a}${a}...` multiplies. */
	MAX_SUBST_BYTES = 1536 * 1024,

	/* Steps of the substitutions of one object: stripping by a pattern is
	 * quadratic in the value. */
	MAX_SUBST_WORK = 16 * 1024 * 1024,

	/* The configuration, bytes: a thousand zones with all they can say are
	 * under one MiB. */
	MAX_CONFIG_BYTES = 4 * 1024 * 1024,

	/* Bytes of a path or Terraform reference in the configuration, as
	 * Linux' PATH_MAX. */
	MAX_PATH_BYTES = 4096,
	MAX_REFERENCE = 1024,

	/* The same of one run: 128 MiB of text with variables in it. */
	MAX_SUBST_WORK_ALL = 128 * 1024 * 1024,

	/* Nodes that the patches of one run may copy: each change copies the
	 * maps and lists above it. */
	MAX_PATCH_WORK = 16 * 1024 * 1024,

	/* Kustomizations inside kustomizations: real ones nest four deep. */
	MAX_KUSTOMIZE_DEPTH = 32,

	/* Kustomizations built, each as often as it is listed: lists that fan
	 * out double at every level.  The largest real repository seen has
	 * 1,300. */
	MAX_BUILDS = 50 * 1000,

	/* Entries of one generated ConfigMap or Secret: real ones have a
	 * handful, and Kubernetes takes a MiB of them. */
	MAX_GENERATED = 1000,

	/* ConfigMaps and Secrets among which Flux Kustomizations look for
	 * theirs: 300 of them with 10 names each in 30 clusters are 90,000. */
	MAX_LOOKUPS = 20 * 1000 * 1000,

	/* substituteFrom of one Flux Kustomization; real ones have up to 4. */
	MAX_SUBST_FROM = 100,

	/* Flux Kustomizations that apply Flux Kustomizations: a cluster applies
	 * its apps, and those theirs; each level is a call. */
	MAX_FLUX_DEPTH = 16,

	/* Flux Kustomizations of one run: the largest real repository seen has
	 * 285. */
	MAX_FLUX_UNITS = 20 * 1000,

	/* Objects on which patches and replacements are tried: 300 builds of
	 * 100 objects with 20 patches each are 600,000, of which a pattern of
	 * the worst kind takes a second. */
	MAX_TARGETS_TRIED = 6 * 1000 * 1000,

	/* Objects of all builds, each as often as its file is listed.  The
	 * largest real repository seen has 20,000. */
	MAX_BUILT = 1000 * 1000,

	/* Presentation form without the final dot, RFC 1035 section 2.3.4. */
	MAX_DNAME = 253,
	MAX_LABEL = 63,

	/* Hosts, targets and annotation list items of one object: etcd takes
	 * 1.5 MiB, which are 10,000 rules; a DNS message of 64 KiB has 4,000
	 * addresses, and no real answer a tenth of that.  The longest real list
	 * of hosts has 80. */
	MAX_HOSTS = 10 * 1000,
	MAX_TARGETS = 1000,

	/* CNAMEs followed for one name: resolvers give up after 8 to 16. */
	MAX_CNAME_CHAIN = 64,

	/* Reading processes: more than any build machine has processors. */
	MAX_JOBS = 256,

	/* Templates in Helm values: `tpl` of a value that holds itself would go
	 * on; real ones take a handful of steps and a line. */
	MAX_TEMPLATE_STEPS = 64,
	MAX_TEMPLATE_BYTES = 64 * 1024,

	/* Objects of one ResourceSet, and inputs that it is filled with: the
	 * operator's own bound on permutations. */
	MAX_RESOURCE_SET = 10 * 1000,

	/* Lines put before a text so that its places are its file's: no file of
	 * values is longer. */
	MAX_PADDING = 64 * 1024,

	/* valuesFrom entries of one HelmRelease; real ones have up to 4. */
	MAX_VALUES_FROM = 64,

	/* Places that `explain` names for a text: a screen. */
	MAX_FOUND = 10,

	/* Parents of one Gateway API route; the API server allows 32. */
	MAX_ROUTE_PARENTS = 256,

	/* Listeners of one Gateway; the API server allows 64. */
	MAX_LISTENERS = 1000,

	/* Pairs of an Istio Gateway and a Service whose selectors are compared;
	 * 1,000 Gateways and 5,000 Services are a large mesh. */
	MAX_SELECTIONS = 20 * 1000 * 1000,

	/* The data of a ConfigMap, bytes: the API server refuses more. */
	MAX_CONFIGMAP = 1024 * 1024,

	/* Listeners tried for all routes, and again for each of their names:
	 * 1,000 routes with 3 names, each with 2 Gateways of 20 listeners, are
	 * 160,000. */
	MAX_LISTENERS_TRIED = 10 * 1000 * 1000,

	/* Zones, delegations and patterns of claims that are tried for all
	 * names: 20,000 names in 1,000 zones are 20 million. */
	MAX_NAMES_TRIED = 200 * 1000 * 1000,

	/* Pairs of a name and a listener that are compared for one route; the
	 * API server allows 16 names, 32 parents, 64 listeners each. */
	MAX_ROUTE_MATCHES = 1000 * 1000,

	/* Applications of one walk, parameter sets of one ApplicationSet, and
	 * generators in generators: Argo CD itself allows two levels. */
	MAX_ARGOCD_APPS = 10 * 1000,
	MAX_ARGOCD_PARAMS = 10 * 1000,
	MAX_ARGOCD_DEPTH = 3,

	/* Child programs: seconds where the configuration says none, and how
	 * much of their standard error is shown. */
	CHILD_SECONDS = 60,
	MAX_CHILD_STDERR = 64 * 1024,

	/* Questions to name servers that are out at one time, of one server and
	 * of all: a socket each, and 1,024 open files are usual. */
	SERVER_WINDOW = 32,
	MAX_QUESTIONS_OUT = 512,

	/* Addresses of a zone's name servers: 13 names, each with IPv4 and
	 * IPv6, are the largest set in use. */
	MAX_SERVERS = 32,

	/* Records of one transfer, and those of it that nothing asks for which
	 * are shown: large zones hold a million. */
	MAX_TRANSFER_RECORDS = 4 * 1000 * 1000,
	MAX_EXTRA = 1000,

	/* Records that adopt reads: Enterprise zones of Cloudflare hold 200,000
	 * at most; and modules in modules of a state, each of which is a call.
	 */
	MAX_ADOPT_RECORDS = 1000 * 1000,
	MAX_MODULE_DEPTH = 32,

	/* RFC 2181 section 8. */
	MAX_TTL = 2147483647,
};

_Static_assert(MAX_STDIN_BYTES > 0 && MAX_STDIN_BYTES < 1 << 30,
	       "SV_ARG casts lengths to int");

#endif
