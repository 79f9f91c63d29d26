#!/usr/bin/perl
# The examples of RFC 6376 appendix A and RFC 8463 appendix A, as a user
# would check them: every signature passes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $data = top() . '/data';
my $snapshot = make_snapshot(["$data/rfc-keys.jsonl"]);

sub results {
	my ($name) = @_;
	my (undef, $out) = run('verifier', 'check', '--json', '-s', $snapshot,
	    "$data/$name");
	my ($record) = records($out);
	return join ' ', map { "$_->{a} $_->{result}" } @{$record->{signatures}};
}

is(results('rfc6376-appendix-a.eml'), 'rsa-sha256 pass', 'RFC 6376 A.2');
is(results('rfc8463-appendix-a.eml'),
    'ed25519-sha256 pass rsa-sha256 pass', 'RFC 8463 A.3');
done_testing();
