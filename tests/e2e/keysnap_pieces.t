#!/bin/sh
# keysnap_pieces.t - an index of more than one piece: MANIFEST has their
# digests, the same octets come out again, and a flip in any piece is found.

work=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
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

flip() {	# flip FILE OFFSET
	chmod u+w "$1"
	perl -e 'open my $f, "+<", $ARGV[0] or die $!; seek $f, $ARGV[1], 0;
		read $f, my $c, 1; seek $f, $ARGV[1], 0;
		print $f chr(ord($c) ^ 1)' "$1" "$2"
}

other_piece() {	# other_piece MANIFEST: another digest of the last piece
	chmod u+w "$1"
	perl -i -pe 's/^# \K.{8}(?=.* piece 000001)/00000000/' "$1"
}

# 17 MiB of index: names of some length, and nothing seen there.
perl -e 'printf qq({"domain":"%s%d.example.org","selector":"s%d",)
	. qq("kind":"nodata","first_seen":1500000000}\n),
	"a" x 40, $_ % 9000, $_ for 1 .. 110000' >lines
keysnap init store --origin example.org/keys
keysnap keygen -o key --name example.org/signer >/dev/null
expect 0 "import" keysnap import store --format jsonl --source test lines
expect 0 "freeze" keysnap freeze store snap --sign-key key
size=$(stat -c %s snap/keys.mdb)
pieces=$(((size + 16777215) / 16777216))
result "the index has more than one piece" test "$pieces" -gt 1
result "MANIFEST has each" \
	test "$(grep -c '^# .* piece ' snap/MANIFEST)" -eq "$pieces"
i=0
while [ $i -lt $pieces ]; do
	sum=$(tail -c +$((i * 16777216 + 1)) snap/keys.mdb |
	    head -c 16777216 | sha256sum | cut -c 1-64)
	result "it is the digest of piece $i" \
	    grep -q "^# $sum piece 00000$i\$" snap/MANIFEST
	i=$((i + 1))
done
expect 0 "sha256sum agrees" sh -c 'cd snap && sha256sum -c MANIFEST'
result "and says nothing" test ! -s err
expect 0 "verify" keysnap verify snap --public-key key.pub
expect 0 "freeze again" keysnap freeze store again --sign-key key
result "the same octets" diff -r snap again
cp -r snap copy
chmod u+w copy copy/keys.mdb
expect 0 "rebuild" keysnap rebuild copy
result "the same index" cmp snap/keys.mdb copy/keys.mdb

key=s77._domainkey.$(printf %040d 0 | tr 0 a)77.example.org
expect 0 "show by the public key" \
	keysnap show snap "$key" --public-key key.pub
cp out shown
expect 0 "show by nobody" keysnap show snap "$key"
sed -n '/nodata/p' out >nobody
sed -n '/nodata/p' shown >vouched
result "the same observation" cmp vouched nobody
result "and there is one" test -s nobody

for at in 5000 $((size / 2)) $((size - 1)); do
	rm -rf bad
	cp -r snap bad
	flip bad/keys.mdb $at
	expect 4 "a flip at $at" keysnap show bad "$key" --public-key key.pub
	result "is found in keys.mdb" grep -q 'keys.mdb' err
	expect 4 "verify finds it" keysnap verify bad --public-key key.pub
done
rm -rf bad
cp -r snap bad
chmod u+w bad/keys.mdb
truncate -s -4096 bad/keys.mdb
expect 4 "cut short" keysnap show bad "$key" --public-key key.pub
rm -rf bad
cp -r snap bad
other_piece bad/MANIFEST
expect 4 "a flip in a piece's digest" \
	keysnap show bad "$key" --public-key key.pub

# A signer whose pieces are not those of the file: only verify can tell.
rm -rf bad
cp -r snap bad
chmod u+w bad bad/*
other_piece bad/MANIFEST
perl -MMIME::Base64 -MDigest::SHA=sha256_hex -0777 -i -pe '
	BEGIN { open my $m, "<", "bad/MANIFEST"; local $/; $sum = sha256_hex(<$m>) }
	s/manifest-sha256 \K[0-9a-f]{64}/$sum/; s/signer .*//s' bad/checkpoint
expect 4 "pieces that do not fit, sealed anew" keysnap verify bad
result "are named" grep -q 'pieces' out
echo "1..$n"
