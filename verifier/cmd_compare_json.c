/* cmd_compare_json.c - a comparison as JSON lines; verifier.5 is normative. */
#include "verifier/cmd_compare_write.h"

#include "verifier/report/record_difference.h"

#define SCHEMA "verifier-compare/1"

static const char *const word_names[] = {
	[THEIR_PASS] = "pass",
	[THEIR_FAIL] = "fail",
	[THEIR_NONE] = "none",
	[THEIR_OTHER] = "other",
};

static void
put_verdict(struct json_writer *writer, const char *name, int verdict)
{
	if (verdict == COMPARE_ABSENT)
		json_write_null(writer, name);
	else
		json_write_string(
		    writer, name, verdict_row((enum verdict)verdict)->code);
}

static void
put_count(struct json_writer *writer, const char *name, uint64_t count)
{
	json_write_integer(writer, name, (int64_t)count);
}

static void
put_value(struct json_writer *writer, const char *name, const json_t *value)
{
	if (value == NULL || !json_write_value(writer, name, value))
		json_write_null(writer, name);
}

static void
put_run(struct json_writer *writer, const char *name,
    const struct compared_run *run)
{
	json_open_object(writer, name);
	json_write_bool(writer, "altered", run->altered);
	put_count(writer, "records", run->records);
	put_value(writer, "root", json_object_get(run->header, "root"));
	put_value(writer, "tool", json_object_get(run->header, "tool"));
	put_value(writer, "vouched", json_object_get(run->header, "vouched"));
	json_close_object(writer);
}

static void
put_list(struct json_writer *writer, const struct compared_list *list)
{
	json_open_object(writer, "list");
	put_count(writer, "fail", list->words[THEIR_FAIL]);
	put_count(writer, "none", list->words[THEIR_NONE]);
	put_count(writer, "other", list->words[THEIR_OTHER]);
	put_count(writer, "pass", list->words[THEIR_PASS]);
	put_count(writer, "skipped", list->skipped);
	json_close_object(writer);
}

static void
put_causes(struct json_writer *writer, const struct comparison *comparison)
{
	json_open_array(writer, "causes");
	for (int i = 0; i < CAUSES; i++) {
		json_open_object(writer, NULL);
		json_write_string(writer, "cause", cause_code((enum cause)i));
		put_count(writer, "else", comparison->causes[i][1]);
		put_count(writer, "verdict", comparison->causes[i][0]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void
put_contrast(struct json_writer *writer, const struct contrast *contrast)
{
	json_open_object(writer, "differ");
	json_write_bool(writer, "anchors", contrast->anchors);
	json_write_bool(writer, "equivalences", contrast->equivalences);
	json_write_bool(writer, "limits", contrast->limits);
	json_write_bool(writer, "max_gap", contrast->max_gap);
	json_write_bool(writer, "min_grade", contrast->min_grade);
	json_write_bool(writer, "program", contrast->program);
	json_write_bool(writer, "public_suffix_list", contrast->suffix_list);
	json_write_bool(writer, "repairs", contrast->repairs);
	json_write_bool(writer, "snapshot", contrast->snapshot);
	json_write_bool(writer, "vouched", contrast->vouched);
	json_close_object(writer);
}

static void
put_changes(struct json_writer *writer, const struct comparison *comparison)
{
	json_open_array(writer, "verdicts");
	for (int i = 0; i <= VERDICTS; i++) {
		for (int j = 0; j <= VERDICTS; j++) {
			if (comparison->verdicts[i][j] == 0)
				continue;
			json_open_object(writer, NULL);
			put_verdict(writer, "a", i);
			put_verdict(writer, "b", j);
			put_count(writer, "count", comparison->verdicts[i][j]);
			json_close_object(writer);
		}
	}
	json_close_array(writer);
}

static void
put_words(struct json_writer *writer, const struct comparison *comparison)
{
	json_open_array(writer, "verdicts");
	for (int i = 0; i <= VERDICTS; i++) {
		for (int j = 0; j <= THEIR_OTHER + 1; j++) {
			if (comparison->words[i][j] == 0)
				continue;
			json_open_object(writer, NULL);
			put_verdict(writer, "a", i);
			if (j > THEIR_OTHER)
				json_write_null(writer, "b");
			else
				json_write_string(writer, "b", word_names[j]);
			put_count(writer, "count", comparison->words[i][j]);
			json_close_object(writer);
		}
	}
	json_close_array(writer);
}

void
compare_write_tables_json(GString *out, const struct comparison *comparison)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	put_run(&writer, "a", &comparison->a);
	put_count(&writer, "alike", comparison->alike);
	if (!comparison->has_list)
		put_run(&writer, "b", &comparison->b);
	put_causes(&writer, comparison);
	if (!comparison->has_list)
		put_contrast(&writer, &comparison->contrast);
	put_count(&writer, "differ_else", comparison->differ_rest);
	put_count(&writer, "differ_verdict", comparison->differ_verdict);
	if (comparison->has_list)
		put_list(&writer, &comparison->list);
	put_count(&writer, "only_a", comparison->only[0]);
	put_count(&writer, "only_b", comparison->only[1]);
	json_write_string(&writer, "schema", SCHEMA);
	json_write_string(&writer, "type", "comparison");
	(comparison->has_list ? put_words : put_changes)(&writer, comparison);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

/* ---- one difference ------------------------------------------------------ */

static void
put_side(struct json_writer *writer, const char *name,
    const struct difference *difference, int side)
{
	const struct place *place = &difference->sides[side];
	const json_t *record = difference->records[side];
	const json_t *source = json_object_get(record, "source");

	if (!difference->has[side]) {
		json_write_null(writer, name);
		return;
	}
	json_open_object(writer, name);
	if (record == NULL) {
		put_count(writer, "line", place->seq);
		json_write_text(writer, "word", "word_b64",
		    (struct span){
			(const uint8_t *)place->their, place->their_n });
	} else {
		put_value(writer, "offset", json_object_get(source, "offset"));
		put_value(writer, "path", json_object_get(source, "path"));
		if (json_object_get(source, "path_b64") != NULL)
			put_value(writer, "path_b64",
			    json_object_get(source, "path_b64"));
		put_count(writer, "seq", place->seq);
		put_value(writer, "sha256", json_object_get(record, "sha256"));
		put_value(
		    writer, "verdict", json_object_get(record, "verdict"));
	}
	json_close_object(writer);
}

static void
put_first(struct json_writer *writer, const struct difference *difference)
{
	static const char *const passed_over[] = { "color", "seq", "source",
		NULL };
	g_autoptr(GString) place = g_string_new(NULL);
	const json_t *a, *b;

	if (difference->records[0] == NULL || difference->records[1] == NULL ||
	    !record_difference(difference->records[0], difference->records[1],
		passed_over, place, &a, &b))
		return;
	json_open_object(writer, "first");
	put_value(writer, "a", a);
	put_value(writer, "b", b);
	json_write_text(writer, "member", "member_b64",
	    (struct span){ (const uint8_t *)place->str, place->len });
	json_close_object(writer);
}

void
compare_write_line_json(GString *out, const struct difference *difference)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	put_side(&writer, "a", difference, 0);
	put_side(&writer, "b", difference, 1);
	json_open_array(&writer, "causes");
	for (int i = 0; i < CAUSES; i++) {
		if ((difference->causes & CAUSE_BIT(i)) != 0)
			json_write_string(
			    &writer, NULL, cause_code((enum cause)i));
	}
	json_close_array(&writer);
	put_first(&writer, difference);
	json_write_string(&writer, "type", "difference");
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}
