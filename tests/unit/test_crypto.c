/* test_crypto.c - no configuration file changes what the library does. */
#include "keysnap/base/crypto.h"
#include "keysnap/base/digest.h"

#include <glib/gstdio.h>
#include <openssl/crypto.h>

static void
test_open(void)
{
	g_autoptr(GError) error = NULL;
	struct crypto *crypto = crypto_open(&error);

	g_assert_no_error(error);
	g_assert_nonnull(crypto);
	g_assert_true(EVP_MD_is_a(crypto->sha1, "SHA1"));
	g_assert_true(EVP_MD_is_a(crypto->sha256, "SHA256"));
	crypto_close(crypto);
	crypto_close(NULL);
}

/* A file that makes the library refuse everything if it is read at all:
 * only FIPS methods, and no provider that has any. */
static void
test_hostile_configuration(void)
{
	static const char hostile[] =
	    "config_diagnostics = 1\n"
	    "openssl_conf = start\n"
	    "[start]\nalg_section = algorithms\nproviders = providers\n"
	    "[algorithms]\ndefault_properties = fips=yes\n"
	    "[providers]\nno-such-provider = one\n[one]\nactivate = 1\n";
	g_autofree char *path = NULL;
	struct crypto *crypto;
	EVP_MD *md;
	int fd = g_file_open_tmp("openssl-XXXXXX.cnf", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_close(fd, NULL);
	g_file_set_contents(path, hostile, -1, NULL);
	g_setenv("OPENSSL_CONF", path, TRUE);
	if (g_test_subprocess()) {
		crypto = crypto_open(NULL);
		g_assert_nonnull(crypto);
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
		g_assert_nonnull(md);
		EVP_MD_free(md);
		crypto_close(crypto);
		return;
	}
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_passed();
	g_unlink(path);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	/* First: the library reads its configuration at most once. */
	g_test_add_func(
	    "/crypto/hostile-configuration", test_hostile_configuration);
	g_test_add_func("/crypto/open", test_open);
	return g_test_run();
}
