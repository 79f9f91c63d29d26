/*
 * cmd_capture_names.c - which names are to be captured.
 *
 * Lists come from mail, so lines may hold anything: what is no name is said,
 * by file and line, and left out.
 */
#include "keysnap/cmd_capture_names.h"

#include "keysnap/base/file.h"
#include "keysnap/base/span_key.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd.h"
#include "keysnap/key/dns_name.h"

void
capture_names_init(struct capture_names *names)
{
	*names = (struct capture_names){
		.arena = arena_new(),
		.names = g_array_new(FALSE, FALSE, sizeof(struct span)),
		.seen = g_hash_table_new(span_key_hash, span_key_equal),
	};
}

void
capture_names_clear(struct capture_names *names)
{
	g_hash_table_destroy(names->seen);
	g_array_free(names->names, TRUE);
	arena_free(names->arena);
}

static void
complain(struct capture_names *names, const char *where, struct span text)
{
	g_autoptr(GString) shown = g_string_new(NULL);

	text_append_terminal(shown, span_sub(text, 0, 300));
	command_say("%s: not the name of a key: %s", where, shown->str);
	names->bad++;
}

static void
keep(struct capture_names *names, struct span name)
{
	struct span *key;

	if (g_hash_table_contains(names->seen, &name))
		return;
	if (names->names->len == CAPTURE_NAMES_MAX) {
		names->full = true;
		return;
	}
	key = arena_alloc(names->arena, sizeof(*key));
	*key = name;
	g_hash_table_add(names->seen, key);
	g_array_append_val(names->names, name);
}

void
capture_names_add(
    struct capture_names *names, struct span text, const char *where)
{
	struct span name, selector, domain;

	if (dns_name_canonical(names->arena, text, &name) == DNS_NAME_OK &&
	    dns_name_split_key(name, &selector, &domain))
		keep(names, name);
	else
		complain(names, where, text);
}

static void
add_pair(struct capture_names *names, struct span selector, struct span domain,
    struct span text, const char *where)
{
	struct span name;

	if (dns_name_of_key(names->arena, selector, domain, &name) ==
	    DNS_NAME_OK)
		keep(names, name);
	else
		complain(names, where, text);
}

/* The next line that is not empty and no comment, without white space around
 * it; false at the end. */
static bool
next_line(struct span *text, unsigned *number, struct span *line_out)
{
	while (text->n > 0) {
		size_t n = span_find(*text, '\n');

		*line_out = span_trim_fws(span_sub(*text, 0, n));
		*text = span_from(*text, n + 1);
		++*number;
		if (line_out->n > 0 && line_out->p[0] != '#')
			return true;
	}
	return false;
}

static GBytes *
read_list(const char *path, struct span *text_out, GError **error)
{
	GBytes *octets = file_read(path, CAPTURE_LIST_MAX, error);

	if (octets != NULL)
		text_out->p = g_bytes_get_data(octets, &text_out->n);
	return octets;
}

bool
capture_names_add_wants(
    struct capture_names *names, const char *path, GError **error)
{
	struct span text, line;
	unsigned number = 0;
	g_autoptr(GBytes) octets = read_list(path, &text, error);

	if (octets == NULL)
		return false;
	while (next_line(&text, &number, &line)) {
		g_autofree char *where = g_strdup_printf("%s:%u", path, number);
		size_t tab = span_find(line, '\t');
		struct span domain = span_sub(line, 0, tab);
		struct span rest = span_from(line, tab + 1);
		struct span selector = span_sub(rest, 0, span_find(rest, '\t'));

		if (number == 1 && span_equal(domain, SPAN("domain")))
			continue;
		if (tab == line.n) /* a list of names does as well */
			capture_names_add(names, line, where);
		else
			add_pair(names, selector, domain, line, where);
	}
	return true;
}

/* Selectors of a list, each with where it stands. */
struct selector {
	struct span text;
	unsigned line;
};
struct selectors {
	struct arena *arena;
	GArray *all; /* struct selector */
	unsigned line;
};

static bool
add_selector(void *user, struct span text)
{
	struct selectors *selectors = user;
	struct selector selector = { arena_copy(selectors->arena, text),
		selectors->line };

	g_array_append_val(selectors->all, selector);
	return selectors->all->len < CAPTURE_NAMES_MAX;
}

/* Dates written out. */
static void
read_selectors(struct capture_names *names, struct span text, const char *path,
    const struct capture_dates *dates, struct selectors *selectors)
{
	struct span line;

	while (selectors->all->len < CAPTURE_NAMES_MAX &&
	    next_line(&text, &selectors->line, &line)) {
		g_autofree char *where = NULL;

		if (capture_selectors_expand(
			line, dates, add_selector, selectors) ||
		    selectors->all->len == CAPTURE_NAMES_MAX)
			continue;
		where = g_strdup_printf("%s:%u", path, selectors->line);
		complain(names, where, line);
	}
}

static void
add_all(struct capture_names *names, struct span domain, const char *where,
    const struct selectors *selectors, const char *path)
{
	for (guint i = 0; i < selectors->all->len && !names->full; i++) {
		const struct selector *selector =
		    &g_array_index(selectors->all, struct selector, i);
		struct span name;

		if (dns_name_of_key(names->arena, selector->text, domain,
			&name) == DNS_NAME_OK) {
			keep(names, name);
		} else {
			g_autofree char *both = g_strdup_printf(
			    "%s with %s:%u", where, path, selector->line);

			complain(names, both, domain);
		}
	}
}

bool
capture_names_add_product(struct capture_names *names,
    const struct capture_product *product, GError **error)
{
	struct span all, text, domain;
	unsigned number = 0;
	g_autoptr(GBytes) left = read_list(product->domains, &text, error);
	g_autoptr(GBytes) right =
	    left == NULL ? NULL : read_list(product->selectors, &all, error);
	struct selectors selectors = { names->arena, NULL, 0 };

	if (right == NULL)
		return false;
	selectors.all = g_array_new(FALSE, FALSE, sizeof(struct selector));
	read_selectors(
	    names, all, product->selectors, &product->dates, &selectors);
	while (!names->full && next_line(&text, &number, &domain)) {
		g_autofree char *where =
		    g_strdup_printf("%s:%u", product->domains, number);

		add_all(names, domain, where, &selectors, product->selectors);
	}
	g_array_free(selectors.all, TRUE);
	return true;
}
