#!/usr/bin/perl
# seal.t - a case, signed and time-stamped, and what is done to it afterwards;
# MANIFEST is read by sha256sum, the checkpoint by another implementation.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha256_hex);
use SignedNote;
use Test::More;

my $dir = scratch();
chdir $dir or die;
my $snapshot = demo_snapshot();
put('demo.mbox', get(top() . '/data/demo.mbox'));
ok_run('verifier', 'verify', '-q', '-s', $snapshot, '-o', 'plain', 'demo.mbox');
ok_run('keysnap', 'keygen', '-o', 'lab', '--name', 'lab.example/seal');
ok_run('keysnap', 'keygen', '-o', 'second', '--name', 'second.example/seal');
ok_run('keysnap', 'keygen', '-o', 'third', '--name', 'third.example/seal');

sub seal { return run('verifier', 'seal', @_) }
my $made = 0;
sub copy {
	my ($from) = @_;
	my $to = 'copy' . ++$made;
	ok_run('cp', '-r', $from, $to);
	return $to;
}
sub is_exit {
	my ($want, $name, @command) = @_;
	my ($code, $out, $err) = seal(@command);
	is($code, $want, $name) or diag($out, $err);
	return $out . $err;
}

# ---- signed -----------------------------------------------------------------

is_exit(1, 'no seal yet', 'plain', '--verify');
is_exit(3, 'no folder', 'no-such', '--verify');
my $case = copy('plain');
is_exit(0, 'signed', $case, '--sign-key', 'lab');
is((run('sh', '-c', "cd $case && sha256sum --strict -c MANIFEST"))[0], 0,
	'sha256sum reads MANIFEST');
is_deeply([ sort map { s{.*/}{}r } glob "$case/*" ],
	[qw(MANIFEST checkpoint results.jsonl run.json wants.tsv)], 'files');
my ($text, $good) = open_note(get("$case/checkpoint"),
	read_vkey(get('lab.pub')));
is($good, 1, 'the signature opens elsewhere');
my $checkpoint = read_checkpoint($text);
my @lines = split /\n/, get("$case/results.jsonl");
is($checkpoint->{size}, scalar @lines, 'lines of the results');
is($checkpoint->{root}, root_of(map { leaf_hash($_) } @lines), 'their root');
is($checkpoint->{origin}, 'lab.example/seal/case', 'origin');
my $manifest = sha256_hex(get("$case/MANIFEST"));
like(get("$case/checkpoint"), qr/^manifest-sha256 $manifest$/m, 'MANIFEST');
is_exit(0, 'holds by itself', $case, '--verify');
is_exit(0, 'holds under the key', $case, '--verify', '--public-key', 'lab.pub');
is_exit(1, 'not under another', $case, '--verify', '--public-key',
	'second.pub');
is_exit(2, 'a second seal of the first kind', $case);
is_exit(0, 'signed by another, too', $case, '--sign-key', 'second');
is_exit(0, 'holds under that', $case, '--verify', '--public-key',
	'second.pub');
is_exit(1, 'and not under a third', $case, '--verify', '--public-key',
	'third.pub');
ok_run('verifier', 'replay', $case);
ok_run('verifier', 'stats', $case);
my $signed = $case;

$case = copy('plain');
like(is_exit(0, 'without a key', $case), qr/without a signature/, 'is said');
is_exit(0, 'is whole', $case, '--verify');
is_exit(1, 'and not signed', $case, '--verify', '--public-key', 'lab.pub');
my $unsigned = $case;

# ---- stamped ----------------------------------------------------------------

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
for my $name (qw(root stranger)) {
	ok_run(qw(openssl req -x509 -config ca.cnf -extensions root -newkey
	    ed25519 -nodes -days 7300 -keyout), "$name.key", '-out',
	    "$name.pem", '-subj', "/CN=$name");
}
ok_run(qw(openssl req -config ca.cnf -new -newkey rsa:2048 -nodes -keyout
    tsa.key -out tsa.csr -subj), '/CN=Test');
ok_run(qw(openssl x509 -req -CA root.pem -CAkey root.key -extfile ca.cnf
    -extensions tsa -days 3000 -in tsa.csr -out tsa.pem));
sub reply {
	my ($query, $out) = @_;
	ok_run(qw(openssl ts -reply -config ca.cnf -section tsa1 -queryfile),
	    $query, qw(-signer tsa.pem -inkey tsa.key -chain root.pem -out),
	    $out);
}
$case = copy($signed);
is_exit(0, 'a request', $case, '--request', 'case.tsq');
is_exit(6, 'is not overwritten', $case, '--request', 'case.tsq');
reply('case.tsq', 'case.tsr');
is_exit(1, 'no stamp yet', $case, '--verify', '--tsa-ca', 'root.pem');
is_exit(0, 'attached', $case, '--attach', 'case.tsr', '--query', 'case.tsq',
	'--chain', 'tsa.pem', '--tsa-ca', 'root.pem');
is_exit(0, 'holds', $case, '--verify', '--tsa-ca', 'root.pem',
	'--public-key', 'lab.pub');
is_exit(1, 'not under another authority', $case, '--verify', '--tsa-ca',
	'stranger.pem');
is_exit(3, 'a stamp over another case', copy($unsigned), '--attach',
	'case.tsr');
is_exit(0, 'another request', $case, '--request', 'other.tsq');
is_exit(3, 'a stamp that answers another request', $case, '--attach',
	'case.tsr', '--query', 'other.tsq');
put('junk', 'junk');
is_exit(3, 'no stamp', $case, '--attach', 'junk');
is_exit(3, 'no key', copy('plain'), '--sign-key', 'junk');
my $stamped = $case;

# ---- changed ----------------------------------------------------------------

sub altered {
	my ($name, $file, $change, $want) = @_;
	my $case = copy($stamped);
	chmod 0644, "$case/$file";
	local $_ = get("$case/$file");
	my $before = $_;
	$change->();
	die "$name: nothing changed" if $_ eq $before;
	put("$case/$file", $_);
	my $said = is_exit(4, "$name: found", $case, '--verify', '--public-key',
		'lab.pub', '--tsa-ca', 'root.pem');
	like($said, qr/^BAD .*\Q$want\E/m, "$name: named");
	is_exit(4, "$name: gets no more seals", $case, '--sign-key', 'third')
	    if $file !~ /^seals/;
}
altered('a record', 'results.jsonl', sub { s/green/greem/ }, 'results.jsonl');
altered('a record less', 'results.jsonl', sub { s/[^\n]*\n\z// },
	'results.jsonl');
altered('two lines made one', 'results.jsonl', sub { s/\n(?=[^\n]*\n\z)// },
	'results.jsonl');
altered('run.json', 'run.json', sub { s/"jobs":\d+/"jobs":77/ }, 'run.json');
altered('wants.tsv', 'wants.tsv', sub { s/1/2/ }, 'wants.tsv');
altered('MANIFEST', 'MANIFEST', sub { s/\A./x/ }, 'MANIFEST');
altered('a line more in MANIFEST', 'MANIFEST', sub {
	$_ .= 'a' x 64 . "  x\n" }, 'MANIFEST');
altered('the size', 'checkpoint', sub { s/^\d+$/9/m }, 'checkpoint');
altered('the origin', 'checkpoint', sub { s/lab/lub/ }, 'checkpoint');
altered('the stamp', 'seals/0002.tsr', sub { s/(.{300})./$1\0/s },
	'0002.tsr');
altered('the second signature', 'seals/0001.note', sub {
	s/(\x{e2}\x{80}\x{94} \S+ .{40})./${1}A/s }, '0001.note');
# Records, MANIFEST and checkpoint made anew: only the signature tells.
$case = copy('plain');
put("$case/results.jsonl", get("$case/results.jsonl") =~ s/green/greem/r);
is_exit(4, 'an altered case is not sealed', $case, '--sign-key', 'lab');
my ($hex) = sha256_hex(get("$case/results.jsonl"));
put("$case/run.json", get("$case/run.json") =~
	s/("path":"results.jsonl","sha256":)"[^"]*"/$1"$hex"/r);
is_exit(0, 'altered with its digest, it is', $case, '--sign-key', 'third');
is_exit(1, 'but not by this key', $case, '--verify', '--public-key', 'lab.pub');
$case = copy($stamped);
put("$case/note.txt", 'x');
like(is_exit(0, 'a file beside', $case, '--verify'),
	qr/^-- .*other files lie beside/m, 'is said');
my $alone = copy($stamped);
ok_run('rm', '-r', "$alone/seals");
is_exit(1, 'a stamp taken away', $alone, '--verify', '--tsa-ca', 'root.pem');
ok_run('keysnap', 'keygen', '-o', 'x', '--name', 'x.example');
my (undef, $out) = seal($stamped, '--verify', '--json');
is(scalar(grep { $_->{schema} ne 'verifier-finding/1' } records($out)), 0,
	'JSON');

# ---- not a case -------------------------------------------------------------

is_exit(2, 'no case', 'demo.mbox', '--sign-key', 'lab');
is_exit(2, 'an unfinished case', do { my $c = copy('plain');
	unlink "$c/run.json"; $c }, '--sign-key', 'lab');
isnt((seal($snapshot, '--verify'))[0], 0, 'a snapshot is no case');
is_exit(2, 'two at once', 'plain', '--verify', '--sign-key', 'lab');
is_exit(2, 'an origin with blanks', 'plain', '--origin', 'a b');
done_testing();
