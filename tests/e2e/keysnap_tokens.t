#!/usr/bin/perl
# keysnap_tokens.t - time stamps made by hand, each with one thing wrong: what
# they state, who signed, with which certificate.  None may be attached, and
# one that lies there is damage.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha1_hex sha256_hex sha512_hex);
use POSIX qw(strftime);
use Test::More;

my $folder = scratch();
chdir $folder or die;
put('keys.jsonl', '{"domain":"example.org","selector":"s","txt":"p=",'
    . "\"first_seen\":\"2011\"}\n");
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    'keys.jsonl');
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'freeze', 'store', 'snap', '--sign-key', 'key');
my $checkpoint = get('snap/checkpoint');

# Authorities of every kind; each is a section of extensions.
my $usage = "keyUsage = critical, digitalSignature\n";
my $stamps = $usage . 'extendedKeyUsage = critical, timeStamping';
my %section = (
	tsa => $stamps,
	noncritical => $usage . 'extendedKeyUsage = timeStamping',
	two => $usage . 'extendedKeyUsage = critical, timeStamping, codeSigning',
	none => $usage,
	any => $usage . 'extendedKeyUsage = critical, anyExtendedKeyUsage',
	encipherment => "keyUsage = critical, keyEncipherment\n"
	    . 'extendedKeyUsage = critical, timeStamping',
	odd => "$stamps\n1.2.3.4.5 = critical, ASN1:UTF8String:odd",
	root => "basicConstraints = critical, CA:true\n"
	    . "keyUsage = critical, keyCertSign, cRLSign\n"
	    . 'subjectKeyIdentifier = hash',
	plain => "basicConstraints = critical, CA:false\n$usage",
);
put('ca.cnf', join "\n", '[ req ]', 'distinguished_name = dn', 'prompt = no',
    '[ dn ]', 'CN = unused', map { ("[ $_ ]", $section{$_}) } sort keys %section);
my @ec = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes');
sub rsa { return ('-newkey', "rsa:$_[0]", '-nodes') }

sub root {
	my ($name, @key) = @_;
	ok_run('openssl', 'req', '-x509', '-config', 'ca.cnf', '-extensions',
	    'root', @key, '-keyout', "$name.key", '-out', "$name.pem", '-days',
	    '7000', '-subj', "/CN=$name");
}

sub certificate {
	my ($name, $section, $by, $digest, @key) = @_;
	ok_run('openssl', 'req', '-config', 'ca.cnf', '-new', @key, '-keyout',
	    "$name.key", '-out', "$name.csr", '-subj', "/CN=Test $name");
	ok_run('openssl', 'x509', '-req', '-in', "$name.csr", '-CA', "$by.pem",
	    '-CAkey', "$by.key", '-CAcreateserial', '-extfile', 'ca.cnf',
	    '-extensions', $section, '-days', '3000', "-$digest", '-out',
	    "$name.pem");
}

root('root', rsa(2048)); # with EC there is no MD5
root('stranger', @ec);
certificate($_, $_, 'root', 'sha256', @ec)
    for grep { $_ ne 'root' } sort keys %section;
certificate('rsa1024', 'tsa', 'root', 'sha256', rsa(1024));
certificate('rsa512', 'tsa', 'root', 'sha256', rsa(512));
certificate('sha1', 'tsa', 'root', 'sha1', @ec);
certificate('md5', 'tsa', 'root', 'md5', @ec);
certificate('below', 'tsa', 'plain', 'sha256', @ec);
certificate('foreign', 'tsa', 'stranger', 'sha256', @ec);

# A TSTInfo (RFC 3161 section 2.4.2).
sub statement {
	my ($path, %with) = (@_);
	my %is = (version => 1, digest => 'sha256', hash => sha256_hex($checkpoint),
	    time => strftime('%Y%m%d%H%M%SZ', gmtime), extra => '', %with);
	put("$path.cnf", <<"CNF");
asn1 = SEQUENCE:info
[ info ]
version = INTEGER:$is{version}
policy = OID:1.2.3.4
imprint = SEQUENCE:imprint
serial = INTEGER:7
time = GENERALIZEDTIME:$is{time}
$is{extra}
[ imprint ]
algorithm = SEQUENCE:algorithm
hash = FORMAT:HEX,OCTETSTRING:$is{hash}
[ algorithm ]
object = OID:$is{digest}
null = NULL
[ critical ]
one = SEQUENCE:critical1
[ critical1 ]
object = OID:1.2.3.4.5.6
critical = BOOLEAN:TRUE
value = OCTETSTRING:odd
[ mild ]
one = SEQUENCE:mild1
[ mild1 ]
object = OID:1.2.3.4.5.6
value = OCTETSTRING:odd
CNF
	ok_run('openssl', 'asn1parse', '-genconf', "$path.cnf", '-noout',
	    '-out', $path);
}

sub token {
	my ($path, $statement, $signers, @more) = @_;
	ok_run('openssl', 'cms', '-sign', '-binary', '-nodetach', '-in',
	    $statement, '-outform', 'DER', '-out', $path,
	    (map { ('-signer', "$_.pem", '-inkey', "$_.key") } @$signers),
	    @more);
}
my @type = ('-econtent_type', '1.2.840.113549.1.9.16.1.4');
my @usual = (@type, '-cades', '-md', 'sha256');

statement('good');
my @tokens = (
	# What is as it should be, and what is tolerated.
	[ 'good', undef, [ 'tsa' ], @usual ],
	[ 'sha512', { digest => 'sha512', hash => sha512_hex($checkpoint) },
	    [ 'tsa' ], @usual ],
	[ 'an extension that is not critical',
	    { extra => 'extensions = IMP:1,SEQUENCE:mild' }, [ 'tsa' ], @usual ],
	[ 'a key of 1024 bits', undef, [ 'rsa1024' ], @usual ],
	# What it states.
	[ 'version 2', { version => 2 }, [ 'tsa' ], @usual,
	    'version is not 1' ],
	[ 'a critical extension', { extra => 'extensions = IMP:1,SEQUENCE:'
		. 'critical' }, [ 'tsa' ], @usual, 'critical extension' ],
	[ 'SHA-1', { digest => 'sha1', hash => sha1_hex($checkpoint) },
	    [ 'tsa' ], @usual, 'not over the checkpoint' ],
	[ 'another digest', { hash => sha256_hex('x') }, [ 'tsa' ], @usual,
	    'not over the checkpoint' ],
	[ 'a digest cut short', { hash => substr(sha256_hex($checkpoint), 0,
		40) }, [ 'tsa' ], @usual, 'not over the checkpoint' ],
	[ 'a digest named otherwise', { digest => 'sha512' }, [ 'tsa' ],
	    @usual, 'not over the checkpoint' ],
	[ 'before its certificate', { time => '20200101000000Z' }, [ 'tsa' ],
	    @usual, 'not yet valid' ],
	[ 'after its certificate', { time => '20990101000000Z' }, [ 'tsa' ],
	    @usual, 'has expired' ],
	# Who signed.
	(map { [ "usage: $_", undef, [ $_ ], @usual, 'certificate purpose' ] }
	    'noncritical', 'two', 'none', 'any', 'encipherment', 'plain'),
	[ 'an odd critical extension', undef, [ 'odd' ], @usual,
	    'unhandled critical extension' ],
	[ 'a key of 512 bits', undef, [ 'rsa512' ], @usual, 'key too weak' ],
	[ 'certified with SHA-1', undef, [ 'sha1' ], @usual,
	    'digest algorithm too weak' ],
	[ 'certified with MD5', undef, [ 'md5' ], @usual,
	    'digest algorithm too weak' ],
	[ 'certified by who may not', undef, [ 'below' ], @usual, '-certfile',
	    'plain.pem', 'invalid CA certificate' ],
	# How it is signed.
	[ 'no certificate named', undef, [ 'tsa' ], @type, '-md', 'sha256',
	    'missing signing certificate' ],
	[ 'two signers', undef, [ 'tsa', 'sha1' ], @usual, 'not one signer' ],
	[ 'signed with SHA-1', undef, [ 'tsa' ], @type, '-cades', '-md',
	    'sha1', 'not SHA-256 or better' ],
	[ 'of another type', undef, [ 'tsa' ], '-cades', '-md', 'sha256',
	    'holds no time stamp' ],
);
my $good = 4; # of the first

for my $i (0 .. $#tokens) {
	my ($name, $with, $signers, @options) = @{ $tokens[$i] };
	my $why = $i < $good ? undef : pop @options;
	my $statement = 'good';
	statement($statement = 'statement', %$with) if defined $with;
	token('token', $statement, $signers, @options);
	system('rm', '-rf', 'try');
	system('cp', '-R', 'snap', 'try');
	my ($code, $out, $err) = run('keysnap', 'stamp', 'try', '--attach',
	    'token', '--tsa-ca', 'root.pem');
	is($code, defined $why ? 3 : 0, "$name: attached or not")
	    or diag($out, $err);
	mkdir 'try/seals';
	put('try/seals/0001.tsr', get('token'));
	($code, $out) = run('keysnap', 'verify', 'try', '--public-key',
	    'key.pub', '--tsa-ca', 'root.pem');
	is($code, defined $why ? 4 : 0, "$name: verify");
	like($out, defined $why ? qr/^BAD .*0001\.tsr: .*$why/m :
	    qr/^ok .*0001\.tsr: the checkpoint existed at/m, "$name: why");
}

# A path that ends elsewhere proves nothing, and is no damage.  The certificate
# of the authority itself, once it is given, needs no signature of another.
for my $case ([ 'foreign', 'root', 1, qr/^-- .*needs its --tsa-ca/m ],
    [ 'foreign', 'stranger', 0, qr/^ok .*0001\.tsr/m ],
    [ 'sha1', 'sha1', 0, qr/^ok .*0001\.tsr/m ],
    [ 'rsa512', 'rsa512', 4, qr/^BAD .*key too weak/m ]) {
	my ($signer, $ca, $want, $says) = @$case;
	token('try/seals/0001.tsr', 'good', [ $signer ], @usual);
	my ($code, $out) = run('keysnap', 'verify', 'try', '--public-key',
	    'key.pub', '--tsa-ca', "$ca.pem");
	is($code, $want, "$signer under $ca");
	like($out, $says, 'and said so');
}

# The nonce of the request, and what it asked for.
ok_run('keysnap', 'stamp', 'snap', '--request', 'ours.tsq');
ok_run('openssl', 'ts', '-query', '-digest', sha256_hex($checkpoint), '-sha256',
    '-out', 'other.tsq');
ok_run('openssl', 'ts', '-query', '-digest', sha256_hex($checkpoint), '-sha256',
    '-no_nonce', '-out', 'plain.tsq');
ok_run('openssl', 'ts', '-query', '-digest', sha256_hex('x'), '-sha256',
    '-no_nonce', '-out', 'wrong.tsq');
token('token', 'good', [ 'tsa' ], @usual);
for my $case ([ 'ours', 3, 'nonce' ], [ 'other', 3, 'nonce' ],
    [ 'wrong', 3, 'something else' ], [ 'plain', 0, '' ]) {
	my ($query, $want, $why) = @$case;
	my ($code, undef, $err) = run('keysnap', 'stamp', 'snap', '--attach',
	    'token', '--query', "$query.tsq", '--tsa-ca', 'root.pem');
	is($code, $want, "for the request $query");
	like($err, qr/$why/, 'why');
}
done_testing();
