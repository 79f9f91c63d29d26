#!/bin/sh
# keysnap_store.t - stores as a user makes, fills, reads and exports them.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0

# Is "exit status $1" what the command that follows gives?
expect() {
	want=$1 name=$2
	shift 2
	"$@" >out 2>err
	got=$?
	result "$name" test "$got" -eq "$want"
}

result() {
	name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# out: /' out
		sed 's/^/# err: /' err
	fi
}

key=MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
raw=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
cat >keys.jsonl <<EOF
{"domain":"example.org","selector":"s1","txt":["v=DKIM1; k=ed25519; ","p=$raw"],"first_seen":"2016-10-31","last_seen":"2018-02-01","source":"archive A"}
{"domain":"Example.org","selector":"s1","txt":"v=DKIM1; k=ed25519; p=","last_seen":1546300800}
{"domain":"example.net","selector":"s2","txt":"v=DKIM1; p=$key","first_seen":"2019-05-06T07:08:09Z"}
EOF
cat >bad.jsonl <<EOF
{"domain":"example.org","selector":"s9","txt":"p=","first_seen":"2016"}
{"domain":"example.org","selector":"s9"
EOF
printf 's3._domainkey\tIN\tTXT\t( "v=DKIM1; k=ed25519; "\n\t  "p=%s" )  ; ----- DKIM key s3 for example.com\n' \
	"$raw" >s3.txt

expect 0 "--version" keysnap --version
expect 2 "no command" keysnap
expect 2 "an unknown command" keysnap frobnicate
expect 0 "help of a command" keysnap help import
result "help has examples" grep -q '^Examples:' out
expect 0 "init" keysnap init store --origin example.org/keys
expect 2 "init replaces nothing" keysnap init store
expect 2 "init refuses an origin with a space" \
	keysnap init other --origin 'a b'
expect 2 "import without a format" keysnap import store keys.jsonl
expect 3 "import of a missing file" \
	keysnap import store --format jsonl missing.jsonl
expect 0 "import" keysnap import store --format jsonl keys.jsonl \
	--source test --imported-at 2020-01-01T00:00:00Z
result "import counts" grep -q '3 observations added' out
keysnap export store --format log >before
expect 0 "the same import again" keysnap import store --format jsonl \
	keys.jsonl --source test --imported-at 2021-01-01T00:00:00Z
result "it says so" grep -q 'nothing added' out
keysnap export store --format log >after
result "and adds nothing" cmp before after
expect 3 "a bad line" keysnap import store --format jsonl bad.jsonl
result "its number is named" grep -q 'bad.jsonl:2: ' err
keysnap export store --format log >after
result "nothing of its file is added" cmp before after
expect 3 "a key file without a time" keysnap import store --format zone \
	s3.txt --domain example.com
result "the option is named" grep -q -- '--observed-at' err
expect 0 "a key file, no time known" keysnap import store --format zone \
	s3.txt --domain example.com --observed-at none
expect 0 "list" keysnap list store
result "list has the key file's key" \
	grep -q '^s3\._domainkey\.example\.com .*Ed25519 .* F .*no time known' out
result "list has four keys" test "$(wc -l <out)" -eq 4
expect 0 "show" keysnap show store s1 example.org
result "show has the revocation" grep -q 'revoked' out
result "show has the line's own source" grep -q 'by archive A' out
expect 0 "show of a domain" keysnap show store example.org --json
result "show --json names its schema" grep -q '"schema":"keysnap-key 1"' out
expect 1 "show of nothing" keysnap show store example.invalid
expect 0 "stats" keysnap stats store
result "stats counts observations" grep -q '^observations  4$' out
expect 0 "--skip-bad" keysnap import store --format jsonl bad.jsonl \
	--skip-bad
result "--skip-bad lists what it leaves" grep -q 'bad.jsonl:2: ' err

keysnap export store --format jsonl >again.jsonl
keysnap init store2 >/dev/null
expect 0 "exported lines can be imported" keysnap import store2 \
	--format jsonl again.jsonl --observed-at none
keysnap export store2 --format jsonl >again2.jsonl
result "and exported again, the same" cmp again.jsonl again2.jsonl

if test -e /dev/full; then
	keysnap list store >/dev/full 2>err
	result "output failure" test $? -eq 6
fi
echo "1..$n"
