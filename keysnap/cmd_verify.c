/*
 * cmd_verify.c - keysnap verify: check everything in a snapshot, an exhibit or
 * a consistency proof.
 */
#include "keysnap/cmd_anchors.h"
#include "keysnap/cmd_proofs.h"
#include "keysnap/cmd_verify_dnssec.h"
#include "keysnap/store/snapshot_seals.h"

/* --dnssec and --trust-anchor. */
struct dnssec_options {
	gboolean wanted;
	char *trust_anchor;
	struct trust_anchors *anchors; /* of it, when wanted */
};

static bool
verify_files(struct command_line *line, const struct seal_arguments *arguments,
    const struct dnssec_options *dnssec, const struct note_key *signer,
    struct findings *findings, GError **error)
{
	const struct snapshot_trust trust = {
		.public_key = signer,
		.root = arguments->has_root ? arguments->root : NULL,
	};

	/* Chains of a damaged snapshot are not looked at. */
	return snapshot_verify(line->arguments[0], &trust, line->crypto,
		   findings_report, findings, error) &&
	    (dnssec->anchors == NULL ||
		verify_dnssec(line->arguments[0], &trust, dnssec->anchors,
		    line->crypto, findings, error));
}

/* Seals that cannot be read are no reason to leave the rest unchecked. */
static bool
verify_snapshot(struct command_line *line,
    const struct seal_arguments *arguments, const struct dnssec_options *dnssec,
    struct findings *findings, GError **error)
{
	const struct note_key *signer;
	struct snapshot_seals seals;
	struct seal_question question;
	GError *trouble = NULL;
	bool ok = snapshot_seals_read(
	    &seals, line->arguments[0], line->crypto, &trouble);

	/* A checkpoint that could not be read has no signatures. */
	signer = seal_key_of(
	    &seals.folder.checkpoint, line->crypto, &arguments->trust);
	verify_files(line, arguments, dnssec, signer, findings, error);
	if (ok && *error == NULL) {
		snapshot_seals_question(
		    &seals, line->crypto, &arguments->trust, &question);
		findings_of_seals(findings, &question, signer);
	} else if (!ok && *error == NULL) {
		findings_tell(findings, FINDING_BAD, "seals", NULL, "%s",
		    trouble->message);
	}
	g_clear_error(&trouble);
	snapshot_seals_clear(&seals);
	return *error == NULL;
}

static enum exit_code
conclude(struct command_line *line, const struct seal_arguments *arguments,
    const struct findings *findings)
{
	const char *path = line->arguments[0];

	if (findings->bad) {
		command_say("%s is not as it was made", path);
		return EXIT_INTEGRITY;
	}
	if (arguments->trust.n_keys == 0 && !arguments->has_root)
		command_say("%s is whole, but neither --public-key nor --root "
			    "was given: nobody vouches for it",
		    path);
	if (!findings->unmet)
		return EXIT_DONE;
	command_say("%s is whole, but not sealed, or its chains do not end, as "
		    "was asked for",
	    path);
	return EXIT_NO;
}

/* Whether a certificate has ended depends on it, so it stands in what is
 * printed. */
static void
tell_as_of(struct findings *findings, const struct seal_arguments *arguments)
{
	const struct seal_trust *trust = &arguments->trust;
	char at[TIMESTAMP_SIZE];

	if (trust->tsa_ca.n == 0 && trust->cms_ca.n == 0)
		return;
	timestamp_format(trust->now, at);
	findings_tell(findings, FINDING_NOTED, "as-of", NULL,
	    "certificates under seals must not have ended at %s, %s", at,
	    arguments->has_as_of ? "as asked for"
				 : "the clock of this machine");
}

static enum exit_code
verify(struct command_line *line, const struct seal_options *options,
    struct dnssec_options *dnssec, bool json)
{
	struct findings findings = { .json = json, .color = line->color };
	struct seal_arguments arguments;
	enum exit_code code = seal_arguments_read(line, options, &arguments);
	GError *error = NULL;

	if (code == EXIT_DONE && dnssec->wanted) {
		dnssec->anchors = command_anchors_read(dnssec->trust_anchor);
		code = dnssec->anchors == NULL ? EXIT_INPUT : EXIT_DONE;
	} else if (code == EXIT_DONE && dnssec->trust_anchor != NULL) {
		code = command_usage(line, "--trust-anchor is for --dnssec");
	}
	if (code == EXIT_DONE && dnssec->wanted &&
	    proofs_is_file(line->arguments[0]))
		code = command_usage(line, "--dnssec is for snapshots");
	if (code == EXIT_DONE)
		tell_as_of(&findings, &arguments);
	if (code == EXIT_DONE && proofs_is_file(line->arguments[0]))
		code = proofs_check_file(
		    line, line->arguments[0], &arguments, &findings);
	else if (code == EXIT_DONE &&
	    !verify_snapshot(line, &arguments, dnssec, &findings, &error))
		code = command_error(error, false);
	if (code == EXIT_DONE)
		code = conclude(line, &arguments, &findings);
	seal_arguments_clear(&arguments);
	return code;
}

static enum exit_code
run_verify(struct command_line *line)
{
	struct seal_options given = { 0 };
	struct dnssec_options dnssec = { 0 };
	gboolean json = FALSE;
	enum exit_code code;
	const GOptionEntry options[] = {
		{ "public-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.public_keys,
		    "key that must have signed it, or a seal of it", "FILE" },
		{ "root", 0, 0, G_OPTION_ARG_STRING, &given.root,
		    "root that it must have", "HEX" },
		{ "tsa-ca", 0, 0, G_OPTION_ARG_FILENAME, &given.tsa_ca,
		    "certificates (PEM) that time stamps must lead to",
		    "FILE" },
		{ "cms-ca", 0, 0, G_OPTION_ARG_FILENAME, &given.cms_ca,
		    "certificates (PEM) that CMS signatures must lead to",
		    "FILE" },
		{ "as-of", 0, 0, G_OPTION_ARG_STRING, &given.as_of,
		    "when those certificates must not have ended, else now",
		    "TIME" },
		{ "minisign-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.minisign_keys, "public key of minisign, or its file",
		    "KEY" },
		{ "dnssec", 0, 0, G_OPTION_ARG_NONE, &dnssec.wanted,
		    "validate every stored DNSSEC chain again", NULL },
		{ "trust-anchor", 0, 0, G_OPTION_ARG_FILENAME,
		    &dnssec.trust_anchor,
		    "DS records that they must end at, else those of the root",
		    "FILE" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};

	code = command_parse(line, options)
	    ? verify(line, &given, &dnssec, json)
	    : line->code;
	seal_options_clear(&given);
	trust_anchors_free(dnssec.anchors);
	g_free(dnssec.trust_anchor);
	return code;
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "SNAPSHOT|EXHIBIT|PROOF",
	.summary = "check a snapshot, or what was proved from one",
	.examples = "  keysnap verify keys.snap --public-key signing.key.pub\n"
		    "  keysnap verify keys.snap --root 5d0a...e1\n"
		    "  keysnap verify keys.snap --public-key signing.key.pub "
		    "--tsa-ca tsa-root.pem",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_verify,
};
