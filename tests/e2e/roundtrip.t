#!/usr/bin/perl
# roundtrip.t - from an archive on a machine without a network to the machine
# that has one, and back: wants, capture, merge, freeze, verify.  The keys of
# the demonstration archive lie in a signed zone on loopback, those of
# news.example in one that is not signed.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use JSON::PP;
use Test::More;

my $folder = scratch() . '/zones';
my $mail = top() . '/data/demo.mbox';
my %times = (inception => '20161001000000', expiration => '20161101000000');

# The records of the demonstration, those of news.example apart.
sub split_keys {
	my (%zone, $to);
	for (split /^/, get(top() . '/data/demo-keys.zone')) {
		next if /^\$/;
		$to = /\.news\.example\./ ? 'news.example' : 'example'
		    if /^\S/;
		s/^(\S+)\tIN/$1 3600 IN/;
		$zone{$to} .= $_;
	}
	return %zone;
}

mkdir $folder;
my %zone = split_keys();
$Dns::algorithm{example} = 'ECDSAP256SHA256';
@Dns::stubs = ('example', 'news.example');
put("$folder/news.example.zone", Dns::soa('news.example') .
    $zone{'news.example'});
put("$folder/example.zone", Dns::soa('example') . $zone{example} .
    "news.example. 3600 IN NS ns.example.\nns.example. 3600 IN A 127.0.0.1\n");
my $key = Dns::make_key($folder, 'example');
sign_zone($folder, 'example', %times, keys => [ $key ]);
put("$folder/root.zone", Dns::soa('.') .
    "example. 3600 IN NS ns.example.\nns.example. 3600 IN A 127.0.0.1\n" .
    "test. 3600 IN NS ns.example.\n" . Dns::ds_of($folder, $key));
my $root = Dns::make_key($folder, '.');
sign_zone($folder, '.', %times, keys => [ $root ]);
put("$folder/anchor", Dns::ds_of($folder, $root));
my ($nsd) = Dns::start_nsd($folder, 'example', 'news.example', '.');
my ($unbound) = Dns::start_unbound($folder, $nsd);

# ---- the machine without a network

my $case = scratch() . '/case';
my $store = scratch() . '/case.store';
ok_run('keysnap', 'init', $store, '--origin', 'case.example/keys');
ok_run('keysnap', 'freeze', $store, "$case.empty");
my $wants = ok_run('verifier', 'wants', '-s', "$case.empty", $mail);
put(scratch() . '/wants.tsv', $wants);
my @wanted = split /\n/, $wants;
cmp_ok(scalar @wanted, '>', 8, 'the archive needs keys');

# ---- the one that has one, in 2016

my $online = scratch() . '/online.store';
ok_run('keysnap', 'init', $online, '--origin', 'online.example/keys');
my ($code, $out, $err) = run('faketime', '2016-10-15 12:00:00', 'keysnap',
    'capture', $online, '--wants', scratch() . '/wants.tsv', '--server',
    "127.0.0.1:$unbound", '--trust-anchor', "$folder/anchor");
is($code, 0, 'captured') or diag($out, $err);

# ---- and back

like(ok_run('keysnap', 'diff', "$case.empty", $online), qr/bigpost\.example/,
	'diff shows what came');
ok_run('keysnap', 'merge', $store, $online);
my $snapshot = "$case.snap";
ok_run('keysnap', 'freeze', $store, $snapshot);
($code, $out) = run('keysnap', 'verify', $snapshot, '--dnssec',
    '--trust-anchor', "$folder/anchor");
is($code, 0, 'chains of 2016 hold today') or diag($out);
my @entries = map { decode_json($_) } split /\n/, get("$snapshot/log.jsonl");
my %found;
for my $chain (grep { $_->{type} eq 'chain-result' } @entries) {
	my $name = $entries[$chain->{observation}]{name};
	$found{$name} = $chain->{result};
	is("$chain->{from} $chain->{until}", '2016-10-01T00:00:00Z ' .
		'2016-11-01T00:00:00Z', "$name: with its window");
}
is(scalar keys %found, $#wanted, 'every name that was wanted has a chain');
is(join(' ', grep { $found{$_} ne 'secure' } sort keys %found),
	join(' ', grep { /news\.example$/ } sort keys %found),
	'all but the unsigned zone are secure');
ok(scalar(grep { /news\.example$/ } keys %found), 'which is among them');
is($found{$_}, 'insecure', "$_ is proved to be unsigned")
    for grep { /news\.example$/ } sort keys %found;

my (undef, $records) = verify_records($snapshot, $mail);
my (undef, $before) = verify_records("$case.empty", $mail);
is(scalar(grep { $_->{verdict} =~ /^verified/ } @$before), 0,
	'without keys nothing is verified');
my (undef, $demo) = verify_records(demo_snapshot(), $mail);
my @differ;
for my $i (0 .. $#$demo) {
	my ($got, $want) = map { $_->[$i]{verdict} } $records, $demo;
	# Seen in 2016 only, old mail is too far from any sighting.
	push @differ, "$i: $got, $want" if ($got =~ /^verified/) !=
	    ($want =~ /^verified/) && $want ne 'key-missing';
}
is(join("\n", @differ), '', 'with them, what the demonstration verifies');
done_testing();
