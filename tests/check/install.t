#!/bin/bash
# "make install" puts the programs and what they need under DESTDIR, where
# they work; "make uninstall" leaves no file behind.
BUILD=${BUILD:-build}
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL
make -s BUILD="$BUILD" DESTDIR="$root" PREFIX=/opt/x install >&2
n=0
is() {	# is TEST... : the last argument is the name
	n=$((n + 1))
	if "${@:1:$#-1}"; then echo "ok $n - ${!#}"; else echo "not ok $n - ${!#}"; fi
}
for file in bin/keysnap bin/verifier share/man/man1/keysnap.1 \
    share/man/man1/verifier.1 share/man/man5/keysnap.5 \
    share/man/man5/verifier.5 share/verifier/public_suffix_list.dat \
    share/verifier/selectors.txt share/verifier/self-test/log.jsonl \
    share/bash-completion/completions/keysnap \
    share/bash-completion/completions/verifier; do
	is test -s "$root/opt/x/$file" "$file"
done
is test -n "$("$root/opt/x/bin/keysnap" --version)" "keysnap runs"
is test -n "$("$root/opt/x/bin/verifier" --version)" "verifier runs"
make -s BUILD="$BUILD" DESTDIR="$root" PREFIX=/opt/x uninstall >&2
is test -z "$(find "$root" ! -type d)" "uninstall leaves no file"
is test ! -e "$root/opt/x/share/verifier" "nor our folder"
echo "1..$n"
