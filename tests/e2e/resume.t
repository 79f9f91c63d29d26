#!/usr/bin/perl
# A run that is killed at any moment goes on with --resume and ends with the
# octets of one that nobody disturbed; what was torn at the end of its files
# does not matter, and another input, other options or a second run at the
# same time are refused.  RESUME_KILLS=50 kills so often; RESUME_SEED takes
# other moments.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Fcntl qw(:flock);
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = scratch();
my $snapshot = demo_snapshot();
my $demo = get(top() . '/data/demo.mbox');
my @messages = grep { length } split /^(?=From )/m, $demo;
my $clock = '2026-03-02T00:00:00Z';
my $kills = $ENV{RESUME_KILLS} // 6;
my $seed = $ENV{RESUME_SEED} // 20161031;
srand $seed;
diag("seed $seed, $kills kills") if $kills > 6;

# ---- archives ---------------------------------------------------------------

sub copies { my ($n) = @_; return $demo x $n }

# The messages as files of their own, without the From_ line.
sub put_files {
	my ($folder, $copies, $name) = @_;
	my $n = 0;
	for my $copy (1 .. $copies) {
		for my $message (@messages) {
			(my $text = $message) =~ s/^From [^\n]*\n//;
			put(sprintf("$folder/$name", $n++), $text);
		}
	}
}

sub make_mail {
	my ($mail, %n) = @_;
	mkdir $_ or die for $mail, "$mail/1-eml", "$mail/2-md",
	    map { "$mail/2-md/$_" } qw(cur new tmp);
	put_files("$mail/1-eml", $n{eml}, '%05d.eml');
	put_files("$mail/2-md/cur", $n{maildir}, '%05d.host:2,S');
	put("$mail/3-notes.txt", "\0 no mail at all \xff" x 1000);
	mkdir "$dir/in" or die;
	mkdir "$dir/in/eml" or die;
	put_files("$dir/in/eml", 1, '%05d.eml');
	put("$dir/in/m.mbox", copies($n{tar}));
	ok_run('tar', '-C', "$dir/in", '--sort=name', '-czf',
		"$mail/4-box.tar.gz", '.');
	ok_run('rm', '-r', "$dir/in");
	put("$mail/5-big.mbox", copies($n{mbox}));
	put("$mail/6-last.mbox", copies(2));
	return $mail;
}

# ---- runs -------------------------------------------------------------------

my $made = 0;
sub new_case { return "$dir/case" . ++$made }

sub command {
	my ($case, $mail, @options) = @_;
	return ('verifier', 'verify', '-q', '-s', $snapshot, '--clock', $clock,
		'-o', $case, @options, $mail);
}

sub start {
	my (@command) = @_;
	my $child = fork // die;
	return $child if $child;
	open STDERR, '>', "$dir/start.err";
	open STDOUT, '>', '/dev/null';
	exec @command or exit 127;
}

# All files of a case; of run.json all but the circumstances.
sub outcome {
	my ($case) = @_;
	my %files = map { s{.*/}{}r => get($_) } glob "$case/*";
	my $run = JSON::PP->new->decode($files{'run.json'} // '{}');
	delete $run->{environment};
	$files{'run.json'} = JSON::PP->new->canonical->encode($run);
	return \%files;
}

sub files { my ($case) = @_; return { map { $_ => get($_) } glob "$case/*" } }

# No diff of megabytes when they are not the same.
sub same {
	my ($got, $want, $name) = @_;
	my @other = grep { ($got->{$_} // '') ne ($want->{$_} // '') }
	    sort keys %{ { %$got, %$want } };
	is("@other", '', $name);
	is(join(' ', sort keys %$got), join(' ', sort keys %$want),
		"$name: the same files") if !@other;
}

# Octets of results.jsonl at the last good point; number of points.
sub synced {
	my ($case) = @_;
	my ($octets, $points, $seen) = (0, 0, 0);
	for (split /\n/, -e "$case/journal.jsonl" ? get("$case/journal.jsonl") : '') {
		$seen = $1 if /^\{"point":\{.*?"octets":(\d+)/;
		($octets, $points) = ($seen, $points + 1) if /^\{"end":"[0-9a-f]{64}"\}$/;
	}
	return ($octets, $points);
}

# Start a run and stop it with "signal" when "enough" says so; true when it
# was stopped in the middle.
sub stop_when {
	my ($signal, $enough, @command) = @_;
	my $child = start(@command);
	my $begin = time;
	until ($enough->(time - $begin)) {
		sleep 0.002;
		if (waitpid($child, 1) == $child) {
			diag(get("$dir/start.err"))
			    if $? != 0 && $? >> 8 != 3;
			return 0;
		}
	}
	kill $signal => $child;
	waitpid $child, 0;
	return $? != 0;
}

sub until_points {
	my ($case, $n) = @_;
	return sub { return (synced($case))[1] >= $n };
}

# An unfinished case with a point in it, stopped by "signal".
sub unfinished {
	my ($mail, $signal, $points) = @_;
	for (1 .. 20) {
		my $case = new_case();
		return $case if stop_when($signal, until_points($case, $points),
			command($case, $mail, '-j1'));
	}
	die 'no run could be stopped';
}

# ---- killed at random -------------------------------------------------------

my $mail = make_mail("$dir/mail", eml => 2, maildir => 2, tar => 15,
	mbox => 75);
my $reference = new_case();
my $begin = time;
my ($code, undef, $err) = run(command($reference, $mail));
my $duration = time - $begin;
is($code, 3, 'the undisturbed run; the notes are no mail') or diag($err);
my $want = outcome($reference);
is(join(' ', sort keys %$want), 'results.jsonl run.json wants.tsv',
	'it leaves its three files');
my $octets = length $want->{'results.jsonl'};

# What file systems do to what was not synced.
sub lose_power {
	my ($case) = @_;
	my $path = "$case/results.jsonl";
	my $journal = "$case/journal.jsonl";
	return 'nothing' unless -e $path && -s $journal;
	my ($kept) = synced($case);
	my $what = int rand 5;
	my $beyond = (-s $path) - $kept;
	if ($what == 0) {
		truncate $path, $kept + int rand($beyond + 1);
		return 'results torn';
	} elsif ($what == 1) {
		truncate $path, $kept;
		truncate $path, $kept + int rand 100_000;
		return 'results with zeros';
	} elsif ($what == 2) {
		truncate $journal, int rand(1 + -s $journal);
		return 'journal torn';
	} elsif ($what == 3) {
		my $at = int rand(1 + -s $journal);
		truncate $journal, $at;
		truncate $journal, $at + int rand 5000;
		return 'journal with zeros';
	}
	return 'nothing';
}

my ($done, $rounds, $beyond) = (0, 0, 0);
while ($done < $kills && $rounds < 5 * $kills) {
	my $case = new_case();
	my $jobs = 1 + int rand 3;
	$rounds++;
	for my $turn (1 .. 4) {
		last if $done >= $kills;
		my $size = -s "$case/results.jsonl" // 0;
		my $limit = $size + rand($octets - $size);
		my $delay = rand(1.1 * $duration);
		my $by_size = rand() < 0.7;
		my $signal = rand() < 0.2 ? 'INT' : 'KILL';
		my $child = start(command($case, $mail, '--resume', '-j', $jobs));
		my $start = time;
		my $alive = 1;
		until ($by_size ? (-s "$case/results.jsonl" // 0) > $limit
			: time - $start > $delay) {
			sleep 0.001;
			$alive = 0, last if waitpid($child, 1) == $child;
		}
		last unless $alive;
		kill $signal => $child;
		waitpid $child, 0;
		if (-e "$case/run.json") {
			# Perhaps between the last file and the journal's end.
			run(command($case, $mail, '--resume'));
			last;
		}
		$done++ if $signal eq 'KILL';
		$beyond++ if (synced($case))[1] > 0;
		my $lost = $signal eq 'KILL' ? lose_power($case) : 'nothing';
		note("$case turn $turn: $signal at ",
			-s "$case/results.jsonl" // 'none', ", $lost");
	}
	if (!-e "$case/run.json") {
		($code, undef, $err) =
		    run(command($case, $mail, '--resume', '-j', $jobs));
		is($code, 3, 'the rest') or diag($err);
	}
	same(outcome($case), $want, "round $rounds: the undisturbed octets");
	ok_run('rm', '-r', $case);
}
is($done, $kills, "$kills kills");
cmp_ok($beyond, '>', 0, "$beyond of them behind a point");

# ---- a signal ---------------------------------------------------------------

my $case = unfinished($mail, 'INT', 1);
is(join(' ', map { s{.*/}{}r } glob "$case/*"), 'journal.jsonl results.jsonl',
	'after SIGINT there is no run.json');
is((synced($case))[0], -s "$case/results.jsonl", 'and all is synced');
my ($stats) = records(ok_run('verifier', 'stats', '--json', $case));
cmp_ok($stats->{messages}, '>', 8000, 'stats reads what is there');

sub refused {
	my ($want_code, $like, $name, $in, @command) = @_;
	my $before = files($in);
	my ($got, undef, $said) = run(@command);
	is($got, $want_code, $name) or diag($said);
	like($said, $like, "$name: it is said");
	same(files($in), $before, "$name: nothing was touched");
}

refused(2, qr/--resume goes on/, 'not without --resume', $case,
	command($case, $mail));
refused(2, qr/for --max-gap/, 'another --max-gap', $case,
	command($case, $mail, '--resume', '--max-gap', 7));
refused(2, qr/for --min-grade/, 'another --min-grade', $case,
	command($case, $mail, '--resume', '--min-grade', 'B'));
refused(2, qr/archive arguments/, 'another archive', $case,
	command($case, "$mail/5-big.mbox", '--resume'));
refused(2, qr/archive arguments/, 'one archive more', $case,
	command($case, $mail, '--resume', $mail));
put("$dir/equivalences", "example.org example.com\n");
refused(2, qr/for --equivalences/, 'with equivalences', $case,
	command($case, $mail, '--resume', '--equivalences', "$dir/equivalences"));
my $root = (records(get("$case/results.jsonl") =~ s/\n.*//sr))[0]{root};
refused(2, qr/for the snapshot/, 'another voucher', $case,
	command($case, $mail, '--resume', '--root', $root));
refused(2, qr/standard input/, 'standard input', $case,
	command($case, '-', '--resume'));

# Is the journal locked?
sub locked {
	my ($case) = @_;
	open my $journal, '<', "$case/journal.jsonl" or return 0;
	return !flock $journal, LOCK_EX | LOCK_NB;
}

my $first = start(command($case, $mail, '--resume'));
for (1 .. 5000) {
	last if locked($case);
	sleep 0.002;
}
kill STOP => $first;
refused(2, qr/another run is at work/, 'two at once', $case,
	command($case, $mail, '--resume'));
kill CONT => $first;
waitpid $first, 0;
is($? >> 8, 3, 'the first of them goes on');
same(outcome($case), $want, 'resumed after all that');
my $environment = JSON::PP->new->decode(get("$case/run.json"))->{environment};
cmp_ok($environment->{resumed} // 0, '>', 8000, 'run.json says that it was');
refused(2, qr/nothing to resume/, 'a run that has ended', $case,
	command($case, $mail, '--resume'));

put("$case/journal.jsonl", '');
refused(2, qr/nothing to resume/, 'also when its journal was left', $reference,
	command($case, $mail, '--resume'));
same(outcome($case), $want, 'which goes then');

$case = new_case();
mkdir $case or die;
ok_run('mkfifo', "$case/journal.jsonl");
refused(2, qr/not a regular file/, 'a FIFO', $reference,
	command($case, $mail, '--resume'));
$case = new_case();
mkdir $case or die;
put("$case/other", '');
refused(2, qr/not an empty folder/, 'a folder that is none of ours', $case,
	command($case, $mail, '--resume'));

# ---- damage -----------------------------------------------------------------

my $state = unfinished($mail, 'KILL', 2);
my ($kept) = synced($state);

sub copy_of {
	my ($from) = @_;
	my $to = new_case();
	ok_run('cp', '-a', $from, $to);
	return $to;
}

sub resumes {
	my ($name, $change) = @_;
	my $copy = copy_of($state);
	$change->($copy);
	my ($got, undef, $said) = run(command($copy, $mail, '--resume'));
	is($got, 3, $name) or diag($said);
	same(outcome($copy), $want, $name);
}

sub append { my ($path, $text) = @_; put($path, get($path) . $text) }

resumes('leftovers of the end of a run', sub {
	put("$_[0]/$_", 'x') for 'lines.tmp', 'run.json.tmp', 'wants.tsv',
	    'wants.tsv.A1B2C3';
});
resumes('an empty journal', sub { put("$_[0]/journal.jsonl", '') });
resumes('a journal of zeros', sub { put("$_[0]/journal.jsonl", "\0" x 9000) });
resumes('garbage behind the journal',
	sub { append("$_[0]/journal.jsonl", "{\"sender\":\"x\"}\n\xff\n") });
resumes('a bit that fell over in the last block', sub {
	my $text = get("$_[0]/journal.jsonl");
	$text =~ s/.*\K"wanted_signatures":\d/"wanted_signatures":9/s or die;
	put("$_[0]/journal.jsonl", $text);
});
# What stands behind the point is cut off, not only written over.
for (1 .. 20) {
	my $cut = unfinished($mail, 'KILL', 1);
	append("$cut/results.jsonl", "\0" x 60_000_000);
	next unless stop_when('INT', until_points($cut, 2),
		command($cut, $mail, '--resume', '-j1'));
	is(-s "$cut/results.jsonl", (synced($cut))[0], 'the tail is cut off');
	last;
}
for (['cut before the point', sub { truncate "$_[0]/results.jsonl", $kept - 1 }],
	['changed before the point', sub {
		my $text = get("$_[0]/results.jsonl");
		substr($text, $kept / 2, 1) = 'X';
		put("$_[0]/results.jsonl", $text);
	}],
	['gone', sub { unlink "$_[0]/results.jsonl" }]) {
	my ($name, $change) = @$_;
	my $copy = copy_of($state);
	$change->($copy);
	my ($got, undef, $said) = run(command($copy, $mail, '--resume'));
	is($got, 4, "records $name");
	like($said, qr/not what the interrupted run wrote/, 'it is said');
}
{
	my $copy = copy_of($state);
	put("$copy/journal.jsonl", "{\"log\":1}\n");
	refused(2, qr/not the journal/, 'a journal of something else', $copy,
		command($copy, $mail, '--resume'));
}

# ---- another input ----------------------------------------------------------

# Change the archive, be refused, change it back.
sub changed {
	my ($name, $like, $in, $path, $change) = @_;
	my $text = get($path);
	my $copy = copy_of($in);
	$change->($path, $text);
	refused(4, $like, $name, $copy, command($copy, $mail, '--resume'));
	put($path, $text);
	return $copy;
}

sub flip {
	my ($path, $text, $at) = @_;
	substr($text, $at, 1) = substr($text, $at, 1) ^ "\1";
	put($path, $text);
}

changed('a message file', qr/00100\.eml.*changed since/, $state,
	"$mail/1-eml/00100.eml", sub { flip(@_, 200) });
changed('a message file gone', qr/00101\.eml: stands where/, $state,
	"$mail/1-eml/00100.eml", sub { unlink $_[0] });
put("$mail/1-eml/00100x.eml", '');
changed('a message file more', qr/00100x\.eml: stands where/, $state,
	"$mail/1-eml/00100x.eml", sub { put($_[0], "From: a\@b.example\n\nx\n") });
unlink "$mail/1-eml/00100x.eml" or die;
changed('a file that is no mail', qr/3-notes\.txt/, $state,
	"$mail/3-notes.txt", sub { flip(@_, 9000) });
changed('a container', qr/4-box\.tar\.gz/, $state,
	"$mail/4-box.tar.gz", sub { flip(@_, 20) });
my $again = changed('the mailbox that it was in', qr/5-big\.mbox/, $state,
	"$mail/5-big.mbox", sub { flip(@_, 300) });
changed('a message of the Maildir gone', qr/00001\.host.*stands where/,
	$state, "$mail/2-md/cur/00000.host:2,S", sub { unlink $_[0] });
($code, undef, $err) = run(command($again, $mail, '--resume'));
is($code, 3, 'the archive as it was: the run goes on') or diag($err);
same(outcome($again), $want, 'and ends as ever');

# What comes last is gone: there is nothing that stands where it was.
{
	my $copy = copy_of($state);
	ok_run('mv', "$mail/5-big.mbox", "$mail/6-last.mbox", $dir);
	refused(4, qr/5-big\.mbox: .*changed since/, 'the last files gone', $copy,
		command($copy, $mail, '--resume'));
}

# A container in the middle of which the run was, changed at its start: it has
# no sum yet that could tell, but its member has.
mkdir "$dir/tree" or die;
put("$dir/tree/m.mbox", copies(60));
my $pack = sub {
	ok_run('tar', '-C', "$dir/tree", '--mtime=@0', '-cf', "$dir/t.tar",
		'm.mbox');
};
$pack->();
my $inside = unfinished("$dir/t.tar", 'KILL', 1);
flip("$dir/tree/m.mbox", copies(60), 1200);
$pack->();
refused(4, qr/t\.tar.*changed since/, 'a container that was not read yet',
	$inside, command($inside, "$dir/t.tar", '--resume'));
done_testing();
