/*
 * seal_list.c - the list that a renewing time stamp covers.  There is one
 * spelling for each number of seals, so a list is checked by making it again.
 */
#include "keysnap/store/seal_list.h"

#include "keysnap/base/digest.h"

static void
append_line(GString *out, const struct crypto *crypto, const char *folder,
    const char *name, struct span octets)
{
	uint8_t sha256[32];
	char hex[DIGEST_HEX_SIZE];

	digest_sha256(crypto, octets, sha256);
	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_string_append_printf(out, "%s  %s%s\n", hex, folder, name);
}

void
seal_list_append(
    GString *out, const struct seal_question *question, unsigned last)
{
	const struct seal_set *set = &question->set;

	append_line(
	    out, question->crypto, "", "checkpoint", question->checkpoint);
	for (size_t i = 0; i < set->n; i++) {
		unsigned number = seal_number(set->files[i].name);

		if (number > 0 && number <= last)
			append_line(out, question->crypto, "seals/",
			    set->files[i].name, set->files[i].octets);
	}
}

unsigned
seal_list_last(const struct seal_set *set)
{
	unsigned last = 0;

	for (size_t i = 0; i < set->n; i++) {
		unsigned number = seal_number(set->files[i].name);

		last = number > last ? number : last;
	}
	return last;
}

/* The number of the last line, "HEX  seals/NNNN.KIND LF"; 0 when it names no
 * seal. */
static unsigned
last_of(struct span list)
{
	struct span name;
	size_t start = list.n - (list.n > 0);
	g_autofree char *text = NULL;

	while (start > 0 && list.p[start - 1] != '\n')
		start--;
	name = span_from(list, start + 64);
	if (name.n < 2 || name.n > SEAL_NAME_MAX + sizeof("  seals/") ||
	    !span_starts_with(name, SPAN("  seals/")) ||
	    memchr(name.p, '\0', name.n) != NULL)
		return 0;
	name = span_from(name, sizeof("  seals/") - 1);
	text = span_dup(span_sub(name, 0, name.n - 1));
	return seal_number(text);
}

/* The first line that differs: the file that it names is not what it was. */
static const char *
explain(struct arena *arena, struct span list, struct span now)
{
	size_t at = 0, start = 0;
	struct span line;

	while (at < list.n && at < now.n && list.p[at] == now.p[at]) {
		at++;
		if (list.p[at - 1] == '\n')
			start = at;
	}
	line = span_from(at < now.n ? now : list, start);
	line = span_from(span_sub(line, 0, span_find(line, '\n')), 66);
	g_autofree char *name = g_strndup((const char *)line.p, line.n);
	g_autofree char *text =
	    g_strdup_printf("%s is not what this time stamp covers", name);

	return (const char *)arena_copy(arena, span_from_string(text)).p;
}

bool
seal_list_check(const struct seal_question *question, struct arena *arena,
    struct span list, unsigned *last_out, const char **why_out)
{
	g_autoptr(GString) again = g_string_new(NULL);
	struct span now;

	*last_out = last_of(list);
	seal_list_append(again, question, *last_out);
	now = (struct span){ (const uint8_t *)again->str, again->len };
	if (span_equal(list, now))
		return true;
	*why_out = explain(arena, list, now);
	return false;
}
