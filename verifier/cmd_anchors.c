/*
 * cmd_anchors.c - what the commands that judge share: --anchor.
 */
#include "verifier/cmd_anchors.h"

#include "keysnap/base/clock.h"

#define LIST_OPTION(name, field, text, word)                                  \
	{                                                                     \
		name, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(field), text, word \
	}
#define FILE_OPTION(name, field, text)                                    \
	{                                                                 \
		name, 0, 0, G_OPTION_ARG_FILENAME, &(field), text, "FILE" \
	}

void
add_anchor_options(GOptionContext *context, struct anchor_choice *choice)
{
	struct anchor_paths *paths = &choice->paths;
	struct time_trust_paths *trust = &paths->trust;
	const GOptionEntry entries[] = {
		LIST_OPTION("anchor", paths->proofs,
		    "proof that mail existed at a time: RFC 3161, "
		    "OpenTimestamps, note; may be repeated",
		    "FILE"),
		LIST_OPTION("hash-list", paths->lists,
		    "list of SHA-256 sums that a proof is over", "FILE"),
		FILE_OPTION("tsa-ca", trust->tsa_ca,
		    "certificates that time stamps must lead to"),
		FILE_OPTION(
		    "tsa-chain", trust->chain, "certificates on the way there"),
		FILE_OPTION(
		    "tsa-crl", trust->crl, "lists of revoked certificates"),
		LIST_OPTION("block-header", trust->headers,
		    "headers of Bitcoin blocks, taken on trust", "FILE"),
		LIST_OPTION("anchor-key", trust->keys,
		    "public key that notes must be signed with", "FILE"),
		{ "as-of", 0, 0, G_OPTION_ARG_STRING, &choice->as_of,
		    "time at which certificates of time stamps must still "
		    "be good (now)",
		    "TIME" },
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

void
anchor_choice_clear(struct anchor_choice *choice)
{
	g_strfreev(choice->paths.proofs);
	g_strfreev(choice->paths.lists);
	g_strfreev(choice->paths.trust.headers);
	g_strfreev(choice->paths.trust.keys);
	g_free(choice->paths.trust.tsa_ca);
	g_free(choice->paths.trust.chain);
	g_free(choice->paths.trust.crl);
	g_free(choice->as_of);
}

/* An option that has nothing to act on was meant otherwise. */
static bool
is_lonely(const struct anchor_choice *choice)
{
	const struct anchor_paths *paths = &choice->paths;
	const struct time_trust_paths *trust = &paths->trust;

	return paths->proofs == NULL &&
	    (paths->lists != NULL || trust->headers != NULL ||
		trust->keys != NULL || trust->tsa_ca != NULL ||
		trust->chain != NULL || trust->crl != NULL ||
		choice->as_of != NULL);
}

static void
say_states(const struct anchors_given *given)
{
	for (size_t i = 0; i < given->n; i++) {
		const struct anchor *anchor = &given->anchors[i];

		if (!anchor->counts)
			command_say("%.*s does not count: %s",
			    (int)anchor->name.n, (const char *)anchor->name.p,
			    anchor->proof.text);
	}
}

bool
anchors_choose(struct court *court, const struct command_line *line,
    enum exit_code *code_out)
{
	const struct anchor_choice *choice = line->anchors;
	enum timestamp_precision ignored;
	GError *error = NULL;

	court->header.as_of = TIMESTAMP_NONE;
	if (is_lonely(choice)) {
		*code_out = command_usage(
		    line, "what proofs are checked with needs --anchor");
		return false;
	}
	if (choice->paths.proofs == NULL)
		return true;
	if (choice->as_of != NULL &&
	    !timestamp_parse_lenient(span_from_string(choice->as_of),
		&court->header.as_of, &ignored)) {
		*code_out =
		    command_usage(line, "--as-of takes a time like 2026-03-02");
		return false;
	}
	if (choice->as_of != NULL)
		court->as_of = court->header.as_of;
	else
		court->as_of = choice->clock != 0 ? choice->clock : clock_now();
	court->anchors =
	    anchors_open(&choice->paths, court->as_of, line->crypto, &error);
	if (court->anchors == NULL) {
		*code_out = command_error(error, EXIT_INPUT);
		return false;
	}
	court->context.anchors = court->anchors;
	court->header.anchors = anchors_given(court->anchors);
	say_states(court->header.anchors);
	return true;
}

bool
anchors_look_through(struct court *court, struct archive *archive,
    bool (*interrupted)(void), GError **error)
{
	if (court->anchors == NULL || archive == NULL)
		return true;
	court->context.anchor_files =
	    anchor_files_read(court->anchors, archive, interrupted, error);
	return court->context.anchor_files != NULL;
}

const uint8_t *
anchors_sha256(const struct court *court, const struct crypto *crypto,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (court->anchors == NULL)
		return NULL;
	record_write_header(text, &court->header);
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, out);
	return out;
}
