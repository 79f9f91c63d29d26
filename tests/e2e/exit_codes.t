#!/usr/bin/perl
# Exit codes: 0 done or yes, 1 no, 2 usage, 3 input unreadable, 4 integrity,
# 6 output failed, 130 interrupted.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;
use Time::HiRes qw(sleep);

my $dir = scratch();
ok_run(generator(), '--semantics', "$dir/mail");
my $snapshot = make_snapshot(["$dir/mail/keys.jsonl"]);
my @check = ('verifier', 'check', '-s', $snapshot);
my @verify = ('verifier', 'verify', '-s', $snapshot, '-o');
my $good = "$dir/mail/plain.eml";
my $case = 0;

sub exits {
	my ($want, $name, @command) = @_;
	my ($code, $out, $err) = run(@command);
	is($code, $want, $name) or diag("@command\n$out$err");
	isnt($err, '', "$name: standard error tells why") if $want > 1;
}

sub exits_case { my ($want, $name, @rest) = @_; exits($want, $name, @verify, "$dir/c" . ++$case, @rest) }

for my $program (qw(verifier keysnap)) {
	exits(0, "$program --help", $program, '--help');
	exits(0, "$program --version", $program, '--version');
	exits(2, "$program alone", $program);
	exits(2, "$program, unknown command", $program, 'frobnicate');
}
exits(2, 'check without snapshot', 'verifier', 'check', $good);
exits(2, 'check without message', @check);
exits(2, 'unknown option', @check, '--frobnicate', $good);
exits(0, 'check, verified', @check, $good);
exits(1, 'check, unaligned', @check, "$dir/mail/two-from-fields.eml");
exits(1, 'check, one of two', @check, $good, "$dir/mail/later-key.eml");
exits(3, 'check, no such file', @check, "$dir/none.eml");
exits_case(0, 'verify, whatever the verdicts', "$dir/mail/later-key.eml");
exits_case(0, 'verify, -j1 in one word', '-j1', $good);
exits_case(3, 'verify, no such archive', "$dir/none");
exits(6, 'case folder cannot be made', @verify, "$good/case", $good);
exits(6, 'standard output full', 'sh', '-c',
	'exec "$@" >/dev/full', 'sh', @check, $good);

my ($code, $out, $err) =
    run('verifier', 'check', '-s', "$snapshot.store", $good);
isnt($code, 0, 'an unfrozen store is refused');
like($err, qr/freeze/, 'and the command that freezes it is named');

exits(4, 'root does not fit', @check, '--root', '0' x 64, $good);
ok_run('keysnap', 'keygen', '-o', "$dir/key", '--name', 'other.example/log');
exits(4, 'not signed by this key', @check, '--public-key', "$dir/key.pub",
	$good);

# Interrupted: enough work that the signal comes in the middle of it.
my $mbox = get(top() . '/data/demo.mbox');
open my $big, '>:raw', "$dir/big.mbox" or die;
print {$big} $mbox for 1 .. 600;
close $big or die;
my $child = fork // die;
if ($child == 0) {
	open STDERR, '>', '/dev/null';
	open STDOUT, '>', '/dev/null';
	exec @verify, "$dir/big-case", "$dir/big.mbox";
}
for (1 .. 100) {
	last if -s "$dir/big-case/results.jsonl" || -d "$dir/big-case";
	sleep 0.02;
}
sleep 0.1;
kill INT => $child;
waitpid $child, 0;
is($? & 127, 0, 'SIGINT does not kill');
is($? >> 8, 130, 'interrupted is 130');
done_testing();
