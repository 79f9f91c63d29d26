/*
 * make_bench.c - make_bench: write a corpus for measuring, of any size, from
 * a seed.  Messages are written one by one; with --reuse only so many are
 * signed, and each comes again with another way to the mailbox on top.
 */
#include <stdio.h>

#include "tests/gen/bench_write.h"
#include "tests/gen/write.h"

struct wishes {
	gint64 seed, messages, megabytes, reuse;
	gint unsigned_percent;
	char *shape, *jsonl, *opendkim;
	struct bench_targets targets;
};

static void
write_and_free(const char *path, GString *text)
{
	if (path != NULL)
		write_file(path, text);
	g_string_free(text, TRUE);
}

static gboolean
is_done(const struct wishes *wishes, const struct bench_writer *writer,
    guint64 number)
{
	if (wishes->megabytes > 0)
		return bench_writer_octets(writer) / 1000000 >=
		    (guint64)wishes->megabytes;
	return number >= (guint64)wishes->messages;
}

/* The message to send as "number"; the first ones are kept for reuse. */
static struct bench_mail *
mail_for(const struct wishes *wishes, struct bench *bench, GPtrArray *kept,
    guint64 number)
{
	if (wishes->reuse <= 0)
		return bench_mail_new(bench, number);
	if (number < (guint64)wishes->reuse)
		g_ptr_array_add(kept, bench_mail_new(bench, number));
	return g_ptr_array_index(kept, number % (guint64)wishes->reuse);
}

static void
free_mail(gpointer mail)
{
	bench_mail_free(mail);
}

static void
write_corpus(const struct wishes *wishes, struct bench *bench)
{
	struct bench_writer *writer = bench_writer_new(&wishes->targets);
	GPtrArray *kept = g_ptr_array_new_with_free_func(free_mail);

	bench_writer_keys(writer, bench);
	for (guint64 i = 0; !is_done(wishes, writer, i); i++) {
		struct bench_mail *mail = mail_for(wishes, bench, kept, i);
		g_autoptr(GString) trace = bench_trace(bench, mail, i);
		bench_writer_add(writer, i, trace, mail);
		if (wishes->reuse <= 0)
			bench_mail_free(mail);
	}
	g_ptr_array_unref(kept);
	bench_writer_close(writer);
}

static gboolean
parse(struct wishes *wishes, int argc, char **argv)
{
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &wishes->seed,
		    "what everything is derived from (2017)", "N" },
		{ "shape", 0, 0, G_OPTION_ARG_STRING, &wishes->shape,
		    "small, big or tiny messages (small)", "NAME" },
		{ "messages", 0, 0, G_OPTION_ARG_INT64, &wishes->messages,
		    "how many (1000)", "N" },
		{ "megabytes", 0, 0, G_OPTION_ARG_INT64, &wishes->megabytes,
		    "or how much, in million octets", "N" },
		{ "reuse", 0, 0, G_OPTION_ARG_INT64, &wishes->reuse,
		    "sign only so many, repeat them (0: never)", "N" },
		{ "unsigned-percent", 0, 0, G_OPTION_ARG_INT,
		    &wishes->unsigned_percent, "messages not signed (5)", "N" },
		{ "mbox", 0, 0, G_OPTION_ARG_FILENAME, &wishes->targets.mbox,
		    "as an mbox", "FILE" },
		{ "maildir", 0, 0, G_OPTION_ARG_FILENAME,
		    &wishes->targets.maildir, "as a Maildir", "FOLDER" },
		{ "eml", 0, 0, G_OPTION_ARG_FILENAME, &wishes->targets.eml,
		    "as a tree of .eml files", "FOLDER" },
		{ "per-folder", 0, 0, G_OPTION_ARG_INT,
		    &wishes->targets.per_folder,
		    ".eml files in one folder (1000; 0: all)", "N" },
		{ "index", 0, 0, G_OPTION_ARG_FILENAME, &wishes->targets.index,
		    "where messages and signatures are", "FILE" },
		{ "keys-jsonl", 0, 0, G_OPTION_ARG_FILENAME, &wishes->jsonl,
		    "the keys with times", "FILE" },
		{ "keys-opendkim", 0, 0, G_OPTION_ARG_FILENAME,
		    &wishes->opendkim, "the keys, name and text", "FILE" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, &argc, &argv, &error))
		return TRUE;
	fprintf(stderr, "make_bench: %s\n", error->message);
	return FALSE;
}

int
main(int argc, char **argv)
{
	struct wishes wishes = {
		.seed = 2017,
		.messages = 1000,
		.unsigned_percent = 5,
		.targets = { .per_folder = 1000 },
	};

	if (!parse(&wishes, argc, argv))
		return 2;
	struct bench *bench =
	    bench_new(wishes.shape != NULL ? wishes.shape : "small",
		(guint64)wishes.seed, (guint)wishes.unsigned_percent);
	if (bench == NULL) {
		fprintf(stderr, "make_bench: no such shape\n");
		return 2;
	}
	write_corpus(&wishes, bench);
	write_and_free(wishes.jsonl, key_list_jsonl(bench->keys));
	write_and_free(wishes.opendkim, key_list_lines(bench->keys));
	bench_free(bench);
	return 0;
}
