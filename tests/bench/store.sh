#!/bin/bash
# store.sh BUILD - the store and its snapshots at BENCH_KEYS observations
# (200000; the full measure is 10000000, with 20 GB in BUILD/bench): CPU time
# of import, freeze and opening beside that of hashing the log (openssl dgst),
# memory, octets, and lookups.
set -e
cd "$(dirname "$0")/../.."
build=$PWD/$1
bench=$build/bench/store
n=${BENCH_KEYS:-200000}
PATH=$build/bin:$PATH

rm -rf "$bench"
mkdir -p "$bench"

measure() {	# measure NAME COMMAND...: "cpu wall KiB" in the variable NAME
	local name=$1
	shift
	"$build/bench/bin/measure" "$bench/time" "$@" >"$bench/out" 2>&1 ||
	    { echo "bench: failed: $*" >&2; exit 1; }
	printf -v "$name" '%s' "$(awk '{ print $1 + $2, $3, $4 }' "$bench/time")"
}

row() {	# row TEXT NAME AIM
	awk -v text="$1" -v figures="${!2}" -v floor="$floor" -v n="$n" \
	    -v aim="$3" 'BEGIN { split(figures, f, " "); split(floor, g, " ")
		printf "%-22s %8.2f %8.2f %9.2f %8.1f %8.0f  %s\n", text, f[1],
		    f[2], f[1] / n * 1e6, f[1] / g[1], f[3] / 1024, aim }'
}

for format in jsonl cof; do
	"$build/gen/make_keys" --lines "$n" --format $format >"$bench/$format"
	keysnap init "$bench/$format.store" --origin bench.example/keys
	measure "import_$format" keysnap import "$bench/$format.store" \
	    --format $format --source bench "$bench/$format"
done
keysnap keygen -o "$bench/seal" --name bench.example/keys >/dev/null
snap=$bench/snap
measure freeze keysnap freeze "$bench/jsonl.store" "$snap" \
    --sign-key "$bench/seal"
measure floor openssl dgst -sha256 "$snap/log.jsonl"
measure verify keysnap verify "$snap" --public-key "$bench/seal.pub"
head -n 2000 "$bench/jsonl" | sed -n \
    's/^{"domain":"\([^"]*\)","selector":"\([^"]*\)".*/\2._domainkey.\1/p' \
    >"$bench/names"
measure opened "$build/bench/bin/lookup" "$snap" 0 <"$bench/names"
"$build/bench/bin/lookup" "$snap" 10 <"$bench/names" >"$bench/lookups"

echo
echo "Store: $n observations of 2048-bit keys"
echo "                          CPU s   wall s   us each /hashing MB resident"
row "import jsonl" import_jsonl "aim: 25 us each"
row "import cof" import_cof "aim: 25 us each"
row "freeze" freeze "aim: 300 s, 1024 MB at 10000000"
row "verify" verify ""
row "open by public key" opened "aim: 3 s at 10000000"
row "hash the log" floor ""
du -b "$snap/log.jsonl" "$snap/keys.mdb" | awk -v n="$n" '
	{ sum += $1 } END { printf "log and index: %.0f octets each (aim: 900)\n",
	    sum / n }'
awk '{ printf "lookup: %.1f us, %.1f entries each, %.1f us an entry (aim: 10)\n",
    $3 / $1 * 1e6, $2 / $1, $3 / $2 * 1e6 }' "$bench/lookups"
rm -rf "$bench"
