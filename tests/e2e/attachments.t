#!/usr/bin/perl
# What is not claimed of attachments: that their end is signed when l= leaves it
# out, that a hash is signed where white space is not, and that there is one
# reading of MIME that programs read differently.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use CoveredMail;
use Digest::SHA qw(sha256_hex);
use E2e;
use MIME::Base64;
use Test::More;

plan skip_all => 'openssl(1) is not here' unless have_openssl();
my $dir = scratch() . '/made';
mkdir $dir or die $!;
my $snapshot = key_snapshot();

my @fields = ('From: alice@a.example', 'To: bob@b.example', 'Subject: plan',
	'Date: Wed, 01 Jun 2016 00:00:00 +0000', 'Message-ID: <1@a.example>',
	'MIME-Version: 1.0');
my @mixed = (@fields, 'Content-Type: multipart/mixed; boundary=b');
my @base64 = ('Content-Transfer-Encoding: base64');

sub check {
	my ($text, $name) = @_;
	put("$dir/message.eml", $text);
	my ($code, $out, $err) = run('verifier', 'check', '--json', '-s',
		$snapshot, "$dir/message.eml");
	my ($record) = records($out);
	like($record->{verdict}, qr/^verified/, "$name: verified")
	    or diag($out, $err);
	return $record;
}

sub people {
	my ($code, $out, $err) = run('verifier', 'check', '--all', '-s',
		$snapshot, "$dir/message.eml");
	return $out;
}

# What is said of "field" of each attachment.
sub each_of {
	my ($record, $field) = @_;
	return join ' ', map { "$_->{$field}" } @{ $record->{attachments} };
}

# ---- the end -------------------------------------------------------------------

# l= ends at each octet around the end of an attachment and its delimiter.
my $start = part('application/pdf', 'QUJD', @base64);
my $body = "${start}--b--\r\n";
my $delimited = length $body;
for my $l (0, index($body, 'QUJD'), index($body, 'QUJD') + 2,
    length($start) - 2 .. $delimited - 1) {
	my $record = check(sign(\@mixed, $body, simple => 1, l => $l) . $body
	    . "more\r\n", "l=$l");
	is(each_of($record, 'signed'), $l <= index($body, 'QUJD') ? 'none'
	    : 'partly', "l=$l: its end is not signed");
	is(each_of($record, 'exact'), 0, "l=$l: nor the hash");
}
my $record = check(sign(\@mixed, $body, simple => 1, l => $delimited) . $body
    . "more\r\n", 'with the delimiter');
is(each_of($record, 'signed'), 'all', 'with the delimiter it is');
is(each_of($record, 'exact'), 1, 'and the hash');

# An empty attachment behind l=.
$start = part('text/plain', 'hello');
$body = $start . part('application/x', '') . "--b--\r\n";
$record = check(sign(\@mixed, $body, simple => 1, l => length $start) . $body,
	'an empty one behind');
is(each_of($record, 'signed'), 'none', 'an empty one behind: not signed');

# A multipart without its end, within one that has it: the end is the outer's.
my $inner = part('multipart/mixed; boundary=c',
	"--c\r\nContent-Type: application/x\r\n\r\nabc");
$body = "$inner--b--\r\n";
$record = check(sign(\@mixed, $body, simple => 1, l => length $inner) . $body,
	'unclosed');
is(each_of($record, 'signed'), 'partly', 'unclosed: not wholly');
is_deeply($record->{attachments_unclear}, ['unclosed'], 'unclosed: is said');

# ---- white space ----------------------------------------------------------------

# Whoever changes white space keeps the signature, and has another hash.
my $made = part('text/csv', 'a b', 'Content-Disposition: attachment')
    . part('application/x', 'QUJD', @base64) . "--b--\r\n";
my $head = sign(\@mixed, $made);
my $first = check("$head$made", 'as made');
(my $other = $made) =~ s/a b/a \t b /;
$other =~ s/QUJD/QUJD  /;
my $second = check("$head$other", 'white space');
isnt($first->{attachments}[0]{sha256}, $second->{attachments}[0]{sha256},
	'relaxed: two hashes');
is(each_of($_, 'exact'), '0 1', 'relaxed: so none is signed, but of base64')
    for $first, $second;
like(people(), qr/^    sha256 .*  text\/csv  no name  signed, not every octet of it$/m,
	'in words');
like(people(), qr/^    sha256 .*  application\/x  no name  signed$/m,
	'base64 in words');
$record = check(sign(\@mixed, $made, simple => 1) . $made, 'simple');
is(each_of($record, 'exact'), '1 1', 'simple: both are');
my @single = (@fields, 'Content-Type: text/plain; name=a.txt');
$head = sign(\@single, "abc\r\n", simple => 1);
for my $end ('', "\r\n\r\n") {
	$record = check("${head}abc\r\n$end", 'no delimiter');
	is(each_of($record, 'exact'), 0, 'simple: nor empty lines at the end');
}

# ---- one reading of several -------------------------------------------------------

my $pdf = part('application/pdf', 'QUJD', @base64);
my $end = "--b--\r\n";
my %odd = (
	'a longer boundary' => ['boundary', "$pdf--bc\r\n\r\nx\r\n$end"],
	'text behind a delimiter' => ['boundary', "--b x\r\n\r\n$pdf$end"],
	'behind a CR alone' => ['boundary',
	    part('application/x', "abc\r--b\r\n\r\nx") . $end],
	'a delimiter behind the last' => ['boundary', "$pdf$end$pdf$end"],
	'a CR in a delimiter' => ['boundary', "--b\r\r\n\r\nx\r\n$end"],
	'no part' => ['boundary', $end],
	'no delimiter' => ['boundary', "hello\r\n"],
	'one boundary twice' => ['boundary', part(
	    'multipart/mixed; boundary=b', "--b\r\n\r\nx\r\n--b--") . $end ],
	'no end' => ['unclosed', $pdf],
	'two types' => ['fields', part('application/pdf', 'QUJD', @base64,
	    'Content-Type: text/html') . $end],
	'two encodings' => ['fields', part('application/pdf', 'QUJD', @base64,
	    'Content-Transfer-Encoding: 7bit') . $end],
	'two dispositions' => ['fields', part('text/plain', 'a',
	    'Content-Disposition: inline; filename=a',
	    'Content-Disposition: attachment; filename=b') . $end],
	'white space before a colon' => ['fields',
	    "--b\r\nContent-Type : application/pdf\r\n\r\nabc\r\n$end"],
	'a line that is no field' => ['fields',
	    "--b\r\nContent-Type: application/pdf\r\nabc\r\n\r\nx\r\n$end"],
	'a line of white space' => ['fields',
	    "--b\r\nContent-Type: application/pdf\r\n \r\nabc\r\n\r\nx\r\n$end"],
	'a CR in a header' => ['fields',
	    "--b\r\nContent-Type: application/pdf\r\r\n\r\nabc\r\n$end"],
	'a header without end' => ['fields',
	    "--b\r\nContent-Type: application/pdf\r\n$end"],
	'an encoded message' => ['encoding',
	    part('message/rfc822', 'QUJD', @base64) . $end],
	'an encoded multipart' => ['encoding', part(
	    'multipart/mixed; boundary=c', "--c\r\n\r\nx\r\n--c--", @base64)
	    . $end],
	'two boundaries' => ['type', part(
	    'multipart/mixed; boundary=d; boundary=c', "--c\r\n\r\nx\r\n--c--")
	    . $end],
	'a boundary with an escape' => ['type', part(
	    'multipart/mixed; boundary="\\c"', "--c\r\n\r\nx\r\n--c--") . $end],
	'a boundary in pieces' => ['type', part(
	    'multipart/mixed; boundary*0=c', "--c\r\n\r\nx\r\n--c--") . $end],
	'an empty type' => ['type', part(' ', 'x') . $end],
	'no media type' => ['type', part('application pdf', 'x') . $end],
);
for my $name (sort keys %odd) {
	my ($word, $text) = @{ $odd{$name} };
	$record = check(sign(\@mixed, $text) . $text, $name);
	ok(scalar(grep { $_ eq $word } @{ $record->{attachments_unclear} }),
		"$name: $word");
}
like(people(), qr/^  note: other programs may cut this message into other parts, and find other attachments \(.*fields/m,
	'in words');
$body = $pdf . part('', 'hello') . part('text/plain', 'x',
	'Content-Disposition: attachment (sic); filename=a') . "--b--  \r\nend\r\n";
$record = check(sign(\@mixed, $body) . $body, 'plain');
is($record->{attachments_unclear}, undef, 'plain: one reading');
is(scalar @{ $record->{attachments} }, 2, 'plain: both are found');
$record = check(sign(\@mixed, $body, names => [ qw(from to subject date) ])
    . $body, 'Content-Type not signed');
is_deeply($record->{attachments_unclear}, ['framing'], 'framing: is said');
my @encoded = (@fields, 'Content-Type: application/pdf', @base64);
$record = check(sign(\@encoded, "QUJD\r\n") . "QUJD\r\n",
	'encoding not signed');
is_deeply($record->{attachments_unclear}, ['framing'], 'so is its encoding');
like(people(), qr/^  note: the Content-Type of the message is not signed, or its encoding/m,
	'in words');

# A second Content-Type on top, which programs take, is not signed.
$record = check(sign([ 'Content-Type: multipart/mixed; boundary=e', @mixed ],
	"--e\r\nContent-Type: application/x\r\n\r\nevil\r\n--e--\r\n")
    . "--e\r\nContent-Type: application/x\r\n\r\nevil\r\n--e--\r\n",
	'two Content-Type');
is_deeply($record->{attachments_unclear}, [ 'fields', 'framing' ],
	'two Content-Type: is said');

# The signed one of many fields is among those that are shown.
my $many = join '', map { "Subject: n$_\r\n" } 1 .. 12;
$record = check(sign(\@fields, "x\r\n",
	names => [ qw(from subject to date message-id mime-version) ]) =~
    s/(?=Subject: plan)/$many/r . "x\r\n", 'many Subject fields');
is(join(' ', map { $_->{text} }
	@{ $record->{signatures}[0]{coverage}{surplus}[0]{fields} }),
	'n1 n2 n3 n4 n10 n11 n12 plan', 'many Subject fields: the signed one');
like(people(), qr/not signed "n4", \.\.\., not signed "n10", .*, signed "plan"$/m,
	'in words');
done_testing();
