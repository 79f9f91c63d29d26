#!/bin/bash
# bench.sh BUILD - CPU seconds per message of "verifier verify -j 1", of
# libopendkim where its header is installed, and of the floor (read, hash,
# one RSA check).  Runs alternate, so that a busy machine hurts all alike;
# the figures are medians.
set -e
cd "$(dirname "$0")/../.."
build=$1
copies=${BENCH_COPIES:-20}
runs=${BENCH_RUNS:-7}
bench=$build/bench
rm -rf "$bench" && mkdir -p "$bench/archive"
PATH=$PWD/$build/bin:$PATH

"$build/gen/make_archive" --eml "$bench/one"
for ((i = 0; i < copies; i++)); do cp -r "$bench/one" "$bench/archive/$i"; done
find "$bench/archive" -type f | LC_ALL=C sort >"$bench/names"
messages=$(wc -l <"$bench/names")
keysnap init "$bench/keys.store" --origin bench.example/keys >/dev/null
keysnap import "$bench/keys.store" --format jsonl --source bench \
    data/demo-keys.jsonl >/dev/null
keysnap keygen -o "$bench/key" --name bench.example/keys >/dev/null
keysnap freeze "$bench/keys.store" "$bench/keys.snap" \
    --sign-key "$bench/key" >/dev/null

cc=(gcc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra)
read -ra libs <<<"$(pkg-config --cflags --libs glib-2.0 openssl)"
"${cc[@]}" -o "$bench/floor" tests/bench/floor.c "${libs[@]}"
sides=(verifier floor)
if echo '#include <sys/types.h>
#include <opendkim/dkim.h>' | gcc -fsyntax-only -x c - 2>/dev/null; then
	"${cc[@]}" -o "$bench/peer_opendkim" tests/bench/peer_opendkim.c \
	    "${libs[@]}" -lopendkim
	perl -MJSON::PP -ne '$k = decode_json($_);
	    print "$k->{selector}._domainkey.$k->{domain} $k->{txt}\n"' \
	    data/demo-keys.jsonl >"$bench/opendkim.keys"
	sides+=(opendkim)
else
	echo "libopendkim-dev is not installed: no comparison with it"
fi

one_run() {	# one_run SIDE NUMBER
	case $1 in
	verifier) verifier verify -j 1 -s "$bench/keys.snap" --public-key \
	    "$bench/key.pub" -o "$bench/case$2" "$bench/archive" ;;
	floor) "$bench/floor" "$bench/names" ;;
	opendkim) "$bench/peer_opendkim" "$bench/opendkim.keys" \
	    "$bench/names" ;;
	esac >"$bench/out" 2>&1
}

TIMEFORMAT='%U %S'
for ((run = 0; run <= runs; run++)); do	# run 0 warms the caches
	for side in "${sides[@]}"; do
		{ time one_run "$side" "$run"; } 2>"$bench/time" ||
		    { cat "$bench/out"; exit 1; }
		seconds=$(<"$bench/time")
		[ "$run" = 0 ] || echo "$side $seconds" >>"$bench/times"
	done
done

echo "$messages messages, $runs runs each, median CPU time per message:"
awk -v messages="$messages" '
{ n[$1]++; t[$1, n[$1]] = $2 + $3 }
function median(side,  i, j, x, m) {
	m = n[side]
	for (i = 1; i <= m; i++)
		for (j = i + 1; j <= m; j++)
			if (t[side, j] < t[side, i]) {
				x = t[side, i]; t[side, i] = t[side, j]
				t[side, j] = x
			}
	return t[side, int((m + 1) / 2)]
}
END {
	base = median("verifier")
	for (side in n)
		printf "%-9s %8.1f us   verifier takes %.2f of it\n", side,
		    median(side) / messages * 1e6, base / median(side)
}' "$bench/times"
