#!/bin/bash
# demo.sh BUILD - the two tools on the demonstration archive, each step shown
# as the command that makes it.  Everything lands in BUILD/demo.
set -e
cd "$(dirname "$0")/.."
build=$1
demo=$build/demo
rm -rf "$demo" && mkdir -p "$demo"
make -s --no-print-directory BUILD="$build" DESTDIR="$PWD/$demo/root" \
    PREFIX=/usr install
PATH=$PWD/$demo/root/usr/bin:$PATH

say() { printf '\n# %s\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@"; }
# For what answers "no": exit 1 is an answer, anything else ends the demo.
answer() { show "$@" || [ $? = 1 ]; }

say "A store of keys; each knows who saw it, and when."
show keysnap init "$demo/keys.store" --origin demo.example/keys
show keysnap import "$demo/keys.store" --format jsonl --source demonstration \
    data/demo-keys.jsonl
say "Two keys were used under one name, one after the other."
show keysnap show "$demo/keys.store" mail._domainkey.campaign.example
say "Freeze and sign it: from now on no octet can change unseen."
show keysnap keygen -o "$demo/key" --name demo.example/keys
show keysnap freeze "$demo/keys.store" "$demo/keys.snap" --sign-key "$demo/key"
show keysnap verify "$demo/keys.snap" --public-key "$demo/key.pub"
say "A whole archive, offline, against the snapshot."
show verifier verify -s "$demo/keys.snap" --public-key "$demo/key.pub" \
    -o "$demo/case" data/demo.mbox
say "Which keys are still wanted?"
show cat "$demo/case/wants.tsv"
say "Single messages: one good, one whose body was changed."
"$build/gen/make_archive" --eml "$demo/eml"
good=$(grep -rl '^Message-ID: <.*@campaign.example>' "$demo/eml" | sort | head -n 1)
altered=$(grep -rl '^Transfer 40,000' "$demo/eml" | sort | head -n 1)
answer verifier check -s "$demo/keys.snap" --public-key "$demo/key.pub" "$good"
answer verifier check -s "$demo/keys.snap" --public-key "$demo/key.pub" \
    "$altered"
say "All of it is in $demo; the records are in $demo/case/results.jsonl."
