#!/usr/bin/perl
# Messages that try to look better than they are: two From fields, tricks in
# the display name, l=, unsigned MIME fields, moved signatures, other, weak,
# revoked and testing keys.  None is green but those that may be.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch() . '/semantics';
ok_run(generator(), '--semantics', $dir);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);

for (split /\n/, get("$dir/expect.tsv")) {
	my ($file, $want) = split /\t/;
	my ($code, $out, $err) =
	    run('verifier', 'check', '--json', '-s', $snapshot, "$dir/$file");
	my ($record) = $code <= 1 ? records($out) : ();
	is($record->{verdict}, $want, "$file: verdict")
	    or diag("exit $code $err @{$record->{reasons} // []}");
	my $green = $want eq 'verified';
	is($record->{color} eq 'green', $green, "$file: colour");
	is($code, $green ? 0 : 1, "$file: exit code");
}
done_testing();
