/*
 * message_exhibit_check.c - checking exhibits of messages.
 *
 * Nothing of the record is taken on trust: names, keys and the message go to
 * a judge like that of a run, and its line is compared.
 */
#include "verifier/case/message_exhibit.h"

#include "verifier/report/record_difference.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"
#include "keysnap/key/dns_name.h"

#include <stdarg.h>
#include <string.h>

#define VALUE_SHOWN 80

struct checking {
	const struct message_exhibit *exhibit;
	const struct crypto *crypto;
	const struct message_exhibit_trust *trust;
	struct arena *arena;
	struct record_view header, record;
	struct exhibit *keys; /* parsed */
	void (*report)(void *user, const struct snapshot_finding *finding);
	void *user;
	bool bad;
};

enum word { BAD, GOOD, NOTED };

static void G_GNUC_PRINTF(4, 5) tell(struct checking *checking, enum word word,
    const char *check, const char *format, ...)
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
	checking->bad |= word == BAD;
}

/* ---- its lines ----------------------------------------------------------- */

static bool
read_line(struct checking *checking, struct span line, enum record_kind wanted,
    struct record_view *view)
{
	enum record_kind kind;
	const char *why = "it is of another kind";

	if (record_read(view, &kind, checking->arena, line, &why) &&
	    kind == wanted)
		return true;
	tell(checking, BAD, wanted == RECORD_HEADER ? "header" : "record", "%s",
	    why);
	return false;
}

static const char *
string_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "(none)";
}

/* Octets of a TEXT: exact where it is not UTF-8. */
static struct span
octets_of(struct checking *checking, const json_t *object, const char *name)
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
	struct checking *checking = user;

	checking->report(checking->user, finding);
	checking->bad |= !finding->good && !finding->noted;
}

/* All are out of one snapshot, that of the header. */
static void
check_root(struct checking *checking, const struct exhibit *keys)
{
	const struct exhibit *first = &checking->keys[0];
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ keys->checkpoint.root, 32 }, hex);
	if (!span_equal(first->checkpoint_octets, keys->checkpoint_octets))
		tell(checking, BAD, "checkpoint",
		    "its keys are out of several snapshots");
	else if (strcmp(hex, string_of(checking->header.json, "root")) != 0)
		tell(checking, BAD, "checkpoint",
		    "its keys are out of another snapshot than its record");
	else if ((uint64_t)json_integer_value(
		     json_object_get(checking->header.json, "entries")) !=
		keys->checkpoint.size ||
	    !span_equal(octets_of(checking, checking->header.json, "origin"),
		keys->checkpoint.origin))
		tell(checking, BAD, "header",
		    "its header has another log than the checkpoint");
}

static void
check_keys(struct checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;

	checking->keys = arena_alloc_array(
	    checking->arena, exhibit->n_keys + 1, sizeof(*checking->keys));
	for (size_t i = 0; i < exhibit->n_keys; i++) {
		struct exhibit *keys = &checking->keys[i];
		const char *why;

		if (!exhibit_parse(keys, checking->arena, checking->crypto,
			exhibit->keys[i].text, &why)) {
			tell(checking, BAD, "keys", "%s", why);
			return;
		}
		if (!span_equal(keys->name, exhibit->keys[i].name))
			tell(checking, BAD, "keys",
			    "its keys are of another name than it says");
		exhibit_check(keys, checking->crypto, relay, checking);
		check_root(checking, keys);
	}
}

/* Who vouches for the snapshot, now. */
static void
check_trust(struct checking *checking)
{
	const struct message_exhibit_trust *trust = checking->trust;
	const struct checkpoint *checkpoint = &checking->keys[0].checkpoint;
	const char *why;
	char hex[DIGEST_HEX_SIZE];

	if (trust->root != NULL) {
		digest_to_hex((struct span){ trust->root, 32 }, hex);
		if (strcmp(hex, string_of(checking->header.json, "root")) == 0)
			tell(checking, GOOD, "root", "it is the root given");
		else
			tell(checking, BAD, "root", "it is not the root given");
	}
	if (checking->exhibit->n_keys == 0) {
		if (trust->public_key != NULL)
			tell(checking, NOTED, "signature",
			    "without keys there is no checkpoint that could "
			    "be signed");
		return;
	}
	if (!checkpoint_check_signatures(
		checkpoint, checking->crypto, trust->public_key, &why))
		tell(checking, BAD, "signature", "%s", why);
	else if (trust->public_key != NULL)
		tell(checking, GOOD, "signature",
		    "the checkpoint is signed by the public key given, %s",
		    trust->public_key->name);
	if (trust->root == NULL && trust->public_key == NULL)
		tell(checking, NOTED, "signature",
		    "nobody vouches for the snapshot: give --public-key or "
		    "--root");
}

/* The seals of the snapshot that came with the keys. */
static void
check_seals(struct checking *checking)
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
		tell(checking,
		    seals[i].state == SEAL_HOLDS        ? GOOD
			: seals[i].state == SEAL_BROKEN ? BAD
							: NOTED,
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
			tell(checking, BAD, "seal",
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
check_names(struct checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	size_t n;
	const struct span *names =
	    message_exhibit_names(checking->record.json, checking->arena, &n);
	bool good = n == exhibit->n_keys + exhibit->n_absent;

	for (size_t i = 0; i < n; i++)
		good &= is_among(exhibit, names[i]);
	if (good)
		tell(checking, GOOD, "names",
		    "%zu names of keys in the record, %zu with keys", n,
		    exhibit->n_keys);
	else
		tell(checking, BAD, "names",
		    "its keys are not those of the names in its record");
	for (size_t i = 0; i < exhibit->n_absent; i++) {
		g_autofree char *name = span_dup(exhibit->absent[i]);

		tell(checking, NOTED, "absent",
		    "%s: nothing in the snapshot, which only the whole "
		    "snapshot shows",
		    name);
	}
}

/* ---- the message --------------------------------------------------------- */

static void
fill_chain(struct checking *checking, const json_t *source, struct item *item)
{
	const json_t *chain = json_object_get(source, "chain");

	item->n_chain = MIN(json_array_size(chain), ARCHIVE_CHAIN_MAX);
	for (size_t i = 0; i < item->n_chain; i++) {
		const json_t *link = json_array_get(chain, i);

		item->chain[i].format = string_of(link, "format");
		item->chain[i].name = octets_of(checking, link, "member");
		item->chain[i].number = (uint64_t)json_integer_value(
		    json_object_get(link, "number"));
	}
}

/* The message as an archive gave it: where it lay is what the record says. */
static struct item
make_item(struct checking *checking)
{
	const json_t *source = json_object_get(checking->record.json, "source");
	struct span format = record_get_string(source, "format");
	struct item item = {
		.status = ITEM_OK,
		.container = CONTAINER_FILE,
		.path = octets_of(checking, source, "path"),
		.offset = (uint64_t)json_integer_value(
		    json_object_get(source, "offset")),
		.length = checking->exhibit->octets.n,
		.raw = checking->exhibit->octets,
		.envelope = checking->exhibit->envelope,
		.whole_file = json_object_get(source, "sha256") != NULL,
	};

	fill_chain(checking, source, &item);
	if (json_object_get(source, "dialect") != NULL) {
		item.container = CONTAINER_MBOX;
		item.split = SPLIT_FROM_LINE;
	} else if (span_equal(format, SPAN("emlx"))) {
		item.container = CONTAINER_EMLX;
	} else if (span_equal(format, SPAN("partial-emlx"))) {
		item.container = CONTAINER_EMLX_PARTIAL;
	}
	if (json_object_get(source, "split") != NULL)
		item.split = SPLIT_HEURISTIC;
	return item;
}

static struct snapshot *
make_snapshot(struct checking *checking)
{
	const char *vouched = string_of(checking->header.json, "vouched");
	g_autoptr(GArray) lines =
	    g_array_new(FALSE, FALSE, sizeof(struct excerpt_line));
	struct excerpt *excerpt;
	const char *why;

	for (size_t i = 0; i < checking->exhibit->n_keys; i++) {
		const struct exhibit *keys = &checking->keys[i];

		for (size_t j = 0; j < keys->n_entries; j++) {
			struct excerpt_line line = { keys->entries[j].number,
				keys->entries[j].leaf };

			g_array_append_val(lines, line);
		}
	}
	excerpt = excerpt_new(
	    (struct excerpt_line *)(void *)lines->data, lines->len, &why);
	if (excerpt == NULL) {
		tell(checking, BAD, "keys", "%s", why);
		return NULL;
	}
	/* As the run took it; whether it is vouched for is said apart. */
	return snapshot_of_excerpt(excerpt, &checking->keys[0].checkpoint,
	    strcmp(vouched, "nobody") == 0 ? SNAPSHOT_BY_NOBODY
					   : SNAPSHOT_BY_ROOT,
	    checking->crypto);
}

/* Where the judge comes to something else. */
static void
tell_difference(struct checking *checking, struct span line)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const json_t *then, *now;
	const char *why;
	json_t *json = json_parse_line(checking->arena, line, false, &why);

	if (record_difference(
		checking->record.json, json, NULL, text, &then, &now)) {
		g_string_append(text, ": the record has ");
		record_value_append(text, then, VALUE_SHOWN);
		g_string_append(text, ", the message gives ");
		record_value_append(text, now, VALUE_SHOWN);
	}
	tell(checking, BAD, "record", "%s", text->str);
	json_decref(json);
}

static void
judge_again(struct checking *checking, struct snapshot *snapshot)
{
	const struct judge_context context = {
		.crypto = checking->crypto,
		.snapshot = snapshot,
		.alignment = checking->trust->alignment,
		.policy = checking->exhibit->policy,
	};
	struct judge *judge = judge_new(&context);
	struct item item = make_item(checking);
	struct judgement judgement;
	GError *error = NULL;
	struct span line;

	if (!judge_item(
		judge, &item, checking->record.seq, &judgement, &error)) {
		tell(checking, BAD, "keys", "%s", error->message);
		g_error_free(error);
	} else {
		line = span_sub(judgement.line, 0, judgement.line.n - 1);
		if (span_equal(line, checking->exhibit->record))
			tell(checking, GOOD, "record",
			    "the message and the keys give it, octet for "
			    "octet");
		else
			tell_difference(checking, line);
	}
	judge_free(judge);
}

static void
check_steps(struct checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	size_t n;
	const struct span *steps = message_exhibit_steps(exhibit,
	    checking->record.json, checking->arena, checking->crypto, &n);
	bool good = n == exhibit->n_steps;

	for (size_t i = 0; good && i < n; i++)
		good = span_equal(steps[i], exhibit->steps[i]);
	if (good)
		tell(checking, GOOD, "steps", "%zu, as the record gives them",
		    n);
	else
		tell(checking, BAD, "steps",
		    "its steps are not those of its record");
}

/* Tables that the judge needs and the file does not hold. */
static void
check_tables(struct checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	const struct alignment *alignment = checking->trust->alignment;
	const uint8_t *equivalences = alignment_equivalences_sha256(alignment);

	if (memcmp(alignment_sha256(alignment), exhibit->suffix_list,
		DIGEST_SHA256_SIZE) != 0)
		tell(checking, NOTED, "tables",
		    "another public suffix list than that of the run; "
		    "--public-suffix-list names one");
	if (exhibit->has_equivalences &&
	    (equivalences == NULL ||
		memcmp(equivalences, exhibit->equivalences,
		    DIGEST_SHA256_SIZE) != 0))
		tell(checking, NOTED, "tables",
		    "not the file of equivalences of the run; --equivalences "
		    "names it");
}

static void
check_all(struct checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	struct snapshot *snapshot = NULL;

	check_keys(checking);
	if (checking->bad)
		return;
	check_trust(checking);
	if (exhibit->n_keys > 0)
		check_seals(checking);
	check_names(checking);
	check_tables(checking);
	if (exhibit->n_keys > 0)
		snapshot = make_snapshot(checking);
	if (snapshot != NULL || exhibit->n_keys == 0)
		judge_again(checking, snapshot);
	snapshot_close(snapshot);
	check_steps(checking);
}

bool
message_exhibit_check(const struct message_exhibit *exhibit,
    const struct crypto *crypto, const struct message_exhibit_trust *trust,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct checking checking = {
		.exhibit = exhibit,
		.crypto = crypto,
		.trust = trust,
		.arena = arena,
		.report = report,
		.user = user,
	};

	if (read_line(
		&checking, exhibit->header, RECORD_HEADER, &checking.header) &&
	    read_line(
		&checking, exhibit->record, RECORD_MESSAGE, &checking.record))
		check_all(&checking);
	record_view_clear(&checking.header);
	record_view_clear(&checking.record);
	return !checking.bad;
}
