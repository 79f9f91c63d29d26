/* senders_words.c - the words of findings about senders, for records and for
 * people: what stands there, and nothing of what it was meant for. */
#include "verifier/verdict/senders.h"

static const struct {
	const char *name, *text;
} codes[SENDER_CODES] = {
	[SENDER_NAME_ADDRESS] = { "name-address",
	    "the name shown contains an address of another domain" },
	[SENDER_NAME_ADDRESS_VIA] = { "name-address-via",
	    "the name shown contains an address of another domain, and the "
	    "word \"via\", as mailing lists write it" },
	[SENDER_NAME_DOMAIN] = { "name-domain",
	    "the name shown can be read as another domain" },
	[SENDER_NAME_HIDES] = { "name-invisible",
	    "the name shown contains characters that are not seen, or that "
	    "turn the direction of writing" },
	[SENDER_LOCAL_ADDRESS] = { "local-address",
	    "the local part of the address contains an address of another "
	    "domain" },
	[SENDER_FIELDS] = { "several-fields",
	    "the field is there more than once" },
	[SENDER_UNPARSABLE] = { "unparsable",
	    "the field does not fit the grammar of RFC 5322" },
	[SENDER_UNCLEAR_DOMAINS] = { "unclear-domains",
	    "the field does not fit the grammar of RFC 5322, and what can be "
	    "read as addresses in it is of more than one domain" },
	[SENDER_SEVERAL] = { "several-addresses",
	    "the field has more than one address" },
	[SENDER_GROUP] = { "group", "the field has the syntax of a group" },
	[SENDER_ROUTE] = { "route",
	    "an address has other domains in front of it, as a route" },
	[SENDER_ELSEWHERE] = { "other-domain",
	    "the address is of another organisational domain than every "
	    "author's" },
	[SENDER_LOOK_ALIKE] = { "look-alike",
	    "two domains of the message look alike and are not the same" },
	[SENDER_LOOKS_ASCII] = { "looks-ascii",
	    "a domain is written in other letters that look like ASCII" },
	[SENDER_MIXED_SCRIPTS] = { "mixed-scripts",
	    "a label of the domain mixes letters of several scripts" },
	[SENDER_BAD_A_LABEL] = { "a-label-invalid",
	    "a label of the domain begins with xn-- and stands for no name" },
};

const char *
sender_code_name(enum sender_code code)
{
	return codes[code].name;
}

const char *
sender_code_text(enum sender_code code)
{
	return codes[code].text;
}

bool
sender_code_from_name(struct span name, enum sender_code *code_out)
{
	for (int i = 0; i < SENDER_CODES; i++) {
		if (!span_equal(name, span_from_string(codes[i].name)))
			continue;
		*code_out = (enum sender_code)i;
		return true;
	}
	return false;
}

const char *
sender_field_name(enum sender_field field)
{
	static const char *const names[] = { [SENDER_FROM] = "from",
		[SENDER_SENDER] = "sender",
		[SENDER_REPLY_TO] = "reply-to",
		[SENDER_NO_FIELD] = NULL };

	return names[field];
}

const char *
sender_list_state(const struct sender_list *list)
{
	static const char *const names[] = { [FROM_OK] = "parsed",
		[FROM_EMPTY] = "empty",
		[FROM_UNPARSABLE] = "unparsable",
		[FROM_TOO_MANY] = "too-many" };

	return list->fields == 0 ? "missing" : names[list->status];
}
