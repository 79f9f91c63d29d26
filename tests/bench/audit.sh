#!/bin/bash
# audit.sh BUILD - what "keysnap audit" takes: CPU time, wall time and memory,
# for BENCH_AUDIT (2000) keys of 2048 bits, and for one hundredth more new ones
# against these.  A million (BENCH_AUDIT=1000000) takes 0.5 GB of disk for the
# keys, 1 GB for the store, and hours.  BENCH_AUDIT_MEMORY (2G) is --memory.
# A run that does not find the shared primes that the generator planted ends
# the bench.
set -e
cd "$(dirname "$0")/../.."
build=$PWD/$1
bench=$build/bench/audit
keys=${BENCH_AUDIT:-2000}
memory=${BENCH_AUDIT_MEMORY:-2G}
more=$((keys / 100 + 2))
PATH=$build/bin:$PATH

fail() { echo "bench: $*" >&2; exit 1; }

import() {	# import FILE
	keysnap import "$bench/store" --format jsonl --source bench \
	    --no-evidence "$1"
}

audit() {	# audit WHAT JOBS KEYS, with $want findings of shared factors
	"$build/bench/bin/measure" "$bench/time" keysnap audit "$bench/store" \
	    -j"$2" --memory "$memory" >"$bench/out"
	[ "$(grep -c shared-factor "$bench/out")" = "$want" ] ||
	    fail "$1: not $want findings of shared factors"
	awk -v what="$1" -v keys="$3" '{
		printf "%-22s %8d  %9.1f %9.1f  %8.2f  %8.0f\n", what, keys,
		    $1 + $2, $3, 1000 * ($1 + $2) / keys, $4 / 1024
	}' "$bench/time"
}

rm -rf "$bench"
mkdir -p "$bench"
"$build/gen/make_moduli" --keys $((keys + more)) --shared 10 \
    --out "$bench/all.jsonl"
head -n "$keys" "$bench/all.jsonl" >"$bench/keys.jsonl"
tail -n "$more" "$bench/all.jsonl" >"$bench/more.jsonl"
echo
echo "keysnap audit, 2048 bits   keys      CPU s    wall s   ms a key    MB"
for jobs in 1 2; do
	rm -f "$bench"/store*
	keysnap init "$bench/store" --origin bench.example/keys
	import "$bench/keys.jsonl" >"$bench/log"
	want=20
	audit "all, -j$jobs" $jobs "$keys"
done
import "$bench/more.jsonl" >"$bench/log"
want=0
audit "new ones, -j1" 1 "$more"
