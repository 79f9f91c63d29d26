/*
 * alignment.c - organisational domains, by libpsl over the list's own octets:
 * what is hashed is what is used.
 */
#include "verifier/verdict/alignment.h"

#include "keysnap/base/file.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"
#include "verifier/verdict/equivalence.h"

#include <libpsl.h>
#include <stdio.h>
#include <string.h>

#define VERSION_WITHIN \
	4096 /* octets of the list; there it stands above all
			       rules */

struct alignment {
	psl_ctx_t *list;
	char *version, *commit; /* or NULL */
	struct suffix_list about;
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

/* What stands behind "label" in the first lines; g_free().  NULL for none, and
 * for what is no version. */
static char *
find_version(struct span text, struct span label)
{
	text = span_sub(text, 0, VERSION_WITHIN);
	while (text.n > 0) {
		struct span line = span_sub(text, 0, span_find(text, '\n'));

		text = span_from(text, line.n + 1);
		if (!span_starts_with(line, label))
			continue;
		line = span_trim_fws(span_from(line, label.n));
		for (size_t i = 0; i < line.n; i++) {
			if (!rfc5234_is(line.p[i], RFC5234_VCHAR))
				return NULL;
		}
		return line.n == 0 || line.n > ALIGNMENT_VERSION_MAX
		    ? NULL
		    : span_dup(line);
	}
	return NULL;
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
	alignment->version = find_version(text, SPAN("// VERSION:"));
	alignment->commit = find_version(text, SPAN("// COMMIT:"));
	alignment->about = (struct suffix_list){ .sha256 = alignment->sha256,
		.version = alignment->version,
		.commit = alignment->commit };
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
	g_free(alignment->version);
	g_free(alignment->commit);
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

const struct suffix_list *
alignment_list(const struct alignment *alignment)
{
	return &alignment->about;
}

bool
alignment_is_public(const struct alignment *alignment, struct span domain)
{
	char label[DNS_LABEL_MAX + 1];
	size_t at = domain.n;

	while (at > 0 && domain.p[at - 1] != '.')
		at--;
	domain = span_from(domain, at);
	if (domain.n == 0 || domain.n > DNS_LABEL_MAX)
		return false;
	memcpy(label, domain.p, domain.n);
	label[domain.n] = '\0';
	return psl_is_public_suffix2(alignment->list, label,
		   PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

const char *
alignment_state_name(enum alignment_state state)
{
	static const char *const names[] = { [ALIGNED] = "aligned",
		[ALIGNED_BY_EQUIVALENCE] = "equivalent",
		[UNALIGNED] = "unaligned",
		[UNALIGNED_FROM] = "no-author",
		[UNALIGNED_SUFFIX] = "public-suffix" };

	return names[state];
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
