/*
 * fileset.h - several files replaced and removed as if they were one.
 *
 * Shape:  add every change, apply, then finish or undo.  Until apply nothing
 *         that stood there is touched: each new text lies in a temporary file
 *         .zoneloom.XXXXXXXX beside its place, written and synced.  apply
 *         exchanges them, texts first, removals last; the first change that
 *         cannot be made has the others taken back.  After it the temporary
 *         names hold the old files, until finish drops them.
 * Owner:  the arena; fileset_undo() needs no memory, so that it can run when
 *         there is none.  From apply to finish or undo signals wait.
 * Paths:  relative, "/" between parts, without "." and ".."; no part is
 *         followed where it is a symbolic link.  Missing folders are made.
 * Errors: -1 with a fault, FAULT_AGAIN where a file is not the one that was
 *         seen: somebody edited it meanwhile, and the edit stays.
 * Source: renameat2(2) RENAME_EXCHANGE and RENAME_NOREPLACE; where a file
 *         system has neither, link(2) and rename(2).
 */
#ifndef BASE_FILESET_H
#define BASE_FILESET_H

#include <sys/stat.h>

#include "base/fault.h"
#include "base/vec.h"

/* The file that a decision was made on. */
struct file_seen {
	bool there;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

struct file_seen file_seen_of(const struct stat *st);

struct fileset;

int fileset_new(struct arena *mem, const char *root, struct fault *f,
		struct fileset **out);

/* 1 when it is to be done, 0 when it is so already.  `seen` NULL: whatever
 * stands there now. */
int fileset_write(struct fileset *s, struct sv path, struct sv text,
		  const struct file_seen *seen, struct fault *f);
int fileset_remove(struct fileset *s, struct sv path,
		   const struct file_seen *seen, struct fault *f);

/* The same for a text that another library writes: into the file `*temp`, which
 * is there and empty and may be renamed over; then seal it. */
int fileset_reserve(struct fileset *s, struct sv path,
		    const struct file_seen *seen, const char **temp,
		    struct fault *f);
int fileset_seal(struct fileset *s, struct sv path, struct fault *f);

int fileset_apply(struct fileset *s, struct fault *f);
void fileset_finish(struct fileset *s);

/* Also without apply; -1 with a fault when an old file could not be put back:
 * the hint says where it is. */
int fileset_undo(struct fileset *s, struct fault *f);

/*
 * Remove the temporary files that a process which is gone has left in the
 * folders of `paths`, and add their paths to `gone`.  While another process
 * has a set below `root`, nothing is removed.
 */
struct paths {
	VEC(struct sv) list;
};
void fileset_sweep(struct arena *mem, const char *root,
		   const struct paths *paths, struct paths *gone);

#endif
