#!/bin/bash
# repairs.sh BUILD - what repairs, and the search for what was signed, cost:
# CPU time of "verifier verify -j1" with --repairs all beside --repairs none,
# on mail of which nothing is damaged, and on mail of which every message is.
# Runs alternate; ratios are of the same round, and their median is printed.
#
# BENCH_ROUNDS (5) and BENCH_REPAIRS (5000 messages) change the size.
set -e
cd "$(dirname "$0")/../.."
build=$PWD/$1
bench=$build/bench/repairs
rounds=${BENCH_ROUNDS:-5}
PATH=$build/bin:$PATH

fail() { echo "bench: $*" >&2; exit 1; }

rm -rf "$bench"
mkdir -p "$bench"
"$build/gen/make_bench" --shape small --messages "${BENCH_REPAIRS:-5000}" \
    --unsigned-percent 0 --mbox "$bench/clean.mbox" \
    --keys-jsonl "$bench/keys.jsonl"
perl tests/bench/damage.pl "$bench/clean.mbox" >"$bench/damaged.mbox"
{
	keysnap init "$bench/store" --origin bench.example/keys
	keysnap import "$bench/store" --format jsonl --source bench \
	    "$bench/keys.jsonl"
	keysnap keygen -o "$bench/seal" --name bench.example/keys
	keysnap freeze "$bench/store" "$bench/snap" --sign-key "$bench/seal"
} >"$bench/log"

one_run() {	# one_run NAME SCOPE; prints the CPU seconds
	rm -rf "$bench/case"
	"$build/bench/bin/measure" "$bench/time" verifier verify -q -j1 \
	    -s "$bench/snap" --public-key "$bench/seal.pub" --repairs "$2" -o "$bench/case" \
	    "$bench/$1.mbox" >"$bench/out" || fail "failed: $1 $2"
	awk '{ print $1 + $2 }' "$bench/time"
}

count() {	# count NAME CODE...: records that must be there
	local name=$1 code
	shift
	one_run "$name" all >"$bench/log"
	for code in "$@"; do
		grep -q "\"$code\"" "$bench/case/results.jsonl" ||
		    fail "$name: no $code"
	done
	echo "$name: $(grep -o '"verdict":"[a-z-]*"}$' \
	    "$bench/case/results.jsonl" | sort | uniq -c | sort -rn |
	    sed 's/"verdict":"\(.*\)"}/\1/' | tr -s ' \n' ' ')"
}

count clean verified
count damaged headers-only altered verified-restored verified-repaired \
    signed-fields
if grep -q '"verdict":"verified"}$' "$bench/case/results.jsonl"; then
	fail "a damaged message is verified"
fi
for ((round = 1; round <= rounds; round++)); do
	for name in clean damaged; do
		echo "$name $(one_run $name none) $(one_run $name all)"
	done
done >"$bench/runs"
perl -e '
	my %aim = (clean => 1.15, damaged => 4);
	while (<>) {
		my ($name, $none, $all) = split;
		push @{ $run{$name} }, [ $all / $none, $none, $all ];
	}
	printf "%-9s %8s %8s %8s %8s\n", "mail", "none s", "all s", "ratio",
	    "aim";
	for (sort keys %run) {
		my @r = sort { $a->[0] <=> $b->[0] } @{ $run{$_} };
		my $m = $r[$#r / 2];
		printf "%-9s %8.3f %8.3f %8.2f %8s%s\n", $_, @$m[1, 2, 0],
		    "<= $aim{$_}", $m->[0] > $aim{$_} ? "  MISSED" : "";
	}
' "$bench/runs"
