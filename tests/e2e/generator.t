#!/usr/bin/perl
# The files in data/ are what the generator makes, octet for octet; another
# seed makes others.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my %files = (mbox => 'demo.mbox', 'keys-jsonl' => 'demo-keys.jsonl',
	'keys-zone' => 'demo-keys.zone', expect => 'demo-expect.tsv');
my $dir = scratch();

ok_run(generator(), map { ("--$_", "$dir/$files{$_}") } keys %files);
for my $name (sort values %files) {
	ok(get("$dir/$name") eq get(top() . "/data/$name"), "$name is the same");
}
ok_run(generator(), '--seed', 1, '--keys-zone', "$dir/other.zone");
isnt(get("$dir/other.zone"), get("$dir/demo-keys.zone"), 'another seed');
done_testing();
