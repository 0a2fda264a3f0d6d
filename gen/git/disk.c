/*
 * Files of a folder on disk, opened part by part without following a link:
 * a link in the tree must not lead out of it.
 */
#include "git/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

static void disk_close(void *data)
{
	struct disk *k = data;

	if (k->root_fd >= 0)
		close(k->root_fd);
	if (k->fd >= 0)
		close(k->fd);
}

struct disk *disk_new(struct arena *mem, const char *root)
{
	struct disk *k = ARENA_NEW(mem, struct disk);

	*k = (struct disk){ .mem = mem, .root = root, .fd = -1 };
	k->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	arena_defer(mem, disk_close, k);
	return k;
}

/* The folder that holds `path`; -1 with errno.  Paths come sorted, so the last
 * folder is kept. */
static int folder_of(struct disk *k, struct sv path, struct arena *mem)
{
	struct sv folder = path_folder(path);
	struct sv rest = folder, part;
	int fd;

	if (k->fd >= 0 && sv_eq(folder, k->folder))
		return k->fd;
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	fd = fcntl(k->root_fd, F_DUPFD_CLOEXEC, 0);
	while (fd >= 0 && folder.n > 0 && sv_cut(&rest, '/', &part)) {
		int next =
			openat(fd, arena_str(mem, part),
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int saved = errno;

		close(fd);
		errno = saved;
		fd = next;
	}
	k->folder = arena_sv(k->mem, folder);
	return k->fd = fd;
}

/* It was there when the folder was listed. */
static int gone(struct disk *k, struct sv path, struct fault *f)
{
	enum fault_kind kind =
		errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			? FAULT_AGAIN
			: FAULT_ENV;

	return fault_set(f, k->mem, kind, SV_FMT ": %s", SV_ARG(path),
			 kind == FAULT_AGAIN
				 ? "it vanished while the tree was read"
				 : strerror(errno));
}

int disk_read(struct disk *k, struct sv path, size_t max, struct arena *mem,
	      struct fault *f, struct sv *out, bool *too_long)
{
	struct sv name = path_name(path);
	int dir = folder_of(k, path, mem), fd, rc;
	struct stat st;

	*too_long = false;
	if (dir < 0)
		return gone(k, path, f);
	fd = openat(dir, arena_str(mem, name),
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return gone(k, path, f);
	if (fstat(fd, &st) == 0 && (size_t)st.st_size > max) {
		*too_long = true;
		rc = 0;
	} else {
		rc = file_read_fd(mem, fd, arena_str(mem, path), max, f, out);
	}
	close(fd);
	return rc;
}

int disk_link(struct disk *k, struct sv path, struct fault *f, struct sv *out)
{
	struct sv name = path_name(path);
	int dir = folder_of(k, path, k->mem);
	char *to = arena_alloc(k->mem, MAX_LINK + 1, 1);
	ssize_t n;

	if (dir < 0)
		return gone(k, path, f);
	n = readlinkat(dir, arena_str(k->mem, name), to, MAX_LINK + 1);
	if (n < 0)
		return gone(k, path, f);
	*out = (struct sv){ to, (size_t)n };
	return 0;
}

int disk_look(struct disk *k, struct sv path, size_t max, struct arena *mem,
	      struct fault *f, struct disk_file *out)
{
	struct sv name = path_name(path);
	int dir = folder_of(k, path, mem);

	*out = (struct disk_file){ 0 };
	if (dir < 0 && errno == ENOENT)
		return 0;
	if (dir < 0)
		return fault_set(
			f, k->mem, FAULT_ENV,
			SV_FMT
			": a folder of the path is a symbolic link or a file",
			SV_ARG(path));
	/* Before the bytes, so that a write in the meantime shows as a newer
	 * state. */
	if (fstatat(dir, arena_str(mem, name), &out->st, AT_SYMLINK_NOFOLLOW) <
	    0)
		return errno == ENOENT
			       ? 0
			       : fault_set(f, k->mem, FAULT_ENV, SV_FMT ": %s",
					   SV_ARG(path), strerror(errno));
	if (!S_ISREG(out->st.st_mode))
		return fault_set(f, k->mem, FAULT_ENV,
				 SV_FMT ": a symbolic link or not a plain file",
				 SV_ARG(path));
	out->seen = file_seen_of(&out->st);
	return disk_read(k, path, max, mem, f, &out->text, &out->too_long);
}
