#!/usr/bin/perl
# anchor.t - time proved from outside: tokens of an authority made here with
# openssl ts, OpenTimestamps proofs and notes made here, over messages, archive
# files and lists, with check and verify.
use strict;
use warnings;
use lib 'tests/e2e';
use Digest::SHA qw(sha256 sha256_hex);
use E2e;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use Test::More;

my $data = top() . '/data';
my $snapshot = make_snapshot(["$data/rfc-keys.jsonl"]);
my $work = scratch() . '/work';
mkdir $work or die;
chdir $work or die;

# The message of RFC 8463, as a file, as it was on the wire, and in an mbox
# with another behind it.
my $message = get("$data/rfc8463-appendix-a.eml");
(my $wire = $message) =~ s/\r?\n/\r\n/g;
put('mail.eml', $message);
put('all.mbox', "From a\@example.com Fri Jun 15 00:00:00 2018\n$message\n" .
	"From a\@example.com Fri Jun 15 00:00:00 2018\nFrom: a\@example.com\n\n" .
	"hi\n");
put('list', join '', map { sha256_hex(get($_)) . "  $_\n" } 'mail.eml',
    'all.mbox');

# An authority whose certificate lasts 30 days, and a stranger.
put('ca.cnf', <<'CNF');
[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = unused
[ root ]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[ tsa ]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ tsa1 ]
serial = tsaserial
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256, sha512
ess_cert_id_alg = sha256
signer_digest = sha256
CNF
put('tsaserial', "01\n");

sub root {
	my ($name) = @_;
	ok_run(qw(openssl req -x509 -config ca.cnf -extensions root -newkey
	    ed25519 -nodes -days 7300 -keyout), "$name.key", '-out',
	    "$name.pem", '-subj', "/CN=$name");
}

sub authority {
	my ($name, $days) = @_;
	ok_run(qw(openssl req -config ca.cnf -new -newkey rsa:2048 -nodes
	    -keyout), "$name.key", '-out', "$name.csr", '-subj',
	    "/CN=Test $name");
	ok_run(qw(openssl x509 -req -CA root.pem -CAkey root.key -extfile
	    ca.cnf -extensions tsa -days), $days, '-in', "$name.csr", '-out',
	    "$name.pem");
}

sub stamp {
	my ($file, $by, $out, @query) = @_;
	ok_run(qw(openssl ts -query -cert), @query ? @query : '-sha256',
	    '-data', $file, '-out', 'query');
	ok_run(qw(openssl ts -reply -config ca.cnf -section tsa1 -queryfile
	    query -signer), "$by.pem", '-inkey', "$by.key", '-chain',
	    'root.pem', '-out', $out);
}
root('root');
root('stranger');
authority('tsa', 30);
authority('later', 7000);

# Lines of one record, and what check says.
sub check {
	my @arguments = @_;
	my ($code, $out, $err) = run('verifier', 'check', '-s', $snapshot,
	    '--json', @arguments);
	return ($code, $out =~ /\A\{/ ? decode_json($out) : undef, $err);
}

sub anchors_of {
	my ($code, $record, $err) = check(@_);
	note "exit $code: $err";
	return $record ? $record->{anchors} : undef;
}

# --- RFC 3161 --------------------------------------------------------------

stamp('mail.eml', 'tsa', 'mail.tsr');
put('mail.wire', $wire);
stamp('mail.wire', 'tsa', 'wire.tsr');
stamp('all.mbox', 'tsa', 'mbox.tsr');
stamp('list', 'tsa', 'list.tsr');
stamp('ca.cnf', 'tsa', 'other.tsr');
stamp('mail.eml', 'tsa', 'sha512.tsr', '-sha512');

my @ca = ('--tsa-ca', 'root.pem');
my $found = anchors_of('--anchor', 'mail.tsr', @ca, 'mail.eml');
is(scalar @$found, 1, 'a token over the file');
is($found->[0]{over}, 'file', 'it is over the file');
is($found->[0]{kind}, 'rfc3161', 'its kind');
like($found->[0]{authority}, qr/CN=Test tsa/, 'its authority');
is($found->[0]{sha256}, sha256_hex(get('mail.tsr')), 'which token');
is($found->[0]{time}, $found->[0]{stated}, 'it is as exact as it says');
is_deeply([ map { $_->{over} } @{ anchors_of('--anchor', 'mail.tsr',
		'--anchor', 'wire.tsr', @ca, 'mail.eml') } ],
    [ 'file', 'message' ], 'two tokens, the earliest first');
is(anchors_of('--anchor', 'wire.tsr', @ca, 'mail.eml')->[0]{over}, 'message',
    'a token over the wire form');
my $by_list = anchors_of('--anchor', 'list.tsr', '--hash-list', 'list', @ca,
    'mail.eml');
is($by_list->[0]{over}, 'file', 'a token over a list that has the file');
is($by_list->[0]{list_sha256}, sha256_hex(get('list')), 'which list');
is_deeply(anchors_of('--anchor', 'list.tsr', @ca, 'mail.eml'), [],
    'without the list it covers nothing');
is_deeply(anchors_of('--anchor', 'other.tsr', @ca, 'mail.eml'), [],
    'a token over something else');
is_deeply(anchors_of('mail.eml'), undef, 'no member without --anchor');

my ($code, $record, $err) = check('--anchor', 'mail.tsr', 'mail.eml');
is_deeply($record->{anchors}, [], 'without --tsa-ca it does not count');
like($err, qr/mail\.tsr does not count: .*--tsa-ca/, 'and that is said');
($code, $record, $err) =
    check('--anchor', 'mail.tsr', '--tsa-ca', 'stranger.pem', 'mail.eml');
is_deeply($record->{anchors}, [], 'nor under a stranger');
($code, $record, $err) = check('--anchor', 'sha512.tsr', @ca, 'mail.eml');
like($err, qr/another digest than SHA-256/, 'SHA-512 is not compared');
is_deeply($record->{anchors}, [], 'and does not count');

# What is broken, or no proof, ends it before anything is read.
my $token = get('mail.tsr');
substr($token, -20, 1) ^= "\x01";
put('broken.tsr', $token);
for (['broken.tsr', 'a broken token'], ['ca.cnf', 'no proof'],
    ['missing', 'no file']) {
	($code, $record, $err) =
	    check('--anchor', $_->[0], @ca, 'mail.eml');
	is($code, 3, "$_->[1] is refused");
	like($err, qr/\Q$_->[0]\E/, 'and named');
	is($record, undef, 'and nothing is read');
}
is((check('--tsa-ca', 'root.pem', 'mail.eml'))[0], 2, '--tsa-ca alone');
is((check('--anchor', 'mail.tsr', '--as-of', 'x', @ca, 'mail.eml'))[0], 2,
    '--as-of with no time');
is((check('--anchor', 'mail.tsr', '--tsa-ca', 'ca.cnf', 'mail.eml'))[0], 3,
    '--tsa-ca with no certificate');

# --- certificates that have ended -------------------------------------------

($code, $record, $err) =
    check('--anchor', 'mail.tsr', @ca, '--as-of', '2090-01-01', 'mail.eml');
is_deeply($record->{anchors}, [], 'expired, it does not count');
like($err, qr/counts no more/, 'and that is said');
my $days = 40;
my ($far, $out) = run('faketime', '-f', "+${days}d", 'verifier', 'check', '-s',
    $snapshot, '--json', '--anchor', 'mail.tsr', @ca, 'mail.eml');
is_deeply(decode_json($out)->{anchors}, [], 'nor by the clock');
stamp('mail.tsr', 'later', 'renewal.tsr');
my @renewed = ('--anchor', 'mail.tsr', '--anchor', 'renewal.tsr', @ca);
($far, $out) = run('faketime', '-f', "+${days}d", 'verifier', 'check', '-s',
    $snapshot, '--json', @renewed, 'mail.eml');
is(decode_json($out)->{anchors}[0]{sha256}, sha256_hex(get('mail.tsr')),
    'a token over the token renews it');
ok_run('faketime', '-f', "+${days}d", 'sh', '-c', 'openssl ts -query -cert ' .
    '-sha256 -data mail.tsr -out query && openssl ts -reply -config ca.cnf ' .
    '-section tsa1 -queryfile query -signer later.pem -inkey later.key ' .
    '-chain root.pem -out late.tsr');
($code, $record, $err) = check('--anchor', 'mail.tsr', '--anchor', 'late.tsr',
    @ca, '--as-of', '2030-01-01', 'mail.eml');
is_deeply($record->{anchors}, [], 'one that came too late does not');

# --- notes -------------------------------------------------------------------

ok_run('keysnap', 'keygen', '-o', 'notary', '--name', 'example.org/notary');
ok_run('keysnap', 'keygen', '-o', 'else', '--name', 'example.org/else');

sub note_over {
	my ($file, $time, @hashes) = @_;
	my ($name, $id, $key) = get('notary') =~
	    /\APRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)\n\z/ or die;
	my $seed = substr MIME::Base64::decode_base64($key), 1;
	my $text = "keysnap-time 1\n$time\n" . join '', map { "$_  x\n" }
	    @hashes;
	put('seed.der', pack('H*', '302e020100300506032b657004220420') . $seed);
	put('text', $text);
	ok_run(qw(openssl pkeyutl -sign -rawin -keyform DER -inkey seed.der
	    -in text -out signature));
	put($file, "$text\n\xe2\x80\x94 $name " . encode_base64(
		pack('H*', $id) . get('signature'), '') . "\n");
}
note_over('mail.note', '2018-06-12T00:00:00Z', sha256_hex('other'),
    sha256_hex($wire));
$found = anchors_of('--anchor', 'mail.note', '--anchor-key', 'notary.pub',
    'mail.eml');
is($found->[0]{kind}, 'note', 'a note');
is($found->[0]{time}, '2018-06-12T00:00:00Z', 'its time');
is($found->[0]{authority}, 'example.org/notary', 'who signed it');
note_over('early.note', '2018-06-01T00:00:00Z', sha256_hex($wire));
($code, $record, $err) = check('--anchor', 'early.note', '--anchor-key',
    'notary.pub', 'mail.eml');
ok((grep { $_ eq 'claimed-after-proof' } @{ $record->{signatures}[0]{notes} }),
    'a claim after the proof is noted');
is_deeply(anchors_of('--anchor', 'mail.note', '--anchor-key', 'else.pub',
	'mail.eml'), [], 'of a key that was not given it does not count');

# --- OpenTimestamps -----------------------------------------------------------

# A block of our own with the least work that the chain ever asked for; its
# nonce was searched for once.  The Merkle root is the SHA-256 of a prefix and
# the digest of the message's wire form.
my $prefix = 'keysnap test block';
my $header = pack('V', 2) . "\0" x 32 . sha256($prefix . sha256($wire)) .
    pack('VVV', 1528675200, 0x1d00ffff, 0x39d42ccb);
my $magic = "\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01";
my $operations = "\xf1" . chr(length $prefix) . "$prefix\x08";
my $bitcoin = "\0\x05\x88\x96\x0d\x73\xd7\x19\x01";
put('block', unpack('H*', $header) . "\n");
put('mail.ots', "$magic\x08" . sha256($wire) . "$operations$bitcoin\x01\x07");
$found = anchors_of('--anchor', 'mail.ots', '--block-header', 'block',
    'mail.eml');
is($found->[0]{kind}, 'opentimestamps', 'a proof of OpenTimestamps');
is($found->[0]{stated}, '2018-06-11T00:00:00Z', 'the time of the block');
is($found->[0]{time}, '2018-06-11T02:00:00Z', 'and how far it may be off');
my $trusted = 'its header taken on trust, its height said to be 7';
like($found->[0]{authority}, qr/^Bitcoin block 00000000[0-9a-f]{56}, $trusted$/,
    'the block, and how it is known');
like((run('verifier', 'check', '-s', $snapshot, '--anchor', 'mail.ots',
	'--block-header', 'block', 'mail.eml'))[1],
    qr/ Date says 2003-07-12T04:00:37Z, t= says 2018-06-10T\S+, existed at the/,
    'the claims');
like((run('verifier', 'check', '-s', $snapshot, '--anchor', 'mail.ots',
	'--block-header', 'block', 'mail.eml'))[1],
    qr/latest 2018-06-11T02:00:00Z \(OpenTimestamps: Bitcoin block 0.*trust/,
    'the bounds with their sources');
put('block.bin', $header);
is(scalar @{ anchors_of('--anchor', 'mail.ots', '--block-header', 'block.bin',
	'mail.eml') }, 1, 'a header in octets');
($code, $record, $err) = check('--anchor', 'mail.ots', 'mail.eml');
is_deeply($record->{anchors}, [], 'without the header it does not count');
substr($header, 68, 1) ^= "\x01";
put('block.bad', $header);
($code, $record, $err) = check('--anchor', 'mail.ots', '--block-header',
    'block.bad', 'mail.eml');
is($code, 3, 'a header without its work is refused');
put('pending.ots', "$magic\x08" . sha256($wire) .
    "\0\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x0a\x09https://x");
($code, $record, $err) = check('--anchor', 'pending.ots', '--block-header',
    'block', 'mail.eml');
is_deeply($record->{anchors}, [], 'a promise does not count');
like($err, qr/promise of the calendar/, 'and that is said');

# --- a key that was published -------------------------------------------------

# The key was seen then and had been good; its private half is in RFC 8463.
# What brisbane's signature comes to when it was published "since" that day.
sub published {
	my ($since, @arguments) = @_;
	my $base = "published-$since";
	if (!-d $base) {
		(my $keys = get("$data/rfc-keys.jsonl")) =~
		    s/"first_seen": "2018[^"]*"/"first_seen": "2003-01-01", "last_seen": "2018-12-31"/g;
		put('seen.jsonl', $keys);
		ok_run('keysnap', 'init', "$base.store", '--origin', 'x.example');
		ok_run(qw(keysnap import), "$base.store",
		    qw(--format jsonl --source test seen.jsonl));
		ok_run(qw(keysnap annotate), "$base.store",
		    '--private-key-published', '--key',
		    '06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9',
		    '--since', $since);
		ok_run('keysnap', 'freeze', "$base.store", $base);
	}
	my (undef, $out) = run('verifier', 'check', '-s', $base, '--json',
	    @arguments, 'mail.eml');
	my ($one) = grep { $_->{s} eq 'brisbane' }
	    @{ decode_json($out)->{signatures} };
	return $one->{verdict};
}
my @proof = ('--anchor', 'mail.ots', '--block-header', 'block');
is(published('2018-08-30'), 'verified-weak', 'published later, it is weak');
is(published('2018-08-30', @proof), 'verified',
    'unless the message existed before');
is(published('2018-08-30', '--anchor', 'mail.ots'), 'verified-weak',
    'a proof that does not count changes nothing');
is(published('2018-06-01', @proof), 'verified-weak',
    'nor does one of after it was published');

# --- whole archives -----------------------------------------------------------

sub verify {
	my ($case, $archive, @arguments) = @_;
	my ($code, $out, $err) = run('verifier', 'verify', '-s', $snapshot,
	    '--clock', '2026-03-02T00:00:00Z', '-q', '-o', $case, @arguments,
	    $archive);
	return ($code, $err);
}
is((verify('case1', 'all.mbox', '--anchor', 'mbox.tsr', @ca))[0], 0,
    'verify');
like(ok_run('verifier', 'verify', '-s', $snapshot, '-o', 'case0', '--anchor',
	'mbox.tsr', '--anchor', 'mail.note', @ca, 'all.mbox'),
    qr/^anchors   1 of 2 count$/m, 'the summary says how many count');
my @lines = map { decode_json($_) } split /\n/, get('case1/results.jsonl');
is_deeply([ map { $_->{over} } map { @{ $_->{anchors} } } @lines[ 1, 2 ] ],
    [ 'archive', 'archive' ], 'each message has the anchor of its archive');
is($lines[0]{anchors}[0]{sha256}, sha256_hex(get('mbox.tsr')),
    'the first record has the proof');
is($lines[0]{trusted}[0]{option}, 'tsa-ca', 'and what it was checked against');
my $run = decode_json(get('case1/run.json'));
is_deeply($run->{anchors}, $lines[0]{anchors}, 'run.json has it, too');
like($run->{environment}{anchors_as_of}, qr/^20/, 'and the time');

ok_run('faketime', '-f', '+5d', 'verifier', 'verify', '-s', $snapshot, '-q',
    '-o', 'case5', '--anchor', 'mbox.tsr', @ca, 'all.mbox');
is(get('case5/results.jsonl'), get('case1/results.jsonl'),
    'on another day the same results');

ok_run('gzip', '-k', 'all.mbox');
stamp('all.mbox.gz', 'tsa', 'gz.tsr');
for (['gz.tsr', 'the compressed file'], ['mbox.tsr', 'what is in it']) {
	my $case = "case-$_->[0]";
	verify($case, 'all.mbox.gz', '--anchor', $_->[0], @ca);
	@lines = map { decode_json($_) } split /\n/,
	    get("$case/results.jsonl");
	is(scalar @{ $lines[1]{anchors} }, 1, "a token over $_->[1]");
}
mkdir 'mail' or die;
put("mail/$_", get($_)) for 'all.mbox', 'mail.eml';
verify('case2', 'mail', '--anchor', 'list.tsr', '--hash-list', 'list', '-j',
    '1', @ca);
@lines = map { decode_json($_) } split /\n/, get('case2/results.jsonl');
is_deeply([ map { $_->{over} } map { @{ $_->{anchors} } } @lines[ 1 .. 3 ] ],
    [ 'archive', 'archive', 'file' ], 'a list over a folder');
verify('case3', 'mail', '--anchor', 'list.tsr', '--hash-list', 'list', '-j',
    '4', @ca);
is(get('case3/results.jsonl'), get('case2/results.jsonl'),
    'the same whatever the number of workers');
is((verify('case4', '-', '--anchor', 'mbox.tsr', @ca))[0], 2,
    'standard input cannot be read twice');

chdir '/';
done_testing();
