#!/bin/sh
# keysnap_snapshot.t - snapshots, and every way to damage one.

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

raw=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
for i in 1 2 3; do
	echo "{\"domain\":\"example.org\",\"selector\":\"s$i\",\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"201$i-01-01\"}"
done >keys.jsonl
keysnap init store --origin example.org/keys
keysnap import store --format jsonl keys.jsonl --source test >/dev/null
keysnap keygen -o key --name example.org/signer >/dev/null
keysnap keygen -o key2 --name example.org/other >/dev/null

result "the private key is its owner's" \
	test "$(stat -c %a key)" = 600
expect 2 "keygen replaces nothing" keysnap keygen -o key
expect 0 "freeze, signed" keysnap freeze store signed --sign-key key
root=$(sed -n 's/^root *//p' out)
expect 0 "freeze, unsigned" keysnap freeze store unsigned
result "the root is the same" \
	test "$(sed -n 's/^root *//p' out)" = "$root"
result "unsigned is said" grep -q 'nobody vouches' out
expect 0 "freeze adds nothing" keysnap freeze store again --sign-key key
result "the same store gives the same octets" diff -r signed again
# However the import was cut into runs of the program.
for i in 1 2 3; do sed -n "${i}p" keys.jsonl >"part$i.jsonl"; done
runs="--format jsonl --source test --imported-at 2020-02-03 --operator me"
for store in together apart; do
	keysnap init "$store.store" --origin example.org/keys
done
keysnap import together.store $runs part[123].jsonl >/dev/null
for i in 1 2 3; do
	keysnap import apart.store $runs "part$i.jsonl" >/dev/null
	keysnap list apart.store >/dev/null
done
for store in together apart; do
	keysnap freeze "$store.store" "$store" --sign-key key >/dev/null
done
result "imports in one run or in three give the same octets" \
	diff -r together apart
expect 0 "verify" keysnap verify signed --public-key key.pub --root "$root"
expect 0 "verify, unsigned" keysnap verify unsigned
result "nobody vouches is said" grep -q 'nobody vouches' err
expect 4 "another public key" keysnap verify signed --public-key key2.pub
expect 4 "an unsigned one with a public key" \
	keysnap verify unsigned --public-key key.pub
expect 4 "another root" keysnap verify signed \
	--root "$(printf %064d 0)"
expect 0 "sha256sum agrees" sh -c 'cd signed && sha256sum -c MANIFEST'
expect 0 "list" keysnap list signed --public-key key.pub
cp out list1
keysnap list store >list2 2>err
result "list is that of the store" cmp list1 list2
keysnap list unsigned --json >out 2>err
result "list --json says who vouches" grep -q '"vouched":"nobody"' out
keysnap export signed --format log >out 2>err
result "the log is log.jsonl" cmp out signed/log.jsonl
expect 0 "rebuild elsewhere" keysnap rebuild signed -o index
result "the index is the same" cmp index signed/keys.mdb
expect 0 "rebuild" keysnap rebuild signed
expect 0 "and it still verifies" keysnap verify signed --public-key key.pub

copy() {
	rm -rf bad
	cp -R "$1" bad
}

copy signed; echo x >bad/extra
expect 4 "an added file" keysnap verify bad
result "is named" grep -q extra out
copy signed; echo x >bad/evidence/pack-000001
expect 4 "an added pack" keysnap verify bad
for file in keys.mdb log.jsonl MANIFEST checkpoint evidence/pack-000000; do
	copy signed; rm "bad/$file"
	expect 4 "removed: $file" keysnap verify bad
done
copy signed; mv bad/log.jsonl x; mv bad/keys.mdb bad/log.jsonl
mv x bad/keys.mdb
expect 4 "two files swapped" keysnap verify bad

keysnap init other >/dev/null
sed s/example.org/example.net/ keys.jsonl >other.jsonl
keysnap import other --format jsonl other.jsonl >/dev/null
keysnap freeze other othersnap >/dev/null
copy signed; cp othersnap/keys.mdb bad/keys.mdb
(cd bad && sha256sum evidence/pack-* keys.mdb log.jsonl >MANIFEST.new &&
	mv MANIFEST.new MANIFEST)
expect 4 "an exchanged index with its MANIFEST" \
	keysnap verify bad --public-key key.pub
expect 4 "which no command reads" keysnap list bad --public-key key.pub

copy signed; rm bad/evidence/pack-000000; mkfifo bad/evidence/pack-000000
expect 4 "a pipe for evidence" timeout 20 keysnap verify bad
result "which is called so" grep -q \
	'^BAD  evidence .*pack-000000: cannot open .*: not a regular file$' out

# Each damage: exit 4, and the file is named on standard output.
cat >damage.pl <<'EOF'
use strict;
use warnings;
my ($from, $flips, $cuts) = @ARGV;
srand(20161031);
my @files = ("MANIFEST", "checkpoint", "log.jsonl", "keys.mdb",
	"evidence/pack-000000");
my ($bad, %text) = (0);
sub slurp { open(my $f, "<:raw", $_[0]) or die; local $/; return <$f>; }
sub put { open(my $f, ">:raw", $_[0]) or die; print $f $_[1]; close($f); }
$text{$_} = slurp("$from/$_") for @files;
sub check {
	my ($file, $what) = @_;
	my $said = `keysnap verify $from 2>&1`;
	my $code = $? >> 8;
	return if $? % 256 == 0 && $code == 4 &&
	    $said =~ /^BAD.*\Q$file\E/m;
	$bad++;
	print "# $from/$file: $what gives status $?: $said\n" if $bad < 6;
}
for my $i (1 .. $flips) {
	my $file = $files[$i % @files];
	my $at = int(rand(length($text{$file})));
	my $octets = $text{$file};
	substr($octets, $at, 1) ^= chr(1 + int(rand(255)));
	put("$from/$file", $octets);
	check($file, "octet $at changed");
	put("$from/$file", $text{$file});
}
for my $i (1 .. $cuts) {
	my $file = $files[$i % @files];
	my $at = int(rand(length($text{$file})));
	put("$from/$file", substr($text{$file}, 0, $at));
	check($file, "cut at $at");
	put("$from/$file", $text{$file});
}
exit($bad > 0);
EOF
for from in signed unsigned; do
	copy "$from"
	perl damage.pl bad 1000 100 >out 2>err
	result "1000 octets changed, 100 cuts: $from" test $? -eq 0
	expect 0 "whole again: $from" keysnap verify bad
done
echo "1..$n"
