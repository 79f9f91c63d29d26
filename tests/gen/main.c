/*
 * main.c - make_archive: write the demonstration archive, or the messages of
 * the tests of meaning, from a seed.
 */
#include <stdio.h>
#include <string.h>

#include "tests/gen/damage.h"
#include "tests/gen/demo.h"
#include "tests/gen/originals.h"
#include "tests/gen/semantics.h"
#include "tests/gen/semantics_older.h"
#include "tests/gen/write.h"

struct wishes {
	gint64 seed;
	char *mbox, *maildir, *eml, *jsonl, *zone, *txt, *expect, *semantics,
	    *older;
	char *damage, *alterations, *originals;
	int n_alterations;
};

static void
write_and_free(const char *path, GString *text)
{
	write_file(path, text);
	g_string_free(text, TRUE);
}

static void
write_mbox(const char *path, const GPtrArray *letters)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < letters->len; i++) {
		const struct letter *letter = g_ptr_array_index(letters, i);
		GString *text = mail_text(letter->mail);
		mbox_append(out, letter_address(letter), letter->date, text);
		g_string_free(text, TRUE);
	}
	write_and_free(path, out);
}

/* cur/ of a Maildir, LF line ends; every fourth one flagged otherwise. */
static void
write_maildir(const char *folder, const GPtrArray *letters)
{
	static const char *const flags[] = { "S", "", "RS", "FS" };
	static const char *const empty[] = { "new", "tmp" };

	for (guint i = 0; i < G_N_ELEMENTS(empty); i++) {
		g_autofree char *path =
		    g_build_filename(folder, empty[i], NULL);
		if (g_mkdir_with_parents(path, 0777) != 0)
			g_error("%s: cannot be made", path);
	}
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *letter = g_ptr_array_index(letters, i);
		g_autofree char *path = g_strdup_printf(
		    "%s/cur/%010" G_GINT64_FORMAT ".M%04uP1.demo:2,%s", folder,
		    letter->date, letter->number, flags[i % 4]);
		GString *text = mail_text(letter->mail);
		write_and_free(path, text_with_lf(text));
		g_string_free(text, TRUE);
	}
}

/* One folder for each year, CRLF line ends. */
static void
write_eml(const char *folder, const GPtrArray *letters)
{
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *letter = g_ptr_array_index(letters, i);
		g_autofree char *date = date_from_line(letter->date);
		g_autofree char *path = g_strdup_printf("%s/%s/%04u.eml",
		    folder, date + strlen(date) - 4, letter->number);
		write_and_free(path, mail_text(letter->mail));
	}
}

static void
write_expect(const char *path, const GPtrArray *letters)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < letters->len; i++) {
		const struct letter *letter = g_ptr_array_index(letters, i);
		g_string_append_printf(out, "%s\t%s\t%s\n", letter->id,
		    letter->verdict, letter->why);
	}
	write_and_free(path, out);
}

static void
write_demo(const struct wishes *wishes)
{
	struct key_list *keys = key_list_new(demo_keys, (uint64_t)wishes->seed);
	GPtrArray *letters = demo_letters(keys, (uint64_t)wishes->seed);

	if (wishes->mbox != NULL)
		write_mbox(wishes->mbox, letters);
	if (wishes->maildir != NULL)
		write_maildir(wishes->maildir, letters);
	if (wishes->eml != NULL)
		write_eml(wishes->eml, letters);
	if (wishes->expect != NULL)
		write_expect(wishes->expect, letters);
	if (wishes->jsonl != NULL)
		write_and_free(wishes->jsonl, key_list_jsonl(keys));
	if (wishes->zone != NULL)
		write_and_free(wishes->zone, key_list_zone(keys));
	if (wishes->txt != NULL)
		key_list_write_txt(keys, wishes->txt);
	g_ptr_array_unref(letters);
	key_list_free(keys);
}

int
main(int argc, char **argv)
{
	struct wishes wishes = { .seed = 2017, .n_alterations = 1000 };
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &wishes.seed,
		    "what everything is derived from (2017)", "N" },
		{ "mbox", 0, 0, G_OPTION_ARG_FILENAME, &wishes.mbox,
		    "the archive as an mbox", "FILE" },
		{ "maildir", 0, 0, G_OPTION_ARG_FILENAME, &wishes.maildir,
		    "the archive as a Maildir", "FOLDER" },
		{ "eml", 0, 0, G_OPTION_ARG_FILENAME, &wishes.eml,
		    "the archive as a tree of .eml files", "FOLDER" },
		{ "keys-jsonl", 0, 0, G_OPTION_ARG_FILENAME, &wishes.jsonl,
		    "the keys with times", "FILE" },
		{ "keys-zone", 0, 0, G_OPTION_ARG_FILENAME, &wishes.zone,
		    "the keys as a master file", "FILE" },
		{ "keys-txt", 0, 0, G_OPTION_ARG_FILENAME, &wishes.txt,
		    "the keys as opendkim-genkey writes them", "FOLDER" },
		{ "expect", 0, 0, G_OPTION_ARG_FILENAME, &wishes.expect,
		    "Message-ID, verdict, why", "FILE" },
		{ "semantics", 0, 0, G_OPTION_ARG_FILENAME, &wishes.semantics,
		    "the messages of the tests of meaning", "FOLDER" },
		{ "damage", 0, 0, G_OPTION_ARG_FILENAME, &wishes.damage,
		    "the damage matrix", "FOLDER" },
		{ "originals", 0, 0, G_OPTION_ARG_FILENAME, &wishes.originals,
		    "messages whose signed fields were changed", "FOLDER" },
		{ "alterations", 0, 0, G_OPTION_ARG_FILENAME,
		    &wishes.alterations, "a mailbox of altered messages",
		    "FOLDER" },
		{ "count", 0, 0, G_OPTION_ARG_INT, &wishes.n_alterations,
		    "how many of them (1000)", "N" },
		{ "older", 0, 0, G_OPTION_ARG_FILENAME, &wishes.older,
		    "messages with DomainKeys, drafts of DKIM, ARC", "FOLDER" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "make_archive: %s\n", error->message);
		return 2;
	}
	if (wishes.semantics != NULL)
		semantics_write(wishes.semantics, (uint64_t)wishes.seed);
	if (wishes.damage != NULL)
		damage_write(wishes.damage, (uint64_t)wishes.seed);
	if (wishes.originals != NULL)
		originals_write(wishes.originals, (uint64_t)wishes.seed);
	if (wishes.alterations != NULL)
		damage_write_alterations(wishes.alterations,
		    (unsigned)wishes.n_alterations, (uint64_t)wishes.seed);
	if (wishes.older != NULL)
		semantics_older_write(wishes.older, (uint64_t)wishes.seed);
	write_demo(&wishes);
	return 0;
}
