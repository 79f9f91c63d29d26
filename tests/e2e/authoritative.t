#!/usr/bin/perl
# authoritative.t - keysnap capture --authoritative: zones at servers of their
# own, all on loopback at one port, found from the root down.
#   127.0.0.1 the root; .2 test and plain.test; .3 and .4 mail.test; .5 esp.test;
#   .6 post.test, whose server's address is in esp.test; .4 half.test, which
#   .5 should serve, too; nobody lame.test; a.test and b.test need each other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use JSON::PP;
use POSIX ();
use Test::More;

my $folder = scratch() . '/zones';

sub soa {
	my ($zone, @servers) = @_;
	my $dot = $zone eq '.' ? '' : '.';
	return "$zone$dot 3600 IN SOA ns.test. hostmaster.test. 1 3600 900 " .
	    "604800 300\n" . join('', map { "$zone$dot 3600 IN NS $_.\n" }
	    @servers);
}
sub ns { my ($zone, @servers) = @_;
	return join '', map { "$zone. 3600 IN NS $_.\n" } @servers }
sub a { return join '', map { "$_->[0]. 3600 IN A 127.0.0.$_->[1]\n" } @_ }

my %text = Dns::zone_text();
sub rest { return $text{ $_[0] } =~ s/^.* SOA .*\n.* NS .*\n//r }

my %zones = (
	'.' => soa('.', 'ns.test') . ns('test', 'ns2.test') .
	    a([ 'ns2.test', 2 ], [ 'ns.test', 1 ]),
	'test' => soa('test', 'ns2.test') . a([ 'ns2.test', 2 ],
	    [ 'ns.test', 1 ], [ 'ns1.mail.test', 3 ], [ 'ns2.mail.test', 4 ],
	    [ 'ns.esp.test', 5 ], [ 'ns4.test', 4 ], [ 'ns5.test', 5 ]) .
	    ns('mail.test', 'ns1.mail.test', 'ns2.mail.test') .
	    ns('esp.test', 'ns.esp.test') . ns('post.test', 'six.esp.test') .
	    ns('plain.test', 'ns2.test') . ns('lame.test', 'ns5.test') .
	    ns('half.test', 'ns4.test', 'ns5.test') .
	    ns('dead.test', 'nine.test') . a([ 'nine.test', 9 ]) .
	    ns('away.test', 'public.test') .
	    "public.test. 3600 IN A 192.0.2.1\n" .
	    ns('a.test', 'ns.b.test') . ns('b.test', 'ns.a.test'),
	'mail.test' => soa('mail.test', 'ns1.mail.test', 'ns2.mail.test') .
	    a([ 'ns1.mail.test', 3 ], [ 'ns2.mail.test', 4 ]) .
	    rest('mail.test') . 'circle._domainkey.mail.test. 300 IN CNAME ' .
	    "circle.esp.test.\n",
	'esp.test' => soa('esp.test', 'ns.esp.test') . a([ 'ns.esp.test', 5 ],
	    [ 'six.esp.test', 6 ]) . rest('esp.test') .
	    "circle.esp.test. 300 IN CNAME circle._domainkey.mail.test.\n",
	'post.test' => soa('post.test', 'six.esp.test') . rest('post.test'),
	'plain.test' => soa('plain.test', 'ns2.test') . rest('plain.test'),
);
sub day { return POSIX::strftime('%Y%m%d000000', gmtime(time + 86400 * $_[0])) }
make_zones($folder, zones => \%zones, inception => day(-2),
	expiration => day(30));
put("$folder/half.test.zone", soa('half.test', 'ns4.test', 'ns5.test') .
	"s1._domainkey.half.test. 300 IN TXT \"p=HHHH\"\n");
my $port = free_port();
my @served = ([ 1, '.' ], [ 2, 'test', 'plain.test' ], [ 3, 'mail.test' ],
    [ 4, 'mail.test', 'half.test' ], [ 5, 'esp.test' ], [ 6, 'post.test' ]);
my %child;
for (@served) {
	my ($last, @names) = @$_;
	$child{$last} = Dns::start_nsd_at($folder, "127.0.0.$last", $port,
	    @names);
}
put("$folder/hints", ". 3600000 NS root.example.\n" .
	"root.example. 3600000 A 127.0.0.1 ; the only one\n");
my $store = scratch() . '/keys.store';
my $frozen = 0;

sub key_name { return "$_[0]._domainkey.$_[1].test" }
sub capture {
	return run('keysnap', 'capture', $store, '--authoritative',
	    '--root-hints', "$folder/hints", '--port', $port, '--trust-anchor',
	    "$folder/anchor", '--server-rate', 0, '--timeout', 500, '--retries',
	    0, @_);
}
sub entries {
	my $snapshot = scratch() . '/snap' . ++$frozen;
	ok_run('keysnap', 'freeze', $store, $snapshot);
	return map { decode_json($_) } split /\n/, get("$snapshot/log.jsonl");
}
sub of_type { my $type = shift; return grep { $_->{type} eq $type } @_ }
sub new_store {
	unlink $store;
	ok_run('keysnap', 'init', $store, '--origin', 'a.example/log');
}

# "KIND RESULT REASON SERVERS" of each name.
sub results {
	my (@entries) = @_;
	my (%chain, %result);
	$chain{ $_->{observation} } = $_ for of_type('chain-result', @entries);
	for my $i (0 .. $#entries) {
		my $entry = $entries[$i];
		next if $entry->{type} ne 'observation';
		my ($server) = $entry->{vantage}{server} =~ /\.([0-9]+):/;
		my $chain = $chain{$i} // {};
		push @{ $result{ $entry->{name} } }, join ' ', grep { defined }
		    $entry->{kind}, @{$chain}{qw(result reason)}, $server;
	}
	return { map { $_ => join ', ', @{ $result{$_} } } keys %result };
}

# ---- every zone at its own servers

new_store();
my %want = (
	key_name('s1', 'mail') => 'present secure 3, present secure 4',
	key_name('big', 'mail') => 'present secure 3, present secure 4',
	key_name('nope', 'mail') => 'nxdomain secure 3, nxdomain secure 4',
	key_name('mx', 'mail') => 'nodata secure 3, nodata secure 4',
	key_name('alias', 'mail') => 'present secure 5, present secure 5',
	key_name('away', 'mail') => 'present insecure ds-denied 2, ' .
	    'present insecure ds-denied 2',
	key_name('s1', 'post') => 'present secure 6',
	key_name('s1', 'plain') => 'present insecure ds-denied 2',
	key_name('s1', 'nowhere') => 'nxdomain insecure opt-out 2',
	# The second one is .5, which is lame.
	key_name('s1', 'half') => 'present insecure ds-denied 4',
);
my ($code, $out, $err) = capture(sort keys %want);
is($code, 3, 'one of two servers of half.test is lame') or diag($out, $err);
like($out, qr/^refused\t${\ key_name('s1', 'half')}\t127\.0\.0\.5:$port$/m,
	'and named');
my @entries = entries();
is_deeply(results(@entries), \%want, 'asked where they are') or diag($out);
my ($s1) = grep { $_->{name} eq key_name('s1', 'mail') }
    of_type('observation', @entries);
is($s1->{bailiwick}, 'mail.test', 'whose servers said it is kept');
is_deeply($s1->{vantage}{flags}, ['aa'],
	'authoritative, nobody was asked to recurse');
is(scalar @{ $s1->{evidence} }, 3, 'the answer and two referrals are evidence');
is_deeply([ map { $_->{observer} } of_type('source', @entries) ],
	[ 'keysnap/authoritative-1', 'keysnap/authoritative-2' ],
	'two vantages, one operator');
my ($alias) = grep { $_->{name} eq key_name('alias', 'mail') }
    of_type('observation', @entries);
is_deeply($alias->{cname}, ['s7.esp.test'], 'an alias to another zone');
is($alias->{owner}, 's7.esp.test', 'whose record it is');
is($alias->{bailiwick}, 'esp.test', 'and who said so');
cmp_ok(scalar @{ $alias->{evidence} }, '>=', 4, 'both answers are evidence');
like(ok_run('keysnap', 'show', $store, key_name('s1', 'mail')), qr/\bA2\b/,
	'grade A2 from the chain') or diag 'no grade';
($code, $out) = run('keysnap', 'verify', scratch() . '/snap1', '--dnssec',
    '--trust-anchor', "$folder/anchor");
is($code, 0, 'the chains hold again');

# ---- nothing to be had

new_store();
($code, $out, $err) = capture('--vantages', 1, key_name('s1', 'lame'),
	key_name('s1', 'dead'), key_name('s1', 'a'), key_name('s1', 'away'),
	key_name('circle', 'mail'), key_name('loop', 'mail'));
is($code, 3, 'nothing is in the exit code');
my %said = map { /^([a-zA-Z ]+)\t(\S+?)\._domainkey\.([a-z]+)\./ ?
    ("$2 $3" => $1) : () } split /\n/, $out;
is_deeply(\%said, { 's1 lame' => 'refused', 's1 dead' => 'unreachable',
	's1 a' => 'unreachable', 's1 away' => 'unreachable',
	'circle mail' => 'malformed', 'loop mail' => 'malformed' },
	'each by its name: lame, no server, servers that need each other, an ' .
	'address that is not on loopback, circles') or diag($out, $err);
is(scalar(of_type('observation', entries())), 0, 'and no observation');

# ---- again

new_store();
my @two = ('--vantages', 2, key_name('s1', 'mail'), key_name('s1', 'plain'));
is((capture(@two))[0], 0, 'first');
($code, $out) = capture(@two);
is($code, 0, 'again');
like($out, qr/^0 observations added.* 3 unchanged, 0 changed, 0 vanished/m,
	'nothing new');
($code, $out) = capture(@two, '--repeat-after', 1);
like($out, qr/^0 names of/m, '--repeat-after');
Dns::stop_programs($child{3});
($code, $out) = capture(@two);
is($code, 3, 'one server is down');
like($out, qr/^unreachable\t${\ key_name('s1', 'mail')}\t127\.0\.0\.3:$port$/m,
	'which is said');
like($out, qr/ 2 unchanged, 0 changed, 0 vanished/, 'the other answers');

# ---- options

for my $case ([ [ '--server', '127.0.0.1' ], qr/exclude each other/ ],
    [ [ '--vantages', 9 ], qr/--vantages is from 0 to 8/ ],
    [ [ '--port', 0 ], qr/--port is/ ]) {
	($code, $out, $err) = capture(@{ $case->[0] }, 'a._domainkey.test');
	is($code, 2, "usage: $case->[1]");
	like($err, $case->[1], 'and why');
}
put("$folder/bad", ". 3600 NS x.\nx. 3600 A 127.0.0.300\n");
($code, $out, $err) = run('keysnap', 'capture', $store, '--authoritative',
    '--root-hints', "$folder/bad", 'a._domainkey.test');
is($code, 3, 'hints that are none');
like($err, qr{bad:2: no record}, 'with the line');
done_testing();
