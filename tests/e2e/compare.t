#!/usr/bin/perl
# compare.t - why two runs count differently: every difference has its cause,
# and the causes are those that were made.  Two snapshots, repairs on and off,
# other grades, gaps, readings, octets, files; and lists of another tool.
# COMPARE_MESSAGES=1000000 compares as many within 900,000 KiB of
# address space.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha256_hex);
use Encode ();
use JSON::PP;
use POSIX ();
use Test::More;

my $dir = scratch();
chdir $dir or die;
my $demo = get(top() . '/data/demo.mbox');
my @keys = split /^/, get(top() . '/data/demo-keys.jsonl');
put('demo.mbox', $demo);
put('half.jsonl', join '', @keys[ grep { $_ % 2 } 0 .. $#keys ]);
# The same names with other times, and one name with the key of another.
my @turned = @keys;
s/"first_seen":"[^"]*",("last_seen":)("[^"]*")/"first_seen":$2,$1$2/
    for @turned;
put('turned.jsonl', join '', @turned);
ok_run('keysnap', 'keygen', '-o', 'seal', '--name', 'test.example/log');
my @sign = (freeze => [ '--sign-key', 'seal' ]);
my $all = make_snapshot([ top() . '/data/demo-keys.jsonl' ], @sign);
my $half = make_snapshot(['half.jsonl'], @sign);
my $turned = make_snapshot(['turned.jsonl'], @sign);

sub verify {
	my ($case, $snapshot, @rest) = @_;
	my ($code, $out, $err) = run('verifier', 'verify', '-q', '-s', $snapshot,
		'--public-key', 'seal.pub', '-o', $case, @rest);
	die "$case: $code $err" if $code != 0 && $code != 3;
}

# The exit code, the tables, and the differences.
sub compare {
	my ($code, $out, $err) = run('verifier', 'compare', '--json', @_);
	my ($tables, @rest) = records($out);
	diag($err) if !defined $tables;
	return ($code, $tables, @rest);
}

# What the tables say must be what the lines say, and nothing unexplained.
sub explains {
	my ($name, $a, $b, %want) = @_;
	my ($code, $tables, @lines) = compare($a, $b);
	my %of = map { $_->{cause} => $_ } @{ $tables->{causes} };
	my (%counted, $lines);
	for my $line (@lines) {
		my $verdict = ($line->{a} // {})->{verdict} // '';
		my $kind = $line->{a} && $line->{b} && ($tables->{list} ||
		    $verdict eq ($line->{b}{verdict} // '')) &&
		    !$tables->{list} ? 'else' : 'verdict';
		$counted{$_}{$kind}++ for @{ $line->{causes} };
		$lines++ if @{ $line->{causes} };
	}
	is($lines // 0, scalar @lines, "$name: every difference has a cause");
	is_deeply({ map { $_ => [ $counted{$_}{verdict} // 0,
		$counted{$_}{else} // 0 ] } keys %counted },
	    { map { $_ => [ $of{$_}{verdict}, $of{$_}{else} ] }
		grep { $of{$_}{verdict} + $of{$_}{else} } keys %of },
	    "$name: the table counts the lines");
	is($of{unexplained}{verdict} + $of{unexplained}{else}, 0,
	    "$name: nothing is unexplained");
	is_deeply([ sort keys %counted ], [ sort @{ $want{causes} } ],
	    "$name: the causes");
	is($code, @lines ? 1 : 0, "$name: exit");
	my $n = $tables->{alike} + $tables->{differ_verdict} +
	    $tables->{differ_else};
	is($n + $tables->{only_a}, $tables->{a}{records}, "$name: all of A")
	    unless $want{copies};
	is($n + $tables->{only_b}, $tables->{b}{records}, "$name: all of B")
	    unless $tables->{list};
	return ($tables, @lines);
}

# ---- options ----------------------------------------------------------------

verify('all', $all, 'demo.mbox');
verify('again', $all, '-j1', 'demo.mbox');
verify('half', $half, 'demo.mbox');
verify('none', $all, '--repairs', 'none', 'demo.mbox');
verify('halfnone', $half, '--repairs', 'none', 'demo.mbox');
verify('turned', $turned, 'demo.mbox');
verify('grade', $all, '--min-grade', 'A1', 'demo.mbox');
verify('gap', $turned, '--max-gap', '1', 'demo.mbox');

my ($tables, @lines) = explains('the same', 'all', 'again', causes => []);
cmp_ok($tables->{alike}, '>', 200, 'all alike');
($tables, @lines) = explains('two snapshots', 'all', 'half',
	causes => [qw(key-missing other-key other-provenance)]);
cmp_ok(scalar @lines, '>', 50, 'many differ');
ok($tables->{differ}{snapshot} && !$tables->{differ}{repairs},
	'the runs differ in the snapshot alone');
my %to = map { ("@{ $_->{causes} } $_->{b}{verdict}" => 1) }
    grep { $_->{a}{verdict} ne $_->{b}{verdict} } @lines;
ok($to{'key-missing key-missing'}, 'to key-missing');
ok($to{'other-key key-mismatch'}, 'to key-mismatch, where one key is left');
explains('the other way', 'half', 'all',
	causes => [qw(key-missing other-key other-provenance)]);
($tables, @lines) = explains('repairs on and off', 'all', 'none',
	causes => ['repairs']);
cmp_ok($tables->{differ_verdict}, '>', 10, 'repairs change verdicts');
explains('both', 'half', 'none', causes => [qw(key-missing other-key other-provenance repairs)]);
explains('both, the other way', 'halfnone', 'all',
	causes => [qw(key-missing other-key other-provenance repairs)]);
($tables, @lines) = explains('other times', 'all', 'turned',
	causes => [qw(other-provenance other-snapshot)]);
cmp_ok(scalar @lines, '>', 50, 'other times change much');
explains('another grade', 'all', 'grade', causes => ['min-grade']);
explains('another gap', 'turned', 'gap', causes => ['max-gap']);

# Another key under the same name: only one snapshot has the one that signed.
my @objects = map { JSON::PP->new->decode($_) } @keys;
put('swapped.jsonl', join '', map { JSON::PP->new->canonical->encode(
	{ %{ $objects[$_] }, txt => $objects[ ($_ + 1) % @objects ]{txt} }) . "\n" }
    0 .. $#objects);
verify('swapped', make_snapshot(['swapped.jsonl'], @sign), 'demo.mbox');
{
	my ($code, $tables, @lines) = compare('all', 'swapped');
	my %of = map { $_->{cause} => $_ } @{ $tables->{causes} };
	cmp_ok($of{'other-key'}{verdict}, '>', 50, 'another key');
	is($of{unexplained}{verdict} + $of{unexplained}{else}, 0,
		'nothing is unexplained') or diag(explain(grep {
		"@{ $_->{causes} }" =~ /unexpl/ } @lines));
}

ok_run('verifier', 'verify', '-q', '-s', $all, '-o', 'nobody', 'demo.mbox');
explains('nobody vouches', 'all', 'nobody', causes => ['vouched']);

# ---- archives ---------------------------------------------------------------

my @messages = grep { length } split /^(?=From )/m, $demo;
put('altered.mbox', $demo =~ s/^(Subject: )/${1}not /mr);
mkdir $_ or die for qw(altered fewer split deep more);
put('altered/demo.mbox', $demo =~ s/^(Subject: )/${1}not /mr);
verify('octets', $all, 'altered/demo.mbox');
($tables, @lines) = explains('a changed subject', 'all', 'octets',
	causes => ['other-bytes']);
is(scalar @lines, 1, 'is one difference');
put('fewer/demo.mbox', join '', @messages[ 0 .. 9, 11 .. $#messages ]);
verify('lost', $all, 'fewer/demo.mbox');
($tables, @lines) = explains('a message less', 'all', 'lost',
	causes => ['other-bytes']);
is_deeply([ scalar @lines, map { $lines[0]{$_} && $lines[0]{$_}{seq} }
	qw(a b) ], [ 1, 11, undef ], 'is the one');
put(sprintf('split/%03d.eml', $_), $messages[$_] =~ s/^From [^\n]*\n//r
	=~ s/\n\z//r) for 0 .. $#messages;
verify('asfiles', $all, 'split');
($tables, @lines) = explains('an mbox, and files of their own', 'all',
	'asfiles', causes => ['other-bytes']);
cmp_ok($tables->{alike}, '>', 100, 'have the same messages');
put("more/$_.eml", get('split/005.eml')) for 1 .. 3;
put("fewer/$_.eml", get('split/005.eml')) for 1;
unlink 'fewer/demo.mbox';
verify('three', $all, 'more');
verify('single', $all, 'fewer');
($tables, @lines) = explains('copies', 'three', 'single', causes => ['copy'],
	copies => 1);
is($tables->{only_a}, 2, 'two more');
put('more/x.eml', get('split/007.eml'));
verify('four', $all, 'more');
explains('a file more', 'three', 'four', causes => ['only-one']);

# The same file, read otherwise: a container that one did not open.
ok_run('tar', '--sort=name', '-cf', 'deep/a.tar', 'split/001.eml', 'split/002.eml');
verify('opened', $all, 'deep');
verify('unopened', $all, '--max-depth', '0', 'deep');
explains('a container', 'opened', 'unopened', causes => ['other-reading']);
is((compare('opened', 'unopened'))[1]{only_a}, 2, 'what was in it');

# A name that is not UTF-8 is told exactly.
mkdir 'named' or die;
put("named/\xff.eml", get('split/009.eml'));
put('named/plain.eml', get('split/010.eml'));
verify('ofnamed', $all, 'named');
unlink "named/\xff.eml";
verify('unnamed', $all, 'named');
(undef, undef, @lines) = compare('ofnamed', 'unnamed');
is_deeply([ map { $_->{a}{path_b64} } @lines ], ['/y5lbWw='],
	'a path that is not UTF-8 is there exactly');

# Each message twice, read otherwise, and in another order there: each has its
# own on the other side.
mkdir $_ or die for qw(twice turnedround);
my $twice = 0;
for my $message (@messages) {
	my $wire = $message =~ s/^From [^\n]*\n//r =~ s/\n\z//r;
	next if $wire =~ /^>*From /m || $wire !~ /^List-|_{20}/m || $twice > 40;
	$wire =~ s/\n/\r\n/g;
	my $n = sprintf '%03d', ++$twice;
	put("twice/$n-a.mbox", $message);
	put("twice/$n-b.eml", $wire);
	put("turnedround/$n-a.eml", $wire);
	put("turnedround/$n-b.mbox", $message);
}
verify("of$_", $all, $_) for qw(twice turnedround);
($tables, @lines) = explains('copies in another order', 'oftwice',
	'ofturnedround', causes => []);
is($tables->{alike}, 2 * $twice, 'are alike, one by one');
unlink 'turnedround/001-b.mbox', 'turnedround/002-a.eml';
verify('fewercopies', $all, 'turnedround');
explains('and one less of two', 'oftwice', 'fewercopies', causes => ['copy'],
	copies => 1);

# ---- lists of another tool --------------------------------------------------

my (undef, @records) = records(get('all/results.jsonl'));
sub listed {
	my ($file, $separator, $names, $line) = @_;
	put($file, join '', $names, map { join($separator, @$_) . "\n" }
	    grep { $_->[0] } map { $line->($_) } @records);
}
my $ours = sub { $_[0]{verdict} =~ /^verified/ ? 'pass' : 'fail' };
listed('same.csv', ',', "sha256,result\n",
	sub { [ $_[0]{sha256}, $ours->($_[0]) ] });
my ($code);
($code, $tables, @lines) = compare('all', 'same.csv');
is($code, 0, 'a list that says the same');
is($tables->{alike}, scalar @records, 'of all messages');
listed('same.tsv', "\t", '', sub {
	[ $_[0]{message}{message_id}, uc $ours->($_[0]) ] });
($code, $tables, @lines) = compare('all', 'same.tsv');
is($code, 0, 'by Message-ID, without names of columns') or diag(explain(
	$lines[0]));
listed('same2.csv', ';', "n;dkim;message-id\r\n", sub {
	my ($id) = $_[0]{message}{message_id} =~ /<(.*)>/;
	[ 7, ($ours->($_[0]) eq 'pass' ? 'true' : 'permerror'),
	    "\"$id\"\r" ] });
($code, $tables, @lines) = compare('all', 'same2.csv');
is($code, 0, 'columns in another order, quoted, CRLF') or diag(explain(
	$lines[0]));
my (undef, @own) = records(get('single/results.jsonl'));
put('files.csv', sha256_hex(get('fewer/1.eml')) . ",fail\n");
($code, $tables, @lines) = compare('single', 'files.csv');
is(@lines ? $lines[0]{b}{word} : 'alike',
	$ours->($own[0]) eq 'fail' ? 'alike' : 'fail',
	'by the SHA-256 of the file');
is($tables->{only_a}, 0, 'which is found');

listed('plain.csv', ',', "id,verdict\n", sub {
	my ($r) = @_;
	my $plain = $r->{verdict} =~ /^verified/ && !@{ $r->{repairs} };
	[ $r->{sha256}, $plain ? 'pass' : $r->{verdict} eq 'unsigned' ? 'none'
	    : 'fail' ] });
explains('a tool without repairs', 'all', 'plain.csv', causes => ['repairs'],
	copies => 1);
listed('fail.csv', ',', "id,verdict\n", sub { [ $_[0]{sha256}, 'fail' ] });
explains('a tool that fails all', 'all', 'fail.csv',
	causes => [qw(repairs their-key their-policy)]);
listed('pass.csv', ',', "id,verdict\n", sub { [ $_[0]{sha256}, 'pass' ] });
explains('a tool that passes all', 'all', 'pass.csv',
	causes => [qw(key-missing other-bytes other-key their-policy
	    their-scope)]);
# A list that names a message again, by the same name or another, is none with
# more messages; and what it says the second time is not lost.
my %other = (pass => 'fail', fail => 'pass');
listed('again.csv', ',', "id,verdict\n", sub { [ $_[0]{sha256}, $ours->($_[0]) ] });
put('again.csv', get('again.csv') . join '', map { "$_,$other{ $ours->($records[0]) }\n" }
	$records[0]{sha256}, $records[0]{message}{message_id});
($tables, @lines) = explains('named again', 'all', 'again.csv',
	causes => ['listed-again'], copies => 1);
is($tables->{alike}, scalar @records, 'the first line counts');
is_deeply([ map { $_->{b}{word} } @lines ],
	[ ($other{ $ours->($records[0]) }) x 2 ], 'the others are told');
put('wide.csv', Encode::encode('UTF-16LE', "\x{feff}" . get('again.csv')));
($code, undef, undef) = run('verifier', 'compare', 'all', 'wide.csv');
is($code, 3, 'UTF-16 is refused, not misread');
put('odd.csv', "id,verdict\n$records[0]{sha256},p\x1b[31m\xff\n\nx\n" .
	"<nobody\@nowhere.example>,pass\n");
($code, $tables, @lines) = compare('all', 'odd.csv');
is($code, 1, 'an odd list');
is($tables->{list}{other}, 1, 'a word that is not known');
is($tables->{list}{skipped}, 1, 'a line without one');
is($tables->{only_b}, 1, 'a message that the case has not');
like($lines[0]{b}{word}, qr/^p\x1b\[31m/, 'as it is');
is_deeply($lines[0]{causes}, ['unexplained'], 'and not explained');
my ($c, $out, $err) = run('verifier', 'compare', 'all', 'odd.csv');
unlike($out, qr/\x1b|\xff/, 'no control comes to the terminal');

# ---- what is broken ---------------------------------------------------------

ok_run('cp', '-r', 'all', 'forged');
put('forged/results.jsonl', get('forged/results.jsonl') =~
	s/"verdict":"altered"\}$/"verdict":"verified"}/mr);
($code, $tables, @lines) = compare('all', 'forged');
is($code, 4, 'an altered case');
ok($tables->{b}{altered} && !$tables->{a}{altered}, 'is named');
is_deeply($lines[0]{causes}, ['unexplained'], 'and explained by nothing');
ok_run('cp', '-r', 'all', 'cut');
truncate 'cut/results.jsonl', 5000;
is((run('verifier', 'compare', 'all', 'cut'))[0], 3, 'a case that is cut');
unlink 'cut/run.json';
is((run('verifier', 'compare', 'all', 'cut'))[0], 2, 'an unfinished case');
is((run('verifier', 'compare', 'all', 'no-such'))[0], 3, 'no list');
POSIX::mkfifo('pipe', 0600);
is((run('verifier', 'compare', 'all', 'pipe'))[0], 3, 'a pipe');
($code, $out, $err) = run('verifier', 'compare', 'all', 'half', '--summary');
is($code, 1, 'a summary');
like($out, qr/^unexplained +0 +0 /m, 'has the table of causes');
unlike($out, qr/^A\d+ B\d+/m, 'and no messages');
($code, $out, $err) = run('verifier', 'compare', 'all', 'half');
like($out, qr/^A\d+ B\d+  demo\.mbox  \S+ -> key-missing  key-missing$/m,
	'the text has them');

# ---- many -------------------------------------------------------------------

SKIP: {
	my $n = $ENV{COMPARE_MESSAGES} or skip 'COMPARE_MESSAGES is not set', 2;
	my $copies = POSIX::ceil($n / @messages);
	my $seq = 0;
	my %heads = map { $_ => (split /^/, get("$_/results.jsonl"))[0] }
	    qw(all half);
	for my $case (qw(all half)) {
		my (undef, @lines) = split /^/, get("$case/results.jsonl");
		mkdir "big$case" or die;
		open my $o, '>:raw', "big$case/results.jsonl" or die;
		my $sum = Digest::SHA->new(256);
		my $say = sub { print {$o} $_[0]; $sum->add($_[0]) };
		$say->($heads{$case});
		$seq = 0;
		for my $copy (1 .. $copies) {
			for my $line (@lines) {
				my $n = ++$seq;
				my $id = sha256_hex($n);
				(my $text = $line) =~ s/"seq":\d+,/"seq":$n,/;
				$text =~ s/("seq":\d+,"sha256":)"[0-9a-f]*"/$1"$id"/;
				$say->($text);
			}
		}
		close $o or die;
		my $hex = $sum->hexdigest;
		put("big$case/run.json", get("$case/run.json") =~
			s/("path":"results.jsonl","sha256":)"[0-9a-f]*"/$1"$hex"/r);
	}
	my $start = time;
	my ($code, $out, $err) = run('/bin/sh', '-c', 'ulimit -v 900000; ' .
		'exec verifier compare bigall bighalf --summary');
	is($code, 1, 'many messages') or diag($err);
	like($out, qr/^unexplained +0 +0 /m, 'explained');
	diag(sprintf '%d messages in %d s', $seq, time - $start);
}
done_testing();
