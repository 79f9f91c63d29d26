/*
 * guess_address.c - one address, with its display name or without, as RFC 5322
 * 3.4 and as older programs write it.
 */
#include "verifier/repair/guess.h"

static void
add_form(
    struct guess_list *list, const char *format, struct span a, struct span b)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (const char *p = format; *p != '\0'; p++) {
		struct span part = *p == '1' ? a : b;

		if (*p == '1' || *p == '2')
			g_string_append_len(
			    out, (const char *)part.p, (gssize)part.n);
		else
			g_string_append_c(out, *p);
	}
	guess_add_text(list, out, SIGNED_SPELLING, GUESS_ALONE, false);
}

/* "value" as name and address; false when it is not one "name <address>", one
 * "<address>" or one address. */
static bool
cut_address(struct span value, struct span *name_out, struct span *address_out)
{
	struct span text = span_trim_fws(value);
	size_t open = span_find(text, '<'), close = span_find(text, '>');

	*name_out = SPAN("");
	*address_out = text;
	if (span_find(text, '@') == text.n || span_find(text, '(') < text.n)
		return false;
	if (open == text.n)
		return span_find(text, ',') == text.n &&
		    span_find(text, ' ') == text.n;
	if (close + 1 != text.n || close < open)
		return false;
	*name_out = span_trim_fws(span_sub(text, 0, open));
	*address_out = span_sub(text, open + 1, close - open - 1);
	return true;
}

void
guess_address(struct guess_list *list, struct span value)
{
	static const char *const with_name[] = { "2 (1)", "<2>", "2", "1<2>",
		"\"2\" <2>", "2 <2>" };
	static const char *const without[] = { "<2>", "2", "\"2\" <2>", "2 <2>",
		"'2' <2>", "\"'2'\" <2>" };
	struct span name, address;

	if (!guess_fits(list, value) || !cut_address(value, &name, &address))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(with_name); i++)
		add_form(list, name.n > 0 ? with_name[i] : without[i], name,
		    address);
}
