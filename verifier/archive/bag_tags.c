/*
 * bag_tags.c - what the tag files of a bag say but for its manifests:
 * bagit.txt, fetch.txt and bag-info.txt (RFC 8493 sections 2.1.1, 2.2).
 *
 * Read line by line (line_reader.h), of any length.
 */
#include "verifier/archive/bag_check.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/archive/checksum_list.h"
#include "verifier/archive/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

/* ---- problems and paths -------------------------------------------------- */

void
bag_line_problem(struct bag_check *check, const char *code, struct span path,
    const char *name, uint64_t number, const char *why)
{
	g_autofree char *detail =
	    g_strdup_printf("%s line %" G_GUINT64_FORMAT "%s%s", name, number,
		why != NULL ? ": " : "", why != NULL ? why : "");

	bag_problem(check, code, path, detail);
}

bool
bag_path_is_safe(struct span path)
{
	if (path.n == 0 || path.n > BAG_PATH_MAX || path.p[0] == '~' ||
	    span_find(path, '\0') < path.n || path.p[path.n - 1] == '/')
		return false;
	while (path.n > 0) {
		size_t slash = span_find(path, '/');
		struct span part = span_sub(path, 0, slash);
		if (part.n == 0 || span_equal(part, SPAN(".")) ||
		    span_equal(part, SPAN("..")))
			return false;
		path = span_from(path, slash + 1);
	}
	return true;
}

bool
bag_has(const struct bag_check *check, struct span path)
{
	g_autofree char *name = span_dup(path);
	struct stat now;

	return fstatat(check->fd, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISDIR(now.st_mode);
}

/* ---- lines ---------------------------------------------------------------- */

int
bag_open_tag_file(
    struct bag_check *check, const char *name, struct source **source_out)
{
	GError *problem = NULL;
	struct stat now;

	if (fstatat(check->fd, name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	*source_out = source_open_file(check->fd, name, name, &problem);
	if (*source_out != NULL)
		return 1;
	return bag_trouble(check, span_from_string(name), problem) ? 0 : -1;
}

typedef void (*line_reaction)(
    struct bag_check *check, struct span line, uint64_t number, void *data);

/* Give each line of the tag file "name", without its line end, to "react".
 * False with check->error set. */
static bool
each_line(
    struct bag_check *check, const char *name, line_reaction react, void *data)
{
	struct source *source;
	GError *problem = NULL;
	struct span line;
	int got = bag_open_tag_file(check, name, &source);

	if (got <= 0)
		return got == 0;
	struct line_reader *reader = g_new(struct line_reader, 1);
	line_reader_open(reader, source);
	while ((got = line_reader_next(reader, &line, &problem)) == 1) {
		if (line.n == 0)
			bag_line_problem(check, "bag-line",
			    span_from_string(name), name, reader->number,
			    "the line is too long");
		react(check, span_trim_fws(line), reader->number, data);
	}
	line_reader_close(reader);
	g_free(reader);
	return got == 0 || bag_trouble(check, span_from_string(name), problem);
}

/* Is "line" the element "label"?  Then *value_out is what it holds. */
static bool
is_element(struct span line, struct span label, struct span *value_out)
{
	if (!span_equal_nocase(span_sub(line, 0, label.n), label) ||
	    line.n == label.n || line.p[label.n] != ':')
		return false;
	*value_out = span_trim_wsp(span_from(line, label.n + 1));
	return true;
}

/* ---- bagit.txt ----------------------------------------------------------- */

struct declaration {
	unsigned lines;
	bool version, encoding;
};

/* Versions that were published: 0.93 to 0.97, and 1.0. */
static bool
is_version(struct span value)
{
	return span_equal(value, SPAN("1.0")) ||
	    (value.n == 4 && span_starts_with(value, SPAN("0.9")) &&
		value.p[3] >= '3' && value.p[3] <= '7');
}

static void
read_declaration_line(
    struct bag_check *check, struct span line, uint64_t number, void *data)
{
	struct declaration *declaration = data;
	struct span value;

	(void)number;
	declaration->lines += line.n > 0;
	if (is_element(line, SPAN("BagIt-Version"), &value)) {
		declaration->version = is_version(value);
		check->each_manifest = span_equal(value, SPAN("1.0"));
	} else if (is_element(
		       line, SPAN("Tag-File-Character-Encoding"), &value)) {
		declaration->encoding = span_equal_nocase(value, SPAN("UTF-8"));
	}
}

bool
bag_read_declaration(struct bag_check *check)
{
	struct declaration declaration = { 0, false, false };
	struct span path = SPAN("bagit.txt");

	if (!each_line(check, "bagit.txt", read_declaration_line, &declaration))
		return false;
	if (declaration.lines != 2)
		bag_problem(check, "bag-declaration", path, NULL);
	if (!declaration.version)
		bag_problem(check, "bag-version", path, NULL);
	if (!declaration.encoding)
		bag_problem(check, "bag-encoding", path, NULL);
	return true;
}

/* ---- fetch.txt, bag-info.txt --------------------------------------------- */

/* What stands before the next blanks; *rest is what stands behind them. */
static struct span
next_word(struct span *rest)
{
	size_t n = 0;

	while (n < rest->n && !rfc5234_is(rest->p[n], RFC5234_WSP))
		n++;
	struct span word = span_sub(*rest, 0, n);
	*rest = span_trim_wsp(span_from(*rest, n));
	return word;
}

static bool
parse_number(struct span text, uint64_t *number_out)
{
	*number_out = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (i == 18 || !rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
		*number_out = 10 * *number_out + (uint64_t)(text.p[i] - '0');
	}
	return text.n > 0;
}

/* Is the file there that "path" means, its escapes undone or not? */
static bool
is_fetched(const struct bag_check *check, struct span path)
{
	g_autofree uint8_t *scratch = g_malloc(path.n);
	struct span meant = checksum_unescape(path, scratch);

	return bag_has(check, path) ||
	    (bag_path_is_safe(meant) && bag_has(check, meant));
}

/* URL length path: what is not there was never fetched. */
static void
read_fetch_line(
    struct bag_check *check, struct span line, uint64_t number, void *data)
{
	uint64_t size;

	(void)data;
	if (line.n == 0)
		return;
	struct span url = next_word(&line), length = next_word(&line);
	if (url.n == 0 || line.n == 0 ||
	    !(span_equal(length, SPAN("-")) || parse_number(length, &size)))
		bag_line_problem(check, "bag-line", SPAN("fetch.txt"),
		    "fetch.txt", number, "not an address, a length and a path");
	else if (!bag_path_is_safe(line) ||
	    !span_starts_with(line, SPAN("data/")))
		bag_line_problem(
		    check, "bag-path", line, "fetch.txt", number, NULL);
	else if (!is_fetched(check, line))
		bag_problem(check, "bag-hole", line, "fetch.txt");
}

/* Payload-Oxum: octets "." files */
static void
read_info_line(
    struct bag_check *check, struct span line, uint64_t number, void *data)
{
	struct span value;
	uint64_t octets, files;

	(void)data;
	if (!is_element(line, SPAN("Payload-Oxum"), &value))
		return;
	size_t dot = span_find(value, '.');
	if (!parse_number(span_sub(value, 0, dot), &octets) ||
	    !parse_number(span_from(value, dot + 1), &files) ||
	    octets != check->report->octets || files != check->report->files)
		bag_line_problem(check, "bag-oxum", SPAN("bag-info.txt"),
		    "bag-info.txt", number, NULL);
}

bool
bag_read_fetch(struct bag_check *check)
{
	return each_line(check, "fetch.txt", read_fetch_line, NULL);
}

bool
bag_read_info(struct bag_check *check)
{
	return each_line(check, "bag-info.txt", read_info_line, NULL);
}
