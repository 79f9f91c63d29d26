/*
 * cmd_seal.c - verifier seal: sign and stamp a case, and check that.
 */
#include "verifier/cmd_seal.h"

#include "verifier/case/case_seal.h"

#include "keysnap/base/file.h"
#include "keysnap/store/seal_list.h"
#include "keysnap/store/seal_timestamp.h"
#include "keysnap/store/seal_x509.h"

#include <string.h>

#define PRIVATE_KEY_MAX 4096 /* octets of a key file */

/* ---- a new seal ---------------------------------------------------------- */

static void
add_file(struct sealing *sealing, const char *kind, struct span octets)
{
	struct arena *arena = sealing->seals.folder.arena;
	struct seal_file *file = &sealing->files[sealing->n_files++];
	g_autofree char *name =
	    g_strdup_printf("%04u.%s", sealing->number, kind);

	file->name = (const char *)arena_copy(arena, span_from_string(name)).p;
	file->octets = arena_copy(arena, octets);
}

static void
add_text(struct sealing *sealing, const char *kind, const GString *text)
{
	add_file(sealing, kind,
	    (struct span){ (const uint8_t *)text->str, text->len });
}

static enum exit_code
read_input(
    struct sealing *sealing, const char *path, size_t max, struct span *out)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, max, &error);

	if (bytes == NULL)
		return command_error(error, EXIT_INPUT);
	out->p = g_bytes_get_data(bytes, &out->n);
	*out = arena_copy(sealing->seals.folder.arena, *out);
	return EXIT_DONE;
}

/* Certificates or lists of revoked ones beside the token, in our spelling. */
static enum exit_code
add_beside(struct sealing *sealing, const char *path, bool certificates)
{
	const struct crypto *crypto = sealing->line->crypto;
	g_autoptr(GString) text = g_string_new(NULL);
	struct span octets;
	enum exit_code code;
	bool good;

	if (path == NULL)
		return EXIT_DONE;
	code = read_input(sealing, path, SEAL_FILE_MAX, &octets);
	if (code != EXIT_DONE)
		return code;
	if (certificates) {
		STACK_OF(X509) *read = seal_certificates_read(crypto, octets);

		good = read != NULL && seal_certificates_append(text, read);
		seal_certificates_free(read);
	} else {
		STACK_OF(X509_CRL) *read = seal_crls_read(crypto, octets);

		good = read != NULL && seal_crls_append(text, read);
		seal_crls_free(read);
	}
	if (!good) {
		command_say("%s holds nothing of the kind in PEM", path);
		return EXIT_INPUT;
	}
	add_text(sealing, certificates ? "pem" : "crl", text);
	return EXIT_DONE;
}

/* Check the new seal where it is to lie; write it when it holds. */
static enum exit_code
finish(struct sealing *sealing)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct seal_file *last = &sealing->files[sealing->n_files - 1];
	struct findings findings = { .color = sealing->line->color };
	struct seal_question question;
	struct seal seal;
	GError *error = NULL;

	snapshot_seals_extend(
	    &sealing->seals, sealing->files, sealing->n_files);
	snapshot_seals_question(
	    &sealing->seals, sealing->line->crypto, &sealing->trust, &question);
	seal_check(&question, arena, last, &seal);
	if (seal.state == SEAL_BROKEN) {
		command_say("it is not added: %s", seal.text);
		return EXIT_INPUT;
	}
	if (!snapshot_seals_write(
		&sealing->seals, sealing->files, sealing->n_files, &error))
		return command_error(error, EXIT_OUTPUT);
	findings_tell(&findings,
	    seal.state == SEAL_HOLDS ? FINDING_GOOD : FINDING_NOTED, "added",
	    last->name, "%s", seal.text);
	return EXIT_DONE;
}

/* A seal is not put on what does not hold. */
static enum exit_code
check_before(struct sealing *sealing)
{
	struct findings findings = { .silent = true };
	const struct checkpoint *checkpoint = &sealing->seals.folder.checkpoint;
	GError *error = NULL;
	const char *why;

	if (!checkpoint_check_signatures(
		checkpoint, sealing->line->crypto, NULL, &why)) {
		command_say("%s: %s", sealing->line->arguments[0], why);
		return EXIT_INTEGRITY;
	}
	if (!case_check_files(sealing->line->arguments[0], checkpoint,
		sealing->line->crypto, findings_report, &findings, &error))
		return command_error(error, EXIT_INPUT);
	return findings.bad ? EXIT_INTEGRITY : EXIT_DONE;
}

static enum exit_code
request(struct sealing *sealing)
{
	g_autoptr(GByteArray) der = g_byte_array_new();
	GError *error = NULL;

	if (!seal_timestamp_request(der, sealing->line->crypto,
		sealing->seals.folder.checkpoint_octets, &error) ||
	    !file_write(sealing->request, (struct span){ der->data, der->len },
		false, &error))
		return command_error(error, EXIT_OUTPUT);
	return EXIT_DONE;
}

static enum exit_code
attach(struct sealing *sealing)
{
	const struct crypto *crypto = sealing->line->crypto;
	struct span token, query;
	enum exit_code code =
	    read_input(sealing, sealing->attach, SEAL_FILE_MAX, &token);
	const char *why;

	if (code == EXIT_DONE && sealing->query != NULL)
		code =
		    read_input(sealing, sealing->query, SEAL_FILE_MAX, &query);
	if (code != EXIT_DONE)
		return code;
	if (sealing->query != NULL &&
	    !seal_timestamp_answers(crypto, token, query, &why)) {
		command_say("it is not added: %s", why);
		return EXIT_INPUT;
	}
	if (!seal_timestamp_is_over(
		crypto, token, sealing->seals.folder.checkpoint_octets) &&
	    !seal_timestamp_is_over(
		crypto, token, sealing->seals.folder.checkpoint.note.text)) {
		command_say("it is not added: it is no time stamp over this "
			    "checkpoint");
		return EXIT_INPUT;
	}
	code = add_beside(sealing, sealing->chain, true);
	if (code == EXIT_DONE)
		code = add_beside(sealing, sealing->crl, false);
	if (code != EXIT_DONE)
		return code;
	add_file(sealing, "tsr", token);
	return finish(sealing);
}

/* The checkpoint's text, signed once more. */
static enum exit_code
sign_again(struct sealing *sealing, struct span secret)
{
	const struct crypto *crypto = sealing->line->crypto;
	struct span text = sealing->seals.folder.checkpoint.note.text;
	g_autoptr(GString) note =
	    g_string_new_len((const char *)text.p, (gssize)text.n);
	g_autoptr(GString) vkey = g_string_new(NULL);
	struct note_key key;
	GError *error = NULL;

	note_private_key_parse(&key, crypto, secret);
	if (!note_sign(note, crypto, secret, &error))
		return command_error(error, EXIT_INPUT);
	note_key_append(vkey, &key);
	g_string_append_c(vkey, '\n');
	add_text(sealing, "vkey", vkey);
	add_text(sealing, "note", note);
	return finish(sealing);
}

static enum exit_code
add(struct sealing *sealing, struct span secret)
{
	GError *error = NULL;
	enum exit_code code;

	if (!snapshot_seals_read(&sealing->seals, sealing->line->arguments[0],
		sealing->line->crypto, &error))
		return command_error(error, EXIT_INPUT);
	code = check_before(sealing);
	if (code == EXIT_INTEGRITY)
		command_say("%s is not what was sealed: nothing is added",
		    sealing->line->arguments[0]);
	if (code != EXIT_DONE)
		return code;
	sealing->number = seal_list_last(&sealing->seals.set) + 1;
	if (sealing->number > SEAL_NUMBER_MAX)
		return command_usage(sealing->line, "there are too many seals");
	if (secret.n > 0)
		return sign_again(sealing, secret);
	return sealing->request != NULL ? request(sealing) : attach(sealing);
}

/* ---- the first one ------------------------------------------------------- */

static enum exit_code
make(struct sealing *sealing, const struct note_key *key, struct span secret)
{
	const char *folder = sealing->line->arguments[0];
	struct span origin =
	    span_from_string(sealing->origin != NULL ? sealing->origin
		    : key != NULL                    ? key->name
						     : "unsigned");
	struct findings findings = { .color = sealing->line->color };
	GError *error = NULL;

	if (!note_name_is_valid(origin) ||
	    origin.n + strlen(CASE_ORIGIN_END) > NOTE_NAME_MAX)
		return command_usage(sealing->line,
		    "--origin has no white space and no plus sign");
	if (!case_seal(folder, origin, secret, sealing->line->crypto, &error))
		return command_error(error, EXIT_INPUT);
	findings_tell(&findings, key != NULL ? FINDING_GOOD : FINDING_NOTED,
	    "sealed", "checkpoint", "%s",
	    key != NULL ? key->name : "without a signature");
	return EXIT_DONE;
}

static enum exit_code
seal_or_add(struct sealing *sealing)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct span secret = { NULL, 0 };
	struct note_key key;

	if (sealing->sign_key != NULL) {
		bytes = file_read(sealing->sign_key, PRIVATE_KEY_MAX, &error);
		if (bytes == NULL)
			return command_error(error, EXIT_INPUT);
		secret.p = g_bytes_get_data(bytes, &secret.n);
		if (!note_private_key_parse(
			&key, sealing->line->crypto, secret)) {
			command_say("%s is no private key of keysnap keygen",
			    sealing->sign_key);
			return EXIT_INPUT;
		}
	}
	if (sealing->request != NULL || sealing->attach != NULL ||
	    (secret.n > 0 && case_is_sealed(sealing->line->arguments[0])))
		return add(sealing, secret);
	return make(sealing, secret.n > 0 ? &key : NULL, secret);
}

/* ---- checking ------------------------------------------------------------ */

static enum exit_code
verify(struct sealing *sealing, const struct note_key *key)
{
	if (case_is_sealed(sealing->line->arguments[0]))
		return seal_check_case(sealing, key);
	if (!g_file_test(sealing->line->arguments[0], G_FILE_TEST_IS_DIR)) {
		command_say("%s is no folder", sealing->line->arguments[0]);
		return EXIT_INPUT;
	}
	command_say("%s has no seal", sealing->line->arguments[0]);
	return EXIT_NO;
}

/* ---- the command --------------------------------------------------------- */

static enum exit_code
act(struct sealing *sealing)
{
	const struct command_line *line = sealing->line;
	struct command_line given = { .crypto = line->crypto,
		.command = line->command,
		.public_key = sealing->public_key };
	int n = (sealing->sign_key != NULL) + (sealing->request != NULL) +
	    (sealing->attach != NULL) + sealing->verify;
	struct snapshot_trust trust;
	struct note_key key;
	uint8_t root[DIGEST_SHA256_SIZE];
	g_autoptr(GBytes) pem = NULL;
	enum exit_code code;

	if (n > 1)
		return command_usage(line,
		    "--sign-key, --request, --attach and --verify are one or "
		    "the other");
	if (sealing->attach == NULL &&
	    (sealing->query != NULL || sealing->chain != NULL ||
		sealing->crl != NULL))
		return command_usage(
		    line, "--query, --chain and --crl go with --attach");
	if (!sealing->verify && (sealing->public_key != NULL || sealing->json))
		return command_usage(
		    line, "--public-key and --json go with --verify");
	if (!court_read_trust(&given, &key, root, &trust, &code) ||
	    !findings_seal_trust(&sealing->trust, trust.public_key,
		sealing->tsa_ca, &pem, &code))
		return code;
	code = sealing->verify ? verify(sealing, trust.public_key)
			       : seal_or_add(sealing);
	if (sealing->seals.folder.arena != NULL)
		snapshot_seals_clear(&sealing->seals);
	return code;
}

#define FILE_OPTION(name, field, text)                                   \
	{                                                                \
		name, 0, 0, G_OPTION_ARG_FILENAME, &sealing.field, text, \
		    "FILE"                                               \
	}

static enum exit_code
run_seal(struct command_line *line)
{
	struct sealing sealing = { .line = line };
	char **const owned[] = { &sealing.sign_key, &sealing.origin,
		&sealing.request, &sealing.attach, &sealing.query,
		&sealing.chain, &sealing.crl, &sealing.public_key,
		&sealing.tsa_ca };
	const GOptionEntry options[] = {
		FILE_OPTION("sign-key", sign_key, "sign with this private key"),
		{ "origin", 0, 0, G_OPTION_ARG_STRING, &sealing.origin,
		    "name of the case in its checkpoint (that of the key)",
		    "NAME" },
		FILE_OPTION("request", request, "write a time stamp request"),
		FILE_OPTION("attach", attach, "add the response or token"),
		FILE_OPTION("query", query, "the request that it answers"),
		FILE_OPTION("chain", chain, "certificates to keep beside it"),
		FILE_OPTION(
		    "crl", crl, "lists of revoked certificates to keep"),
		FILE_OPTION("tsa-ca", tsa_ca,
		    "certificates that time stamps must lead to"),
		{ "verify", 0, 0, G_OPTION_ARG_NONE, &sealing.verify,
		    "check the seals and the files", NULL },
		FILE_OPTION("public-key", public_key,
		    "key that must have signed the case"),
		{ "json", 0, 0, G_OPTION_ARG_NONE, &sealing.json,
		    "print lines of JSON", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	sealing.seals.folder.fd = -1;
	if (command_parse(line, options, &code))
		code = act(&sealing);
	for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
		g_free(*owned[i]);
	return code;
}

const struct command command_seal = {
	.name = "seal",
	.arguments = "CASE",
	.summary = "sign or time-stamp a case, or check that",
	.examples =
	    "  verifier seal case1 --sign-key lab.key\n"
	    "  verifier seal case1 --request case1.tsq\n"
	    "  verifier seal case1 --attach case1.tsr --query case1.tsq "
	    "--chain tsa.pem\n"
	    "  verifier seal case1 --verify --public-key lab.pub --tsa-ca "
	    "root.pem\n",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_seal,
};
