#!/usr/bin/perl
# provenance.t - one store of every kind of entry: its index, that of a
# snapshot, and the log of the snapshot read without an index give the same
# grades, time states and flags for every name and in every record of verifier;
# when nobody vouches, none is better than D and nothing else changes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use JSON::PP;
use Test::More;

my $demo = top() . '/data/demo-keys.jsonl';
my $mail = top() . '/data/demo.mbox';
my $json = JSON::PP->new->canonical;
chdir scratch() or die;

sub import_file {
	my ($format, $source, $file, @more) = @_;
	ok_run('keysnap', 'import', 'store', '--format', $format, '--source',
	    $source, @more, $file);
	return;
}

sub put_lines {
	my ($file, @lines) = @_;
	put($file, join '', map { $json->encode($_) . "\n" } @lines);
	return;
}

sub sha256_of {
	my ($name) = @_;
	my ($key) = grep { exists $_->{sha256} }
	    records(ok_run('keysnap', 'show', 'store', $name, '--json'));
	return $key->{sha256};
}

# The keys of the demonstration, seen by two; some of the time by one alone.
my @keys = map { $json->decode($_) } grep { /\S/ } split /\n/, get($demo);
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
import_file('jsonl', 'lab/a', $demo);
put_lines('half.jsonl', map { { %$_, last_seen => $_->{first_seen} } }
    @keys[0 .. 5]);
import_file('jsonl', 'archive/b', 'half.jsonl');
put_lines('again.jsonl', map { { %$_, first_seen => '2018-01-01',
	last_seen => '2018-02-01' } } @keys[0 .. 2]);
import_file('jsonl', 'lab/later', 'again.jsonl');

# Absent, revoked, testing, asserted, printed in an RFC; behind DNSSEC.
my $ed = 'v=DKIM1; k=ed25519; ';
my $p = 'p=PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=';
my %one = (domain => 'one.example', selector => 's');
put_lines('one.jsonl', { %one, txt => $ed . $p, first_seen => '2012' },
    { %one, txt => "$ed t=y; $p", first_seen => '2013-05' },
    { %one, txt => "${ed}p=", first_seen => '2014-05-06T07:08:09Z' },
    { %one, kind => 'nxdomain', first_seen => '2015-01-01T00:00:00Z' },
    { %one, txt => $ed . $p, first_seen => '2016', last_seen => '2017' },
    { domain => 'gone.example', selector => 's', kind => 'nodata',
	first_seen => '2015' },
    { domain => $keys[0]{domain}, selector => $keys[0]{selector},
	kind => 'nxdomain', first_seen => '2011-03-03T03:03:03Z' });
import_file('jsonl', 'lab/a', 'one.jsonl');
put('asserted', "s._domainkey.asserted.example $ed$p\n");
import_file('opendkim', 'somebody', 'asserted', '--observed-at', 'none');
import_file('jsonl', 'lab/rfc', top() . '/data/rfc-keys.jsonl',
    '--observed-at', '2016-01-01');
make_zones(scratch() . '/zones');
put('signed', join '', map { get('zones/' . ($_ eq '.' ? 'root' : $_)
    . '.signed') } @Dns::signed);
import_file('zone', 'dns/a', 'signed', '--observed-at', '2016-01-10',
    '--trust-anchor', 'zones/anchor', '--skip-bad');

# Taken, since a time and since nobody knows when; and what was withdrawn.
my @names = map { "$_->{selector}._domainkey.$_->{domain}" } @keys;
ok_run('keysnap', 'annotate', 'store', '--compromise', '--key',
    sha256_of($names[1]), '--since', '2010-06-01');
ok_run('keysnap', 'annotate', 'store', '--private-key-published', '--key',
    sha256_of($names[2]));
ok_run('keysnap', 'annotate', 'store', '--compromise', '--key',
    sha256_of($names[3]), '--since', '2010');
my ($last) = grep { ($_->{log} // {})->{type} // '' eq 'annotation' }
    reverse records(ok_run('keysnap', 'show', 'store', $names[3], '--json'));
ok_run('keysnap', 'annotate', 'store', '--retract', $last->{entry});
ok_run('keysnap', 'audit', 'store');

ok_run('keysnap', 'keygen', '-o', 'k', '--name', 'example.org/keys');
ok_run('keysnap', 'freeze', 'store', 'snap', '--sign-key', 'k');
my ($root) = map { $_->{root} }
    records(ok_run('keysnap', 'list', 'store', '--json'));
my @by_index = ('snap', '--public-key', 'k.pub');
my @by_log = ('snap', '--root', $root);

# All that is known of all keys, at a time; without the header.
sub known {
	my ($at, @view) = @_;
	my ($what, @options) = @view;
	my (undef, @listed) =
	    records(ok_run('keysnap', 'list', $what, @options, '--json'));
	my %name = map { $_->{name} => 1 } @listed;
	my @all;
	for my $name (sort(keys %name), 's._domainkey.gone.example') {
		my (undef, @lines) = records(ok_run('keysnap', 'show', $what,
			$name, @options, '--json', '--at', $at));
		push @all, @lines;
	}
	return (\@all, \@listed);
}

my (%grade, %state, %flag);
sub count {
	my ($key) = @_;
	$grade{$key->{grade}}++;
	$state{$key->{time_state}}++;
	$flag{$_}++ for @{ $key->{flags} };
	return;
}

my @grades = qw(A1 A2 B C1 C2 D E1 E2 F);
my %rank = map { $grades[$_] => $_ } 0 .. $#grades;

# What nobody vouches for: the grade is the worse of the two, and no observer
# counts; a chain says nothing.
sub capped {
	my ($key) = @_;
	return { %$key, grade => $rank{$key->{grade}} < $rank{D} ? 'D'
		: $key->{grade}, independent => 0 };
}

for my $at ('2009-07-01', '2014-06-01T00:00:00Z', '2016-01-10T12:00:00Z',
    '2019') {
	my ($store, $listed) = known($at, 'store');
	my ($index, $listed_index) = known($at, @by_index);
	my ($log, $listed_log) = known($at, @by_log);
	my ($nobody) = known($at, 'snap');
	my @keys_of = map { [ grep { $_->{schema} eq 'keysnap-key 1' } @$_ ] }
	    $index, $nobody;
	count($_) for @{ $keys_of[0] };
	cmp_ok(scalar @{ $keys_of[0] }, '>', 25, "keys at $at");
	is_deeply($index, $store, 'the same by store and by index');
	is_deeply($log, $index, 'the same by index and by log');
	is_deeply($listed_log, $listed_index, 'and in the list');
	is(scalar @{ $keys_of[1] }, scalar @{ $keys_of[0] }, 'all for nobody');
	my @differ = grep {
		my $want = capped($keys_of[0][$_]);
		my $got = $keys_of[1][$_];
		# The window of a chain is not believed, nor then its entry.
		if ($keys_of[0][$_]{grade} =~ /^A/) {
			delete @$_{qw(entry time_state days days_before
			    days_after flags)} for $want, $got;
		}
		$json->encode($want) ne $json->encode($got)
	} 0 .. $#{ $keys_of[0] };
	is(join(' ', map { $keys_of[0][$_]{name} } @differ), '',
	    'and nothing but grades differs');
}
is(join(' ', sort keys %grade), 'A2 B D F', 'grades');
is(join(' ', sort keys %state),
    'after-last before-first bridged claimed contradicted seen unknown',
    'time states');
for my $flag (qw(aging forgeable weak testing revoked-then conflict)) {
	cmp_ok($flag{$flag} // 0, '>', 0, "a key is $flag");
}

# What verifier says of the archive of the demonstration, in the three ways.
my ($header, $with_index) = verify_records(@by_index, $mail);
is($header->{root}, $root, 'the root stands in the header');
is($header->{vouched}, 'public-key', 'and who vouches');
my (undef, $with_log) = verify_records(@by_log, $mail);
is_deeply($with_log, $with_index, 'the same records by index and by log');
my ($alone, $with_nobody) = verify_records('snap', $mail);
is($alone->{vouched}, 'nobody', 'or that nobody does');

# The keys that decide, those of signatures with ARC too.
sub deciding { return grep { defined } map { $_->{key} }
    map { @{ $_->{signatures} } } @{ $_[0] } }
my @vouched = deciding($with_index);
my %of;
$of{$_->{grade}}++ for @vouched;
is(join(' ', sort keys %of), 'B D', 'grades in the records');
is(scalar(grep { $_->{grade} eq 'B' && $_->{independent} != 2 } @vouched), 0,
    'B by two independent observers');
is_deeply([ map { $_->{grade} } deciding($with_nobody) ],
    [ map { 'D' } @vouched ], 'D at best when nobody vouches');
is_deeply([ map { capped($_) } @vouched ], [ deciding($with_nobody) ],
    'and the rest of the keys is the same');
is_deeply([ map { "@$_{qw(sha256 verdict)}" } @$with_nobody ],
    [ map { "@$_{qw(sha256 verdict)}" } @$with_index ], 'as the verdicts are');

# A better grade asked for is not there then.
my @green = map { $_->{color} eq 'green' } @$with_index;
my (undef, $strict) = verify_records(@by_index, '--min-grade', 'B', $mail);
my (undef, $strict_alone) = verify_records('snap', '--min-grade', 'B', $mail);
my @kept = grep { $_->{color} eq 'green' } @$strict;
cmp_ok(scalar @kept, '>', 0, '--min-grade B leaves some green');
cmp_ok(scalar @kept, '<', scalar(grep { $_ } @green), 'but not all');
is(scalar(grep { $_->{color} eq 'green' } @$strict_alone), 0,
    'and none when nobody vouches');
my @lost = grep { $green[$_] } 0 .. $#green;
is_deeply([ map { "$_->{color} @{[ grep { $_ eq 'grade' } @{
    $_->{reasons} } ]}" } @$strict_alone[@lost] ],
    [ map { 'amber grade' } @lost ], 'they are amber for their grade');

# What people see of the same.
like(ok_run('keysnap', 'show', 'store', 'alias._domainkey.mail.test'),
    qr/^    CNAME to s7[.]esp[.]test\n    grade by entry \d+$/m, 'who controls it');
like(ok_run('keysnap', 'list', 'store'),
    qr/^alias._domainkey.mail.test .*, CNAME to s7[.]esp[.]test/m, 'in the list');
like(ok_run('keysnap', 'show', 'store', $names[1]),
    qr/ \(independent: 2\)\n    forgeable since 2010-06-01T00:00:00Z$/m,
    'since when others could sign');
like(ok_run('keysnap', 'show', 'store', $names[2]),
    qr/^    forgeable since the beginning \(not known\)$/m, 'or not since when');
like(ok_run('keysnap', 'show', 'store', 'k1 tiny.example'),
    qr/^    moduli of its size are factored since 1999-08$/m, 'a small one');

# The same answers, handed in as of a year later: their chains were over.
ok_run('keysnap', 'init', 'late', '--origin', 'example.org/late');
ok_run('keysnap', 'import', 'late', '--format', 'zone', '--source', 'dns/a',
    '--observed-at', '2017-01-10', '--trust-anchor', 'zones/anchor',
    '--skip-bad', 'signed');
for my $case ([ 'store', 'A2', 0 ], [ 'late', 'D', 1 ]) {
	my ($which, $grade, $over) = @$case;
	my $text = ok_run('keysnap', 'show', $which,
	    's1._domainkey.mail.test');
	like($text, qr/ is secure, valid 2016-01-01T00:00:00Z [.][.] /,
	    "$which: the chain holds");
	like($text, qr/^  key 1 .* grade $grade /m, "$which: grade $grade");
	is($text =~ /, NOT at the time of that entry: / ? 1 : 0, $over,
	    "$which: and why");
}

# A key without any time: read by people as by machines.
put('untimed', join '', map { "$_->{selector}._domainkey.$_->{domain} "
    . (ref $_->{txt} ? join '', @{ $_->{txt} } : $_->{txt}) . "\n" } @keys);
my $untimed = make_snapshot([ 'untimed' ], format => 'opendkim',
    import => [ '--observed-at', 'none' ]);
my ($top, $records, $case) = verify_records($untimed, $mail);
my ($unknown) = grep { ($_->{signatures}[0]{key} // {})->{time_state}
    // '' eq 'unknown' } @$records;
is($unknown->{signatures}[0]{key}{days}, undef, 'no distance');
my ($code, $out, $err) = run('verifier', 'show', $case, $unknown->{seq});
is($code, 0, 'the record can be shown');
like($out, qr/ grade F, given without a time by 1 observer, nothing says that /,
    'in words');
like($out, qr/^log of $top->{entries} entries, root $top->{root}: nobody /m,
    'with the root');
put('one.eml', ok_run('verifier', 'show', $case, $unknown->{seq}, '--raw'));
($code, $out) = run('verifier', 'check', '-s', $untimed, 'one.eml');
is($code, 1, 'check says no');
like($out, qr/ nothing says that it was in use then, .*, log entry \d+$/m,
    'and why');
done_testing();
