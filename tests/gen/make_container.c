/*
 * make_container.c - make_container: pack files into a container, or turn a
 * tree of .eml files into a form that another program keeps.
 *
 *	make_container --pack tar.gz OUT PATH...
 *	make_container --as mh OUT-FOLDER EML-FOLDER...
 */
#include <stdio.h>

#include "tests/gen/make_container_convert.h"
#include "tests/gen/make_container_pack.h"
#include "tests/gen/write.h"

struct wishes {
	char *format, *form;
	char **paths; /* what to make, then what of */
};

static bool
parse(struct wishes *wishes, int argc, char **argv)
{
	g_autofree char *formats = pack_formats(), *forms = convert_forms();
	const GOptionEntry entries[] = {
		{ "pack", 0, 0, G_OPTION_ARG_STRING, &wishes->format, formats,
		    "FORMAT" },
		{ "as", 0, 0, G_OPTION_ARG_STRING, &wishes->form, forms,
		    "FORM" },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &wishes->paths, NULL, "OUT PATH..." },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "make_container: %s\n", error->message);
		return false;
	}
	if ((wishes->format == NULL) != (wishes->form == NULL) &&
	    wishes->paths != NULL)
		return true;
	fprintf(stderr, "make_container: --pack or --as, and paths\n");
	return false;
}

int
main(int argc, char **argv)
{
	struct wishes wishes = { 0 };
	g_autoptr(GPtrArray) files = files_new();

	if (!parse(&wishes, argc, argv))
		return 2;
	for (char **path = wishes.paths + 1; *path != NULL; path++)
		files_load(files, *path);
	if (wishes.format != NULL) {
		GString *packed = pack(wishes.format, files);
		if (packed != NULL) {
			write_file(wishes.paths[0], packed);
			return 0;
		}
	} else {
		g_autoptr(GPtrArray) made = convert(wishes.form, files);
		if (made != NULL) {
			files_write(made, wishes.paths[0]);
			return 0;
		}
	}
	fprintf(stderr, "make_container: no such format or form\n");
	return 2;
}
