/*
 * cmd_annotate.c - keysnap annotate: a statement about entries, a key or a
 * name, as one new entry of the log.
 * Limits: ENTRY_LIST_MAX entries and evidence files, EVIDENCE_MAX octets each,
 * ENTRY_NOTE_MAX octets of text.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/pack.h"
#include "keysnap/store/store.h"

#include <string.h>

/* The options as given; NULL where not. */
struct given {
	char **retract, **entries, **evidence;
	char *note, *key, *name, *since, *precision, *text, *operator, * made;
	gboolean compromise, published;
};

/* What they come to. */
struct annotating {
	struct command_line *line;
	const struct given *given;
	struct arena *arena;
	struct entry entry;
};

static struct entry_annotation *
annotation_of(struct annotating *annotating)
{
	return &annotating->entry.annotation;
}

static enum exit_code
read_kind(struct annotating *annotating)
{
	const struct given *given = annotating->given;
	struct entry_annotation *annotation = annotation_of(annotating);
	int n = (given->retract != NULL) + (given->note != NULL) +
	    (given->compromise != FALSE) + (given->published != FALSE);

	if (n != 1)
		return command_usage(annotating->line,
		    "one of --retract, --note, --compromise and "
		    "--private-key-published is needed");
	annotation->kind = given->retract != NULL ? ANNOTATION_RETRACT
	    : given->note != NULL                 ? ANNOTATION_NOTE
	    : given->compromise                   ? ANNOTATION_COMPROMISE
				: ANNOTATION_PRIVATE_KEY_PUBLISHED;
	return EXIT_DONE;
}

/* Which options go with which; keysnap/store/entry.h has the rules. */
static const char *
find_misfit(const struct given *given, enum annotation_kind kind)
{
	bool of_key = kind == ANNOTATION_COMPROMISE ||
	    kind == ANNOTATION_PRIVATE_KEY_PUBLISHED;

	if (kind != ANNOTATION_NOTE && given->entries != NULL)
		return "--entry goes with --note";
	if (kind == ANNOTATION_RETRACT &&
	    (given->key != NULL || given->name != NULL))
		return "--retract takes entries, no --key or --name";
	if (kind == ANNOTATION_NOTE && given->text != NULL)
		return "--note has its text; --text is for the others";
	if (kind == ANNOTATION_NOTE && given->entries == NULL &&
	    given->key == NULL && given->name == NULL)
		return "a note is about an --entry, a --key or a --name";
	if (of_key && given->key == NULL)
		return "--key is missing: the SHA-256 that \"keysnap show\" "
		       "prints of the key";
	if (!of_key && given->since != NULL)
		return "--since goes with --compromise and "
		       "--private-key-published";
	if (given->precision != NULL && given->since == NULL)
		return "--precision goes with --since";
	return NULL;
}

/* Decimal digits and nothing else. */
static bool
read_number(const char *text, uint64_t *number_out)
{
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' ||
		    number > JSON_INTEGER_MAX / 10)
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
	}
	*number_out = number;
	return number <= JSON_INTEGER_MAX;
}

static enum exit_code
read_target(struct annotating *annotating)
{
	const struct given *given = annotating->given;
	bool retract = given->retract != NULL;
	char **words = retract ? given->retract : given->entries;
	/* "--retract 3 4 5": what follows the store are entries too. */
	char **more = annotating->line->arguments + 1;
	size_t n = words == NULL ? 0 : g_strv_length(words), n_all = n;
	uint64_t *numbers;

	if (retract)
		n_all += g_strv_length(more);
	else if (*more != NULL)
		return command_usage(annotating->line, "too many arguments");
	if (n_all > ENTRY_LIST_MAX)
		return command_usage(annotating->line,
		    "more than %d entries at once", ENTRY_LIST_MAX);
	numbers = arena_alloc_array(annotating->arena, n_all, sizeof(*numbers));
	for (size_t i = 0; i < n_all; i++) {
		const char *word = i < n ? words[i] : more[i - n];

		if (!read_number(word, &numbers[i]))
			return command_usage(annotating->line,
			    "\"%s\" is no number of an entry", word);
		if (retract && numbers[i] == 0)
			return command_usage(annotating->line,
			    "entry 0 is the store itself: it cannot be "
			    "retracted");
	}
	annotation_of(annotating)->target = (struct entry_numbers){ numbers,
		entry_sort_numbers(numbers, n_all) };
	return EXIT_DONE;
}

static enum exit_code
read_subject(struct annotating *annotating)
{
	const struct given *given = annotating->given;
	struct entry_annotation *annotation = annotation_of(annotating);

	annotation->has_key = given->key != NULL;
	if (annotation->has_key &&
	    !digest_from_hex(span_from_string(given->key), annotation->key))
		return command_usage(annotating->line,
		    "--key is 64 hexadecimal digits, lower case");
	if (given->name != NULL &&
	    dns_name_canonical(annotating->arena, span_from_string(given->name),
		&annotation->name) != DNS_NAME_OK)
		return command_usage(annotating->line,
		    "--name \"%s\" is no name of a key or domain", given->name);
	annotating->entry.name = annotation->name;
	return EXIT_DONE;
}

/* The rest of a time that is known less exactly stands at its earliest. */
static bool
make_coarser(int64_t *at, enum timestamp_precision precision)
{
	char text[TIMESTAMP_SIZE];
	struct timestamp_fields fields = { .month = 1, .day = 1 };
	int64_t day =
	    *at - (*at % TIMESTAMP_DAY + TIMESTAMP_DAY) % TIMESTAMP_DAY;

	if (precision < TIMESTAMP_DAY_PRECISION) {
		int64_t step = precision == TIMESTAMP_SECOND ? 1
		    : precision == TIMESTAMP_MINUTE          ? 60
							     : 3600;

		*at = day + (*at - day) / step * step;
		return true;
	}
	timestamp_format(*at, text);
	fields.year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 +
	    (text[2] - '0') * 10 + (text[3] - '0');
	if (precision < TIMESTAMP_YEAR)
		fields.month = (text[5] - '0') * 10 + (text[6] - '0');
	if (precision < TIMESTAMP_MONTH)
		fields.day = (text[8] - '0') * 10 + (text[9] - '0');
	return timestamp_from_fields(&fields, at);
}

static enum exit_code
read_since(struct annotating *annotating)
{
	const struct given *given = annotating->given;
	struct entry_annotation *annotation = annotation_of(annotating);
	enum timestamp_precision known;

	if (given->since == NULL)
		return EXIT_DONE;
	if (!timestamp_parse_lenient(span_from_string(given->since),
		&annotation->since, &annotation->precision))
		return command_usage(annotating->line,
		    "--since \"%s\" is not a time", given->since);
	if (given->precision == NULL)
		return EXIT_DONE;
	if (!timestamp_precision_from_name(
		span_from_string(given->precision), &known))
		return command_usage(annotating->line,
		    "--precision is second, minute, hour, day, month or year");
	if (known < annotation->precision)
		return command_usage(annotating->line,
		    "--since \"%s\" is not as exact as a %s", given->since,
		    given->precision);
	annotation->precision = known;
	return make_coarser(&annotation->since, known)
	    ? EXIT_DONE
	    : command_usage(annotating->line, "--since is out of range");
}

static bool
is_text(const char *option, size_t max)
{
	return option == NULL || (*option != '\0' && strlen(option) <= max);
}

static enum exit_code
read_texts(struct annotating *annotating)
{
	const struct given *given = annotating->given;
	struct entry_annotation *annotation = annotation_of(annotating);
	const char *text = given->note != NULL ? given->note : given->text;
	enum timestamp_precision ignored;

	if (!is_text(text, ENTRY_NOTE_MAX))
		return command_usage(annotating->line,
		    "a text is empty or over %d octets", ENTRY_NOTE_MAX);
	if (!is_text(given->operator, ENTRY_TEXT_MAX))
		return command_usage(annotating->line,
		    "--operator is empty or over %d octets", ENTRY_TEXT_MAX);
	if (given->evidence != NULL &&
	    g_strv_length(given->evidence) > ENTRY_LIST_MAX)
		return command_usage(annotating->line,
		    "more than %d evidence files", ENTRY_LIST_MAX);
	annotation->text = span_from_string(text);
	annotation->operator= span_from_string(given->operator);
	annotation->made = clock_now();
	if (given->made != NULL &&
	    !timestamp_parse_lenient(
		span_from_string(given->made), &annotation->made, &ignored))
		return command_usage(annotating->line,
		    "--made \"%s\" is not a time", given->made);
	return EXIT_DONE;
}

/* All but the evidence; EXIT_DONE, or what is wrong. */
static enum exit_code
read_options(struct annotating *annotating)
{
	enum exit_code code = read_kind(annotating);
	const char *misfit;

	if (code != EXIT_DONE)
		return code;
	misfit =
	    find_misfit(annotating->given, annotation_of(annotating)->kind);
	if (misfit != NULL)
		return command_usage(annotating->line, "%s", misfit);
	code = read_target(annotating);
	if (code == EXIT_DONE)
		code = read_subject(annotating);
	if (code == EXIT_DONE)
		code = read_since(annotating);
	if (code == EXIT_DONE)
		code = read_texts(annotating);
	return code;
}

static bool
note_found(void *user, uint64_t number)
{
	(void)number;
	*(bool *)user = true;
	return false;
}

/* Does the store have what the annotation is about?  A name may come later:
 * that is said, and no error. */
static enum exit_code
check_target(struct annotating *annotating, struct store *store)
{
	const struct entry_annotation *annotation = annotation_of(annotating);
	struct entry_numbers target = annotation->target;
	uint64_t size = store_size(store);
	GError *error = NULL;
	bool found = false;

	if (target.n > 0 && target.items[target.n - 1] >= size)
		return command_usage(annotating->line,
		    "there is no entry %" PRIu64 " in %s: its last is %" PRIu64,
		    target.items[target.n - 1], annotating->line->arguments[0],
		    size - 1);
	if (annotation->name.n == 0)
		return EXIT_DONE;
	if (!store_each_of_name(
		store, annotation->name, false, note_found, &found, &error))
		return command_error(error, false);
	if (!found)
		command_say("the store has nothing under %.*s so far",
		    (int)annotation->name.n, (const char *)annotation->name.p);
	return EXIT_DONE;
}

static bool
has_hash(const uint8_t (*hashes)[32], size_t n, const uint8_t hash[32])
{
	for (size_t i = 0; i < n; i++) {
		if (memcmp(hashes[i], hash, 32) == 0)
			return true;
	}
	return false;
}

/* Keep one file, by its hash. */
static bool
keep_file(const struct annotating *annotating, struct store *store,
    const char *path, uint8_t sha256_out[32], GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, EVIDENCE_MAX, error);
	struct span octets;

	if (bytes == NULL)
		return false;
	octets.p = g_bytes_get_data(bytes, &octets.n);
	if (octets.n == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s is empty: no evidence", path);
		return false;
	}
	digest_sha256(annotating->line->crypto, octets, sha256_out);
	return store_add_evidence(store, sha256_out, octets, error);
}

static void
append_file(GString *out, const uint8_t sha256[32], const char *path)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_string_append_printf(out, "evidence %s  ", hex);
	text_append_terminal(out, span_from_string(path));
	g_string_append_c(out, '\n');
}

static bool
keep_evidence(struct annotating *annotating, struct store *store, GString *out,
    GError **error)
{
	char **files = annotating->given->evidence;
	size_t n = 0, n_files = files == NULL ? 0 : g_strv_length(files);
	uint8_t(*hashes)[32] =
	    arena_alloc_array(annotating->arena, n_files, sizeof(*hashes));

	for (size_t i = 0; i < n_files; i++) {
		if (!keep_file(annotating, store, files[i], hashes[n], error))
			return false;
		if (has_hash((const uint8_t(*)[32])hashes, n, hashes[n]))
			continue;
		append_file(out, hashes[n++], files[i]);
	}
	annotation_of(annotating)->evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])hashes, n };
	return true;
}

static bool
append(struct annotating *annotating, struct store *store, GString *out,
    GError **error)
{
	uint64_t number;

	if (!store_begin(store, error))
		return false;
	if (!keep_evidence(annotating, store, out, error) ||
	    !store_append(store, &annotating->entry, &number, error)) {
		store_abort(store);
		return false;
	}
	if (!store_commit(store, error))
		return false;
	text_append_terminal(
	    out, span_from_string(annotating->line->arguments[0]));
	g_string_append_printf(out, ": %s is entry %" PRIu64 "\n",
	    annotation_kind_name(annotation_of(annotating)->kind), number);
	return true;
}

static enum exit_code
annotate(struct command_line *line, const struct given *given)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct annotating annotating = {
		.line = line, .given = given, .arena = arena
	};
	struct store *store;
	GError *error = NULL;
	enum exit_code code;

	entry_init(&annotating.entry, ENTRY_ANNOTATION);
	code = read_options(&annotating);
	if (code != EXIT_DONE)
		return code;
	store = store_open(line->arguments[0], true, line->crypto, &error);
	if (store == NULL)
		return command_error(error, false);
	code = check_target(&annotating, store);
	if (code == EXIT_DONE) {
		if (append(&annotating, store, out, &error))
			command_print(out);
		else
			code =
			    command_error(error, error->domain == STORE_ERROR);
	}
	store_close(store);
	return code;
}

static void
free_given(struct given *given)
{
	g_strfreev(given->retract);
	g_strfreev(given->entries);
	g_strfreev(given->evidence);
	g_free(given->note);
	g_free(given->key);
	g_free(given->name);
	g_free(given->since);
	g_free(given->precision);
	g_free(given->text);
	g_free(given->operator);
	g_free(given->made);
}

static enum exit_code
run_annotate(struct command_line *line)
{
	struct given given = { 0 };
	const GOptionEntry options[] = {
		{ "retract", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given.retract,
		    "this entry no longer counts; may be repeated", "N" },
		{ "note", 0, 0, G_OPTION_ARG_STRING, &given.note,
		    "a remark, without effect", "TEXT" },
		{ "compromise", 0, 0, G_OPTION_ARG_NONE, &given.compromise,
		    "others may have had the private key", NULL },
		{ "private-key-published", 0, 0, G_OPTION_ARG_NONE,
		    &given.published, "the private key was published", NULL },
		{ "entry", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given.entries,
		    "what a note is about; may be repeated", "N" },
		{ "key", 0, 0, G_OPTION_ARG_STRING, &given.key,
		    "the key's SHA-256, as show prints it", "HEX" },
		{ "name", 0, 0, G_OPTION_ARG_STRING, &given.name,
		    "with --key: the key under this name alone", "NAME" },
		{ "since", 0, 0, G_OPTION_ARG_STRING, &given.since,
		    "from then on; else it is not known since when", "TIME" },
		{ "precision", 0, 0, G_OPTION_ARG_STRING, &given.precision,
		    "how exact it is, else as written", "P" },
		{ "text", 0, 0, G_OPTION_ARG_STRING, &given.text, "why",
		    "TEXT" },
		{ "evidence", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.evidence, "a file to keep; may be repeated",
		    "FILE" },
		{ "operator", 0, 0, G_OPTION_ARG_STRING, &given.operator,
		    "who says so", "TEXT" },
		{ "made", 0, 0, G_OPTION_ARG_STRING, &given.made,
		    "time of the annotation, else now", "TIME" },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	code =
	    command_parse(line, options) ? annotate(line, &given) : line->code;
	free_given(&given);
	return code;
}

const struct command command_annotate = {
	.name = "annotate",
	.arguments = "STORE",
	.summary = "retract entries, or say what is known of a key",
	.examples =
	    "  keysnap annotate keys.store --retract 17 --text \"wrong file\"\n"
	    "  keysnap annotate keys.store --note \"seen on paper\" "
	    "--entry 17 --evidence scan.pdf\n"
	    "  keysnap annotate keys.store --compromise --key 2c26...e1 "
	    "--since 2019-03\n"
	    "  keysnap annotate keys.store --private-key-published "
	    "--key 2c26...e1 --evidence key.pem",
	.min_arguments = 1,
	.max_arguments = G_MAXINT,
	.run = run_annotate,
};
