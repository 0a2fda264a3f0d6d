#include "base/fault.h"

void fault_file(struct fault *f, struct arena *mem, enum fault_kind kind,
		const char *fmt, ...)
{
	va_list ap;

	if (f->kind != FAULT_NONE)
		return;
	f->kind = kind;
	va_start(ap, fmt);
	f->text = arena_vfmt(mem, fmt, ap);
	va_end(ap);
}

int fault_usage(struct fault *f)
{
	if (f->kind == FAULT_NONE)
		f->kind = FAULT_USAGE;
	return -1;
}

void fault_hint(struct fault *f, struct arena *mem, const char *fmt, ...)
{
	va_list ap;

	if (f->hint.n > 0)
		return;
	va_start(ap, fmt);
	f->hint = arena_vfmt(mem, fmt, ap);
	va_end(ap);
}
