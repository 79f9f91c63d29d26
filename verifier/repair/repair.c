/* repair.c - the repairs in their order, and what they share. */
#include "verifier/repair/repair.h"

#include <glib.h>

/* Quoting and line ends first: they cost little and are met most. */
const struct repair *const repair_table[] = {
	&repair_from_quoting,
	&repair_dot_stuffing,
	&repair_line_ends,
	&repair_end_marks,
	&repair_trailing_space,
	&repair_signature_dashes,
	&repair_tabs,
	&repair_leading_line,
	&repair_base64_lines,
	&repair_list_footer,
	&repair_preamble,
	&repair_charset,
	&repair_body_encoding,
	&repair_name_case,
	&repair_colon_space,
	&repair_folding,
	&repair_subject_tag,
	&repair_encoding_field,
	NULL,
};

static const char *const scopes[] = {
	[REPAIRS_ALL] = "all",
	[REPAIRS_CONTAINER] = "container",
	[REPAIRS_NONE] = "none",
};

const char *
repair_scope_name(enum repair_scope scope)
{
	return scopes[scope];
}

bool
repair_scope_from_name(struct span name, enum repair_scope *scope_out)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(scopes); i++) {
		if (!span_equal(name, span_from_string(scopes[i])))
			continue;
		*scope_out = (enum repair_scope)i;
		return true;
	}
	return false;
}

bool
signature_takes(const struct signature *signature, struct span name)
{
	if (span_equal_nocase(name, signature->field->name))
		return true;
	for (size_t i = 0; i < signature->n_names; i++) {
		if (span_equal_nocase(name, signature->names[i]))
			return true;
	}
	return false;
}
