# Dns.pm - signed zones for the end-to-end tests, and name servers for them.
#
# make_zones(FOLDER, inception => ..., expiration => ...) writes, with ldns,
#   .             a root of our own (ECDSAP256SHA256)
#   test          a top-level domain (RSASHA256), NSEC3 with opt-out
#   mail.test     ED25519, NSEC; a wildcard, aliases to esp.test, big answers
#   post.test     ECDSAP256SHA256, NSEC3
#   esp.test      RSASHA256: where aliases lead
#   plain.test    not signed
#
# start_servers(FOLDER) serves them with NSD, and starts Unbound as a resolver
# that trusts their root; both on loopback, at ports that are free, in the
# foreground, and ended by process id.
#
# Files: FOLDER/NAME.zone (plain), NAME.signed, K*.key and K*.private, and
# FOLDER/anchor, the DS record of the root.
package Dns;

use strict;
use warnings;
use Cwd qw(getcwd);
use E2e;
use Exporter qw(import);
use IO::Socket::INET;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep);

our @EXPORT = qw(make_zones sign_zone zone_text start_servers free_port
    start_program stop_programs pieces blobs);

our %algorithm = ('.' => 'ECDSAP256SHA256', 'test' => 'RSASHA256',
    'mail.test' => 'ED25519', 'post.test' => 'ECDSAP256SHA256',
    'esp.test' => 'RSASHA256');
# The zones that Unbound asks NSD about, beside the root.
our @stubs = ('test', map { "$_.test" } qw(mail post esp plain));
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
	my %zone = (zone_text(), %{ $o{zones} // {} });
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

our @children;

# A port on loopback that nobody uses, for UDP and TCP.
sub free_port {
	for (1 .. 100) {
		my $tcp = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		    Listen => 1) or next;
		my $port = $tcp->sockport;
		return $port if IO::Socket::INET->new(Proto => 'udp',
		    LocalAddr => '127.0.0.1', LocalPort => $port);
	}
	die 'no free port on loopback';
}

# Start a program; it ends with the test.  What it says goes to FOLDER/log.
sub start_program {
	my ($log, @command) = @_;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>>', $log or die;
		open STDERR, '>&', \*STDOUT or die;
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	push @children, $child;
	return $child;
}

# End one, or all, and wait for it.
sub stop_programs {
	my @these = @_ ? @_ : @children;
	kill 'TERM', $_ for @these;
	for my $child (@these) {
		my $left = 50;
		sleep 0.1 while waitpid($child, WNOHANG) == 0 && --$left > 0;
		kill 'KILL', $child if $left == 0;
		@children = grep { $_ != $child } @children;
	}
}
END { my $code = $?; stop_programs() if @children; $? = $code }

# Does a server answer for a name?
sub wait_for {
	my ($server, $name, $log) = @_;
	my $query = pack('n6', 7, 0x0100, 1, 0, 0, 0) .
	    join('', map { chr(length) . $_ } split /\./, $name) . "\0" .
	    pack('n2', 6, 1);
	for (1 .. 200) {
		sleep 0.05;
		my $socket = IO::Socket::INET->new(Proto => 'udp',
		    PeerAddr => $server) or next;
		my ($ready, $answer) = ('', '');
		vec($ready, fileno $socket, 1) = 1;
		defined send($socket, $query, 0) or next;
		select $ready, undef, undef, 0.1 or next;
		return if defined recv($socket, $answer, 512, 0) &&
		    length $answer > 12;
	}
	die "no answer of $server:\n" . get($log);
}

sub program {
	my ($name) = @_;
	for (split(/:/, $ENV{PATH}), '/usr/sbin', '/sbin') {
		return "$_/$name" if -x "$_/$name";
	}
	die "$name is not installed";
}

# Serve zones with NSD: its port, and process.
sub start_nsd {
	my ($folder, @zones) = @_;
	my $port = free_port();
	return ($port, start_nsd_at($folder, '127.0.0.1', $port, @zones));
}

# The same at an address of loopback: the process.
sub start_nsd_at {
	my ($folder, $address, $port, @zones) = @_;
	my $own = "$folder/$address";
	my $conf = "server:\n ip-address: $address\n port: $port\n" .
	    " server-count: 1\n username: \"\"\n chroot: \"\"\n" .
	    " database: \"\"\n zonesdir: \"$folder\"\n" .
	    " pidfile: \"$own.pid\"\n rrl-ratelimit: 0\n" .
	    " xfrdfile: \"$own.xfrd\"\n" .
	    " zonelistfile: \"$own.list\"\n" .
	    " xfrdir: \"$folder\"\nremote-control:\n control-enable: no\n";
	for my $zone (@zones) {
		my $file = file_of($folder, $zone) .
		    (-e file_of($folder, $zone) . '.signed' ? '.signed' : '.zone');
		$conf .= "zone:\n name: \"$zone\"\n zonefile: \"$file\"\n";
	}
	put("$own.conf", $conf);
	my $child = start_program("$folder/log", program('nsd'), '-d', '-c',
	    "$own.conf");
	wait_for("$address:$port", $zones[0], "$folder/log");
	return $child;
}

# A resolver that goes to NSD, at a port of its own or that one: the port, and
# its process.
sub start_unbound {
	my ($folder, $nsd, $port) = @_;
	$port //= free_port();
	my $conf = "server:\n interface: 127.0.0.1\n port: $port\n" .
	    " do-daemonize: no\n username: \"\"\n chroot: \"\"\n" .
	    " directory: \"$folder\"\n pidfile: \"$folder/unbound.pid\"\n" .
	    " use-syslog: no\n do-not-query-localhost: no\n" .
	    " trust-anchor-file: \"$folder/anchor\"\n do-ip6: no\n" .
	    " val-override-date: -1\n root-hints: \"\"\n" .
	    " local-zone: \"test.\" nodefault\n local-zone: \"example.\" nodefault\n qname-minimisation: no\n" .
	    " msg-cache-size: 64m\n num-queries-per-thread: 1024\n" .
	    " cache-max-negative-ttl: 1\n unwanted-reply-threshold: 0\n" .
	    "remote-control:\n control-enable: no\n" .
	    "stub-zone:\n name: \".\"\n stub-addr: 127.0.0.1\@$nsd\n" .
	    join('', map { "stub-zone:\n name: \"$_.\"\n" .
	    " stub-addr: 127.0.0.1\@$nsd\n" } @stubs);
	put("$folder/unbound.conf", $conf);
	my $child = start_program("$folder/log", program('unbound'), '-d', '-p',
	    '-c', "$folder/unbound.conf");
	wait_for("127.0.0.1:$port", $stubs[0], "$folder/log");
	return ($port, $child);
}

# Both: ADDRESS:PORT of NSD and of Unbound.
sub start_servers {
	my ($folder) = @_;
	my ($nsd, $nsd_child) = start_nsd($folder, @signed, 'plain.test');
	my ($unbound, $unbound_child) = start_unbound($folder, $nsd);
	return { nsd => "127.0.0.1:$nsd", unbound => "127.0.0.1:$unbound",
	    children => [ $nsd_child, $unbound_child ] };
}

# [digest, octets] of each piece of evidence in the first pack of a snapshot.
sub pieces {
	my ($snapshot) = @_;
	my ($pack, $at, @pieces) = (get("$snapshot/evidence/pack-000000"), 0);
	while ($at < length $pack) {
		substr($pack, $at) =~ /^([0-9a-f]{64}) ([0-9]+)\n/ or die;
		$at += length $&;
		push @pieces, [ $1, substr $pack, $at, $2 ];
		$at += $2 + 1;
	}
	return @pieces;
}

# The same by digest.
sub blobs { return { map { @$_ } pieces(@_) } }

1;
