/*
 * auth_wanted.c - which signature a claim is about: its properties header.d,
 * .s, .b, .i and .a of DKIM (RFC 8601 2.7.1, RFC 6008 for b), header.d, .s,
 * .from and .sender of DomainKeys (RFC 7001 2.7.2).
 *
 * All that are given have to fit, those without a ptype too (d=).  Names are
 * made canonical once for a claim; of b= the first WANTED_B octets are compared,
 * which no two share by chance.
 */
#include "verifier/verdict/auth_claims_judge.h"

#include "keysnap/base/base64.h"
#include "keysnap/key/dns_name.h"

#define WANTED_MAX AUTH_PROPERTIES_MAX /* none is passed over */
#define WANTED_B   64                  /* octets of b=, a multiple of four */

enum what { WANT_DOMAIN, WANT_SELECTOR, WANT_B, WANT_IDENTITY, WANT_ALGORITHM };

struct want {
	enum what what;
	struct span value;
	struct span domain; /* canonical; empty where it is no name */
};

struct auth_wanted {
	struct want list[WANTED_MAX];
	size_t n;
};

static const struct {
	enum signature_kind kind;
	struct span name;
	enum what what;
} known[] = {
	{ SIGNATURE_DKIM, SPAN("d"), WANT_DOMAIN },
	{ SIGNATURE_DKIM, SPAN("s"), WANT_SELECTOR },
	{ SIGNATURE_DKIM, SPAN("b"), WANT_B },
	{ SIGNATURE_DKIM, SPAN("i"), WANT_IDENTITY },
	{ SIGNATURE_DKIM, SPAN("a"), WANT_ALGORITHM },
	{ SIGNATURE_DOMAINKEYS, SPAN("d"), WANT_DOMAIN },
	{ SIGNATURE_DOMAINKEYS, SPAN("s"), WANT_SELECTOR },
	{ SIGNATURE_DOMAINKEYS, SPAN("from"), WANT_IDENTITY },
	{ SIGNATURE_DOMAINKEYS, SPAN("sender"), WANT_IDENTITY },
};

/* What stands before and behind the last "@"; without one all is the domain. */
static struct span
split_address(struct span address, struct span *domain_out)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	*domain_out = span_from(address, at);
	return span_sub(address, 0, at > 0 ? at - 1 : 0);
}

static void
add_want(struct auth_wanted *wanted, struct arena *arena, enum what what,
    struct span value)
{
	struct want *want = &wanted->list[wanted->n++];
	struct span domain = value;

	*want = (struct want){ .what = what, .value = value };
	if (what == WANT_IDENTITY)
		want->value = split_address(value, &domain);
	if ((what == WANT_IDENTITY || what == WANT_DOMAIN) &&
	    dns_name_canonical(arena, domain, &want->domain) != DNS_NAME_OK)
		want->domain = (struct span){ NULL, 0 };
}

struct auth_wanted *
auth_wanted_get(struct arena *arena, const struct auth_result *result,
    enum signature_kind kind)
{
	struct auth_wanted *wanted = arena_alloc(arena, sizeof(*wanted));

	for (size_t i = 0; i < result->n_properties; i++) {
		const struct auth_property *one = &result->properties[i];

		if (one->ptype.p != NULL &&
		    !span_equal_nocase(one->ptype, SPAN("header")))
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(known); k++) {
			if (wanted->n < WANTED_MAX && known[k].kind == kind &&
			    span_equal_nocase(one->name, known[k].name))
				add_want(
				    wanted, arena, known[k].what, one->value);
		}
	}
	return wanted;
}

/* Is "prefix" how b= begins? */
static bool
has_b(const struct signature *signature, struct span prefix)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct span b;

	base64_append(
	    text, span_sub(signature->signature, 0, WANTED_B / 4 * 3));
	b = (struct span){ (const uint8_t *)text->str, text->len };
	return prefix.n > 0 &&
	    span_starts_with(b, span_sub(prefix, 0, WANTED_B));
}

static bool
want_fits(const struct want *want, const struct signature *signature)
{
	switch (want->what) {
	case WANT_DOMAIN:
		return want->domain.n > 0 &&
		    span_equal(want->domain, signature->domain);
	case WANT_SELECTOR:
		return span_equal_nocase(want->value, signature->s);
	case WANT_B:
		return has_b(signature, want->value);
	case WANT_IDENTITY:
		return want->domain.n > 0 &&
		    span_equal(want->domain, signature->identity_domain) &&
		    (want->value.n == 0 ||
			span_equal(want->value, signature->identity_local));
	case WANT_ALGORITHM:
		return span_equal_nocase(want->value, signature->a);
	}
	return false;
}

bool
auth_wanted_fits(
    const struct auth_wanted *wanted, const struct signature *signature)
{
	for (size_t i = 0; i < wanted->n; i++) {
		if (!want_fits(&wanted->list[i], signature))
			return false;
	}
	return true;
}
