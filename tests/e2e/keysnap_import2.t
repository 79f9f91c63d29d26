#!/usr/bin/perl
# keysnap_import2.t - files of many tools into a store, as a user would import
# them: recognised, imported once, bad ones refused whole.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $folder = scratch();
my $seeds = top() . '/tests/fuzz/seeds';
my $name = 's1._domainkey.example.org';
my $store = "$folder/keys.store";

# The exit code of an import and what it printed.
sub import_into {
	return run('keysnap', 'import', $store, @_);
}

sub wire_name {
	return join('', map { chr(length) . $_ } split /\./, shift) . "\0";
}

# A response with one TXT record.
sub message {
	return pack('n6', 7, 0x8180, 1, 1, 0, 0) . wire_name($name) .
	    pack('n2', 16, 1) . "\xc0\x0c" . pack('n2Nn', 16, 1, 300, 3) .
	    "\2p=";
}

# A capture of that response over UDP.
sub capture {
	my $udp = pack('n4', 53, 1234, 8 + length message(), 0) . message();
	my $packet = pack('C2n3C2n', 0x45, 0, 20 + length $udp, 7, 0, 64, 17, 0)
	    . pack('N2', 0xc0000235, 0xc0000201) . $udp;
	return pack('Nn2N4', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) .
	    pack('N4', 1477915200, 0, length $packet, length $packet) . $packet;
}

my ($statement, $keys) = split /\n\n/, get("$seeds/import_jws/line"), 2;
put("$folder/keys.json", $keys);
my @signed = ('--jwks', "$folder/keys.json", '--issuer', 'archive.zk.email');
my @at = ('--observed-at', '2016-10-31T12:00:00Z');

# Format, its file, options, observations, lines of the log to find.
my @files = (
	[ 'zone', "; fully validated\n$name. 9 IN TXT \"p=\"\n" .
	    "; negative response, fully validated\n" .
	    "; s2._domainkey.example.org. 9 IN \\-ANY ;-\$NXDOMAIN\n",
	    \@at, 2, '"kind":"nxdomain".*"flags":\["fully-validated"\]' ],
	[ 'wire', message(), \@at, 1, '"method":"dns-wire".*"offset":0' ],
	[ 'wire', ';; RESPONSE: ' . unpack('H*', message()) . "\n", \@at, 1,
	    '"line":1,"method":"dns-wire"' ],
	[ 'pcap', capture(), [], 1, '"first":"2016-10-31T12:00:00Z".*' .
	    '"method":"pcap".*"time_kind":"observed".*"192.0.2.53#53"' ],
	[ 'opendkim', "# keys\n$name v=DKIM1; p=\n", \@at, 1,
	    '"method":"keyfile"' ],
	[ 'doh', get("$seeds/import_doh/document"), \@at, 1,
	    '"cname":\["t.x.org"\].*"method":"doh"' ],
	[ 'securitytrails', get("$seeds/import_securitytrails/document"), [], 1,
	    '"precision":"day"' ],
	[ 'dkim-verifier', get("$seeds/import_dkim_verifier/document"), [], 1,
	    '"first":"2019-03-02T00:00:00Z".*"last":"2019-03-02T00:00:00Z"' ],
	[ 'mailauth', get("$seeds/import_mailauth/document"), \@at, 2,
	    '"strings":\["a","b"\]' ],
	[ 'zkemail', get("$seeds/import_zkemail/document"),
	    [ '--observed-at', 'none' ], 2, '"method":"gcd"' ],
	[ 'jws', "$statement\n", \@signed, 1, '"method":"archive-jws".*' .
	    '"observer":"archive.zk.email".*"signer":"[0-9a-f]{64}"' ],
);

ok_run('keysnap', 'init', $store, '--origin', 'test.example/log');
my $n = 0;
for my $file (@files) {
	my ($format, $text, $options, $count, $want) = @$file;
	my $path = sprintf '%s/%02d.%s', $folder, ++$n, $format;
	put($path, $text);
	my ($code, $out, $err) =
	    import_into($path, '--format', 'auto', @$options);
	is($code, 0, "$format: imported") or diag $err;
	like($out, qr/: $count observations added, .*taken as $format$/m,
	    "$format: recognised and counted");
	like(ok_run('keysnap', 'export', $store, '--format', 'log'),
	    qr/$want/, "$format: in the log");
	($code, $out) = import_into($path, '--format', $format, @$options);
	is($code, 0, "$format: again");
	like($out, qr/imported before .* nothing added/, "$format: once only");
}

# Nothing of a file with something bad in it is added.
my $before = ok_run('keysnap', 'export', $store, '--format', 'log');
for my $case (
	[ 'wire', 'a message cut short', substr(message(), 0, -1), @at ],
	[ 'wire', 'an answer to another question',
	    message() =~ s/\xc0\x0c/"\3x.y" . "\0"/er, @at ],
	[ 'pcap', 'a capture cut short', substr(capture(), 0, -1) ],
	[ 'jws', 'a statement with another payload',
	    $statement =~ s/\.(..)/.aa/r, @signed ],
	[ 'jws', 'another issuer', "$statement\n", @signed[0 .. 2], 'a.example' ],
	[ 'jws', 'no keys given', "$statement\n" ],
	[ 'zkemail', 'a document over 16 MiB', '[' . ' ' x (16 << 20) . ']' ],
	[ 'dkim-verifier', 'another document', "[]\n" ],
	[ 'mailauth', 'no time', get("$seeds/import_mailauth/document") ]) {
	my ($format, $what, $text, @options) = @$case;
	put("$folder/bad", $text);
	my ($code, $out, $err) =
	    import_into("$folder/bad", '--format', $format, @options);
	is($code, 3, "$format: $what is refused");
	isnt($err, '', "$format: $what: it says why");
}
is(ok_run('keysnap', 'export', $store, '--format', 'log'), $before,
    'nothing of these was added');

# Keys that others have: only of the store, once, with the time of the file.
my $private = "$seeds/import_private_keys/ed25519";
my $raw = 'cEWc5rXL0Z1vZM93mnQZxf+buu0ZQeuTAtehfdNFn60=';
my $hash = '71d4ffbbfc684b349dc175c93d3fb435f0dc9130642e947afb5d6bf3df7d92f6';
put("$folder/published.pem", get($private));
utime 1483228800, 1483228800, "$folder/published.pem" or die;
put("$folder/list", "# known\n$hash  from a test\n" . '0' x 64 . "\n");
for my $path ("$folder/published.pem", "$folder/list") {
	my ($code, undef, $err) = import_into($path, '--format', 'auto',
	    '--observed-at', 'file');
	is($code, 3, "$path: no key of the store");
	like($err, qr/is about no key in the store/, 'and it says so');
}
put("$folder/key.jsonl", '{"domain":"example.net","selector":"s",' .
    "\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2016\"}\n");
is((import_into("$folder/key.jsonl", '--format', 'jsonl'))[0], 0, 'its key');
for my $path ("$folder/published.pem", "$folder/list") {
	like((import_into($path, '--format', 'auto', '--observed-at', 'file'))[1],
	    qr/1 statements about keys added/, "$path: of the store");
	like((import_into($path, '--format', 'auto', '--observed-at', 'file'))[1],
	    qr/nothing added/, "$path: once only");
}
my $log = ok_run('keysnap', 'export', $store, '--format', 'log');
like($log, qr/"key":"$hash","kind":"private-key-published",.*"since":"2017-01-01T00:00:00Z"/,
    'a private key that was published, since the time of the file');
like($log, qr/"key":"$hash","kind":"compromise"/, 'a key of the list');

ok_run('keysnap', 'freeze', $store, "$folder/snap");
my ($code, $out) = run('keysnap', 'verify', "$folder/snap");
is($code, 0, 'the snapshot of all this is whole') or diag $out;
# Two archives of which one has it from the other are one observer.
chdir scratch() or die;
my $ed25519 = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
put("copy$_.jsonl", "{\"domain\":\"copy.example\",\"selector\":\"s\",\"txt\":"
    . "\"$ed25519\",\"first_seen\":\"2016-01-0$_\"}\n") for 1, 2;
for my $case ([ 'B', 'two archives' ],
    [ 'D', 'one copies the other', '--lineage', 'First/archive' ],
    [ 'D', 'both copy a third', '--lineage', 'third', '--lineage', 'fourth' ]) {
	my ($grade, $what, @lineage) = @$case;
	my $store = "copies-$what" =~ s/ /-/gr;
	ok_run('keysnap', 'init', $store);
	ok_run('keysnap', 'import', $store, '--format', 'jsonl', '--source',
	    'first', $what =~ /third/ ? ('--lineage', 'third/x') : (),
	    'copy1.jsonl');
	ok_run('keysnap', 'import', $store, '--format', 'jsonl', '--source',
	    'second', @lineage, 'copy2.jsonl');
	like(ok_run('keysnap', 'show', $store, 's', 'copy.example'),
	    qr/grade $grade\b/, "$what: grade $grade");
}
like(ok_run('keysnap', 'export', 'copies-both-copy-a-third', '--format', 'log'),
    qr/"lineage":\["fourth","third"\],"observer":"second"/, 'it is in the log');
for my $case ([ 'no source', '--lineage', 'x' ],
    [ 'itself', '--source', 'x', '--lineage', 'x' ],
    [ 'nobody', '--source', 'x', '--lineage', '' ]) {
	my ($what, @options) = @$case;
	is((run('keysnap', 'import', 'copies-two-archives', '--format', 'jsonl',
	    @options, 'copy2.jsonl'))[0], 2, "lineage: $what");
}

done_testing();
