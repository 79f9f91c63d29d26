#!/usr/bin/perl
# keysnap_audit.t - audits as a user makes them: every kind of finding, again
# without new keys, with new ones, killed and interrupted at any time.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha1_hex sha256_hex);
use E2e;
use JSON::PP;
use Math::BigInt;
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;
use Time::HiRes qw(sleep);

my $folder = scratch();
chdir $folder or die;
my $moduli = generator() =~ s/make_archive$/make_moduli/r;
my @made = ('--made', '2020-01-01');

sub store {
	my ($store, @files) = @_;
	unlink $store, "$store-lock";
	ok_run('keysnap', 'init', $store, '--origin', 'example.org/keys');
	add($store, @files);
}

sub add {
	my ($store, @files) = @_;
	ok_run('keysnap', 'import', $store, '--format', 'jsonl', '--source',
	    'test', '--imported-at', '2020', $_) for @files;
}

sub audit { return run('keysnap', 'audit', @_) }

sub lines { return split /\n/, ok_run('keysnap', 'export', $_[0], '--format',
    'log') }

# "selector check result" of each finding in a log.
sub findings {
	my ($out) = @_;
	my @found;
	for (map { decode_json($_) } split /\n/, $out) {
		next if $_->{schema} ne 'keysnap-audit-finding 1';
		my ($selector) = $_->{name} =~ /^([^.]+)/;
		push @found, "$selector $_->{log}{check} $_->{log}{result}";
	}
	return @found;
}

sub record {
	my ($selector, $domain, $txt) = @_;
	return "{\"domain\":\"$domain\",\"selector\":\"$selector\","
	    . "\"txt\":\"$txt\",\"first_seen\":\"2015-01-01\"}\n";
}

sub der {
	my ($tag, $content) = @_;
	my $n = length $content;
	return pack('C', $tag) . ($n < 128 ? pack 'C', $n
	    : $n < 256 ? pack 'CC', 0x81, $n : pack 'Cn', 0x82, $n) . $content;
}

sub integer {
	my ($hex) = @_;
	$hex = "0$hex" if length($hex) % 2;
	$hex = "00$hex" if $hex =~ /^[89a-f]/i;
	return der(2, pack 'H*', $hex);
}

sub rsa {
	my ($modulus, $exponent) = @_;
	return 'v=DKIM1; p='
	    . encode_base64(der(0x30, integer($modulus) . integer($exponent)),
		'');
}

# Modulus, in hex, of the bare key in a record.
sub modulus {
	my ($txt) = @_;
	my ($p) = $txt =~ /p=(\S+)/;
	my $der = decode_base64($p);
	my ($rest) = $der =~ /^\x30(?:[\0-\x7f]|\x81.|\x82..)(.*)/s or die;
	my ($long, $short) = $rest =~ /^\x02(?:\x82(..)|(?:\x81)?(.))/s or die;
	my $n = defined $long ? unpack 'n', $long : ord $short;
	my $head = defined $long ? 4 : $n < 128 ? 2 : 3;
	return unpack('H*', substr $rest, $head, $n) =~ s/^0+//r;
}

# ---- every kind of finding

ok_run($moduli, '--kinds', '--out', 'kinds.jsonl');
store('kinds', 'kinds.jsonl', top() . '/data/rfc-keys.jsonl');
put('good.jsonl', record('ed', 'a.example', 'v=DKIM1; k=ed25519; p='
    . encode_base64("\1" . "\0" x 31, '')) . record('revoked', 'a.example',
    'v=DKIM1; p=') . record('broken', 'a.example', 'v=DKIM1; p=AAAA'));
add('kinds', 'good.jsonl');
my $before = lines('kinds');
my ($code, $out, $err) = audit('kinds', '--json', @made);
is($code, 0, 'an audit');
is($err, '', 'without a word');
is_deeply([ sort(findings($out)) ], [ sort(split /\n/, <<'END') ], 'findings');
brisbane sample-key bad
brisbane sample-key bad
close close-primes bad
close shared-factor bad
ed small-order bad
even same-modulus unknown
even shared-factor unknown
even small-factor bad
exponent-1 exponent bad
exponent-1 shared-factor bad
exponent-3 same-modulus unknown
exponent-3 shared-factor unknown
exponent-even exponent bad
exponent-even shared-factor bad
good-512 modulus-size bad
good-768 modulus-size bad
long small-factor bad
multiple shared-factor bad
one exponent unknown
one modulus-size bad
prime prime-modulus bad
roca roca bad
roca-large roca unknown
shared-1 shared-factor bad
shared-2 shared-factor bad
shared-3 shared-factor bad
small same-modulus unknown
small shared-factor unknown
small small-factor bad
square perfect-power bad
square shared-factor bad
test sample-key bad
too-long modulus-size unknown
victim same-modulus unknown
victim shared-factor unknown
END
my @log = lines('kinds');
my ($end) = map { decode_json($_) } (split /\n/, $out)[-1];
is($end->{schema}, 'keysnap-audit 1', 'the last line');
is_deeply([ @$end{qw(added bad below keys new_keys findings)} ],
    [ JSON::PP::true, 24, $before, 28, 28, 35 ], 'and what it counts');
is($end->{entry}, $#log, 'the audit entry is the last one');
is($log[-1], "{\"below\":$before,\"checks\":[\"close-primes\",\"exponent\","
    . '"modulus-size","perfect-power","prime-modulus","roca","same-modulus",'
    . '"sample-key","shared-factor","small-factor","small-order",'
    . '"unrelated-domains"],"keys":28,"made":"2020-01-01T00:00:00Z","tool":'
    . '"keysnap 0.2.0","type":"audit"}', 'octet for octet');

# Factors are factors, and "with" names keys that have them, too.
my (%modulus, %key, $factors);
for (map { decode_json($_) } split /\n/, get('kinds.jsonl')) {
	$modulus{"$_->{selector}._domainkey.$_->{domain}"} =
	    Math::BigInt->from_hex(modulus($_->{txt}));
}
my @found = grep { $_->{schema} eq 'keysnap-audit-finding 1' }
    map { decode_json($_) } split /\n/, $out;
$key{ $_->{log}{key} } = $_->{name} for @found;
for my $finding (@found) {
	my ($name, $log) = ($finding->{name}, $finding->{log});
	next unless $log->{factor};
	my $factor = Math::BigInt->from_hex($log->{factor});
	my @of = ($name, map { $key{$_} // 'unnamed' } @{ $log->{with} // [] });
	for my $of (@of) {
		ok($modulus{$of} % $factor == 0
		    || $modulus{$of} % ($modulus{$name} / $factor) == 0,
		    "$name: a factor of $of");
	}
	ok($factor > 1 && $factor < $modulus{$name}, "$name: a proper one");
	$factors++;
}
cmp_ok($factors, '>', 8, 'there were factors');

($code, $out, $err) = audit('kinds');
is($code, 0, 'again');
is($out, "kinds: no observations that were not audited before, nothing "
    . "added\n", 'that there is nothing new is said');
is(scalar lines('kinds'), @log, 'nothing is added');
($code, $out) = audit('kinds', '--again', @made);
like($out, qr/28 keys, 28 of them new; 0 findings added, 0 of them bad/,
    'all over again finds nothing twice');
like(ok_run('keysnap', 'show', 'kinds', 'shared-1._domainkey.kinds.example'),
    qr/shared-factor: BAD, factor [0-9a-f]{128}, with key/,
    'show has the findings');
ok_run('keysnap', 'freeze', 'kinds', 'kinds.snap');
ok_run('keysnap', 'verify', 'kinds.snap');
($code) = audit('kinds.snap');
is($code, 4, 'a snapshot is not audited');

# ---- new keys against old ones, names, retractions

ok_run($moduli, '--keys', 40, '--bits', 1024, '--shared', 3, '--out', 'm');
my @m = split /^/, get('m');
put('old', join '', @m[ 0 .. 5 ]);
put('new', join '', @m[ 6 .. 39 ]);
store('parts', 'old');
($code, $out) = audit('parts', @made);
my @prime = $out =~ /prime-modulus/g;
like($out, qr/6 keys, 6 of them new; ${\scalar @prime} findings/,
    'nothing in common so far');
add('parts', 'new');
($code, $out) = audit('parts', '--json', @made);
is(scalar(grep { /shared-factor bad/ } findings($out)), 6,
    'three pairs, one key of the first was there before');
($end) = map { decode_json($_) } (split /\n/, $out)[-1];
is($end->{new_keys}, 34, 'the new keys are counted');
put('names', record('s9', 'other.test', decode_json($m[0])->{txt})
    . record('s8', 'd0.example', decode_json($m[0])->{txt}));
add('parts', 'names');
($code, $out) = audit('parts', @made);
like($out, qr/^--   s1\._domainkey\.d0\.example \(and other names\)  RSA 1024  (?x:
    )unrelated-domains: seen under s1\._domainkey\.d0\.example and under (?x:
    )s9\._domainkey\.other\.test; entry \d+\nparts: 40 keys, 0 of them new; (?x:
    )1 findings added, 0 of them bad; audit is entry \d+\n$/,
    'an old key under another domain');
my ($n) = $out =~ /audit is entry (\d+)/;
ok_run('keysnap', 'annotate', 'parts', '--retract', $n, @made);
($code, $out) = audit('parts', @made);
like($out, qr/0 of them new; 0 findings added/,
    'after a retraction the names are looked at again');
($code, $out) = audit('parts', @made);
like($out, qr/nothing added/, 'and then no more');

# ---- lists

my $hex = modulus(decode_json($m[20])->{txt});
my $debian = substr sha1_hex('Modulus=' . uc($hex) . "\n"), 20;
put('debian', "# a list\n00005890bc78bcbee3ca\n$debian\n");
my $other = pack 'H*', modulus(decode_json($m[21])->{txt});
put('badkeys', substr(sha256_hex($other), 0, 16) . ";rsa/7.key\n");
($code, $out) = audit('parts', '--json', '--debian-weak', 'debian',
    '--debian-weak', 'badkeys', @made);
is_deeply([ findings($out) ], [ 's1 debian-weak bad', 's2 published-key bad' ],
    'the lists alone find what is on them');
@log = lines('parts');
like($log[-3], qr/"evidence":\["${\sha256_hex(get('debian'))}"\].*"since":(?x:
    )"2008-05-13T00:00:00Z"/, 'the list is the evidence');
like($log[-2], qr/private half is public: rsa\/7\.key"/, 'the line is told');
like($log[-1], qr/"debian-weak",.*"published-key",.*"evidence":\["/,
    'the audit names checks and lists');
($code, $out) = audit('parts', '--debian-weak', 'badkeys');
like($out, qr/nothing added/, 'one of the lists again');
put('more', "00005890bc78bcbee3cb\n");
($code, $out) = audit('parts', '--debian-weak', 'more', @made);
like($out, qr/0 findings added/, 'another list is another audit');
put('bad', "# x\n$debian\n$debian;\n");
($code, $out, $err) = audit('parts', '--debian-weak', 'bad');
is($code, 3, 'a bad list');
like($err, qr/bad:3: neither a line of openssl-blacklist/, 'and its line');
put('empty', "# x\n");
($code, $out, $err) = audit('parts', '--debian-weak', 'empty');
is($code, 3, 'a list without keys');
like($err, qr/empty: no key is on this list/, 'is refused');

# ---- options

($code) = audit('kinds', '--memory', $_) and is($code, 2, "--memory $_")
    for '', '1', '15M', '16MM', '-1', '99999999999999999999';
($code) = audit('kinds', '--jobs', $_) and is($code, 2, "--jobs $_")
    for '-1', '257';
($code) = audit('kinds', '--made', 'x');
is($code, 2, '--made');
store('exit', 'm');
($code) = audit('exit', '--exit-code');
is($code, 1, '--exit-code with bad keys');
($code) = audit('exit', '--exit-code');
is($code, 0, 'and with nothing new');

# ---- the same entries, whatever the memory, threads, kills

ok_run($moduli, '--keys', 1500, '--bits', 768, '--shared', 20, '--out', 'm1500');
store('many', 'm1500');
my $copy = get('many');
audit('many', @made);
my $want = join "\n", lines('many');
is(scalar(() = $want =~ /"check":"shared-factor"/g), 40, 'forty share');
for (['-j1'], ['-j8', '--memory', '16M'], ['-j3', '--memory', '17M']) {
	put('one', $copy);
	audit('one', @made, @$_);
	ok(join("\n", lines('one')) eq $want, "the same entries: @$_");
}

my ($kills, $went_on) = (0, 0);
srand 4;
for my $round (1 .. 3) {
	put('one', $copy);
	for my $try (0 .. 200) {
		my $child = fork // die;
		if ($child == 0) {
			open STDOUT, '>', 'killed.out' or die;
			open STDERR, '>', 'killed.err' or die;
			exec 'keysnap', 'audit', 'one', '-j2', '--memory',
			    '16M', @made or exit 127;
		}
		sleep 0.02 + rand(0.2 + $try / 20);
		kill 'KILL', $child;
		waitpid $child, 0;
		$went_on++ if get('killed.err') =~ /went on with an audit/;
		last if $? == 0;
		$kills++;
	}
	ok(join("\n", lines('one')) eq $want, "the same after kills, $round");
}
cmp_ok($kills, '>', 3, "it was killed ($kills times)");
cmp_ok($went_on, '>', 0, 'and went on where it was');

# Entries that come while an audit is broken off are covered by another one.
put('one', $copy);
my $child = fork // die;
if ($child == 0) {
	open STDERR, '>', 'interrupted' or die;
	exec 'keysnap', 'audit', 'one', '-j1', @made or exit 127;
}
sleep 0.02 while !-s 'one' || get('one') !~ /plan/ && kill 0, $child;
kill 'INT', $child;
waitpid $child, 0;
is($?, 130 << 8, 'SIGINT: exit 130');
like(get('interrupted'), qr/interrupted; what was done so far is kept/,
    'and it is said');
is(scalar lines('one'), 1502, 'no entry so far');
put('late', record('late', 'late.example', rsa(modulus(decode_json($m[0])
    ->{txt}), '10001')));
add('one', 'late');
($code, $out, $err) = audit('one', '-j1', '--made', '2021-01-01');
like($err, qr/went on with an audit that was begun before/, 'gone on with');
like($out, qr/: 1500 keys, 1500 of them new;.*: 1501 keys, 1 of them new;/s,
    'and then the new key');
like((lines('one'))[-1], qr/"below":\d+.*"made":"2021-01-01/, 'its own time');
is(scalar(() = join('', lines('one')) =~ /"made":"2020-01-01/g),
    scalar(() = $want =~ /"made":"2020-01-01/g), 'the first kept its time');

# ---- hostile stores

my $n1 = modulus(decode_json($m[0])->{txt});
put('crowd.jsonl', join '', (map { record("s$_", 'crowd.example',
	rsa($n1, sprintf '%x', 2 * $_ + 65537)) } 1 .. 2000),
    (map { record("t$_", 'crowd.example', rsa(sprintf('%x', $_), '3')) }
	1 .. 300), (map { record('same', "d$_.example", rsa($n1, '3')) }
	1 .. 1000));
store('crowd', 'crowd.jsonl');
($code, $out, $err) = audit('crowd', '--json', '--memory', '16M', @made);
is($code, 0, 'a crowd of keys with one modulus');
is(scalar(grep { /same-modulus unknown/ } findings($out)), 2001, 'all named');
cmp_ok(-s 'crowd', '<', 16e6, 'at no great length');
($code, $out, $err) = audit('crowd', '-j200', '--again', '--memory', '16M');
is($code, 2, 'too little memory for so many threads');
like($err, qr/keys need \d+ megabytes of memory at least/, 'how much is said');
done_testing();
