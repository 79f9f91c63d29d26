/* test_signature.c - DKIM-Signature fields: one case for every defect. */
#include "verifier/dkim/signature.h"

#include "keysnap/base/timestamp.h"

#include <glib.h>
#include <string.h>

#define SHA256_OF_NOTHING "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define SHA1_OF_NOTHING   "2jmj7l5rSw0yVb/vlWAYkK/YBwk="

/* A field without a defect; cases change one tag of it. */
static const struct {
	const char *name, *value;
} sound[] = {
	{ "v", "1" },
	{ "a", "rsa-sha256" },
	{ "d", "example.com" },
	{ "s", "sel" },
	{ "h", "from:to" },
	{ "bh", SHA256_OF_NOTHING },
	{ "b", "AAAA" },
};

static const struct {
	const char *name;
	const char *tag, *value; /* put in place of the sound one */
	const char *more;        /* at the end of the list */
	unsigned want;
} cases[] = {
	{ "sound", NULL, NULL, "", 0 },
	{ "final semicolon", NULL, NULL, ";", 0 },
	{ "unknown tag", NULL, NULL, "; foo=bar", 0 },
	{ "no =", NULL, NULL, "; foo", SIGNATURE_SYNTAX },
	{ "empty tag", NULL, NULL, "; ; x=1", SIGNATURE_SYNTAX },
	{ "8-bit in b=", "b", "AA\xc3\xa4", "", SIGNATURE_BAD_SIGNATURE },
	{ "duplicate", NULL, NULL, "; d=example.org", SIGNATURE_DUPLICATE_TAG },
	{ "upper-case name is another tag", "d", NULL, "; D=example.com",
	    SIGNATURE_NO_DOMAIN },

	{ "no v=", "v", NULL, "", SIGNATURE_NO_VERSION },
	{ "v=2", "v", "2", "", SIGNATURE_BAD_VERSION },
	{ "v=1x", "v", "1x", "", SIGNATURE_BAD_VERSION },
	{ "v=0.5", "v", "0.5", "", SIGNATURE_BAD_VERSION },
	{ "empty v=", "v", "", "", SIGNATURE_BAD_VERSION },

	{ "no a=", "a", NULL, "", SIGNATURE_NO_ALGORITHM },
	{ "rsa-sha512", "a", "rsa-sha512", "", SIGNATURE_UNKNOWN_ALGORITHM },
	{ "empty a=", "a", "", "", SIGNATURE_UNKNOWN_ALGORITHM },
	{ "a= has no case", "a", "RSA-SHA256", "", 0 },
	{ "ed25519", "a", "ed25519-sha256", "", 0 },

	{ "c=relaxed", NULL, NULL, "; c=relaxed", 0 },
	{ "c=Simple/Relaxed", NULL, NULL, "; c=Simple/Relaxed", 0 },
	{ "c=nowsp", NULL, NULL, "; c=nowsp", SIGNATURE_UNKNOWN_CANON },
	{ "c=simple/", NULL, NULL, "; c=simple/", SIGNATURE_UNKNOWN_CANON },
	{ "empty c=", NULL, NULL, "; c=", SIGNATURE_UNKNOWN_CANON },

	{ "q=dns/txt", NULL, NULL, "; q=dns/txt", 0 },
	{ "q= with another first", NULL, NULL, "; q=foo/bar : DNS/txt", 0 },
	{ "q=foo", NULL, NULL, "; q=foo", SIGNATURE_UNKNOWN_QUERY },
	{ "empty q=", NULL, NULL, "; q=", SIGNATURE_UNKNOWN_QUERY },

	{ "no d=", "d", NULL, "", SIGNATURE_NO_DOMAIN },
	{ "d= with a parenthesis", "d", "example.com(.evil.com", "",
	    SIGNATURE_BAD_DOMAIN },
	{ "single label", "d", "localhost", "", SIGNATURE_BAD_DOMAIN },
	{ "final dot", "d", "example.com.", "", SIGNATURE_BAD_DOMAIN },
	{ "final dot of one label", "d", "com.", "", SIGNATURE_BAD_DOMAIN },
	{ "empty label", "d", "example..com", "", SIGNATURE_BAD_DOMAIN },
	{ "empty d=", "d", "", "", SIGNATURE_BAD_DOMAIN },
	{ "UTF-8 domain", "d",
	    "b\xc3\xbc"
	    "cher.example",
	    "", 0 },

	{ "no s=", "s", NULL, "", SIGNATURE_NO_SELECTOR },
	{ "s= with dots", "s", "a.b.c", "", 0 },
	{ "empty s=", "s", "", "", SIGNATURE_BAD_SELECTOR },
	{ "s= with a space", "s", "a b", "", SIGNATURE_BAD_SELECTOR },

	{ "no h=", "h", NULL, "", SIGNATURE_NO_HEADERS },
	{ "empty h=", "h", "", "", SIGNATURE_NO_HEADERS },
	{ "h= folded", "h", "FROM :\r\n\tto : \r\n cc", "", 0 },
	{ "empty name", "h", "from::to", "", SIGNATURE_BAD_HEADERS },
	{ "empty last name", "h", "from:", "", SIGNATURE_BAD_HEADERS },
	{ "space in a name", "h", "from:a b", "", SIGNATURE_BAD_HEADERS },
	{ "8-bit name", "h", "from:\xc3\xa4", "", SIGNATURE_BAD_HEADERS },
	{ "From not in h=", "h", "to:fromm", "", SIGNATURE_FROM_UNSIGNED },
	{ "h= names the signature", "h", "from:DKIM-signature", "",
	    SIGNATURE_SIGNS_ITSELF },

	{ "no b=", "b", NULL, "", SIGNATURE_NO_SIGNATURE },
	{ "empty b=", "b", "", "", SIGNATURE_NO_SIGNATURE },
	{ "b= folded", "b", "AA\r\n AA", "", 0 },
	{ "b= is no base64", "b", "A*A=", "", SIGNATURE_BAD_SIGNATURE },
	{ "b= unused bits", "b", "AAB=", "", SIGNATURE_UNUSED_BITS },

	{ "no bh=", "bh", NULL, "", SIGNATURE_NO_BODY_HASH },
	{ "empty bh=", "bh", "", "", SIGNATURE_NO_BODY_HASH },
	{ "bh= is no base64", "bh", "%", "", SIGNATURE_BAD_BODY_HASH },
	{ "bh= too short", "bh", SHA1_OF_NOTHING, "", SIGNATURE_BAD_BODY_HASH },

	{ "i= of the domain", NULL, NULL, "; i=@example.com", 0 },
	{ "i= below", NULL, NULL, "; i=joe@eng.Example.COM", 0 },
	{ "i= quoted", NULL, NULL, "; i=\"a@b\"@example.com", 0 },
	{ "i= encoded", NULL, NULL, "; i=joe=40example=2Ecom", 0 },
	{ "i= encoded beside", NULL, NULL, "; i=a@example.com=40evil.org",
	    SIGNATURE_IDENTITY_OUTSIDE },
	{ "i= beside", NULL, NULL, "; i=@badexample.com",
	    SIGNATURE_IDENTITY_OUTSIDE },
	{ "i= above", "d", "a.example.com", "; i=@example.com",
	    SIGNATURE_IDENTITY_OUTSIDE },
	{ "i= without @", NULL, NULL, "; i=example.com",
	    SIGNATURE_BAD_IDENTITY },
	{ "empty i=", NULL, NULL, "; i=", SIGNATURE_BAD_IDENTITY },
	{ "i= without domain", NULL, NULL, "; i=joe@", SIGNATURE_BAD_IDENTITY },

	{ "l=0", NULL, NULL, "; l=0", 0 },
	{ "l= over 64 bits", NULL, NULL, "; l=18446744073709551617", 0 },
	{ "l= negative", NULL, NULL, "; l=-1", SIGNATURE_BAD_LENGTH },
	{ "empty l=", NULL, NULL, "; l=", SIGNATURE_BAD_LENGTH },
	{ "l= with 77 digits", NULL, NULL,
	    "; l=00000000001111111111222222222233333333334444444444"
	    "555555555566666666667777777",
	    SIGNATURE_BAD_LENGTH },
	{ "t=0", NULL, NULL, "; t=0", 0 },
	{ "t= with 13 digits", NULL, NULL, "; t=1234567890123",
	    SIGNATURE_BAD_TIME },
	{ "t=now", NULL, NULL, "; t=now", SIGNATURE_BAD_TIME },
	{ "x= after t=", NULL, NULL, "; t=5; x=6", 0 },
	{ "x= at t=", NULL, NULL, "; t=5; x=5", SIGNATURE_BAD_EXPIRY },
	{ "x= alone", NULL, NULL, "; x=5", 0 },
	{ "empty x=", NULL, NULL, "; x=", SIGNATURE_BAD_EXPIRY },

	{ "z=", NULL, NULL, "; z=From:a=20b|\r\n Subject : b=3Dx'(\\", 0 },
	{ "z= without colon", NULL, NULL, "; z=From", SIGNATURE_BAD_COPIED },
	{ "z= ends with a bar", NULL, NULL, "; z=From:a|",
	    SIGNATURE_BAD_COPIED },
	{ "z= bare =", NULL, NULL, "; z=From:a=2", SIGNATURE_BAD_COPIED },
	{ "empty z=", NULL, NULL, "; z=", SIGNATURE_BAD_COPIED },
};

/* The sound field with one tag changed, in "arena". */
static struct header_field *
field_of(
    struct arena *arena, const char *tag, const char *value, const char *more)
{
	g_autoptr(GString) text = g_string_new("DKIM-Signature:");
	struct header_field *field = arena_alloc(arena, sizeof(*field));
	const char *separator = " ";

	for (size_t i = 0; i < G_N_ELEMENTS(sound); i++) {
		bool changed = g_strcmp0(tag, sound[i].name) == 0;
		const char *now = changed ? value : sound[i].value;

		if (now == NULL)
			continue;
		g_string_append_printf(
		    text, "%s%s=%s", separator, sound[i].name, now);
		separator = "; ";
	}
	g_string_append_printf(text, "%s\r\n", more);
	field->whole = arena_copy(arena, span_from_string(text->str));
	field->name = span_sub(field->whole, 0, strlen("DKIM-Signature"));
	field->value = span_sub(field->whole, strlen("DKIM-Signature:"),
	    field->whole.n - strlen("DKIM-Signature:") - 2);
	return field;
}

static struct signature
parsed(
    struct arena *arena, const char *tag, const char *value, const char *more)
{
	struct signature signature;

	signature_parse(&signature, arena, SIGNATURE_DKIM,
	    field_of(arena, tag, value, more), 0);
	return signature;
}

static void
test_defects(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct signature signature =
		    parsed(arena, cases[i].tag, cases[i].value, cases[i].more);

		if (signature.defects != cases[i].want)
			g_test_message("case %s", cases[i].name);
		g_assert_cmphex(signature.defects, ==, cases[i].want);
	}
}

static void
assert_text(struct span got, const char *want)
{
	g_autofree char *text = g_strndup((const char *)got.p, got.n);

	g_assert_cmpstr(text, ==, want);
}

static void
test_sha1(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct signature signature = parsed(arena, "a", "rsa-sha1", "");

	g_assert_cmphex(
	    signature.defects, ==, SIGNATURE_SHA1 | SIGNATURE_BAD_BODY_HASH);
	signature = parsed(arena, "bh", SHA1_OF_NOTHING, "; a=rsa-sha1");
	g_assert_cmphex(signature.defects & SIGNATURE_DUPLICATE_TAG, !=, 0);
	g_assert_cmpint(signature.algorithm, ==, SIGNATURE_RSA_SHA256);
	g_assert_cmpstr(
	    signature_algorithm_name(SIGNATURE_RSA_SHA1), ==, "rsa-sha1");
}

static void
test_values(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct signature signature = parsed(arena, "b", "\r\n AA\r\n AB ",
	    "; c=relaxed; i=J=20oe@A.example.COM; l=18446744073709551616; "
	    "t=7; x=9");

	g_assert_cmphex(signature.defects, ==, 0);
	g_assert_cmpint(signature.algorithm, ==, SIGNATURE_RSA_SHA256);
	g_assert_cmpint(signature.header_canon, ==, CANON_RELAXED);
	g_assert_cmpint(signature.body_canon, ==, CANON_SIMPLE);
	assert_text(signature.domain, "example.com");
	assert_text(signature.key_name, "sel._domainkey.example.com");
	assert_text(signature.identity_domain, "a.example.com");
	assert_text(signature.identity_local, "J oe");
	assert_text(signature.b_raw, "\r\n AA\r\n AB ");
	assert_text(signature.b, "AA\r\n AB");
	g_assert_true(span_equal(signature.signature, SPAN("\0\0\1")));
	g_assert_cmpuint(signature.body_hash.n, ==, 32);
	g_assert_cmpuint(signature.n_names, ==, 2);
	assert_text(signature.names[1], "to");
	g_assert_true(signature.has_length);
	g_assert_true(signature.length == UINT64_MAX);
	g_assert_cmpint(signature.time, ==, 7);
	g_assert_cmpint(signature.expiry, ==, 9);
	g_assert_null(signature.z.p);
}

static void
test_defaults(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct signature signature = parsed(arena, "d", "Example.COM", "");

	assert_text(signature.identity_domain, "example.com");
	g_assert_cmpuint(signature.identity_local.n, ==, 0);
	g_assert_cmpint(signature.header_canon, ==, CANON_SIMPLE);
	g_assert_false(signature.has_length);
	g_assert_true(signature.time == TIMESTAMP_NONE);
	g_assert_true(signature.expiry == TIMESTAMP_NONE);

	signature = parsed(arena, "d",
	    "b\xc3\xbc"
	    "cher.example",
	    "");
	assert_text(signature.key_name, "sel._domainkey.xn--bcher-kva.example");
}

/* What stands before a defect is there all the same. */
static void
test_facts_of_defective(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct signature signature = parsed(arena, "v", "3", "; broken");

	g_assert_cmphex(
	    signature.defects, ==, SIGNATURE_SYNTAX | SIGNATURE_BAD_VERSION);
	assert_text(signature.key_name, "sel._domainkey.example.com");
	g_assert_cmpuint(signature.body_hash.n, ==, 32);
	signature = parsed(arena, "d", "example.com(.evil.com", "");
	g_assert_cmpuint(signature.domain.n, ==, 0);
	g_assert_cmpuint(signature.key_name.n, ==, 0);
}

static void
test_too_many_names(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) names = g_string_new("from");

	for (unsigned i = 1; i < SIGNATURE_NAMES_MAX; i++)
		g_string_append(names, ":x");
	struct signature signature = parsed(arena, "h", names->str, "");
	g_assert_cmphex(signature.defects, ==, 0);
	g_assert_cmpuint(signature.n_names, ==, SIGNATURE_NAMES_MAX);

	g_string_append(names, ":x");
	signature = parsed(arena, "h", names->str, "");
	g_assert_cmphex(signature.defects, ==, SIGNATURE_TOO_MANY_NAMES);
	g_assert_cmpuint(signature.n_names, ==, SIGNATURE_NAMES_MAX);
}

/* The kin of DKIM-Signature: what they need and do not. */
static const struct {
	const char *name;
	enum signature_kind kind;
	const char *value;
	unsigned want;
} kin[] = {
#define AMS "a=rsa-sha256; d=a.example; s=s; bh=" SHA256_OF_NOTHING "; b=AAAA; "
	{ "message signature", SIGNATURE_ARC_MESSAGE, AMS "i=1; h=from", 0 },
	{ "v= means nothing", SIGNATURE_ARC_MESSAGE, AMS "i=1; h=from; v=9",
	    0 },
	{ "no instance", SIGNATURE_ARC_MESSAGE, AMS "h=from",
	    SIGNATURE_BAD_IDENTITY },
	{ "empty instance", SIGNATURE_ARC_MESSAGE, AMS "i=; h=from",
	    SIGNATURE_BAD_IDENTITY },
	{ "instance 0", SIGNATURE_ARC_MESSAGE, AMS "i=0; h=from",
	    SIGNATURE_BAD_IDENTITY },
	{ "instance 50", SIGNATURE_ARC_MESSAGE, AMS "i=50; h=from", 0 },
	{ "instance 51", SIGNATURE_ARC_MESSAGE, AMS "i=51; h=from",
	    SIGNATURE_BAD_IDENTITY },
	{ "instance 001", SIGNATURE_ARC_MESSAGE, AMS "i=001; h=from",
	    SIGNATURE_BAD_IDENTITY },
	{ "signs a seal", SIGNATURE_ARC_MESSAGE, AMS "i=1; h=from:arc-SEAL",
	    SIGNATURE_ARC_HEADERS },
	{ "From unsigned", SIGNATURE_ARC_MESSAGE, AMS "i=1; h=to",
	    SIGNATURE_FROM_UNSIGNED },
	{ "no h=", SIGNATURE_ARC_MESSAGE, AMS "i=1", SIGNATURE_NO_HEADERS },
	{ "no bh=", SIGNATURE_ARC_MESSAGE,
	    "a=rsa-sha256; d=a.example; s=s; b=AAAA; i=1; h=from",
	    SIGNATURE_NO_BODY_HASH },
#define AS "a=rsa-sha256; d=a.example; s=s; b=AAAA; i=1; "
	{ "seal", SIGNATURE_ARC_SEAL, AS "cv=none", 0 },
	{ "seal, other tags", SIGNATURE_ARC_SEAL,
	    AS "cv=pass; c=x; bh=y; l=z; x=w; q=v", 0 },
	{ "no cv=", SIGNATURE_ARC_SEAL, AS, SIGNATURE_BAD_CHAIN },
	{ "empty cv=", SIGNATURE_ARC_SEAL, AS "cv=", SIGNATURE_BAD_CHAIN },
	{ "other cv=", SIGNATURE_ARC_SEAL, AS "cv=passed",
	    SIGNATURE_BAD_CHAIN },
	{ "cv= in upper case", SIGNATURE_ARC_SEAL, AS "cv=FAIL", 0 },
	{ "h= in a seal", SIGNATURE_ARC_SEAL, AS "cv=none; h=from",
	    SIGNATURE_ARC_HEADERS },
	{ "empty h= in a seal", SIGNATURE_ARC_SEAL,
	    AS "cv=none; h=", SIGNATURE_ARC_HEADERS },
	{ "bad t= in a seal", SIGNATURE_ARC_SEAL, AS "cv=none; t=-1",
	    SIGNATURE_BAD_TIME },
#define DK "d=a.example; s=s; b=AAAA; "
	{ "DomainKeys", SIGNATURE_DOMAINKEYS, DK, SIGNATURE_SHA1 },
	{ "all tags", SIGNATURE_DOMAINKEYS,
	    DK "a=rsa-sha1; c=nofws; q=dns; h=from", SIGNATURE_SHA1 },
	{ "tags of DKIM", SIGNATURE_DOMAINKEYS, DK "v=2; bh=x; l=y; t=z; i=w",
	    SIGNATURE_SHA1 },
	{ "other a=", SIGNATURE_DOMAINKEYS, DK "a=rsa-sha256",
	    SIGNATURE_UNKNOWN_ALGORITHM },
	{ "c= of DKIM", SIGNATURE_DOMAINKEYS, DK "c=relaxed",
	    SIGNATURE_UNKNOWN_CANON | SIGNATURE_SHA1 },
	{ "two c=", SIGNATURE_DOMAINKEYS, DK "c=simple/nofws",
	    SIGNATURE_UNKNOWN_CANON | SIGNATURE_SHA1 },
	{ "q= of DKIM", SIGNATURE_DOMAINKEYS, DK "q=dns/txt",
	    SIGNATURE_UNKNOWN_QUERY | SIGNATURE_SHA1 },
	{ "empty q=", SIGNATURE_DOMAINKEYS,
	    DK "q=", SIGNATURE_UNKNOWN_QUERY | SIGNATURE_SHA1 },
	{ "nothing", SIGNATURE_DOMAINKEYS, "n=1",
	    SIGNATURE_NO_DOMAIN | SIGNATURE_NO_SELECTOR |
		SIGNATURE_NO_SIGNATURE | SIGNATURE_SHA1 },
};

static void
test_kin(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(kin); i++) {
		struct header_field field = { .value = span_from_string(
						  kin[i].value) };
		struct signature signature;

		signature_parse(&signature, arena, kin[i].kind, &field, 3);
		g_test_message("%s", kin[i].name);
		g_assert_cmphex(signature.defects, ==, kin[i].want);
		g_assert_cmpint(signature.kind, ==, kin[i].kind);
		g_assert_cmpuint(signature.index, ==, 3);
		g_assert_cmpint(signature.draft, ==, SIGNATURE_NO_DRAFT);
	}
}

/* What drafts of DKIM allowed, and what no draft did. */
static const struct {
	const char *name, *tag, *value, *more;
	enum signature_draft want;
} drafts[] = {
	{ "version 1", "d", "a.example", "", SIGNATURE_NO_DRAFT },
	{ "no version", "v", NULL, "", SIGNATURE_DRAFT_01 },
	{ "version 0.5", "v", "0.5", "", SIGNATURE_DRAFT_01 },
	{ "version 0.55", "v", "0.55", "", SIGNATURE_NO_DRAFT },
	{ "version 2", "v", "2", "", SIGNATURE_NO_DRAFT },
	{ "version 1.0", "v", "1.0", "", SIGNATURE_NO_DRAFT },
	{ "q=dns", "v", NULL, "; q=dns", SIGNATURE_DRAFT_01 },
	{ "other q=", "v", NULL, "; q=http", SIGNATURE_NO_DRAFT },
	{ "nowsp", "v", NULL, "; c=nowsp", SIGNATURE_DRAFT_01 },
	{ "nowsp/nowsp", "v", NULL, "; c=nowsp/nowsp", SIGNATURE_NO_DRAFT },
	{ "nofws", "v", NULL, "; c=nofws", SIGNATURE_NO_DRAFT },
	{ "nowsp, version 1", "c", "nowsp", "", SIGNATURE_NO_DRAFT },
	{ "negative x=", "v", NULL, "; x=-1", SIGNATURE_DRAFT_01 },
	{ "bad l=", "v", NULL, "; l=-1", SIGNATURE_NO_DRAFT },
	{ "twice", "v", NULL, "; d=a.example", SIGNATURE_NO_DRAFT },
};

static void
test_drafts(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(drafts); i++) {
		struct signature signature = parsed(
		    arena, drafts[i].tag, drafts[i].value, drafts[i].more);

		g_test_message("%s", drafts[i].name);
		g_assert_cmpint(signature.draft, ==, drafts[i].want);
		g_assert_cmpint(signature.header_canon == CANON_NOWSP, ==,
		    strcmp(drafts[i].name, "nowsp") == 0);
	}
	/* Without bh= the signature is over the body too. */
	struct header_field field = { .value =
					  SPAN("a=rsa-sha1; d=a.example; s=s; "
					       "h=from; b=AAAA") };
	struct signature signature;
	signature_parse(&signature, arena, SIGNATURE_DKIM, &field, 0);
	g_assert_cmpint(signature.draft, ==, SIGNATURE_DRAFT_00);
	g_assert_true(signature_is_whole(&signature));
	field.value = SPAN("v=0.5; a=rsa-sha1; d=a.example; s=s; h=from; "
			   "b=AAAA");
	signature_parse(&signature, arena, SIGNATURE_DKIM, &field, 0);
	g_assert_cmpint(signature.draft, ==, SIGNATURE_NO_DRAFT);
}

/* More signatures than are checked: all are counted. */
static void
test_find(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct header_index index = { .n = SIGNATURES_MAX + 2 };
	struct signatures found;

	index.fields = arena_alloc_array(arena, index.n, sizeof(*index.fields));
	for (size_t i = 0; i < index.n; i++) {
		index.fields[i] = *field_of(arena, NULL, NULL, "");
		if (i == 0)
			index.fields[i].name = SPAN("From");
		index.fields[i].name_hash =
		    header_name_hash(index.fields[i].name);
	}
	signatures_find(&found, arena, &index);
	g_assert_cmpuint(found.left_out, ==, 1);
	g_assert_cmpuint(found.n, ==, SIGNATURES_MAX);
	g_assert_cmpuint(found.arc_fields, ==, 0);
	g_assert_true(found.list[0].field == &index.fields[1]);
	g_assert_cmpuint(found.list[found.n - 1].index, ==, found.n - 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/signature/defects", test_defects);
	g_test_add_func("/signature/sha1", test_sha1);
	g_test_add_func("/signature/values", test_values);
	g_test_add_func("/signature/defaults", test_defaults);
	g_test_add_func(
	    "/signature/facts_of_defective", test_facts_of_defective);
	g_test_add_func("/signature/too_many_names", test_too_many_names);
	g_test_add_func("/signature/kin", test_kin);
	g_test_add_func("/signature/drafts", test_drafts);
	g_test_add_func("/signature/find", test_find);
	return g_test_run();
}
