#!/usr/bin/perl
# What is no mail, or mail made to hurt: no crash, no loss, a record for each
# file, and the good message among them is still found good.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
ok_run(generator(), '--semantics', "$dir/mail");
my $snapshot = make_snapshot(["$dir/mail/keys.jsonl"]);
my $good = get("$dir/mail/plain.eml");
my $in = "$dir/in";
mkdir $in or die;

my $mib = 1024 * 1024;
my %files = (
	'empty.eml'          => '',
	'nul.eml'            => "\0" x 4096,
	'newlines.eml'       => "\r\n" x 5000,
	'one-long-line.eml'  => 'x' x (10 * $mib),
	'long-field.eml'     => 'Subject: ' . ('y' x (3 * $mib)) . "\r\n\r\nz\r\n",
	'many-fields.eml'    => ("X: y\r\n" x 200_000) . "\r\nz\r\n",
	'many-signatures.eml' =>
	    ("DKIM-Signature: v=1; a=rsa-sha256; d=good.example; s=g; h=from; bh=AA==; b=AA==\r\n" x 3000) . $good,
	'many-tags.eml'      => 'DKIM-Signature: ' . join('', map { "t$_=1;" } 1 .. 50_000) . "\r\n$good",
	'many-authors.eml'   => 'From: ' . join(",\r\n ", map { "a$_\@good.example" } 1 .. 20_000) . "\r\n\r\nz\r\n",
	'deep-comment.eml'   => 'From: ' . ('(' x 100_000) . "\r\n\r\nz\r\n",
	'no-header-end.eml'  => 'From: a@b.example',
	'cr-only.eml'        => $good =~ s/\r\n/\r/gr,
	'nul-in-header.eml'  => $good =~ s/Subject: /Subject: \0/r,
	'eight-bit.eml'      => join('', map { chr } 1 .. 255) x 20,
	'controls.eml'       => "Subject: \e]0;evil\a\e[31m\r\nFrom: \e[2J\@b.example\r\n\r\nx\r\n",
	'huge-length.eml'    => $good =~ s/bh=/l=99999999999999999999999; bh=/r,
	'good.eml'           => $good,
);
put("$in/$_", $files{$_}) for keys %files;
symlink '/nonexistent', "$in/dangling.eml" or die;
symlink $in, "$in/loop" or die;

my $case = "$dir/case";
my ($code, $out, $err) =
    run('verifier', 'verify', '-s', $snapshot, '-o', $case, $in);
ok($code == 0 || $code == 3, 'the run ends well') or diag("exit $code $err");
my ($header, @records) = records(get("$case/results.jsonl"));
my %record = map { ($_->{source}{path} => $_) } @records;
for my $name (sort keys %files) {
	my ($path) = grep { /(?:^|\/)\Q$name\E$/ } keys %record;
	ok(defined $path, "$name has a record") or next;
	# In one of them a broken signature stands before the good one.
	my $want = $name =~ /^(?:good|many-tags)\.eml$/ ? 'verified' : undef;
	is($record{$path}{verdict}, $want, "$name is verified") if $want;
	isnt($record{$path}{color}, 'green', "$name is not green") unless $want;
}
my ($link) = grep { /dangling/ } keys %record;
ok(defined $link, 'the dangling link has a record');
is($record{ $link // '' }{verdict}, 'unreadable', 'which is unreadable');

for my $name (sort keys %files) {
	my ($exit, $text, $talk) =
	    run('verifier', 'check', '-s', $snapshot, "$in/$name");
	ok($exit == 0 || $exit == 1 || $exit == 3, "check $name: exit $exit");
	unlike("$text$talk", qr/[\x00-\x08\x0b-\x1f]/, "check $name: no controls");
}

SKIP: {
	skip 'root may read everything', 1 if $> == 0;
	chmod 0, "$in/good.eml";
	is((run('verifier', 'check', '-s', $snapshot, "$in/good.eml"))[0], 3,
		'no permission');
}

# An mbox cut anywhere loses nothing that is whole.
my $mbox = get(top() . '/data/demo.mbox');
my $half = substr($mbox, 0, 100_000);
put("$dir/half.mbox", $half);
my ($first, $cut) = verify_records($snapshot, "$dir/half.mbox");
my $starts = () = $half =~ /^From \S+\@\S+ /mg;
is(scalar @$cut, $starts, 'a cut mbox: a record for each message');
done_testing();
