#!/usr/bin/perl
# capture_many.t - many names from real servers: nothing is lost, in bounded
# time and memory; daily captures cost little and tell what changed; killed at
# any moment, what was committed is there and the run goes on.
# CAPTURE_NAMES (400; 10000 for all), CAPTURE_DAYS (4; 30), KILLS (5; 100).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use File::Copy qw(copy);
use Forge;
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

my $n = $ENV{CAPTURE_NAMES} // 400;
my $days = $ENV{CAPTURE_DAYS} // 4;
my $kills = $ENV{KILLS} // 5;
my $folder = scratch() . '/zones';
my $store = scratch() . '/keys.store';

# Half of the names in a signed zone, half in one that is not; keys of the size
# of RSA 2048, some no keys.
my @letters = ('A' .. 'Z', 'a' .. 'z', 0 .. 9, '+', '/');
sub key { return join '', map { $letters[number_below(64)] } 1 .. 392 }
my %text = Dns::zone_text();
my @names = map { "k$_._domainkey." . ($_ % 2 ? 'mail.test' : 'plain.test') }
    1 .. $n;
my %absent = map { $_ => 1 } grep { /^k\d*7\./ } @names;
for my $name (@names) {
	next if $absent{$name};
	my ($zone) = $name =~ /([a-z]+\.test)$/;
	my $key = key();
	$text{$zone} .= "$name. 300 IN TXT \"v=DKIM1; k=rsa; p=" .
	    substr($key, 0, 200) . '" "' . substr($key, 200) . "\"\n";
}
my $keys = make_zones($folder, zones => \%text);
my $servers = start_servers($folder);
my $list = scratch() . '/names';
put($list, join '', map { "$_\n" } @names);
my @capture = ('keysnap', 'capture', $store, '--trust-anchor',
    "$folder/anchor", '--server', $servers->{unbound}, '--jobs', 64,
    '--wants', $list);

sub new_store {
	unlink $store, "$store-lock";
	ok_run('keysnap', 'init', $store, '--origin', 'a.example/log');
}

# Run it; exit code, output, seconds of wall and of CPU, MB at most.
sub measured {
	my (@command) = @_;
	my $out = scratch() . '/out';
	my ($began, $peak) = (time, 0);
	my @cpu = times;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', $out or die;
		open STDERR, '>&', \*STDOUT or die;
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	while (waitpid($child, WNOHANG) == 0) {
		if (open my $in, '<', "/proc/$child/status") {
			/^VmHWM:\s+(\d+)/ and $peak = $1 / 1024 while <$in>;
		}
		sleep 0.02;
	}
	my $code = $? >> 8;
	my @after = times;
	return ($code, get($out), time - $began,
	    $after[2] + $after[3] - $cpu[2] - $cpu[3], $peak);
}

sub of_type {
	my ($type) = @_;
	return grep { /"type":"$type"/ } split /\n/,
	    ok_run('keysnap', 'export', $store, '--format', 'canonical');
}

# ---- all of them

new_store();
my ($code, $out, $wall, $cpu, $peak) = measured(@capture);
is($code, 0, 'captured') or diag($out);
my $gone = keys %absent;
like($out, qr/^$n names of 1 servers: @{[$n - $gone]} present $gone NXDOMAIN$/m,
	'nothing is lost');
diag(sprintf '%d names: %.1f s, %.1f s of CPU, %.0f MB', $n, $wall, $cpu,
    $peak);
cmp_ok($wall, '<', 60, 'in a minute');
cmp_ok($peak, '<', 200, 'in 200 MB');
my %seen = map { /"name":"([^"]*)"/ ? ($1 => 1) : () } of_type('observation');
is(scalar keys %seen, $n, 'an observation of each');
my $secure = grep { /"result":"secure"/ } of_type('chain-result');
is($secure, int(($n + 1) / 2), 'half of them secure');
my $first = -s $store;

# ---- every day

my $unchanged = 0;
for my $day (1 .. $days - 1) {
	($code, $out) = run('faketime', '-f', "+${day}d", @capture);
	$unchanged++ if $code == 0 &&
	    $out =~ /^0 observations added, .* $n unchanged, 0 changed, 0 vanished/m;
}
is($unchanged, $days - 1, 'unchanged every day');
my $growth = ((-s $store) - $first) / $first;
diag(sprintf '%d days: %d KB and %.1f %%', $days, $first / 1024,
    100 * $growth);
# A sighting has the numbers of what was seen again, and the list of names is
# kept once; with few names pages of the store weigh more.
cmp_ok($growth, '<', $n < 10_000 ? 0.3 : 0.15, 'for little');

# One key is another, one is gone; nobody looked at the others' order.
my $zone = $text{'plain.test'};
my ($changed, $vanished) = grep { /plain/ && !$absent{$_} } @names;
$zone =~ s/^(\Q$changed\E\. .*p=)..../$1BBBB/m;
$zone =~ s/^\Q$vanished\E\. .*\n//m;
put("$folder/plain.test.zone", $zone);
stop_programs(@{ $servers->{children} });
my $port = $servers->{unbound} =~ s/.*://r;
my ($nsd) = Dns::start_nsd($folder, @Dns::signed, 'plain.test');
Dns::start_unbound($folder, $nsd, $port);
($code, $out) = run('faketime', '-f', "+${days}d", @capture, '--cron');
is($code, 1, 'a change is in the exit code');
is($out, "changed\t$changed\t$servers->{unbound}\n" .
    "vanished\t$vanished\t$servers->{unbound}\n", 'and both are told');
($code, $out) = run('faketime', '-f', "+${days}d", @capture, '--cron');
is("$code$out", '0', 'once');

# ---- killed

new_store();
copy($store, "$store.empty") or die;
my $began = time;
is((measured(@capture))[0], 0, 'captured again');
my $seconds = time - $began;
my ($hit, $committed, @wrong) = (0, 0);
for my $i (1 .. $kills) {
	unlink "$store-lock";
	copy("$store.empty", $store) or die;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDOUT, '>', '/dev/null' or die;
		open STDERR, '>&', \*STDOUT or die;
		exec { $capture[0] } @capture or POSIX::_exit(127);
	}
	sleep $seconds * 1.05 * number_below(1000) / 1000;
	kill 'KILL', $child;
	waitpid $child, 0;
	$hit++ if ($? & 127) == 9;
	my ($bad, $log) = run('keysnap', 'export', $store, '--format',
	    'canonical');
	my $had = () = $log =~ /"type":"observation"/g;
	$committed++ if $had > 0;
	push @wrong, "kill $i: export says $bad" if $bad != 0;
	push @wrong, "kill $i: $had observations" if $had % 1000 && $had != $n
	    && $seconds < 9;
	my ($again, $said) = run(@capture, '--resume');
	my ($worse, $whole) = run('keysnap', 'export', $store, '--format',
	    'canonical');
	push @wrong, "kill $i: --resume: $again $said" if $again != 0;
	push @wrong, "kill $i: what was committed is not there"
	    if $worse != 0 || index($whole, $log) != 0;
	my %all = map { /"name":"([^"]*)"/ ? ($1 => 1) : () }
	    grep { /"type":"observation"/ } split /\n/, $whole;
	my $lines = () = $whole =~ /"type":"observation"/g;
	push @wrong, "kill $i: $lines observations of " . keys %all
	    if keys %all != $n || $lines != $n;
}
is(join("\n", @wrong), '', "$kills kills, $hit during the run, $committed " .
	'after a commit: nothing committed is lost, --resume does the rest');
done_testing();
