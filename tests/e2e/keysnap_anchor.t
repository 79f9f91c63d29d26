#!/bin/sh
# keysnap_anchor.t - proofs of time as entries of a store: the time stamps of an
# earlier snapshot, tokens, notes and OpenTimestamps proofs over its checkpoint
# and over files that the store knows.

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

warned() {
	result "$1" grep -q -- "$2" err
}

# A store with a snapshot of an earlier state; another store.
key() {	# SELECTOR
	raw=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
	echo "{\"domain\":\"example.org\",\"selector\":\"$1\",\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011-01-01\"}" >"$1.jsonl"
	keysnap import store --format jsonl "$1.jsonl" --source test >/dev/null
}
keysnap init store --origin example.org/keys
key one
keysnap keygen -o key --name example.org/signer >/dev/null
keysnap freeze store snap --sign-key key >/dev/null
keysnap init other --origin example.org/keys
keysnap import other --format jsonl one.jsonl --source else >/dev/null
keysnap freeze other other.snap >/dev/null
keysnap init named --origin example.org/named

# An authority, its stamping certificates of two kinds of life.
cat >ca.cnf <<'CNF'
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
digests = sha256
ess_cert_id_alg = sha256
signer_digest = sha256
accuracy = secs:1, millisecs:500
CNF
echo 01 >tsaserial
quiet() {
	"$@" >quiet.log 2>&1 || { sed 's/^/# /' quiet.log; exit 1; }
}
for name in root stranger; do
	quiet openssl req -x509 -config ca.cnf -extensions root -newkey \
		ed25519 -nodes -keyout $name.key -out $name.pem -days 7300 \
		-subj "/CN=$name"
done
for name in tsa later; do
	quiet openssl req -config ca.cnf -new -newkey rsa:2048 -nodes \
		-keyout $name.key -out $name.csr -subj "/CN=Test $name"
	days=30
	test $name = later && days=7000
	quiet openssl x509 -req -CA root.pem -CAkey root.key -extfile ca.cnf \
		-extensions tsa -days $days -in $name.csr -out $name.pem
done
reply() {	# QUERY SIGNER OUT
	quiet openssl ts -reply -config ca.cnf -section tsa1 -queryfile "$1" \
		-signer "$2.pem" -inkey "$2.key" -chain root.pem -out "$3"
}
stamp() {	# FILE SIGNER OUT
	quiet openssl ts -query -cert -sha256 -data "$1" -out query
	reply query "$2" "$3"
}
in_days() {	# DAYS COMMAND...
	days=$1
	shift
	faketime -f "+${days}d" "$@"
}
entries() {
	keysnap stats "$1" --json 2>/dev/null | sed -n \
		's/.*"anchors":\([0-9]*\).*/\1/p'
}
has_anchors() {	# STORE N
	test "$(entries "$1")" = "$2"
}

# The time stamps of the snapshot.
keysnap stamp snap --request snap.tsq
reply snap.tsq tsa snap.tsr
quiet keysnap stamp snap --attach snap.tsr --query snap.tsq
cp store fresh
key two
expect 3 "without --tsa-ca nothing counts" keysnap anchor store snap
warned "and that is said" "--tsa-ca"
expect 3 "nor under a stranger" keysnap anchor store snap \
	--tsa-ca stranger.pem
result "nothing was added" has_anchors store 0
expect 0 "the seals of a snapshot" keysnap anchor store snap --tsa-ca root.pem
expect 3 "not when the certificate has ended" keysnap anchor fresh snap \
	--tsa-ca root.pem --made 2090-01-01
warned "and that is said" "counts no more"
expect 3 "nor by the clock" in_days 40 keysnap anchor fresh snap \
	--tsa-ca root.pem
expect 0 "once more" keysnap anchor store snap \
	--tsa-ca root.pem
said "the same again adds nothing" "there before"
result "one anchor" has_anchors store 1
expect 0 "show" keysnap show store one._domainkey.example.org
said "the key is under it" "anchor .*entries below 3 existed by"
said "with who says so" "CN=Test tsa"
said "and the end of the certificate" "its certificate ends"
expect 0 "show" keysnap show store two._domainkey.example.org
result "a later key is not" sh -c '! grep -q "anchor " out'
expect 4 "a snapshot of another log" keysnap anchor other snap \
	--tsa-ca root.pem
warned "is no state of it" "never had"
expect 3 "nor of another origin" keysnap anchor named snap --tsa-ca root.pem
result "nothing was added there" has_anchors other 0
expect 3 "nor of a state that is to come" sh -c '
	keysnap init short --origin example.org/keys
	keysnap anchor short snap --tsa-ca root.pem'

# The accuracy that the token states is added to its time.
keysnap freeze store with >/dev/null
stated=$(openssl ts -reply -in snap.tsr -text 2>/dev/null |
	sed -n 's/^Time stamp: //p')
late=$(date -u -d "$stated + 2 seconds" +%Y-%m-%dT%H:%M:%SZ)
result "a second and a half counts as two" \
	grep -q "\"time\":\"$late\",\"tool\"" with/log.jsonl
expect 0 "the snapshot with it verifies" keysnap verify with
keysnap export with --format log >log 2>/dev/null
sha=$(sha256sum snap.tsr | cut -c1-64)
result "the token is evidence, first of all" \
	grep -q "\"evidence\":\\[\"$sha\",\"$(sha256sum snap/checkpoint |
	cut -c1-64)\"" log

# Renewed in time.
cp -r snap renewed
keysnap stamp renewed --request again.tsq --renew
reply again.tsq later again.tsr
quiet keysnap stamp renewed --attach again.tsr --query again.tsq
expect 0 "a renewed one counts when its certificate has ended" in_days 40 \
	keysnap anchor fresh renewed --tsa-ca root.pem
result "and so does the renewal" has_anchors fresh 2
keysnap freeze fresh fresh.snap >/dev/null
ends=$(openssl x509 -in later.pem -noout -enddate | cut -d= -f2)
result "it is good as long as the renewal" test "$(grep -c \
	"\"until\":\"$(date -u -d "$ends" +%Y-%m-%dT%H:%M:%SZ)\"" \
	fresh.snap/log.jsonl)" = 2

# A token by itself, over the checkpoint, or the text of its note.
stamp snap/checkpoint tsa file.tsr
sed '/^$/,$d' snap/checkpoint >text
stamp text tsa text.tsr
stamp ca.cnf tsa else.tsr
for kind in file text; do
	expect 0 "a token over the checkpoint's $kind" keysnap anchor store \
		$kind.tsr --checkpoint snap/checkpoint --tsa-ca root.pem
done
result "three anchors" has_anchors store 3
expect 3 "a token over something else" keysnap anchor store else.tsr \
	--checkpoint snap/checkpoint --tsa-ca root.pem
warned "is refused" "not over"
expect 3 "no checkpoint" keysnap anchor store file.tsr --checkpoint ca.cnf \
	--tsa-ca root.pem
expect 3 "no proof" keysnap anchor store ca.cnf --checkpoint snap/checkpoint
expect 2 "nothing that it is over" keysnap anchor store file.tsr
expect 2 "two things" keysnap anchor store file.tsr --file text \
	--checkpoint snap/checkpoint
expect 2 "a snapshot says itself" keysnap anchor store snap --file text
expect 2 "and has its own chain" keysnap anchor store snap --chain root.pem
expect 2 "--made is a time" keysnap anchor store file.tsr --file text --made x
expect 0 "a seal over the text holds" sh -c '
	cp -r snap over-text
	keysnap stamp over-text --attach text.tsr --tsa-ca root.pem'
expect 0 "and verifies" keysnap verify over-text --public-key key.pub \
	--tsa-ca root.pem

# A file that the store knows.
stamp one.jsonl tsa one.tsr
stamp stranger.pem tsa no.tsr
expect 0 "over a source" keysnap anchor store one.tsr --file one.jsonl \
	--tsa-ca root.pem
expect 0 "by its digest" keysnap anchor store one.tsr --tsa-ca root.pem \
	--digest "$(sha256sum one.jsonl | cut -c1-64)"
said "is the same" "there before"
expect 0 "show" keysnap show store one._domainkey.example.org
said "the key of the source is under it" "anchor .*SHA-256\|anchor .*$(
	sha256sum one.jsonl | cut -c1-16)"
expect 3 "a file that it does not know" keysnap anchor store no.tsr \
	--file stranger.pem --tsa-ca root.pem
warned "and that is said" "knows no file"
keysnap annotate store --note "a token" --name one._domainkey.example.org \
	--evidence one.tsr >/dev/null
stamp one.tsr later evidence.tsr
expect 0 "over evidence" keysnap anchor store evidence.tsr --file one.tsr \
	--tsa-ca root.pem

# A note, and OpenTimestamps with Bitcoin's first block.
keysnap keygen -o notary --name example.org/notary >/dev/null
perl -MMIME::Base64 -e '
	open my $in, "<", "notary"; my $line = <$in>;
	my ($name, $id, $key) = $line =~ /^PRIVATE\+KEY\+([^+]+)\+(\w+)\+(\S+)/;
	my $sha = `sha256sum snap/checkpoint`;
	my $text = "keysnap-time 1\n2016-11-03T08:00:00Z\n$sha";
	my %file = ("seed" => pack("H*", "302e020100300506032b657004220420") .
	    substr(decode_base64($key), 1), "statement" => $text);
	for (keys %file) { open my $out, ">", $_; print $out $file{$_} }
	system "openssl pkeyutl -sign -rawin -keyform DER -inkey seed " .
	    "-in statement -out signature";
	open my $signature, "<", "signature";
	print "$text\n\xe2\x80\x94 $name ", encode_base64(pack("H*", $id) .
	    join("", <$signature>), ""), "\n"' >note
expect 3 "a note of a key not given" keysnap anchor store note \
	--checkpoint snap/checkpoint --anchor-key key.pub
expect 0 "a note" keysnap anchor store note --checkpoint snap/checkpoint \
	--anchor-key notary.pub
said "its time, and who says so" \
	"existed by 2016-11-03T08:00:00Z, says example.org/notary"
perl -MDigest::SHA=sha256 -e '
	my $tx = pack "H*", "01000000" . "01" . "00" x 32 . "ffffffff" .
	    "4d04ffff001d0104455468652054696d65732030332f4a616e2f3230303920" .
	    "4368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e642062" .
	    "61696c6f757420666f722062616e6b73ffffffff0100f2052a010000004341" .
	    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61" .
	    "deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6b" .
	    "f11d5fac00000000";
	my $header = pack("V", 1) . "\0" x 32 . sha256(sha256($tx)) .
	    pack("VVV", 1231006505, 0x1d00ffff, 2083236893);
	my %file = ("coinbase" => $tx, "block" => $header, "first.ots" =>
	    "\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01" .
	    "\x08" . sha256($tx) . "\x08\0\x05\x88\x96\x0d\x73\xd7\x19\x01\x01\0");
	for (keys %file) { open my $out, ">:raw", $_; print $out $file{$_} }'
keysnap annotate store --note "the first transaction" \
	--name one._domainkey.example.org --evidence coinbase >/dev/null
expect 0 "a proof of OpenTimestamps" keysnap anchor store first.ots \
	--file coinbase --block-header block
said "by Bitcoin's first block" \
	"existed by 2009-01-03T20:15:05Z, says Bitcoin block 0 000000000019d6"
expect 3 "without the header" keysnap anchor store first.ots --file coinbase

# All of it in a snapshot that verifies; retracted, it can be added again.
keysnap freeze store all >/dev/null
expect 0 "the snapshot verifies" keysnap verify all
before=$(entries store)
expect 0 "retract" keysnap annotate store --retract \
	"$(keysnap anchor store first.ots --file coinbase --block-header block |
	sed 's/.*entry \([0-9]*\).*/\1/')"
expect 0 "again" keysnap anchor store first.ots --file coinbase \
	--block-header block
result "one more" has_anchors store $((before + 1))

# The same commands, the same times: the same log.
for copy in a b; do
	keysnap init $copy --origin example.org/keys
	keysnap import $copy --format jsonl one.jsonl --source test \
		--imported-at 2026-01-01 >/dev/null
	keysnap anchor $copy one.tsr --file one.jsonl --tsa-ca root.pem \
		--made 2026-01-02 >/dev/null
	keysnap freeze $copy $copy.snap >/dev/null
done
result "made twice it is the same" cmp a.snap/log.jsonl b.snap/log.jsonl

echo "1..$n"
