/*
 * cmd_anchors.c - the trust anchors that a command works with.
 */
#include "keysnap/cmd_anchors.h"
#include "keysnap/base/file.h"
#include "keysnap/cmd.h"

struct trust_anchors *
command_anchors_read(const char *path)
{
	GError *error = NULL;
	g_autoptr(GBytes) octets = NULL;
	struct trust_anchors *anchors;
	struct span text;
	g_autofree char *why = NULL;
	unsigned line;

	if (path == NULL)
		return trust_anchors_builtin();
	octets = file_read(path, TRUST_ANCHOR_FILE_MAX, &error);
	if (octets == NULL) {
		command_error(error, false);
		return NULL;
	}
	text.p = g_bytes_get_data(octets, &text.n);
	anchors = trust_anchors_read(text, &why, &line);
	if (anchors == NULL && line > 0)
		command_say("%s:%u: %s", path, line, why);
	else if (anchors == NULL)
		command_say("%s: %s", path, why);
	return anchors;
}
