/*
 * cmd_seals.c - what verify and stamp share.
 */
#include "keysnap/cmd_seals.h"
#include "keysnap/base/clock.h"
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/store/seal_x509.h"

#include <stdarg.h>
#include <string.h>

#define KEY_FILE_MAX 4096 /* octets; a key file is one line under 400 */
#define KEYS_MAX     64   /* given at once */
#define MINISIGN_KEY 56   /* characters of a key on the command line */

void
seal_options_clear(struct seal_options *options)
{
	g_strfreev(options->public_keys);
	g_strfreev(options->minisign_keys);
	g_free(options->tsa_ca);
	g_free(options->cms_ca);
	g_free(options->root);
	g_free(options->as_of);
	memset(options, 0, sizeof(*options));
}

static enum exit_code
read_keys(
    struct command_line *line, char **paths, struct seal_arguments *arguments)
{
	size_t n = paths == NULL ? 0 : g_strv_length(paths);

	if (n > KEYS_MAX)
		return command_usage(line, "too many keys");
	arguments->keys = g_new0(struct note_key, n + 1);
	arguments->trust.keys = arguments->keys;
	arguments->trust.n_keys = n;
	for (size_t i = 0; i < n; i++) {
		GError *error = NULL;
		g_autoptr(GBytes) text =
		    file_read(paths[i], KEY_FILE_MAX, &error);
		struct span octets;

		if (text == NULL)
			return command_error(error, false);
		octets.p = g_bytes_get_data(text, &octets.n);
		if (note_key_parse(&arguments->keys[i], line->crypto, octets))
			continue;
		command_say("%s is no public key of keysnap keygen", paths[i]);
		return EXIT_INPUT;
	}
	return EXIT_DONE;
}

/* A key itself, as minisign -P takes it, or a file. */
static enum exit_code
read_minisign_key(const char *text, struct minisign_key *key_out)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct span octets;

	if (strlen(text) == MINISIGN_KEY &&
	    minisign_key_parse(key_out, span_from_string(text)))
		return EXIT_DONE;
	bytes = file_read(text, MINISIGN_FILE_MAX, &error);
	if (bytes == NULL)
		return command_error(error, false);
	octets.p = g_bytes_get_data(bytes, &octets.n);
	if (minisign_key_parse(key_out, octets))
		return EXIT_DONE;
	command_say("%s is no public key of minisign", text);
	return EXIT_INPUT;
}

static enum exit_code
read_minisign_keys(
    struct command_line *line, char **texts, struct seal_arguments *arguments)
{
	size_t n = texts == NULL ? 0 : g_strv_length(texts);
	enum exit_code code = EXIT_DONE;

	if (n > KEYS_MAX)
		return command_usage(line, "too many keys");
	arguments->minisign_keys = g_new0(struct minisign_key, n + 1);
	arguments->trust.minisign_keys = arguments->minisign_keys;
	arguments->trust.n_minisign_keys = n;
	for (size_t i = 0; i < n && code == EXIT_DONE; i++)
		code =
		    read_minisign_key(texts[i], &arguments->minisign_keys[i]);
	return code;
}

static enum exit_code
read_certificates(struct command_line *line, const char *path,
    GBytes **bytes_out, struct span *pem_out)
{
	GError *error = NULL;
	STACK_OF(X509) * read;

	if (path == NULL)
		return EXIT_DONE;
	*bytes_out = file_read(path, SEAL_FILE_MAX, &error);
	if (*bytes_out == NULL)
		return command_error(error, false);
	pem_out->p = g_bytes_get_data(*bytes_out, &pem_out->n);
	read = seal_certificates_read(line->crypto, *pem_out);
	seal_certificates_free(read);
	if (read != NULL)
		return EXIT_DONE;
	command_say("%s holds no certificates in PEM", path);
	return EXIT_INPUT;
}

/* A time that nothing depends on was meant otherwise. */
static enum exit_code
read_as_of(struct command_line *line, const struct seal_options *options,
    struct seal_arguments *arguments)
{
	enum timestamp_precision ignored;

	arguments->trust.now = clock_now();
	arguments->has_as_of = options->as_of != NULL;
	if (options->as_of == NULL)
		return EXIT_DONE;
	if (options->tsa_ca == NULL && options->cms_ca == NULL)
		return command_usage(
		    line, "--as-of is for --tsa-ca and --cms-ca");
	if (!timestamp_parse_lenient(span_from_string(options->as_of),
		&arguments->trust.now, &ignored))
		return command_usage(
		    line, "--as-of takes a time like 2026-03-02");
	return EXIT_DONE;
}

enum exit_code
seal_arguments_read(struct command_line *line,
    const struct seal_options *options, struct seal_arguments *arguments)
{
	enum exit_code code;

	memset(arguments, 0, sizeof(*arguments));
	arguments->has_root = options->root != NULL;
	if (options->root != NULL &&
	    !digest_from_hex(span_from_string(options->root), arguments->root))
		return command_usage(
		    line, "--root is 64 hexadecimal digits, lower case");
	code = read_as_of(line, options, arguments);
	if (code == EXIT_DONE)
		code = read_keys(line, options->public_keys, arguments);
	if (code == EXIT_DONE)
		code =
		    read_minisign_keys(line, options->minisign_keys, arguments);
	if (code == EXIT_DONE)
		code = read_certificates(line, options->tsa_ca,
		    &arguments->tsa_ca, &arguments->trust.tsa_ca);
	if (code == EXIT_DONE)
		code = read_certificates(line, options->cms_ca,
		    &arguments->cms_ca, &arguments->trust.cms_ca);
	return code;
}

void
seal_arguments_clear(struct seal_arguments *arguments)
{
	g_free(arguments->keys);
	g_free(arguments->minisign_keys);
	g_clear_pointer(&arguments->tsa_ca, g_bytes_unref);
	g_clear_pointer(&arguments->cms_ca, g_bytes_unref);
	memset(arguments, 0, sizeof(*arguments));
}

static void
append_word(GString *out, const struct snapshot_finding *finding, bool color)
{
	if (color && !finding->noted)
		g_string_append(out, finding->good ? "\033[32m" : "\033[1;31m");
	g_string_append(out,
	    finding->noted      ? "-- "
		: finding->good ? "ok "
				: "BAD");
	if (color && !finding->noted)
		g_string_append(out, "\033[0m");
}

static void
append_text(GString *out, const struct snapshot_finding *finding, bool color)
{
	append_word(out, finding, color);
	g_string_append_printf(out, "  %-10s ", finding->check);
	if (finding->file != NULL) {
		text_append_terminal(out, span_from_string(finding->file));
		g_string_append(out, finding->text != NULL ? ": " : "");
	}
	if (finding->text != NULL)
		text_append_terminal(out, span_from_string(finding->text));
}

static void
append_json(GString *out, const struct snapshot_finding *finding)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(&writer, "check", finding->check);
	if (finding->file != NULL)
		json_write_octets(
		    &writer, "file", span_from_string(finding->file));
	if (finding->noted)
		json_write_null(&writer, "good");
	else
		json_write_bool(&writer, "good", finding->good);
	json_write_string(&writer, "schema", "keysnap-finding 1");
	if (finding->text != NULL)
		json_write_octets(
		    &writer, "text", span_from_string(finding->text));
	json_close_object(&writer);
}

void
findings_report(void *user, const struct snapshot_finding *finding)
{
	struct findings *findings = user;
	g_autoptr(GString) out = g_string_new(NULL);

	if (findings->json)
		append_json(out, finding);
	else
		append_text(out, finding, findings->color);
	g_string_append_c(out, '\n');
	command_print(out);
	findings->bad = findings->bad || (!finding->good && !finding->noted);
}

void
findings_tell(struct findings *findings, enum finding_word word,
    const char *check, const char *file, const char *format, ...)
{
	struct snapshot_finding finding = {
		.good = word == FINDING_GOOD,
		.noted = word == FINDING_NOTED,
		.check = check,
		.file = file,
	};
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	findings_report(findings, &finding);
}

const struct note_key *
seal_key_of(const struct checkpoint *checkpoint, const struct crypto *crypto,
    const struct seal_trust *trust)
{
	for (size_t i = 0; i < trust->n_keys; i++) {
		for (size_t j = 0; j < checkpoint->note.n_signatures; j++) {
			if (note_check(&checkpoint->note, j, crypto,
				&trust->keys[i]) != NOTE_CHECK_OTHER_KEY)
				return &trust->keys[i];
		}
	}
	return NULL;
}

static bool
some_holds(
    const struct seal *seals, size_t n, enum seal_kind kind, const void *key)
{
	for (size_t i = 0; i < n; i++) {
		if (seals[i].state == SEAL_HOLDS && seals[i].kind == kind &&
		    (key == NULL || seals[i].key == key))
			return true;
	}
	return false;
}

/* What was given, and nothing holds under it: who took the seals away must not
 * get away with it. */
static void
tell_unmet(struct findings *findings, const struct seal_trust *trust,
    const struct note_key *signer, const struct seal *seals, size_t n)
{
	for (size_t i = 0; i < trust->n_keys; i++) {
		if (&trust->keys[i] != signer &&
		    !some_holds(seals, n, SEAL_NOTE, &trust->keys[i]))
			findings_tell(findings, FINDING_BAD, "signature",
			    "checkpoint",
			    "neither it nor a seal is signed by the public "
			    "key given, %s",
			    trust->keys[i].name);
	}
	for (size_t i = 0; i < trust->n_minisign_keys; i++) {
		if (some_holds(
			seals, n, SEAL_MINISIGN, &trust->minisign_keys[i]))
			continue;
		findings->unmet = true;
		findings_tell(findings, FINDING_NOTED, "seal", NULL,
		    "none is signed by the minisign key given");
	}
	if (trust->tsa_ca.n > 0 &&
	    !some_holds(seals, n, SEAL_TIMESTAMP, NULL)) {
		findings->unmet = true;
		findings_tell(findings, FINDING_NOTED, "seal", NULL,
		    "no time stamp counts under the --tsa-ca given");
	}
	if (trust->cms_ca.n > 0 && !some_holds(seals, n, SEAL_CMS, NULL)) {
		findings->unmet = true;
		findings_tell(findings, FINDING_NOTED, "seal", NULL,
		    "no signature counts under the --cms-ca given");
	}
}

void
findings_of_seals(struct findings *findings,
    const struct seal_question *question, const struct note_key *signer)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct seal *seals;
	size_t n;

	seals_check(question, arena, &seals, &n);
	for (size_t i = 0; i < n; i++) {
		g_autofree char *file =
		    g_build_filename("seals", seals[i].file->name, NULL);
		enum finding_word word = seals[i].state == SEAL_HOLDS
		    ? FINDING_GOOD
		    : seals[i].state == SEAL_BROKEN ? FINDING_BAD
						    : FINDING_NOTED;

		findings_tell(
		    findings, word, "seal", file, "%s", seals[i].text);
	}
	tell_unmet(findings, question->trust, signer, seals, n);
}
