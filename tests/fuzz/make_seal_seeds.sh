#!/bin/sh
# make_seal_seeds.sh FOLDER - seals of all kinds over the checkpoint of
# fuzz_seal.c, as its input.  Needs openssl and minisign; each run makes other
# keys.
out=$(realpath "$1") || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
exec 2>/dev/null
printf '%s\n' o.example 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= \
	"manifest-sha256 $(printf '' | sha256sum | cut -c1-64)" >checkpoint
cat >cnf <<'CNF'
[ req ]
distinguished_name = dn
[ dn ]
[ tsa ]
basicConstraints = critical, CA:false
extendedKeyUsage = critical, timeStamping
[ person ]
basicConstraints = critical, CA:false
[ ts ]
default_tsa = t
[ t ]
serial = serial
default_policy = 1.2.3
digests = sha256
ess_cert_id_alg = sha256
signer_digest = sha256
[ ca ]
default_ca = c
[ c ]
database = index.txt
crlnumber = number
default_md = default
default_crl_days = 9
CNF
: >index.txt; echo 01 >number; echo 01 >serial
openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem \
	-days 9999 -subj /CN=r
for kind in tsa person; do
	openssl req -new -config cnf -newkey rsa:1024 -nodes -keyout $kind.key \
		-out $kind.csr -subj /CN=$kind
	openssl x509 -req -in $kind.csr -CA ca.pem -CAkey ca.key -days 9000 \
		-extfile cnf -extensions $kind -out $kind.pem
done
openssl ca -config cnf -gencrl -cert ca.pem -keyfile ca.key -out ca.crl
stamp() {
	openssl ts -query -data "$1" -sha256 -cert -out q
	openssl ts -reply -config cnf -section t -queryfile q -signer tsa.pem \
		-inkey tsa.key -out "$2" >/dev/null
}
stamp checkpoint 0001.tsr
openssl ts -reply -in 0001.tsr -token_out -out 0002.tsr >/dev/null
openssl cms -sign -binary -in checkpoint -signer person.pem -md sha256 \
	-inkey person.key -outform DER -out 0003.p7s
cp tsa.pem 0001.pem; cp ca.crl 0001.crl; cp ca.pem 0003.pem
minisign -G -W -f -p 0004.pub -s k >/dev/null
minisign -S -s k -m checkpoint -x 0004.minisig >/dev/null
mkdir seals && cp 0001.* 0002.* seals/
sha256sum checkpoint seals/* >0005.list
stamp 0005.list 0005.tsr
seed() {
	name=$1
	between=
	shift
	for file; do
		printf "$between== %s\n" "$(echo "$file" | sed 's/ca.pem/ca/')"
		cat "$file"
		between='\n'
	done >"$out/$name"
}
seed token 0002.tsr ca.pem
seed response 0001.crl 0001.pem 0001.tsr ca.pem
seed cms 0003.pem 0003.p7s ca.pem
seed minisign 0004.minisig 0004.pub
seed renewal 0001.crl 0001.pem 0001.tsr 0002.tsr 0005.list 0005.tsr ca.pem
