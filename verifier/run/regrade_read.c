/* regrade_read.c - see regrade_read.h. */
#include "verifier/run/regrade_read.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/timestamp.h"
#include "keysnap/key/dns_name.h"

struct span
regrade_text(struct arena *arena, const json_t *object, const char *name)
{
	g_autofree char *exact = g_strconcat(name, "_b64", NULL);
	struct span octets;

	if (json_object_get(object, exact) != NULL &&
	    base64_decode_strict(
		arena, record_get_string(object, exact), &octets))
		return octets;
	octets = record_get_string(object, name);
	return octets.p == NULL ? octets : arena_copy(arena, octets);
}

int64_t
regrade_time(const json_t *object, const char *name)
{
	int64_t at;

	return timestamp_parse(record_get_string(object, name), &at)
	    ? at
	    : TIMESTAMP_NONE;
}

/* As judge.c does it. */
static bool
take_want(struct arena *arena, const json_t *signature, struct want *want)
{
	const json_t *interval = json_object_get(signature, "interval");
	enum verdict verdict;

	if (!verdict_from_code(
		record_get_string(signature, "verdict"), &verdict) ||
	    (verdict != VERDICT_KEY_MISSING &&
		verdict != VERDICT_KEY_MISMATCH) ||
	    !dns_name_split_key(regrade_text(arena, signature, "key_name"),
		&want->selector, &want->domain))
		return false;
	want->first = regrade_time(interval, "from");
	want->last = regrade_time(interval, "to");
	return true;
}

static void
add_wants(struct arena *arena, const json_t *signatures,
    struct judgement *judgement, struct want *wants)
{
	for (size_t i = 0; i < json_array_size(signatures); i++)
		judgement->n_wants +=
		    take_want(arena, json_array_get(signatures, i),
			&wants[judgement->n_wants])
		    ? 1
		    : 0;
}

static size_t
count_signatures(const json_t *record)
{
	return json_array_size(json_object_get(record, "signatures"));
}

static void
read_wants(
    struct arena *arena, const json_t *record, struct judgement *judgement)
{
	const json_t *embedded = json_object_get(record, "embedded");
	size_t most = count_signatures(record);
	struct want *wants;

	for (size_t i = 0; i < json_array_size(embedded); i++)
		most += count_signatures(json_array_get(embedded, i));
	wants = arena_alloc_array(arena, most + 1, sizeof(*wants));
	judgement->wants = wants;
	add_wants(
	    arena, json_object_get(record, "signatures"), judgement, wants);
	for (size_t i = 0; i < json_array_size(embedded); i++)
		add_wants(arena,
		    json_object_get(json_array_get(embedded, i), "signatures"),
		    judgement, wants);
}

static bool
decides(const json_t *signature)
{
	struct span kind = record_get_string(signature, "kind");

	return span_equal(kind, SPAN("dkim")) ||
	    span_equal(kind, SPAN("domainkeys"));
}

static void
read_domains(
    struct arena *arena, const json_t *record, struct judgement *judgement)
{
	const json_t *signatures = json_object_get(record, "signatures");
	size_t n = json_array_size(signatures);
	struct span *domains = arena_alloc_array(arena, n, sizeof(*domains));

	judgement->domains = domains;
	for (size_t i = 0; i < n; i++) {
		const json_t *signature = json_array_get(signatures, i);
		struct span domain = regrade_text(arena, signature, "domain");

		if (domain.n > 0 && decides(signature))
			domains[judgement->n_domains++] = domain;
	}
}

bool
regrade_read(
    struct arena *arena, const json_t *record, struct judgement *judgement)
{
	const json_t *message = json_object_get(record, "message");

	if (!verdict_from_code(
		record_get_string(record, "verdict"), &judgement->verdict) ||
	    judgement->verdict == VERDICT_UNREADABLE ||
	    json_object_get(record, "cut") != NULL ||
	    json_object_get(message, "author") == NULL ||
	    json_object_get(message, "time") == NULL)
		return false;
	judgement->author = regrade_text(arena, message, "author");
	judgement->date = regrade_time(message, "time");
	read_wants(arena, record, judgement);
	read_domains(arena, record, judgement);
	return true;
}
