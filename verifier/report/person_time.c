/* person_time.c - the times of a message, for people. */
#include "verifier/report/person_time.h"

#include "keysnap/base/text.h"

struct bound {
	struct span source, time;
};

static const char *
source_words(struct span source)
{
	static const char *const words[][2] = {
		{ "t", "t=" },
		{ "date", "Date" },
		{ "received", "Received" },
		{ "envelope", "From_ line" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (span_equal(source, span_from_string(words[i][0])))
			return words[i][1];
	}
	return NULL;
}

static void
append_bound(GString *out, const char *who, struct span time, size_t *n)
{
	if (time.n == 0 || who == NULL)
		return;
	g_string_append_printf(out, "%s%s says ", *n > 0 ? ", " : "", who);
	text_append_terminal(out, time);
	(*n)++;
}

/* The two ends of the interval, and t= where it lies between them: text of
 * one form, so that equal times have equal octets. */
static void
append_claims(GString *out, const json_t *signature, size_t *n)
{
	const json_t *interval = json_object_get(signature, "interval");
	struct span from = record_get_string(interval, "from");
	struct span to = record_get_string(interval, "to");
	struct span t = record_get_string(signature, "time");
	const char *first =
	    source_words(record_get_string(interval, "from_source"));

	if (t.n > 0 && span_equal(t, from))
		first = "t=";
	append_bound(out, first, from, n);
	if (t.n > 0 && !span_equal(t, from) && !span_equal(t, to))
		append_bound(out, "t=", t, n);
	if (!span_equal(to, from))
		append_bound(out,
		    t.n > 0 && span_equal(t, to)
			? "t="
			: source_words(
			      record_get_string(interval, "to_source")),
		    to, n);
	append_bound(out, "x=", record_get_string(signature, "expiry"), n);
}

/* The earliest of the proofs, which is the first. */
static void
append_first(GString *out, const json_t *record, size_t *n)
{
	static const char *const kinds[][2] = {
		{ "rfc3161", "time stamp by " },
		{ "opentimestamps", "OpenTimestamps: " },
		{ "note", "note by " },
	};
	const json_t *proof =
	    json_array_get(json_object_get(record, "anchors"), 0);
	struct span kind = record_get_string(proof, "kind");

	if (proof == NULL)
		return;
	g_string_append_printf(
	    out, "%sexisted at the latest ", *n > 0 ? ", " : "");
	text_append_terminal(out, record_get_string(proof, "time"));
	g_string_append(out, " (");
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (span_equal(kind, span_from_string(kinds[i][0])))
			g_string_append(out, kinds[i][1]);
	}
	text_append_terminal(out, record_get_string(proof, "authority"));
	g_string_append_c(out, ')');
	(*n)++;
}

void
person_append_time(GString *out, const json_t *record, const json_t *signature)
{
	size_t n = 0;

	append_claims(out, signature, &n);
	if (n == 0) {
		g_string_append(out, "no time stated");
		n++;
	}
	append_first(out, record, &n);
}

void
person_append_proof(GString *out, const json_t *record)
{
	size_t n = 0;

	if (json_array_size(json_object_get(record, "anchors")) == 0)
		return;
	g_string_append(out, "   ");
	append_first(out, record, &n);
}

void
person_append_no_proof(GString *out, const json_t *record)
{
	const json_t *proofs = json_object_get(record, "anchors");

	if (json_is_array(proofs) && json_array_size(proofs) == 0)
		g_string_append(out,
		    "  note: no proof of a time that was given, and counts, "
		    "covers this message.\n");
}
