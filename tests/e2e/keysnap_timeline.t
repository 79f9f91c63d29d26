#!/usr/bin/perl
# keysnap timeline and conflicts: what was seen of a name in order of time, and
# where it disagrees; as text, JSON lines and a picture.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

chdir scratch() or die;
my $name = 's1._domainkey.example.org';
my @records = map { "v=DKIM1; k=ed25519; p=$_" }
    '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=',
    '/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=';
my $selector = 's1';
my $made = 0;

# Import lines [record, first, last] as said by "source".
sub import_lines {
	my ($store, $source, @lines) = @_;
	my $file = 'lines' . ++$made . '.jsonl';
	put($file, join '', map { encode_json({ domain => 'example.org',
		selector => $selector, txt => $_->[0], first_seen => $_->[1],
		last_seen => $_->[2] }) . "\n" } @lines);
	ok_run('keysnap', 'import', $store, '--format', 'jsonl', '--source',
		$source, $file);
	return;
}

# What dig prints: an answer with these records, or NXDOMAIN with none.
sub import_dig {
	my ($store, $when, @texts) = @_;
	my $file = 'dig' . ++$made . '.txt';
	my $status = @texts ? 'NOERROR' : 'NXDOMAIN';
	my $answer = @texts
	    ? ";; ANSWER SECTION:\n" . join '', map {
		"$name. 3600 IN TXT \"$_\"\n" } @texts
	    : ";; AUTHORITY SECTION:\n"
	    . "example.org. 3600 IN SOA ns.example.org. h.example.org. 1 2 3 4 5\n";
	my ($n, $m) = @texts ? (scalar @texts, 0) : (0, 1);
	put($file, <<"END");
; <<>> DiG 9.18.0 <<>> TXT $name
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: $status, id: 4711
;; flags: qr rd ra; QUERY: 1, ANSWER: $n, AUTHORITY: $m, ADDITIONAL: 1

;; QUESTION SECTION:
;$name. IN TXT

$answer
;; Query time: 1 msec
;; SERVER: 192.0.2.1#53(192.0.2.1)
;; WHEN: $when
;; MSG SIZE  rcvd: 100

END
	ok_run('keysnap', 'import', $store, '--format', 'zone', '--source',
		'lab/dig', $file);
	return;
}

sub json_lines {
	my ($command, @rest) = @_;
	my (undef, $out) = run('keysnap', $command, @rest, '--json');
	return map { JSON::PP->new->decode($_) } split /\n/, $out;
}

# ---- a life of three keys --------------------------------------------------

ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
import_lines('store', 'lab/a',
	[ $records[0], '2012-01-01T00:00:00Z', '2014-03-01T00:00:00Z' ],
	[ $records[1], '2014-02-01T00:00:00Z', '2016-08-01T00:00:00Z' ],
	[ 'v=DKIM1; p=', '2017-01-01T00:00:00Z', '2017-02-01T00:00:00Z' ],
	[ $records[2], '2018-05-01T00:00:00Z', '2021-05-01T00:00:00Z' ]);
is((run('keysnap', 'conflicts', 'store'))[0], 0, 'nothing disagrees yet');
import_lines('store', 'archive/b',
	[ $records[1], '2015-02-01T00:00:00Z', '2017-01-15T00:00:00Z' ]);
import_dig('store', 'Sat May 06 12:00:00 UTC 2017');
import_dig('store', 'Mon Mar 04 12:00:00 UTC 2019', $records[2]);

my ($head, @events) = json_lines('timeline', 'store', $name);
is($head->{schema}, 'keysnap-timeline 1', 'a first line');
is(scalar @events, 7, 'all that was seen');
is(join(' ', map { $_->{kind} } @events),
	'present present present revoked absent present present',
	'in order of time');
is(join(' ', map { $_->{record} // '-' } @events), '1 2 2 3 - 4 4',
	'each of its record');
is($events[4]{first}, '2017-05-06T12:00:00Z', 'as exact as it is known');
my $text = ok_run('keysnap', 'timeline', 'store', 's1', 'example.org');
like($text, qr/^\Q$name\E\n  key 1  Ed25519  grade D/, 'the records first');
like($text, qr/^    2012-01-01T00:00:00Z \.\. 2014-03-01T00:00:00Z$/m,
	'with the times that they were there');
like($text, qr/^  2017-05-06T12:00:00Z  entry \d+  nxdomain \(observed\)/m,
	'and what was seen when');
my @times = $text =~ /^  (\d{4}\S*)/gm;
is_deeply(\@times, [ sort @times ], 'in order');
is((run('keysnap', 'timeline', 'store', 'x._domainkey.example.org'))[0], 1,
	'nothing is known of a name');

# ---- conflicts -------------------------------------------------------------

my ($code, $out) = run('keysnap', 'conflicts', 'store');
is($code, 1, 'there is a conflict');
like($out, qr/^  conflict  key 2 \(Ed25519, sha256 [0-9a-f]{16}\) was there 2015-02-01T00:00:00Z \.\. 2017-01-15T00:00:00Z, says entry \d+ \(claimed, by archive\/b\); but 2017-01-01T00:00:00Z revoked, says entry \d+ \(claimed, by lab\/a\)$/m,
	'revoked while another says it was there');
like($out, qr/^1 name looked at: 1 conflict of 1 name$/m, 'counted');
unlike($out, qr/overlap/, 'a rotation is none');
($code, $out) = run('keysnap', 'conflicts', 'store', $name, '--all');
like($out, qr/^  overlap   key 1 \(.*\) and key 2 \(.*\): 2014-02-01T00:00:00Z \.\. 2014-03-01T00:00:00Z$/m,
	'but shown when asked');
my (undef, @found) = json_lines('conflicts', 'store', '--all');
is(scalar(grep { $_->{kind} eq 'conflict' } @found), 1, 'one conflict');
my ($conflict) = grep { $_->{kind} eq 'conflict' } @found;
is($conflict->{seen}, 'revoked', 'what was seen instead');
ok($conflict->{against} != $conflict->{entry}, 'of two entries');

# The flag and the list agree, for each record.
my (undef, @shown) = json_lines('show', 'store', $name);
my @flagged = grep { grep { $_ eq 'conflict' } @{ $_->{flags} } }
    grep { $_->{schema} eq 'keysnap-key 1' } @shown;
is(join(' ', map { $_->{sha256} } @flagged), $conflict->{sha256},
	'the flag is on the same key');

# A complete RRset without the key, and one at its very end.
ok_run('keysnap', 'init', 'other', '--origin', 'example.org/keys');
import_lines('other', 'lab/a',
	[ $records[0], '2012-01-01T00:00:00Z', '2014-03-01T00:00:00Z' ]);
import_dig('other', 'Tue May 01 12:00:00 UTC 2012', $records[1]);
import_dig('other', 'Sun Jun 01 12:00:00 UTC 2014', $records[2]);
(undef, @found) = json_lines('conflicts', 'other');
is(join(' ', map { "$_->{record} $_->{seen}" } @found), '1 other-key',
	'another key in the whole RRset');

# Retracted, it disagrees no more.
my ($line) = grep { $_->{kind} eq 'conflict' } @found;
ok_run('keysnap', 'annotate', 'other', '--retract',
	$line->{entry}, '--text', 'a wrong file');
is((run('keysnap', 'conflicts', 'other'))[0], 0, 'a retraction ends it');
like(ok_run('keysnap', 'timeline', 'other', $name),
	qr/entry $line->{entry}  RETRACTED by entry \d+/, 'and is shown');

# Many: bounded as text, whole as JSON.
ok_run('keysnap', 'init', 'many', '--origin', 'example.org/keys');
import_lines('many', 'lab/a',
	[ $records[0], '2012-01-01T00:00:00Z', '2014-03-01T00:00:00Z' ]);
import_lines('many', 'lab/b', map { [ 'v=DKIM1; p=',
	"2012-$_-01T00:00:00Z", "2012-$_-02T00:00:00Z" ] }
	map { sprintf '%02d', $_ } 1 .. 12);
($code, $out) = run('keysnap', 'conflicts', 'many');
is(scalar(() = $out =~ /^  conflict  key 1 /gm), 16, 'sixteen are shown');
like($out, qr/^  conflict  7 more of key 1; --json has all$/m, 'and counted');
(undef, @found) = json_lines('conflicts', 'many');
is(scalar @found, 23, 'JSON has all');

# ---- snapshots -------------------------------------------------------------

ok_run('keysnap', 'freeze', 'store', 'snap');
my ($head2, @events2) = json_lines('timeline', 'snap', $name);
is($head2->{vouched}, 'nobody', 'a snapshot says who vouches for it');
is_deeply(\@events2, \@events, 'and has the same events');
is((run('keysnap', 'conflicts', 'snap'))[0], 1, 'the same conflict');

# ---- pictures --------------------------------------------------------------

my $key = $events[1]{sha256};
ok_run('keysnap', 'annotate', 'store', '--private-key-published', '--key',
	$key, '--since', '2016-01-01', '--text', '<script>alert(1)</script>');
ok_run('keysnap', 'timeline', 'store', $name, '--svg', 'one.svg');
my $svg = get('one.svg');
is(system('xmllint --noout one.svg'), 0, 'well-formed');
unlike($svg, qr/script|href|url\((?!#)|<image|foreignObject|\bon\w+=/i,
	'nothing active, nothing from outside');
is(scalar(() = $svg =~ />key \d: /g), 4, 'a lane for each record');
like($svg, qr/class="forgeable"/, 'from when on others may sign');
like($svg, qr/class="seen/, 'what was seen');
like($svg, qr/class="cover/, 'what is said');
is((run('keysnap', 'timeline', 'store', $name, '--svg', 'one.svg'))[0], 2,
	'a file that is there');
is(get('one.svg'), $svg, 'is kept');
is((run('keysnap', 'timeline', 'store', $name, '--svg', 'x', '--json'))[0], 2,
	'one or the other');
$selector = 's2';
import_lines('store', 'lab/a',
	[ $records[0], '2012-01-01T00:00:00Z', '2012-01-01T00:00:00Z' ]);
is((run('keysnap', 'timeline', 'store', 'example.org', '--svg', 'x'))[0], 2,
	'a picture is of one name');
ok_run('keysnap', 'timeline', 'store', 's2', 'example.org', '--svg', 'two.svg');
is(system('xmllint --noout two.svg'), 0, 'of one moment');
$selector = 's3';
import_lines('store', 'lab/a',
	[ $records[0], '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z' ]);
ok_run('keysnap', 'timeline', 'store', 's3', 'example.org', '--svg', 'all.svg');
is(system('xmllint --noout all.svg'), 0, 'of all the time there is');
done_testing();
