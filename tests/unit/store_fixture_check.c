/* store_fixture_check.c - what a test expects of a snapshot. */
#include "store_fixture.h"

#include "keysnap/store/index.h"
#include "keysnap/store/log_table.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const store_fixture_files[5] = { "MANIFEST", "checkpoint",
	"keys.mdb", "log.jsonl", "evidence/pack-000000" };

/* What snapshot_verify() found. */
struct findings {
	GString *bad; /* "check file; ..." */
	unsigned good;
};

static void
take(void *user, const struct snapshot_finding *finding)
{
	struct findings *findings = user;

	g_assert_nonnull(finding->text);
	if (finding->good || finding->noted) {
		findings->good++;
		return;
	}
	g_string_append_printf(findings->bad, "%s %s; ", finding->check,
	    finding->file != NULL ? finding->file : "-");
}

/* The bad findings as a text to be freed. */
char *
store_fixture_verify(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust)
{
	struct findings findings = { g_string_new(NULL), 0 };
	GError *error = NULL;
	bool ok =
	    snapshot_verify(folder, trust, f->crypto, take, &findings, &error);

	g_assert_no_error(error);
	g_clear_error(&error);
	g_assert_true(ok == (findings.bad->len == 0));
	if (ok)
		g_assert_cmpuint(findings.good, >=, 8);
	return g_string_free(findings.bad, FALSE);
}

void
store_fixture_opens(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust, enum snapshot_vouched vouched)
{
	GError *error = NULL;
	struct snapshot *snapshot =
	    snapshot_open(folder, trust, f->crypto, &error);
	struct entry *entries, entry;
	uint64_t *numbers;
	size_t n;

	g_assert_no_error(error);
	g_assert_nonnull(snapshot);
	g_assert_cmpint(snapshot_vouched(snapshot), ==, vouched);
	g_assert_cmpuint(snapshot_checkpoint(snapshot)->size, ==, 13);
	g_assert_true(
	    memcmp(snapshot_checkpoint(snapshot)->root, f->root, 32) == 0);
	g_assert_cmpuint(snapshot_names(snapshot), ==, 4);
	g_assert_true(snapshot_lookup(snapshot, f->arena,
	    SPAN("s0._domainkey.a.example"), &entries, &numbers, &n, NULL));
	g_assert_cmpuint(n, ==, 4);
	g_assert_cmpuint(numbers[0], ==, 2);
	g_assert_cmpuint(numbers[3], ==, 12);
	g_assert_cmpuint(entries[3].observation.source, ==, 7);
	g_assert_true(span_equal(
	    entries[3].observation.strings[0], SPAN("v=DKIM1; p=24")));
	g_assert_true(snapshot_lookup(snapshot, f->arena, SPAN("a.example"),
	    &entries, &numbers, &n, NULL));
	g_assert_cmpuint(n, ==, 0);
	g_assert_true(snapshot_get(snapshot, f->arena, 7, &entry, NULL));
	g_assert_cmpint(entry.type, ==, ENTRY_SOURCE);
	g_assert_false(snapshot_get(snapshot, f->arena, 13, &entry, NULL));
	snapshot_close(snapshot);
}

void
store_fixture_refuses(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust, const char *part)
{
	GError *error = NULL;
	struct snapshot *snapshot =
	    snapshot_open(folder, trust, f->crypto, &error);

	g_assert_null(snapshot);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	if (error != NULL && part != NULL &&
	    strstr(error->message, part) == NULL)
		g_assert_cmpstr(error->message, ==, part);
	g_clear_error(&error);
	snapshot_close(snapshot);
}

/* Flip one bit of octet "at" of a file in "folder"; again undoes it. */
void
store_fixture_flip(const char *folder, const char *file, gint64 at, int bit)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t octet;

	g_assert_cmpint(pread(fd, &octet, 1, at), ==, 1);
	octet ^= (uint8_t)(1 << bit);
	g_assert_cmpint(pwrite(fd, &octet, 1, at), ==, 1);
	close(fd);
}

gint64
store_fixture_size(const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_size;
}

/* Exchange keys.mdb for another index, and set MANIFEST right; with
 * "unsealed" the checkpoint too, unsigned. */
void
store_fixture_exchange(
    struct store_fixture *f, const char *folder, bool unsealed)
{
	g_autofree char *mdb = g_build_filename(folder, "keys.mdb", NULL);
	g_autofree char *log = g_build_filename(folder, "log.jsonl", NULL);
	g_autofree char *manifest = g_build_filename(folder, "MANIFEST", NULL);
	g_autofree char *note = g_build_filename(folder, "checkpoint", NULL);
	g_autofree char *text = NULL, *octets = NULL;
	GString *out = g_string_new(NULL);
	uint8_t sha256[32];
	char hex[65];
	gsize n;

	int fd = open(log, O_RDONLY | O_CLOEXEC);
	struct log_table *table = log_table_read(fd, log, f->crypto, NULL);
	close(fd);
	table->index.entries[2].reversed_name =
	    table->index.entries[3].reversed_name;
	g_free(table->index.by_name);
	index_table_sort(&table->index);
	g_unlink(mdb);
	g_assert_true(index_build(mdb, &table->index, NULL));
	log_table_free(table);
	g_assert_true(g_file_get_contents(mdb, &octets, &n, NULL));
	digest_sha256(f->crypto, (struct span){ (uint8_t *)octets, n }, sha256);
	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_assert_true(g_file_get_contents(manifest, &text, &n, NULL));
	memcpy(strstr(text, "  keys.mdb") - 64, hex, 64);
	g_assert_true(g_file_set_contents(manifest, text, (gssize)n, NULL));
	digest_sha256(f->crypto, (struct span){ (uint8_t *)text, n }, sha256);
	struct checkpoint checkpoint = { .origin = SPAN("o.example"),
		.size = 13 };
	memcpy(checkpoint.root, f->root, 32);
	memcpy(checkpoint.manifest_sha256, sha256, 32);
	checkpoint_append(out, &checkpoint);
	if (unsealed)
		g_assert_true(g_file_set_contents(note, out->str, -1, NULL));
	g_string_free(out, TRUE);
}
