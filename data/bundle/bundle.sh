#!/bin/bash
# bundle.sh BUILD VERSION TARBALL - what "make install" installs, with the
# loader, the libraries and the data of the C library that the programs need,
# as one archive.  The same tree and packages give the same octets.
#
# It lies in data/ because, like the rest there, it is what is handed out with
# both programs; launch.sh and README-BUNDLE go into the archive as they are.
set -e -o pipefail
export LC_ALL=C
umask 022
cd "$(dirname "$0")/../.."
build=$1 version=$2 tarball=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
name=verifier-$version-x86_64-linux
unset MAKEFLAGS MFLAGS MAKELEVEL
top=$scratch/$name
owners=$scratch/owners

die() { echo "bundle: $*" >&2; exit 1; }

# The Debian package that brought a file.
owner() {	# owner FILE
	local real
	real=$(realpath "$1")
	# Known by its place before or after /lib became a link to /usr/lib.
	{ dpkg-query -S "$real" || dpkg-query -S "${real#/usr}" ||
	    die "no package brought $1"; } 2>"$scratch/errors" |
	    head -n 1 | cut -d : -f 1
}

programs() {
	make -s --no-print-directory BUILD="$build" DESTDIR="$top" PREFIX= \
	    install
	mv "$top/bin" "$top/libexec"
	mkdir "$top/bin"
	for program in keysnap verifier; do
		# The build's paths are in what is stripped.
		strip -s -R .note.gnu.build-id "$top/libexec/$program"
		cp data/bundle/launch.sh "$top/bin/$program"
	done
}

libraries() {
	local path
	ldd "$top/libexec/keysnap" "$top/libexec/verifier" >"$scratch/ldd"
	! grep 'not found' "$scratch/ldd" >&2 || die "a library is missing"
	# "name => path (address)", and the loader: "path (address)".
	sed -n 's,^\t\(.* => \)\?\(/.*\) (0x[0-9a-f]*)$,\2,p' "$scratch/ldd" |
	    sort -u >"$scratch/libraries"
	while read -r path; do
		cp -L "$path" "$top/lib/"
		owner "$path" >>"$owners"
	done <"$scratch/libraries"
	test -x "$top/lib/ld-linux-x86-64.so.2" || die "not an x86-64 system"
}

# Converters of character sets, and the locale that both programs ask for.
library_data() {
	local folder locale=/usr/lib/locale/C.utf8
	folder=$(dirname "$(grep '/libc\.so' "$scratch/libraries")")/gconv
	cp -r "$folder" "$top/lib/verifier/gconv"
	# Not read where GCONV_PATH is set, and made on each system anew.
	rm -f "$top/lib/verifier/gconv/gconv-modules.cache"
	# By the name that is tried first: older systems have one so called.
	cp -r "$locale" "$top/lib/locale/C.UTF-8"
	owner "$folder/gconv-modules" >>"$owners"
	owner "$locale/LC_CTYPE" >>"$owners"
}

documents() {
	local package
	cp LICENSE README.md CHANGELOG.md data/bundle/README-BUNDLE "$top"
	mkdir "$top/data"
	cp data/README.md data/demo* data/rfc* "$top/data"
	for package in $(sort -u "$owners"); do
		mkdir -p "$top/share/doc/$package"
		cp -L "/usr/share/doc/$package/copyright" \
		    "$top/share/doc/$package/"
		dpkg-query -W -f '${Package} ${Version}, source ${source:Package} ${source:Version}\n' \
		    "$package" | head -n 1 >>"$top/share/doc/PACKAGES"
	done
	# What those copyright files refer to.
	cp -rL /usr/share/common-licenses "$top/share/doc/"
}

mkdir -p "$top/lib/verifier" "$top/lib/locale"
programs
libraries
library_data
documents
# 1980 is the first year that every container can hold.
tar -C "$scratch" --format=ustar --sort=name --owner=0 --group=0 \
    --numeric-owner --mode=u=rwX,go=rX \
    --mtime="@${SOURCE_DATE_EPOCH:-315532800}" -cf - "$name" |
    gzip -9n >"$scratch/tarball"
mv "$scratch/tarball" "$tarball"
echo "$tarball"
