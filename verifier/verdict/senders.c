/* senders.c - see senders.h. */
#include "verifier/verdict/senders.h"

#include "keysnap/base/text.h"
#include "keysnap/key/dns_name.h"
#include "verifier/message/shown_name.h"
#include "verifier/verdict/look_alike.h"

/* A domain of the message; "organisation" may be empty, "skeleton" is of what
 * owner() gives. */
struct known_domain {
	struct span domain, organisation, skeleton;
	enum sender_field field; /* where it was first met */
};

struct work {
	struct arena *arena;
	const struct alignment *alignment;
	struct senders *senders;
	struct known_domain *domains;
	size_t n_domains;
};

static void
add_finding(struct work *work, const struct sender_finding *finding)
{
	struct senders *senders = work->senders;

	if (senders->findings == NULL)
		senders->findings = arena_alloc_array(work->arena,
		    SENDERS_FINDINGS_MAX, sizeof(*senders->findings));
	if (senders->n_findings == SENDERS_FINDINGS_MAX)
		senders->cut = true;
	else
		senders->findings[senders->n_findings++] = *finding;
}

static void
add_code(struct work *work, enum sender_field field, enum sender_code code)
{
	add_finding(
	    work, &(struct sender_finding){ .code = code, .field = field });
}

static const struct known_domain *
find_domain(const struct work *work, struct span domain)
{
	for (size_t i = 0; i < work->n_domains; i++) {
		if (span_equal(work->domains[i].domain, domain))
			return &work->domains[i];
	}
	return NULL;
}

/* The organisational domain; the list is asked once for each domain. */
static struct span
organisation_of(const struct work *work, struct span domain)
{
	const struct known_domain *known = find_domain(work, domain);

	return known != NULL ? known->organisation
			     : alignment_organisation(work->alignment, domain);
}

/* The part of a domain that somebody registered; all of a public suffix. */
static struct span
owner(const struct work *work, struct span domain)
{
	struct span found = organisation_of(work, domain);

	return found.n == 0 ? domain : found;
}

static void
add_domain(struct work *work, struct span domain, enum sender_field field)
{
	if (domain.n == 0 || find_domain(work, domain) != NULL)
		return;
	if (work->n_domains == SENDERS_DOMAINS_MAX) {
		work->senders->cut = true;
		return;
	}
	work->domains[work->n_domains++] = (struct known_domain){ .domain =
								      domain,
		.organisation = alignment_organisation(work->alignment, domain),
		.field = field };
}

/* ---- names --------------------------------------------------------------- */

/* "jo.li" of "jo.li@example.com" is no domain, as a person can be called so;
 * "bank.com" of "bank.com@evil.example" is one. */
static bool
is_local_part(
    const struct from_address *address, const struct shown_reading *reading)
{
	struct span text = reading->text;

	return !reading->generic && address->address.n > text.n &&
	    span_equal_nocase(span_sub(address->address, 0, text.n), text) &&
	    address->address.p[text.n] == '@';
}

static bool
is_domain(const struct work *work, const struct from_address *address,
    const struct shown_reading *reading)
{
	return reading->address ||
	    (!reading->titled && !is_local_part(address, reading) &&
		alignment_organisation(work->alignment, reading->domain).n >
		    0 &&
		alignment_is_public(work->alignment, reading->domain));
}

/* The first reading of each kind is told; all domains are compared. */
static void
look_at_readings(struct work *work, enum sender_field field,
    const struct from_address *address, const struct shown_name *name)
{
	bool told[SENDER_CODES] = { false };

	for (size_t i = 0; i < name->n; i++) {
		const struct shown_reading *reading = &name->readings[i];
		enum sender_code code = !reading->address ? SENDER_NAME_DOMAIN
		    : name->via ? SENDER_NAME_ADDRESS_VIA
				: SENDER_NAME_ADDRESS;

		if (!is_domain(work, address, reading) ||
		    span_equal(owner(work, reading->domain),
			owner(work, address->domain)))
			continue;
		add_domain(work, reading->domain, field);
		if (told[code])
			continue;
		told[code] = true;
		add_finding(work,
		    &(struct sender_finding){ .code = code,
			.field = field,
			.text = name->text,
			.domain = reading->domain,
			.other = address->domain });
	}
}

static void
look_at_name(struct work *work, enum sender_field field,
    const struct from_address *address, struct span raw)
{
	struct shown_name name;

	shown_name_read(&name, work->arena, raw);
	work->senders->cut |= name.cut;
	if (name.hides)
		add_finding(work,
		    &(struct sender_finding){ .code = SENDER_NAME_HIDES,
			.field = field,
			.text = name.text,
			.other = address->domain });
	look_at_readings(work, field, address, &name);
}

static struct span
local_part(struct span address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	return span_sub(address, 0, at > 0 ? at - 1 : 0);
}

/* A quoted local part can hold a whole address. */
static void
look_at_local(struct work *work, enum sender_field field,
    const struct from_address *address)
{
	struct span local = local_part(address->address);
	struct shown_name name;

	if (local.n == 0 || local.p[0] != '"')
		return;
	shown_name_read(&name, work->arena, local);
	work->senders->cut |= name.cut;
	for (size_t i = 0; i < name.n; i++) {
		struct span domain = name.readings[i].domain;

		if (!name.readings[i].address ||
		    span_equal(
			owner(work, domain), owner(work, address->domain)))
			continue;
		add_domain(work, domain, field);
		add_finding(work,
		    &(struct sender_finding){ .code = SENDER_LOCAL_ADDRESS,
			.field = field,
			.text = name.text,
			.domain = domain,
			.other = address->domain });
		return;
	}
}

/* ---- fields -------------------------------------------------------------- */

/* A field that does not parse, or has nothing but comments and groups: what programs could show instead of it. */
static void
look_at_unparsable(struct work *work, enum sender_field field,
    struct span value, enum from_status status)
{
	struct sender_finding finding = { .code = SENDER_UNPARSABLE,
		.field = field };
	struct shown_name name;

	shown_name_read(&name, work->arena, value);
	work->senders->cut |= name.cut;
	finding.text = name.text;
	for (size_t i = 0; i < name.n; i++) {
		struct span domain = name.readings[i].domain;

		if (!name.readings[i].address)
			continue;
		add_domain(work, domain, field);
		if (finding.domain.n == 0)
			finding.domain = domain;
		else if (finding.other.n == 0 &&
		    !span_equal(
			owner(work, domain), owner(work, finding.domain)))
			finding.other = domain;
	}
	/* An empty field is told by its state. */
	if (status == FROM_EMPTY && finding.domain.n == 0)
		return;
	if (finding.other.n > 0)
		finding.code = SENDER_UNCLEAR_DOMAINS;
	add_finding(work, &finding);
	if (name.hides)
		add_code(work, field, SENDER_NAME_HIDES);
}

static void
take_addresses(
    struct work *work, enum sender_field field, const struct from_list *from)
{
	struct sender_list *list = &work->senders->lists[field];

	list->addresses =
	    arena_alloc_array(work->arena, from->n, sizeof(*list->addresses));
	for (size_t i = 0; i < from->n; i++) {
		const struct from_address *address = &from->addresses[i];

		add_domain(work, address->domain, field);
		list->addresses[list->n++] = (struct sender_address){
			.address = address->address,
			.domain = address->domain,
			.organisation = organisation_of(work, address->domain),
		};
		look_at_name(work, field, address, address->name);
		look_at_name(work, field, address, address->after);
		if (i == 0 || address->group.p != address[-1].group.p)
			look_at_name(work, field, address, address->group);
		look_at_local(work, field, address);
	}
}

static void
look_at_field(struct work *work, enum sender_field field, size_t fields,
    struct span value, const struct from_list *from)
{
	struct sender_list *list = &work->senders->lists[field];

	list->fields = fields;
	list->status = from->status;
	if (fields == 0)
		return;
	take_addresses(work, field, from);
	if (fields > 1)
		add_code(work, field, SENDER_FIELDS);
	if (from->status == FROM_UNPARSABLE || from->status == FROM_EMPTY)
		look_at_unparsable(work, field, value, from->status);
	if (from->n > 1 && field != SENDER_REPLY_TO)
		add_code(work, field, SENDER_SEVERAL);
	if (from->groups > 0)
		add_code(work, field, SENDER_GROUP);
	if (from->routes > 0)
		add_code(work, field, SENDER_ROUTE);
}

/* The first field "name" is read: programs show no more. */
static void
look_at_other(struct work *work, const struct header_index *header,
    enum sender_field field, struct span name)
{
	const struct header_field *first = header_get(header, name, 0);
	struct from_list list = { .status = FROM_EMPTY };

	if (first == NULL)
		return;
	from_parse(&list, work->arena, first->value);
	look_at_field(
	    work, field, header_count(header, name), first->value, &list);
}

/* ---- between fields ------------------------------------------------------ */

static bool
is_of_authors(const struct work *work, struct span domain)
{
	const struct sender_list *from = &work->senders->lists[SENDER_FROM];
	struct span mine = owner(work, domain);

	for (size_t i = 0; i < from->n; i++) {
		if (span_equal(owner(work, from->addresses[i].domain), mine))
			return true;
	}
	return false;
}

/* The first address of "field" that is not of the authors' organisations. */
static void
compare_with_authors(struct work *work, enum sender_field field)
{
	const struct sender_list *from = &work->senders->lists[SENDER_FROM];
	const struct sender_list *list = &work->senders->lists[field];

	for (size_t i = 0; from->n > 0 && i < list->n; i++) {
		struct span domain = list->addresses[i].domain;

		if (is_of_authors(work, domain))
			continue;
		add_finding(work,
		    &(struct sender_finding){ .code = SENDER_ELSEWHERE,
			.field = field,
			.domain = domain,
			.other = from->addresses[0].domain });
		return;
	}
}

static bool
has_a_label(struct span domain)
{
	for (size_t at = 0; at < domain.n;) {
		struct span label = span_from(domain, at);

		if (span_starts_with(label, SPAN("xn--")))
			return true;
		at += span_find(label, '.') + 1;
	}
	return false;
}

static void
add_domain_finding(struct work *work, const struct known_domain *domain,
    enum sender_code code, struct span text)
{
	add_finding(work,
	    &(struct sender_finding){ .code = code,
		.field = domain->field,
		.domain = domain->domain,
		.text = text });
}

/* A-labels: what they stand for. */
static void
look_at_idn(struct work *work, const struct known_domain *domain)
{
	struct senders *senders = work->senders;
	struct sender_idn idn = { .domain = domain->domain };

	if (!dns_name_unicode(work->arena, idn.domain, &idn.shown))
		add_domain_finding(
		    work, domain, SENDER_BAD_A_LABEL, (struct span){ 0 });
	if (text_is_ascii(idn.shown))
		return;
	if (look_alike_mixes_scripts(idn.shown))
		add_domain_finding(
		    work, domain, SENDER_MIXED_SCRIPTS, idn.shown);
	idn.looks_like = look_alike_letters(work->arena, idn.shown);
	if (text_is_ascii(idn.looks_like))
		add_domain_finding(
		    work, domain, SENDER_LOOKS_ASCII, idn.looks_like);
	else
		idn.looks_like = (struct span){ NULL, 0 };
	if (senders->idn == NULL)
		senders->idn = arena_alloc_array(
		    work->arena, SENDERS_DOMAINS_MAX, sizeof(*senders->idn));
	senders->idn[senders->n_idn++] = idn;
}

/* Do the domains differ, and look alike?  Made when first asked for: most
 * messages have one organisational domain. */
static struct span
skeleton_of(struct work *work, struct known_domain *domain)
{
	struct span shown;

	if (domain->skeleton.p == NULL) {
		dns_name_unicode(
		    work->arena, owner(work, domain->domain), &shown);
		domain->skeleton = look_alike_skeleton(work->arena, shown);
	}
	return domain->skeleton;
}

static void
compare_domains(struct work *work, struct known_domain *a, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		struct known_domain *b = &work->domains[i];

		if (span_equal(
			owner(work, a->domain), owner(work, b->domain)) ||
		    !span_equal(skeleton_of(work, a), skeleton_of(work, b)))
			continue;
		add_finding(work,
		    &(struct sender_finding){ .code = SENDER_LOOK_ALIKE,
			.field = a->field,
			.domain = a->domain,
			.other = b->domain });
		return;
	}
}

static void
look_at_domains(struct work *work)
{
	for (size_t i = 0; i < work->n_domains; i++) {
		if (has_a_label(work->domains[i].domain))
			look_at_idn(work, &work->domains[i]);
		compare_domains(work, &work->domains[i], i);
	}
}

struct senders *
senders_find(struct arena *arena, const struct alignment *alignment,
    const struct header_index *header, const struct from_list *authors,
    const struct span *signers, size_t n_signers)
{
	const struct span from = SPAN("From");
	struct known_domain domains[SENDERS_DOMAINS_MAX];
	size_t n = header_count(header, from);
	struct work work = { arena, alignment,
		arena_alloc(arena, sizeof(struct senders)), domains, 0 };
	struct span value = { NULL, 0 };

	if (n > 0)
		value = header_get(header, from, n - 1)->value;
	look_at_field(&work, SENDER_FROM, n, value, authors);
	look_at_other(&work, header, SENDER_SENDER, SPAN("Sender"));
	look_at_other(&work, header, SENDER_REPLY_TO, SPAN("Reply-To"));
	compare_with_authors(&work, SENDER_SENDER);
	compare_with_authors(&work, SENDER_REPLY_TO);
	for (size_t i = 0; i < n_signers; i++)
		add_domain(&work, signers[i], SENDER_NO_FIELD);
	look_at_domains(&work);
	return work.senders;
}
