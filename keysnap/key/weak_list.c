/*
 * weak_list.c - lists of moduli whose private keys anybody can have.
 */
#include "keysnap/key/weak_list.h"

#include "keysnap/base/digest.h"

#include <glib.h>
#include <string.h>

#define DEBIAN    10 /* octets of a hash */
#define PUBLISHED 8

struct published {
	uint8_t hash[PUBLISHED];
	struct span where;
};

struct weak_list {
	GArray *debian;    /* uint8_t[DEBIAN], sorted */
	GArray *published; /* struct published, sorted by hash, then where */
};

static int
digit_value(uint8_t digit)
{
	return g_ascii_xdigit_value((gchar)digit);
}

/* "n" octets from hex digits at the start of "line". */
static bool
read_hex(struct span line, uint8_t *out, size_t n)
{
	if (line.n < 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = digit_value(line.p[2 * i]);
		int low = digit_value(line.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
take_line(struct weak_list *list, struct span line)
{
	struct published published;
	uint8_t debian[DEBIAN];

	if (line.n > WEAK_LIST_LINE_MAX)
		return false;
	if (line.n == 2 * sizeof(debian) &&
	    read_hex(line, debian, sizeof(debian))) {
		g_array_append_vals(list->debian, debian, 1);
		return true;
	}
	if (line.n <= 2 * PUBLISHED || line.p[2 * PUBLISHED] != ';' ||
	    !read_hex(line, published.hash, PUBLISHED))
		return false;
	published.where = span_from(line, 2 * PUBLISHED + 1);
	for (size_t i = 0; i < published.where.n; i++) {
		if (published.where.p[i] < ' ')
			return false;
	}
	g_array_append_val(list->published, published);
	return true;
}

static int
compare_debian(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, DEBIAN);
}

static int
compare_published(gconstpointer a, gconstpointer b)
{
	const struct published *one = a, *other = b;
	int order = memcmp(one->hash, other->hash, PUBLISHED);

	return order != 0 ? order : span_compare(one->where, other->where);
}

/* The next line, without its end (LF or CRLF). */
static struct span
next_line(struct span *rest)
{
	size_t end = span_find(*rest, '\n');
	struct span line = span_sub(*rest, 0, end);

	*rest = span_from(*rest, end + 1);
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

struct weak_list *
weak_list_new(struct span text, size_t *line_out)
{
	struct weak_list *list = g_new(struct weak_list, 1);
	bool good = true;

	list->debian = g_array_new(FALSE, FALSE, DEBIAN);
	list->published = g_array_new(FALSE, FALSE, sizeof(struct published));
	for (*line_out = 1; text.n > 0; ++*line_out) {
		struct span line = span_trim_wsp(next_line(&text));

		good = line.n == 0 || line.p[0] == '#' || take_line(list, line);
		if (!good)
			break;
	}
	if (good && list->debian->len + list->published->len == 0) {
		good = false;
		*line_out = 0;
	}
	if (!good) {
		weak_list_free(list);
		return NULL;
	}
	g_array_sort(list->debian, compare_debian);
	g_array_sort(list->published, compare_published);
	return list;
}

void
weak_list_free(struct weak_list *list)
{
	if (list == NULL)
		return;
	g_array_unref(list->debian);
	g_array_unref(list->published);
	g_free(list);
}

bool
weak_list_has_debian(const struct weak_list *list)
{
	return list->debian->len > 0;
}

bool
weak_list_has_published(const struct weak_list *list)
{
	return list->published->len > 0;
}

void
weak_hashes_make(const struct crypto *crypto, struct span modulus,
    struct weak_hashes *hashes_out)
{
	g_autoptr(GString) text = g_string_new("Modulus=");
	uint8_t sha256[DIGEST_MAX_SIZE], sha1[DIGEST_MAX_SIZE];
	struct digest digest;

	for (size_t i = 0; i < modulus.n; i++)
		g_string_append_printf(
		    text, i == 0 ? "%X" : "%02X", modulus.p[i]);
	g_string_append_c(text, '\n');
	digest_init(&digest, crypto, DIGEST_SHA1);
	digest_add(
	    &digest, (struct span){ (const uint8_t *)text->str, text->len });
	digest_finish(&digest, sha1);
	digest_clear(&digest);
	memcpy(hashes_out->debian, sha1 + digest_size(DIGEST_SHA1) - DEBIAN,
	    DEBIAN);
	digest_sha256(crypto, modulus, sha256);
	memcpy(hashes_out->published, sha256, PUBLISHED);
}

bool
weak_list_find_debian(
    const struct weak_list *list, const struct weak_hashes *hashes)
{
	return list->debian->len > 0 &&
	    bsearch(hashes->debian, list->debian->data, list->debian->len,
		DEBIAN, compare_debian) != NULL;
}

bool
weak_list_find_published(const struct weak_list *list,
    const struct weak_hashes *hashes, struct span *where_out)
{
	guint low = 0, high = list->published->len;

	/* The first that is not smaller. */
	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct published *at =
		    &g_array_index(list->published, struct published, middle);

		if (memcmp(at->hash, hashes->published, PUBLISHED) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == list->published->len)
		return false;
	const struct published *found =
	    &g_array_index(list->published, struct published, low);
	*where_out = found->where;
	return memcmp(found->hash, hashes->published, PUBLISHED) == 0;
}
