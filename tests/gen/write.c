/* write.c - see write.h. */
#include "tests/gen/write.h"

#include <string.h>

void
write_file(const char *path, const GString *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = g_path_get_dirname(path);

	if (g_mkdir_with_parents(folder, 0777) != 0)
		g_error("%s: cannot be made", folder);
	if (!g_file_set_contents(path, text->str, (gssize)text->len, &error))
		g_error("%s", error->message);
}

static const char days[7][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
	"Sun" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

char *
date_field(gint64 at)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(at);

	return g_strdup_printf("%s, %02d %s %d %02d:%02d:%02d +0000",
	    days[g_date_time_get_day_of_week(t) - 1],
	    g_date_time_get_day_of_month(t),
	    months[g_date_time_get_month(t) - 1], g_date_time_get_year(t),
	    g_date_time_get_hour(t), g_date_time_get_minute(t),
	    g_date_time_get_second(t));
}

char *
date_from_line(gint64 at)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(at);

	return g_strdup_printf("%s %s %2d %02d:%02d:%02d %d",
	    days[g_date_time_get_day_of_week(t) - 1],
	    months[g_date_time_get_month(t) - 1],
	    g_date_time_get_day_of_month(t), g_date_time_get_hour(t),
	    g_date_time_get_minute(t), g_date_time_get_second(t),
	    g_date_time_get_year(t));
}

gint64
date_of_day(const char *day)
{
	g_autofree char *text = g_strdup_printf("%sT00:00:00Z", day);
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(text, NULL);

	g_assert(t != NULL);
	return g_date_time_to_unix(t);
}

GString *
text_with_lf(const GString *text)
{
	GString *out = g_string_sized_new(text->len);
	const char *p = text->str, *end;

	for (; (end = strstr(p, "\r\n")) != NULL; p = end + 2) {
		g_string_append_len(out, p, end - p);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, p);
	return out;
}

/* mboxrd: one more ">" before each line of ">*From ". */
static gboolean
needs_quote(const char *line)
{
	while (*line == '>')
		line++;
	return strncmp(line, "From ", strlen("From ")) == 0;
}

void
mbox_append(GString *mbox, const char *sender, gint64 at, const GString *text)
{
	g_autofree char *date = date_from_line(at);
	GString *lines = text_with_lf(text);

	g_string_append_printf(mbox, "From %s %s\n", sender, date);
	for (const char *p = lines->str; *p != '\0';) {
		const char *end = strchr(p, '\n');
		g_assert(end != NULL);
		if (needs_quote(p))
			g_string_append_c(mbox, '>');
		g_string_append_len(mbox, p, end + 1 - p);
		p = end + 1;
	}
	g_string_append_c(mbox, '\n');
	g_string_free(lines, TRUE);
}
