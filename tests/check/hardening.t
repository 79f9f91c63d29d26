#!/bin/sh
# The programs are built as the Makefile says: position independent, with
# read-only relocations, bound at start, with stack protectors.
build=${BUILD:-build}
n=0
check() {
	n=$((n + 1))
	if test "$1" = 0; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
for program in keysnap verifier; do
	file=$build/bin/$program
	readelf -hW "$file" | grep -q DYN
	check $? "$program is position independent"
	readelf -lW "$file" | grep -q GNU_RELRO
	check $? "$program has read-only relocations"
	readelf -dW "$file" | grep -q NOW
	check $? "$program binds at start"
	readelf -sW "$file" | grep -q __stack_chk_fail
	check $? "$program has stack protectors"
	readelf -sW "$file" | grep -q '__[a-z]*_chk@'
	check $? "$program checks its buffers"
done
echo "1..$n"
