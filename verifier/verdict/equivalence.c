/* equivalence.c - recorded equivalences of domains. */
#include "verifier/verdict/equivalence.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"

/* The next word of "line", cut off its front; empty at the end. */
static struct span
take_word(struct span *line)
{
	size_t n = 0;

	*line = span_trim_wsp(*line);
	while (n < line->n && !rfc5234_is(line->p[n], RFC5234_WSP))
		n++;
	struct span word = span_sub(*line, 0, n);
	*line = span_trim_wsp(span_from(*line, n));
	return word;
}

static bool
parse_line(
    struct equivalence *equivalence, struct arena *arena, struct span line)
{
	struct span pattern = take_word(&line);
	struct span organisation = take_word(&line);

	equivalence->below = span_starts_with(pattern, SPAN("*."));
	if (equivalence->below)
		pattern = span_from(pattern, 2);
	if (line.n > 0 ||
	    dns_name_canonical(arena, pattern, &equivalence->pattern) !=
		DNS_NAME_OK)
		return false;
	if (equivalence->below && span_equal(organisation, SPAN("*"))) {
		equivalence->organisation = (struct span){ NULL, 0 };
		return true;
	}
	return dns_name_canonical(arena, organisation,
		   &equivalence->organisation) == DNS_NAME_OK;
}

/* Lines of "text", an upper bound for the equivalences in it. */
static size_t
count_lines(struct span text)
{
	size_t n = 1;

	for (size_t at = span_find(text, '\n'); at < text.n;
	     at = span_find(text, '\n')) {
		text = span_from(text, at + 1);
		n++;
	}
	return n;
}

bool
equivalences_parse(struct equivalences *equivalences, struct arena *arena,
    const char *path, struct span text, GError **error)
{
	equivalences->n = 0;
	equivalences->list = arena_alloc_array(
	    arena, count_lines(text), sizeof(*equivalences->list));
	for (size_t number = 1; text.n > 0; number++) {
		size_t end = span_find(text, '\n');
		struct span line = span_trim_fws(span_sub(text, 0, end));
		text = span_from(text, end + 1);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!parse_line(
			&equivalences->list[equivalences->n], arena, line)) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s:%zu: not \"PATTERN ORGANISATION\"", path,
			    number);
			return false;
		}
		equivalences->n++;
	}
	return true;
}

/* Is "label" the name "organisation" with hyphens for its dots? */
static bool
is_tenant(struct span label, struct span organisation)
{
	if (label.n != organisation.n)
		return false;
	for (size_t i = 0; i < label.n; i++) {
		uint8_t octet = organisation.p[i];
		if (label.p[i] != (octet == '.' ? '-' : octet))
			return false;
	}
	return true;
}

static bool
matches(const struct equivalence *equivalence, struct span domain,
    struct span organisation)
{
	if (!equivalence->below)
		return span_equal(domain, equivalence->pattern) &&
		    span_equal(organisation, equivalence->organisation);
	if (!dns_name_is_within(domain, equivalence->pattern) ||
	    domain.n == equivalence->pattern.n)
		return false;
	if (equivalence->organisation.n > 0)
		return span_equal(organisation, equivalence->organisation);
	struct span label = span_sub(domain, 0, span_find(domain, '.'));
	return label.n + 1 + equivalence->pattern.n == domain.n &&
	    is_tenant(label, organisation);
}

bool
equivalences_match(const struct equivalences *equivalences, struct span domain,
    struct span organisation)
{
	for (size_t i = 0; i < equivalences->n; i++) {
		if (matches(&equivalences->list[i], domain, organisation))
			return true;
	}
	return false;
}
