# Dns.pm - signed zones for the end-to-end tests, and name servers for them.
#
# make_zones(FOLDER, inception => ..., expiration => ...) writes, with ldns,
#   .             a root of our own (ECDSAP256SHA256)
#   test          a top-level domain (RSASHA256), NSEC3 with opt-out
#   mail.test     ED25519, NSEC; a wildcard, aliases to esp.test, big answers
#   post.test     ECDSAP256SHA256, NSEC3
#   esp.test      RSASHA256: where aliases lead
#   plain.test    not signed
# Files: FOLDER/NAME.zone (plain), NAME.signed, K*.key and K*.private, and
# FOLDER/anchor, the DS record of the root.
package Dns;

use strict;
use warnings;
use Cwd qw(getcwd);
use E2e;
use Exporter qw(import);

our @EXPORT = qw(make_zones sign_zone zone_text);

our %algorithm = ('.' => 'ECDSAP256SHA256', 'test' => 'RSASHA256',
    'mail.test' => 'ED25519', 'post.test' => 'ECDSAP256SHA256',
    'esp.test' => 'RSASHA256');
our @signed = ('esp.test', 'post.test', 'mail.test', 'test', '.');

sub file_of {
	my ($folder, $zone) = @_;
	return "$folder/" . ($zone eq '.' ? 'root' : $zone);
}

sub in_folder {
	my ($folder, @command) = @_;
	my $here = getcwd();
	chdir $folder or die "$folder: $!";
	my $out = ok_run(@command);
	chdir $here or die "$here: $!";
	chomp $out;
	return $out;
}

# The base name of a new key of a zone.
sub make_key {
	my ($folder, $zone) = @_;
	return in_folder($folder, 'ldns-keygen', '-k', '-a', $algorithm{$zone},
	    ($algorithm{$zone} =~ /RSA/ ? ('-b', 2048) : ()), $zone);
}

sub ds_of {
	my ($folder, $key) = @_;
	return in_folder($folder, 'ldns-key2ds', '-n', '-2', "$key.key") . "\n";
}

sub soa {
	my ($zone) = @_;
	my $dot = $zone eq '.' ? '' : '.';
	return "$zone$dot 3600 IN SOA ns.test. hostmaster.test. 1 3600 900 " .
	    "604800 300\n$zone$dot 3600 IN NS ns.test.\n";
}

sub txt { return join '', map { "$_->[0]. 300 IN TXT $_->[1]\n" } @_ }

# The zones without what signing adds.
sub zone_text {
	my %zone;
	my $long = join ' ', map { '"' . ('x' x 250) . '"' } 1 .. 64;
	$zone{'.'} = soa('.') . "test. 3600 IN NS ns.test.\n" .
	    "ns.test. 3600 IN A 127.0.0.1\n";
	$zone{'test'} = soa('test') . "ns.test. 3600 IN A 127.0.0.1\n" .
	    join('', map { "$_.test. 3600 IN NS ns.test.\n" }
	    qw(mail post esp plain));
	$zone{'mail.test'} = soa('mail.test') . txt(
	    [ 's1._domainkey.mail.test', '"v=DKIM1; p=AAAA"' ],
	    [ '*.wild._domainkey.mail.test', '"v=DKIM1; p=WWWW"' ],
	    [ 'big._domainkey.mail.test', $long ],
	    (map { [ 'ten._domainkey.mail.test', "\"v=DKIM1; n=$_; p=\"" ] }
	    1 .. 10)) .
	    "alias._domainkey.mail.test. 300 IN CNAME s7.esp.test.\n" .
	    "away._domainkey.mail.test. 300 IN CNAME s1._domainkey.plain.test.\n" .
	    "loop._domainkey.mail.test. 300 IN CNAME loop2._domainkey.mail.test.\n" .
	    "loop2._domainkey.mail.test. 300 IN CNAME loop._domainkey.mail.test.\n" .
	    "mx._domainkey.mail.test. 300 IN A 127.0.0.1\n";
	$zone{'post.test'} = soa('post.test') . txt(
	    [ 's1._domainkey.post.test', '"v=DKIM1; " "p=BBBB"' ],
	    [ '*._domainkey.post.test', '"v=DKIM1; p=XXXX"' ]);
	$zone{'esp.test'} = soa('esp.test') .
	    txt([ 's7.esp.test', '"v=DKIM1; p=EEEE"' ]);
	$zone{'plain.test'} = soa('plain.test') .
	    txt([ 's1._domainkey.plain.test', '"v=DKIM1; p=PPPP"' ]);
	return %zone;
}

# Sign FOLDER/ZONE.zone into FOLDER/ZONE.signed.
sub sign_zone {
	my ($folder, $zone, %o) = @_;
	my @nsec3 = $zone eq 'post.test' ? ('-n', '-s', 'beef', '-t', '5')
	    : $zone eq 'test' ? ('-n', '-p', '-s', '-', '-t', '0') : ();
	@nsec3 = ('-n', '-p', '-t', '0') if $zone eq 'test';
	in_folder($folder, 'ldns-signzone', '-b', '-i', $o{inception}, '-e',
	    $o{expiration}, '-f', file_of($folder, $zone) . '.signed', @nsec3,
	    '-o', $zone, file_of($folder, $zone) . '.zone', @{ $o{keys} });
}

sub make_zones {
	my ($folder, %o) = @_;
	$o{inception} //= '20160101000000';
	$o{expiration} //= '20160201000000';
	my (%ds, %key);
	my %zone = zone_text();
	mkdir $folder;
	put(file_of($folder, 'plain.test') . '.zone', $zone{'plain.test'});
	for my $name (@signed) {
		my $text = $zone{$name};
		$text .= $ds{$_} // '' for $name eq 'test'
		    ? ('mail.test', 'post.test', 'esp.test')
		    : $name eq '.' ? ('test') : ();
		put(file_of($folder, $name) . '.zone', $text);
		$key{$name} = make_key($folder, $name);
		$ds{$name} = ds_of($folder, $key{$name});
		sign_zone($folder, $name, %o, keys => [ $key{$name} ]);
	}
	put("$folder/anchor", $ds{'.'});
	return \%key;
}

1;
