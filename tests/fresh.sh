#!/bin/bash
# fresh.sh - README's commands where nothing is installed.
#
# debootstrap makes a bare Debian from the package source that this system is
# configured with.  In one copy git and make are installed, as a user would,
# and "make demo", "make check" and "make bundle" run in clones of what is
# committed here.  The bundle then runs without network or compiler: in
# another copy, and in a root with nothing but it and a shell.
#
# Needs root, debootstrap, and that package source; takes ten minutes or more
# and 3 GB below TMPDIR (/var/tmp).  FRESH_CACHE=FILE keeps the bare system
# for the next time.  Not part of "make check".
set -u
export LC_ALL=C
top=$(realpath "$(dirname "$0")/..")
apt=/etc/apt

die() { echo "fresh: $*" >&2; exit 2; }

# The work is done in namespaces of its own: when that process ends, however
# it ends, the kernel ends all that it started and undoes what it mounted.
if test "${1:-}" != inside; then
	test "$(id -u)" = 0 || die "needs root, for chroot and debootstrap"
	for tool in debootstrap git unshare chroot; do
		command -v $tool >/dev/null || die "needs $tool"
	done
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh-XXXXXX") || exit 2
	unshare --mount --propagation private --pid --fork --kill-child \
	    "$0" inside "$work" &
	child=$!
	trap 'kill -KILL $child' INT TERM
	wait $child
	code=$?
	# What was killed may need a moment to be gone.
	for _ in 1 2 3 4 5; do
		rm -rf --one-file-system "$work" && break
		sleep 1
	done
	exit $code
fi
work=$2
mount -t proc proc /proc || die "cannot mount /proc"
passed=0
failed=0

# ---- counting

# try NAME COMMAND... : what it says is shown when it fails.
try() {
	local name=$1 start=$SECONDS
	shift
	if "$@" >"$work/log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok - $name ($((SECONDS - start)) s)"
	else
		failed=$((failed + 1))
		echo "not ok - $name ($((SECONDS - start)) s): $*"
		tail -n 60 "$work/log" | sed 's/^/# /'
		return 1
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	test "$failed" = 0
	exit
}

# What nothing can go on without.
must() { try "$@" || finish; }

# ---- bare systems

# The first source of packages: "URI SUITE".
package_source() {
	local files=("$apt"/sources.list.d/*.sources)
	test ! -e "${files[0]}" || awk '
	function give() {
		if (deb && on && uri != "" && suite != "")
			print uri, suite
		deb = 0; on = 1; uri = suite = ""
	}
	BEGIN { on = 1 }
	/^[ \t]*$/ { give() }
	{ field = tolower($1) }
	field == "types:" { deb = / deb( |$)/ }
	field == "enabled:" { on = tolower($2) != "no" }
	field == "uris:" { uri = $2 }
	field == "suites:" { suite = $2 }
	ENDFILE { give() }' "${files[@]}"
	sed -n 's/^deb  *\(\[[^]]*\]  *\)\?\([^ ]*\)  *\([^ ]*\).*/\2 \3/p' \
	    "$apt"/sources.list "$apt"/sources.list.d/*.list 2>"$work/log"
}

make_bare() {
	local cache=${FRESH_CACHE:-} source uri suite
	mkdir "$work/bare"
	if test -s "$cache"; then
		tar -C "$work/bare" -xpf "$cache"
		return
	fi
	source=$(package_source | head -n 1)
	read -r uri suite <<<"$source"
	test -n "$suite" || { echo "no package source in $apt"; return 1; }
	debootstrap --variant=minbase "$suite" "$work/bare" "$uri" || return 1
	test -z "$cache" || tar -C "$work/bare" -cpf "$cache" .
}

# The package sources of this system, and the way to them.
configure_apt() {	# configure_apt ROOT
	local name
	rm -f "$1$apt/sources.list"
	for name in sources.list sources.list.d apt.conf.d preferences.d \
	    trusted.gpg trusted.gpg.d keyrings; do
		test ! -e "$apt/$name" || cp -rL "$apt/$name" "$1$apt/" ||
		    return 1
	done
	mkdir -p "$1/usr/share/keyrings"
	cp -rL /usr/share/keyrings/. "$1/usr/share/keyrings/"
	cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
}

# in_root ROOT COMMAND... : with /proc, and where "network" is --net, without
# one.
in_root() {
	local root=$1
	shift
	env -i HOME=/root LANG=C.UTF-8 \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    unshare --mount --propagation private ${network:-} -- \
	    /bin/sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' \
	    "$root" "$@"
}

in_clone() {	# in_clone NAME COMMAND...
	local name=$1
	shift
	in_root "$work/user" /bin/sh -c 'cd "/root/$0" && exec "$@"' \
	    "$name" "$@"
}

# ---- a user with git and make

install_tools() {
	configure_apt "$work/user" &&
	    in_root "$work/user" apt-get -q update &&
	    in_root "$work/user" env DEBIAN_FRONTEND=noninteractive \
		apt-get -qy install git make
}

clone() {	# clone NAME
	test -d "$work/user/srv/project" ||
	    git -c safe.directory="$top" clone -q --bare --no-local "$top" \
		"$work/user/srv/project" || return 1
	in_root "$work/user" git clone -q /srv/project "/root/$1"
}

same_bundles() {
	local one two
	one=$(echo "$work"/user/root/demo/build/verifier-*.tar.gz)
	two=$(echo "$work"/user/root/check/build/verifier-*.tar.gz)
	cmp "$one" "$two" && cp "$one" "$work/bundle.tar.gz" &&
	    sha256sum "$one"
}

# Nothing but a shell and what unpacks.
make_empty() {
	local name
	in_root "$work/user" env DEBIAN_FRONTEND=noninteractive \
	    apt-get -qy install busybox-static || return 1
	mkdir -p "$work/empty"/{bin,proc,dev,tmp,root}
	cp -a "$work"/bare/dev/{null,zero,full,random,urandom} "$work/empty/dev"
	cp "$work/user/bin/busybox" "$work/empty/bin"
	for name in sh readlink tar gzip cat grep; do
		ln -s busybox "$work/empty/bin/$name"
	done
}

# The demonstration archive, and subjects in KOI8-R and Shift_JIS.
make_mail() {
	local from='From: a@b.example' built=$work/user/root/demo/build/demo/eml
	mkdir "$work/mail" "$work/letters"
	cp "$top/data/demo.mbox" "$work/mail"
	printf '%s\r\n' "$from" 'Subject: =?koi8-r?B?8NLJ18XU?=' '' x \
	    >"$work/mail/koi8-r.eml"
	printf '%s\r\n' "$from" 'Subject: =?shift_jis?B?k/qWew==?=' '' x \
	    >"$work/mail/shift_jis.eml"
	cp "$(grep -rl '^Message-ID: <.*@campaign.example>' "$built" | sort |
	    head -n 1)" "$work/letters/good.eml" &&
	    cp "$(grep -rl '^Transfer 40,000' "$built" | sort | head -n 1)" \
		"$work/letters/altered.eml"
}

# ---- the air gap

no_network() {
	in_root "$1" grep '^ *lo:' /proc/net/dev &&
	    ! in_root "$1" grep -v -e '^ *lo:' -e '|' /proc/net/dev
}

no_compiler() {
	local name
	in_root "$1" sh -c "command -v sh" || return 1
	for name in cc gcc clang make git; do
		! in_root "$1" sh -c "command -v $name" || return 1
	done
}

unpack() {
	cp -r "$work/mail" "$work/letters" "$work/bundle.tar.gz" "$1/root/" &&
	    in_root "$1" tar -xzf /root/bundle.tar.gz -C /root &&
	    mv "$1"/root/verifier-* "$1/root/the bundle"
}

bundled() {	# bundled ROOT PROGRAM ARGUMENT...
	local root=$1 program=$2
	shift 2
	in_root "$root" "/root/the bundle/bin/$program" "$@"
}

answers_no() { bundled "$@"; test $? = 1; }

# The records made with the same snapshot by the programs as built.
same_records() {	# same_records ROOT
	local there=$work/user/root/there
	rm -rf "$there" && mkdir "$there" &&
	    cp -r "$1"/root/{snap,key.pub,mail} "$there" &&
	    in_clone demo build/bin/verifier verify -s /root/there/snap \
		--public-key /root/there/key.pub -o /root/there/case \
		/root/there/mail &&
	    grep -q '"subject":"Привет"' "$there/case/results.jsonl" &&
	    grep -q '"subject":"日本"' "$there/case/results.jsonl" &&
	    cmp "$there/case/results.jsonl" "$1/root/case/results.jsonl"
}

air_gap() {	# air_gap NAME ROOT
	local name=$1 root=$2 network=--net letters=/root/letters
	local snap=(-s /root/snap --public-key /root/key.pub)
	try "$name: no network" no_network "$root"
	try "$name: no compiler" no_compiler "$root"
	try "$name: unpacks" unpack "$root" || return
	try "$name: keysnap --help" bundled "$root" keysnap --help
	try "$name: verifier --help" bundled "$root" verifier --help
	try "$name: a store" bundled "$root" keysnap init /root/store \
	    --origin bündel.example/keys
	try "$name: keys go in" bundled "$root" keysnap import /root/store \
	    --format jsonl --source demonstration \
	    "/root/the bundle/data/demo-keys.jsonl"
	try "$name: a key pair" bundled "$root" keysnap keygen -o /root/key \
	    --name demo.example/keys
	try "$name: frozen" bundled "$root" keysnap freeze /root/store \
	    /root/snap --sign-key /root/key
	try "$name: the snapshot holds" bundled "$root" keysnap verify \
	    /root/snap --public-key /root/key.pub
	try "$name: the archive" bundled "$root" verifier verify "${snap[@]}" \
	    -o /root/case /root/mail
	try "$name: a good letter" bundled "$root" verifier check \
	    "${snap[@]}" "$letters/good.eml"
	try "$name: an altered letter" answers_no "$root" verifier check \
	    "${snap[@]}" "$letters/altered.eml"
	network=
	try "$name: the records of the programs as built" same_records "$root"
}

# ---- all of it

test -z "$(git -C "$top" -c safe.directory="$top" status --porcelain)" ||
    echo "fresh: only what is committed is tried" >&2
echo "kernel $(uname -r), sources $(package_source | head -n 1)"
must "a bare system" make_bare
must "a copy for the user" cp -a "$work/bare" "$work/user"
must "git and make" install_tools
must "a clone for the demonstration" clone demo
must "a clone for the tests" clone check
try "make demo" in_clone demo make demo
if try "make check" in_clone check make check; then
	grep -E '^(Files=|Result:|All tests)' "$work/log"
fi
must "make bundle" in_clone demo make bundle
must "make bundle, in the other clone" in_clone check make bundle
must "the bundles are the same, octet for octet" same_bundles
must "mail" make_mail
must "an empty system" make_empty
must "another bare system" cp -a "$work/bare" "$work/airgap"
air_gap "bare" "$work/airgap"
air_gap "empty" "$work/empty"
finish
