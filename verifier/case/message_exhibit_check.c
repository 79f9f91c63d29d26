/*
 * message_exhibit_check.c - checking exhibits of messages.
 *
 * Nothing of the record is taken on trust: names, keys and the message go to
 * a judge like that of a run, and its line is compared.
 */
#include "verifier/case/message_exhibit_private.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"
#include "keysnap/key/dns_name.h"

#include <stdarg.h>
#include <string.h>

void
exhibit_tell(struct exhibit_checking *checking, enum exhibit_word word,
    const char *check, const char *format, ...)
{
	struct snapshot_finding finding = { .good = word == EXHIBIT_GOOD,
		.noted = word == EXHIBIT_NOTED,
		.check = check };
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	checking->report(checking->user, &finding);
	checking->bad |= word == EXHIBIT_BAD;
}

/* ---- its lines ----------------------------------------------------------- */

static bool
read_line(struct exhibit_checking *checking, struct span line,
    enum record_kind wanted, struct record_view *view)
{
	enum record_kind kind;
	const char *why = "it is of another kind";

	if (record_read(view, &kind, checking->arena, line, &why) &&
	    kind == wanted)
		return true;
	exhibit_tell(checking, EXHIBIT_BAD,
	    wanted == RECORD_HEADER ? "header" : "record", "%s", why);
	return false;
}

const char *
exhibit_string(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "(none)";
}

/* Octets of a TEXT: exact where it is not UTF-8. */
struct span
exhibit_octets(
    struct exhibit_checking *checking, const json_t *object, const char *name)
{
	g_autofree char *exact = g_strconcat(name, "_b64", NULL);
	struct span octets, text = record_get_string(object, exact);

	if (text.p != NULL &&
	    base64_decode_strict(checking->arena, text, &octets))
		return octets;
	return record_get_string(object, name);
}

/* ---- keys ---------------------------------------------------------------- */

static void
relay(void *user, const struct snapshot_finding *finding)
{
	struct exhibit_checking *checking = user;

	checking->report(checking->user, finding);
	checking->bad |= !finding->good && !finding->noted;
}

/* All are out of one snapshot, that of the header. */
static void
check_root(struct exhibit_checking *checking, const struct exhibit *keys)
{
	const struct exhibit *first = &checking->keys[0];
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ keys->checkpoint.root, 32 }, hex);
	if (!span_equal(first->checkpoint_octets, keys->checkpoint_octets))
		exhibit_tell(checking, EXHIBIT_BAD, "checkpoint",
		    "its keys are out of several snapshots");
	else if (strcmp(hex, exhibit_string(checking->header.json, "root")) !=
	    0)
		exhibit_tell(checking, EXHIBIT_BAD, "checkpoint",
		    "its keys are out of another snapshot than its record");
	else if ((uint64_t)json_integer_value(
		     json_object_get(checking->header.json, "entries")) !=
		keys->checkpoint.size ||
	    !span_equal(
		exhibit_octets(checking, checking->header.json, "origin"),
		keys->checkpoint.origin))
		exhibit_tell(checking, EXHIBIT_BAD, "header",
		    "its header has another log than the checkpoint");
}

static void
check_keys(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;

	checking->keys = arena_alloc_array(
	    checking->arena, exhibit->n_keys + 1, sizeof(*checking->keys));
	for (size_t i = 0; i < exhibit->n_keys; i++) {
		struct exhibit *keys = &checking->keys[i];
		const char *why;

		if (!exhibit_parse(keys, checking->arena, checking->crypto,
			exhibit->keys[i].text, &why)) {
			exhibit_tell(checking, EXHIBIT_BAD, "keys", "%s", why);
			return;
		}
		if (!span_equal(keys->name, exhibit->keys[i].name))
			exhibit_tell(checking, EXHIBIT_BAD, "keys",
			    "its keys are of another name than it says");
		exhibit_check(keys, checking->crypto, relay, checking);
		check_root(checking, keys);
	}
}

/* Who vouches for the snapshot, now. */
static void
check_trust(struct exhibit_checking *checking)
{
	const struct message_exhibit_trust *trust = checking->trust;
	const struct checkpoint *checkpoint = &checking->keys[0].checkpoint;
	const char *why;
	char hex[DIGEST_HEX_SIZE];

	if (trust->root != NULL) {
		digest_to_hex((struct span){ trust->root, 32 }, hex);
		if (strcmp(hex,
			exhibit_string(checking->header.json, "root")) != 0)
			exhibit_tell(checking, EXHIBIT_BAD, "root",
			    "it is not the root given");
		else if (checking->exhibit->n_keys == 0)
			exhibit_tell(checking, EXHIBIT_NOTED, "root",
			    "its header names the root given, which nothing "
			    "in it proves: it has no keys");
		else
			exhibit_tell(checking, EXHIBIT_GOOD, "root",
			    "it is the root given");
	}
	if (checking->exhibit->n_keys == 0) {
		if (trust->public_key != NULL)
			exhibit_tell(checking, EXHIBIT_NOTED, "signature",
			    "without keys there is no checkpoint that could "
			    "be signed");
		return;
	}
	if (!checkpoint_check_signatures(
		checkpoint, checking->crypto, trust->public_key, &why))
		exhibit_tell(checking, EXHIBIT_BAD, "signature", "%s", why);
	else if (trust->public_key != NULL)
		exhibit_tell(checking, EXHIBIT_GOOD, "signature",
		    "the checkpoint is signed by the public key given, %s",
		    trust->public_key->name);
	if (trust->root == NULL && trust->public_key == NULL)
		exhibit_tell(checking, EXHIBIT_NOTED, "signature",
		    "nobody vouches for the snapshot: give --public-key or "
		    "--root");
}

/* The seals of the snapshot that came with the keys. */
static void
check_seals(struct exhibit_checking *checking)
{
	const struct exhibit *keys = &checking->keys[0];
	const struct seal_question question = {
		.crypto = checking->crypto,
		.checkpoint = keys->checkpoint_octets,
		.text = keys->checkpoint.note.text,
		.set = keys->seals,
		.trust = &checking->trust->seals,
	};
	struct seal *seals;
	size_t n;

	seals_check(&question, checking->arena, &seals, &n);
	for (size_t i = 0; i < n; i++)
		exhibit_tell(checking,
		    seals[i].state == SEAL_HOLDS        ? EXHIBIT_GOOD
			: seals[i].state == SEAL_BROKEN ? EXHIBIT_BAD
							: EXHIBIT_NOTED,
		    "seal", "%s: %s", seals[i].file->name, seals[i].text);
	for (size_t i = 1; i < checking->exhibit->n_keys; i++) {
		const struct seal_set *set = &checking->keys[i].seals;
		bool same = set->n == keys->seals.n;

		for (size_t j = 0; same && j < set->n; j++)
			same = strcmp(set->files[j].name,
				   keys->seals.files[j].name) == 0 &&
			    span_equal(set->files[j].octets,
				keys->seals.files[j].octets);
		if (!same)
			exhibit_tell(checking, EXHIBIT_BAD, "seal",
			    "its keys come with other seals of one snapshot");
	}
}

static bool
is_among(const struct message_exhibit *exhibit, struct span name)
{
	for (size_t i = 0; i < exhibit->n_keys; i++) {
		if (span_equal(exhibit->keys[i].name, name))
			return true;
	}
	for (size_t i = 0; i < exhibit->n_absent; i++) {
		if (span_equal(exhibit->absent[i], name))
			return true;
	}
	return false;
}

/* The names of the record are those with keys and those without, no other. */
static void
check_names(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	size_t n;
	const struct span *names =
	    message_exhibit_names(checking->record.json, checking->arena, &n);
	bool good = n == exhibit->n_keys + exhibit->n_absent;

	for (size_t i = 0; i < n; i++)
		good &= is_among(exhibit, names[i]);
	if (good)
		exhibit_tell(checking, EXHIBIT_GOOD, "names",
		    "%zu names of keys in the record, %zu with keys", n,
		    exhibit->n_keys);
	else
		exhibit_tell(checking, EXHIBIT_BAD, "names",
		    "its keys are not those of the names in its record");
	if (exhibit->n_keys > 0)
		exhibit_tell(checking, EXHIBIT_NOTED, "complete",
		    "an exhibit shows what is in the log; that nothing else "
		    "on these names is, only the whole snapshot shows");
	for (size_t i = 0; i < exhibit->n_absent; i++) {
		g_autofree char *name = span_dup(exhibit->absent[i]);

		exhibit_tell(checking, EXHIBIT_NOTED, "absent",
		    "%s: nothing in the snapshot, which only the whole "
		    "snapshot shows",
		    name);
	}
}

/* ---- the rest ------------------------------------------------------------ */

static void
check_steps(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	size_t n;
	const struct span *steps = message_exhibit_steps(exhibit,
	    checking->record.json, checking->arena, checking->crypto, &n);
	bool good = n == exhibit->n_steps;

	for (size_t i = 0; good && i < n; i++)
		good = span_equal(steps[i], exhibit->steps[i]);
	if (good)
		exhibit_tell(checking, EXHIBIT_GOOD, "steps",
		    "%zu, as the record gives them", n);
	else
		exhibit_tell(checking, EXHIBIT_BAD, "steps",
		    "its steps are not those of its record");
}

/* Tables that the judge needs and the file does not hold. */
static void
check_tables(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	const struct alignment *alignment = checking->trust->alignment;
	const uint8_t *equivalences = alignment_equivalences_sha256(alignment);

	if (memcmp(alignment_sha256(alignment), exhibit->suffix_list,
		DIGEST_SHA256_SIZE) != 0)
		exhibit_tell(checking, EXHIBIT_NOTED, "tables",
		    "another public suffix list than that of the run; "
		    "--public-suffix-list names one");
	if (exhibit->has_equivalences &&
	    (equivalences == NULL ||
		memcmp(equivalences, exhibit->equivalences,
		    DIGEST_SHA256_SIZE) != 0))
		exhibit_tell(checking, EXHIBIT_NOTED, "tables",
		    "not the file of equivalences of the run; --equivalences "
		    "names it");
}

static void
check_all(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;

	check_keys(checking);
	if (checking->bad)
		return;
	check_trust(checking);
	if (exhibit->n_keys > 0)
		check_seals(checking);
	check_names(checking);
	check_tables(checking);
	exhibit_judge(checking);
	check_steps(checking);
}

bool
message_exhibit_check(const struct message_exhibit *exhibit,
    const struct crypto *crypto, const struct message_exhibit_trust *trust,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, enum verdict *verdict_out)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct exhibit_checking checking = {
		.exhibit = exhibit,
		.crypto = crypto,
		.trust = trust,
		.arena = arena,
		.report = report,
		.user = user,
		.verdict = VERDICT_UNREADABLE,
	};

	if (read_line(
		&checking, exhibit->header, RECORD_HEADER, &checking.header) &&
	    read_line(
		&checking, exhibit->record, RECORD_MESSAGE, &checking.record))
		check_all(&checking);
	record_view_clear(&checking.header);
	record_view_clear(&checking.record);
	*verdict_out = checking.verdict;
	return !checking.bad;
}
