#!/usr/bin/perl
# dnssec_chains.t - DNSSEC chains in imported files: zones signed by ldns, what
# keysnap finds of them, what libgetdns finds of the same octets, and what
# "keysnap verify --dnssec" finds again.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use Dns;
use E2e;
use JSON::PP;
use Test::More;

my $folder = scratch() . '/zones';
my $keys = make_zones($folder);
my $build = $ENV{BUILD} // 'build';
my $peer = ($build =~ m{^/} ? $build : top() . "/$build") . '/gen/peer_getdns';
my $in_time = 1452384000;	# 2016-01-10
my $made = 0;

sub zone { return get("$folder/" . ($_[0] eq '.' ? 'root' : $_[0]) .
    ($_[0] eq 'plain.test' ? '.zone' : '.signed')) }

sub all_zones { return join '', map { zone($_) } @Dns::signed, 'plain.test' }

# Import a text; the snapshot, and results as name => "STATUS REASON", each
# with what getdns says of it in time.
sub import_text {
	my ($text, %o) = @_;
	my $base = scratch() . '/import' . ++$made;
	put("$base.txt", $text);
	ok_run('keysnap', 'init', "$base.store", '--origin', 'a.example/log');
	ok_run('keysnap', 'import', "$base.store", '--format',
	    $o{format} // 'zone', '--observed-at', '2016-01-10', '--skip-bad',
	    '--trust-anchor', $o{anchor} // "$folder/anchor", "$base.txt");
	ok_run('keysnap', 'freeze', "$base.store", "$base.snap");
	my @entries = map { decode_json($_) } split /\n/,
	    get("$base.snap/log.jsonl");
	my $blobs = blobs("$base.snap");
	my (%found, %other);
	for my $entry (grep { $_->{type} eq 'chain-result' } @entries) {
		my $name = $entries[$entry->{observation}]{name};
		my $blob = $blobs->{$entry->{evidence}[0]};
		put("$base.chain", $blob);
		chomp(my $says = ok_run($peer, "$base.chain",
		    "$folder/anchor", $o{at} // $in_time));
		$found{$name} = $entry->{result} .
		    ($entry->{reason} ? " $entry->{reason}" : '');
		$other{$name} = $says;
		next if $entry->{result} !~ /secure/;
		is($entry->{from}, $o{from} // '2016-01-01T00:00:00Z',
		    "$name from");
		is($entry->{until}, $o{until} // '2016-02-01T00:00:00Z',
		    "$name until");
		chomp($says = ok_run($peer, "$base.chain", "$folder/anchor",
		    1480000000));
		is($says, 'bogus', "$name: getdns minds the clock");
	}
	return ("$base.snap", \%found, \%other);
}

sub key_name { return "$_[0]._domainkey.$_[1].test" }

# ---- what is good

my ($snapshot, $found, $other) = import_text(all_zones());
my %want = (
	key_name('s1', 'mail') => 'secure',
	key_name('big', 'mail') => 'secure',
	key_name('ten', 'mail') => 'secure',
	key_name('alias', 'mail') => 'secure',
	key_name('away', 'mail') => 'insecure ds-denied',
	key_name('s1', 'post') => 'secure',
	key_name('s1', 'plain') => 'insecure ds-denied',
);
is_deeply($found, \%want, 'every name has its result');
for my $name (sort keys %want) {
	my ($status) = split / /, $want{$name};
	is($other->{$name}, $status, "$name: getdns agrees");
}

my ($code, $out, $err) = run('keysnap', 'verify', $snapshot, '--dnssec',
    '--trust-anchor', "$folder/anchor");
is($code, 0, 'verified again') or diag($out, $err);
like($out, qr/16 chains validated again, 16 as the log says: 14 secure, 2 /,
	'all of them');
SKIP: {
	skip 'faketime and AddressSanitizer do not go together', 1
	    if !can_faketime();
	($code, $out) = run('faketime', '2037-01-01 00:00:00', 'keysnap',
	    'verify', $snapshot, '--dnssec', '--trust-anchor',
	    "$folder/anchor");
	is($code, 0, 'whatever the clock says');
}
($code, $out) = run('keysnap', 'verify', $snapshot, '--dnssec');
is($code, 1, 'the root of the Internet is another one');
like($out, qr/says secure from .* the chain is indeterminate \(no-anchor\)/,
	'and that is said');
my (undef, undef, undef, undef, $tag, $type, $digest_type, $digest) =
    split ' ', get("$folder/anchor") =~ s/\s+/ /gr;
put("$folder/late.xml", "<TrustAnchor><Zone>.</Zone><KeyDigest " .
    "validFrom='2020-01-01T00:00:00Z'><KeyTag>$tag</KeyTag><Algorithm>$type" .
    "</Algorithm><DigestType>$digest_type</DigestType><Digest>$digest" .
    "</Digest></KeyDigest></TrustAnchor>\n");
($code, $out) = run('keysnap', 'verify', $snapshot, '--dnssec',
    '--trust-anchor', "$folder/late.xml");
is($code, 4, 'an anchor of another time');
like($out, qr/the chain is bogus \(anchor-time\)/, 'is none');
($code, $out, $err) = run('keysnap', 'verify', $snapshot, '--trust-anchor', 'x');
is($code, 2, '--trust-anchor alone');
($code, $out, $err) = run('keysnap', 'verify', $snapshot, '--dnssec',
    '--trust-anchor', "$folder/nothing");
is($code, 3, 'no such file');
like($err, qr{\Q$folder\E/nothing}, 'is named');
put("$folder/bad", ". IN DS 1 8 2 00\n");
($code, $out, $err) = run('keysnap', 'verify', $snapshot, '--dnssec',
    '--trust-anchor', "$folder/bad");
is($code, 3, 'a bad file');
like($err, qr{\Q$folder\E/bad:1: a digest of the wrong length}, 'and line');

# Passive DNS has the same records as rows.
my $rows = '';
for (split /\n/, all_zones()) {
	my ($name, undef, undef, $rrtype, $rdata) = split /\s+/, $_, 5;
	next if !defined $rdata || $name =~ /^;/ || $name =~ /^\*/;
	$rows .= JSON::PP->new->canonical->encode({ rrname => $name,
	    rrtype => $rrtype, rdata => $rdata, time_first => $in_time,
	    time_last => $in_time }) . "\n";
}
(undef, $found) = import_text($rows, format => 'cof');
delete @want{key_name('alias', 'mail'), key_name('away', 'mail')};
is_deeply($found, \%want, 'rows of passive DNS give the same');

# ---- what is not

my $name = key_name('s1', 'mail');

# Change the text of all zones; the result of s1 under mail.test.
sub changed {
	my ($what, $want, $text, %o) = @_;
	my (undef, $results, $says) = import_text($text, %o);
	is($results->{$name}, $want, $what);
	isnt($says->{$name}, 'secure', "$what: nor does getdns")
	    if !$o{only_here};
}

my $all = all_zones();
changed('the record is another', 'bogus signature',
	$all =~ s/(\Q$name\E\.\s.*TXT\s.*)AAAA/$1AAAB/r);
changed('its signature is missing', 'bogus no-signature',
	$all =~ s/^\Q$name\E\.\s.*RRSIG\sTXT.*\n//mr);
changed('the DS is missing, and its denial', 'indeterminate no-ds',
	$all =~ s/^mail\.test\.\s.*\s(?:RRSIG\s)?DS\s.*\n//mgr);
changed('the DS is another', 'bogus signature',
	$all =~ s/^(mail\.test\.\s.*\sDS\s+[0-9]+ 15 2 )[0-9a-f]{4}/$1beef/mr);
changed('the keys are missing', 'indeterminate no-dnskey',
	$all =~ s/^mail\.test\.\s.*\s(?:RRSIG\s)?DNSKEY\s.*\n//mgr);
changed('the root is missing', 'indeterminate no-dnskey',
	$all =~ s/^\.\s.*\s(?:RRSIG\s)?DNSKEY\s.*\n//mgr);
changed('the signer is the zone above', 'bogus signer',
	$all =~ s/^(\Q$name\E\.\s.*RRSIG\sTXT.*)\smail\.test\.\s/$1 test. /mr);
changed('a label too many', 'bogus labels',
	$all =~ s/^(\Q$name\E\.\s.*RRSIG\sTXT\s+15\s)4/${1}5/mr);
changed('a wildcard that is not', 'bogus signature',
	$all =~ s/^(\Q$name\E\.\s.*RRSIG\sTXT\s+15\s)4/${1}3/mr);

# Signed for another month than the zones above.
Dns::sign_zone($folder, 'mail.test', inception => '20160301000000',
	expiration => '20160401000000', keys => [ $keys->{'mail.test'} ]);
changed('times that do not meet', 'bogus window', all_zones());

# Signed with a key of which the zone above knows nothing.
my $stranger = Dns::make_key($folder, 'mail.test');
Dns::sign_zone($folder, 'mail.test', inception => '20160101000000',
	expiration => '20160201000000', keys => [ $stranger ]);
changed('a key that no DS fits', 'bogus ds-mismatch', all_zones());

# Signed with the key that has been revoked.
my $key = $keys->{'mail.test'};
Dns::in_folder($folder, 'ldns-revoke', "$key.key");
my $ds = Dns::ds_of($folder, $key);
my $test = get("$folder/test.zone");
$test =~ s/^mail\.test\.\s.*DS\s.*\n/$ds/m;
put("$folder/test.zone", $test);
my %times = (inception => '20160101000000', expiration => '20160201000000');
Dns::sign_zone($folder, 'mail.test', %times, keys => [ $key ]);
Dns::sign_zone($folder, 'test', %times, keys => [ $keys->{'test'} ]);
# libgetdns 1.6 does not look at the bit, and calls it secure.
changed('a revoked key', 'bogus key-revoked', all_zones(), only_here => 1);
done_testing();
