/*
 * path.h - parts of paths.
 *
 * Shape:  relative to a root, parts between single slashes: "apps/a/web.yaml".
 *         The root itself is "".
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/arena.h"

/* The folder that holds `path`: "apps/a"; "" at the root. */
static inline struct sv path_folder(struct sv path)
{
	size_t slash = sv_rchr(path, '/');

	return slash < path.n ? sv_head(path, slash) : SV("");
}

/* The last part: "web.yaml". */
static inline struct sv path_name(struct sv path)
{
	size_t slash = sv_rchr(path, '/');

	return slash < path.n ? sv_from(path, slash + 1) : path;
}

/* The folder of the root that holds `path`: "apps"; "" at the root. */
static inline struct sv path_top(struct sv path)
{
	size_t slash = sv_chr(path, '/');

	return slash < path.n ? sv_head(path, slash) : SV("");
}

/* Does `path` lie below `folder`?  All but the root itself lies below "". */
static inline bool path_below(struct sv path, struct sv folder)
{
	if (folder.n == 0)
		return path.n > 0;
	return path.n > folder.n && path.p[folder.n] == '/' &&
	       sv_starts(path, folder);
}

/* How many folders two paths have in common, from the root on. */
size_t path_shared(struct sv a, struct sv b);

/* `path` as seen from `folder`, without "." and ".."; false when it is absolute
 * or leaves the root. */
bool path_join(struct arena *mem, struct sv folder, struct sv path,
	       struct sv *out);

#endif
