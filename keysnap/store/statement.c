/*
 * statement.c - signed statements of an archive about a key.
 */
#include "keysnap/store/statement.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/key/jws.h"

static bool
get_text(struct arena *arena, const json_t *object, const char *member,
    struct span *text_out)
{
	const json_t *value = json_object_get(object, member);

	if (!json_is_string(value))
		return false;
	*text_out = arena_copy(arena,
	    (struct span){
		(const uint8_t *)json_string_value(value),
		json_string_length(value),
	    });
	return text_out->n > 0;
}

/* RFC 3339 in UTC, spelt with T and Z, and nothing else. */
static bool
get_time(struct arena *arena, const json_t *object, const char *member,
    int64_t *at_out)
{
	enum timestamp_precision precision;
	struct span text;

	return get_text(arena, object, member, &text) && text.n >= 20 &&
	    text.p[10] == 'T' && span_ends_with(text, SPAN("Z")) &&
	    timestamp_parse_lenient(text, at_out, &precision) &&
	    precision == TIMESTAMP_SECOND;
}

static const char *
read_record(
    struct statement *statement, struct arena *arena, const json_t *record)
{
	struct span domain, selector, source;

	if (!get_text(arena, record, "domain", &domain) ||
	    !get_text(arena, record, "selector", &selector) ||
	    dns_name_of_key(arena, selector, domain, &statement->name) !=
		DNS_NAME_OK)
		return "a statement without the name of a key";
	if (!get_text(arena, record, "value", &statement->value) ||
	    statement->value.n > ENTRY_TXT_MAX)
		return "a statement without a key record";
	if (!get_text(arena, record, "source", &source) ||
	    !span_equal(source, SPAN("live_dns")))
		return "a statement about something else than DNS";
	if (!get_time(arena, record, "first_seen_at", &statement->first) ||
	    !get_time(arena, record, "last_seen_at", &statement->last) ||
	    statement->first > statement->last)
		return "a statement without its times";
	if (!get_text(arena, record, "id", &statement->record) ||
	    statement->record.n > ENTRY_TEXT_MAX)
		return "a statement without an id";
	return NULL;
}

static const char *
read_payload(
    struct statement *statement, struct arena *arena, const json_t *payload)
{
	const json_t *version = json_object_get(payload, "v");
	const char *why;

	if (!json_is_integer(version) || json_integer_value(version) != 1)
		return "a statement of another version than 1";
	if (!get_text(arena, payload, "iss", &statement->issuer) ||
	    statement->issuer.n > ENTRY_TEXT_MAX)
		return "a statement without an issuer";
	if (!json_is_integer(json_object_get(payload, "iat")))
		return "a statement without a time of issue";
	why = read_record(statement, arena, json_object_get(payload, "record"));
	/* Both are times of the issuer's own clock. */
	if (why == NULL &&
	    statement->last >
		json_integer_value(json_object_get(payload, "iat")))
		return "a statement that was issued before what it says was "
		       "seen";
	return why;
}

bool
statement_read(struct statement *statement, struct arena *arena,
    struct span payload, const char **why_out)
{
	json_t *value = payload.n == 0
	    ? NULL
	    : json_loadb((const char *)payload.p, payload.n,
		  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	*statement = (struct statement){ .issuer = { NULL, 0 } };
	*why_out = json_is_object(value)
	    ? read_payload(statement, arena, value)
	    : "a statement that is not a JSON object";
	json_decref(value);
	return *why_out == NULL;
}

/* Does the observation say the same? */
static bool
says_same(const struct entry_observation *observation, struct span observer,
    const struct statement *statement)
{
	return observation->kind == OBSERVATION_PRESENT &&
	    span_equal(observation->method, SPAN(STATEMENT_METHOD)) &&
	    span_equal(observer, statement->issuer) &&
	    span_equal(observation->name, statement->name) &&
	    observation->n_strings == 1 && observation->joined == JOIN_SOURCE &&
	    span_equal(observation->strings[0], statement->value) &&
	    span_equal(observation->record, statement->record) &&
	    observation->first == statement->first &&
	    observation->last == statement->last &&
	    observation->precision == TIMESTAMP_SECOND &&
	    observation->time_kind == TIME_CLAIMED &&
	    observation->n_cname == 0 && observation->owner.n == 0 &&
	    !observation->complete;
}

static const char *
check_signature(const struct jws *jws, const json_t *object,
    const uint8_t signer[32], struct arena *arena, const struct crypto *crypto)
{
	struct jwk jwk;
	const char *fault = NULL;

	if (jwk_read(&jwk, arena, crypto, object, &fault)) {
		fault = NULL;
		if (memcmp(jwk.sha256, signer, 32) != 0)
			fault = "its key is not the one in the log";
		else if (!jws_verify(jws, &jwk, crypto))
			fault = "its signature does not hold";
	}
	jwk_clear(&jwk);
	return fault;
}

bool
statement_check(const struct entry_observation *observation,
    struct span observer, struct span jws, struct span jwk, struct arena *arena,
    const struct crypto *crypto, const char **why_out)
{
	struct statement statement;
	struct jws parsed;
	json_t *object;

	if (!jws_parse(&parsed, arena, jws, why_out) ||
	    !statement_read(&statement, arena, parsed.payload, why_out))
		return false;
	object = json_parse_line(arena, jwk, true, why_out);
	if (object == NULL)
		return false;
	if (!observation->has_signer ||
	    !says_same(observation, observer, &statement))
		*why_out = "it does not say what the log says";
	else
		*why_out = check_signature(
		    &parsed, object, observation->signer, arena, crypto);
	json_decref(object);
	return *why_out == NULL;
}
