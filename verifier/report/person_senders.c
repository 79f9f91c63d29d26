/* person_senders.c - see person_senders.h.  What came with the mail is escaped
 * for terminals; domains are canonical. */
#include "verifier/report/person_senders.h"

#include "keysnap/base/text.h"

#define AUTHORS_SHOWN 4

/* ---- alignment ----------------------------------------------------------- */

static void
append_authors(GString *out, const json_t *authors)
{
	size_t n = json_array_size(authors);

	for (size_t i = 0; i < MIN(n, AUTHORS_SHOWN); i++) {
		struct span name = record_get_string(
		    json_array_get(authors, i), "organisation");

		g_string_append(out, i > 0 ? ", " : " ");
		if (name.n > 0)
			text_append_terminal(out, name);
		else
			g_string_append(out, "a public suffix");
	}
	if (n > AUTHORS_SHOWN)
		g_string_append_printf(out, " and %zu more", n - AUTHORS_SHOWN);
}

static void
append_alignment(GString *out, const json_t *senders, const json_t *signature)
{
	const json_t *authors = json_object_get(senders, "authors");
	struct span state = record_get_string(signature, "alignment");
	struct span name = record_get_string(signature, "organisation");
	bool equivalent = span_equal(state, SPAN("equivalent"));

	if ((!equivalent && !span_equal(state, SPAN("unaligned"))) ||
	    json_array_size(authors) == 0)
		return;
	g_string_append(out, "  organisational domains: of the signer ");
	if (name.n > 0)
		text_append_terminal(out, name);
	else
		g_string_append(out, "none");
	g_string_append(out,
	    json_array_size(authors) > 1 ? ", of the authors"
					 : ", of the author");
	append_authors(out, authors);
	g_string_append(out, equivalent ? " (--equivalences)\n" : "\n");
}

/* ---- findings ------------------------------------------------------------ */

/* ' (a.example, not b.example)', ' (a.example and b.example)' */
static void
append_domains(GString *out, const json_t *finding, const char *between)
{
	struct span domain = record_get_string(finding, "domain");
	struct span other = record_get_string(finding, "other");

	if (domain.n == 0 && other.n == 0)
		return;
	g_string_append(out, " (");
	text_append_terminal(out, domain);
	if (domain.n > 0 && other.n > 0)
		g_string_append(out, between);
	text_append_terminal(out, other);
	g_string_append_c(out, ')');
}

static const char *
between_domains(enum sender_code code)
{
	switch (code) {
	case SENDER_NAME_ADDRESS:
	case SENDER_NAME_ADDRESS_VIA:
	case SENDER_NAME_DOMAIN:
	case SENDER_LOCAL_ADDRESS:
	case SENDER_ELSEWHERE:
		return ", not ";
	default:
		return " and ";
	}
}

static void
append_title(GString *out, struct span field)
{
	static const struct {
		const char *field, *title;
	} titles[] = {
		{ "from", "From" },
		{ "sender", "Sender" },
		{ "reply-to", "Reply-To" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
		if (span_equal(field, span_from_string(titles[i].field)))
			g_string_append_printf(out, "%s: ", titles[i].title);
	}
}

/* A finding of a later version has a word that is not known here. */
static void
append_finding(GString *out, const char *before, const json_t *finding)
{
	struct span word = record_get_string(finding, "code");
	struct span text = record_get_string(finding, "text");
	enum sender_code code = SENDER_CODES;

	g_string_append(out, before);
	append_title(out, record_get_string(finding, "field"));
	if (sender_code_from_name(word, &code))
		g_string_append(out, sender_code_text(code));
	if (text.n > 0) {
		g_string_append(out, ": \"");
		text_append_terminal(out, text);
		g_string_append_c(out, '"');
	}
	append_domains(out, finding, between_domains(code));
	g_string_append(out, " [");
	text_append_terminal(out, word);
	g_string_append(out, "]\n");
}

static void
append_idn(GString *out, const char *before, const json_t *idn)
{
	g_string_append(out, before);
	text_append_terminal(out, record_get_string(idn, "domain"));
	g_string_append(out, " is shown to people as \"");
	text_append_terminal(out, record_get_string(idn, "shown"));
	g_string_append(out, "\"\n");
}

/* "before" begins each line. */
static void
append_notes(GString *out, const char *before, const json_t *senders)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(senders, "idn"), i, one)
	    append_idn(out, before, one);
	json_array_foreach(json_object_get(senders, "findings"), i, one)
	    append_finding(out, before, one);
	if (json_is_true(json_object_get(senders, "cut")))
		g_string_append_printf(out,
		    "%snot all that could be said of the senders is said.\n",
		    before);
}

void
person_append_senders(
    GString *out, const json_t *record, const json_t *signature)
{
	const json_t *senders = json_object_get(record, "senders");

	append_alignment(out, senders, signature);
	append_notes(out, "  note: ", senders);
}

void
person_append_attached_senders(GString *out, const json_t *attached)
{
	append_notes(out, "    note: ", json_object_get(attached, "senders"));
}

void
person_append_suffix_list(GString *out, struct span version, struct span sha256)
{
	if (sha256.n == 0)
		return;
	g_string_append(out, "public suffix list");
	if (version.n > 0) {
		g_string_append(out, " of version ");
		text_append_terminal(out, version);
	}
	g_string_append(out, ", SHA-256 ");
	text_append_terminal(out, sha256);
	g_string_append_c(out, '\n');
}
