/*
 * seal_cms.c - seals that are detached CMS signatures over the checkpoint
 * (RFC 5652), for courts that ask for X.509.
 *
 * The path is checked at the signing time in the signed attributes (RFC 5652
 * 11.3), which is what the signer claims: when the certificate has expired, the
 * seal counts only with a time stamp over it.
 */
#include "keysnap/store/seal_signed.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

/* The claimed time, or TIMESTAMP_NONE. */
static int64_t
signing_time(CMS_ContentInfo *cms)
{
	CMS_SignerInfo *signer =
	    sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
	X509_ATTRIBUTE *attribute =
	    at < 0 ? NULL : CMS_signed_get_attr(signer, at);
	ASN1_TYPE *type = X509_ATTRIBUTE_get0_type(attribute, 0);

	if (type == NULL ||
	    (type->type != V_ASN1_UTCTIME &&
		type->type != V_ASN1_GENERALIZEDTIME))
		return TIMESTAMP_NONE;
	return seal_time_of(type->value.asn1_string);
}

static void
say_result(struct seal *seal, struct arena *arena,
    const struct seal_signed *message, int64_t claimed)
{
	char at[TIMESTAMP_SIZE] = "an unknown time";
	const char *who = seal_subject(arena, message->signer);

	if (claimed != TIMESTAMP_NONE)
		timestamp_format(claimed, at);
	if (message->is_trusted)
		seal_say(seal, arena, SEAL_HOLDS,
		    "signed by %s, as it says at %s; checked against %s, with "
		    "%u lists of revoked certificates",
		    who, at, message->path.anchor, message->path.lists);
	else
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "signed under a certificate that says %s, as it says at "
		    "%s; whether that is so needs its --cms-ca",
		    who, at);
}

void
seal_cms_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal)
{
	struct seal_signed message;
	struct seal_signed_rules rules = {
		.content = question->checkpoint,
		.ca = question->trust->cms_ca,
		.purpose = X509_PURPOSE_SMIME_SIGN,
	};
	int64_t claimed;

	if (seal_signed_read(
		&message, question, arena, seal, seal->file->octets)) {
		claimed = signing_time(message.cms);
		rules.at =
		    claimed == TIMESTAMP_NONE ? question->trust->now : claimed;
		if (CMS_is_detached(message.cms) != 1) {
			seal_say(seal, arena, SEAL_BROKEN,
			    "it is not a detached signature");
		} else if (seal_signed_verify(
			       &message, question, arena, seal, &rules)) {
			seal->expires = message.path.expires;
			say_result(seal, arena, &message, claimed);
		}
	}
	seal_signed_clear(&message);
}
