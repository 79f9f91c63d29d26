#!/bin/sh
# Starts the program of this name with the loader and the libraries that came
# with it, so that nothing is taken from the system but its kernel.  The folder
# may lie anywhere, and this file may be reached through links.
self=$(readlink -f -- "$0") || exit 2
name=${self##*/}
top=${self%/bin/"$name"}
case $top in
*[:\;\$]*)
	# The loader takes these for separators and variables.
	echo "$name: cannot run below a folder with : ; or \$ in its name:" \
	    "$top" >&2
	exit 2 ;;
esac
# These are meant for the C library of the system, which is another one.
# (What /etc/ld.so.preload names is loaded all the same.)
unset LD_PRELOAD LD_AUDIT GLIBC_TUNABLES
LOCPATH=$top/lib/locale
export LOCPATH
exec "$top/lib/ld-linux-x86-64.so.2" --argv0 "$0" --inhibit-cache \
    --library-path "$top/lib" "$top/libexec/$name" "$@"
