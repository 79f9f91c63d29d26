#!/usr/bin/perl
# A run over an archive makes no call for a socket.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $dir = scratch();
my ($code) = run('strace', '-o', "$dir/try", 'true');
plan skip_all => 'strace is missing or may not trace here' if $code != 0;

my $snapshot = demo_snapshot();
my $log = "$dir/strace.log";
# Its own sandbox must not be disturbed by the tracer: strace only looks.
($code, my $out, my $err) = run('strace', '-f', '-o', $log, 'verifier',
	'verify', '-s', $snapshot, '-o', "$dir/case", top() . '/data/demo.mbox');
is($code, 0, 'the traced run ends well') or diag($err);
my $text = get($log);
like($text, qr/^\d+ +(?:execve|openat)\(/m, 'the trace has calls');
like($text, qr/demo\.mbox/, 'the trace saw the archive');
my @calls = $text =~ /^\d+ +((?:socket|socketpair|connect|bind|listen|accept4?|send(?:to|m?msg)|recv(?:from|m?msg))\(.*)$/mg;
is(join("\n", @calls), '', 'no socket call');
like($text, qr/seccomp\(SECCOMP_SET_MODE_FILTER|prctl\(PR_SET_SECCOMP/,
	'a filter is set');
my ($filter) = $text =~ /^(.*?)(?:seccomp\(SECCOMP_SET_MODE_FILTER|PR_SET_SECCOMP, SECCOMP_MODE_FILTER)/s;
unlike($filter // '', qr/openat\([^\n]*demo\.mbox[^\n]*\) = \d/,
	'the filter stands before the archive is read');
done_testing();
