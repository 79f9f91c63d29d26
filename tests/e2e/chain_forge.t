#!/usr/bin/perl
# chain_forge.t - a stranger changes a stored DNSSEC chain and makes the whole
# snapshot fit again: digests, log, root, index.  keysnap verify --dnssec finds
# each record of the chain that was touched.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use Dns;
use E2e;
use Forge;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use SignedNote;
use Test::More;

my $folder = scratch() . '/zones';
make_zones($folder);
my $name = 's1._domainkey.mail.test';
my $base = scratch() . '/keys';
my @anchor = ('--trust-anchor', "$folder/anchor");
put("$base.txt", join '', map { get("$folder/$_.signed") }
	'root', 'test', 'mail.test');
ok_run('keysnap', 'init', "$base.store", '--origin', 'a.example/log');
ok_run('keysnap', 'import', "$base.store", '--format', 'zone',
	'--observed-at', '2016-01-10', '--skip-bad', @anchor, "$base.txt");
ok_run('keysnap', 'freeze', "$base.store", "$base.snap");

my $log = get("$base.snap/log.jsonl");
my @entries = map { decode_json($_) } split /\n/, $log;
my ($result) = grep { $_->{type} eq 'chain-result' &&
	$entries[$_->{observation}]{name} eq $name } @entries;
is($result->{result}, 'secure', 'a chain that holds');
my $digest = $result->{evidence}[0];
my @pieces = pieces("$base.snap");
my ($chain) = map { $_->[1] } grep { $_->[0] eq $digest } @pieces;

# Records of a chain: where each begins, and its type.
sub records_of {
	my ($octets) = @_;
	my ($at, @records) = (0);
	while ($at < length $octets) {
		my $start = $at;
		while ((my $n = ord substr $octets, $at, 1) > 0) { $at += $n + 1 }
		my ($type, undef, undef, $size) =
		    unpack 'n2Nn', substr $octets, $at + 1, 10;
		push @records, { start => $start, type => $type,
			rdata => $at + 11, end => $at + 11 + $size };
		$at += 11 + $size;
	}
	return @records;
}

my $forged = 0;
sub forge {
	my ($octets) = @_;
	my $snapshot = "$base.forged" . ++$forged;
	my $now = sha256_hex($octets);
	ok_run('cp', '-r', "$base.snap", $snapshot);
	put("$snapshot/evidence/pack-000000", join '', map {
	    "$_->[0] " . length($_->[1]) . "\n$_->[1]\n" }
	    map { $_->[0] eq $digest ? [ $now, $octets ] : $_ } @pieces);
	(my $text = $log) =~ s/$digest/$now/g;
	put("$snapshot/log.jsonl", $text);
	my @lines = split /\n/, $text;
	my ($origin) = split /\n/, get("$snapshot/checkpoint");
	my $checkpoint = "$origin\n" . @lines . "\n" . encode_base64(
	    root_of(map { leaf_hash($_) } @lines), '') . "\n";
	put("$snapshot/checkpoint", $checkpoint);
	seal_again($snapshot);
	ok_run('keysnap', 'rebuild', $snapshot, '-o', "$snapshot.mdb");
	put("$snapshot/keys.mdb", get("$snapshot.mdb"));
	seal_again($snapshot);
	return $snapshot;
}

sub verify {
	my ($snapshot) = @_;
	return run('keysnap', 'verify', $snapshot, '--dnssec', @anchor);
}

# With another root key, or none, the chain ends at an anchor that is not known:
# that is no fault of the snapshot, and the answer is no.
sub wanted {
	my ($record, $out) = @_;
	my $of_root = substr($chain, $record->{start}, 1) eq "\0";
	return $of_root && $out =~ /\(no-anchor\)/ ? 1 : 4;
}

# As it is, forged or not, all holds.
my ($code, $out, $err) = verify(forge($chain));
is($code, 0, 'made to fit without a change') or diag($out, $err);
my @records = records_of($chain);
cmp_ok(scalar @records, '>', 9, 'records of three zones');
for my $i (0 .. $#records) {
	my $record = $records[$i];
	# The last octet: of a signature, a key, a digest, the text.
	my $octets = $chain;
	substr($octets, $record->{end} - 1, 1) ^= "\1";
	($code, $out) = verify(forge($octets));
	is($code, wanted($record, $out), "record $i, of type " .
	    "$record->{type}, is another") or diag($out);
	like($out, qr/says secure .*, the chain is (?:bogus|indeterminate) /,
		'and that is said');
	# And without it.
	substr($octets = $chain, $record->{start},
		$record->{end} - $record->{start}) = '';
	($code, $out) = verify(forge($octets));
	is($code, wanted($record, $out), "record $i is missing")
	    or diag($out);
}
done_testing();
