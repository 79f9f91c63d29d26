#!/usr/bin/perl
# keysnap_annotate.t - annotations as a user makes them, and all kinds of
# entries as show, list and stats print them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use SignedNote;
use Test::More;

my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my $name = 's1._domainkey.example.org';
my @made = ('--made', '2020-01-01');

sub annotate { return run('keysnap', 'annotate', 'store', @_) }

# One line of the log.
sub entry {
	my ($n) = @_;
	my @lines = split /\n/, ok_run('keysnap', 'export', 'store', '--format',
	    'log');
	return $n eq 'all' ? scalar @lines : $lines[$n];
}

sub refused {
	my ($why, $want, $words, @arguments) = @_;
	my $before = entry('all');
	my ($code, $out, $err) = annotate(@arguments);
	is($code, $want, "refused: $why");
	like($err, $words, "says why: $why");
	is($out, '', "nothing is said to be written: $why");
	is(entry('all'), $before, "nothing is added: $why");
}

ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
put('keys.jsonl', join '', map {
	"{\"domain\":\"example.org\",\"selector\":\"s1\",\"txt\":"
	    . "\"v=DKIM1; k=ed25519; $_\",\"first_seen\":\"2011-01-01\"}\n" }
    "p=$raw", 'p=');
put('other.jsonl', "{\"domain\":\"example.net\",\"selector\":\"s2\",\"txt\":"
    . "\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2012\"}\n");
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    '--imported-at', '2020', $_) for 'keys.jsonl', 'other.jsonl';
my ($key) = ok_run('keysnap', 'show', 'store', $name) =~ /sha256  (\w{64})/;

# What is written, octet for octet: entries 6 to 12.
put('scan', "a scan\n");
put('letter', "a letter\n");
my ($scan, $letter) = map { sha256_hex(get($_)) } 'scan', 'letter';
my ($code, $out) = annotate('--note', 'seen on paper', '--entry', '3',
    '--entry', '2', '--entry', '3', '--evidence', 'scan', '--evidence',
    'letter', '--evidence', 'scan', '--operator', 'A. Clerk', @made);
is($code, 0, 'a note');
is($out, "evidence $scan  scan\nevidence $letter  letter\n"
    . "store: note is entry 6\n", 'its number and its evidence');
is(entry(6), "{\"evidence\":[\"$scan\",\"$letter\"],\"kind\":\"note\","
    . '"made":"2020-01-01T00:00:00Z","operator":"A. Clerk","target":[2,3],'
    . '"text":"seen on paper","type":"annotation"}', 'the entry');
is((annotate('--retract', '3', '2', '--text', 'oops', @made))[1],
    "store: retract is entry 7\n", 'a retraction of two');
is(entry(7), '{"kind":"retract","made":"2020-01-01T00:00:00Z",'
    . '"target":[2,3],"text":"oops","type":"annotation"}', 'the entry');
is((annotate('--retract', '7', @made))[0], 0, 'retracted in turn');
is((annotate('--compromise', '--key', $key, '--since',
    '2019-03-04T05:06:07Z', '--precision', 'month', '--name',
    'S1._domainkey.Example.ORG.', @made))[0], 0, 'a compromise');
is(entry(9), "{\"key\":\"$key\",\"kind\":\"compromise\","
    . '"made":"2020-01-01T00:00:00Z","name":"s1._domainkey.example.org",'
    . '"precision":"month","since":"2019-03-01T00:00:00Z",'
    . '"type":"annotation"}', 'the entry: the time at its earliest');
is((annotate('--private-key-published', '--key', $key, '--since',
    '2021-05-06', '--text', 'a paste', @made))[0], 0, 'a published key');
like(entry(10), qr/"precision":"day","since":"2021-05-06T00:00:00Z"/,
    'as exact as it is written');
($code, $out, my $err) =
    annotate('--note', "two\nlines\e[31m", '--name', 'x.example.com', @made);
is($code, 0, 'a note on a name that is not there yet');
like($err, qr/nothing under x\.example\.com so far/, 'that is said');
is((annotate('--retract', '3', @made))[0], 0, 'entry 3 is retracted');
my %coarser = (second => '05:06:07', minute => '05:06:00', hour => '05:00:00',
    day => '00:00:00', month => '00:00:00', year => '00:00:00');
for my $precision (sort keys %coarser) {
	my $day = $precision eq 'year' ? '1960-01-01'
	    : $precision eq 'month' ? '1960-03-01' : '1960-03-04';
	ok_run('keysnap', 'init', "p-$precision");
	ok_run('keysnap', 'annotate', "p-$precision", '--compromise', '--key',
	    $key, '--since', '1960-03-04 05:06:07', '--precision', $precision);
	like(ok_run('keysnap', 'export', "p-$precision", '--format', 'log'),
	    qr/"since":"${day}T$coarser{$precision}Z"/, "--precision $precision");
}

# Refusals.
refused('no kind', 2, qr/one of --retract/, '--text', 'x');
refused('two kinds', 2, qr/one of --retract/, '--note', 'x', '--retract', '2');
refused('a note on nothing', 2, qr/about an --entry/, '--note', 'x');
refused('an empty note', 2, qr/empty/, '--note', '', '--entry', '2');
refused('a note too long', 2, qr/65536/, '--note', 'x' x 65537, '--entry', '2');
refused('an operator too long', 2, qr/4096/, '--retract', '2', '--operator',
    'x' x 4097);
refused('a note with --text', 2, qr/--text/, '--note', 'x', '--entry', '2',
    '--text', 'y');
refused('entry 0', 2, qr/cannot be retracted/, '--retract', '0');
refused('no such entry', 2, qr/no entry 99 in store: its last is 12/,
    '--retract', '2', '99');
refused('the next entry', 2, qr/no entry 13/, '--note', 'x', '--entry', '13');
refused($_, 2, qr/no number of an entry/, "--retract=$_")
    for '-1', '2x', '', '0x2', '18446744073709551618', '9007199254740992';
refused('too many entries', 2, qr/4096/, '--retract', ('2') x 4097);
refused('a retraction by key', 2, qr/takes entries/, '--retract', '2', '--key',
    $key);
refused('a compromise without a key', 2, qr/--key is missing/, '--compromise',
    '--name', $name);
refused('a compromise of an entry', 2, qr/--entry goes with/, '--compromise',
    '--key', $key, '--entry', '2');
refused('upper-case hex', 2, qr/64 hex/, '--compromise', '--key', uc $key);
refused('no name', 2, qr/is no name/, '--note', 'x', '--name', 'a..b');
refused('a note with a time', 2, qr/--since goes/, '--note', 'x', '--entry',
    '2', '--since', '2019');
refused('no time', 2, qr/not a time/, '--compromise', '--key', $key, '--since',
    'May');
refused('too exact', 2, qr/not as exact/, '--compromise', '--key', $key,
    '--since', '2019-03', '--precision', 'day');
refused('no precision', 2, qr/--precision is/, '--compromise', '--key', $key,
    '--since', '2019-03', '--precision', 'week');
refused('a precision of nothing', 2, qr/--precision goes/, '--compromise',
    '--key', $key, '--precision', 'day');
refused('more arguments', 2, qr/too many/, '--note', 'x', '--entry', '2', '3');
refused('--made', 2, qr/--made/, '--retract', '2', '--made', 'soon');
put('empty', '');
put('large', 'x' x (16 * 1024 * 1024 + 1));
refused("evidence: $_", 3, qr/$_/, '--retract', '2', '--evidence', 'scan',
    '--evidence', $_) for 'empty', 'large', 'missing', '.';
put('largest', 'x' x (16 * 1024 * 1024));
ok_run('keysnap', 'init', 'large-store');
is((run('keysnap', 'annotate', 'large-store', '--note', 'x', '--entry', '0',
    '--evidence', 'largest'))[0], 0, 'evidence as large as it may be');
is((run('keysnap', 'annotate', 'missing', '--retract', '1'))[0], 3,
    'a store that is not there');
my $root = log_root(ok_run('keysnap', 'export', 'store', '--format', 'log'));
my $damaged = get('store') =~ s/\Q$root\E/"\0" x 32/ger;
put('damaged', $damaged);
is((run('keysnap', 'annotate', 'damaged', '--retract', '1'))[0], 4,
    'a store that is damaged');

# show, list, stats.
my $show = ok_run('keysnap', 'show', 'store', $name);
like($show, $_, "show: $_") for
    qr/^  entry 2  present /m,
    qr/^  entry 3  RETRACTED by entry 12  present /m,
    qr/^  entry 6  note  on entries 2, 3: seen on paper, says A\. Clerk, made 2020-01-01T00:00:00Z, evidence $scan, evidence $letter$/m,
    qr/^  entry 7  RETRACTED by entry 8  retraction  entries 2, 3 no longer count: oops, /m,
    qr/^  entry 8  retraction  entry 7 no longer counts, /m,
    qr/^  entry 9  compromise  the private key of key 1 under \Q$name\E is compromised: others may have had it since 2019-03, /m,
    qr/^  entry 10  private key published  the private key of key 1 was published: others may have had it since 2021-05-06: a paste, /m;
unlike($show, qr/entry 11/, 'not what is about another name');
like(ok_run('keysnap', 'show', 'store', 'x.example.com'),
    qr/^  entry 11  note  on x\.example\.com: two\\u\{0a\}lines\\u\{1b\}\[31m, /m,
    'show: text that cannot move the cursor');
my $other = ok_run('keysnap', 'show', 'store', 's2', 'example.net');
like($other, qr/^  entry 10  private key published/m,
    'the key under another name');
unlike($other, qr/entry 9 /, 'not what is about the first name alone');
is(scalar(grep { /"log":\{.*"type":"annotation"/ } split /\n/,
    ok_run('keysnap', 'show', 'store', $name, '--json')), 6, 'show --json');
my $list = ok_run('keysnap', 'list', 'store');
like($list, qr/^\Q$name\E .*; 6 annotations$/m, 'list counts');
like($list, qr/^x\.example\.com +no record; 1 annotation$/m,
    'list: a name without a record');
my ($head, $counts) =
    records(ok_run('keysnap', 'stats', 'store', '--json'));
is_deeply($counts->{annotations}, { note => 2, retract => 3, compromise => 1,
    'private-key-published' => 1 }, 'stats counts annotations');
like(ok_run('keysnap', 'stats', 'store'),
    qr/^annotations   7\n  notes       2\n  retractions 3\n/m, 'in words');

# The evidence is in the snapshot, which says the same.
ok_run('keysnap', 'freeze', 'store', 'snap');
ok_run('keysnap', 'verify', 'snap', '--root', unpack 'H*',
    log_root(get('snap/log.jsonl')));
is(ok_run('keysnap', 'show', 'snap', $name), $show, 'a snapshot shows the same');
like(get('snap/evidence/pack-000000'), qr/^$scan 7\na scan\n$/m, 'evidence');

# Entries that other commands write, in a log made by hand.
my $state = unpack 'H*', log_root(join '', map { "$_\n" }
    (split /\n/, get('snap/log.jsonl'))[0 .. 5]);
my $log = get('snap/log.jsonl') . join '', map { "$_\n" }
    '{"first":"2013-01-01T00:00:00Z","last":"2014-01-01T00:00:00Z","line":9,"of":[2],"precision":"day","source":1,"time_kind":"observed","type":"sighting"}',
    "{\"evidence\":[\"$scan\"],\"kind\":\"rfc3161\",\"made\":\"2020-01-01T00:00:00Z\",\"precision\":\"second\",\"root\":\"$state\",\"size\":6,\"time\":\"2019-01-01T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"anchor\"}",
    "{\"authority\":\"TSA\",\"digest\":\"@{[sha256_hex(get('other.jsonl'))]}\",\"evidence\":[\"$scan\"],\"kind\":\"note\",\"made\":\"2020-01-01T00:00:00Z\",\"precision\":\"day\",\"time\":\"2018-01-01T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"anchor\"}",
    "{\"evidence\":[\"$scan\"],\"from\":\"2012-01-01T00:00:00Z\",\"made\":\"2020-01-01T00:00:00Z\",\"observation\":2,\"result\":\"secure\",\"tool\":\"keysnap 1\",\"type\":\"chain-result\",\"until\":\"2012-02-01T00:00:00Z\"}",
    "{\"check\":\"sample-key\",\"detail\":\"of RFC 8463\",\"key\":\"$key\",\"made\":\"2020-01-01T00:00:00Z\",\"precision\":\"month\",\"result\":\"bad\",\"since\":\"2018-09-01T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"key-health\"}",
    '{"below":13,"checks":["exponent","modulus-size"],"keys":1,"made":"2020-01-01T00:00:00Z","tool":"keysnap 1","type":"audit"}',
    '{"kind":"retract","made":"2020-01-01T00:00:00Z","target":[14],"type":"annotation"}',
    '{"type":"weather"}',
    '{"kind":"retract","made":"2020-01-01T00:00:00Z","target":[4],"type":"annotation"}';
put('snap/log.jsonl', $log);
my $manifest = get('snap/MANIFEST');
my $digest = sha256_hex($log);
$manifest =~ s/^\w+(  log\.jsonl)$/$digest$1/m or die;
put('snap/MANIFEST', $manifest);
put('snap/checkpoint', "example.org/keys\n22\n"
    . encode_base64(log_root($log), "") . "\nmanifest-sha256 "
    . sha256_hex($manifest) . "\n");
$show = ok_run('keysnap', 'show', 'snap', $name);
like($show, $_, "show: $_") for
    qr/^  entry 13  sighting  entry 2 seen again 2013-01-01 \.\. 2014-01-01 \(observed\) by test, keys\.jsonl line 9$/m,
    qr/^  entry 14  RETRACTED by entry 19  anchor  a time stamp \(RFC 3161\) shows that the entries below 6 existed by 2019-01-01T00:00:00Z, checked 2020-01-01T00:00:00Z by keysnap 1, evidence $scan$/m,
    qr/^  entry 16  DNSSEC  the chain of entry 2 is secure, valid 2012-01-01T00:00:00Z \.\. 2012-02-01T00:00:00Z, /m,
    qr/^  entry 17  finding  key 1, sample-key: BAD, forgeable since 2018-09: of RFC 8463, checked /m,
    qr/^  entry 18  audit  the keys of the entries below 13, good where no finding says otherwise: exponent, modulus-size, /m,
    qr/^  entry 19  retraction  entry 14 no longer counts, /m;
unlike($show, qr/entry (15|20) /, 'not the anchor of another file');
$other = ok_run('keysnap', 'show', 'snap', 's2 example.net');
like($other, qr/^  entry 5  RETRACTED by entry 21  present /m,
    'an observation of a retracted source');
like($other,
    qr/^  entry 15  anchor  a signed note shows that these octets existed: \w{64}, by 2018-01-01, says TSA, /m,
    'an anchor of the file that a name comes from');
unlike(ok_run('keysnap', 'show', 'snap', 'x.example.com'),
    qr/entry (14|15) /, 'no anchor of what came later');
like(ok_run('keysnap', 'list', 'snap'),
    qr/; 6 annotations, 1 sighting, 1 chain result, 1 finding$/m, 'list');
like(ok_run('keysnap', 'stats', 'snap'), qr/^sightings     1\nannotations   9\n(?:  .*\n)*anchors       2\nchain results 1\nfindings      1\naudits        1\nunknown       1\n/m, 'stats');

done_testing();
