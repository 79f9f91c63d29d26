#!/bin/bash
# run.sh BUILD SECONDS - run every fuzz target; what they learn stays in
# BUILD/corpus.  The exit code is 1 when one of them found something.
build=$1 seconds=$2 code=0
for target in "$build"/fuzz/fuzz_*; do
	[ -f "$target" ] && [ -x "$target" ] || continue
	name=$(basename "$target")
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	echo "$name: $seconds s"
	"$target" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
	    -artifact_prefix="$build/$name-" "$corpus" \
	    "tests/fuzz/seeds/${name#fuzz_}" >"$build/$name.log" 2>&1 ||
	    { code=1; tail -n 40 "$build/$name.log"; }
	grep -E 'number_of_executed_units' "$build/$name.log"
done
exit $code
