/*
 * jws_case.h - make signed statements, with the Ed25519 key of RFC 8037
 * appendix A and the P-256 key of RFC 7515 appendix A.3.
 */
#ifndef TESTS_UNIT_JWS_CASE_H
#define TESTS_UNIT_JWS_CASE_H

#include "keysnap/base/crypto.h"

#include <stdbool.h>

#define JWS_CASE_ED25519_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define JWS_CASE_P256_X	   "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define JWS_CASE_P256_Y	   "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define JWS_CASE_ED25519                                         \
	"{\"crv\":\"Ed25519\",\"kid\":\"e\",\"kty\":\"OKP\",\"x\":\"" \
	JWS_CASE_ED25519_X "\"}"
#define JWS_CASE_P256                                          \
	"{\"crv\":\"P-256\",\"kid\":\"p\",\"kty\":\"EC\",\"x\":\"" \
	JWS_CASE_P256_X "\",\"y\":\"" JWS_CASE_P256_Y "\"}"
#define JWS_CASE_HEADER "{\"alg\":\"EdDSA\",\"kid\":\"e\"}"
#define JWS_CASE_HEADER_P256 "{\"alg\":\"ES256\",\"kid\":\"p\"}"

/* A compact JWS with the Ed25519 key, or with "p256" with the other one,
 * whatever the header says; free with g_free(). */
char *jws_case_sign(bool p256, const char *header, const char *payload);

/* The same, unsigned: 64 zero octets. */
char *jws_case_forge(const char *header, const char *payload);

#endif
