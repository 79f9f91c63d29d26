/* guess.c - lists of guesses, and those that are copied from elsewhere. */
#include "verifier/repair/guess.h"

#include "keysnap/base/rfc5234.h"

void
guess_list_init(struct guess_list *list, struct arena *arena,
    uint64_t *octets_left, struct span value)
{
	size_t n = 0;

	while (n < value.n && rfc5234_is(value.p[n], RFC5234_WSP))
		n++;
	*list = (struct guess_list){ .arena = arena,
		.octets_left = octets_left,
		.lead = value.p == NULL ? SPAN(" ") : span_sub(value, 0, n) };
	list->list = arena_alloc_array(arena, GUESSES_MAX, sizeof(*list->list));
}

/* Resists nobody who wants two to be alike: GUESSES_MAX bounds that. */
static uint32_t
sum_of(struct span value)
{
	uint32_t sum = (uint32_t)value.n;

	for (size_t i = 0; i < value.n; i++)
		sum = sum * 31 + value.p[i];
	return sum;
}

/* Groups that are not ways to write have to be whole: there, the value of
 * another group does not count. */
static bool
is_there(const struct guess_list *list, struct span value, uint32_t sum,
    unsigned group)
{
	bool whole = group != GUESS_ALONE && group < GUESS_STYLES;

	for (size_t i = 0; i < list->n; i++) {
		const struct guess *guess = &list->list[i];

		if (guess->sum == sum && guess->value.p != NULL &&
		    (!whole || guess->group == group) &&
		    span_equal(guess->value, value))
			return true;
	}
	return false;
}

void
guess_add(struct guess_list *list, struct span value, enum signed_origin origin,
    unsigned group, bool same_text)
{
	uint32_t sum = sum_of(value);

	if (value.p != NULL &&
	    (!copied_value_fits(value) || is_there(list, value, sum, group)))
		return;
	if (list->n == GUESSES_MAX || value.n > *list->octets_left) {
		list->cut = true;
		return;
	}
	*list->octets_left -= value.n;
	list->list[list->n++] =
	    (struct guess){ value, SPAN(""), sum, origin, group, same_text };
}

void
guess_add_text(struct guess_list *list, const GString *text,
    enum signed_origin origin, unsigned group, bool same_text)
{
	size_t n = list->lead.n + text->len;
	uint8_t *p;

	if (n > GUESS_VALUE_MAX || n > *list->octets_left) {
		list->cut = true;
		return;
	}
	p = arena_alloc(list->arena, n + 1);
	if (list->lead.n > 0)
		memcpy(p, list->lead.p, list->lead.n);
	memcpy(p + list->lead.n, text->str, text->len);
	guess_add(list, (struct span){ p, n }, origin, group, same_text);
}

bool
guess_fits(struct guess_list *list, struct span value)
{
	list->cut |= value.n > GUESS_VALUE_MAX;
	return value.n <= GUESS_VALUE_MAX;
}

bool
guess_name_in(struct span name, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++) {
		if (span_equal_nocase(name, span_from_string(names[i])))
			return true;
	}
	return false;
}

bool
guess_is_address(struct span name)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To",
		"Cc", "Bcc", "Resent-From", "Resent-To", "Resent-Cc", NULL };

	return guess_name_in(name, names);
}

/* A value from elsewhere, with its white space and with that of the field. */
static void
add_value(struct guess_list *list, struct span value, enum signed_origin origin,
    unsigned group)
{
	struct span text = span_trim_fws(value);
	g_autoptr(GString) led =
	    g_string_new_len((const char *)text.p, (gssize)text.n);

	guess_add(
	    list, value.p == NULL ? SPAN("") : value, origin, group, false);
	if (text.n <= GUESS_VALUE_MAX)
		guess_add_text(list, led, origin, group, false);
}

void
guess_copied(struct guess_list *list, struct span name, size_t nth,
    const struct copied_fields *copied)
{
	size_t seen = 0;

	for (size_t i = copied->n; i-- > 0;) {
		if (!span_equal_nocase(name, copied->list[i].name))
			continue;
		if (seen++ == nth)
			add_value(list, copied->list[i].value, SIGNED_COPIED,
			    GUESS_COPIES);
	}
	for (size_t i = 0; i < copied->n; i++) {
		if (span_equal_nocase(name, copied->list[i].name))
			add_value(list, copied->list[i].value, SIGNED_COPIED,
			    GUESS_ALONE);
	}
}

void
guess_messages(struct guess_list *list, struct span name, size_t nth,
    const struct other_messages *others)
{
	for (size_t i = 0; i < others->n; i++) {
		const struct header_index *header = others->headers[i];
		size_t n = header_count(header, name);
		unsigned group = GUESS_MESSAGES + (unsigned)i;

		if (n > nth)
			add_value(list,
			    header_get(header, name, n - 1 - nth)->value,
			    SIGNED_MESSAGE, group);
		else
			guess_add(
			    list, GUESS_NONE, SIGNED_MESSAGE, group, false);
	}
}

/* Where programs keep what they replace. */
static const struct {
	const char *name, *kept[8];
} keepers[] = {
	{ "Subject", { "Thread-Topic", NULL } },
	{ "From",
	    { "Reply-To", "Sender", "X-Original-Sender", "X-MailFrom",
		"X-Google-Original-From", "Resent-From", NULL } },
	{ "To",
	    { "Delivered-To", "X-Delivered-To", "Envelope-To", "X-Rcpt-To",
		"X-Envelope-To", NULL } },
	{ "Reply-To", { "From", "X-Google-Original-Reply-To", NULL } },
	{ "Sender", { "X-Original-Sender", "From", NULL } },
	{ "Date", { "Original-Date", "Resent-Date", NULL } },
	{ "Message-ID", { "X-Google-Original-Message-ID", NULL } },
};

/* "X-Original-NAME" and the like. */
static bool
is_original(struct span kept, struct span name)
{
	static const char *const before[] = { "X-Original-", "Original-",
		"X-Orig-", "Old-", "X-Old-", "X-Mailman-Original-", "X-" };

	for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
		struct span prefix = span_from_string(before[i]);

		if (kept.n == prefix.n + name.n &&
		    span_equal_nocase(span_sub(kept, 0, prefix.n), prefix) &&
		    span_equal_nocase(span_from(kept, prefix.n), name))
			return true;
	}
	return false;
}

static bool
may_keep(struct span kept, struct span name)
{
	if (span_equal_nocase(kept, name) || is_original(kept, name))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(keepers); i++) {
		if (span_equal_nocase(name, span_from_string(keepers[i].name)))
			return guess_name_in(kept, keepers[i].kept);
	}
	return false;
}

void
guess_fields(struct guess_list *list, struct span name,
    const struct header_index *header, const struct header_field *field)
{
	for (size_t i = 0; i < MIN(header->n, GUESS_FIELDS_MAX); i++) {
		const struct header_field *other = &header->fields[i];

		if (list->cut)
			return;
		if (other != field && may_keep(other->name, name))
			add_value(
			    list, other->value, SIGNED_FIELD, GUESS_ALONE);
	}
}
