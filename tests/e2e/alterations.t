#!/usr/bin/perl
# Messages in which signed octets were changed, so that no white space, folding
# or quoting explains it: not one verifies, with all repairs tried.
# ALTERATIONS says how many (3000).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $n = $ENV{ALTERATIONS} // 3000;
my $dir = scratch() . '/alterations';
ok_run(generator(), '--alterations', $dir, '--count', $n);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);
my (undef, $records) =
    verify_records($snapshot, "$dir/alterations.mbox");
is(scalar @$records, $n, 'one record for each message');
my %seen;
$seen{ $_->{verdict} }++ for @$records;
is(join(' ', grep { /^verified/ } sort keys %seen), '',
	'none of them verifies');
cmp_ok($seen{altered} // 0, '>', 0, 'altered headers are among them');
cmp_ok($seen{'headers-only'} // 0, '>', 0, 'and altered bodies');
note("$_: $seen{$_}") for sort keys %seen;
done_testing();
