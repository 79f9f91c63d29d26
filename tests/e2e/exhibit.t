#!/usr/bin/perl
# exhibit.t - a message, its record and its keys in one file: checked alone,
# without case and snapshot; whatever is changed in it is found, also when the
# digest at its end is made anew; what is not verified says so.
# EXHIBIT_STEP=1 flips every octet.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;

my $dir = scratch();
chdir $dir or die;
my @before = glob '../*.eml'; # of others
my $step = $ENV{EXHIBIT_STEP} // 211;
my $json = JSON::PP->new->canonical;
ok_run('keysnap', 'keygen', '-o', 'seal', '--name', 'test.example/log');
ok_run('keysnap', 'keygen', '-o', 'other', '--name', 'other.example/log');
my $snapshot = make_snapshot([ top() . '/data/demo-keys.jsonl' ],
	freeze => [ '--sign-key', 'seal' ]);
my $root;
my $clock = '2026-03-02T00:00:00Z';
mkdir 'mail' or die;
put('mail/demo.mbox', get(top() . '/data/demo.mbox'));
# A message with a hostile name and hostile fields.
my ($first) = grep { length } split /^(?=From )/m, get('mail/demo.mbox');
(my $hostile = $first) =~ s/^From [^\n]*\n//;
$hostile =~ s/^(Message-ID:)[^\n]*/$1 <..\/..\/\x1b[31m\x07\$(id)\xff\@x>/mi;
my $name = "mail/..\x1b]0;x\x07\n\xff.eml";
put($name, $hostile);
run('verifier', 'verify', '-q', '-s', $snapshot, '--public-key', 'seal.pub',
	'-o', 'case', 'mail');
my ($header, @records) = records(get('case/results.jsonl'));
cmp_ok(scalar @records, '>', 200, 'there is a case');
$root = $header->{root};

sub check { return run('verifier', 'check', '--public-key', 'seal.pub', @_) }

# ---- one of each verdict ----------------------------------------------------

my %of;
$of{ $_->{verdict} } //= $_->{seq} for @records;
my ($embedded) = grep { $_->{embedded} } @records;
my ($arc) = grep { $_->{arc} } @records;
my %want = map { $_ => 1 } qw(verified verified-restored verified-weak
    verified-unaligned verified-partial headers-only altered key-mismatch
    key-missing key-unusable malformed unsigned);
is_deeply([ grep { !$of{$_} } sort keys %want ], [], 'all verdicts are there');
for my $verdict (sort keys %want) {
	ok_run('verifier', 'exhibit', 'case', $of{$verdict}, '-o',
		"$verdict.exhibit");
}
ok_run('verifier', 'exhibit', 'case', $embedded->{seq}, '-o', 'embedded.exhibit');
ok_run('verifier', 'exhibit', 'case', substr($arc->{sha256}, 0, 12), '-o',
	'arc.exhibit');
my ($odd) = grep { $_->{source}{path} =~ /eml/ } @records;
ok_run('verifier', 'exhibit', 'case', $odd->{seq}, '-o', 'odd.exhibit');

# A run that asked for little: keys that were seen decades later.
(my $late = get(top() . '/data/demo-keys.jsonl')) =~
	s/("(?:first|last)_seen":")20/${1}21/g;
put('late.jsonl', $late);
my $lax = make_snapshot(['late.jsonl'], freeze => [ '--sign-key', 'seal' ]);
run('verifier', 'verify', '-q', '-s', $lax, '--public-key', 'seal.pub',
	'--max-gap', '90000', '-o', 'laxcase', top() . '/data/demo.mbox');
my ($loose) = grep { $_->{verdict} eq 'verified' }
    grep { $_->{type} eq 'message' } records(get('laxcase/results.jsonl'));
ok($loose, 'with a large gap something is verified');
ok_run('verifier', 'exhibit', 'laxcase', $loose->{seq}, '-o', 'lax.exhibit');

# Nothing but the file is left.
mkdir 'gone' or die;
rename $_, "gone/" . s{.*/}{}r or die $_ for 'case', 'mail', $snapshot;
for my $verdict (sort keys %want) {
	my ($code, $out, $err) = check("$verdict.exhibit");
	is($code, $verdict eq 'verified' ? 0 : 1, "$verdict: exit")
	    or diag($out, $err);
	like($out, qr/^ok   record     the message and the keys give it/m,
		"$verdict: the record comes out");
	unlike($out, qr/^BAD/m, "$verdict: holds");
	($code, $out) = check('--json', "$verdict.exhibit");
	my @lines = records($out);
	is($lines[-1]{verdict}, $verdict, "$verdict: is said");
	is(scalar(grep { !defined $_->{schema} } @lines), 1, 'one record');
}
my ($code, $out, $err) = check('altered.exhibit');
like($out, qr/^ALTERED/m, 'the altered one is called altered');
unlike($out, qr/^VERIFIED/m, 'and not verified');
($code, $out) = check('embedded.exhibit');
like($out, qr/attached message.*verified/, 'an attached message');
($code, $out) = check('arc.exhibit');
is($code, $arc->{verdict} eq 'verified' ? 0 : 1, 'a chain of ARC');
($code, $out) = check('odd.exhibit');
unlike($out, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control comes to the terminal');
is_deeply([ glob '*.eml ../*.eml' ], \@before,
	'no hostile name became a file');
($code, $out) = run('verifier', 'check', 'verified.exhibit', '--root', $root);
is($code, 0, 'by the root');
($code, $out) = run('verifier', 'check', 'verified.exhibit');
is($code, 1, 'when nobody vouches the answer is no');
like($out, qr/NOTE  nobody vouches/, 'and said');
($code) = run('verifier', 'check', 'verified.exhibit', '--root', 'a' x 64);
is($code, 4, 'another root');
($code) = run('verifier', 'check', 'verified.exhibit', '--public-key',
	'other.pub');
is($code, 4, 'another key');
($code) = run('verifier', 'check', 'verified.exhibit', '-s', 'gone');
is($code, 2, 'no snapshot is taken');
($code) = run('verifier', 'check', 'verified.exhibit', 'arc.exhibit');
is($code, 2, 'one at a time');

# Who checks says what is good enough, not who made the run.
($code, $out, $err) = check('lax.exhibit');
is($code, 1, 'a run that asked for little: the answer is no') or diag($err);
like($out, qr/^--   options    the run took grade D, a gap of 90000 days .*the verdict is verified-weak$/m,
	'and said by which options');
($code, $out) = check('lax.exhibit', '--max-gap', '90000');
is($code, 0, 'unless as little is asked for');
unlike($out, qr/^--   options/m, 'nothing to say then');
($code, $out) = check('verified.exhibit', '--min-grade', 'A1');
is($code, 1, 'a better grade is asked for than the key has');
like($out, qr/^--   options .* the verdict is verified-weak$/m, 'and said');
($code, $out) = check('--json', 'verified.exhibit', '--min-grade', 'A1');
is($code, 1, 'with --json, too');
($code, $out) = check('verified.exhibit', '--anchor', 'seal.pub');
is($code, 2, 'no option is passed over in silence');
for my $what (qw(complete place)) {
	($code, $out) = check('--json', 'verified.exhibit');
	ok((grep { ($_->{check} // '') eq $what && !defined $_->{good} }
		records($out)), "$what: what an exhibit cannot show is said");
}
($code, $out) = run('verifier', 'check', 'unsigned.exhibit', '--root', $root);
is($code, 1, 'no keys, and a root');
like($out, qr/^--   root .*nothing in it proves/m,
	'an exhibit without keys does not prove its root');
unlike($out, qr/^ok   root/m, 'and does not say so');

# The part of keysnap, taken out, is an exhibit of its own.
my @lines = split /^/, get('verified.exhibit');
my ($keys) = grep { /"type":"keys"/ } @lines;
my $taken = JSON::PP->new->utf8->decode($keys)->{text};
utf8::encode($taken);
put('keys.exhibit', $taken);
($code, $out) = run('keysnap', 'verify', 'keys.exhibit', '--public-key',
	'seal.pub');
is($code, 0, 'keysnap verifies the keys');

# ---- changes ----------------------------------------------------------------

# Every octet, or many: found by the digest at the end, if not before.
my $whole = get('arc.exhibit');
my (@accepted, $flips);
for (my $at = 0; $at < length $whole; $at += $step) {
	my $text = $whole;
	substr($text, $at, 1) = chr(ord(substr $text, $at, 1) ^ 1);
	put('flip', $text);
	my ($code) = check('flip');
	# One in the first words makes it something else than an exhibit.
	push @accepted, "$at: $code" if $code != 4 && $code != 2;
	$flips++;
}
is_deeply(\@accepted, [], "$flips flips are found");
for my $n (1, 100, 5000) {
	put('flip', substr $whole, 0, -$n);
	is((check('flip'))[0], 4, "$n octets cut");
}
put('flip', "$whole\n");
is((check('flip'))[0], 4, 'a line more');
put('flip', $whole . $whole);
is((check('flip'))[0], 4, 'twice');

# The same with a new digest at the end: whoever changes it can do that.
sub with_end {
	my (@lines) = @_;
	pop @lines;
	my $text = join '', @lines;
	return $text . $json->encode(
		{ sha256 => sha256_hex($text), type => 'end' }) . "\n";
}
sub changed {
	my ($name, $type, $change) = @_;
	my @lines = split /^/, get('verified.exhibit');
	for my $line (@lines) {
		next unless $line =~ /"type":"$type"\}|"type":"$type",/;
		my $object = JSON::PP->new->utf8->decode($line);
		next unless $object->{type} eq $type;
		$change->($object);
		$line = JSON::PP->new->canonical->utf8->encode($object) . "\n";
	}
	put('changed', with_end(@lines));
	die "$name: nothing changed" if get('changed') eq get('verified.exhibit');
	my ($code, $out, $err) = check('changed');
	is($code, 4, "$name: found") or diag($out, $err);
	unlike($out, qr/^VERIFIED/m, "$name: no verdict is printed");
	return $out;
}
sub edit {
	my ($name, $type, $member, $from, $to) = @_;
	return changed($name, $type, sub {
		$_[0]{$member} =~ s/$from/$to/ or die "$name: no $from" });
}
for my $at (map { $_ * 131 } 0 .. 12) {
	changed("message, octet $at", 'message', sub {
		my $text = decode_base64($_[0]{octets});
		my $i = $at % length $text;
		substr($text, $i, 1) = chr(ord(substr $text, $i, 1) ^ 1);
		$_[0]{octets} = encode_base64($text, '') });
}
my $text = edit('verdict', 'record', 'line', '"color":"green"',
	'"color":"amber"');
like($text, qr/BAD  record +color: the record has/, 'the member is named');
edit('grade', 'record', 'line', '"grade":"D"', '"grade":"A1"');
# One hexadecimal digit, whatever it is, becomes another.
changed('root', 'header', sub {
	$_[0]{line} =~ s/("root":")(.)/$1 . ($2 eq 'f' ? 'e' : 'f')/e or die });
edit('entries', 'header', 'line', '"entries":\d+', '"entries":15');
edit('origin', 'header', 'line', 'test\.example', 'other.example');
edit('vouched', 'header', 'line', '"type":"header"', '"type":"message"');
changed('steps', 'steps', sub { $_[0]{steps}[0] =~ s/stored/kept/ });
changed('a step less', 'steps', sub { pop @{ $_[0]{steps} } });
changed('a name that is not there', 'absent',
	sub { push @{ $_[0]{names} }, 'x._domainkey.example' });
edit('name', 'keys', 'name', '^.', 'x');
edit('key', 'keys', 'text', 'p=M', 'p=N');
edit('number', 'keys', 'text', '"number":([1-9])', '"number":9$1');
changed('checkpoint', 'keys', sub {
	$_[0]{text} =~ s/(manifest-sha256 )(.)/$1 . ($2 eq '0' ? '1' : '0')/e
	    or die });
edit('signature', 'keys', 'text', '(test.example/log )(....)', '$1AAAA');
edit('evidence', 'keys', 'text', '"octets":"....', '"octets":"AAAA');
edit('grades', 'options', 'min_grade', '^D$', 'A1');
edit('options', 'options', 'repairs', '^all$', 'some');

# Keys of another snapshot, whole and signed by another, for the same name.
my @swap = split /^/, get('verified.exhibit');
rename 'gone/' . ($snapshot =~ s{.*/}{}r), $snapshot or die;
rename "gone/$_", $_ or die for qw(case mail);
my $forged = make_snapshot([ top() . '/data/demo-keys.jsonl' ],
	freeze => [ '--sign-key', 'other' ], import => [ '--skip-bad' ]);
my ($key_name) = get('verified.exhibit') =~ /^\{"name":"([^"]*)","text"/m;
ok_run('keysnap', 'prove', $forged, $key_name, '-o', 'forged.keys');
my @forged = map { my $line = $_; if ($line =~ /"type":"keys"/) {
	$line = JSON::PP->new->canonical->utf8->encode({ name => $key_name,
		type => 'keys', text => get('forged.keys') }) . "\n" } $line } @swap;
put('changed', with_end(@forged));
is((check('changed'))[0], 4, 'keys out of another snapshot');

# ---- making -----------------------------------------------------------------

is((run('verifier', 'exhibit', 'case', '1'))[0], 2, 'no -o');
is((run('verifier', 'exhibit', 'case', '99999', '-o', 'x'))[0], 1, 'no record');
is((run('verifier', 'exhibit', 'case', '1', '-o', 'verified.exhibit'))[0], 6,
	'nothing is overwritten');
is((run('verifier', 'exhibit', 'case', '1', '-o', 'x', '-s', $forged))[0], 4,
	'another snapshot');
put('mail/demo.mbox', get('mail/demo.mbox') =~ s/^Subject: /Subject: x/mr);
my ($changed) = grep { $_->{source}{path} eq 'demo.mbox' } @records;
ok((run('verifier', 'exhibit', 'case', $changed->{seq}, '-o', 'x'))[0] =~
	/^[34]$/, 'another archive');
put('case/results.jsonl', get('case/results.jsonl') =~
	s/"color":"green"/"color":"amber"/gr);
($code, $out, $err) = run('verifier', 'exhibit', 'case', $of{verified}, '-o',
	'x');
ok($code == 4 || $code == 3, 'an altered record') or diag($code);
ok(!-e 'x', 'gives no file');
done_testing();
