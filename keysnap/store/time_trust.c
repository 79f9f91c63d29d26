/*
 * time_trust.c - certificates, headers of blocks and keys, read from files.
 */
#include "keysnap/store/time_trust.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"

#include <string.h>

static bool
fail(GError **error, const char *path, const char *why)
{
	g_set_error(
	    error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path, why);
	return false;
}

/* The octets of a file, which "files" keeps. */
static bool
read_file(struct time_trust_files *files, const char *use, const char *path,
    size_t max, const struct crypto *crypto, GError **error)
{
	struct time_trust_file *file = &files->files[files->n];
	GBytes *bytes = file_read(path, max, error);

	if (bytes == NULL)
		return false;
	g_ptr_array_add(files->bytes, bytes);
	file->use = use;
	file->path = path;
	file->octets.p = g_bytes_get_data(bytes, &file->octets.n);
	digest_sha256(crypto, file->octets, file->sha256);
	files->n++;
	return true;
}

/* How many there are; false when there are too many. */
static bool
count(char **paths, const char *option, size_t *n_out, GError **error)
{
	*n_out = paths == NULL ? 0 : g_strv_length(paths);
	if (*n_out <= TIME_TRUST_MAX)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s is given more than %d times", option, TIME_TRUST_MAX);
	return false;
}

static bool
read_headers(struct time_trust_files *files, char **paths,
    const struct crypto *crypto, GError **error)
{
	size_t n;

	if (!count(paths, "--block-header", &n, error))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *why;

		if (!read_file(files, "block-header", paths[i],
			BITCOIN_HEADER_FILE_MAX, crypto, error))
			return false;
		if (!bitcoin_headers_parse(&files->headers[i], files->arena,
			crypto, files->files[files->n - 1].octets, &why))
			return fail(error, paths[i], why);
	}
	files->trust.headers = files->headers;
	files->trust.n_headers = n;
	return true;
}

static bool
read_keys(struct time_trust_files *files, char **paths,
    const struct crypto *crypto, GError **error)
{
	size_t n;

	if (!count(paths, "--anchor-key", &n, error))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!read_file(files, "anchor-key", paths[i],
			TIME_TRUST_KEY_MAX, crypto, error))
			return false;
		if (!note_key_parse(&files->keys[i], crypto,
			files->files[files->n - 1].octets))
			return fail(error, paths[i],
			    "not a public key; \"keysnap keygen\" writes one "
			    "into FILE.pub");
	}
	files->trust.keys = files->keys;
	files->trust.n_keys = n;
	return true;
}

static bool
read_pem(struct time_trust_files *files, const char *use, const char *path,
    bool (*is_pem)(const struct crypto *crypto, struct span pem),
    struct span *pem_out, const struct crypto *crypto, GError **error)
{
	if (path == NULL)
		return true;
	if (!read_file(files, use, path, TIME_TRUST_PEM_MAX, crypto, error))
		return false;
	*pem_out = files->files[files->n - 1].octets;
	return is_pem(crypto, *pem_out) ||
	    fail(error, path,
		is_pem == time_trust_is_crls
		    ? "holds no lists of revoked certificates in PEM"
		    : "holds no certificates in PEM");
}

bool
time_trust_read(struct time_trust_files *files,
    const struct time_trust_paths *paths, int64_t now,
    const struct crypto *crypto, GError **error)
{
	struct time_trust *trust = &files->trust;

	memset(files, 0, sizeof(*files));
	files->arena = arena_new();
	files->bytes =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	trust->now = now;
	return read_pem(files, "tsa-ca", paths->tsa_ca, time_trust_is_pem,
		   &trust->tsa_ca, crypto, error) &&
	    read_pem(files, "tsa-chain", paths->chain, time_trust_is_pem,
		&trust->certificates, crypto, error) &&
	    read_pem(files, "tsa-crl", paths->crl, time_trust_is_crls,
		&trust->crls, crypto, error) &&
	    read_headers(files, paths->headers, crypto, error) &&
	    read_keys(files, paths->keys, crypto, error);
}

void
time_trust_clear(struct time_trust_files *files)
{
	g_clear_pointer(&files->bytes, g_ptr_array_unref);
	g_clear_pointer(&files->arena, arena_free);
	memset(files, 0, sizeof(*files));
}
