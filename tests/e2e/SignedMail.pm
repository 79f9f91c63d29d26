# SignedMail.pm - a second signer, from the texts alone: RFC 6376 with
# c=simple/simple, keys and signatures by the openssl command.
package SignedMail;

use strict;
use warnings;
use Digest::SHA qw(sha1 sha256);
use E2e;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);
use POSIX qw(strftime);

our @EXPORT = qw(signing_key key_line signed_mail);

my %keys;

# A key pair: RSA of "bits", or Ed25519 for 0.  The same one each time.
sub signing_key {
	my ($bits) = @_;
	return $keys{$bits} if $keys{$bits};
	my $file = scratch() . "/signing-$bits.pem";
	ok_run('openssl', 'genpkey', '-out', $file, '-algorithm', $bits
	    ? ('RSA', '-pkeyopt', "rsa_keygen_bits:$bits") : 'ED25519');
	my $spki = ok_run('openssl', 'pkey', '-in', $file, '-pubout',
	    '-outform', 'DER');
	return $keys{$bits} = { file => $file, bits => $bits,
		p => encode_base64($bits ? $spki : substr($spki, -32), '') };
}

# A line for keysnap import --format jsonl.  "tags" stand before p=.
sub key_line {
	my ($domain, $selector, $key, $tags, $year) = @_;
	my $type = $key->{bits} ? '' : 'k=ed25519; ';
	return qq({"domain":"$domain","selector":"$selector",)
	    . qq("first_seen":"$year-01-01T00:00:00Z",)
	    . qq("last_seen":"$year-12-31T00:00:00Z",)
	    . qq("txt":"v=DKIM1; $type$tags) . qq(p=$key->{p}"}\n);
}

sub sign {
	my ($key, $sha1, $octets) = @_;
	my ($in, $out) = map { scratch() . "/signing.$_" } 'in', 'out';
	put($in, $key->{bits} ? $octets : sha256($octets));
	ok_run('openssl', $key->{bits}
	    ? ('dgst', $sha1 ? '-sha1' : '-sha256', '-sign', $key->{file})
	    : ('pkeyutl', '-sign', '-rawin', '-inkey', $key->{file}, '-in'),
	    $key->{bits} ? ('-out', $out, $in) : ($in, '-out', $out));
	return get($out);
}

# A message of "at" (seconds) by a\@DOMAIN.  Options: key, domain, selector,
# sha1, tags (further tags of the signature), d (as d= has it), no_time,
# altered (the body, afterwards).
sub signed_mail {
	my (%o) = @_;
	my $date = strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime $o{at});
	my @fields = ("From: a\@$o{domain}", 'To: b@reader.example',
		'Subject: rules', "Message-ID: <$o{at}\@$o{domain}>");
	push @fields, "Date: $date" unless $o{no_time};
	my $body = "The body.\r\n";
	my $hash = $o{sha1} ? sha1($body) : sha256($body);
	my $names = join ':', map { lc s/:.*//sr } @fields;
	my $a = !$o{key}{bits} ? 'ed25519-sha256'
	    : $o{sha1} ? 'rsa-sha1' : 'rsa-sha256';
	my $d = $o{d} // $o{domain};
	my $field = "DKIM-Signature: v=1; a=$a; c=simple/simple; d=$d;\r\n"
	    . "\ts=$o{selector}; " . ($o{tags} // '')
	    . ($o{no_time} ? '' : "t=$o{at}; ")
	    . "h=$names;\r\n\tbh=" . encode_base64($hash, '') . ";\r\n\tb=";
	my $header = join '', map { "$_\r\n" } @fields;
	my $b = encode_base64(sign($o{key}, $o{sha1}, $header . $field), '');
	$body = "Another body.\r\n" if $o{altered};
	return "$field$b\r\n$header\r\n$body";
}

1;
