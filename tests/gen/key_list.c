/* key_list.c - see key_list.h. */
#include "tests/gen/key_list.h"

#include <string.h>

#include "tests/gen/write.h"

#define STRING_MAX 255 /* octets of a TXT character-string, RFC 1035 3.3 */

struct key_list {
	const struct listed_key *table;
	uint64_t seed;
	GHashTable *keys; /* label to struct gen_key */
};

static void
free_key(gpointer key)
{
	gen_key_free(key);
}

struct key_list *
key_list_new(const struct listed_key *table, uint64_t seed)
{
	struct key_list *list = g_new0(struct key_list, 1);

	list->table = table;
	list->seed = seed;
	list->keys =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_key);
	return list;
}

void
key_list_free(struct key_list *list)
{
	g_hash_table_unref(list->keys);
	g_free(list);
}

const struct listed_key *
key_list_row(const struct key_list *list, const char *label)
{
	const struct listed_key *row = list->table;

	while (row->label != NULL && strcmp(row->label, label) != 0)
		row++;
	g_assert(row->label != NULL);
	return row;
}

const struct gen_key *
key_list_key(struct key_list *list, const char *label)
{
	struct gen_key *key = g_hash_table_lookup(list->keys, label);

	if (key != NULL)
		return key;
	const struct listed_key *row = key_list_row(list, label);
	key = gen_key_new(list->seed, row->label, row->bits,
	    row->exponent != 0 ? row->exponent : 65537);
	g_hash_table_insert(list->keys, (gpointer)row->label, key);
	return key;
}

static char *
record_text(struct key_list *list, const struct listed_key *row)
{
	const char *tags = row->tags;

	if (tags == NULL)
		tags = row->bits == 0 ? "v=DKIM1; k=ed25519; "
				      : "v=DKIM1; k=rsa; ";
	if (row->revoked)
		return g_strdup_printf("%sp=", tags);
	g_autofree char *key =
	    gen_key_public(key_list_key(list, row->label), row->bare);
	return g_strdup_printf("%sp=%s", tags, key);
}

GString *
key_list_jsonl(struct key_list *list)
{
	GString *out = g_string_new(NULL);

	for (const struct listed_key *row = list->table; row->label; row++) {
		if (row->first == NULL)
			continue;
		g_autofree char *text = record_text(list, row);
		g_string_append_printf(out,
		    "{\"domain\":\"%s\",\"selector\":\"%s\","
		    "\"first_seen\":\"%sT00:00:00Z\","
		    "\"last_seen\":\"%sT00:00:00Z\",\"txt\":\"%s\"}\n",
		    row->domain, row->selector, row->first, row->last, text);
	}
	return out;
}

GString *
key_list_lines(struct key_list *list)
{
	GString *out = g_string_new(NULL);

	for (const struct listed_key *row = list->table; row->label; row++) {
		if (row->first == NULL)
			continue;
		g_autofree char *text = record_text(list, row);
		g_string_append_printf(out, "%s._domainkey.%s %s\n",
		    row->selector, row->domain, text);
	}
	return out;
}

/* name IN TXT ( "..." "..." ), long records in several strings. */
static void
append_rr(GString *out, const char *name, const char *text)
{
	g_string_append_printf(out, "%s\tIN\tTXT\t(", name);
	for (size_t i = 0, n = strlen(text); i < n; i += STRING_MAX)
		g_string_append_printf(out, " \"%.*s\"\n\t",
		    (int)MIN(STRING_MAX, n - i), text + i);
	g_string_append(out, ")\n");
}

GString *
key_list_zone(struct key_list *list)
{
	GString *out = g_string_new("$TTL 3600\n");

	for (const struct listed_key *row = list->table; row->label; row++) {
		if (row->first == NULL)
			continue;
		g_autofree char *text = record_text(list, row);
		g_autofree char *name = g_strdup_printf(
		    "%s._domainkey.%s.", row->selector, row->domain);
		append_rr(out, name, text);
	}
	return out;
}

void
key_list_write_txt(struct key_list *list, const char *folder)
{
	for (const struct listed_key *row = list->table; row->label; row++) {
		if (row->first == NULL)
			continue;
		GString *out = g_string_new(NULL);
		g_autofree char *text = record_text(list, row);
		g_autofree char *name = g_strdup_printf(
		    "%s._domainkey.%s.", row->selector, row->domain);
		g_autofree char *path =
		    g_strdup_printf("%s/%s.txt", folder, row->label);
		append_rr(out, name, text);
		write_file(path, out);
		g_string_free(out, TRUE);
	}
}
