/*
 * cmd_seal_verify.c - verifier seal --verify.
 */
#include "verifier/case/case_seal.h"
#include "verifier/cmd_seal.h"

struct asked {
	bool key, stamp; /* what was given holds */
};

static void
tell_seals(const struct sealing *sealing, struct findings *findings,
    struct asked *asked)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct seal_question question;
	struct seal *seals;
	size_t n;

	snapshot_seals_question(
	    &sealing->seals, sealing->line->crypto, &sealing->trust, &question);
	seals_check(&question, arena, &seals, &n);
	for (size_t i = 0; i < n; i++) {
		bool holds = seals[i].state == SEAL_HOLDS;

		findings_tell(findings,
		    holds                               ? FINDING_GOOD
			: seals[i].state == SEAL_BROKEN ? FINDING_BAD
							: FINDING_NOTED,
		    "seal", seals[i].file->name, "%s", seals[i].text);
		asked->key |=
		    holds && seals[i].kind == SEAL_NOTE && seals[i].key != NULL;
		asked->stamp |= holds && seals[i].kind == SEAL_TIMESTAMP;
	}
}

/* The checkpoint's own signatures, under the key given when it is of it. */
static void
tell_signature(const struct sealing *sealing, const struct note_key *key,
    struct findings *findings, struct asked *asked)
{
	const struct crypto *crypto = sealing->line->crypto;
	const struct checkpoint *checkpoint = &sealing->seals.folder.checkpoint;
	const struct note *note = &checkpoint->note;
	const char *why;
	bool of_it = false;

	for (size_t i = 0; key != NULL && i < note->n_signatures; i++)
		of_it |=
		    note_check(note, i, crypto, key) != NOTE_CHECK_OTHER_KEY;
	if (!checkpoint_check_signatures(
		checkpoint, crypto, of_it ? key : NULL, &why)) {
		findings_tell(findings, FINDING_BAD, "signature", "checkpoint",
		    "%s", why);
	} else if (of_it) {
		asked->key = true;
		findings_tell(findings, FINDING_GOOD, "signature", "checkpoint",
		    "signed by the public key given, %s", key->name);
	} else if (checkpoint->is_signed) {
		findings_tell(findings, FINDING_NOTED, "signature",
		    "checkpoint",
		    "the signature fits the key that it states, %s; whether "
		    "that is to be trusted needs --public-key",
		    checkpoint->signer.name);
	} else {
		findings_tell(findings, FINDING_NOTED, "signature",
		    "checkpoint", "unsigned");
	}
}

enum exit_code
seal_check_case(struct sealing *sealing, const struct note_key *key)
{
	struct findings findings = {
		.json = sealing->json,
		.color = sealing->line->color,
	};
	struct asked asked = { .key = false };
	const char *folder = sealing->line->arguments[0];
	GError *error = NULL;

	if (!snapshot_seals_read(
		&sealing->seals, folder, sealing->line->crypto, &error) ||
	    !case_check_files(folder, &sealing->seals.folder.checkpoint,
		sealing->line->crypto, findings_report, &findings, &error))
		return command_error(error, EXIT_INPUT);
	tell_signature(sealing, key, &findings, &asked);
	tell_seals(sealing, &findings, &asked);
	if (findings.bad) {
		command_say("%s is not as it was sealed", folder);
		return EXIT_INTEGRITY;
	}
	if ((key != NULL && !asked.key) ||
	    (sealing->tsa_ca != NULL && !asked.stamp)) {
		command_say(
		    "%s is whole, but not sealed as was asked for", folder);
		return EXIT_NO;
	}
	return EXIT_DONE;
}
