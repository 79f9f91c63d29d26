#!/usr/bin/perl
# keysnap_merge.t - the entries of one log in another, and what differs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use File::Copy qw(copy);
use SignedNote;
use Test::More;

my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my @made = ('--made', '2020-01-01');
my $when = '2020-01-01T00:00:00Z';

sub lines { return split /\n/, ok_run('keysnap', 'export', $_[0], '--format',
    'log') }

sub import_file {
	my ($store, $file, @more) = @_;
	return ok_run('keysnap', 'import', $store, '--format', 'jsonl',
	    '--source', 'test', '--imported-at', '2020', @more, $file);
}

sub record {
	my ($selector, $txt, $year) = @_;
	return "{\"domain\":\"example.org\",\"selector\":\"$selector\",\"txt\":"
	    . "\"v=DKIM1; k=ed25519; $txt\",\"first_seen\":\"$year\"}\n";
}

put('keys.jsonl', record('s1', "p=$raw", 2011) . record('s1', 'p=', 2013));
put('other.jsonl', record('s2', "p=$raw", 2012));
put('third.jsonl', record('s3', "p=$raw", 2014));
put('scan', "a scan\n");
my ($scan, $keys, $other) = map { sha256_hex(get($_)) }
    'scan', 'keys.jsonl', 'other.jsonl';
ok_run('keysnap', 'init', 'a', '--origin', 'a.example/keys');
ok_run('keysnap', 'init', 'b', '--origin', 'b.example/keys');
import_file('a', 'third.jsonl');
import_file($_, 'keys.jsonl') for 'a', 'b';
import_file('b', 'other.jsonl', '--operator', 'B. Clerk');
my ($key) = ok_run('keysnap', 'show', 'a', 's1', 'example.org')
    =~ /sha256  (\w{64})/;
ok_run('keysnap', 'annotate', 'b', '--note', 'on paper', '--entry', '5',
    '--entry', '3', '--evidence', 'scan', @made);
ok_run('keysnap', 'annotate', 'b', '--retract', '2', '--text', 'no', @made);
ok_run('keysnap', 'annotate', 'b', '--compromise', '--key', $key, @made);
copy('a', 'a0') or die;

# Two stores: what both have comes once, numbers become the store's.
my @a = lines('a');
my @b = lines('b');
is(scalar @a, 6, 'the store has six entries');
my ($code, $out, $err) = run('keysnap', 'merge', 'a', 'b', '--operator', 'me',
    @made);
is($code, 0, 'merge');
is($out, "b: 5 entries added (source 1, observation 1, annotation 3), "
    . "3 were there before\n", 'what came, and what did not');
like($err, qr/2 retractions or statements on keys came along/,
    'that others keys may count for less now is said');
my @m = lines('a');
is_deeply([ @m[0 .. 5] ], \@a, 'nothing there is changed');
is($m[6], $b[4], 'a source as it was, with its operator');
is($m[7], $b[5] =~ s/"source":4/"source":6/r, 'an observation of it');
is($m[8], "{\"evidence\":[\"$scan\"],\"kind\":\"note\",\"made\":\"$when\","
    . '"target":[5,7],"text":"on paper","type":"annotation"}',
    'a note on an entry of each');
is($m[9], "{\"kind\":\"retract\",\"made\":\"$when\",\"target\":[4],"
    . '"text":"no","type":"annotation"}', 'a retraction of what was there');
is($m[10], $b[8], 'a compromise');
my $root_b = unpack 'H*', log_root(join '', map { "$_\n" } @b);
is($m[11], "{\"kind\":\"note\",\"made\":\"$when\",\"operator\":\"me\","
    . '"reason":"merged","target":[6,8,9,10],"text":"copied from the log '
    . '\"b.example/keys\" of 9 entries with the root '
    . "$root_b, a store that was not frozen\",\"type\":\"annotation\"}",
    'where it comes from');
is(scalar @m, 12, 'and no more');
($code, $out, $err) = run('keysnap', 'merge', 'a', 'b', '--operator', 'x');
is("$code $out$err", "0 b: nothing added, all 8 entries were there before\n",
    'the same again adds nothing and says so');
is_deeply([ lines('a') ], \@m, 'really nothing');
copy('a0', 'a1') or die;
ok_run('keysnap', 'merge', 'a1', 'b', '--operator', 'me', @made);
is_deeply([ lines('a1') ], \@m, 'made again it is the same');
ok_run('keysnap', 'freeze', 'a', 'a.snap');
ok_run('keysnap', 'verify', 'a.snap');
like(get('a.snap/evidence/pack-000000'), qr/^$scan 7\na scan\n$/m,
    'with the evidence');
like(ok_run('keysnap', 'show', 'a', 's1', 'example.org'),
    qr/^  entry 4  RETRACTED by entry 9/m, 'the retraction counts');

# A snapshot, signed.
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'keygen', '-o', 'key2', '--name', 'example.org/other');
ok_run('keysnap', 'freeze', 'b', 'b.snap', '--sign-key', 'key');
copy('a0', 'a2') or die;
($code, $out, $err) = run('keysnap', 'merge', 'a2', 'b.snap', '--public-key',
    'key2.pub');
is($code, 4, 'a snapshot that another key signed');
is_deeply([ lines('a2') ], \@a, 'is not taken');
is((run('keysnap', 'merge', 'a2', 'b.snap', '--root', $root_b, @made))[0], 0,
    'one with its root');
copy('a0', 'a2') or die;
is((run('keysnap', 'merge', 'a2', 'b.snap', '--public-key', 'key.pub',
    '--operator', 'me', @made))[0], 0, 'one with its key');
my @s = lines('a2');
is_deeply([ @s[0 .. 10] ], [ @m[0 .. 10] ], 'the entries are the same');
my $checkpoint = sha256_hex(get('b.snap/checkpoint'));
my $vkey = get('key.pub') =~ s/\s+\z//r;
is($s[11], $m[11] =~ s/a store that was not frozen/a snapshot that a public key given vouches for, signed by $vkey/r
    =~ s/\{/{"evidence":["$checkpoint"],/r, 'and who vouched for it');
ok_run('keysnap', 'freeze', 'a2', 'a2.snap');
ok_run('keysnap', 'verify', 'a2.snap');
ok(index(get('a2.snap/evidence/pack-000000'), get('b.snap/checkpoint')) > 0,
    'its checkpoint is kept');
is((run('keysnap', 'merge', 'a', 'b.snap', '--root', $root_b))[1],
    "b.snap: nothing added, all 8 entries were there before\n",
    'the snapshot of a store that came before');

# An earlier state of the same log.
copy('b', 'b2') or die;
import_file('b2', 'third.jsonl');
my $state = $root_b;
my @more = (
	"{\"evidence\":[\"$scan\"],\"kind\":\"rfc3161\",\"made\":\"$when\",\"precision\":\"second\",\"root\":\"$state\",\"size\":9,\"time\":\"2019-01-01T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"anchor\"}",
	"{\"below\":9,\"checks\":[\"exponent\"],\"keys\":1,\"made\":\"$when\",\"tool\":\"keysnap 1\",\"type\":\"audit\"}",
	"{\"kind\":\"note\",\"made\":\"$when\",\"target\":[0,6],\"text\":\"seized\",\"type\":\"annotation\"}",
	"{\"authority\":\"TSA\",\"digest\":\"$other\",\"evidence\":[\"$scan\"],\"kind\":\"note\",\"made\":\"$when\",\"precision\":\"day\",\"time\":\"2018-01-01T00:00:00Z\",\"tool\":\"keysnap 1\",\"type\":\"anchor\"}",
	"{\"first\":\"2013-01-01T00:00:00Z\",\"last\":\"2014-01-01T00:00:00Z\",\"line\":9,\"of\":[2,5],\"precision\":\"day\",\"source\":1,\"time_kind\":\"observed\",\"type\":\"sighting\"}",
	"{\"evidence\":[\"$scan\"],\"from\":\"2012-01-01T00:00:00Z\",\"made\":\"$when\",\"observation\":5,\"result\":\"secure\",\"tool\":\"keysnap 1\",\"type\":\"chain-result\",\"until\":\"2012-02-01T00:00:00Z\"}",
	"{\"check\":\"sample-key\",\"key\":\"$key\",\"made\":\"$when\",\"result\":\"bad\",\"tool\":\"keysnap 1\",\"type\":\"key-health\"}",
	'{"supersedes":5,"type":"weather"}',
	"{\"kind\":\"note\",\"made\":\"$when\",\"supersedes\":5,\"target\":[2],\"text\":\"x\",\"type\":\"annotation\"}",
	"{\"kind\":\"retract\",\"made\":\"$when\",\"target\":[16],\"type\":\"annotation\"}",
	"{\"kind\":\"retract\",\"made\":\"$when\",\"target\":[5,17],\"type\":\"annotation\"}",
);
my @blobs = map { get($_) } 'keys.jsonl', 'other.jsonl', 'scan';
by_hand('later', 'b.example/keys', [ @b[1 .. 8], @more ], @blobs);
copy('b', 'b3') or die;
($code, $out, $err) = run('keysnap', 'merge', 'b3', 'later', '--root',
    unpack 'H*', log_root(get('later/log.jsonl')));
is($code, 0, 'a later state of the store');
is($out, "later: 11 entries added (sighting 1, annotation 4, anchor 2, "
    . "chain-result 1, key-health 1, audit 1, unknown 1), 9 were there "
    . "before; both are the same log now\n", 'is taken on');
is(join('', map { "$_\n" } lines('b3')), get('later/log.jsonl'),
    'line by line, with what we do not know');
is((run('keysnap', 'merge', 'b3', 'later'))[1], 'later: nothing added, all 20 '
    . "entries were there before; both are the same log now\n", 'once');
is((run('keysnap', 'merge', 'b3', 'b'))[1],
    "b: nothing added, all 9 entries were there before\n",
    'and the earlier state adds nothing');

# Another log: unknown entries are not guessed at, and what is about the log
# as a whole becomes notes.
my @before = lines('a');
($code, $out, $err) = run('keysnap', 'merge', 'a', 'later');
is($code, 3, 'entries that we do not know');
like($err, qr/later: entry 16 is of a type, or has members, that this version does not know.*--skip-unknown/,
    'are named');
is_deeply([ lines('a') ], \@before, 'and nothing is taken');
($code, $out, $err) = run('keysnap', 'merge', 'a', 'later', '--skip-unknown',
    @made);
is($code, 0, '--skip-unknown');
is($out, 'later: 8 entries added (sighting 1, annotation 4, anchor 1, '
    . "chain-result 1, key-health 1), 8 were there before, 3 left out\n",
    'what is about them alone is left out, too');
like($err, qr/3 anchors, audits or notes on that log as a whole are notes here/,
    'what became of anchors is said');
@m = lines('a');
is($m[12], "{\"evidence\":[\"$scan\"],\"kind\":\"note\",\"made\":\"$when\","
    . '"reason":"foreign-anchor","target":[3,6],"text":"anchor of another log, '
    . "\\\"b.example/keys\\\" of 9 entries with the root $state, which had "
    . 'these sources: it existed at the latest 2019-01-01T00:00:00Z (to the '
    . 'second), by rfc3161; checked by keysnap 1","type":"annotation"}',
    'an anchor of another log');
is($m[13], "{\"kind\":\"note\",\"made\":\"$when\",\"reason\":\"foreign-audit\","
    . '"target":[3,6],"text":"audit of another log, \"b.example/keys\", which '
    . 'had these sources: 1 keys of its first 9 entries, by keysnap 1; checks: '
    . 'exponent","type":"annotation"}', 'an audit of another log');
is($m[14], "{\"kind\":\"note\",\"made\":\"$when\",\"reason\":\"foreign-note\","
    . '"target":[3,6,8],"text":"on another log, \"b.example/keys\", which had '
    . 'these sources: seized","type":"annotation"}', 'a note on another log');
is($m[15], $more[3], 'an anchor of octets');
is($m[16], $more[4] =~ s/\[2,5\]/[4,7]/r =~ s/"source":1/"source":3/r,
    'a sighting');
is($m[17], $more[5] =~ s/:5,/:7,/r, 'a chain result');
is($m[18], $more[6], 'a finding');
is($m[19], $more[10] =~ s/\[5,17\]/[7]/r,
    'a retraction of what came and of what did not');
is(scalar @m, 21, 'and the note');
is((run('keysnap', 'merge', 'a', 'later', '--skip-unknown'))[1],
    "later: nothing added, all 16 entries were there before, 3 left out\n",
    'once');
is_deeply([ lines('a') ], \@m, 'really nothing');
ok_run('keysnap', 'freeze', 'a', 'all.snap');
ok_run('keysnap', 'verify', 'all.snap');

# A set whose numbers change their order, and two entries that become one.
by_hand('order', 'o.example/keys', [ $b[4], $b[5] =~ s/:4,/:1,/r, $a[3],
    $a[4] =~ s/:3,/:3,/r, $a[4],
    "{\"kind\":\"note\",\"made\":\"$when\",\"target\":[2,4,5],\"text\":\"t\",\"type\":\"annotation\"}" ],
    get('keys.jsonl'), get('other.jsonl'));
copy('a0', 'a3') or die;
ok_run('keysnap', 'merge', 'a3', 'order', @made);
like((lines('a3'))[8], qr/"target":\[4,7\],"text":"t"/, 'a set is sorted');
is((run('keysnap', 'merge', 'a3', 'order'))[1],
    "order: nothing added, all 6 entries were there before\n",
    'and found again');

# An audit of entries that have the same numbers stays one.
by_hand('audited', 'c.example/keys', [ $b[1], $b[2], $b[3], $more[1] =~ s/9/4/r ],
    get('keys.jsonl'));
ok_run('keysnap', 'init', 'new', '--origin', 'new.example/keys');
ok_run('keysnap', 'merge', 'new', 'audited', @made);
is((lines('new'))[4], $more[1] =~ s/9/4/r, 'an audit of the same entries');

# Wrong use.
is((run('keysnap', 'merge', 'a', $_))[0], 2, "the store itself: $_")
    for 'a', './a';
link 'a', 'a-link';
is((run('keysnap', 'merge', 'a', 'a-link'))[0], 2, 'under another name');
is((run('keysnap', 'merge', 'a', 'missing'))[0], 3, 'what is not there');
is((run('keysnap', 'merge', 'a'))[0], 2, 'nothing to merge');
is((run('keysnap', 'merge', 'a', 'b', 'b2', '--root', $root_b))[0], 2,
    'one root for two');
is((run('keysnap', 'merge', 'a', 'b', '--made', 'soon'))[0], 2, '--made');
is((run('keysnap', 'merge', 'a', 'b', '--operator', ''))[0], 2, '--operator');
is((run('keysnap', 'merge', 'a.snap', 'b'))[0], 4, 'into a snapshot');
# Evidence that is not there, or not what it should be: nothing comes.
by_hand('poor', 'p.example/keys', [ $b[1], $b[2] ]);
@before = lines('new');
ok_run('keysnap', 'init', 'new2', '--origin', 'new.example/keys');
($code, $out, $err) = run('keysnap', 'merge', 'new2', 'poor');
is($code, 4, 'evidence that is missing');
like($err, qr/evidence that the store does not hold/, 'is said');
is(scalar(() = lines('new2')), 1, 'nothing comes');
by_hand('false', 'p.example/keys', [ $b[1], $b[2] ], get('keys.jsonl'));
put('false/evidence/pack-000000', get('false/evidence/pack-000000')
    =~ s/example/exemple/r);
is((run('keysnap', 'merge', 'new2', 'false'))[0], 4, 'evidence that is altered');
is(scalar(() = lines('new2')), 1, 'nothing comes');

# ---- diff --------------------------------------------------------------------

ok_run('keysnap', 'freeze', 'a0', 'a0.snap');
($code, $out, $err) = run('keysnap', 'diff', 'a0.snap', 'a');
is($code, 0, 'diff: a store that only added');
like($out, $_, "diff: $_") for
    qr/^A  a0\.snap  6 entries  root \w{64}\nB  a  21 entries  root \w{64}\n/,
    qr/^\+ s2\._domainkey\.example\.org  ed25519 256  key $key  1 observation more$/m,
    qr/^\+ source: 1\n\+ sighting: 1\n\+ annotation: 9\n\+ anchor: 1\n\+ chain-result: 1\n\+ key-health: 1$/m,
    qr/^log: B begins with all of A, line by line$/m,
    qr/^B only adds: it has all that A has, and 15 entries more$/m;
unlike($out, qr/s1|s3/, 'diff: not what is the same');
($code, $out) = run('keysnap', 'diff', 'a', 'a0.snap');
is($code, 1, 'diff: the other way');
like($out, $_, "diff: $_") for
    qr/^- s2\._domainkey\.example\.org  ed25519 256  key $key  1 observation missing$/m,
    qr/^log: B does not begin with A, though both have one origin$/m,
    qr/^B lacks 15 entries that A has, and has 0 that A lacks$/m;
($code, $out) = run('keysnap', 'diff', 'b', 'a');
is($code, 0, 'diff: another log that has it all');
like($out, qr/^log: A and B are different logs\nB only adds: it has all that A has/m,
    'diff: says so');
ok_run('keysnap', 'init', 'd', '--origin', 'd.example/keys');
import_file('d', 'keys.jsonl', '--operator', 'somebody else');
($code, $out) = run('keysnap', 'diff', 'b', 'd');
is($code, 1, 'diff: the same file by another operator');
like($out, qr/^~ s1\._domainkey\.example\.org  revoked  record \w{64}  1 observation more  1 observation missing$/m,
    'diff: a record that both have');
my @json = records(ok_run('keysnap', 'diff', 'b', 'a', '--json'));
is_deeply([ map { $_->{schema} } @json ], [ 'keysnap-diff-a 1',
    'keysnap-diff-b 1', 'keysnap-difference 1', 'keysnap-diff 1' ],
    'diff --json');
is_deeply($json[3], { schema => 'keysnap-diff 1', begins => $json[3]{begins},
    missing => 0, more => 12, only_adds => $json[3]{only_adds},
    same_origin => $json[3]{same_origin} }, 'the summary');
ok(!$json[3]{begins} && $json[3]{only_adds} && !$json[3]{same_origin},
    'its answers');
is($json[2]{change}, 'added', 'a key');
is((run('keysnap', 'diff', 'a', 'a'))[0], 2, 'diff: the same');
is((run('keysnap', 'diff', 'a', 'b', '--root', $root_b))[0], 2,
    'diff: --root of a store');
is((run('keysnap', 'diff', 'a', 'b', '--public-key', 'key.pub'))[0], 2,
    'diff: --public-key of stores');
is((run('keysnap', 'diff', 'b', 'b.snap', '--public-key', 'key.pub', '--root',
    $root_b))[0], 0, 'diff: a store and its snapshot');
is((run('keysnap', 'diff', 'b', 'b.snap', '--public-key', 'key2.pub'))[0], 4,
    'diff: signed by another');

done_testing();
