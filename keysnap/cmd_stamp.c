/*
 * cmd_stamp.c - keysnap stamp: add a seal to a snapshot, or make the request
 * for a time stamp that is carried to where the network is.
 */
#include "keysnap/base/file.h"
#include "keysnap/cmd_seals.h"
#include "keysnap/store/seal_list.h"
#include "keysnap/store/seal_timestamp.h"
#include "keysnap/store/seal_x509.h"
#include "keysnap/store/snapshot_seals.h"

#include <string.h>

#define PRIVATE_KEY_MAX 4096
#define NEW_FILES_MAX   4 /* a seal and what lies beside it */

struct stamp_options {
	char *sign_key, *request, *attach, *attach_minisign, *attach_cms;
	char *query, *chain, *crl;
	gboolean renew;
	struct seal_options trust;
};

struct stamp {
	struct command_line *line;
	const struct stamp_options *options;
	struct seal_arguments arguments;
	struct snapshot_seals seals;
	unsigned number;                       /* of the new seal */
	struct seal_file files[NEW_FILES_MAX]; /* the seal is the last */
	size_t n_files;
};

static void
remember(void *user, const struct snapshot_finding *finding)
{
	bool *bad = user;

	if (finding->good || finding->noted)
		return;
	*bad = true;
	command_say("%s", finding->text);
}

/* Nobody puts a seal on what is damaged. */
static enum exit_code
check_snapshot(struct stamp *stamp)
{
	const struct snapshot_trust nobody = { NULL, NULL };
	GError *error = NULL;
	bool bad = false;

	snapshot_verify(stamp->line->arguments[0], &nobody, stamp->line->crypto,
	    remember, &bad, &error);
	if (error != NULL)
		return command_error(error, false);
	return bad ? EXIT_INTEGRITY : EXIT_DONE;
}

/* Keep "octets" as file NNNN.kind of the new seal. */
static void
add_file(struct stamp *stamp, const char *kind, struct span octets)
{
	struct arena *arena = stamp->seals.folder.arena;
	g_autofree char *name = g_strdup_printf("%04u.%s", stamp->number, kind);

	g_assert(stamp->n_files < NEW_FILES_MAX);
	stamp->files[stamp->n_files++] = (struct seal_file){
		(const char *)arena_copy(arena, span_from_string(name)).p,
		arena_copy(arena, octets)
	};
}

static void
add_text(struct stamp *stamp, const char *kind, const GString *text)
{
	add_file(stamp, kind,
	    (struct span){ (const uint8_t *)text->str, text->len });
}

/* The octets of a file, in the arena. */
static enum exit_code
read_input(struct stamp *stamp, const char *path, struct span *octets_out)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, SEAL_FILE_MAX, &error);
	struct span octets;

	if (bytes == NULL)
		return command_error(error, false);
	octets.p = g_bytes_get_data(bytes, &octets.n);
	*octets_out = arena_copy(stamp->seals.folder.arena, octets);
	return EXIT_DONE;
}

/* Keep --chain beside the seal, in our spelling. */
static enum exit_code
add_chain(struct stamp *stamp)
{
	const char *path = stamp->options->chain;
	g_autoptr(GString) text = g_string_new(NULL);
	STACK_OF(X509) * read;
	struct span octets;
	enum exit_code code;
	bool ok;

	if (path == NULL)
		return EXIT_DONE;
	code = read_input(stamp, path, &octets);
	if (code != EXIT_DONE)
		return code;
	read = seal_certificates_read(stamp->line->crypto, octets);
	ok = read != NULL && seal_certificates_append(text, read);
	seal_certificates_free(read);
	if (!ok) {
		command_say("%s holds no certificates in PEM", path);
		return EXIT_INPUT;
	}
	add_text(stamp, "pem", text);
	return EXIT_DONE;
}

/* And --crl. */
static enum exit_code
add_crls(struct stamp *stamp)
{
	const char *path = stamp->options->crl;
	g_autoptr(GString) text = g_string_new(NULL);
	STACK_OF(X509_CRL) * read;
	struct span octets;
	enum exit_code code;
	bool ok;

	if (path == NULL)
		return EXIT_DONE;
	code = read_input(stamp, path, &octets);
	if (code != EXIT_DONE)
		return code;
	read = seal_crls_read(stamp->line->crypto, octets);
	ok = read != NULL && seal_crls_append(text, read);
	seal_crls_free(read);
	if (!ok) {
		command_say(
		    "%s holds no lists of revoked certificates in PEM", path);
		return EXIT_INPUT;
	}
	add_text(stamp, "crl", text);
	return EXIT_DONE;
}

/* Check the new seal where it is to lie; write it when it holds. */
static enum exit_code
finish(struct stamp *stamp)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct seal_question question;
	const struct seal_file *last = &stamp->files[stamp->n_files - 1];
	struct seal seal;
	GError *error = NULL;

	snapshot_seals_extend(&stamp->seals, stamp->files, stamp->n_files);
	snapshot_seals_question(&stamp->seals, stamp->line->crypto,
	    &stamp->arguments.trust, &question);
	seal_check(&question, arena, last, &seal);
	if (seal.state == SEAL_BROKEN) {
		command_say("it is not added: %s", seal.text);
		return EXIT_INPUT;
	}
	if (!snapshot_seals_write(
		&stamp->seals, stamp->files, stamp->n_files, &error))
		return command_error(error, true);
	struct findings findings = { .color = stamp->line->color };
	g_autofree char *file = g_build_filename("seals", last->name, NULL);
	findings_tell(&findings,
	    seal.state == SEAL_HOLDS ? FINDING_GOOD : FINDING_NOTED, "added",
	    file, "%s", seal.text);
	return EXIT_DONE;
}

/* --sign-key: the checkpoint's text, signed once more. */
static enum exit_code
sign(struct stamp *stamp)
{
	const struct crypto *crypto = stamp->line->crypto;
	struct span text = stamp->seals.folder.checkpoint.note.text, octets;
	GError *error = NULL;
	g_autoptr(GBytes) secret =
	    file_read(stamp->options->sign_key, PRIVATE_KEY_MAX, &error);
	g_autoptr(GString) note =
	    g_string_new_len((const char *)text.p, (gssize)text.n);
	g_autoptr(GString) vkey = g_string_new(NULL);
	struct note_key key;
	enum exit_code code;

	if (secret == NULL)
		return command_error(error, false);
	code = check_snapshot(stamp);
	if (code != EXIT_DONE)
		return code;
	octets.p = g_bytes_get_data(secret, &octets.n);
	if (!note_private_key_parse(&key, crypto, octets) ||
	    !note_sign(note, crypto, octets, &error)) {
		g_clear_error(&error);
		command_say("%s is no private key of keysnap keygen",
		    stamp->options->sign_key);
		return EXIT_INPUT;
	}
	note_key_append(vkey, &key);
	g_string_append_c(vkey, '\n');
	add_text(stamp, "vkey", vkey);
	add_text(stamp, "note", note);
	return finish(stamp);
}

/* --request: what is to be stamped. */
static enum exit_code
request(struct stamp *stamp)
{
	g_autoptr(GByteArray) der = g_byte_array_new();
	g_autoptr(GString) list = g_string_new(NULL);
	struct seal_question question;
	struct span octets = stamp->seals.folder.checkpoint_octets;
	GError *error = NULL;
	enum exit_code code = check_snapshot(stamp);

	if (code != EXIT_DONE)
		return code;
	snapshot_seals_question(&stamp->seals, stamp->line->crypto,
	    &stamp->arguments.trust, &question);
	if (stamp->options->renew && stamp->number == 1) {
		command_say("there are no seals to renew");
		return EXIT_USAGE;
	}
	if (stamp->options->renew) {
		seal_list_append(list, &question, stamp->number - 1);
		octets = (struct span){ (const uint8_t *)list->str, list->len };
	}
	if (!seal_timestamp_request(der, stamp->line->crypto, octets, &error) ||
	    !file_write(stamp->options->request,
		(struct span){ der->data, der->len }, false, &error))
		return command_error(error, true);
	return EXIT_DONE;
}

/*
 * A token is over the checkpoint, or over the list of some first seals: those
 * that were there when the request was made.  Adds the list in that case.
 */
static bool
find_covered(struct stamp *stamp, struct span token)
{
	const struct crypto *crypto = stamp->line->crypto;
	struct seal_question question;

	snapshot_seals_question(
	    &stamp->seals, crypto, &stamp->arguments.trust, &question);
	if (seal_timestamp_is_over(crypto, token, question.checkpoint) ||
	    seal_timestamp_is_over(crypto, token, question.text))
		return true;
	for (size_t i = question.set.n; i-- > 0;) {
		g_autoptr(GString) list = g_string_new(NULL);
		unsigned last = seal_number(question.set.files[i].name);

		if (last == 0)
			continue;
		seal_list_append(list, &question, last);
		if (!seal_timestamp_is_over(crypto, token,
			(struct span){ (const uint8_t *)list->str, list->len }))
			continue;
		add_text(stamp, "list", list);
		return true;
	}
	return false;
}

/* --attach: what came back. */
static enum exit_code
attach_token(struct stamp *stamp)
{
	struct span token, query;
	enum exit_code code = read_input(stamp, stamp->options->attach, &token);
	const char *why;

	if (code == EXIT_DONE && stamp->options->query != NULL)
		code = read_input(stamp, stamp->options->query, &query);
	if (code != EXIT_DONE)
		return code;
	if (stamp->options->query != NULL &&
	    !seal_timestamp_answers(stamp->line->crypto, token, query, &why)) {
		command_say("it is not added: %s", why);
		return EXIT_INPUT;
	}
	if (!find_covered(stamp, token)) {
		command_say("it is not added: it is no time stamp over this "
			    "checkpoint, nor over its first seals");
		return EXIT_INPUT;
	}
	code = add_chain(stamp);
	if (code == EXIT_DONE)
		code = add_crls(stamp);
	if (code != EXIT_DONE)
		return code;
	add_file(stamp, "tsr", token);
	return finish(stamp);
}

static enum exit_code
attach_cms(struct stamp *stamp)
{
	struct span octets;
	enum exit_code code =
	    read_input(stamp, stamp->options->attach_cms, &octets);

	if (code == EXIT_DONE)
		code = add_chain(stamp);
	if (code == EXIT_DONE)
		code = add_crls(stamp);
	if (code != EXIT_DONE)
		return code;
	add_file(stamp, "p7s", octets);
	return finish(stamp);
}

/* The key lies beside it, so that damage can be found without it. */
static enum exit_code
attach_minisign(struct stamp *stamp)
{
	g_autoptr(GString) key = g_string_new(NULL);
	struct span octets;
	enum exit_code code =
	    read_input(stamp, stamp->options->attach_minisign, &octets);

	if (code != EXIT_DONE)
		return code;
	if (stamp->arguments.trust.n_minisign_keys != 1)
		return command_usage(
		    stamp->line, "--attach-minisign needs one --minisign-key");
	minisign_key_append(key, &stamp->arguments.minisign_keys[0]);
	add_text(stamp, "pub", key);
	add_file(stamp, "minisig", octets);
	return finish(stamp);
}

static enum exit_code
act(struct stamp *stamp)
{
	const struct stamp_options *options = stamp->options;
	GError *error = NULL;

	if (!snapshot_seals_read(&stamp->seals, stamp->line->arguments[0],
		stamp->line->crypto, &error))
		return command_error(error, false);
	stamp->number = seal_list_last(&stamp->seals.set) + 1;
	if (stamp->number > SEAL_NUMBER_MAX) {
		command_say("there are too many seals");
		return EXIT_USAGE;
	}
	if (options->sign_key != NULL)
		return sign(stamp);
	if (options->request != NULL)
		return request(stamp);
	if (options->attach != NULL)
		return attach_token(stamp);
	return options->attach_cms != NULL ? attach_cms(stamp)
					   : attach_minisign(stamp);
}

static enum exit_code
stamp_snapshot(struct command_line *line, const struct stamp_options *options)
{
	struct stamp stamp = { .line = line, .options = options };
	int n = (options->sign_key != NULL) + (options->request != NULL) +
	    (options->attach != NULL) + (options->attach_cms != NULL) +
	    (options->attach_minisign != NULL);
	enum exit_code code;

	if (n != 1)
		return command_usage(line,
		    "give one of --sign-key, --request, --attach, "
		    "--attach-minisign and --attach-cms");
	if (options->renew && options->request == NULL)
		return command_usage(line, "--renew goes with --request");
	if (options->query != NULL && options->attach == NULL)
		return command_usage(line, "--query goes with --attach");
	code = seal_arguments_read(line, &options->trust, &stamp.arguments);
	if (code == EXIT_DONE) {
		code = act(&stamp);
		snapshot_seals_clear(&stamp.seals);
	}
	seal_arguments_clear(&stamp.arguments);
	return code;
}

static void
clear_options(struct stamp_options *options)
{
	g_free(options->sign_key);
	g_free(options->request);
	g_free(options->attach);
	g_free(options->attach_minisign);
	g_free(options->attach_cms);
	g_free(options->query);
	g_free(options->chain);
	g_free(options->crl);
	seal_options_clear(&options->trust);
}

#define FILE_OPTION(name, field, text)                                        \
	{                                                                     \
		name, 0, 0, G_OPTION_ARG_FILENAME, &given.field, text, "FILE" \
	}

static enum exit_code
run_stamp(struct command_line *line)
{
	struct stamp_options given = { 0 };
	enum exit_code code;
	const GOptionEntry options[] = {
		FILE_OPTION("sign-key", sign_key, "sign with this private key"),
		FILE_OPTION("request", request, "write a time stamp request"),
		{ "renew", 0, 0, G_OPTION_ARG_NONE, &given.renew,
		    "the request is over the seals, too", NULL },
		FILE_OPTION("attach", attach, "add the response or token"),
		FILE_OPTION("query", query, "the request that it answers"),
		FILE_OPTION("attach-minisign", attach_minisign,
		    "add a signature of minisign"),
		{ "minisign-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.trust.minisign_keys, "the key that made it", "KEY" },
		FILE_OPTION("attach-cms", attach_cms,
		    "add a detached CMS signature in DER"),
		FILE_OPTION("chain", chain, "certificates to keep beside it"),
		FILE_OPTION(
		    "crl", crl, "lists of revoked certificates to keep"),
		FILE_OPTION(
		    "tsa-ca", trust.tsa_ca, "certificates that it leads to"),
		FILE_OPTION(
		    "cms-ca", trust.cms_ca, "certificates that it leads to"),
		G_OPTION_ENTRY_NULL,
	};

	code = command_parse(line, options) ? stamp_snapshot(line, &given)
					    : line->code;
	clear_options(&given);
	return code;
}

const struct command command_stamp = {
	.name = "stamp",
	.arguments = "SNAPSHOT",
	.summary = "add a signature or a time stamp to a snapshot",
	.examples =
	    "  keysnap stamp keys.snap --sign-key second.key\n"
	    "  keysnap stamp keys.snap --request keys.tsq\n"
	    "  keysnap stamp keys.snap --attach keys.tsr --query keys.tsq "
	    "--chain tsa.pem --crl tsa.crl\n"
	    "  keysnap stamp keys.snap --request again.tsq --renew\n"
	    "  keysnap stamp keys.snap --attach-minisign checkpoint.minisig "
	    "--minisign-key minisign.pub\n"
	    "  keysnap stamp keys.snap --attach-cms checkpoint.p7s",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_stamp,
};
