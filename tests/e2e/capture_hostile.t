#!/usr/bin/perl
# capture_hostile.t - zones whose servers mean harm: keysnap capture neither
# hangs, nor grows, nor asks without end, nor writes down what is not so.
# 127.0.0.1 is honest, for the root, test and victim.test; 127.0.0.2 is not, for
# all other zones below test.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

my $port = free_port();
my $folder = scratch();
my $store = "$folder/keys.store";

# ---- messages

sub name { return join('', map { pack('C/a*', $_) } split /\./, $_[0]) . "\0" }
sub record {
	my ($owner, $type, $data) = @_;
	return (ref $owner ? $$owner : name($owner)) .
	    pack('n2Nn/a*', $type, 1, 60, $data);
}
sub txt { return record($_[0], 16, join '', map { pack 'C/a*', $_ }
    @_[1 .. $#_]) }
sub cname { return record($_[0], 5, name($_[1])) }
sub ns { return record($_[0], 2, name($_[1])) }
sub a { return record($_[0], 1, pack 'C4', split /\./, $_[1]) }
sub soa { return record($_[0], 6, name('ns.test') . name('h.test') .
    pack('N5', 1, 1, 1, 1, 1)) }

# The name asked for, lower case, its type, and the question's octets.
sub question {
	my ($query) = @_;
	my ($at, @labels) = (12);
	while (my $length = ord substr $query, $at, 1) {
		push @labels, lc substr $query, $at + 1, $length;
		$at += 1 + $length;
	}
	return (join('.', @labels), unpack('n', substr $query, $at + 1, 2),
	    substr $query, 12, $at + 5 - 12);
}

# A message; the sections are lists of records.
sub message {
	my ($query, $flags, $answer, $authority, $additional) = @_;
	my (undef, undef, $question) = question($query);
	return substr($query, 0, 2) . pack('n5', 0x8000 | $flags, 1,
	    map { scalar @{ $_ // [] } } $answer, $authority, $additional) .
	    $question . join '', map { @{ $_ // [] } } $answer, $authority,
	    $additional;
}
my $AA = 0x0400;
my $TC = 0x0200;

# ---- the servers

sub honest {
	my ($query) = @_;
	my ($name, $type) = question($query);
	return message($query, $AA, [ txt($name, 'v=DKIM1; p=TRUE') ])
	    if $name eq 's1._domainkey.victim.test' && $type == 16;
	return message($query, $AA, [], [ soa('victim.test') ])
	    if $name =~ /(?:^|\.)victim\.test$/;
	return message($query, 0, [], [ ns("$1.test", "ns.$1.test") ],
	    [ a("ns.$1.test", '127.0.0.2') ]) if $name =~ /([^.]+)\.test$/;
	return message($query, $AA, [], [ soa('test') ]);
}

# By the zone's name: the query and whether it came over TCP; a list of messages
# to send.  "drip", "elsewhere" and "flood" stand for ways of sending.
my %evil = (
	giant => sub {
		my ($query, $tcp) = @_;
		return message($query, $AA | $TC) if !$tcp;
		my ($name) = question($query);
		my $owner = "\xc0\x0c";
		return message($query, $AA, [ map { record(\$owner, 16,
		    pack 'C/a*', $_) } 1 .. 3900 ]);
	},
	drip => sub {
		my ($query, $tcp) = @_;
		return $tcp ? ('drip') : message($query, $AA | $TC);
	},
	# Every answer leads one label down, as deep as the name is.
	down => sub {
		my ($query) = @_;
		my ($name) = question($query);
		my @labels = split /\./, $name;
		our %depth;
		my $n = ++$depth{$name} + 2;
		$n = @labels if $n > @labels;
		my $zone = join '.', @labels[-$n .. -1];
		return message($query, 0, [], [ ns($zone, "ns.$zone") ],
		    [ a("ns.$zone", '127.0.0.2') ]);
	},
	up => sub {
		my ($query) = @_;
		return message($query, 0, [], [ ns('test', 'ns.up.test') ],
		    [ a('ns.up.test', '127.0.0.2') ]);
	},
	self => sub {
		my ($query) = @_;
		return message($query, 0, [], [ ns('self.test', 'ns.self.test') ],
		    [ a('ns.self.test', '127.0.0.2') ]);
	},
	# Thousands of servers, none with an address, each in a zone of its own.
	many => sub {
		my ($query, $tcp) = @_;
		my ($name, $type) = question($query);
		return message($query, $TC) if !$tcp;
		my $zone = $name =~ s/.*?([^.]+\.many\.test)$/$1/r;
		our $fresh;
		return message($query, 0, [], [ map { ns($zone,
		    "n.z" . ++$fresh . '.many.test') } 1 .. 1200 ]);
	},
	# Aliases without end, each in another zone.
	chain => sub {
		my ($query) = @_;
		my ($name) = question($query);
		our $link;
		return message($query, $AA, [ cname($name,
		    'x.chain' . ++$link . '.test') ]);
	},
	long => sub {
		my ($query, $tcp) = @_;
		my ($name) = question($query);
		return message($query, $AA | $TC) if !$tcp;
		my @chain = ($name, map { "l$_.long.test" } 1 .. 1000);
		return message($query, $AA, [ (map { cname(@chain[$_, $_ + 1]) }
		    0 .. $#chain - 1), txt($chain[-1], 'p=LIE') ]);
	},
	control => sub {
		my ($query) = @_;
		my ($name) = question($query);
		return message($query, $AA, [ cname($name,
		    "\e[31m\r\n\0x.control.test") ]);
	},
	lines => sub {
		my ($query) = @_;
		my ($name) = question($query);
		return message($query, $AA, [ txt($name,
		    "p=\e]0;x\a\r\nvanished\tvictim", "\0\xff") ]);
	},
	elsewhere => sub {
		my ($query) = @_;
		my ($name) = question($query);
		return ('elsewhere', message($query, $AA, [ txt($name, 'p=LIE') ]));
	},
	# Its own alias is its right; the victim's record is not.
	alias => sub {
		my ($query) = @_;
		my ($name) = question($query);
		my $end = 's1._domainkey.victim.test';
		return message($query, $AA, [ cname($name, $end),
		    txt($end, 'v=DKIM1; p=LIE') ]);
	},
	poison => sub {
		my ($query) = @_;
		my ($name) = question($query);
		return message($query, $AA, [ txt($name, 'p=OWN') ],
		    [ ns('victim.test', 'ns.poison.test') ],
		    [ a('ns.poison.test', '127.0.0.2'),
		    a('ns.victim.test', '127.0.0.2') ]);
	},
	# It sends us to machines that are not on loopback.
	inner => sub {
		my ($query) = @_;
		my ($name) = question($query);
		return message($query, 0, [], [ ns('_domainkey.inner.test',
		    'ns.inner.test') ],
		    [ a('ns.inner.test', '192.168.0.1') ]);
	},
	flood => sub { return ('flood', $_[0]) },
	empty => sub { return message($_[0], $AA) },
	short => sub { return substr $_[0], 0, 2 },
	records => sub {
		my ($query) = @_;
		return message($query, $AA, [ record('x.records.test', 5, ''),
		    record('x.records.test', 2, ''), record('.', 1, 'x') ],
		    [ record('records.test', 2, '') ]);
	},
);

sub serve_tcp {
	my ($socket, $log) = @_;
	while (my $line = $socket->accept) {
		my $child = fork;
		next if !defined $child || $child;
		alarm 20;
		my ($length, $query) = ('', '');
		sysread $line, $length, 2;
		sysread $line, $query, unpack 'n', $length;
		syswrite $log, "tcp\n";
		my ($name) = question($query);
		my ($zone) = $name =~ /([a-z]+)\d*\.test$/;
		for my $message (($evil{$zone} // sub {})->($query, 1)) {
			if ($message eq 'drip') {
				syswrite $line, pack('n', 60000) .
				    substr($query, 0, 2);
				while (1) { syswrite $line, 'x'; sleep 0.05 }
			}
			my ($rest, $done) = (pack('n/a*', $message), 0);
			while ($done < length $rest) {
				$done += syswrite($line, $rest,
				    length($rest) - $done, $done) // last;
			}
		}
		POSIX::_exit(0);
	}
}

sub serve {
	my ($address, $handler, $log) = @_;
	my $udp = IO::Socket::INET->new(Proto => 'udp', LocalAddr => $address,
	    LocalPort => $port) or die "$address:$port: $!";
	my $other = IO::Socket::INET->new(Proto => 'udp',
	    LocalAddr => '127.0.0.3') or die $!;
	while (defined(my $from = recv $udp, my $query, 4096, 0)) {
		my ($name) = question($query);
		syswrite $log, "udp\n";
		my @messages = $handler->($query, 0);
		my $socket = $udp;
		if (@messages && $messages[0] eq 'elsewhere') {
			shift @messages;
			$socket = $other;
		} elsif (@messages && $messages[0] eq 'flood') {
			my ($id) = unpack 'n', $query;
			@messages = map { pack('n', ($id + $_) & 0xffff) .
			    substr message($query, $AA, [ txt($name,
			    'p=LIE') ]), 2 } 1 .. 500;
		}
		send $socket, $_, 0, $from for @messages;
	}
}

my $asked = "$folder/asked";
sub start {
	my ($what, @arguments) = @_;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		$SIG{CHLD} = 'IGNORE';
		open my $log, '>>', $asked or die;
		$what->(@arguments, $log);
		POSIX::_exit(0);
	}
	push @Dns::children, $child;
}
my $tcp = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.2',
    LocalPort => $port, ReuseAddr => 1) or die $!;
start(\&serve_tcp, $tcp);
start(\&serve, '127.0.0.1', \&honest);
start(\&serve, '127.0.0.2', sub {
	my ($query) = @_;
	my ($name) = question($query);
	my ($zone) = $name =~ /([a-z]+)\d*\.test$/;
	return ($evil{ $zone // '' } // sub { })->(@_);
});
Dns::wait_for("127.0.0.$_:$port", $_ == 1 ? 'test' : 'empty.test', $asked)
    for 1, 2;
put("$folder/hints", ". 3600 NS root.\nroot. 3600 A 127.0.0.1\n");

# ---- capture

# Exit code, output, seconds, MB, and how many questions the servers had.
sub capture {
	my (@names) = @_;
	unlink $store, "$store-lock";
	ok_run('keysnap', 'init', $store, '--origin', 'a.example/log');
	put($asked, '');
	my ($began, $peak) = (time, 0);
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDOUT, '>', "$folder/out" or die;
		open STDERR, '>&', \*STDOUT or die;
		exec('keysnap', 'capture', $store, '--authoritative',
		    '--vantages', 1, '--root-hints', "$folder/hints", '--port',
		    $port, '--server-rate', 0, '--timeout', 400, '--retries', 0,
		    '--jobs', 32, @names) or POSIX::_exit(127);
	}
	while (waitpid($child, WNOHANG) == 0) {
		if (open my $in, '<', "/proc/$child/status") {
			/^VmHWM:\s+(\d+)/ and $peak = $1 / 1024 while <$in>;
		}
		kill 'KILL', $child if time - $began > 120;
		sleep 0.02;
	}
	my $lines = () = get($asked) =~ /\n/g;
	return ($? >> 8, get("$folder/out"), time - $began, $peak, $lines);
}

sub of_type {
	my ($type) = @_;
	return map { decode_json($_) } grep { /"type":"$type"/ } split /\n/,
	    ok_run('keysnap', 'export', $store, '--format', 'canonical');
}

my %want = (giant => 'oversized', drip => 'timed out', up => 'lame',
	self => 'lame', many => 'unreachable', chain => 'incomplete',
	long => 'malformed', control => 'malformed', elsewhere => 'timed out',
	inner => 'unreachable', flood => 'mismatched', empty => 'incomplete',
	short => 'mismatched', down => 'lame', records => 'malformed');
for my $zone (sort keys %evil) {
	my $name = ($zone eq 'down' ? join('.', 'a' .. 'z') . '.' : '') .
	    "s1._domainkey.$zone.test";
	my ($code, $out, $seconds, $mb, $asked) = capture($name);
	my @observations = of_type('observation');
	cmp_ok($seconds, '<', 20, sprintf '%s: %.1f s, %.0f MB, %d questions',
	    $zone, $seconds, $mb, $asked);
	cmp_ok($mb, '<', 100, "$zone: in little memory");
	cmp_ok($asked, '<', 250, "$zone: with few questions");
	unlike($out, qr/[^\n\t -~]/, "$zone: no control characters");
	if (!defined $want{$zone}) {
		is($code, 0, "$zone: an answer") or diag($out);
		is(scalar @observations, 1, "$zone: one observation");
		next;
	}
	is($code, 3, "$zone: nothing");
	like($out, qr/^$want{$zone}\t/m, "$zone: $want{$zone}");
	is(scalar @observations, 0, "$zone: no observation");
}

# All at once, with the victim: nobody takes the place of its own server.
my ($code, $out, $seconds, $mb) = capture((map { "s1._domainkey.$_.test" }
    grep { $_ ne 'victim' } sort keys %evil), 's1._domainkey.victim.test');
cmp_ok($seconds, '<', 30, sprintf 'all at once: %.1f s, %.0f MB', $seconds, $mb);
my %said = map { $_->{name} => $_ } of_type('observation');
is_deeply([ sort keys %said ], [ map { "s1._domainkey.$_.test" }
    qw(alias lines poison victim) ], 'observations of those that answered');
is_deeply($said{"s1._domainkey.$_.test"}{strings}, ['v=DKIM1; p=TRUE'],
	"$_: what the victim's own server says") for qw(alias victim);
is($said{'s1._domainkey.victim.test'}{vantage}{server}, "127.0.0.1:$port",
	'from there');
is_deeply($said{'s1._domainkey.poison.test'}{strings}, ['p=OWN'],
	'a zone speaks for itself');
done_testing();
