#!/bin/sh
# keysnap_seals.t - seals with their makers' own tools: minisign, openssl cms,
# and a time stamping authority made here with openssl ts.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0

expect() {
	want=$1 name=$2
	shift 2
	"$@" >out 2>err
	got=$?
	result "$name" test "$got" -eq "$want"
}

result() {
	name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# out: /' out
		sed 's/^/# err: /' err
	fi
}

said() {
	result "$1" grep -q -- "$2" out
}

# A snapshot.
raw=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
echo "{\"domain\":\"example.org\",\"selector\":\"s\",\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011-01-01\"}" >keys.jsonl
keysnap init store --origin example.org/keys
keysnap import store --format jsonl keys.jsonl --source test >/dev/null
keysnap keygen -o key --name example.org/signer >/dev/null
keysnap keygen -o key2 --name example.org/second >/dev/null
keysnap keygen -o key3 --name example.org/third >/dev/null
keysnap freeze store snap --sign-key key >/dev/null
root=$(keysnap list snap --json 2>/dev/null | sed -n 's/.*"root":"\([0-9a-f]*\)".*/\1/p' | head -n 1)

# An authority, its stamping certificate of two kinds of life, and a person.
cat >ca.cnf <<'CNF'
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
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ person ]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
[ ca ]
default_ca = one
[ one ]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
default_crl_days = 3650
policy = any
unique_subject = no
[ any ]
commonName = supplied
[ ts ]
default_tsa = tsa1
[ tsa1 ]
serial = tsaserial
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
signer_digest = sha256
CNF
: >index.txt
echo 01 >serial; echo 01 >crlnumber; echo 01 >tsaserial
openssl_quiet() {
	openssl "$@" >openssl.log 2>&1 || { sed 's/^/# /' openssl.log; exit 1; }
}
openssl_quiet req -x509 -config ca.cnf -extensions root -newkey ed25519 \
	-nodes -keyout root.key -out root.pem -days 7300 -subj "/CN=Test Root"
openssl_quiet req -x509 -config ca.cnf -extensions root -newkey ed25519 \
	-nodes -keyout stranger.key -out stranger.pem -days 7300 \
	-subj "/CN=Stranger"
certificate() {	# NAME KIND DAYS
	openssl_quiet req -config ca.cnf -new -newkey rsa:2048 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=Test $1"
	openssl_quiet ca -config ca.cnf -batch -cert root.pem \
		-keyfile root.key -extensions "$2" -days "$3" -notext \
		-in "$1.csr" -out "$1.pem"
}
certificate tsa tsa 30
certificate later tsa 7000
certificate revoked tsa 7000
certificate person person 30
reply() {	# QUERY SIGNER OUT
	openssl ts -reply -config ca.cnf -section tsa1 -queryfile "$1" \
		-signer "$2.pem" -inkey "$2.key" -chain root.pem -out "$3" \
		>openssl.log 2>&1 || sed 's/^/# /' openssl.log
}
in_days() {	# DAYS COMMAND...
	days=$1
	shift
	faketime -f "+${days}d" "$@"
}

# Signed notes.
expect 0 "a second signature" keysnap stamp snap --sign-key key2
expect 0 "verify" keysnap verify snap --public-key key.pub
said "a seal of a key not given is said to be so" \
	'^-- .*seals/0001.note.*--public-key'
expect 0 "both keys" keysnap verify snap --public-key key.pub \
	--public-key key2.pub
said "the seal is checked" '^ok .*seals/0001.note.*example.org/second'
expect 0 "the second alone" keysnap verify snap --public-key key2.pub
expect 4 "a third that signed nothing" keysnap verify snap \
	--public-key key.pub --public-key key3.pub
expect 3 "no private key" keysnap stamp snap --sign-key key2.pub
expect 2 "no kind of seal" keysnap stamp snap
expect 2 "two kinds" keysnap stamp snap --sign-key key2 --request x.tsq
expect 0 "the snapshot opens as before" keysnap list snap --public-key key.pub

# minisign.
minisign -G -W -f -p mini.pub -s mini.key >/dev/null
minisign -G -W -f -p other.pub -s other.key >/dev/null
minisign -S -s mini.key -m snap/checkpoint -x new.minisig -t "for the court" \
	>/dev/null
minisign -S -l -s mini.key -m snap/checkpoint -x old.minisig >/dev/null
expect 2 "minisign without its key" keysnap stamp snap \
	--attach-minisign new.minisig
expect 3 "minisign with another key" keysnap stamp snap \
	--attach-minisign new.minisig --minisign-key other.pub
expect 0 "minisign" keysnap stamp snap --attach-minisign new.minisig \
	--minisign-key mini.pub
expect 0 "minisign, legacy" keysnap stamp snap \
	--attach-minisign old.minisig --minisign-key mini.pub
expect 0 "minisign -V agrees" minisign -V -q -p mini.pub -m snap/checkpoint \
	-x snap/seals/0002.minisig
expect 0 "with the key beside it" minisign -V -q -p snap/seals/0002.pub \
	-m snap/checkpoint -x snap/seals/0003.minisig
expect 0 "verify with the key itself" keysnap verify snap \
	--public-key key.pub --minisign-key "$(sed -n 2p mini.pub)"
said "the comment is shown" '^ok .*0002.minisig.*for the court'
said "legacy too" '^ok .*0003.minisig'
expect 1 "a key that signed nothing" keysnap verify snap \
	--public-key key.pub --minisign-key other.pub
echo x >something
minisign -S -s mini.key -m something -x wrong.minisig >/dev/null
expect 3 "over something else" keysnap stamp snap \
	--attach-minisign wrong.minisig --minisign-key mini.pub

# CMS.
openssl cms -sign -binary -in snap/checkpoint -signer person.pem \
	-inkey person.key -outform DER -md sha256 -out person.p7s 2>openssl.log
openssl cms -sign -binary -nodetach -in snap/checkpoint -signer person.pem \
	-inkey person.key -outform DER -out attached.p7s 2>openssl.log
openssl cms -sign -binary -in something -signer person.pem \
	-inkey person.key -outform DER -out wrong.p7s 2>openssl.log
expect 0 "CMS" keysnap stamp snap --attach-cms person.p7s --chain root.pem
expect 3 "CMS that holds its content" keysnap stamp snap \
	--attach-cms attached.p7s
expect 3 "CMS over something else" keysnap stamp snap --attach-cms wrong.p7s
expect 0 "openssl cms agrees" openssl cms -verify -binary -inform DER \
	-in snap/seals/0004.p7s -content snap/checkpoint -CAfile root.pem \
	-out out.cms
expect 0 "verify CMS" keysnap verify snap --public-key key.pub \
	--cms-ca root.pem
said "who signed" '^ok .*0004.p7s.*CN=Test person.*CN=Test Root'
expect 1 "CMS under a stranger" keysnap verify snap --public-key key.pub \
	--cms-ca stranger.pem

# Time stamps.
expect 0 "a request" keysnap stamp snap --request snap.tsq
openssl ts -query -in snap.tsq -text >out 2>err
said "asks for the certificate" 'Certificate required: yes'
said "has a nonce" 'Nonce: 0x'
expect 2 "a request replaces nothing" keysnap stamp snap --request snap.tsq
reply snap.tsq tsa snap.tsr
expect 3 "with another request" sh -c 'keysnap stamp snap --request x.tsq &&
	keysnap stamp snap --attach snap.tsr --query x.tsq'
openssl ca -config ca.cnf -gencrl -cert root.pem -keyfile root.key \
	-out good.crl 2>openssl.log
expect 0 "the response" keysnap stamp snap --attach snap.tsr \
	--query snap.tsq --chain root.pem --crl good.crl
expect 0 "openssl ts agrees" openssl ts -verify -data snap/checkpoint \
	-in snap/seals/0005.tsr -CAfile root.pem
expect 0 "without a CA" keysnap verify snap --public-key key.pub
said "a time stamp says nothing then" '^-- .*0005.tsr.*needs its --tsa-ca'
expect 0 "with it" keysnap verify snap --public-key key.pub --tsa-ca root.pem
said "it counts" \
	'^ok .*0005.tsr.*the checkpoint existed at .*CN=Test tsa.*1 lists'
expect 0 "now" keysnap verify snap --public-key key.pub --tsa-ca root.pem
said "when certificates must not have ended" \
	'^-- .*as-of .*Z, the clock of this machine$'
expect 0 "at a time" keysnap verify snap --public-key key.pub \
	--tsa-ca root.pem --as-of "$(date -u -d '+20 days' +%Y-%m-%d)"
said "the time asked for" '^-- .*as-of .*T00:00:00Z, as asked for$'
said "the seal counts then" '^ok .*0005.tsr'
expect 1 "when the certificate has ended" keysnap verify snap \
	--public-key key.pub --tsa-ca root.pem --as-of 2099
said "is said" '^-- .*0005.tsr.*it counts no more'
said "2099 begins with its first second" '2099-01-01T00:00:00Z, as asked for'
expect 0 "at a time, whatever the clock says" faketime -f +900d \
	keysnap verify snap --public-key key.pub --tsa-ca root.pem \
	--as-of "$(date -u +%Y-%m-%d)"
expect 2 "a time that is none" keysnap verify snap --tsa-ca root.pem \
	--as-of soon
expect 2 "a time for nothing" keysnap verify snap --as-of 2020
expect 1 "with a stranger" keysnap verify snap --public-key key.pub \
	--tsa-ca stranger.pem
said "that is said" '^-- .*no time stamp counts'
openssl ts -query -data something -sha256 -cert -out wrong.tsq 2>openssl.log
reply wrong.tsq tsa wrong.tsr
expect 3 "over something else" keysnap stamp snap --attach wrong.tsr
expect 3 "a request is no response" keysnap stamp snap --attach snap.tsq

# The same statement, signed by somebody who is no authority, or by one whose
# certificate the signed attributes do not name.
forge() {	# SIGNER OUT
	openssl cms -sign -binary -nodetach -in tst -inform DER -outform DER \
		-econtent_type 1.2.840.113549.1.9.16.1.4 -signer "$1.pem" \
		-inkey "$1.key" -md sha256 -out "$2" 2>openssl.log
}
openssl ts -reply -in snap.tsr -token_out -out token.der 2>openssl.log
openssl cms -verify -noverify -inform DER -in token.der -out tst \
	2>openssl.log
expect 0 "a bare token" sh -c 'cp -R snap bare && rm bare/seals/0005.* &&
	keysnap stamp bare --attach token.der --tsa-ca root.pem --chain root.pem'
said "holds" '^ok .*0005.tsr'
for who in person later; do
	forge $who forged.tsr
	rm -rf forged
	cp -R snap forged
	cp forged.tsr forged/seals/0005.tsr
	expect 4 "no time stamp: signed by $who" keysnap verify forged \
		--public-key key.pub --tsa-ca root.pem
	expect 3 "nor is it added" keysnap stamp snap --attach forged.tsr \
		--tsa-ca root.pem
done

# A certificate that ends: shown, and no anchor any more.
cp -R snap unrenewed
expect 1 "400 days later" in_days 400 keysnap verify unrenewed \
	--public-key key.pub --tsa-ca root.pem --cms-ca root.pem
said "the token still verifies, and counts no more" \
	'^-- .*0005.tsr.*existed at .*counts no more'
said "and CMS alike" '^-- .*0004.p7s.*counts no more'
result "nothing is BAD" sh -c '! grep -q "^BAD" out'
expect 4 "a token cut short then" sh -c 'cp -R unrenewed cut &&
	head -c 900 unrenewed/seals/0005.tsr >cut/seals/0005.tsr &&
	faketime -f +400d keysnap verify cut --public-key key.pub'

# Renewed in time.
expect 0 "a request that renews" keysnap stamp snap --request renew.tsq \
	--renew
expect 0 "another signature on the way" keysnap stamp snap --sign-key key3
reply renew.tsq later renew.tsr
expect 0 "renewed" keysnap stamp snap --attach renew.tsr --query renew.tsq
said "what it covers" 'seals 1 to 5'
expect 0 "sha256sum agrees with the list" \
	sh -c 'cd snap && sha256sum -c seals/0007.list'
expect 0 "openssl ts too" openssl ts -verify -data snap/seals/0007.list \
	-in snap/seals/0007.tsr -CAfile root.pem
expect 0 "400 days later" in_days 400 keysnap verify snap \
	--public-key key.pub --tsa-ca root.pem --cms-ca root.pem
said "the first counts by the second" '^ok .*0005.tsr.*renewed before by seal 7'
said "and so does CMS" '^ok .*0004.p7s.*renewed before by seal 7'
cp -R snap changed
echo "untrusted comment: changed" >changed/seals/0002.minisig
sed 1d snap/seals/0002.minisig >>changed/seals/0002.minisig
expect 4 "what is covered cannot change" keysnap verify changed \
	--public-key key.pub
said "it is named" '^BAD.*0007.tsr: seals/0002.minisig is not what'
cp -R snap removed
rm removed/seals/0003.minisig removed/seals/0003.pub
expect 4 "nor go away" keysnap verify removed --public-key key.pub
# Any octet of what is covered, and of what covers it.
cat >flip.pl <<'EOP'
use strict;
use warnings;
srand(20161031);
my @files = grep { !m{/0006} } glob("flipped/seals/*");
my $overlooked = 0;
for my $i (1 .. 150) {
	my $file = $files[$i % @files];
	open(my $in, "<:raw", $file) or die;
	my $octets = do { local $/; <$in> };
	my $copy = $octets;
	my $at = int(rand(length($copy)));
	substr($copy, $at, 1) ^= chr(1 + int(rand(255)));
	put($file, $copy);
	my $said = `keysnap verify flipped --public-key key.pub --tsa-ca root.pem 2>&1`;
	put($file, $octets);
	# The wrapping of the last one is covered by nothing.
	next if $? >> 8 == 4 || $file =~ m{0007\.tsr} && $? % 256 == 0;
	$overlooked++;
	print "# $file, octet $at: $?\n";
}
sub put { open(my $f, ">:raw", $_[0]) or die; print $f $_[1]; close($f); }
exit($overlooked > 0);
EOP
cp -R snap flipped
perl flip.pl >out 2>err
result "150 octets changed" test $? -eq 0
# Renewed too late: the first had ended.
cp -R unrenewed late
keysnap stamp late --request late.tsq --renew
in_days 400 openssl ts -reply -config ca.cnf -section tsa1 -queryfile \
	late.tsq -signer later.pem -inkey later.key -out late.tsr 2>openssl.log
keysnap stamp late --attach late.tsr >/dev/null
expect 1 "renewed too late" in_days 401 keysnap verify late \
	--public-key key.pub --tsa-ca root.pem --cms-ca root.pem
said "counts for itself alone" '^ok .*0006.tsr'
said "not for the first" '^-- .*0005.tsr.*counts no more'

# Revocation.
cp -R unrenewed gone
keysnap stamp gone --request gone.tsq
reply gone.tsq revoked gone.tsr
openssl ca -config ca.cnf -cert root.pem -keyfile root.key -revoke \
	revoked.pem -crl_reason keyCompromise 2>openssl.log
openssl ca -config ca.cnf -gencrl -cert root.pem -keyfile root.key \
	-out bad.crl 2>openssl.log
expect 3 "a revoked certificate" keysnap stamp gone --attach gone.tsr \
	--crl bad.crl --chain root.pem --tsa-ca root.pem
expect 0 "it is not seen without the list" keysnap stamp gone \
	--attach gone.tsr --tsa-ca root.pem
openssl crl -in bad.crl -out gone/seals/0006.crl
expect 4 "nor accepted once the list is there" keysnap verify gone \
	--public-key key.pub --tsa-ca root.pem
said "why" '0006.tsr.*was revoked'

# What is not known, and what is not in order.
cp -R unrenewed odd
echo x >odd/seals/0009.ots
echo x >odd/seals/README
expect 0 "unknown kinds are reported" keysnap verify odd --public-key key.pub
said "the kind" '^-- .*seals/0009.ots'
said "the name" '^-- .*seals/README'
keysnap verify odd --json >out 2>err
said "as neither good nor bad" '"file":"seals/README","good":null'
cp -R unrenewed odd2
keysnap stamp odd2 --sign-key key3 >/dev/null
sed 's/third/thirt/' odd2/seals/0006.vkey >x
cp x odd2/seals/0006.vkey
expect 4 "a key that is damaged" keysnap verify odd2 --public-key key.pub
cp -R unrenewed odd3
cp unrenewed/seals/0002.minisig odd3/seals/0003.minisig
tr e f <unrenewed/seals/0001.note >odd3/seals/0001.note
expect 4 "a note of another text" keysnap verify odd3 --public-key key.pub

# An unsigned snapshot can be sealed too.
keysnap freeze store plain >/dev/null
keysnap stamp plain --sign-key key2 >/dev/null
expect 0 "an unsigned one, sealed" keysnap verify plain --public-key key2.pub
expect 0 "by its root" keysnap verify plain --root "$root"
expect 4 "by another root" keysnap verify plain --root "$(printf %064d 0)"
cp -R unrenewed torn
echo x >>torn/log.jsonl
expect 4 "nobody seals what is damaged" keysnap stamp torn --sign-key key2

# OpenSSL's configuration changes nothing.
printf 'openssl_conf = x\n[x]\nproviders = y\n[y]\nlegacy = z\n[z]\nactivate = 1\n' >odd.cnf
expect 0 "another openssl.cnf" env OPENSSL_CONF="$work/odd.cnf" keysnap \
	verify snap --public-key key.pub --tsa-ca root.pem --cms-ca root.pem \
	--minisign-key mini.pub
echo "1..$n"
