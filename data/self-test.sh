#!/bin/sh
# self-test.sh BUILD - make the vectors of "verifier self-test" in
# BUILD/self-test: the damage matrix of the generator, the examples of the RFCs,
# and the log of a snapshot with their keys.  The same octets every time.
set -eu
build=$1
out=$build/self-test
rm -rf "$out" "$out.tmp"
"$build/gen/make_archive" --damage "$out.tmp"
for file in rfc6376-appendix-a.eml rfc8463-appendix-a.eml; do
	cp "data/$file" "$out.tmp"
	printf '%s\tpass\t-\n' "$file" >>"$out.tmp/expect.tsv"
done
store=$out.tmp/store
"$build/bin/keysnap" init "$store" --origin verifier.example/self-test \
	>/dev/null
for file in data/rfc-keys.jsonl "$out.tmp/keys.jsonl"; do
	"$build/bin/keysnap" import "$store" --format jsonl --source self-test \
		--imported-at 2026-01-01T00:00:00Z "$file" >/dev/null
done
"$build/bin/keysnap" freeze "$store" "$out.tmp/snapshot" >/dev/null
cp "$out.tmp/snapshot/log.jsonl" "$out.tmp/log.jsonl"
chmod -R u+w "$out.tmp/snapshot"
rm -rf "$store" "$store-lock" "$out.tmp/snapshot" "$out.tmp/keys.jsonl"
mv "$out.tmp" "$out"
