#!/usr/bin/perl
# capture.t - keys captured from real name servers on loopback: NSD with zones
# signed by ldns, Unbound as the resolver, and a server that lies.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Test::More;

my $folder = scratch() . '/zones';
my $keys = make_zones($folder);
my $servers = start_servers($folder);
my $store = scratch() . '/keys.store';
my @anchor = ('--trust-anchor', "$folder/anchor");
my $frozen = 0;

sub key_name { return "$_[0]._domainkey.$_[1].test" }

sub capture {
	return run('keysnap', 'capture', $store, @anchor, @_);
}

# The entries of the store.
sub entries {
	my $snapshot = scratch() . '/snap' . ++$frozen;
	ok_run('keysnap', 'freeze', $store, $snapshot);
	return map { decode_json($_) } split /\n/, get("$snapshot/log.jsonl");
}

sub of_type { my $type = shift; return grep { $_->{type} eq $type } @_ }

# "KIND RESULT REASON" of the last observation of each name.
sub results {
	my (@entries) = @_;
	my (%result, %chain);
	$chain{ $_->{observation} } = $_ for of_type('chain-result', @entries);
	for my $i (0 .. $#entries) {
		my $entry = $entries[$i];
		next if $entry->{type} ne 'observation';
		my $chain = $chain{$i} // {};
		$result{ $entry->{name} } = join ' ', grep { defined }
		    $entry->{kind}, @{$chain}{qw(result reason)};
	}
	return \%result;
}

sub new_store {
	unlink $store;
	ok_run('keysnap', 'init', $store, '--origin', 'a.example/log');
}

# ---- what real servers answer

new_store();
my %want = (
	key_name('s1', 'mail') => 'present secure',
	key_name('x.wild', 'mail') => 'present secure',
	key_name('big', 'mail') => 'present secure',
	key_name('ten', 'mail') => 'present secure',
	key_name('alias', 'mail') => 'present secure',
	key_name('away', 'mail') => 'present insecure ds-denied',
	key_name('mx', 'mail') => 'nodata secure',
	key_name('nope', 'mail') => 'nxdomain secure',
	key_name('s1', 'post') => 'present secure',
	key_name('other', 'post') => 'present secure',
	key_name('s1', 'plain') => 'present insecure ds-denied',
	key_name('no', 'plain') => 'nxdomain insecure ds-denied',
	key_name('s1', 'nowhere') => 'nxdomain insecure opt-out',
);
my ($code, $out, $err) = capture('--server', $servers->{unbound},
    sort keys %want);
is($code, 0, 'captured') or diag($out, $err);
like($out, qr/^13 names of 1 servers: 9 present 3 NXDOMAIN 1 NODATA$/m,
	'counted by outcome');
my @entries = entries();
is_deeply(results(@entries), \%want, 'every name has its result');
my @ten = grep { $_->{name} eq key_name('ten', 'mail') }
    of_type('observation', @entries);
is(scalar @ten, 10, 'ten records are ten observations');
my ($big) = grep { $_->{name} eq key_name('big', 'mail') }
    of_type('observation', @entries);
is(length join('', @{ $big->{strings} }), 16000, '16 KB, whole');
is($big->{vantage}{transport}, 'tcp', 'over TCP');
my ($alias) = grep { $_->{name} eq key_name('alias', 'mail') }
    of_type('observation', @entries);
is_deeply($alias->{cname}, ['s7.esp.test'], 'with the alias');
my ($s1) = grep { $_->{name} eq key_name('s1', 'mail') }
    of_type('observation', @entries);
is($s1->{vantage}{server}, $servers->{unbound}, 'and who answered');
($code, $out) = run('keysnap', 'verify', scratch() . '/snap1', '--dnssec',
    @anchor);
is($code, 0, 'the chains hold again');

# The evidence is the message, and import finds the same in it.
my $pack = get(scratch() . '/snap1/evidence/pack-000000');
$pack =~ /$s1->{evidence}[0] ([0-9]+)\n/g or die;
my $message = substr $pack, pos $pack, $1;
put(scratch() . '/message', $message);
my $other = scratch() . '/other.store';
ok_run('keysnap', 'init', $other, '--origin', 'b.example/log');
ok_run('keysnap', 'import', $other, '--format', 'wire', '--observed-at',
	'2016-01-10', @anchor, scratch() . '/message');
like(ok_run('keysnap', 'show', $other, key_name('s1', 'mail')), qr/AAAA/,
	'the evidence is the message as it came');

# getdns has the same opinion of the same octets.
my $build = $ENV{BUILD} // 'build';
my $peer = ($build =~ m{^/} ? $build : top() . "/$build") . '/gen/peer_getdns';
for my $chain (of_type('chain-result', @entries)) {
	my $observation = $entries[$chain->{observation}];
	next if $observation->{kind} ne 'present';
	pos($pack) = 0;
	$pack =~ /$chain->{evidence}[0] ([0-9]+)\n/g or die;
	put(scratch() . '/chain', substr $pack, pos $pack, $1);
	chomp(my $says = ok_run($peer, scratch() . '/chain',
	    "$folder/anchor", 1452384000));
	is($says, $chain->{result}, "$observation->{name}: getdns agrees");
}

# An authoritative server can be asked as well.
new_store();
($code, $out, $err) = capture('--server', $servers->{nsd},
	key_name('s1', 'mail'), key_name('s1', 'example'));
is($code, 0, 'an authoritative server');
is_deeply(results(entries()), { key_name('s1', 'mail') => 'present secure',
	key_name('s1', 'example') => 'nxdomain insecure opt-out' },
	'has all that proves it');

# ---- again

new_store();
my @again = ('--server', $servers->{unbound}, key_name('s1', 'mail'),
    key_name('ten', 'mail'), key_name('nope', 'mail'));
is((capture(@again))[0], 0, 'first capture');
my $size = scalar entries();
($code, $out) = capture(@again);
is($code, 0, 'second capture');
like($out, qr/0 observations added.* 3 unchanged, 0 changed, 0 vanished/,
	'nothing new');
@entries = entries();
my @sightings = of_type('sighting', @entries);
ok(@sightings >= 1 && @sightings <= 3, 'one sighting for a second');
is(scalar(map { @{ $_->{of} } } @sightings), 12,
	'of all twelve observations');
is(scalar @entries, $size + 1 + @sightings, 'and the source');
($code, $out) = capture(@again, '--cron');
is("$code$out", '0', '--cron says nothing');
($code, $out) = capture(@again, '--repeat-after', 1);
like($out, qr/^0 names of/, '--repeat-after passes over what is fresh');
($code, $out) = run('faketime', '-f', '+2d', 'keysnap', 'capture', $store,
    @anchor, @again, '--repeat-after', 1);
like($out, qr/^3 names of .*\n0 observations/, 'but not two days later');
($code, $out) = run('faketime', '-f', '+31d', 'keysnap', 'capture', $store,
    @anchor, @again);
like($out, qr/12 observations added, 3 with a DNSSEC chain; 0 unchanged/,
	'once a month all of it');

# The key changes, and one goes.
my $zone = get("$folder/mail.test.zone");
$zone =~ s/AAAA/CCCC/;
$zone =~ s/^ten\..*\n//mg;
$zone =~ s/ 1 3600 / 2 3600 /;
put("$folder/mail.test.zone", $zone);
Dns::sign_zone($folder, 'mail.test', inception => '20160201000000',
	expiration => '20160301000000', keys => [ $keys->{'mail.test'} ]);
stop_programs(@{ $servers->{children} });
$servers = start_servers($folder);
$again[1] = $servers->{unbound};
($code, $out) = capture('--source', 'x', @again);
is($code, 0, 'another observer has seen nothing before');
new_store();
is((capture('--source', 'x', @again))[0], 0, 'captured');
$zone =~ s/CCCC/DDDD/;
$zone =~ s/^s1\._domainkey\.mail.*\n/$&/m;
put("$folder/mail.test.zone", $zone . 'nope._domainkey.mail.test. 300 IN ' .
    "TXT \"p=\"\n");
Dns::sign_zone($folder, 'mail.test', inception => '20160101000000',
	expiration => '20160201000000', keys => [ $keys->{'mail.test'} ]);
stop_programs(@{ $servers->{children} });
my $old = $servers->{unbound} =~ s/.*://r;
my ($nsd) = Dns::start_nsd($folder, @Dns::signed, 'plain.test');
my ($unbound, $child) = Dns::start_unbound($folder, $nsd, $old);
($code, $out) = capture('--source', 'x', @again, '--cron');
is($code, 1, 'a change is in the exit code');
is($out, "changed\t" . key_name('s1', 'mail') . "\t127.0.0.1:$old\n" .
	"changed\t" . key_name('nope', 'mail') . "\t127.0.0.1:$old\n",
	'and named');
like(results(entries())->{ key_name('s1', 'mail') }, qr/^present secure$/,
	'the new key is there');

# Signatures of another month than those above: no time at which all hold.
Dns::sign_zone($folder, 'mail.test', inception => '20160301000000',
	expiration => '20160401000000', keys => [ $keys->{'mail.test'} ]);
stop_programs();
$servers = start_servers($folder);
new_store();
capture('--server', $servers->{nsd}, key_name('s1', 'mail'));
is(results(entries())->{ key_name('s1', 'mail') }, 'present bogus window',
	'times that do not meet');

# ---- lists of names

new_store();
put(scratch() . '/wants.tsv', "domain\tselector\tfirst\tlast\tcount\n" .
	"plain.test\ts1\t-\t-\t3\nplain.test\tno\t-\t-\t1\n" .
	"bad domain(\tx\t-\t-\t1\n");
($code, $out, $err) = capture('--server', $servers->{unbound}, '--wants',
	scratch() . '/wants.tsv');
is($code, 3, 'a line that is no name');
like($err, qr{wants\.tsv:4: not the name of a key: bad domain}, 'is named');
like($out, qr/^2 names of 1 servers: 1 present 1 NXDOMAIN$/m,
	'the others are captured');
put(scratch() . '/domains', "plain.test\nmail.test\n");
put(scratch() . '/selectors', "# common ones\ns1\nselector1\n");
new_store();
($code, $out) = capture('--server', $servers->{unbound}, '--domains',
	scratch() . '/domains', '--selectors', scratch() . '/selectors');
is($code, 0, 'every selector at every domain');
like($out, qr/^4 names of/, 'four names');
for my $case ([ [], qr/no names/ ], [ [ '--selectors', 'x' ],
    qr/goes with --domains/ ], [ [ '--jobs', 0, 'x' ], qr/--jobs/ ],
    [ [ '--server', 'ns.example.org', 'x' ], qr/no address/ ]) {
	($code, $out, $err) = capture('--server', $servers->{unbound},
	    @{ $case->[0] });
	is($code, 2, "usage: $case->[1]");
	like($err, $case->[1], 'and why');
}

# ---- a server that lies

# The question of a query, and its length.
sub question {
	my ($query) = @_;
	my $at = 12;
	$at += 1 + ord substr $query, $at, 1 while ord substr $query, $at, 1;
	return substr $query, 12, $at + 5 - 12;
}

sub answer {
	my ($query, $flags, $question, $records, $n) = @_;
	return substr($query, 0, 2) . pack('n5', $flags, 1, $n, 0, 0) .
	    $question . $records;
}

# What it sends for a name, by the first label.
my %lies = (
	another => sub {
		my $question = question($_[0]) =~ s/^(.)a/$1e/ir;
		return answer($_[0], 0x8180, $question, "\xc0\x0c" .
		    pack('n2Nn', 16, 1, 60, 3) . "\2p=", 1);
	},
	garbage => sub {
		return answer($_[0], 0x8180, question($_[0]), "\xff\xff", 1);
	},
	foreign => sub {
		return answer($_[0], 0x8180, question($_[0]), "\4evil\0" .
		    pack('n2Nn', 16, 1, 60, 3) . "\2p=", 1);
	},
	fail => sub { return answer($_[0], 0x8182, question($_[0]), '', 0) },
	lame => sub { return answer($_[0], 0x8105, question($_[0]), '', 0) },
	referral => sub {
		return answer($_[0], 0x8180, question($_[0]), '', 0);
	},
	cut => sub { return answer($_[0], 0x8380, question($_[0]), '', 0) },
	small => sub { # the case of the name is not given back
		return answer($_[0], 0x8180, lc question($_[0]), "\xc0\x0c" .
		    pack('n2Nn', 16, 1, 60, 3) . "\2p=", 1);
	},
	id => sub {
		my $good = answer($_[0], 0x8180, question($_[0]), "\xc0\x0c" .
		    pack('n2Nn', 16, 1, 60, 3) . "\2p=", 1);
		return (("\0\0" ^ "\1" . substr $good, 0, 2) .
		    substr($good, 2), $good);
	},
	silent => sub { return () },
);

sub serve_lies {
	my ($port) = @_;
	my $socket = IO::Socket::INET->new(Proto => 'udp', LocalPort => $port,
	    LocalAddr => '127.0.0.1') or die $!;
	while (defined(my $from = recv $socket, my $query, 4096, 0)) {
		my ($label) = question($query) =~ /^.([a-z]+)/is;
		send $socket, $_, 0, $from for ($lies{ lc($label // '') } //
		    $lies{silent})->($query);
	}
}

my $liar = free_port();
my $pid = fork // die;
if ($pid == 0) {
	serve_lies($liar);
	POSIX::_exit(0);
}
push @Dns::children, $pid;
new_store();
($code, $out, $err) = capture('--server', "127.0.0.1:$liar", '--timeout', 400,
	'--retries', 0, map { key_name($_, 'x') } sort keys %lies);
is($code, 3, 'no answer is in the exit code');
my %said = map { /^([a-zA-Z ]+)\t([a-z]+)\./ ? ($2 => $1) : () } split /\n/, $out;
is_deeply(\%said, { another => 'mismatched', garbage => 'malformed',
	foreign => 'malformed', fail => 'SERVFAIL', lame => 'refused',
	small => 'mismatched',
	referral => 'incomplete', cut => 'unreachable', silent => 'timed out' },
	'each is called by its name') or diag($out);
@entries = entries();
is_deeply([ map { $_->{name} } of_type('observation', @entries) ],
	[ key_name('id', 'x') ],
	'only the answer behind the spoofed one is an observation');
my %notes = map { $_->{name} => $_->{reason} } of_type('annotation', @entries);
is_deeply(\%notes, { key_name('small', 'x') => 'mismatched-answer',
	key_name('id', 'x') => 'mismatched-answer',
	key_name('another', 'x') => 'mismatched-answer',
	key_name('garbage', 'x') => 'malformed-answer',
	key_name('foreign', 'x') => 'malformed-answer' },
	'what was sent instead, or before, is kept');
kill 'KILL', $pid;
waitpid $pid, 0;

# ---- interrupted

new_store();
my $slow = fork // die;
if ($slow == 0) {
	open STDOUT, '>', '/dev/null';
	open STDERR, '>', scratch() . '/slow.err';
	exec('keysnap', 'capture', $store, @anchor, '--server',
	    $servers->{unbound}, '--jobs', 1, '--rate', 10,
	    map { key_name("p$_", 'plain') } 1 .. 500) or POSIX::_exit(127);
}
select undef, undef, undef, 3;
kill 'INT', $slow;
waitpid $slow, 0;
is($? >> 8, 130, 'interrupted');
my $kept = of_type('observation', entries());
cmp_ok($kept, '>', 0, 'what was captured is kept');
cmp_ok($kept, '<', 100, 'the rate was kept, too');
($code, $out) = capture('--server', $servers->{unbound}, '--resume',
    map { key_name("p$_", 'plain') } 1 .. 500);
is($code, 0, 'goes on');
like($out, qr/^@{[500 - $kept]} names of/, 'with the rest');
is(scalar(of_type('observation', entries())), 500, 'nothing twice');

done_testing();
