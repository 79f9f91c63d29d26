#!/usr/bin/perl
# What a signature covers: fields that are there more often than they are
# signed, what l= leaves out, and attachments with their hashes, against MIME
# decoding by Perl.  Messages are signed here with openssl.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use CoveredMail;
use Digest::SHA qw(sha256_hex);
use E2e;
use JSON::PP;
use MIME::Base64;
use MIME::QuotedPrint;
use Test::More;

plan skip_all => 'openssl(1) is not here' unless have_openssl();
my $dir = scratch() . '/made';
mkdir $dir or die $!;
my $snapshot = key_snapshot();

my @fields = ('From: alice@a.example', 'To: bob@b.example', 'Subject: plan',
	'Date: Wed, 01 Jun 2016 00:00:00 +0000', 'Message-ID: <1@a.example>',
	'MIME-Version: 1.0');
my @mixed = (@fields, 'Content-Type: multipart/mixed; boundary=b');

sub check {
	my ($text, $verdict, $name) = @_;
	put("$dir/message.eml", $text);
	my ($code, $out, $err) = run('verifier', 'check', '--json', '-s',
		$snapshot, "$dir/message.eml");
	my ($record) = records($out);
	is($record->{verdict}, $verdict, "$name: $verdict") or diag($out, $err);
	return $record;
}

sub people {
	my ($code, $out, $err) = run('verifier', 'check', '--all', '-s',
		$snapshot, "$dir/message.eml");
	return $out;
}

sub base64 { return encode_base64($_[0], "\r\n") =~ s/\r\n\z//r }
my @base64 = ('Content-Transfer-Encoding: base64');
my @quoted = ('Content-Transfer-Encoding: quoted-printable');

# ---- fields -------------------------------------------------------------------

my $body = "pay  Bob\r\n";
my $record = check(sign([ 'Subject: pay Eve', @fields ], $body,
	names => [ qw(from from to subject date message-id mime-version cc) ])
	. $body, 'verified-partial', 'a hidden second Subject');
my $coverage = $record->{signatures}[0]{coverage};
is_deeply($coverage->{surplus}, [ { name => 'subject', present => 2,
	signed => 1, fields => [ { text => 'pay Eve', signed => JSON::PP::false },
	    { text => 'plan', signed => JSON::PP::true } ] } ],
	'both are there, and which is signed');
is_deeply($coverage->{oversigned}, [ 'from', 'cc' ], 'oversigned');
is_deeply($coverage->{signed}, [ qw(from to date message-id mime-version) ],
	'signed');
is($coverage->{left_out}, undef, 'no l=');
is_deeply($record->{attachments}, [], 'nothing is attached');
like(people(), qr/^  note: 2 subject fields, 1 of them signed; from the top: not signed "pay Eve", signed "plan"$/m,
	'people see it');
like(people(), qr/^  signed that there are no more: from cc$/m, 'oversigning');

# ---- attachments ---------------------------------------------------------------

my $binary = join '', map { chr(($_ * 7 + int($_ / 256)) % 256) } 1 .. 70000;
my $quoted = "a = b\r\nlong " . ('xyz ' x 40) . "\r\n\xe4\xf6\r\nend ";
my $inner = "From: carol\@c.example\r\nSubject: in\r\n\r\ninner\r\n";
my @wanted = (
	[ 'application/pdf', $binary, 'a.pdf', base64($binary),
	    'application/pdf', @base64,
	    'Content-Disposition: attachment; filename="a.pdf"' ],
	[ 'text/csv', $quoted, 'b.csv',
	    encode_qp($quoted =~ s/\r\n/\n/gr, "\r\n") =~ s/=\r\n\z//r,
	    'Text/CSV; name=b.csv', @quoted ],
	[ 'message/rfc822', $inner, undef, $inner, 'message/rfc822' ],
	[ 'image/png', "\x89PNG\r\n", "r\xe9sum\xe9.png",
	    base64("\x89PNG\r\n"), 'image/png', @base64,
	    "Content-Disposition: inline;\r\n filename*0*=utf-8''r%C3%A9;\r\n"
	    . " filename*1*=sum%C3%A9.png" ],
	[ 'application/x-sh', 'rm', "../../\x{202e}gpj.\e[2Jsh", base64('rm'),
	    'application/x-sh', @base64, 'Content-Disposition: attachment; '
	    . 'filename="=?utf-8?B?'
	    . encode_base64("../../\xe2\x80\xaegpj.\e[2Jsh", '') . '?="' ],
	[ 'application/empty', '', undef, '', 'application/empty', @base64 ],
);
$body = "preamble\r\n" . part('text/plain', 'hello')
    . join('', map { my (undef, undef, undef, $text, $type, @more) = @$_;
	part($type, $text, @more) } @wanted) . "--b--\r\n";
my $good = sign(\@mixed, $body) . $body;
$record = check($good, 'verified', 'attachments');
my @found = @{ $record->{attachments} };
is(scalar @found, scalar @wanted, 'all are listed');
for my $i (0 .. $#wanted) {
	my ($type, $content, $name, $text) = @{ $wanted[$i] };
	is($found[$i]{sha256}, sha256_hex($content), "$type: hash");
	is($found[$i]{size}, length $content, "$type: size");
	is($found[$i]{type}, $type, "$type: type");
	utf8::decode($found[$i]{name}) if defined $found[$i]{name};
	ok(($found[$i]{name} // '') eq ($name // ''), "$type: name");
	is($found[$i]{signed}, 'all', "$type: signed");
	is($found[$i]{decode}, 'clean', "$type: clean");
	is(substr($good, $found[$i]{offset}, $found[$i]{length}), $text,
		"$type: slice") if length $content;
}
my $said = people();
like($said, qr/^  attachments: 6, inside of the signed octets$/m, 'in words');
like($said, qr/^    sha256 \Q@{[ sha256_hex($binary) ]}\E  70000 octets  application\/pdf  "a\.pdf"  signed$/m,
	'each in words');
unlike($said, qr/[\e]|\xe2\x80\xae/, 'no control gets to the terminal');
unlike($said, qr/Content-Type of the message is not signed/, 'it is signed');

# The same in a mailbox: LF line ends, and a quoted From_ line in a part.
my $with_from = sign(\@mixed, my $from_body = part('text/x-log',
	"one\r\nFrom here\r\n>From there", 'Content-Disposition: attachment')
	. part('application/pdf', base64($binary), @base64) . "--b--\r\n");
(my $box = "$with_from$from_body") =~ s/\r\n/\n/g;
$box =~ s/^(>*From )/>$1/mg;
put("$dir/box.mbox", "From x Wed Jun  1 00:00:00 2016\n$box\n");
my (undef, $records) = verify_records($snapshot, "$dir/box.mbox");
@found = @{ $records->[0]{attachments} };
is($records->[0]{verdict}, 'verified', 'in a mailbox');
is($found[0]{sha256}, sha256_hex("one\r\nFrom here\r\n>From there"),
	'quoting and line ends are undone');
is($found[1]{sha256}, sha256_hex($binary), 'base64 with LF');

# Base64 with rubbish, without its end, with text behind the padding.
for (['rubbish', 'QUJD!REVG'], ['no end', 'QUJDR'], ['behind', "QUI=\r\nQUI="],
    ['no padding', 'QUI']) {
	my ($name, $text) = @$_;
	$body = part('application/x', $text, @base64) . "--b--\r\n";
	$record = check(sign(\@mixed, $body) . $body, 'verified', $name);
	is($record->{attachments}[0]{decode}, 'defective', "$name: defective");
}
for (['bad digits', 'a=GGb'], ['cut', 'a=4']) {
	my ($name, $text) = @$_;
	$body = part('application/x', $text, @quoted) . "--b--\r\n";
	$record = check(sign(\@mixed, $body) . $body, 'verified', $name);
	is($record->{attachments}[0]{decode}, 'defective', "$name: defective");
}
$body = part('application/x', 'abc', 'Content-Transfer-Encoding: x-odd')
    . "--b--\r\n";
$record = check(sign(\@mixed, $body) . $body, 'verified', 'unknown encoding');
is($record->{attachments}[0]{decode}, 'unknown', 'is said');
is($record->{attachments}[0]{sha256}, sha256_hex('abc'), 'octets as they are');

# A list put a footer behind: the hashes are those of what was signed.
$body = "hello\r\n";
my @single = (@fields, 'Content-Type: text/plain; name=a.txt');
my $list = sign(\@single, $body) . $body
    . "_______________________________________________\r\n"
    . "people mailing list\r\npeople\@lists.example\r\n";
$record = check($list, 'verified-restored', 'a list footer');
ok($record->{attachments_repaired}, 'what was repaired says so');
is($record->{attachments}[0]{sha256}, sha256_hex($body),
	'the hash of what was signed');

# The Content-Type of the message is not signed.
$body = part('application/pdf', base64($binary), @base64) . "--b--\r\n";
check(sign(\@mixed, $body, names => [ qw(from to subject date message-id) ])
	. $body, 'verified', 'Content-Type not signed');
like(people(), qr/^  note: the Content-Type of the message is not signed/m,
	'is said');

# Nested multiparts, and 10,000 parts.
$body = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"
    . "Content-Type: multipart/alternative; boundary=d\r\n\r\n--d\r\n\r\nx\r\n"
    . "--d--\r\n--c\r\nContent-Type: application/pdf\r\n\r\nabc\r\n--c--\r\n"
    . part('application/zip', 'zip') . "--b--\r\n";
$record = check(sign(\@mixed, $body) . $body, 'verified', 'nested');
is_deeply([ map { $_->{type} } @{ $record->{attachments} } ],
	[ 'application/pdf', 'application/zip' ], 'both are found');
$body = join('', map { part('application/x', $_) } 1 .. 10000) . "--b--\r\n";
$record = check(sign(\@mixed, $body) . $body, 'verified', '10,000 parts');
is(scalar @{ $record->{attachments} }, 256, '256 are listed');
is($record->{attachments_left_out}, 9744, 'the others are counted');
ok($record->{attachments_cut}, 'and it says so');

# ---- l= -------------------------------------------------------------------------

# An HTML part put behind what was signed, and an attachment outside.
my $start = part('text/plain', "hello  there \t\r\n\r\nyou")
    . part('application/pdf', base64('one'), @base64);
my $behind = part('text/html', '<p>Eve</p>')
    . part('application/pdf', base64('two'), @base64) . "--b--\r\n";
for my $simple (0, 1) {
	my $canon = $simple ? \&simple_body : \&relax_body;
	my $name = $simple ? 'simple' : 'relaxed';
	my $head = sign(\@mixed, $start, simple => $simple,
		l => length $canon->($start));
	$record = check("$head$start$behind", 'verified-partial', "$name l=");
	my $left = $record->{signatures}[0]{coverage}{left_out};
	is($left->{offset}, length "$head$start", "$name: where it begins");
	is($left->{length}, length $behind, "$name: how much");
	is($left->{canonical}, length $canon->($behind), "$name: canonical");
	is($left->{holds}, 'parts', "$name: parts");
	ok($left->{html}, "$name: HTML");
	ok(!$left->{behind_close}, "$name: before the end");
	is_deeply([ map { "$_->{type} $_->{signed}" } @{ $left->{parts} } ],
		[ 'text/html none', 'application/pdf none' ], "$name: which");
	is_deeply([ map { $_->{signed} } @{ $record->{attachments} } ],
		[ 'partly', 'none' ], "$name: attachments: an end is not signed");
	like(people(), qr/^  not signed, behind l=: \d+ octets of the body, from octet \d+ on \(with whole MIME parts, HTML\); a part of text\/html, a part of application\/pdf$/m,
		"$name: in words");
}

# In the midst of a part; behind the last boundary; white space alone.
my $whole = part('text/plain', 'hello there') . "--b--\r\n";
my $head = sign(\@mixed, $whole, l => index($whole, ' there'));
$record = check("$head$whole", 'verified-partial', 'in the midst of a part');
my $left = $record->{signatures}[0]{coverage}{left_out};
is($left->{offset}, length($head) + index($whole, ' there'), 'to the octet');
is_deeply([ map { "$_->{type} $_->{signed}" } @{ $left->{parts} } ],
	['text/plain partly'], 'the part is signed in part');
is($left->{holds}, 'text', 'text is left out');
$head = sign(\@mixed, $whole, l => length relax_body($whole));
$record = check("$head${whole}more text\r\n", 'verified-partial', 'behind');
$left = $record->{signatures}[0]{coverage}{left_out};
ok($left->{behind_close}, 'behind the last boundary');
is($left->{holds}, 'text', 'text');
$head = sign(\@fields, "x\r\n \r\n\r\n.", l => 1);
$record = check("${head}x \r\n\t\r\n", 'verified-partial', 'white space');
is($record->{signatures}[0]{coverage}{left_out}{holds}, 'white-space',
	'nothing but white space');
done_testing();
