#!/bin/bash
# Each fuzz target takes its seeds, and then five seconds of its own ideas,
# under AddressSanitizer and UndefinedBehaviorSanitizer.
BUILD=${BUILD:-build}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
n=0
result() {	# result CODE NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		tail -n 30 "$scratch/log" | sed 's/^/# /'
	fi
}
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	target=$BUILD-fuzz/fuzz/$name
	seeds=tests/fuzz/seeds/${name#fuzz_}
	test -n "$(ls "$seeds" 2>"$scratch/log")"
	result $? "$name has seeds"
	"$target" "$seeds"/* >"$scratch/log" 2>&1
	result $? "$name replays its seeds"
	mkdir "$scratch/$name"
	"$target" -max_total_time=5 -timeout=10 -artifact_prefix="$scratch/" \
	    "$scratch/$name" "$seeds" >"$scratch/log" 2>&1
	result $? "$name runs on"
done
echo "1..$n"
