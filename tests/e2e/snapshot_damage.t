#!/usr/bin/perl
# snapshot_damage.t - a sealed snapshot with one octet changed, or cut, in any
# of its files, seals and evidence too: exit 4 and the file named, no crash.
# SNAPSHOT_DAMAGE changes, else 300; 5000 for all.  KEYSNAP may name another
# program, as the one with sanitizers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Forge;
use Test::More;

my $wanted = $ENV{SNAPSHOT_DAMAGE} // 300;
my $keysnap = $ENV{KEYSNAP} // 'keysnap';
my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
put('keys.jsonl', join '', map { "{\"domain\":\"d$_.example\",\"selector\":"
    . "\"s\",\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011\"}\n" }
    1 .. 20);
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    'keys.jsonl');
put('scan', 'a scan ' x 40);
ok_run('keysnap', 'annotate', 'store', '--note', 'n', '--entry', '2',
    '--evidence', 'scan');
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'keygen', '-o', 'key2', '--name', 'example.org/second');
ok_run('keysnap', 'freeze', 'store', 'snap', '--sign-key', 'key');

# Seals of every kind; the last one covers the others.
put('ca.cnf', <<'CNF');
[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = unused
[ root ]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ tsa ]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ person ]
keyUsage = critical, digitalSignature
[ one ]
serial = tsaserial
default_policy = 1.2.3
digests = sha256
ess_cert_id_alg = sha256
signer_digest = sha256
CNF
put('tsaserial', "01\n");
ok_run('openssl', 'req', '-x509', '-config', 'ca.cnf', '-extensions', 'root',
    '-newkey', 'ed25519', '-nodes', '-keyout', 'root.key', '-out', 'root.pem',
    '-days', '7000', '-subj', '/CN=Root');
for my $who ('tsa', 'person') {
	ok_run('openssl', 'req', '-config', 'ca.cnf', '-new', '-newkey',
	    'rsa:2048', '-nodes', '-keyout', "$who.key", '-out', "$who.csr",
	    '-subj', "/CN=$who");
	ok_run('openssl', 'x509', '-req', '-in', "$who.csr", '-CA', 'root.pem',
	    '-CAkey', 'root.key', '-CAcreateserial', '-days', '3000', '-extfile',
	    'ca.cnf', '-extensions', $who, '-out', "$who.pem");
}
sub stamp { return ok_run('keysnap', 'stamp', 'snap', @_) }
sub time_stamp {
	my ($n, @more) = @_;
	stamp('--request', "$n.tsq", @more);
	ok_run('openssl', 'ts', '-reply', '-config', 'ca.cnf', '-section', 'one',
	    '-queryfile', "$n.tsq", '-signer', 'tsa.pem', '-inkey', 'tsa.key',
	    '-out', "$n.tsr");
	stamp('--attach', "$n.tsr", '--query', "$n.tsq", '--chain', 'root.pem',
	    '--tsa-ca', 'root.pem');
}
stamp('--sign-key', 'key2');
ok_run('minisign', '-G', '-W', '-f', '-p', 'mini.pub', '-s', 'mini.key');
ok_run('minisign', '-S', '-s', 'mini.key', '-m', 'snap/checkpoint', '-x',
    'new.minisig');
stamp('--attach-minisign', 'new.minisig', '--minisign-key', 'mini.pub');
ok_run('openssl', 'cms', '-sign', '-binary', '-in', 'snap/checkpoint',
    '-signer', 'person.pem', '-inkey', 'person.key', '-outform', 'DER', '-md',
    'sha256', '-out', 'new.p7s');
stamp('--attach-cms', 'new.p7s', '--chain', 'root.pem');
time_stamp(1);
time_stamp(2, '--renew');

my @verify = ($keysnap, 'verify', 'snap', '--public-key', 'key.pub',
    '--public-key', 'key2.pub', '--tsa-ca', 'root.pem', '--cms-ca', 'root.pem',
    '--minisign-key', 'mini.pub');
my ($code, $whole, $err) = run(@verify);
is($code, 0, 'untouched') or diag($whole, $err);
# What was checked against what.
like($whole, $_, "verify: $_") for
    qr/^ok +signature +checkpoint: .*example\.org\/signer/m,
    qr/^ok .*seals\/0001\.note: .*example\.org\/second/m,
    qr/^ok .*seals\/0002\.minisig: /m,
    qr/^ok .*seals\/0003\.p7s: .*CN=person.*CN=Root/m,
    qr/^ok .*seals\/0004\.tsr: .*the checkpoint existed at .*CN=tsa.*CN=Root/m,
    qr/^ok .*seals\/0005\.tsr: .*CN=tsa.*CN=Root/m;
my @files = grep { -s } split /\n/, `find snap -type f | sort`;
is(scalar @files, 16, 'files of every kind');
chmod 0644, @files;
# The wrapping of the last time stamp, and the certificates beside it, are
# covered by nothing (keysnap(5), Seals).
my $uncovered = qr{/0005\.(?:tsr|pem)\z};

my (@wrong, %count);
for my $i (0 .. $wanted - 1) {
	my $file = $files[$i % @files];
	my $octets = get($file);
	my $at = number_below(length $octets);
	my $copy = $octets;
	if ($i % 10 == 9) {
		$copy = substr $octets, 0, $at;
	} else {
		substr($copy, $at, 1) ^= chr(1 + number_below(255));
	}
	put($file, $copy);
	my ($code, $out, $err) = run(@verify);
	put($file, $octets);
	$count{$code}++;
	my ($name) = $file =~ m{\Asnap/(.*)};
	next if $code == 4 && $out =~ /^BAD/m
	    && ($out =~ /^BAD.*\Q$name\E/m || $file =~ m{/seals/});
	next if $file =~ $uncovered && ($code == 0 || $code == 1);
	push @wrong, "$i, $file at $at: exit $code\n$out$err";
}
is(join("\n", splice @wrong, 0, 5), '', "$wanted octets changed or cut: "
    . join ', ', map { "exit $_: $count{$_}" } sort keys %count);
# But for the line that has the time of the machine's clock.
is(ok_run(@verify) =~ s/^-- +as-of .*\n//mr, $whole =~ s/^-- +as-of .*\n//mr,
	'whole again');

done_testing();
