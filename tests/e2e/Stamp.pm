# Stamp.pm - an authority for time stamps (RFC 3161) of a test's own, by openssl
# ts, in the present folder: tsa.pem is what its stamps lead to.
package Stamp;

use strict;
use warnings;
use E2e;
use Exporter qw(import);

our @EXPORT = qw(make_authority answer_query);

# "at" is when, for faketime; else now.
sub at { my (%o) = @_; return $o{at} ? ('faketime', $o{at}) : () }

sub make_authority {
	my (%o) = @_;
	put('tsa.cnf', <<'CNF');
[ req ]
distinguished_name = dn
prompt = no
x509_extensions = tsa
[ dn ]
CN = Test authority
[ tsa ]
basicConstraints = critical, CA:true
extendedKeyUsage = critical, timeStamping
[ tsa1 ]
serial = tsaserial
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
ess_cert_id_alg = sha256
signer_digest = sha256
CNF
	put('tsaserial', "01\n");
	ok_run(at(%o), qw(openssl req -x509 -config tsa.cnf -newkey rsa:2048
	    -nodes -days 7300 -keyout tsa.key -out tsa.pem));
}

# The response to a query.
sub answer_query {
	my ($query, $out, %o) = @_;
	ok_run(at(%o), qw(openssl ts -reply -config tsa.cnf -section tsa1
	    -signer tsa.pem -inkey tsa.key -queryfile), $query, '-out', $out);
}

1;
