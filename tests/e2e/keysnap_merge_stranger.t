#!/usr/bin/perl
# keysnap_merge_stranger.t - what a snapshot that nobody vouches for cannot do
# to the store that it is merged into.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use File::Copy qw(copy);
use SignedNote;
use Test::More;

chdir scratch() or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my $when = '2020-01-01T00:00:00Z';

sub lines { return split /\n/, ok_run('keysnap', 'export', $_[0], '--format',
    'log') }

sub key { return ok_run('keysnap', 'show', $_[0], 's1', 'example.org') }

put('keys.jsonl', '{"domain":"example.org","selector":"s1","txt":'
    . "\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011\"}\n");
ok_run('keysnap', 'init', 'a', '--origin', 'a.example/keys');
ok_run('keysnap', 'import', 'a', '--format', 'jsonl', '--source', 'test',
    '--imported-at', '2020', 'keys.jsonl');
my ($key) = key('a') =~ /sha256  (\w{64})/;
ok_run('keysnap', 'annotate', 'a', '--compromise', '--key', $key, '--made',
    '2020');
my @a = lines('a');
my @blobs = (get('keys.jsonl'), "raw octets\n", "a token\n");
my ($raw_octets, $token) = map { sha256_hex($_) } @blobs[1, 2];

# All that the store has, and what only its own keeper can say.
my @more = (
	"{\"file\":\"capture\",\"format\":\"capture\",\"imported\":\"$when\",\"observer\":\"test/dns\",\"sha256\":\"$raw_octets\",\"size\":11,\"tool\":\"keysnap 1\",\"type\":\"source\"}",
	"{\"complete\":true,\"evidence\":[\"$raw_octets\"],\"first\":\"2012-01-01T00:00:00Z\",\"joined\":\"exact\",\"kind\":\"present\",\"last\":\"2012-01-01T00:00:00Z\",\"method\":\"dns-wire\",\"name\":\"s1._domainkey.example.org\",\"precision\":\"second\",\"source\":4,\"strings\":[\"v=DKIM1; k=ed25519; p=$raw\"],\"time_kind\":\"observed\",\"type\":\"observation\"}",
	"{\"evidence\":[\"$raw_octets\"],\"from\":\"2011-12-01T00:00:00Z\",\"made\":\"$when\",\"observation\":5,\"result\":\"secure\",\"tool\":\"keysnap 1\",\"type\":\"chain-result\",\"until\":\"2012-02-01T00:00:00Z\"}",
	"{\"digest\":\"$raw_octets\",\"evidence\":[\"$token\"],\"kind\":\"rfc3161\",\"made\":\"$when\",\"precision\":\"second\",\"time\":\"2012-01-02T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"anchor\"}",
	"{\"kind\":\"retract\",\"made\":\"$when\",\"target\":[3],\"type\":\"annotation\"}",
	"{\"below\":9,\"checks\":[\"close-primes\",\"exponent\",\"modulus-size\",\"perfect-power\",\"prime-modulus\",\"roca\",\"same-modulus\",\"sample-key\",\"shared-factor\",\"small-factor\",\"small-order\",\"unrelated-domains\"],\"keys\":1,\"made\":\"$when\",\"tool\":\"keysnap 1\",\"type\":\"audit\"}",
);
for my $case ([ 'a.example/keys', 'the store and more lines' ],
    [ 'stranger.example/keys', 'another log with the same lines' ]) {
	my ($origin, $what) = @$case;
	my ($store, $folder) = ($origin =~ /^(\w+)/)[0];
	($store, $folder) = ("$store.store", "$store.snap");
	copy('a', $store) or die;
	by_hand($folder, $origin, [ @a[1 .. 3], @more ], @blobs);
	my ($code, $out, $err) = run('keysnap', 'merge', $store, $folder,
	    '--made', '2020');
	is($code, 0, "$what: taken") or diag $err;
	unlike("$out$err", qr/same log now|count here/,
	    "$what: but not as the store's own");
	like((lines($store))[-1], qr/"reason":"merged","target":\[4,.*nobody vouches/,
	    "$what: marked");
	my $shown = key($store);
	like($shown, qr/grade D/, "$what: no grade above D");
	like($shown, qr/forgeable/, "$what: takes no compromise back");
	unlike($shown, qr/RETRACTED/, "$what: which show does not say, either");
	unlike(ok_run('keysnap', 'export', $store, '--format', 'csv'),
	    qr/,8$/m, "$what: nor export");
	unlike(ok_run('keysnap', 'audit', $store), qr/nothing|already/i,
	    "$what: an audit of ours is still to be made");
	($code, $out) = run('keysnap', 'merge', $store, $folder);
	like($out, qr/nothing added/, "$what: twice adds nothing");
}
my @snapshot = ('a.snap', '--root',
    unpack 'H*', log_root(get('a.snap/log.jsonl')));
copy('a', 'own') or die;
like(ok_run('keysnap', 'merge', 'own', @snapshot), qr/same log now/,
    'with a root it is the same log');
like(key('own'), qr/grade A1/, 'and counts as it stands');

done_testing();
