#!/usr/bin/perl
# self_test.t - the validation report: all vectors that are installed come out
# as expected; a vector, a key or an expectation that is another is a failure
# with its name in the report; the vectors are the same octets every time.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use Test::More;

my $dir = scratch();
my $build = $ENV{BUILD} // 'build';
$build = top() . "/$build" if $build !~ m{^/};
my ($installed) = map { s{/bin/verifier$}{/share/verifier/self-test}r }
    grep { -x } map { "$_/verifier" } split /:/, $ENV{PATH};
chdir $dir or die;

sub self_test {
	my ($code, $out, $err) = run('verifier', 'self-test', '--json', @_);
	my $report = eval { JSON::PP->new->decode($out) } // {};
	my %of = map { $_->{id} => $_ } @{ $report->{results} // [] };
	return ($code, $report, \%of, $err);
}

# ---- as installed -----------------------------------------------------------

my ($code, $report, $of, $err) = self_test();
is($code, 0, 'all vectors come out') or diag($err);
is($report->{failed}, 0, 'none failed');
cmp_ok(scalar @{ $report->{results} }, '>', 140, 'there are many');
is($report->{schema}, 'verifier-self-test/1', 'schema');
ok($report->{versions}{openssl}, 'versions of libraries');
is($report->{log_sha256}, sha256_hex(get("$installed/log.jsonl")), 'the log');
is($report->{expect_sha256}, sha256_hex(get("$installed/expect.tsv")),
	'the expectations');
cmp_ok(scalar @{ $report->{limits} }, '>', 3, 'limits are stated');
for my $row (map { sprintf '%02d', $_ } 1 .. 24) {
	is(scalar(grep { /^$row-.*-(?:simple|mixed|relaxed)$/ } keys %$of), 3,
		"row $row of the matrix");
}
is(scalar(grep { ($_->{expected} // '') eq 'no pass' } values %$of), 4,
	'altered examples must not pass');
is(scalar(grep { !$_->{requirement} } values %$of), 0,
	'each names what asks for it');
my ($done, $out) = run('verifier', 'self-test', '--report', 'report.txt');
is($done, 0, 'a report');
like($out, qr/^\d+ of \d+ vectors as expected$/m, 'and one line');
my $text = get('report.txt');
like($text, qr/^$_/m, "it has: $_") for '1\. Test plan', '2\. Known data',
    '3\. Configuration', '4\. Results', '5\. Anomalies\n\nnone',
    '6\. Known limits', 'program   verifier \d', 'libraries .*openssl';
my $self = sha256_hex(get((grep { -x } map { "$_/verifier" }
	split /:/, $ENV{PATH})[0]));
like($text, qr/^sha256    $self$/m, 'it has the digest of the program');
is((run('verifier', 'self-test', '--report', 'report.txt'))[0], 6,
	'nothing is overwritten');

# ---- made again -------------------------------------------------------------

SKIP: {
	skip 'the build has no generator', 1 unless -x "$build/gen/make_archive";
	mkdir 'again' or die;
	symlink "$build/$_", "again/$_" or die for qw(bin gen);
	ok_run('sh', '-c', 'cd "$1" && data/self-test.sh "$2"', 'sh', top(),
		"$dir/again");
	is((run('diff', '-r', 'again/self-test', $installed))[0], 0,
		'the vectors are the same octets');
}

# ---- what really fails ------------------------------------------------------

my $made = 0;
sub with {
	my ($file, $change) = @_;
	my $folder = 'vectors' . ++$made;
	ok_run('cp', '-r', $installed, $folder);
	local $_ = get("$folder/$file");
	my $before = $_;
	$change->();
	die "$file: nothing changed" if $_ eq $before;
	put("$folder/$file", $_);
	return $folder;
}

sub failures { return join ' ', sort grep { !$_[0]{$_}{good} } keys %{ $_[0] } }

my $folder = with('00-none-simple.eml', sub { s/^(Subject: .)/${1}x/m });
($code, $report, $of, $err) = self_test('--vectors', $folder);
is($code, 1, 'an altered vector');
is(failures($of), '00-none-simple', 'is the one that fails');
is($of->{'00-none-simple'}{actual}, 'altered (-)', 'with what came out');
is($report->{failed}, 1, 'and is counted');
like($err, qr/do not rely on this program/, 'and said');
(undef, $out) = run('verifier', 'self-test', '--vectors', $folder);
like($out, qr/5\. Anomalies\n\nFAIL  00-none-simple/, 'and in the report');
($code, $report, $of) = self_test('--vectors', with('rfc8463-appendix-a.eml',
	sub { s/football/Football/i or s/^(Subject: .)/${1}x/m }));
is($code, 1, 'an altered example');
like(failures($of), qr/^rfc8463-appendix-a$/, 'fails');
($code, $report, $of) = self_test('--vectors', with('expect.tsv',
	sub { s/^(20-second-from-simple.eml\t)altered/$1verified/m }));
is($code, 1, 'another expectation');
is(failures($of), '20-second-from-simple', 'fails');
($code, $report, $of) = self_test('--vectors', with('log.jsonl',
	sub { s/"domain"|good\.example/gone.example/g or die }));
is($code, 1, 'a log with other keys');
cmp_ok($report->{failed}, '>', 100, 'fails the matrix');
$folder = with('expect.tsv', sub { $_ .= "no-such.eml\tverified\t-\n" });
($code, $report, $of) = self_test('--vectors', $folder);
is($code, 1, 'a file that is not there');
is(failures($of), 'no-such.eml', 'is a failure, not left out');
is((self_test('--vectors', with('expect.tsv',
	sub { $_ .= "../../etc/passwd\tverified\t-\n" })))[0], 3,
	'a name that leads elsewhere');
is((self_test('--vectors', with('expect.tsv', sub { $_ .= "x\n" })))[0], 3,
	'a line that is none');
is((self_test('--vectors', with('log.jsonl', sub { s/\{/[/ })))[0], 3,
	'a log that is none');
is((self_test('--vectors', 'no-such'))[0], 3, 'no vectors');
for my $cut ('', "20-second-from-simple.eml\taltered\t-") {
	is((self_test('--vectors', with('expect.tsv', sub { $_ = $cut })))[0],
		3, 'a list that is empty or cut short is no list');
}
done_testing();
