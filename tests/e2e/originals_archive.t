#!/usr/bin/perl
# What altered messages were, found in other messages of the archive: the same
# for any way to run, and nothing where the archive does not have it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
ok_run(generator(), '--damage', "$dir/damage");
ok_run(generator(), '--originals', "$dir/one");
my $snapshot = make_snapshot(["$dir/damage/keys.jsonl",
	"$dir/one/keys.jsonl"]);

# A signed message with a Message-ID of its own; its signature is of another
# one, so that it is altered there as well as where the test alters it.
my %kept = map { $_ => get("$dir/damage/00-none-$_.eml") }
    qw(simple mixed relaxed);
my $subject = qr/^Subject: .*?(?=\r\n\S)/ms;
my $good = $kept{relaxed};
my $other = 'Subject: Something else';
my $from = 'From: Mallory <mallory@good.example>';

sub with { my ($text, $new) = @_;
	my ($name) = $new =~ /^([^:]+):/;
	return $text =~ s/^$name: .*?(?=\r\n\S)/$new/msr;
}

sub run_case {
	my ($name, %files) = @_;
	my $in = "$dir/$name";
	mkdir $in or die "$in: $!";
	put("$in/$_.eml", $files{$_}) for keys %files;
	my (undef, $records, $case) = verify_records($snapshot, $in);
	return ($records, $case, $in);
}

sub originals {
	my ($case, @options) = @_;
	my ($code, $out, $err) =
	    run('verifier', 'originals', $case, '--json', @options);
	is($code, 0, 'originals ends well') or diag($err);
	return (records($out));
}

sub fields {
	my ($found) = @_;
	return join ' ', map {
		map { "$_->{name}:$_->{origin}:$_->{record}" }
		    @{ $_->{signed_fields} }
	} @{ $found->{headers} };
}

# Headers, with the good message in another file.
my ($records, $case, $in) = run_case('headers',
	a => with($good, $other), b => $good,
	c => with(with($good, $other), 'To: dan@nosign.example'),
	d => with($good, 'Subject: Nobody has this') =~
	    s/^Message-ID: <damage/Message-ID: <lonely/mr);
is(join(' ', map { $_->{verdict} } @$records),
	'altered verified altered altered', 'three are altered');
my @found = originals($case);
is(join(' ', map { $_->{seq} } @found), '1 3', 'two are found');
is(fields($found[0]), 'Subject:message:2', 'the Subject');
is(fields($found[1]), 'To:message:2 Subject:message:2', 'and To');
like($found[0]{headers}[0]{signed_fields}[0]{signed_text},
	qr/^Gr\S+e and a long subject/, 'as it was signed');
is(scalar @{ $found[0]{bodies} }, 0, 'no body was missing');

# For people; nothing is written into the case.
my $before = join ' ', sort glob "$case/*";
my ($code, $out, $err) = run('verifier', 'originals', $case);
like($out, qr/^1  a\.eml\n  the signed Subject was "[^"]*" \(as another message of the archive has it\) \[record 2\]; stored: "Something else"$/m,
	'in words');
like($err, qr/found for 2 headers and 0 bodies/, 'and counted');
is(join(' ', sort glob "$case/*"), $before, 'the case is as it was');

# Elsewhere, and again.
rename $in, "$in.moved" or die;
is($out, (run('verifier', 'originals', $case, '--archive', "$in.moved"))[1],
	'the same from another place');
put("$in.moved/b.eml", $good . 'x');
is((run('verifier', 'originals', $case, '--archive', "$in.moved"))[0], 4,
	'an archive that was changed is refused');

# The fields stand in two messages, neither of which is right.
($records, $case) = run_case('pieces',
	a => with(with($good, $other), $from),
	b => with($good, $from),
	c => with($good, $other));
is(join(' ', map { $_->{verdict} } @$records), 'altered altered altered',
	'all are altered');
@found = originals($case);
is(join(' ', map { fields($_) } @found),
	'From:message:3 Subject:message:2 From:message:3 Subject:message:2',
	'each field where it is right');

# Nothing that is not proved.
($records, $case) = run_case('nothing',
	a => with($good, $other), b => with($good, 'Subject: Third'));
is(scalar originals($case), 0, 'two lies make no truth');

# Bodies.
($records, $case) = run_case('bodies',
	a => $good =~ s/never was/always was/r, b => $good,
	c => $good =~ s/\r\n\r\n.*/\r\n\r\n/sr,
	d => with($good, $other) =~ s/never was/always was/r);
is(join(' ', map { $_->{verdict} } @$records),
	'headers-only verified headers-only altered', 'bodies are altered');
@found = originals($case);
is(join(' ', map { "$_->{seq}:$_->{bodies}[0]{record}" }
	grep { @{ $_->{bodies} } } @found), '1:2 3:2', 'the body is named');
is(fields($found[-1]), 'Subject:message:1', 'and the Subject of the last');
($code, $out) = run('verifier', 'originals', $case);
like($out, qr/^  the signed body is that of record 2: it has the hash in bh= of signature 1$/m,
	'in words');

# An mbox, in which records are many to a file, under all canonicalisations;
# one worker finds what many do, with a snapshot that was named otherwise.
my $mbox = join '', map { "From x\@y.example Thu Jan  1 00:00:00 2015\n"
	. ($_ =~ s/\r\n/\n/gr =~ s/^(>*From )/>$1/gmr) . "\n" }
    map { (with($kept{$_}, $other), $kept{$_}) } qw(simple mixed relaxed);
put("$dir/all.mbox", $mbox);
my @cases = map { (verify_records($snapshot, $_, "$dir/all.mbox"))[2] }
    qw(-j1 -j4);
my @all = map { (run('verifier', 'originals', '--json', $_))[1] } @cases;
is($all[0], $all[1], 'the same after any run');
is(join(' ', map { "$_->{seq}:" . fields($_) } records($all[0])),
	'1:Subject:message:2 3:Subject:message:2 5:Subject:message:2',
	'in an mbox, under all canonicalisations');

# No work, no reading.
($records, $case, $in) = run_case('none', a => $good);
rename $in, "$in.gone" or die;
($code, $out, $err) = run('verifier', 'originals', $case, '--archive', $dir);
is($code, 0, 'nothing to look for') or diag($err);
is($out, '', 'and nothing said');
done_testing();
