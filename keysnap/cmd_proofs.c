/*
 * cmd_proofs.c - checking exhibits and consistency proofs.
 */
#include "keysnap/cmd_proofs.h"
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/store/exhibit.h"

#include <stdio.h>
#include <string.h>

/* The signatures of a checkpoint under the key given that fits, or the one
 * that it states; which key it was. */
static const struct note_key *
tell_signature(struct findings *findings, const struct crypto *crypto,
    const struct checkpoint *checkpoint, const struct seal_trust *trust,
    const char *file)
{
	const struct note_key *key = seal_key_of(checkpoint, crypto, trust);
	const char *why;

	if (!checkpoint_check_signatures(checkpoint, crypto, key, &why))
		findings_tell(
		    findings, FINDING_BAD, "signature", file, "%s", why);
	else if (key != NULL)
		findings_tell(findings, FINDING_GOOD, "signature", file,
		    "signed by the public key given, %s", key->name);
	else if (checkpoint->is_signed)
		findings_tell(findings, FINDING_NOTED, "signature", file,
		    "the signature fits the key stated in the checkpoint, %s; "
		    "whether that key is to be trusted needs --public-key",
		    checkpoint->signer.name);
	else
		findings_tell(findings, FINDING_NOTED, "signature", file,
		    "unsigned: nobody vouches for it");
	return key;
}

static void
tell_checkpoint(struct findings *findings, const struct checkpoint *checkpoint,
    const char *file)
{
	g_autoptr(GString) origin = g_string_new(NULL);
	char hex[DIGEST_HEX_SIZE];

	text_append_utf8(origin, checkpoint->origin);
	digest_to_hex((struct span){ checkpoint->root, 32 }, hex);
	findings_tell(findings, FINDING_GOOD, "checkpoint", file,
	    "%s, %" G_GUINT64_FORMAT " entries, root %s", origin->str,
	    checkpoint->size, hex);
}

/* A path of RFC 6962 2.1.1 may fit several sizes, and then other numbers of
 * the last entries, under one root: only a signature fixes the size. */
static void
tell_root(struct findings *findings, const struct checkpoint *checkpoint,
    const struct seal_arguments *arguments, const struct note_key *signer,
    const char *file)
{
	bool same = memcmp(arguments->root, checkpoint->root, 32) == 0;

	if (!arguments->has_root)
		return;
	findings_tell(findings, same ? FINDING_GOOD : FINDING_BAD, "root", file,
	    same ? "it is the root given" : "it is not the root given");
	if (same && signer == NULL)
		findings_tell(findings, FINDING_NOTED, "size", file,
		    "a root alone does not fix how many entries there are: "
		    "that, and the numbers of the last ones, only the whole "
		    "snapshot or a signature shows");
}

/* One of two checkpoints: of keys that were given, one must have signed it. */
static const struct note_key *
tell_state(struct findings *findings, const struct crypto *crypto,
    const struct checkpoint *checkpoint, const struct seal_arguments *arguments,
    const char *file)
{
	const struct note_key *signer;

	tell_checkpoint(findings, checkpoint, file);
	signer = tell_signature(
	    findings, crypto, checkpoint, &arguments->trust, file);
	if (signer == NULL && arguments->trust.n_keys > 0)
		findings_tell(findings, FINDING_BAD, "signature", file,
		    "it is not signed by a public key given");
	return signer;
}

/* False when everything is in order but the proof, which does not hold. */
static bool
check_consistency(struct findings *findings, const struct crypto *crypto,
    struct span octets, const struct seal_arguments *arguments)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct note_key *signer;
	struct consistency proof;
	const char *why;

	if (!consistency_parse(&proof, arena, crypto, octets, &why)) {
		findings_tell(findings, FINDING_BAD, "form", NULL, "%s", why);
		return true;
	}
	tell_state(findings, crypto, &proof.earlier, arguments, "earlier");
	signer = tell_state(findings, crypto, &proof.later, arguments, "later");
	tell_root(findings, &proof.later, arguments, signer, "later");
	if (consistency_check(&proof, crypto, &why)) {
		findings_tell(findings, FINDING_GOOD, "proof", NULL,
		    "the later log begins with the earlier one, and adds "
		    "%" G_GUINT64_FORMAT " entries",
		    proof.later.size - proof.earlier.size);
		return true;
	}
	bool states_hold = !findings->bad;
	findings_tell(findings, FINDING_BAD, "proof", NULL, "%s", why);
	return !states_hold;
}

enum exit_code
proofs_check_consistency(struct command_line *line, struct span octets,
    const struct seal_arguments *arguments)
{
	struct findings findings = { .color = line->color };

	if (!check_consistency(&findings, line->crypto, octets, arguments))
		return EXIT_NO;
	return findings.bad ? EXIT_INTEGRITY : EXIT_DONE;
}

static void
check_exhibit(struct findings *findings, const struct crypto *crypto,
    struct span octets, const struct seal_arguments *arguments)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct note_key *signer;
	struct exhibit exhibit;
	const char *why;

	if (!exhibit_parse(&exhibit, arena, crypto, octets, &why)) {
		findings_tell(findings, FINDING_BAD, "form", NULL, "%s", why);
		return;
	}
	const struct seal_question question = {
		.crypto = crypto,
		.checkpoint = exhibit.checkpoint_octets,
		.text = exhibit.checkpoint.note.text,
		.set = exhibit.seals,
		.trust = &arguments->trust,
	};
	g_autofree char *name = span_dup(exhibit.name);

	findings_tell(findings, FINDING_GOOD, "exhibit", NULL, "%s", name);
	tell_checkpoint(findings, &exhibit.checkpoint, "checkpoint");
	signer = tell_signature(findings, crypto, &exhibit.checkpoint,
	    &arguments->trust, "checkpoint");
	tell_root(
	    findings, &exhibit.checkpoint, arguments, signer, "checkpoint");
	exhibit_check(&exhibit, crypto, findings_report, findings);
	findings_of_seals(findings, &question, signer);
}

bool
proofs_is_file(const char *path)
{
	char head[sizeof(EXHIBIT_HEAD) - 1] = { 0 };
	FILE *stream = g_file_test(path, G_FILE_TEST_IS_REGULAR)
	    ? fopen(path, "rb")
	    : NULL;
	struct span got;

	if (stream == NULL)
		return false;
	got.p = (const uint8_t *)head;
	got.n = fread(head, 1, sizeof(head), stream);
	fclose(stream);
	return span_equal(got, SPAN(EXHIBIT_HEAD)) ||
	    span_starts_with(got, SPAN(CONSISTENCY_HEAD));
}

enum exit_code
proofs_check_file(struct command_line *line, const char *path,
    const struct seal_arguments *arguments, struct findings *findings)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, EXHIBIT_MAX, &error);
	struct span octets;

	if (bytes == NULL)
		return command_error(error, false);
	octets.p = g_bytes_get_data(bytes, &octets.n);
	if (span_starts_with(octets, SPAN(CONSISTENCY_HEAD)))
		check_consistency(findings, line->crypto, octets, arguments);
	else
		check_exhibit(findings, line->crypto, octets, arguments);
	return EXIT_DONE;
}
