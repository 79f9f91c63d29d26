/*
 * alignment.c - organisational domains, by libpsl over the list's own octets:
 * what is hashed is what is used.
 */
#include "verifier/verdict/alignment.h"

#include "keysnap/base/file.h"
#include "keysnap/key/dns_name.h"
#include "verifier/verdict/equivalence.h"

#include <libpsl.h>
#include <stdio.h>
#include <string.h>

struct alignment {
	psl_ctx_t *list;
	uint8_t sha256[DIGEST_SHA256_SIZE];
	struct arena *arena; /* of the equivalences */
	struct equivalences equivalences;
	bool has_equivalences;
	uint8_t equivalences_sha256[DIGEST_SHA256_SIZE];
};

static struct span
bytes_span(GBytes *bytes)
{
	struct span span;

	span.p = g_bytes_get_data(bytes, &span.n);
	return span;
}

/* NULL when libpsl finds no rule in "text". */
static psl_ctx_t *
list_from(struct span text)
{
	if (text.n == 0)
		return NULL;
	FILE *stream = fmemopen((void *)text.p, text.n, "r");

	g_assert(stream != NULL);
	psl_ctx_t *list = psl_load_fp(stream);
	fclose(stream);
	if (list != NULL && psl_suffix_count(list) <= 0) {
		psl_free(list);
		return NULL;
	}
	return list;
}

static bool
load_list(struct alignment *alignment, const char *path,
    const struct crypto *crypto, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, ALIGNMENT_LIST_MAX, error);

	if (bytes == NULL)
		return false;
	struct span text = bytes_span(bytes);
	alignment->list = list_from(text);
	if (alignment->list == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: no public suffix list", path);
		return false;
	}
	digest_sha256(crypto, text, alignment->sha256);
	return true;
}

static bool
load_equivalences(struct alignment *alignment, const char *path,
    const struct crypto *crypto, GError **error)
{
	if (path == NULL)
		return true;
	g_autoptr(GBytes) bytes =
	    file_read(path, ALIGNMENT_EQUIVALENCES_MAX, error);

	if (bytes == NULL)
		return false;
	struct span text = bytes_span(bytes);
	alignment->has_equivalences = true;
	digest_sha256(crypto, text, alignment->equivalences_sha256);
	return equivalences_parse(
	    &alignment->equivalences, alignment->arena, path, text, error);
}

struct alignment *
alignment_open(const char *path, const char *equivalences,
    const struct crypto *crypto, GError **error)
{
	struct alignment *alignment = g_new0(struct alignment, 1);

	alignment->arena = arena_new();
	if (load_list(alignment, path, crypto, error) &&
	    load_equivalences(alignment, equivalences, crypto, error))
		return alignment;
	alignment_close(alignment);
	return NULL;
}

void
alignment_close(struct alignment *alignment)
{
	if (alignment == NULL)
		return;
	psl_free(alignment->list);
	arena_free(alignment->arena);
	g_free(alignment);
}

const uint8_t *
alignment_sha256(const struct alignment *alignment)
{
	return alignment->sha256;
}

const uint8_t *
alignment_equivalences_sha256(const struct alignment *alignment)
{
	return alignment->has_equivalences ? alignment->equivalences_sha256
					   : NULL;
}

struct span
alignment_organisation(const struct alignment *alignment, struct span domain)
{
	char name[DNS_NAME_MAX + 1];

	if (domain.n == 0 || domain.n > DNS_NAME_MAX)
		return span_from(domain, domain.n);
	memcpy(name, domain.p, domain.n);
	name[domain.n] = '\0';
	const char *found = psl_registrable_domain(alignment->list, name);
	return span_from(
	    domain, found == NULL ? domain.n : (size_t)(found - name));
}

enum alignment_state
alignment_check(const struct alignment *alignment, const struct from_list *from,
    struct span domain)
{
	struct span signer = alignment_organisation(alignment, domain);
	enum alignment_state state = ALIGNED;

	if (from->status != FROM_OK || from->n == 0)
		return UNALIGNED_FROM;
	for (size_t i = 0; i < from->n; i++) {
		struct span author = from->addresses[i].domain;
		author = span_equal(author, domain)
		    ? signer
		    : alignment_organisation(alignment, author);
		if (author.n > 0 && span_equal(author, signer))
			continue;
		if (!equivalences_match(
			&alignment->equivalences, domain, author))
			return signer.n == 0 ? UNALIGNED_SUFFIX : UNALIGNED;
		state = ALIGNED_BY_EQUIVALENCE;
	}
	return state;
}
