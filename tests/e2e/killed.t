#!/usr/bin/perl
# killed.t - keysnap killed at any moment, and a disk that is full: what was
# committed is there, nothing of the interrupted import is, and the store opens.
# KILLS, else 20; 100 for all.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Forge;
use File::Copy qw(copy);
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

my $kills = $ENV{KILLS} // 20;
my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my $n = 30_000;

sub keys_of {
	my ($from, $to) = @_;
	return join '', map { "{\"domain\":\"d$_.example\",\"selector\":\"s\","
	    . "\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011\"}\n" }
	    $from .. $to;
}
put('a.jsonl', keys_of(1, 50));
put('b.jsonl', keys_of(51, 50 + $n));
my @import = ('--format', 'jsonl', '--source', 'test', '--imported-at', '2020');
sub log_of { return ok_run('keysnap', 'export', $_[0], '--format', 'canonical') }

ok_run('keysnap', 'init', 'base', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'base', @import, 'a.jsonl');
my $before = log_of('base');
copy('base', 'store') or die;
my $began = time;
ok_run('keysnap', 'import', 'store', @import, 'b.jsonl');
my $seconds = time - $began;
my $after = log_of('store');
copy('store', 'full') or die;

# Start a command and kill it after a while; true when it was still there.
sub killed {
	my ($while, @command) = @_;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', 'out' or die;
		open STDERR, '>', 'err' or die;
		exec { $command[0] } @command or exit 127;
	}
	sleep $while;
	kill 'KILL', $child;
	waitpid $child, 0;
	return ($? & 127) == 9;
}

# Before or after, nothing between; and the import goes on from there.
sub check {
	my ($what, @wrong) = @_;
	my ($code, $log, $err) = run('keysnap', 'export', 'store', '--format',
	    'canonical');
	return "$what: exit $code, $err" if $code != 0;
	return "$what: " . length($log) . ' octets of log'
	    if $log ne $before && $log ne $after;
	my ($again, $out) = run('keysnap', 'import', 'store', @import, 'b.jsonl');
	return "$what: again: exit $again, $out" if $again != 0
	    || $log eq $after && $out !~ /imported before/;
	return "$what: not the same log" if log_of('store') ne $after;
	return ();
}

my ($hit, @wrong) = (0);
for my $i (1 .. $kills) {
	copy('base', 'store') or die;
	unlink 'store-lock';
	my $while = $seconds * 1.1 * number_below(1000) / 1000;
	$hit++ if killed($while, 'keysnap', 'import', 'store', @import, 'b.jsonl');
	push @wrong, check("kill $i after $while s");
}
is(join("\n", splice @wrong, 0, 5), '', "$kills kills during import");
cmp_ok($hit, '>', $kills / 4, "$hit of them before its end");

# The same store is killed again and again without being looked at.
copy('base', 'store') or die;
unlink 'store-lock';
killed($seconds * number_below(900) / 1000, 'keysnap', 'import', 'store',
    @import, 'b.jsonl') for 1 .. 5;
is_deeply([ check('five in a row') ], [], 'five in a row');

# Merging, and freezing, which makes a snapshot or none.
put('c.jsonl', keys_of(60_000, 60_100));
ok_run('keysnap', 'init', 'other', '--origin', 'other.example/keys');
ok_run('keysnap', 'import', 'other', @import, 'c.jsonl');
my $own = log_of('other');
$began = time;
copy('other', 'merged') or die;
ok_run('keysnap', 'merge', 'merged', 'full', '--made', '2020');
$seconds = time - $began;
my $merged = log_of('merged');
for my $i (1 .. 1 + $kills / 5) {
	copy('other', 'merged') or die;
	unlink 'merged-lock';
	killed($seconds * number_below(1000) / 1000, 'keysnap', 'merge', 'merged',
	    'full', '--made', '2020');
	my $log = log_of('merged');
	push @wrong, "merge $i" if $log ne $own && $log ne $merged;
	killed($seconds * number_below(1000) / 1000, 'keysnap', 'freeze', 'full',
	    "snap$i");
	push @wrong, "freeze $i" if -e "snap$i"
	    && (run('keysnap', 'verify', "snap$i"))[0] != 0;
	push @wrong, "freeze $i: the store" if log_of('full') ne $after;
	system 'rm', '-rf', glob("snap$i*");
}
is(join("\n", splice @wrong, 0, 5), '', 'kills during merge and freeze');

# A disk that is full: a file that may not grow, on any machine.
sub limited {
	my ($kib, @command) = @_;
	# dash counts in blocks of 512 octets; EFBIG instead of SIGXFSZ.
	return run('sh', '-c', "trap '' XFSZ; ulimit -f $kib; exec \"\$@\"", 'sh',
	    @command);
}
my $small = -s 'base';
my $large = -s 'full';
for my $part (0, 1, 10, 40, 70, 95) {
	copy('base', 'store') or die;
	unlink 'store-lock';
	my $blocks = int(($small + ($large - $small) * $part / 100) / 512);
	my ($code, $out, $err) = limited($blocks, 'keysnap', 'import', 'store',
	    @import, 'b.jsonl');
	is($code, 6, "a file that may grow by $part %: exit 6");
	like($err, qr/store/, 'and says what');
	is_deeply([ check("limit $part") ], [], 'the store is as it was');
}
my ($code) = limited(int($small / 1024), 'keysnap', 'freeze', 'full', 'snap');
is($code, 6, 'a snapshot that finds no room');
ok(!-e 'snap' && !glob('snap.*'), 'leaves nothing');

# And a file system that is.
SKIP: {
	skip 'a file system of our own needs root', 1 if $> != 0;
	mkdir 'small' or die;
	# A namespace of its own: nothing stays mounted, whatever happens here.
	put('on.sh', <<'SH');
set -e
mount -t tmpfs -o size="$1" none small || exit 99
cp base small/store
if keysnap import small/store --format jsonl --source test \
	--imported-at 2020 b.jsonl >out 2>err; then code=0; else code=$?; fi
keysnap export small/store --format canonical >log
keysnap freeze full small/snap >/dev/null 2>&1 && code=frozen
ls small >names
exit "$code"
SH
	for my $part (5, 30, 60, 90) {
		my $size = int($small + ($large - $small) * $part / 100);
		my ($code, $out, $err) = run('unshare', '-m', 'sh', 'on.sh', $size);
		skip 'no mount is allowed here', 1 if $code == 99
		    || $err =~ /unshare/;
		is($code, 6, "a tmpfs with $part % of the room: exit 6")
		    or diag($err, get('err'));
		is(get('log'), $before, 'the store is as it was');
		is(get('names'), "store\nstore-lock\n", 'and nothing else is there');
	}
}

done_testing();
