#!/usr/bin/perl
# replay.t - a run made again is IDENTICAL for any number of workers, in
# another locale and time zone, from elsewhere and with a rebuilt snapshot;
# anything else, in the archive, the snapshot, or the case, is found and named.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep);

my $dir = scratch();
chdir $dir or die;
ok_run('keysnap', 'keygen', '-o', 'seal', '--name', 'test.example/log');
my $snapshot = make_snapshot([ top() . '/data/demo-keys.jsonl' ],
	freeze => [ '--sign-key', 'seal' ]);
my $demo = get(top() . '/data/demo.mbox');
my @messages = grep { length } split /^(?=From )/m, $demo;

# An archive of all kinds: an mbox, files, a tar with both, and no mail.
mkdir $_ or die for qw(mail mail/eml);
put('mail/a.mbox', $demo);
for my $n (0 .. 19) {
	(my $text = $messages[$n]) =~ s/^From [^\n]*\n//;
	put(sprintf('mail/eml/%02d.eml', $n), $text);
}
put('mail/junk', "\0\1\2 no mail");
ok_run('tar', '--sort=name', '-czf', 'mail/z.tar.gz', '-C', 'mail', 'a.mbox',
	'eml');

sub verify {
	my ($case, @options) = @_;
	my ($code, $out, $err) =
	    run('verifier', 'verify', '-q', '-o', $case, @options);
	ok($code == 0 || $code == 3, "$case: the run") or diag($err);
}

sub replay {
	my ($case, @options) = @_;
	return run('verifier', 'replay', $case, @options);
}

sub is_identical {
	my ($name, $case, @options) = @_;
	my ($code, $out, $err) = replay($case, @options);
	is($code, 0, "$name: exit") or diag($err);
	like($out, qr/\AIDENTICAL  \d+ records compared\n/, "$name: identical");
}

# The exit code, and the differences by part.
sub differences {
	my (@command) = @_;
	my ($code, $out, $err) = replay(@command, '--json');
	my $said = eval { JSON::PP->new->decode($out) } // {};
	return ($code, { map { $_->{part} => $_ } @{ $said->{differences} } },
		$said, $err);
}

# ---- identical --------------------------------------------------------------

my @pinned = ('-s', $snapshot, '--public-key', 'seal.pub');
verify('one', @pinned, '-j1', 'mail');
my @before = map { get("one/$_") } qw(results.jsonl run.json wants.tsv);
is_identical("$_ workers", 'one', "-j$_") for 1, 2, 5;
{
	local $ENV{TZ} = 'Pacific/Kiritimati';
	is_identical('another time zone', 'one');
}
SKIP: {
	run('localedef', '-i', 'tr_TR', '-f', 'UTF-8', "$dir/tr_TR.UTF-8");
	skip 'localedef cannot make tr_TR.UTF-8', 2
	    unless -e "$dir/tr_TR.UTF-8/LC_CTYPE";
	local @ENV{qw(LOCPATH LC_ALL LANGUAGE)} = ($dir, 'tr_TR.UTF-8', 'tr');
	is_identical('a Turkish locale', 'one');
}
ok_run('cp', '-r', $snapshot, 'rebuilt');
ok_run('chmod', '-R', 'u+w', 'rebuilt');
unlink 'rebuilt/keys.mdb' or die;
ok_run('keysnap', 'rebuild', 'rebuilt');
is_identical('a rebuilt snapshot', 'one', '-s', 'rebuilt');
is_identical('the same, by its signature', 'one', '-s', 'rebuilt',
	'--public-key', 'seal.pub');

verify('nobody', '-s', $snapshot, 'mail/a.mbox');
is_identical('a snapshot that nobody vouched for', 'nobody');
verify('options', @pinned, '--repairs', 'none', '--min-grade', 'C2',
	'--max-gap', '10', '--max-depth', '0', 'mail');
is_identical('other options', 'options');
my ($code, $differ) = differences('one');
is_deeply($differ, {}, 'no difference in JSON');
put('list', "mail/eml/03.eml\nmail/a.mbox\n");
verify('listed', @pinned, '--files-from', 'list');
is_identical('a list of files', 'listed');

# Proofs: a note over the mbox, judged as of the time of the run.
my $text = sprintf "keysnap-time 1\n2016-01-01T00:00:00Z\n%s  a.mbox\n",
    sha256_hex($demo);
put('note.txt', $text);
verify('proved', @pinned, '--anchor', 'note.txt', 'mail');
is_identical('with a proof', 'proved');

# Elsewhere.
mkdir $_ or die for qw(away away/deep);
ok_run('cp', '-r', 'mail', 'away/deep/post');
ok_run('cp', '-r', $snapshot, 'away/snap');
verify('two', @pinned, 'mail/a.mbox', 'mail/eml');
rename 'mail', 'mail.gone' or die;
is_identical('a folder elsewhere', 'one', '--archive', 'away/deep/post',
	'--snapshot', 'away/snap');
is_identical('two arguments in one folder', 'two', '--archive',
	'away/deep/post');
rename 'away/deep/post/a.mbox', 'away/deep/post/other' or die;
is_identical('two arguments, each elsewhere', 'two', '--archive',
	'away/deep/post/other', '--archive', 'away/deep/post/eml');
is_identical('one file under another name', 'nobody', '--archive',
	'away/deep/post/other');
rename 'away/deep/post/other', 'away/deep/post/a.mbox' or die;
is_identical('one file in a folder', 'nobody', '--archive', 'away/deep/post');
($code, my $out, my $err) = replay('one');
is($code, 3, 'an archive that is gone');
like($err, qr{mail: No such file}, 'is named');
rename 'mail.gone', 'mail' or die;

my @after = map { get("one/$_") } qw(results.jsonl run.json wants.tsv);
is_deeply(\@after, \@before, 'the files of the case are as they were');
is_deeply([ sort map { s{.*/}{}r } glob 'one/* one/.[!.]*' ],
	[qw(results.jsonl run.json wants.tsv)], 'and no other is there');

# ---- the archive is another -------------------------------------------------

sub with_mail {
	my ($change) = @_;
	ok_run('rm', '-rf', 'changed');
	ok_run('cp', '-r', 'mail', 'changed');
	$change->();
	return differences('one', '--archive', 'changed');
}

($code, $differ) = with_mail(sub {
	(my $text = get('changed/eml/07.eml')) =~ s/^Subject: /Subject: not /m;
	put('changed/eml/07.eml', $text);
});
is($code, 1, 'a subject');
is($differ->{record}{path}, 'eml/07.eml', 'its message');
is($differ->{record}{count}, 1, 'and only that');
isnt($differ->{record}{then}, $differ->{record}{now}, 'then and now');
is($differ->{input}{path}, 'eml/07.eml', 'its file');
is($differ->{input}{member}, 'sha256', 'its SHA-256');
($code, $differ) = with_mail(sub { unlink 'changed/junk' });
is($code, 1, 'a file less');
is($differ->{record}{path}, 'junk', 'the record where it was');
($code, $differ) = with_mail(sub { put('changed/zzz', "Subject: x\n\nx\n") });
is($code, 1, 'a file more');
is_deeply([ @{ $differ->{record} }{qw(path member then)} ],
	[ 'zzz', '', undef ], 'the record that the case has not');
($code, $differ) = with_mail(sub {
	put('changed/junk', "\0\1\3 no mail") });
is($code, 1, 'octets of what is no mail');
is($differ->{input}{member}, q(sha256), q(its SHA-256));

# ---- the snapshot is another ------------------------------------------------

my @lines = split /^/, get(top() . '/data/demo-keys.jsonl');
put('fewer.jsonl', join '', @lines[ 0 .. $#lines - 1 ]);
my $other = make_snapshot(['fewer.jsonl'], freeze => [ '--sign-key', 'seal' ]);
($code, $out, $err) = replay('one', '-s', $other);
is($code, 4, 'another root is refused');
($code, $differ) = differences('one', '-s', $other, '--public-key', 'seal.pub');
is($code, 1, 'or, with the same key, a difference');
is($differ->{header}{member}, 'entries', 'in the header');
($code, $differ) = differences('nobody', '-s', $other);
is($code, 1, 'so too when nobody vouched for it');
($code, $out, $err) = replay('one', '-s', 'no-such');
is($code, 3, 'no snapshot');

# ---- the case is another ----------------------------------------------------

my $made = 0;
sub with_case {
	my ($file, $change) = @_;
	my $case = 'case' . ++$made;
	ok_run('cp', '-r', 'one', $case);
	my $text = get("$case/$file");
	$_ = $text;
	$change->();
	die "$case: nothing changed" if $_ eq $text;
	put("$case/$file", $_);
	return $case;
}

my @of;
@of = differences(with_case('results.jsonl',
	sub { s/"color":"amber"/"color":"green"/ }));
is($of[0], 4, 'a record altered');
is_deeply([ @{ $of[1]{record} }{qw(member then now count)} ],
	[qw(color green amber 1)], 'is found');
is($of[2]{altered}, 'results.jsonl', 'and is not what run.json names');
@of = differences(with_case('results.jsonl',
	sub { s/^(\{"arc[^\n]*|\{"best[^\n]*)\n//m }));
is($of[0], 4, 'a record taken out');
@of = differences(with_case('results.jsonl', sub { s/[^\n]*\n\z// }));
is($of[0], 4, 'the last record taken off');
is($of[1]{record}{then}, undef, 'it is not in the case');
@of = differences(with_case('results.jsonl', sub { $_ .= "{}\n" }));
is($of[0], 4, 'a line added');
is($of[1]{record}{now}, undef, 'only the case has it');
@of = differences(with_case('results.jsonl', sub { s/.{20}\z//s }));
is($of[0], 4, 'the last line cut');
like($of[3], qr/cut short/, 'is said');
@of = differences(with_case('results.jsonl',
	sub { s/"verdict":"verified"/"verdict":"verified" / }));
is($of[0], 4, 'a blank');
is($of[1]{record}{member}, '(spelling)', 'is a difference of spelling');
@of = differences(with_case('wants.tsv', sub { s/\t(\d+)$/\t9$1/m }));
is($of[0], 4, 'wants.tsv altered');
is($of[1]{want}{count}, 1, 'is found');
@of = differences(with_case('run.json',
	sub { s/("inputs":.*?"sha256":")./${1}x/ }));
is($of[0], 1, 'an input altered in run.json');
is($of[1]{input}{member}, 'sha256', 'is found');
@of = differences(with_case('run.json', sub { s/"notes":\[/"notes":[{},/ }));
is($of[0], 1, 'a note added');
is($of[1]{note}{count}, 1, 'is found');
@of = differences(with_case('run.json', sub { s/\}\n\z// }));
is($of[0], 3, 'run.json cut');
like($of[3], qr/run\.json/, 'is named');
@of = differences(with_case('run.json', sub { s/"notes":\[/"notes":{}[/ }));
is($of[0], 3, 'run.json that is no JSON');
@of = differences(with_case('run.json',
	sub { s/"verify",/"verify","--help",/ }));
is($of[0], 3, 'a command line that would only ask for help');
unlike($of[3], qr/IDENTICAL/, 'compares nothing');
@of = differences(with_case('run.json',
	sub { s/"verify",/"verify","--no-such",/ }));
is($of[0], 3, 'an option that is not known');
@of = differences(with_case('run.json', sub { s/"verify",/"check",/ }));
is($of[0], 3, 'another command');
@of = differences(with_case('run.json',
	sub { s/"repairs":"all"/"repairs":"none"/g }));
is($of[0], 1, 'another option than the run had');
ok($of[1]{record}{count}, 'changes records');
@of = differences(with_case('run.json',
	sub { s/"depth":3/"depth":2/ }));
is($of[0], 1, 'a bound that is not the one of the command line');
is($of[1]{basis}{member}, 'limits.depth', 'is found');
# What run.json says of the run as a whole is a claim like any other.
for my $claim (
	[ 'counts.verdicts[0].count', sub { s/("verdicts":\[\{"count":)/${1}9/ } ],
	[ 'counts.senders', sub { s/("senders":)/${1}9/ } ],
	[ 'counts.first_date', sub { s/("first_date":")20/${1}19/ } ],
	[ 'premises[0]', sub { s/"premises":\[\]/"premises":[{"broken":false,"code":"x","path":"y"}]/ } ],
	[ 'snapshot.root', sub { s/("root":".{63})./$1x/g } ],
	[ 'snapshot.vouched', sub { s/"vouched":"[^"]*"/"vouched":"key"/g } ]) {
	@of = differences(with_case('run.json', $claim->[1]));
	is($of[0], 1, "run.json lies: $claim->[0]");
	is($of[1]{run}{member}, $claim->[0], "$claim->[0]: is named");
	ok(!$of[2]{identical}, "$claim->[0]: not identical");
}
for my $file ('results.jsonl', 'run.json') {
	my $case = with_case($file, sub {
		s/"vouched":"[^"]*"/"vouched":"\\u001b[2J\xe2\x80\xae"/g;
		s/("public_suffix_list_sha256":")[^"]{20}/$1\\u001b]0;x\\u0007/g });
	($code, $out, $err) = replay($case);
	unlike($out . $err, qr/[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae/,
		"$file: no control and no turned text goes to the terminal");
}
@of = differences(with_case('results.jsonl',
	sub { s/"tool":"verifier [^"]*"/"tool":"verifier 0.0.9\\u001b[31m"/ }));
is($of[0], 4, 'a case of another version');
like($of[3], qr/then by verifier 0\.0\.9\\u\{1b\}\[31m, now by/,
	'is said, and no control goes to the terminal');
is_deeply($of[1], {}, 'the records are the same');

my $unfinished = with_case('run.json', sub { $_ = '' });
unlink "$unfinished/run.json";
put("$unfinished/journal.jsonl", '');
($code, $out, $err) = replay($unfinished);
is($code, 2, 'a case without run.json');
like($err, qr/no case with a finished run/, 'is said');
unlink "$unfinished/results.jsonl";
ok_run('cp', 'one/run.json', $unfinished);
POSIX::mkfifo("$unfinished/results.jsonl", 0600) or die;
($code, $out, $err) = replay($unfinished);
is($code, 3, 'a pipe in place of the results does not hold it up');
POSIX::mkfifo('files.fifo', 0600) or die;
($code, $out, $err) = replay(with_case('run.json',
	sub { s/"verify",/"verify","--files-from","files.fifo",/ }));
is($code, 3, 'a pipe in place of the list of files does not, either');
($code, $out, $err) = replay('one', ('--archive', 'mail') x 2);
is($code, 2, 'too many places');

# ---- standard input, interruption -------------------------------------------

ok_run('sh', '-c', "verifier verify -q -s $snapshot -o stdin - < mail/a.mbox");
($code, $out, $err) = replay('stdin');
is($code, 2, 'standard input cannot be read again');
is_identical('but a file instead of it', 'stdin', '--archive', 'mail/a.mbox');

put('big.mbox', $demo x 60);
verify('big', @pinned, 'big.mbox');
my $child = fork // die;
if ($child == 0) {
	open STDOUT, '>', 'big.out';
	open STDERR, '>', 'big.err';
	exec 'verifier', 'replay', '-j1', 'big', '--json' or exit 127;
}
sleep 0.25;
kill 'INT', $child;
waitpid $child, 0;
my $ended = JSON::PP->new->decode(get('big.out'));
if ($? >> 8 == 130) {
	ok($ended->{interrupted}, 'interrupted: said');
	ok(!$ended->{identical}, 'and not called identical');
} else {
	is($?, 0, 'it was through before the signal');
	ok($ended->{identical}, 'and identical');
}
done_testing();
