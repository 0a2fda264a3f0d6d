#include <stdlib.h>

#include "base/limits.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "template/tree.h"

struct parser {
	struct arena *mem;
	struct sv rest;	  /* of the template */
	struct sv action; /* what is left of the action at hand */
	bool comment;	  /* the action at hand is one */
	bool trim;	  /* the text that follows loses its leading blanks */
	size_t depth;
	size_t in_range;
	struct strings declared; /* variables, without "$" */
	const struct template_dialect *dialect;
	struct sv open, close; /* "{{" and "}}" */
	struct template *template;
	const char *fault;
};

/* How a block ended. */
enum ending { END_OF_TEXT, END_END, END_ELSE };

static bool fail(struct parser *p, const char *fault)
{
	if (p->fault == NULL)
		p->fault = fault;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static void blanks(struct parser *p)
{
	while (p->action.n > 0 && is_blank(p->action.p[0]))
		p->action = sv_from(p->action, 1);
}

static char next(const struct parser *p)
{
	return p->action.n > 0 ? p->action.p[0] : '\0';
}

static bool take(struct parser *p, struct sv sign)
{
	if (!sv_starts(p->action, sign))
		return false;
	p->action = sv_from(p->action, sign.n);
	return true;
}

static struct sv word(struct parser *p)
{
	struct sv w = p->action;
	size_t n = 0;

	while (n < w.n && (letter(w.p[n]) || digit(w.p[n])))
		n++;
	p->action = sv_from(w, n);
	return sv_head(w, n);
}

static bool parse_pipe(struct parser *p, struct pipe *out);

/* How many digits an escape has, and their base. */
static const struct {
	char letter;
	unsigned digits, base;
} numbered[] = {
	{ 'x', 2, 16 },
	{ 'u', 4, 16 },
	{ 'U', 8, 16 },
};

/* Digits off the front; false where one is missing. */
static bool take_digits(struct parser *p, unsigned digits, unsigned base,
			uint32_t *out)
{
	for (*out = 0; digits > 0; digits--) {
		char c = sv_lower_char(next(p));
		unsigned v = digit(c)		    ? (unsigned)(c - '0')
			     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
						    : 99;

		if (v >= base)
			return fail(p, "escape without its digits");
		*out = *out * base + v;
		p->action = sv_from(p->action, 1);
	}
	return true;
}

/* Behind a backslash: a byte, or a character of Unicode. */
static bool parse_escape(struct parser *p, char quote, uint32_t *out,
			 bool *is_byte)
{
	static const char from[] = "abfnrtv\\", to[] = "\a\b\f\n\r\t\v\\";
	char c = next(p);
	size_t i = sv_chr(sv_of(from), c);

	*is_byte = true;
	if (c >= '0' && c <= '7')
		return take_digits(p, 3, 8, out) &&
		       (*out < 256 || fail(p, "escape above \\377"));
	p->action = sv_from(p->action, 1);
	*out = (unsigned char)(i < sizeof(from) - 1 ? to[i] : c);
	if (i < sizeof(from) - 1 || c == quote)
		return true;
	for (i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++) {
		if (numbered[i].letter != c)
			continue;
		*is_byte = c == 'x';
		return take_digits(p, numbered[i].digits, numbered[i].base,
				   out) &&
		       (*is_byte ||
			(*out <= 0x10ffff &&
			 (*out < 0xd800 || *out > 0xdfff)) ||
			fail(p, "escape of no character"));
	}
	return fail(p, "unknown escape");
}

/* "a\tb" with Go's escapes. */
static bool parse_quoted(struct parser *p, struct operand *o)
{
	struct buf b = { .mem = p->mem };
	uint32_t c;
	bool is_byte;

	p->action = sv_from(p->action, 1);
	while (p->action.n > 0 && next(p) != '"' && next(p) != '\n') {
		if (!take(p, SV("\\"))) {
			buf_char(&b, next(p));
			p->action = sv_from(p->action, 1);
			continue;
		}
		if (!parse_escape(p, '"', &c, &is_byte))
			return false;
		if (is_byte)
			buf_char(&b, (char)c);
		else
			utf8_put(&b, c);
	}
	o->kind = OPERAND_STRING;
	o->text = buf_sv(&b);
	return take(p, SV("\"")) || fail(p, "string without its closing quote");
}

/* 'a' is a number. */
static bool parse_character(struct parser *p, struct operand *o)
{
	struct sv all = sv_from(p->action, 1);
	uint32_t c = 0;
	bool is_byte;

	p->action = all;
	o->kind = OPERAND_INT;
	if (take(p, SV("\\"))) {
		if (!parse_escape(p, '\'', &c, &is_byte))
			return false;
	} else {
		size_t n = utf8_at(all, &c);

		if (n == 0 || c == '\'' || c == '\n')
			return fail(p, "malformed character constant");
		p->action = sv_from(all, n);
	}
	o->number = c;
	return take(p, SV("'")) || fail(p, "malformed character constant");
}

static bool parse_raw(struct parser *p, struct operand *o)
{
	struct sv rest = sv_from(p->action, 1);
	size_t end = sv_chr(rest, '`');

	o->kind = OPERAND_STRING;
	o->text = sv_head(rest, end);
	p->action = sv_from(rest, end + 1);
	return end < rest.n || fail(p, "string without its closing quote");
}

static bool parse_number(struct parser *p, struct operand *o)
{
	struct sv s = p->action;
	size_t n = 0;
	char *end;

	while (n < s.n && (digit(s.p[n]) || letter(s.p[n]) || s.p[n] == '.' ||
			   ((s.p[n] == '-' || s.p[n] == '+') &&
			    (n == 0 || s.p[n - 1] == 'e'))))
		n++;
	p->action = sv_from(s, n);
	o->text = sv_head(s, n);
	o->kind = OPERAND_INT;
	if (sv_integer(o->text, &o->number))
		return true;
	o->kind = OPERAND_FLOAT;
	o->real = strtod(arena_str(p->mem, o->text), &end);
	return *end == '\0' || fail(p, "invalid number");
}

/* A word: a literal or a function. */
static bool parse_word(struct parser *p, struct operand *o)
{
	o->text = word(p);
	o->kind = OPERAND_FUNCTION;
	if (sv_eq(o->text, SV("true")) || sv_eq(o->text, SV("false"))) {
		o->kind = OPERAND_BOOL;
		o->number = o->text.n == 4;
	} else if (sv_eq(o->text, SV("nil"))) {
		o->kind = OPERAND_NIL;
	} else if ((o->function = function_find(p->dialect, o->text)) == NULL) {
		return fail(p, arena_str(p->mem,
					 arena_fmt(p->mem,
						   "unknown function \"" SV_FMT
						   "\"",
						   SV_ARG(o->text))));
	}
	return true;
}

static bool parse_brackets(struct parser *p, struct operand *o)
{
	struct pipe *inner = ARENA_NEW(p->mem, struct pipe);

	if (++p->depth > MAX_GO_TEMPLATE_DEPTH)
		return fail(p, "parentheses nested too deep");
	p->action = sv_from(p->action, 1);
	if (!parse_pipe(p, inner))
		return false;
	p->depth--;
	blanks(p);
	o->kind = OPERAND_PIPE;
	o->pipe = inner;
	return take(p, SV(")")) || fail(p, "\"(\" without \")\"");
}

static bool parse_fields(struct parser *p, struct operand *o)
{
	while (next(p) == '.') {
		struct sv name;

		p->action = sv_from(p->action, 1);
		name = word(p);
		if (name.n == 0)
			return fail(p, "field without a name");
		*VEC_ADD(p->mem, &o->fields) = name;
	}
	return true;
}

/* A name that nothing declared is a fault of the text, used or not. */
static bool is_declared(struct parser *p, struct sv name)
{
	return name.n == 0 || strings_has(&p->declared, name) ||
	       fail(p, arena_str(p->mem, arena_fmt(p->mem,
						   "undefined variable "
						   "\"$" SV_FMT "\"",
						   SV_ARG(name))));
}

static bool parse_operand(struct parser *p, struct operand *o)
{
	char c = next(p);

	*o = (struct operand){ 0 };
	if (c == '"')
		return parse_quoted(p, o);
	if (c == '`')
		return parse_raw(p, o);
	if (c == '\'')
		return parse_character(p, o);
	if (digit(c) || c == '-' || c == '+')
		return parse_number(p, o);
	if (c == '(') {
		if (!parse_brackets(p, o))
			return false;
	} else if (c == '$') {
		p->action = sv_from(p->action, 1);
		o->kind = OPERAND_VARIABLE;
		o->text = word(p);
		if (!is_declared(p, o->text))
			return false;
	} else if (c == '.') {
		o->kind = OPERAND_DOT;
		if (p->action.n == 1 || !letter(p->action.p[1])) {
			p->action = sv_from(p->action, 1);
			return true;
		}
	} else if (letter(c)) {
		if (!parse_word(p, o))
			return false;
		/* A literal has no fields, what a function gives may. */
		if (o->kind != OPERAND_FUNCTION)
			return true;
	} else {
		return fail(p, "unexpected character");
	}
	return parse_fields(p, o);
}

static bool parse_command(struct parser *p, struct command *out)
{
	for (;;) {
		blanks(p);
		if (p->action.n == 0 || next(p) == '|' || next(p) == ')')
			break;
		if (!parse_operand(p, VEC_ADD(p->mem, &out->args)))
			return false;
		if (p->action.n > 0 && sv_chr(SV(" \t\r\n|)"), next(p)) == 6)
			return fail(p, "expected a blank between two values");
	}
	return out->args.n > 0 || fail(p, "missing value");
}

/* "$x :=", "$i, $e :=", "$x =" in front of a pipeline. */
static void parse_variables(struct parser *p, struct pipe *out)
{
	struct sv before = p->action;

	while (next(p) == '$' && out->n_variables < 2) {
		p->action = sv_from(p->action, 1);
		out->variables[out->n_variables++] = word(p);
		blanks(p);
		if (!take(p, SV(",")))
			break;
		blanks(p);
	}
	if (out->n_variables > 0 && take(p, SV(":="))) {
		for (size_t i = 0; i < out->n_variables; i++)
			*VEC_ADD(p->mem, &p->declared.list) = out->variables[i];
		return;
	}
	out->assign =
		out->n_variables == 1 && next(p) == '=' && take(p, SV("="));
	if (out->assign)
		return;
	out->n_variables = 0;
	p->action = before;
}

static bool parse_pipe(struct parser *p, struct pipe *out)
{
	blanks(p);
	parse_variables(p, out);
	for (;;) {
		struct command *c = VEC_ADD(p->mem, &out->commands);

		*c = (struct command){ 0 };
		if (!parse_command(p, c))
			return false;
		if (!take(p, SV("|")))
			return true;
	}
}

/* The text in front of the next action, without what "-}}" and "{{-" trim. */
static struct sv cut_text(struct parser *p, size_t open, bool trim_right)
{
	struct sv text = sv_head(p->rest, open);

	while (p->trim && text.n > 0 && is_blank(text.p[0]))
		text = sv_from(text, 1);
	while (trim_right && text.n > 0 && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

/* Where "}}" stands, outside of strings. */
static size_t action_end(struct sv s, struct sv close)
{
	size_t n = 0;

	while (n < s.n && !sv_starts(sv_from(s, n), close)) {
		char quote = s.p[n++];

		if (quote != '"' && quote != '`')
			continue;
		for (; n < s.n && s.p[n] != quote; n++)
			if (quote == '"' && s.p[n] == '\\')
				n++;
		n++;
	}
	return n < s.n ? n : s.n;
}

static bool ends_dashed(struct sv s)
{
	return s.p != NULL && s.n > 1 && s.p[s.n - 1] == '-' &&
	       is_blank(s.p[s.n - 2]);
}

/* A comment fills its action: only "-" may stand between it and the end. */
static bool skip_comment(struct parser *p)
{
	p->rest = sv_from(p->rest, sv_find(p->rest, SV("*/")));
	if (p->rest.n == 0)
		return fail(p, "unclosed comment");
	p->rest = sv_from(p->rest, 2);
	p->trim =
		p->rest.n > 1 && is_blank(p->rest.p[0]) && p->rest.p[1] == '-';
	p->rest = sv_from(p->rest, p->trim ? 2 : 0);
	if (!sv_starts(p->rest, p->close))
		return fail(p, "comment ends before closing delimiter");
	p->rest = sv_from(p->rest, p->close.n);
	return true;
}

/* Cut the next action off; the text in front of it goes to `text`. */
static bool next_action(struct parser *p, struct sv *text)
{
	size_t open = sv_find(p->rest, p->open), n;
	struct sv behind = sv_from(p->rest, open + p->open.n);
	bool trim = behind.n > 1 && behind.p[0] == '-' && is_blank(behind.p[1]);

	*text = cut_text(p, open, trim);
	p->trim = false;
	if (open == p->rest.n) {
		p->rest = SV("");
		return false;
	}
	p->rest = sv_from(behind, trim ? 2 : 0);
	p->comment = sv_starts(p->rest, SV("/*"));
	if (p->comment)
		return skip_comment(p);
	n = action_end(p->rest, p->close);
	if (n == p->rest.n)
		return fail(p, "unclosed action");
	p->action = sv_head(p->rest, n);
	p->rest = sv_from(p->rest, n + p->close.n);
	p->trim = ends_dashed(p->action);
	p->action.n -= p->trim;
	p->action = sv_trim(p->action);
	return true;
}

static enum ending parse_block(struct parser *p, struct block *out);

static const struct {
	struct sv word;
	enum step_kind kind;
} keywords[] = {
	{ { "if", 2 }, STEP_IF },
	{ { "with", 4 }, STEP_WITH },
	{ { "range", 5 }, STEP_RANGE },
	{ { "break", 5 }, STEP_BREAK },
	{ { "continue", 8 }, STEP_CONTINUE },
};

static bool parse_control(struct parser *p, struct step *s);

/* "else", "else if PIPE", "else with PIPE": the rest of a control. */
static bool parse_else(struct parser *p, struct step *s)
{
	struct step *inner;

	s->other = ARENA_NEW(p->mem, struct block);
	blanks(p);
	if (p->action.n == 0)
		return parse_block(p, s->other) == END_END ||
		       fail(p, "block without \"end\"");
	inner = VEC_ADD(p->mem, &s->other->steps);
	*inner = (struct step){ .kind = s->kind };
	if (!sv_eq(word(p), s->kind == STEP_IF ? SV("if") : SV("with")) ||
	    s->kind == STEP_RANGE)
		return fail(p, "unexpected word after \"else\"");
	return parse_control(p, inner);
}

static bool parse_arms(struct parser *p, struct step *s)
{
	enum ending end;

	if (!parse_pipe(p, &s->pipe))
		return false;
	if (p->action.n > 0)
		return fail(p, "\")\" without \"(\"");
	p->in_range += s->kind == STEP_RANGE;
	end = parse_block(p, s->body);
	p->in_range -= s->kind == STEP_RANGE;
	p->depth--;
	if (end == END_ELSE)
		return parse_else(p, s);
	return end == END_END || fail(p, "block without \"end\"");
}

static bool parse_control(struct parser *p, struct step *s)
{
	size_t declared = p->declared.list.n;
	bool ok;

	if (++p->depth > MAX_GO_TEMPLATE_DEPTH)
		return fail(p, "blocks nested too deep");
	s->body = ARENA_NEW(p->mem, struct block);
	ok = parse_arms(p, s);
	p->declared.list.n = declared;
	return ok;
}

/* The name of a template, in quotes. */
static bool parse_name(struct parser *p, struct sv *out)
{
	struct operand o = { 0 };

	blanks(p);
	if (next(p) != '"' && next(p) != '`')
		return fail(p, "expected the name of a template in quotes");
	if (!(next(p) == '"' ? parse_quoted(p, &o) : parse_raw(p, &o)))
		return false;
	*out = o.text;
	blanks(p);
	return true;
}

/* {{template "name" PIPE}} */
static bool parse_template(struct parser *p, struct step *s)
{
	s->kind = STEP_TEMPLATE;
	if (!parse_name(p, &s->text))
		return false;
	if (p->action.n > 0 && !parse_pipe(p, &s->pipe))
		return false;
	return p->action.n == 0 || fail(p, "\")\" without \"(\"");
}

static bool is_blank_block(const struct block *b)
{
	for (size_t i = 0; i < b->steps.n; i++)
		if (b->steps.v[i].kind != STEP_TEXT ||
		    sv_trim(b->steps.v[i].text).n > 0)
			return false;
	return true;
}

/* Of two definitions of one name, one must be empty: the other counts. */
static bool add_definition(struct parser *p, struct sv name, struct block *body)
{
	struct template *t = p->template;

	for (size_t i = 0; i < t->definitions.n; i++) {
		struct definition *d = &t->definitions.v[i];

		if (!sv_eq(d->name, name))
			continue;
		if (is_blank_block(d->body))
			d->body = body;
		else if (!is_blank_block(body))
			return fail(p, "multiple definition of template");
		return true;
	}
	*VEC_ADD(p->mem, &t->definitions) = (struct definition){ name, body };
	return true;
}

/* {{define "name"}}, or {{block "name" PIPE}}, which is also used where it
 * stands. */
static bool parse_definition(struct parser *p, struct step *s)
{
	struct block *body = ARENA_NEW(p->mem, struct block);
	struct strings kept = p->declared;
	size_t in_range = p->in_range;
	struct sv name;

	if (++p->depth > MAX_GO_TEMPLATE_DEPTH)
		return fail(p, "blocks nested too deep");
	if (!parse_name(p, &name))
		return false;
	if (s != NULL) {
		s->kind = STEP_TEMPLATE;
		s->text = name;
		if (!parse_pipe(p, &s->pipe))
			return false;
		kept = p->declared;
	}
	if (p->action.n > 0)
		return fail(p, "unexpected text behind the name of a template");
	/* Inside, only "$" is known. */
	p->declared = (struct strings){ 0 };
	p->in_range = 0;
	if (parse_block(p, body) != END_END)
		return fail(p, "block without \"end\"");
	p->declared = kept;
	p->in_range = in_range;
	p->depth--;
	return add_definition(p, name, body);
}

static bool parse_action(struct parser *p, struct step *s)
{
	struct sv all = p->action, w = word(p);

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (!sv_eq(w, keywords[i].word))
			continue;
		s->kind = keywords[i].kind;
		if (s->kind != STEP_BREAK && s->kind != STEP_CONTINUE)
			return parse_control(p, s);
		return p->in_range > 0 ||
		       fail(p, "\"break\" or \"continue\" outside of a range");
	}
	if (sv_eq(w, SV("template")))
		return parse_template(p, s);
	if (sv_eq(w, SV("block")))
		return parse_definition(p, s);
	p->action = all;
	s->kind = STEP_PRINT;
	if (!parse_pipe(p, &s->pipe))
		return false;
	return p->action.n == 0 || fail(p, "\")\" without \"(\"");
}

static struct step *add_step(struct parser *p, struct block *out,
			     enum step_kind kind)
{
	struct step *s = VEC_ADD(p->mem, &out->steps);

	*s = (struct step){ .kind = kind };
	return s;
}

static bool is_define(struct parser *p)
{
	struct sv all = p->action;

	if (sv_eq(word(p), SV("define")))
		return true;
	p->action = all;
	return false;
}

static enum ending parse_block(struct parser *p, struct block *out)
{
	while (p->fault == NULL) {
		struct sv text;
		bool more = next_action(p, &text);

		if (text.n > 0)
			add_step(p, out, STEP_TEXT)->text = text;
		if (!more)
			break;
		if (p->comment)
			continue;
		if (sv_eq(p->action, SV("end")))
			return END_END;
		if (sv_starts(p->action, SV("else")) &&
		    (p->action.n == 4 || p->action.p[4] == ' ')) {
			p->action = sv_from(p->action, 4);
			return END_ELSE;
		}
		if (is_define(p)) {
			if (p->depth > 0)
				(void)fail(p, "unexpected {{define}}");
			else
				(void)parse_definition(p, NULL);
			continue;
		}
		(void)parse_action(p, add_step(p, out, STEP_PRINT));
	}
	return END_OF_TEXT;
}

const char *template_parse(struct arena *mem, struct sv text,
			   const struct template_dialect *dialect,
			   struct template **out)
{
	struct template *t = ARENA_NEW(mem, struct template);
	struct parser p = {
		.mem = mem,
		.rest = text,
		.dialect = dialect,
		.template = t,
		.open = dialect->open != NULL ? sv_of(dialect->open) : SV("{{"),
		.close = dialect->close != NULL ? sv_of(dialect->close)
						: SV("}}"),
	};

	*out = NULL;
	if (sv_trim(text).n == 0)
		return NULL;
	if (text.n > MAX_GO_TEMPLATE_TEXT)
		return "template too long";
	if (parse_block(&p, &t->body) != END_OF_TEXT)
		(void)fail(&p, "\"end\" or \"else\" without a block");
	*out = t;
	return p.fault;
}
