/* auth_claims_cases.h - claims, and signatures that they could be about; for
 * test_auth_claims.c. */
#ifndef TESTS_UNIT_AUTH_CLAIMS_CASES_H
#define TESTS_UNIT_AUTH_CLAIMS_CASES_H

#define SIGNATURE(name, tags) name ": " tags "\r\n"
#define DKIM(tags)                  \
	SIGNATURE("DKIM-Signature", \
	    "v=1; a=rsa-sha256; c=relaxed/relaxed; h=from; bh=AAAA; " tags)
#define DRAFT                       \
	SIGNATURE("DKIM-Signature", \
	    "a=rsa-sha256; c=relaxed; h=from; d=a.example; s=s1; b=AAAA")
#define SEAL(i)               \
	SIGNATURE("ARC-Seal", \
	    "i=" i "; a=rsa-sha256; cv=none; d=l.example; s=t; b=AAAA")
#define TEN " x.y=z x.y=z x.y=z x.y=z x.y=z x.y=z x.y=z x.y=z x.y=z x.y=z"
#define TEN_OF_IT                  \
	" d=a.example d=a.example" \
	" d=a.example d=a.example" \
	" d=a.example d=a.example" \
	" d=a.example d=a.example" \
	" d=a.example d=a.example"
#define MANY TEN TEN TEN TEN
#define FROM "From: x@a.example\r\n\r\n"

#define ONE  DKIM("d=a.example; s=s1; b=oINE/8hgn/vnmQ2XyZ==")
#define TWO                                                        \
	DKIM("d=a.example; s=s2; i=bob@sub.a.example; b=ETo\r\n\t" \
	     "RSuvUAAAA")
#define THREE DKIM("d=B.example; s=s1; a=rsa-sha256; b=AAAAAAAA")
#define OLD                              \
	SIGNATURE("DomainKey-Signature", \
	    "a=rsa-sha1; q=dns; c=nofws; d=a.example; s=s1; b=AAAAAAAA")

/*
 * "field" stands on top, or where "%" is in "header".  How each signature came
 * out: p(ass), f(ail), n(eutral), m(ismatch), k(ey missing), u(nusable),
 * r(epaired), d(raft), x (draft fails), t(oo many names), w(eak key, other
 * body), 1 (SHA-1).  What is wanted of each result: agreement, why and places.
 */
struct auth_claims_case {
	const char *name, *field, *header, *came, *want;
};

/* Ends with a name of NULL. */
extern const struct auth_claims_case auth_claims_cases[];

#endif
