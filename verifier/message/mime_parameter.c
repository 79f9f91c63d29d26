/* mime_parameter.c - see mime_parameter.h. */
#include "verifier/message/mime_parameter.h"

#include "keysnap/base/rfc5234.h"

/* Octets that every program reads as one word. */
static bool
is_token(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_VCHAR) || text.p[i] == '"' ||
		    text.p[i] == '(' || text.p[i] == '\\')
			return false;
	}
	return true;
}

/* The value of a parameter: a token or a quoted string without escapes. */
static bool
take_value(struct span *rest, struct span *value_out)
{
	bool quoted = rest->n > 0 && rest->p[0] == '"';
	size_t n;

	if (quoted) {
		*rest = span_from(*rest, 1);
		n = span_find(*rest, '"');
		if (n == rest->n)
			return false;
	} else {
		n = span_find(*rest, ';');
	}
	struct span value = span_sub(*rest, 0, n);
	*rest = span_trim_fws(span_from(*rest, quoted ? n + 1 : n));
	*value_out = quoted ? value : span_trim_fws(value);
	return quoted ? span_find(value, '\\') == value.n
		      : is_token(*value_out);
}

bool
mime_parameter_find(
    struct span rest, struct span wanted, size_t *n_out, struct span *value_out)
{
	*n_out = 0;
	while (rest.n > 0) {
		struct span value;
		if (rest.p[0] != ';')
			return false;
		rest = span_trim_fws(span_from(rest, 1));
		if (rest.n == 0)
			break;
		size_t equals = span_find(rest, '=');
		struct span name = span_trim_fws(span_sub(rest, 0, equals));
		rest = span_trim_fws(span_from(rest, equals + 1));
		if (!is_token(name) || !take_value(&rest, &value))
			return false;
		if (!span_equal_nocase(span_sub(name, 0, wanted.n), wanted))
			continue;
		if (name.n > wanted.n && name.p[wanted.n] == '*')
			return false;
		if (name.n > wanted.n)
			continue;
		*value_out = value;
		(*n_out)++;
	}
	return true;
}
