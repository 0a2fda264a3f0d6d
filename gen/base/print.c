#include <stdarg.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/utf8.h"

/* "%-*.*s", taken apart. */
struct spec {
	struct sv flags;
	int width, precision; /* precision -1: none */
	char size;	      /* 'l' long, 'L' long long, 'z' size_t, or 0 */
	char kind;
};

/* Digits, or the argument that "*" stands for. */
static int number(const char **p, va_list *ap)
{
	int n = 0;

	if (**p == '*') {
		++*p;
		return va_arg(*ap, int);
	}
	for (; **p >= '0' && **p <= '9'; ++*p)
		n = n * 10 + (**p - '0');
	return n;
}

/* `p` behind the "%"; what follows the directive. */
static const char *spec_read(const char *p, va_list *ap, struct spec *s)
{
	*s = (struct spec){ .flags = { p, 0 }, .precision = -1 };
	for (; *p == '-' || *p == '0'; p++)
		s->flags.n++;
	s->width = number(&p, ap);
	if (*p == '.') {
		p++;
		s->precision = number(&p, ap);
	}
	for (; *p == 'l' || *p == 'z'; p++)
		s->size = s->size == 'l' ? 'L' : *p;
	s->kind = *p;
	return p + 1;
}

static long long signed_arg(char size, va_list *ap)
{
	return size == 'L'   ? va_arg(*ap, long long)
	       : size == 'l' ? va_arg(*ap, long)
			     : va_arg(*ap, int);
}

static unsigned long long unsigned_arg(char size, va_list *ap)
{
	return size == 'L'   ? va_arg(*ap, unsigned long long)
	       : size == 'l' ? va_arg(*ap, unsigned long)
	       : size == 'z' ? va_arg(*ap, size_t)
			     : va_arg(*ap, unsigned);
}

static size_t columns(struct sv s)
{
	size_t n = 0, step;
	uint32_t code;

	for (; s.n > 0; s = sv_from(s, step > 0 ? step : 1), n++)
		step = utf8_at(s, &code);
	return n;
}

static void put_padded(struct buf *b, const struct spec *s, struct sv text)
{
	size_t n = columns(text);
	bool left = sv_starts(s->flags, SV("-"));
	size_t width = s->width > 0 ? (size_t)s->width : 0;

	for (size_t i = n; !left && i < width; i++)
		buf_char(b, sv_has(s->flags, SV("0")) ? '0' : ' ');
	buf_add(b, text);
	for (size_t i = n; left && i < width; i++)
		buf_char(b, ' ');
}

/* Blanks and colons do not move it: ":" behind ":" is what a runner reads. */
static bool at_line_start(struct sv text)
{
	while (text.n > 0 &&
	       (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == ':'))
		text.n--;
	return text.n == 0 || text.p[text.n - 1] == '\n';
}

static struct sv string_arg(struct buf *b, const struct spec *s, va_list *ap)
{
	char c = '\0';
	struct sv text = { &c, 1 };

	if (s->kind == 'c')
		c = (char)va_arg(*ap, int);
	else
		text.p = va_arg(*ap, const char *);
	if (s->kind == 's' && s->precision < 0)
		text = sv_of(text.p);
	else if (s->kind == 's')
		text.n = (size_t)s->precision;
	return escape(b->mem, at_line_start(buf_sv(b)) ? SINK_LINE : SINK_TEXT,
		      text);
}

static void put_spec(struct buf *b, const struct spec *s, va_list *ap)
{
	struct sv text = SV("%");

	if (s->kind == 's' || s->kind == 'c')
		text = string_arg(b, s, ap);
	else if (s->kind == 'd')
		text = arena_fmt(b->mem, "%lld", signed_arg(s->size, ap));
	else if (s->kind == 'u' || s->kind == 'x')
		text = arena_fmt(b->mem, s->kind == 'u' ? "%llu" : "%llx",
				 unsigned_arg(s->size, ap));
	put_padded(b, s, text);
}

void print_text(FILE *out, const char *fmt, ...)
{
	struct arena *mem = arena_new();
	struct buf b = { .mem = mem };
	struct spec s;
	va_list ap;

	va_start(ap, fmt);
	while (*fmt != '\0')
		if (*fmt != '%') {
			buf_char(&b, *fmt++);
		} else {
			fmt = spec_read(fmt + 1, &ap, &s);
			put_spec(&b, &s, &ap);
		}
	va_end(ap);
	print_whole(out, buf_sv(&b));
	arena_free(mem);
}

void print_lines(FILE *out, struct sv text)
{
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		print_text(out, text.p != NULL ? SV_FMT "\n" : SV_FMT,
			   SV_ARG(line));
}

void print_whole(FILE *out, struct sv text)
{
	(void)fwrite(text.p, 1, text.n, out);
}

void print_color(FILE *out, bool on, const char *sgr)
{
	if (on)
		print_whole(out, sv_of(sgr));
}
