/*
 * file.h - bounded reads and whole-or-nothing writes.
 *
 * Errors: -1 with a fault; the file that stood there is then untouched.
 * Source: openat(2) O_NOFOLLOW per component: a symbolic link below the root
 *         is refused, because a plain open() followed one out of a repository.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/fault.h"

/* All of `path` (at most `max` bytes) or of the open descriptor. */
int file_read(struct arena *mem, const char *path, size_t max, struct fault *f,
	      struct sv *out);
int file_read_fd(struct arena *mem, int fd, const char *name, size_t max,
		 struct fault *f, struct sv *out);

/*
 * Replace `path` below the directory `root` by `text`, by the rules of
 * base/fileset.h; equal content is not written.  Returns 1 when written, 0
 * when it was equal already, -1 with a fault.
 */
int file_replace(struct arena *mem, const char *root, struct sv path,
		 struct sv text, struct fault *f);

/* Remove `path` below `root` under the same rules; 0 when it was not there. */
int file_remove(struct arena *mem, const char *root, struct sv path,
		struct fault *f);

#endif
