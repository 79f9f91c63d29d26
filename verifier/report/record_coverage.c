/* record_coverage.c - see record_coverage.h. */
#include "verifier/report/record_coverage.h"

#include "verifier/verdict/coverage_fields.h"
#include "verifier/verdict/left_out.h"

/* ---- attachments ------------------------------------------------------------- */

static void
put_attachment(
    struct line *line, const struct attachment *attachment, uint64_t offset)
{
	const struct part_place *place = &attachment->place;
	const struct part_content *content = &attachment->content;

	json_open_object(&line->json, NULL);
	json_write_string(
	    &line->json, "decode", part_decode_name(content->decode));
	line_put_text(
	    line, "disposition", "disposition_b64", attachment->disposition);
	json_write_string(&line->json, "encoding", attachment->encoding);
	json_write_bool(&line->json, "exact", attachment->exact);
	line_put_count(line, "length", place->n);
	line_put_text(line, "name", "name_b64", attachment->name);
	line_put_count(line, "offset", offset + place->at);
	line_put_sha256(line, "sha256", content->sha256);
	json_write_string(
	    &line->json, "signed", signed_share_name(attachment->share));
	line_put_count(line, "size", content->size);
	line_put_text(line, "type", "type_b64", place->type);
	json_close_object(&line->json);
}

static void
put_unclear(struct line *line, unsigned unclear)
{
	if (unclear == 0)
		return;
	json_open_array(&line->json, "attachments_unclear");
	for (unsigned i = 0; i < MIME_UNCLEAR_KINDS; i++) {
		if ((unclear & (1u << i)) != 0)
			json_write_string(
			    &line->json, NULL, mime_unclear_name(i));
	}
	json_close_array(&line->json);
}

void
line_put_attachments(struct line *line, const struct attachments *attachments)
{
	uint64_t left_out;
	size_t n;

	if (attachments == NULL)
		return;
	n = line->text_max == SIZE_MAX ? attachments->n : 0;
	left_out = attachments->left_out + (attachments->n - n);
	json_open_array(&line->json, "attachments");
	for (size_t i = 0; i < n && !line_is_full(line); i++)
		put_attachment(
		    line, &attachments->list[i], attachments->offset);
	json_close_array(&line->json);
	if (attachments->cut)
		json_write_bool(&line->json, "attachments_cut", true);
	if (left_out > 0)
		line_put_count(line, "attachments_left_out", left_out);
	if (attachments->repaired)
		json_write_bool(&line->json, "attachments_repaired", true);
	put_unclear(line, attachments->unclear);
}

/* ---- coverage ---------------------------------------------------------------- */

static void
put_part(struct line *line, const struct left_out *left_out, size_t at)
{
	const struct part_place *place = &left_out->parts[at];

	json_open_object(&line->json, NULL);
	line_put_count(line, "length", place->n);
	line_put_count(line, "offset", left_out->offset + place->at);
	json_write_string(
	    &line->json, "signed", signed_share_name(left_out->shares[at]));
	line_put_text(line, "type", "type_b64", place->type);
	json_close_object(&line->json);
}

static void
put_left_out(struct line *line, const struct left_out *left_out)
{
	size_t n;

	if (left_out == NULL)
		return;
	n = MIN(left_out->n_parts, line->list_max);
	json_open_object(&line->json, "left_out");
	json_write_bool(&line->json, "behind_close", left_out->behind_close);
	line_put_count(line, "canonical", left_out->canonical);
	json_write_string(
	    &line->json, "holds", left_out_holds_name(left_out->holds));
	json_write_bool(&line->json, "html", left_out->html);
	line_put_count(line, "length", left_out->n);
	line_put_count(line, "offset", left_out->offset + left_out->at);
	json_open_array(&line->json, "parts");
	for (size_t i = 0; i < n; i++)
		put_part(line, left_out, i);
	json_close_array(&line->json);
	if (left_out->parts_left_out + (left_out->n_parts - n) > 0)
		line_put_count(line, "parts_left_out",
		    left_out->parts_left_out + (left_out->n_parts - n));
	json_close_object(&line->json);
}

static void
put_instance(struct line *line, const struct field_instance *instance)
{
	json_open_object(&line->json, NULL);
	json_write_bool(&line->json, "signed", instance->is_signed);
	line_put_text(line, "text", "text_b64", instance->text);
	json_close_object(&line->json);
}

static void
put_surplus(struct line *line, const struct field_surplus *surplus)
{
	json_open_object(&line->json, NULL);
	json_open_array(&line->json, "fields");
	for (size_t i = 0; i < surplus->n; i++)
		put_instance(line, &surplus->instances[i]);
	json_close_array(&line->json);
	line_put_text(line, "name", "name_b64", surplus->name);
	line_put_count(line, "present", surplus->present);
	line_put_count(line, "signed", surplus->is_signed);
	json_close_object(&line->json);
}

void
line_put_coverage(struct line *line, const struct signature_verdict *verdict)
{
	const struct coverage_fields *fields = verdict->fields;

	if (fields == NULL)
		return;
	json_open_object(&line->json, "coverage");
	if (fields->cut)
		json_write_bool(&line->json, "cut", true);
	put_left_out(line, verdict->left_out);
	line_put_spans(
	    line, "oversigned", fields->oversigned, fields->n_oversigned);
	line_put_spans(line, "signed", fields->covered, fields->n_covered);
	json_open_array(&line->json, "surplus");
	for (size_t i = 0;
	     i < MIN(fields->n_surplus, line->list_max) && !line_is_full(line);
	     i++)
		put_surplus(line, &fields->surplus[i]);
	json_close_array(&line->json);
	json_close_object(&line->json);
}
