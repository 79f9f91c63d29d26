/*
 * log_index.c - the log into keys.mdb, and the evidence that it names.
 *
 * Digests are sorted with the number of their naming behind, so that the first
 * of equal ones is kept, and those by that number.
 */
#include "keysnap/store/log_index.h"

#include "keysnap/base/sorter.h"
#include "keysnap/store/lmdb_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define SORTER_MEMORY (64 << 20)

struct building {
	struct index_writer *writer;
	struct sorter *named; /* digest || number of the naming */
};

static bool
take_entry(void *user, const struct index_entry *entry, GError **error)
{
	struct building *building = user;

	return index_writer_add(building->writer, entry, error);
}

static bool
take_about(void *user, const struct index_about *about, GError **error)
{
	struct building *building = user;

	return index_writer_add_about(building->writer, about, error);
}

static bool
take_key(void *user, const struct index_key *key, GError **error)
{
	struct building *building = user;

	return index_writer_add_key(building->writer, key, error);
}

static bool
take_evidence(void *user, const uint8_t sha256[32], GError **error)
{
	struct building *building = user;
	uint8_t record[40];

	memcpy(record, sha256, 32);
	lmdb_file_put64(record + 32, sorter_count(building->named));
	return sorter_add(
	    building->named, (struct span){ record, sizeof(record) }, error);
}

/* Each digest once, behind the number of its first naming. */
static bool
order_evidence(struct log_index *log, struct sorter *named, GError **error)
{
	uint8_t last[32], record[40];
	bool first = true;
	struct span next;
	int got;

	while ((got = sorter_next(named, &next, error)) > 0) {
		if (!first && memcmp(last, next.p, 32) == 0)
			continue;
		first = false;
		memcpy(last, next.p, 32);
		memcpy(record, next.p + 32, 8);
		memcpy(record + 8, next.p, 32);
		if (!sorter_add(log->evidence,
			(struct span){ record, sizeof(record) }, error))
			return false;
	}
	return got == 0;
}

static bool
read_log(struct log_index *log, int fd, const char *path,
    struct building *building, const struct crypto *crypto, GError **error)
{
	const struct log_sink sink = { building, take_entry, take_about,
		take_key, take_evidence };

	if (!log_read(
		fd, path, crypto, &sink, log->arena, &log->facts, error)) {
		index_writer_free(building->writer);
		return false;
	}
	return index_writer_close(building->writer, log->facts.root, error) &&
	    order_evidence(log, building->named, error);
}

struct log_index *
log_index_read(int fd, const char *path, const char *index_path,
    const struct crypto *crypto, GError **error)
{
	struct building building;
	struct log_index *log;
	struct stat st;
	bool ok;

	if (fstat(fd, &st) != 0) {
		lmdb_file_fail(error, "cannot read", path, errno);
		return NULL;
	}
	building.writer =
	    index_writer_new(index_path, (uint64_t)MAX(st.st_size, 0), error);
	if (building.writer == NULL)
		return NULL;
	building.named = sorter_new(SORTER_MEMORY);
	log = g_new0(struct log_index, 1);
	log->arena = arena_new();
	log->evidence = sorter_new(SORTER_MEMORY);
	ok = read_log(log, fd, path, &building, crypto, error);
	sorter_free(building.named);
	if (ok)
		return log;
	log_index_free(log);
	return NULL;
}

void
log_index_free(struct log_index *log)
{
	if (log == NULL)
		return;
	sorter_free(log->evidence);
	arena_free(log->arena);
	g_free(log);
}

uint64_t
log_index_count_evidence(const struct log_index *log)
{
	return sorter_count(log->evidence);
}

int
log_index_next_evidence(
    struct log_index *log, uint8_t sha256_out[32], GError **error)
{
	struct span record;
	int got = sorter_next(log->evidence, &record, error);

	if (got > 0)
		memcpy(sha256_out, record.p + 8, 32);
	return got;
}
