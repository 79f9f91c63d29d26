/*
 * dns_message.c - DNS messages as they were on the wire (RFC 1035 section 4).
 *
 * ldns reads each record and follows compressed names; the header, and where
 * the message ends, are read here: ldns ignores what is left over.  A record
 * takes 11 octets or more, so 64 KB bound their number.
 */
#include "keysnap/import/dns_message.h"
#include "keysnap/import/import_records.h"
#include "keysnap/key/dns_name.h"

#include <ldns/ldns.h>
#include <string.h>

#define FLAG_RESPONSE 0x8000u /* RFC 1035 section 4.1.1 */
#define OPCODE_MASK   0x7800u
#define RCODE_MASK    0x000fu
#define RECORD_MIN    11 /* octets of the shortest record */

/* A message being read. */
struct reading {
	struct arena *arena;
	struct span message;
	bool any; /* name, not of keys alone */
	size_t at;
	unsigned counts[4]; /* questions, answers, authority, additional */
	struct dns_answer_record *records;
	struct dns_answer *answer;
};

static unsigned
get_16(struct span message, size_t at)
{
	return (unsigned)message.p[at] << 8 | message.p[at + 1];
}

/*
 * The canonical text of a name on the wire.  False for one that no key has:
 * in a label, a dot is not the end of a label, and UTF-8 is no U-label.
 */
static bool
read_name(struct arena *arena, const ldns_rdf *rdf, struct span *name_out)
{
	const uint8_t *p = ldns_rdf_data(rdf);
	size_t size = ldns_rdf_size(rdf), n = 0;
	uint8_t text[LDNS_MAX_DOMAINLEN + 1];

	for (size_t at = 0; at < size && p[at] != 0; at += 1u + p[at]) {
		if (at + 1u + p[at] > size || n + p[at] + 1u > sizeof(text))
			return false;
		for (size_t i = 1; i <= p[at]; i++) {
			if (p[at + i] == '.' || p[at + i] >= 0x80)
				return false;
			text[n++] = p[at + i];
		}
		text[n++] = '.';
	}
	return dns_name_canonical(arena, (struct span){ text, n }, name_out) ==
	    DNS_NAME_OK;
}

static bool
read_record(struct reading *r, ldns_pkt_section section, ldns_rr **rr_out)
{
	*rr_out = NULL;
	return ldns_wire2rr(rr_out, r->message.p, r->message.n, &r->at,
		   section) == LDNS_STATUS_OK;
}

static const char *
read_txt(struct reading *r, const ldns_rr *rr, struct dns_answer_record *record)
{
	size_t n = ldns_rr_rd_count(rr);
	struct span *strings = arena_alloc_array(r->arena, n, sizeof(*strings));

	if (n == 0)
		return "a TXT record without a string";
	if (n > ENTRY_STRINGS_MAX)
		return "more character-strings than a record can hold";
	for (size_t i = 0; i < n; i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

		/* The RDATA of a string is its length octet and its octets. */
		strings[i] = arena_copy(r->arena,
		    (struct span){
			ldns_rdf_data(rdf) + 1, ldns_rdf_size(rdf) - 1 });
	}
	record->strings = strings;
	record->n_strings = n;
	record->joined = JOIN_EXACT;
	return NULL;
}

/* Keep a TXT or CNAME record of the answer section. */
static const char *
take_answer(struct reading *r, const ldns_rr *rr)
{
	struct dns_answer *answer = r->answer;
	struct dns_answer_record *record = &r->records[answer->n_records];
	ldns_rr_type type = ldns_rr_get_type(rr);

	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
	    (type != LDNS_RR_TYPE_TXT && type != LDNS_RR_TYPE_CNAME))
		return NULL;
	*record = (struct dns_answer_record){ .ttl = ldns_rr_ttl(rr) };
	/* RFC 2181 section 8: with the topmost bit set it is 0. */
	if (record->ttl > INT32_MAX)
		record->ttl = 0;
	if (!read_name(r->arena, ldns_rr_owner(rr), &record->owner))
		return "a record of a name that no key has";
	answer->n_records++;
	if (type == LDNS_RR_TYPE_TXT)
		return read_txt(r, rr, record);
	if (ldns_rr_rd_count(rr) != 1 ||
	    !read_name(r->arena, ldns_rr_rdf(rr, 0), &record->target))
		return "a CNAME to a name that no key name has";
	return NULL;
}

/* RFC 6891 section 6.1.3: the upper eight bits of twelve. */
static unsigned
extended_rcode(const ldns_rr *opt)
{
	return (unsigned)(ldns_rr_ttl(opt) >> 24) << 4;
}

static const char *
read_section(struct reading *r, ldns_pkt_section section)
{
	unsigned n = r->counts[section];
	const char *fault = NULL;

	for (unsigned i = 0; i < n && fault == NULL; i++) {
		ldns_rr *rr;

		if (!read_record(r, section, &rr))
			return "a malformed record";
		if (section == LDNS_SECTION_ANSWER)
			fault = take_answer(r, rr);
		else if (section == LDNS_SECTION_AUTHORITY &&
		    ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA)
			r->answer->soa = true;
		else if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_OPT)
			r->answer->rcode |= extended_rcode(rr);
		ldns_rr_free(rr);
	}
	return fault;
}

/* The header, and the question when there is exactly one. */
static bool
read_start(struct reading *r, struct dns_message_question *question)
{
	struct span message = r->message, selector, domain;
	ldns_rr *rr;
	bool ok;

	if (message.n < DNS_MESSAGE_HEADER || message.n > DNS_MESSAGE_MAX)
		return false;
	for (size_t i = 0; i < 4; i++)
		r->counts[i] = get_16(message, 4 + 2 * i);
	r->at = DNS_MESSAGE_HEADER;
	*question = (struct dns_message_question){
		.id = get_16(message, 0),
		.response = (get_16(message, 2) & FLAG_RESPONSE) != 0,
	};
	if (r->counts[0] != 1 || (get_16(message, 2) & OPCODE_MASK) != 0)
		return true;
	ok = read_record(r, LDNS_SECTION_QUESTION, &rr);
	if (ok && ldns_rr_get_type(rr) == LDNS_RR_TYPE_TXT &&
	    ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
	    (!read_name(r->arena, ldns_rr_owner(rr), &question->name) ||
		(!r->any &&
		    !dns_name_split_key(question->name, &selector, &domain))))
		question->name.n = 0;
	if (ok)
		ldns_rr_free(rr);
	return ok;
}

static unsigned
read_flags(unsigned bits)
{
	static const struct {
		unsigned bit, flag;
	} flags[] = {
		{ 0x0400, DNS_FLAG_AA },
		{ 0x0200, DNS_FLAG_TC },
		{ 0x0100, DNS_FLAG_RD },
		{ 0x0080, DNS_FLAG_RA },
		{ 0x0020, DNS_FLAG_AD },
		{ 0x0010, DNS_FLAG_CD },
	};
	unsigned found = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		found |= (bits & flags[i].bit) != 0 ? flags[i].flag : 0;
	return found;
}

static const char *
read_rest(struct reading *r)
{
	static const ldns_pkt_section sections[] = { LDNS_SECTION_ANSWER,
		LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL };
	const char *fault = NULL;

	if (r->counts[1] > (r->message.n - r->at) / RECORD_MIN)
		return "more answers than the message has room for";
	r->records =
	    arena_alloc_array(r->arena, r->counts[1] + 1, sizeof(*r->records));
	r->answer->records = r->records;
	for (size_t i = 0; i < 3 && fault == NULL; i++)
		fault = read_section(r, sections[i]);
	if (fault == NULL && r->at != r->message.n)
		fault = "octets behind the message";
	return fault;
}

static enum dns_message_status
read_message(struct arena *arena, struct span message, bool any,
    struct dns_answer *answer_out, const char **why_out)
{
	struct reading r = { arena, message, any, .answer = answer_out };
	struct dns_message_question question;

	*why_out = "not a DNS message";
	if (!read_start(&r, &question))
		return DNS_MESSAGE_BAD;
	if (!question.response || question.name.n == 0)
		return DNS_MESSAGE_OTHER;
	*answer_out = (struct dns_answer){
		.name = question.name,
		.rcode = get_16(message, 2) & RCODE_MASK,
		.flags = read_flags(get_16(message, 2)),
	};
	*why_out = read_rest(&r);
	return *why_out == NULL ? DNS_MESSAGE_KEY : DNS_MESSAGE_BAD;
}

enum dns_message_status
dns_message_read(struct arena *arena, struct span message,
    struct dns_answer *answer_out, const char **why_out)
{
	return read_message(arena, message, false, answer_out, why_out);
}

enum dns_message_status
dns_message_read_any(struct arena *arena, struct span message,
    struct dns_answer *answer_out, const char **why_out)
{
	return read_message(arena, message, true, answer_out, why_out);
}

bool
dns_message_read_question(struct arena *arena, struct span message,
    struct dns_message_question *question_out)
{
	struct reading r = { arena, message, .answer = NULL };

	return read_start(&r, question_out);
}

void
dns_message_take(struct arena *arena, struct span message,
    const struct entry_observation *observation, uint64_t number,
    const struct import_output *output)
{
	struct dns_answer answer;
	const char *fault = NULL;
	size_t n = 0;

	switch (dns_message_read(arena, message, &answer, &fault)) {
	case DNS_MESSAGE_KEY:
		fault =
		    dns_answer_emit(arena, &answer, observation, output, &n);
		if (fault == NULL)
			import_records_message(message, output);
		break;
	case DNS_MESSAGE_OTHER:
		import_records_message(message, output);
		fault = NULL;
		break;
	case DNS_MESSAGE_BAD:
		break;
	}
	if (fault != NULL)
		output->bad(output->user, number, fault);
	else if (n == 0)
		output->other(output->user, number);
}
