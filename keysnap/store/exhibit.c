/*
 * exhibit.c - writing and checking exhibits.
 */
#include "keysnap/store/exhibit.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/json.h"
#include "keysnap/base/span_key.h"

#include <stdarg.h>
#include <string.h>

static void
write_base64(struct json_writer *writer, const char *name, struct span octets)
{
	g_autoptr(GString) text = g_string_new(NULL);

	base64_append(text, octets);
	json_write_string(writer, name, text->str);
}

/* Text that was read as one canonical line, or as a note: UTF-8 without
 * NUL. */
static void
write_text(struct json_writer *writer, const char *name, struct span text)
{
	g_autofree char *copy = span_dup(text);

	json_write_string(writer, name, copy);
}

static void
open_line(struct json_writer *writer, GString *out)
{
	json_writer_init(writer, out);
	json_open_object(writer, NULL);
}

static void
close_line(struct json_writer *writer, const char *type)
{
	json_write_string(writer, "type", type);
	json_close_object(writer);
	g_string_append_c(writer->out, '\n');
}

static void
write_head(GString *out, const struct exhibit *exhibit)
{
	struct json_writer writer;

	open_line(&writer, out);
	json_write_string(&writer, "format", "keysnap-exhibit 1");
	json_open_array(&writer, "left_out");
	for (size_t i = 0; i < exhibit->n_left_out; i++)
		json_write_hex(
		    &writer, NULL, (struct span){ exhibit->left_out[i], 32 });
	json_close_array(&writer);
	write_text(&writer, "name", exhibit->name);
	close_line(&writer, "exhibit");
	open_line(&writer, out);
	write_text(&writer, "text", exhibit->checkpoint_octets);
	close_line(&writer, "checkpoint");
}

static void
write_entry(GString *out, const struct exhibit_entry *entry)
{
	struct json_writer writer;

	open_line(&writer, out);
	write_text(&writer, "leaf", entry->leaf);
	json_write_integer(&writer, "number", (int64_t)entry->number);
	json_open_array(&writer, "proof");
	for (size_t i = 0; i < entry->proof.n; i++)
		write_base64(
		    &writer, NULL, (struct span){ entry->proof.hashes[i], 32 });
	json_close_array(&writer);
	close_line(&writer, "entry");
}

void
exhibit_write(GString *out, const struct exhibit *exhibit)
{
	struct json_writer writer;

	write_head(out, exhibit);
	for (size_t i = 0; i < exhibit->n_entries; i++)
		write_entry(out, &exhibit->entries[i]);
	for (size_t i = 0; i < exhibit->seals.n; i++) {
		const struct seal_file *file = &exhibit->seals.files[i];

		open_line(&writer, out);
		json_write_string(&writer, "file", file->name);
		write_base64(&writer, "octets", file->octets);
		close_line(&writer, "seal");
	}
	for (size_t i = 0; i < exhibit->n_pieces; i++) {
		const struct exhibit_piece *piece = &exhibit->pieces[i];

		open_line(&writer, out);
		write_base64(&writer, "octets", piece->octets);
		json_write_hex(
		    &writer, "sha256", (struct span){ piece->sha256, 32 });
		close_line(&writer, "evidence");
	}
}

struct checking {
	const struct exhibit *exhibit;
	const struct crypto *crypto;
	struct arena *arena;
	struct entry *entries; /* parsed */
	void (*report)(void *user, const struct snapshot_finding *finding);
	void *user;
};

enum word { BAD, GOOD, NOTED };

static void G_GNUC_PRINTF(4, 5) tell(const struct checking *checking,
    enum word word, const char *check, const char *format, ...)
{
	struct snapshot_finding finding = {
		.good = word == GOOD, .noted = word == NOTED, .check = check
	};
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	checking->report(checking->user, &finding);
}

static bool
check_proof(const struct checking *checking, const struct exhibit_entry *entry)
{
	const struct checkpoint *checkpoint = &checking->exhibit->checkpoint;
	struct digest digest;
	uint8_t hash[32];

	/* The leaf hash is over 0x00 and the line (RFC 6962 2.1). */
	digest_init(&digest, checking->crypto, DIGEST_SHA256);
	digest_add(&digest, SPAN("\0"));
	digest_add(&digest, entry->leaf);
	digest_finish(&digest, hash);
	digest_clear(&digest);
	return proof_check_inclusion(checking->crypto, &entry->proof, hash,
	    entry->number, checkpoint->size, checkpoint->root);
}

/* Parse and prove every entry; false when one is not in the log. */
static bool
check_entries(struct checking *checking)
{
	const struct exhibit *exhibit = checking->exhibit;
	bool ok = true;

	for (size_t i = 0; i < exhibit->n_entries; i++) {
		const struct exhibit_entry *entry = &exhibit->entries[i];
		const char *why = "it is not in the log of the checkpoint";
		bool good = check_proof(checking, entry) &&
		    entry_parse(&checking->entries[i], checking->arena,
			entry->leaf, entry->number, &why);

		ok = ok && good;
		tell(checking, good ? GOOD : BAD, "entry",
		    "entry %" G_GUINT64_FORMAT ": %s%s", entry->number,
		    good ? entry_type_name(checking->entries[i].type) : why,
		    good ? ", is in the log of the checkpoint" : "");
	}
	return ok;
}

static bool
has_entry(const struct exhibit *exhibit, uint64_t number)
{
	size_t low = 0, high = exhibit->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (exhibit->entries[middle].number == number)
			return true;
		if (exhibit->entries[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void
check_sources(const struct checking *checking)
{
	const struct exhibit *exhibit = checking->exhibit;
	bool ok = true;

	for (size_t i = 0; i < exhibit->n_entries; i++) {
		struct entry_references references;

		entry_references(&checking->entries[i], &references);
		for (size_t j = 0; j < references.source.n; j++) {
			uint64_t number = references.source.items[j];

			if (has_entry(exhibit, number))
				continue;
			ok = false;
			tell(checking, BAD, "sources",
			    "entry %" G_GUINT64_FORMAT
			    " builds on entry %" G_GUINT64_FORMAT
			    ", which is not there",
			    exhibit->entries[i].number, number);
		}
	}
	if (ok)
		tell(checking, GOOD, "sources",
		    "every entry has its source with it");
}

/* It begins with the log's own first entry, and no observation is of another
 * name. */
static void
check_name(const struct checking *checking)
{
	const struct exhibit *exhibit = checking->exhibit;
	size_t n = 0, others = 0;
	bool fits = span_equal(
	    checking->entries[0].store.origin, exhibit->checkpoint.origin);

	for (size_t i = 0; i < exhibit->n_entries; i++) {
		const struct entry *entry = &checking->entries[i];

		if (span_equal(entry->name, exhibit->name))
			n++;
		else if (entry->type == ENTRY_OBSERVATION)
			others++;
	}
	tell(checking, fits ? GOOD : BAD, "origin",
	    fits ? "the log states the origin of the checkpoint"
		 : "the log states another origin than the checkpoint");
	if (n == 0)
		tell(checking, BAD, "name",
		    "no entry is under the name of the exhibit");
	else if (others > 0)
		tell(checking, BAD, "name",
		    "%zu observations are of other names", others);
	else
		tell(checking, GOOD, "name",
		    "%zu entries are under its name; whether there are others "
		    "only the whole snapshot shows",
		    n);
}

/* The digests that the entries name, in order, each once. */
static GPtrArray *
collect_named(const struct checking *checking)
{
	GPtrArray *named = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new_full(
	    bytes_key_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

	for (size_t i = 0; i < checking->exhibit->n_entries; i++) {
		const uint8_t(*digests)[32];
		size_t n = entry_evidence(checking->arena,
		    checking->exhibit->entries[i].leaf, &digests);

		for (size_t j = 0; j < n; j++) {
			if (g_hash_table_add(seen, g_bytes_new(digests[j], 32)))
				g_ptr_array_add(
				    named, (void *)(uintptr_t)digests[j]);
		}
	}
	return named;
}

/* The pieces and what is left out, together, are what is named, in that
 * order. */
static bool
is_all_that_is_named(const struct exhibit *exhibit, const GPtrArray *named)
{
	size_t at = 0, out = 0;

	if (exhibit->n_pieces + exhibit->n_left_out != named->len)
		return false;
	for (guint i = 0; i < named->len; i++) {
		if (at < exhibit->n_pieces &&
		    memcmp(exhibit->pieces[at].sha256, named->pdata[i], 32) ==
			0)
			at++;
		else if (out < exhibit->n_left_out &&
		    memcmp(exhibit->left_out[out], named->pdata[i], 32) == 0)
			out++;
		else
			return false;
	}
	return true;
}

static void
check_evidence(const struct checking *checking)
{
	const struct exhibit *exhibit = checking->exhibit;
	g_autoptr(GPtrArray) named = collect_named(checking);
	size_t bad = 0;

	for (size_t i = 0; i < exhibit->n_pieces; i++) {
		uint8_t sha256[32];

		digest_sha256(
		    checking->crypto, exhibit->pieces[i].octets, sha256);
		bad += memcmp(sha256, exhibit->pieces[i].sha256, 32) != 0;
	}
	if (bad > 0)
		tell(checking, BAD, "evidence",
		    "%zu pieces have not their SHA-256", bad);
	else if (!is_all_that_is_named(exhibit, named))
		tell(checking, BAD, "evidence",
		    "it is not the evidence that the entries name");
	else
		tell(checking, GOOD, "evidence",
		    "%zu pieces, as the entries name them", exhibit->n_pieces);
	if (exhibit->n_left_out > 0)
		tell(checking, NOTED, "evidence",
		    "%zu pieces that the entries name were left out",
		    exhibit->n_left_out);
}

void
exhibit_check(const struct exhibit *exhibit, const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct checking checking = {
		.exhibit = exhibit,
		.crypto = crypto,
		.arena = arena,
		.entries = arena_alloc_array(
		    arena, exhibit->n_entries, sizeof(*checking.entries)),
		.report = report,
		.user = user,
	};

	if (!check_entries(&checking))
		return;
	check_name(&checking);
	check_sources(&checking);
	check_evidence(&checking);
}
