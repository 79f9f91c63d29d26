#!/usr/bin/perl
# capture_killed.t - a capture killed at any moment: what was committed stays,
# of a batch all or nothing, the store opens and freezes, and a resumed capture
# asks for the rest.
# KILLS, else 6; 100 for all.  And a disk that is full.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use Forge;
use File::Copy qw(copy);
use Test::More;
use Time::HiRes qw(sleep time);

my $kills = $ENV{KILLS} // 6;
my ($batch, $n) = (1000, 3500); # answers of one commit, names
my $scratch = scratch();
make_zones("$scratch/zones");
my $servers = start_servers("$scratch/zones");
chdir $scratch or die;
put('names', join '', map { "n$_._domainkey.plain.test\n" } 1 .. $n);
my @capture = ('keysnap', 'capture', 'store', '--trust-anchor', 'zones/anchor',
    '--server', $servers->{nsd}, '--wants', 'names', '--resume');

sub log_of {
	return ok_run('keysnap', 'export', $_[0] // 'store', '--format',
	    'canonical');
}
# How many names a log has.
sub observed {
	my $count = () = $_[0] =~ /"name":"n\d+\._domainkey\.plain\.test"/g;
	return $count;
}

sub fresh {
	copy('base', 'store') or die;
	unlink 'store-lock';
}

# Start a capture and kill it after a while; true when it was still there.
sub killed {
	my ($while) = @_;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDOUT, '>', 'out' or die;
		open STDERR, '>', 'err' or die;
		exec { $capture[0] } @capture or exit 127;
	}
	sleep $while;
	kill 'KILL', $child;
	waitpid $child, 0;
	return ($? & 127) == 9;
}

ok_run('keysnap', 'init', 'base', '--origin', 'a.example/log');
fresh();
my $began = time;
is((run(@capture))[0], 0, 'a whole capture');
my $seconds = time - $began;
is(observed(log_of()), $n, 'has all names');

my ($hit, $partial, @wrong) = (0, 0);
for my $i (1 .. $kills) {
	fresh() if $i % 3 != 0; # the third goes on from the second
	my $before = log_of();
	my $while = $seconds * (400 + number_below(700)) / 1000;
	$hit++ if killed($while);
	my ($code, $log, $err) = run('keysnap', 'export', 'store', '--format',
	    'canonical');
	my $found = observed($log);
	my $what = "kill $i after $while s";
	push @wrong, "$what: exit $code, $err" if $code != 0;
	push @wrong, "$what: something committed is gone"
	    if substr($log, 0, length $before) ne $before;
	my $had = observed($before);
	push @wrong, "$what: $found of $had: a part of a batch"
	    if ($found - $had) % $batch != 0 && $found != $n;
	$partial++ if $found > 0 && $found < $n;
	next if $i % 3;
	# It goes on from there, and every name is there once.
	push @wrong, "$what: resumed" if (run(@capture))[0] != 0;
	my %names;
	$names{$_}++ for log_of() =~ /"name":"(n\d+)\._domainkey/g;
	push @wrong, "$what: " . keys(%names) . ' names'
	    if keys %names != $n || grep { $_ != 1 } values %names;
	ok_run('keysnap', 'freeze', 'store', 'snap');
	push @wrong, "$what: the snapshot"
	    if (run('keysnap', 'verify', 'snap'))[0] != 0;
	system 'rm', '-rf', 'snap';
}
is(join("\n", splice @wrong, 0, 5), '', "$kills kills during capture");
cmp_ok($hit, '>', $kills / 4, "$hit of them before its end");
cmp_ok($partial, '>', 0, "$partial of them between two batches");

# A file that may not grow: the batches that had room are there.
my ($small, $large) = (-s 'base', -s 'store');
for my $part (0, 50, 80) {
	fresh();
	# In blocks of 512 octets; EFBIG instead of SIGXFSZ.
	my $blocks = int(($small + ($large - $small) * $part / 100) / 512);
	my ($code, $out, $err) = run('sh', '-c', "trap '' XFSZ; ulimit -f "
	    . "$blocks; exec \"\$@\"", 'sh', @capture);
	is($code, 6, "a store that may grow by $part %: exit 6");
	like($err, qr/store/, 'and says what');
	my $log = log_of();
	is(observed($log) % $batch, 0, 'whole batches');
	is(observed($log) > 0, $part > 0, 'as many as had room');
	is((run(@capture))[0], 0, 'and it goes on from there');
	is(observed(log_of()), $n, 'with the rest');
}
done_testing();
