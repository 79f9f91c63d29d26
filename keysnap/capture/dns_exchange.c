/*
 * dns_exchange.c - one message to a name server and its answer (RFC 1035
 * section 4.2, RFC 7766).
 */
#include "keysnap/capture/dns_exchange.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define LENGTH 2 /* octets before a message over TCP */

/* A socket and the time that is left for it. */
struct line {
	int fd;
	gint64 end; /* microseconds, monotonic */
};

static int
milliseconds_left(const struct line *line)
{
	gint64 left = (line->end - g_get_monotonic_time() + 999) / 1000;

	return left < 0 ? 0 : (int)left;
}

static enum dns_exchange_status
wait_for(const struct line *line, short events)
{
	struct pollfd poller = { .fd = line->fd, .events = events };
	int n;

	do {
		n = poll(&poller, 1, milliseconds_left(line));
	} while (n < 0 && errno == EINTR);
	return n > 0 ? DNS_EXCHANGE_ANSWERED
	    : n == 0 ? DNS_EXCHANGE_TIMEOUT
		     : DNS_EXCHANGE_UNREACHABLE;
}

static bool
open_line(struct line *line, const struct dns_exchange *exchange, int type)
{
	const struct dns_server *server = exchange->server;

	line->end = g_get_monotonic_time() + (gint64)exchange->timeout * 1000;
	line->fd = socket(
	    server->address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (line->fd < 0)
		return false;
	if (connect(line->fd, (const struct sockaddr *)&server->address,
		server->size) == 0 ||
	    errno == EINPROGRESS)
		return true;
	close(line->fd);
	return false;
}

static enum dns_exchange_status
receive_udp(const struct line *line, const struct dns_exchange *exchange,
    GByteArray *answer)
{
	g_byte_array_set_size(answer, DNS_EXCHANGE_MAX);
	for (;;) {
		enum dns_exchange_status status = wait_for(line, POLLIN);
		ssize_t n;

		if (status != DNS_EXCHANGE_ANSWERED)
			return status;
		n = recv(line->fd, answer->data, DNS_EXCHANGE_MAX, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0)
			return DNS_EXCHANGE_UNREACHABLE;
		if (!exchange->wanted(exchange->user,
			(struct span){ answer->data, (size_t)n }))
			continue;
		g_byte_array_set_size(answer, (guint)n);
		return DNS_EXCHANGE_ANSWERED;
	}
}

enum dns_exchange_status
dns_exchange_udp(const struct dns_exchange *exchange, GByteArray *answer)
{
	enum dns_exchange_status status = DNS_EXCHANGE_UNREACHABLE;
	struct line line;

	if (!open_line(&line, exchange, SOCK_DGRAM))
		return status;
	if (send(line.fd, exchange->query.p, exchange->query.n, MSG_NOSIGNAL) ==
	    (ssize_t)exchange->query.n)
		status = receive_udp(&line, exchange, answer);
	close(line.fd);
	return status;
}

static enum dns_exchange_status
send_all(const struct line *line, struct span octets)
{
	while (octets.n > 0) {
		enum dns_exchange_status status = wait_for(line, POLLOUT);
		ssize_t n;

		if (status != DNS_EXCHANGE_ANSWERED)
			return status;
		n = send(line->fd, octets.p, octets.n, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return DNS_EXCHANGE_UNREACHABLE;
		if (n > 0)
			octets = span_from(octets, (size_t)n);
	}
	return DNS_EXCHANGE_ANSWERED;
}

static enum dns_exchange_status
receive_all(const struct line *line, uint8_t *out, size_t left)
{
	while (left > 0) {
		enum dns_exchange_status status = wait_for(line, POLLIN);
		ssize_t n;

		if (status != DNS_EXCHANGE_ANSWERED)
			return status;
		n = recv(line->fd, out, left, 0);
		if (n == 0)
			return DNS_EXCHANGE_CUT;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return DNS_EXCHANGE_UNREACHABLE;
		if (n > 0) {
			out += n;
			left -= (size_t)n;
		}
	}
	return DNS_EXCHANGE_ANSWERED;
}

/* One message after the other, until the one that is wanted. */
static enum dns_exchange_status
receive_tcp(const struct line *line, const struct dns_exchange *exchange,
    GByteArray *answer)
{
	for (;;) {
		uint8_t length[LENGTH];
		enum dns_exchange_status status =
		    receive_all(line, length, LENGTH);

		if (status != DNS_EXCHANGE_ANSWERED)
			return status;
		g_byte_array_set_size(
		    answer, (guint)(length[0] << 8 | length[1]));
		status = receive_all(line, answer->data, answer->len);
		if (status != DNS_EXCHANGE_ANSWERED ||
		    exchange->wanted(exchange->user,
			(struct span){ answer->data, answer->len }))
			return status;
	}
}

enum dns_exchange_status
dns_exchange_tcp(const struct dns_exchange *exchange, GByteArray *answer)
{
	enum dns_exchange_status status;
	struct line line;
	g_autoptr(GByteArray) framed = g_byte_array_new();
	uint8_t length[LENGTH] = { (uint8_t)(exchange->query.n >> 8),
		(uint8_t)exchange->query.n };

	g_byte_array_append(framed, length, LENGTH);
	g_byte_array_append(
	    framed, exchange->query.p, (guint)exchange->query.n);
	if (!open_line(&line, exchange, SOCK_STREAM))
		return DNS_EXCHANGE_UNREACHABLE;
	status = send_all(&line, (struct span){ framed->data, framed->len });
	if (status == DNS_EXCHANGE_ANSWERED)
		status = receive_tcp(&line, exchange, answer);
	close(line.fd);
	return status;
}
