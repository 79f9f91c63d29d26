/*
 * cmd_capture_options.h - the options of keysnap capture.
 */
#ifndef KEYSNAP_CMD_CAPTURE_OPTIONS_H
#define KEYSNAP_CMD_CAPTURE_OPTIONS_H

#include "keysnap/capture/capture.h"
#include "keysnap/cmd.h"

#define CAPTURE_ROOTS_MAX   32 /* addresses of servers of the root */
#define CAPTURE_SERVER_RATE 20 /* messages a second to a server of somebody
				  else's zone, when nothing is said */
#define CAPTURE_VANTAGES    2  /* servers of each zone, when nothing is said */

/* As given; NULL, 0 or -1 where not. */
struct capture_given {
	char *wants, *domains, *selectors, *dates, *source, *operator;
	char *trust_anchor, *root_hints;
	char **servers;
	int jobs, rate, server_rate, timeout, retries, repeat_after, vantages,
	    port;
	gboolean resume, cron, authoritative;
};

/* False with line->code. */
bool capture_given_parse(
    struct command_line *line, struct capture_given *given);
void capture_given_clear(struct capture_given *given);

/*
 * Check them, find what is not given, and fill in what they say of "options",
 * who borrows "servers" (CAPTURE_ROOTS_MAX).  Anything but EXIT_DONE was said.
 */
enum exit_code capture_given_read(struct command_line *line,
    struct capture_given *given, struct dns_server *servers,
    struct capture_options *options);

/* What the observer of each vantage is called after "NAME/"; g_strfreev(). */
char **capture_given_labels(const struct capture_options *options);

#endif
