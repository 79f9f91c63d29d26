#!/bin/bash
# bench.sh BUILD - CPU time of "verifier verify -j1", with all that it writes,
# beside the floor and libopendkim (where it is installed), on small mail and
# on mail with attachments, as an mbox, a Maildir and a tree of .eml files.
# Runs alternate, so that a busy machine hurts all alike, and ratios are of
# the same round.  A run whose results are not what the generator says is
# never timed: it ends the bench.  Figures that miss their aim do not.
#
# BENCH_ROUNDS (5), BENCH_SMALL (20000 messages), BENCH_BIG (5000) and
# BENCH_FORMS ("mbox maildir eml") change the size.  Corpora stay in
# BUILD/bench until the generator or the counts change.
set -e
cd "$(dirname "$0")/../.."
build=$PWD/$1
bench=$build/bench
rounds=${BENCH_ROUNDS:-5}
declare -A counts=([small]=${BENCH_SMALL:-20000} [big]=${BENCH_BIG:-5000})
read -ra forms <<<"${BENCH_FORMS:-mbox maildir eml}"
seed=2017
PATH=$build/bin:$PATH

fail() { echo "bench: $*" >&2; exit 1; }

make_corpus() {	# make_corpus NAME
	local at=$bench/$1 stamp
	stamp="$seed ${counts[$1]} $(cksum <"$build/gen/make_bench")"
	[ "$(cat "$at/stamp" 2>/dev/null)" = "$stamp" ] && return
	echo "making ${counts[$1]} $1 messages"
	rm -rf "$at"
	mkdir -p "$at"
	"$build/gen/make_bench" --seed $seed --shape "$1" \
	    --messages "${counts[$1]}" --index "$at/index" \
	    --mbox "$at/mbox" --maildir "$at/maildir" --eml "$at/eml" \
	    --keys-jsonl "$at/keys.jsonl" --keys-opendkim "$at/keys"
	echo "$stamp" >"$at/stamp"
}

make_snapshot() {	# the keys are the same for every corpus of a seed
	rm -rf "$bench"/keys.*
	keysnap init "$bench/keys.store" --origin bench.example/keys
	keysnap import "$bench/keys.store" --format jsonl --source bench \
	    "$bench/small/keys.jsonl"
	keysnap keygen -o "$bench/keys.seal" --name bench.example/keys
	keysnap freeze "$bench/keys.store" "$bench/keys.snap" \
	    --sign-key "$bench/keys.seal"
}

one_run() {	# one_run SIDE NAME FORM; the figures go to $bench/time
	local at=$bench/$2 verify
	verify=(verifier verify -q -s "$bench/keys.snap" --public-key
	    "$bench/keys.seal.pub" -o "$bench/case" "$at/$3")
	case $1 in
	verifier) set -- "${verify[@]}" -j1 ;;
	two) set -- "${verify[@]}" -j2 ;;
	floor) set -- "$bench/bin/floor" "$3" "$at/index" "$at/$3" ;;
	opendkim) set -- "$bench/bin/peer_opendkim" "$3" "$at/index" \
	    "$at/$3" "$at/keys" ;;
	esac
	rm -rf "$bench/case"
	"$bench/bin/measure" "$bench/time" "$@" >"$bench/out" ||
	    fail "failed: $*"
}

# Compare what comes out with what the index says; this warms the caches too.
check_sides() {	# check_sides NAME FORM
	local index=$bench/$1/index at=$bench/$1/$2
	local messages signed signatures side got sum hash
	messages=$(grep -c '^M' "$index")
	signatures=$(grep -c '^S' "$index")
	signed=$(awk '/^S/ && last == "M" { n++ } { last = $1 } END { print n }' \
	    "$index")
	for side in verifier two; do
		one_run $side "$1" "$2"
		got=$(grep -c '"verdict":"' "$bench/case/results.jsonl")
		[ "$got" = "$messages" ] || fail "$1.$2: $got records"
		got=$(grep -c '"verdict":"verified"' \
		    "$bench/case/results.jsonl")
		[ "$got" = "$signed" ] || fail "$1.$2: $got verified"
		hash=$(cksum <"$bench/case/results.jsonl")
		[ "${hashes[$1.$2]:=$hash}" = "$hash" ] ||
		    fail "$1.$2: -j changes the results"
	done
	one_run floor "$1" "$2"
	read -r _ _ _ got sum <"$bench/out"
	[ "$got" = "$signatures" ] || fail "$1.$2: floor checked $got"
	[ "${sums[$1]:=$sum}" = "$sum" ] || fail "$1.$2: other bodies"
	got=-
	if [ "$peer" ]; then
		one_run opendkim "$1" "$2"
		read -r _ _ _ got <"$bench/out"
	fi
	echo "$1 $2 $messages $(du -bs "$at" | cut -f 1) $signed $got" \
	    "$(awk '/^M/ && $5 > n { n = $5 } END { print n }' "$index")" \
	    >>"$bench/facts"
}

time_sides() {	# time_sides NAME FORM
	local side
	for side in verifier floor two $peer; do
		one_run "$side" "$1" "$2"
		echo "$1 $2 $side $(<"$bench/time") $(<"$bench/out")" \
		    >>"$bench/runs"
	done
}

# What the floor spends on reading alone, and with one part more each.
time_parts() {	# time_parts NAME FORM
	local at=$bench/$1 part
	for part in r f w b c; do
		echo "$1 $2 $part $("$bench/bin/floor" "$2" "$at/index" \
		    "$at/$2" $part)" >>"$bench/parts"
	done
}

declare -A sums hashes
peer=
if [ -x "$bench/bin/peer_opendkim" ]; then
	peer=opendkim
else
	echo "libopendkim-dev is not installed: no comparison with it"
fi
mkdir -p "$bench"
rm -f "$bench/facts" "$bench/runs" "$bench/parts"
for name in small big; do make_corpus $name; done
make_snapshot >"$bench/log"
for name in small big; do
	for form in "${forms[@]}"; do check_sides $name "$form"; done
done
for ((round = 1; round <= rounds; round++)); do
	for name in small big; do
		for form in "${forms[@]}"; do
			time_sides $name "$form"
			time_parts $name "$form"
		done
	done
done
perl tests/bench/table.pl "$bench/facts" "$bench/runs" "$bench/parts"
