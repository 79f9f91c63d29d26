/*
 * seal.c - the seals of a snapshot, each checked alone, and then against the
 * time stamps that renew them.
 */
#include "keysnap/store/seal.h"

#include "keysnap/base/rfc5234.h"

#include <stdarg.h>
#include <string.h>

#define KIND_MAX 10 /* letters of the end of a name */

static const struct {
	const char *name;
	enum seal_kind kind;
	void (*check)(const struct seal_question *question, struct arena *arena,
	    struct seal *seal);
} kinds[] = {
	{ "note", SEAL_NOTE, seal_note_check },
	{ "minisig", SEAL_MINISIGN, seal_minisign_check },
	{ "p7s", SEAL_CMS, seal_cms_check },
	{ "tsr", SEAL_TIMESTAMP, seal_timestamp_check },
};

/* What lies beside which kind. */
static const struct {
	const char *name;
	const char *of;
} companions[] = {
	{ "vkey", "note" },
	{ "pub", "minisig" },
	{ "pem", "p7s" },
	{ "pem", "tsr" },
	{ "crl", "p7s" },
	{ "crl", "tsr" },
	{ "list", "tsr" },
};

unsigned
seal_number(const char *name)
{
	unsigned number = 0;
	size_t n = strlen(name);

	if (n < 6 || n > 5 + KIND_MAX || name[4] != '.')
		return 0;
	for (size_t i = 0; i < 4; i++) {
		if (!rfc5234_is((uint8_t)name[i], RFC5234_DIGIT))
			return 0;
		number = number * 10 + (unsigned)(name[i] - '0');
	}
	for (size_t i = 5; i < n; i++) {
		if (!(name[i] >= 'a' && name[i] <= 'z') &&
		    !rfc5234_is((uint8_t)name[i], RFC5234_DIGIT))
			return 0;
	}
	return number;
}

const struct seal_file *
seal_find(const struct seal_set *set, unsigned number, const char *kind)
{
	for (size_t i = 0; i < set->n; i++) {
		if (seal_number(set->files[i].name) == number &&
		    strcmp(set->files[i].name + 5, kind) == 0)
			return &set->files[i];
	}
	return NULL;
}

void
seal_say(struct seal *seal, struct arena *arena, enum seal_state state,
    const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	seal->state = state;
	seal->text = (const char *)arena_copy(arena, span_from_string(text)).p;
}

/* Does the file lie beside a seal? */
static bool
is_companion(const struct seal_set *set, const struct seal_file *file)
{
	unsigned number = seal_number(file->name);

	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		if (strcmp(file->name + 5, companions[i].name) == 0 &&
		    seal_find(set, number, companions[i].of) != NULL)
			return true;
	}
	return false;
}

void
seal_check(const struct seal_question *question, struct arena *arena,
    const struct seal_file *file, struct seal *seal_out)
{
	memset(seal_out, 0, sizeof(*seal_out));
	seal_out->file = file;
	seal_out->number = seal_number(file->name);
	seal_out->time = TIMESTAMP_NONE;
	seal_out->expires = TIMESTAMP_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds) && seal_out->number > 0;
	     i++) {
		if (strcmp(file->name + 5, kinds[i].name) != 0)
			continue;
		seal_out->kind = kinds[i].kind;
		kinds[i].check(question, arena, seal_out);
		return;
	}
	seal_say(seal_out, arena, SEAL_UNKNOWN,
	    "of no kind that this version knows: not checked");
}

/* The last second in which the seal could not have been forged yet. */
static bool
is_live(const struct seal *seal, int64_t at)
{
	return seal->expires == TIMESTAMP_NONE || at <= seal->expires;
}

/* The earliest time stamp that counts and covers "seal", while it was live. */
static const struct seal *
find_renewal(const struct seal *seals, size_t n, const struct seal *seal)
{
	const struct seal *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct seal *other = &seals[i];

		if (other->kind == SEAL_TIMESTAMP &&
		    other->state == SEAL_HOLDS &&
		    other->renews >= seal->number &&
		    is_live(seal, other->time) &&
		    (best == NULL || other->time < best->time))
			best = other;
	}
	return best;
}

static void
say_renewal(struct seal *seal, struct arena *arena, const struct seal *renewal,
    int64_t now)
{
	char end[TIMESTAMP_SIZE];

	timestamp_format(seal->expires, end);
	if (renewal != NULL) {
		seal->renewed_by = renewal->number;
		seal_say(seal, arena, SEAL_HOLDS,
		    "%s; its certificate was good until %s, renewed before by "
		    "seal %u",
		    seal->text, end, renewal->number);
	} else if (!is_live(seal, now)) {
		seal_say(seal, arena, SEAL_EXPIRED,
		    "%s; its certificate was good until %s only, and no time "
		    "stamp that counts renewed it before: it counts no more",
		    seal->text, end);
	}
}

/* From the last to the first, as only later ones renew.  A seal that renews
 * has a higher number than all it covers. */
static void
apply_renewals(const struct seal_question *question, struct arena *arena,
    struct seal *seals, size_t n)
{
	for (size_t i = n; i-- > 0;) {
		struct seal *seal = &seals[i];

		if (seal->state == SEAL_HOLDS &&
		    seal->expires != TIMESTAMP_NONE)
			say_renewal(seal, arena,
			    find_renewal(seals + i + 1, n - i - 1, seal),
			    question->trust->now);
	}
}

void
seals_check(const struct seal_question *question, struct arena *arena,
    struct seal **seals_out, size_t *n_out)
{
	const struct seal_set *set = &question->set;
	struct seal *seals =
	    arena_alloc_array(arena, set->n + 1, sizeof(*seals));
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (!is_companion(set, &set->files[i]))
			seal_check(
			    question, arena, &set->files[i], &seals[n++]);
	}
	apply_renewals(question, arena, seals, n);
	*seals_out = seals;
	*n_out = n;
}
