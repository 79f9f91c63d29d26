#!/bin/bash
# store.sh BUILD - the store and its snapshots at BENCH_KEYS observations
# (200000; the full measure is 10000000, with 20 GB in BUILD/bench): CPU time
# of import, freeze, verify and opening beside that of hashing the log (openssl
# dgst), memory, octets, and lookups.  Then BENCH_ONE_NAME (10000; 100000)
# observations of one name, and BENCH_EVIDENCE (10000; 1000000) answers of a
# packet capture, each a piece of evidence of its own.
set -e
cd "$(dirname "$0")/../.."
build=$PWD/$1
bench=$build/bench/store
n=${BENCH_KEYS:-200000}
one=${BENCH_ONE_NAME:-10000}
pieces=${BENCH_EVIDENCE:-10000}
PATH=$build/bin:$PATH

rm -rf "$bench"
mkdir -p "$bench"

measure() {	# measure NAME COMMAND...: "cpu wall KiB KiB" in the variable NAME
	local name=$1
	shift
	"$build/bench/bin/measure" "$bench/time" "$@" >"$bench/out" 2>&1 ||
	    { echo "bench: failed: $*" >&2; exit 1; }
	printf -v "$name" '%s' "$(awk '{ print $1 + $2, $3, $4, $5 }' \
	    "$bench/time")"
}

row() {	# row TEXT NAME OF AIM: OF is how many things it was done to
	awk -v text="$1" -v figures="${!2}" -v n="$3" -v aim="$4" 'BEGIN {
		split(figures, f, " ")
		printf "%-24s %8.2f %8.2f %9.2f %8.0f %8.0f  %s\n", text,
		    f[1], f[2], f[1] / n * 1e6, f[3] / 1024, f[4] / 1024, aim
	}'
}

heads() {	# heads TEXT: those of the columns of row()
	printf '\n%s\n%24s %8s %8s %9s %8s %8s\n' "$1" '' 'CPU s' 'wall s' \
	    'us each' 'MB' 'MB own'
}

key_names() {	# the names of jsonl
	sed -n 's/^{"domain":"\([^"]*\)","selector":"\([^"]*\)".*/\2._domainkey.\1/p'
}

lookups() {	# lookups FILE: what "lookup" printed
	awk 'BEGIN { of[1] = "any names"; of[2] = "names with 1 or 2 entries" }
	$1 > 0 { printf "lookup, %s: %.1f us, %.1f entries each, " \
		"%.1f us an entry%s\n", of[NR], $3 / $1 * 1e6, $2 / $1,
		$3 / $2 * 1e6, NR == 2 ? " (aim: 10 us)" : "" }' "$1"
}

uptime
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
cp "$bench/out" "$bench/frozen"
measure floor openssl dgst -sha256 "$snap/log.jsonl"
measure verify keysnap verify "$snap" --public-key "$bench/seal.pub"
head -n 2000 "$bench/jsonl" | key_names >"$bench/names"
measure by_root keysnap show "$snap" "$(head -n 1 "$bench/names")" --root \
    "$(sed -n 's/^root *//p' "$bench/frozen")"
measure opened "$build/bench/bin/lookup" "$snap" 0 <"$bench/names"
"$build/bench/bin/lookup" "$snap" 10 <"$bench/names" >"$bench/lookups"

heads "Store: $n observations of 2048-bit keys"
row "import jsonl" import_jsonl "$n" "aim: 25 us each"
row "import cof" import_cof "$n" "aim: 25 us each"
row "freeze" freeze "$n" "aim: 300 s, 1024 MB at 10000000"
row "verify" verify "$n"
row "open by root, show" by_root "$n"
row "open by public key" opened "$n" "aim: 3 s at 10000000"
row "hash the log" floor "$n"
du -b "$snap/log.jsonl" "$snap/keys.mdb" | awk -v n="$n" '
	{ sum += $1 } END { printf "log and index: %.0f octets each (aim: 900)\n",
	    sum / n }'
lookups "$bench/lookups"
rm -rf "$bench"/*.store* "$snap"

"$build/gen/make_keys" --lines "$one" --one-name "$one" >"$bench/one"
name=$(head -n 1 "$bench/one" | key_names)
keysnap init "$bench/one.store" --origin bench.example/keys
measure import keysnap import "$bench/one.store" --format jsonl \
    --source bench "$bench/one"
measure freeze keysnap freeze "$bench/one.store" "$snap" \
    --sign-key "$bench/seal"
measure show keysnap show "$snap" "$name" --public-key "$bench/seal.pub" \
    --at 2015-01-01
echo "$name" >"$bench/names"
"$build/bench/bin/lookup" "$snap" 1 <"$bench/names" >"$bench/lookups"
heads "One name with $one observations"
row "import" import "$one"
row "freeze" freeze "$one"
row "show --at" show "$one"
lookups "$bench/lookups"
rm -rf "$bench"/one* "$snap"

"$build/gen/make_keys" --lines "$pieces" --format pcap >"$bench/pcap"
keysnap init "$bench/pcap.store" --origin bench.example/keys
measure import keysnap import "$bench/pcap.store" --format pcap \
    --no-evidence "$bench/pcap"
measure freeze keysnap freeze "$bench/pcap.store" "$snap" \
    --sign-key "$bench/seal"
measure verify keysnap verify "$snap" --public-key "$bench/seal.pub"
heads "Evidence: $pieces pieces of $(($(stat -c %s "$bench/pcap") / pieces)) octets"
row "import" import "$pieces"
row "freeze" freeze "$pieces"
row "verify" verify "$pieces"
find "$snap/evidence" -type f -printf '%s\n' |
    awk '{ sum += $1 } END { printf "%d packs, %.0f MB\n", NR, sum / 1e6 }'
rm -rf "$bench"
