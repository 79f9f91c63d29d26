# Forge.pm - snapshots changed by a stranger who knows the formats: MANIFEST
# and checkpoint are made to fit again, and signed with a key of his own.
package Forge;

use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use E2e;
use Exporter qw(import);
use MIME::Base64 qw(decode_base64 encode_base64);

our @EXPORT = qw(number_below reseed read_signer sign_note seal_again
    manifest_of checkpoint_of);

# A fixed sequence, so that a failure can be seen again.
my $state = 20161031;
sub reseed { $state = $_[0] }
sub number_below {
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 2147483648 * $_[0]);
}

# A private key of keysnap keygen: its name, vkey, and the key for openssl.
sub read_signer {
	my ($path) = @_;
	my ($name, $id, $key) = get($path) =~
	    /\APRIVATE\+KEY\+([^+]+)\+(\w{8})\+(\S+)\s*\z/ or die "$path: no key";
	my $file = scratch() . "/forge-$id.der";
	# RFC 8410: the seed as PKCS #8.
	put($file, pack('H*', '302e020100300506032b657004220420')
	    . substr(decode_base64($key), 1));
	return { name => $name, id => pack('H8', $id), file => $file,
	    vkey => get("$path.pub") =~ s/\s+\z//r };
}

# The signature line over a text.
sub sign_note {
	my ($text, $signer) = @_;
	my $file = scratch() . '/forge-text';
	put($file, $text);
	my $octets = ok_run('openssl', 'pkeyutl', '-sign', '-rawin', '-keyform',
	    'DER', '-inkey', $signer->{file}, '-in', $file);
	return "\xe2\x80\x94 $signer->{name} "
	    . encode_base64($signer->{id} . $octets, '') . "\n";
}

sub manifest_of {
	my ($snapshot) = @_;
	my @names = map { s{\A\Q$snapshot\E/}{}r }
	    glob("$snapshot/evidence/pack-*");
	return join '', map { sha256_hex(get("$snapshot/$_")) . "  $_\n" }
	    @names, 'keys.mdb', 'log.jsonl';
}

# The checkpoint of a MANIFEST; the first three lines are those of "from".
sub checkpoint_of {
	my ($from, $manifest, $signer) = @_;
	my $text = join("\n", (split /\n/, $from)[0 .. 2])
	    . "\nmanifest-sha256 " . sha256_hex($manifest) . "\n";
	return $text if !$signer;
	$text .= "signer $signer->{vkey}\n";
	return "$text\n" . sign_note($text, $signer);
}

# MANIFEST and checkpoint anew, for what lies in the folder.
sub seal_again {
	my ($snapshot, $signer) = @_;
	my $manifest = manifest_of($snapshot);
	put("$snapshot/MANIFEST", $manifest);
	put("$snapshot/checkpoint", checkpoint_of(get("$snapshot/checkpoint"),
	    $manifest, $signer));
}

1;
