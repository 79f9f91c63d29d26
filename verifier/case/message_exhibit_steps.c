/* message_exhibit_steps.c - how a record comes about, in words. */
#include "verifier/case/message_exhibit.h"

static struct span
keep(struct arena *arena, GString *text)
{
	struct span span = { (const uint8_t *)text->str, text->len };

	span = arena_copy(arena, span);
	g_string_truncate(text, 0);
	return span;
}

static void
add_string(GString *out, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (json_is_string(value))
		g_string_append(out, json_string_value(value));
	else if (json_is_integer(value))
		g_string_append_printf(
		    out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		g_string_append(out, json_is_true(value) ? "yes" : "no");
	else
		g_string_append(out, "(none)");
}

static void
add_list(GString *out, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		g_string_append_printf(
		    out, "%s%s", i > 0 ? ":" : "", text != NULL ? text : "");
	}
}

static void
say_message(GString *out, const struct message_exhibit *exhibit,
    const json_t *record, const struct crypto *crypto)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];
	char hex[DIGEST_HEX_SIZE];

	digest_sha256(crypto, exhibit->octets, sha256);
	digest_to_hex((struct span){ sha256, sizeof(sha256) }, hex);
	g_string_append_printf(out,
	    "The message as it was stored is the member octets of the line "
	    "message, decoded from base64: %zu octets, SHA-256 %s.  Its wire "
	    "form (the quoting of the mailbox undone, every line ended by "
	    "CRLF) has the SHA-256 ",
	    exhibit->octets.n, hex);
	add_string(out, record, "sha256");
	g_string_append(out, ".");
}

static void
say_repairs(GString *out, const json_t *record)
{
	const json_t *source = json_object_get(record, "source");

	g_string_append(out, "It was judged under the quoting ");
	add_string(out, source, "dialect");
	g_string_append(out, ", with the repairs ");
	if (json_array_size(json_object_get(record, "repairs")) > 0)
		add_list(out, json_object_get(record, "repairs"));
	else
		g_string_append(out, "(none)");
	g_string_append(out,
	    "; the member edits of the record, if it is there, has every "
	    "change.");
}

static void
say_signature(GString *out, const json_t *signature)
{
	const json_t *body = json_object_get(signature, "body");
	const json_t *key = json_object_get(signature, "key");

	g_string_append(out, "Signature ");
	add_string(out, signature, "index");
	g_string_append(out, " of the kind ");
	add_string(out, signature, "kind");
	g_string_append(out, ", a=");
	add_string(out, signature, "a");
	g_string_append(out, ", c=");
	add_string(out, signature, "c");
	g_string_append(out, ", over the header fields ");
	add_list(out, json_object_get(signature, "headers"));
	g_string_append(out, " and ");
	add_string(out, body, "covered");
	g_string_append(out, " of ");
	add_string(out, body, "total");
	g_string_append(out, " octets of the canonical body (hash as signed: ");
	add_string(out, body, "hash_match");
	g_string_append(out, ").  Key name ");
	add_string(out, signature, "key_name");
	g_string_append(out, ", key (SHA-256 of its SubjectPublicKeyInfo) ");
	add_string(out, key, "sha256");
	g_string_append(out, ", grade ");
	add_string(out, key, "grade");
	g_string_append(out, ", time ");
	add_string(out, key, "time_state");
	g_string_append(out, ".  The signature over the header holds: ");
	add_string(out, signature, "header_match");
	g_string_append(out, ".  Result ");
	add_string(out, signature, "result");
	g_string_append(out, ", reason ");
	add_string(out, signature, "reason");
	g_string_append(out, ".");
}

static void
say_verdict(GString *out, const json_t *record)
{
	g_string_append(out, "The verdict is ");
	add_string(out, record, "verdict");
	g_string_append(out, ", for the reasons ");
	add_list(out, json_object_get(record, "reasons"));
	g_string_append(out, ".");
}

static void
say_keys(GString *out, const struct message_exhibit *exhibit)
{
	g_string_append_printf(out,
	    "The text of each line keys is an exhibit of keysnap, which "
	    "\"keysnap verify\" checks by itself: the entries of the log that "
	    "bear on the name, each with the proof that it is in the log of "
	    "the checkpoint.  There are %zu; of %zu other names the snapshot "
	    "has nothing, which only the whole snapshot can show.",
	    exhibit->n_keys, exhibit->n_absent);
}

struct span *
message_exhibit_steps(const struct message_exhibit *exhibit,
    const json_t *record, struct arena *arena, const struct crypto *crypto,
    size_t *n_out)
{
	const json_t *signatures = json_object_get(record, "signatures");
	size_t n = MIN(json_array_size(signatures), MESSAGE_EXHIBIT_STEPS - 4),
	       used = 0;
	struct span *steps = arena_alloc_array(arena, n + 4, sizeof(*steps));
	g_autoptr(GString) text = g_string_new(NULL);

	say_message(text, exhibit, record, crypto);
	steps[used++] = keep(arena, text);
	say_repairs(text, record);
	steps[used++] = keep(arena, text);
	say_keys(text, exhibit);
	steps[used++] = keep(arena, text);
	for (size_t i = 0; i < n; i++) {
		say_signature(text, json_array_get(signatures, i));
		steps[used++] = keep(arena, text);
	}
	say_verdict(text, record);
	steps[used++] = keep(arena, text);
	*n_out = used;
	return steps;
}
