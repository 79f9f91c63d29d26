#!/usr/bin/perl
# Messages made to be slow: each ends soon, says which bound it reached, and
# the message behind it is judged all the same.  All repairs are on.  Work is
# counted by the program, not timed; the seconds here are of CPU, and generous,
# for what is not counted to show.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use MIME::Base64;
use Test::More;

use constant SECONDS => $ENV{SLOW_SECONDS} // 3;

my $dir = scratch();
ok_run(generator(), '--originals', "$dir/originals");
ok_run(generator(), '--semantics', "$dir/mail");

# An RSA key of "bits" bits whose exponent is as large as its modulus.
sub der {
	my ($tag, $octets) = @_;
	my $n = length $octets;
	my $size = $n < 128 ? chr $n : $n < 256 ? pack('CC', 0x81, $n)
	    : pack('Cn', 0x82, $n);
	return chr($tag) . $size . $octets;
}

sub huge_key {
	my ($bits, $exponent) = @_;
	my $modulus = "\0" . "\xf1" . "\xab" x ($bits / 8 - 2) . "\x01";
	my $numbers = der(0x02, $modulus)
	    . der(0x02, $exponent // $modulus =~ s/\x01\z/\xff/r);
	my $key = der(0x30, $numbers);
	my $algorithm = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
	my $whole = der(0x30, $algorithm . der(0x03, "\0$key"));
	return encode_base64($whole, '');
}

my %huge = (h16384 => huge_key(16384), h8192 => huge_key(8192),
	h4096 => huge_key(4096), e64 => huge_key(4096, "\x01" . "\0" x 7 . "\x01"));
put("$dir/huge.jsonl", join '', map {
	encode_json({ domain => 'good.example', selector => $_,
		first_seen => '2010-01-01T00:00:00Z',
		last_seen => '2014-12-31T00:00:00Z',
		txt => "v=DKIM1; k=rsa; p=$huge{$_}" }) . "\n"
} sort keys %huge);
my $snapshot = make_snapshot(["$dir/originals/keys.jsonl",
	"$dir/mail/keys.jsonl", "$dir/huge.jsonl"]);

# An altered message whose signature was made by a known key, cut up.
my $altered = get("$dir/originals/00-word-changed-relaxed.eml");
my ($field, $rest) = $altered =~ /\A(DKIM-Signature:.*?\r\n)(?=\S)(.*)\z/s;
my $damaged = "$rest-- \r\nfooter\r\n";
my $simple = get("$dir/originals/00-word-changed-simple.eml");
my ($simple_field, $simple_rest) =
    $simple =~ /\A(DKIM-Signature:.*?\r\n)(?=\S)(.*)\z/s;

sub with_tags {
	my ($from, $tags) = @_;
	return $from =~ s/ h=/ $tags h=/r;
}

sub signed_by {
	my ($selector, $octets) = @_;
	return $field =~ s/ s=\w+;/ s=$selector;/r
	    =~ s/\bb=[^;]*\z/'b=' . encode_base64("\x01" . 'x' x ($octets - 1), '')
		. "\r\n"/er;
}

my $good = get("$dir/mail/plain.eml");
my $copy = 'Subject:' . 'x' x 60;
my $mib = 1 << 20;
# File: what it is, and the words of its record that name the bound.
my @cases = (
	[ 'ten thousand signatures', $field x 10_000 . $damaged,
	    'signatures-left-out' ],
	[ 'ten thousand signatures, simple', $simple_field x 10_000
	    . $simple_rest . "\t\t\t\r\n", 'signatures-left-out' ],
	[ 'ten thousand other signatures', join('', map {
		with_tags($field, "z=Subject:$_;") } 1 .. 10_000) . $damaged,
	    'signatures-left-out' ],
	[ 'hundred thousand fields', $field . "X: y\r\n" x 100_000 . $damaged,
	    'unreadable-header-too-many' ],
	[ 'fields to the limit', $field . "To: y\r\n" x 19_000 . $damaged,
	    'repairs-cut' ],
	[ 'names to the limit', with_tags($field, '') =~ s/ h=/ h=To:Cc:/r
	    =~ s/ h=/' h=' . 'To:' x 1980/er . "To: y\r\n" x 19_000
	    . $damaged, 'repairs-cut' ],
	[ 'hundred thousand names', $field =~ s/ h=/' h=' . 'To:' x 100_000/er
	    . $damaged, 'too-many-names' ],
	[ 'nested ten thousand deep', $field . $rest =~ s/\r\n\r\n.*//sr
	    . "\r\n" . join('', map {
		"Content-Type: multipart/mixed; boundary=b$_\r\n\r\n--b$_\r\n"
	    } 1 .. 10_000) . "Content-Type: message/rfc822\r\n\r\n$good",
	    'embedded_cut' ],
	[ 'attached ten thousand deep', $field . $rest =~ s/\r\n\r\n.*//sr
	    . "\r\n" . "Content-Type: message/rfc822\r\n\r\n" x 10_000
	    . 'x', 'embedded_left_out' ],
	[ 'a line of 16 MB', $field . $rest =~ s/^Subject:.*?$/
	    'Subject: ' . 'y ' x (8 * $mib)/mer, 'repairs-cut' ],
	[ 'a line of 100 KB', $field . $rest =~ s/^Subject:.*?$/
	    'Subject: ' . '=?utf-8?q?=C3=BC?= ' x 5_000/mer,
	    'guesses-cut' ],
	[ 'recipients', $field . $rest =~ s/^To:.*?$/
	    'To: ' . join(', ', ('"a b" <a@b>') x 600)/mer, 'guesses-cut' ],
	[ 'names to be encoded', $field . $rest =~ s/^To:.*?$/
	    'To: ' . join(', ', ("\xc3\xbc b <a\@b>") x 400)/mer,
	    'guesses-cut' ],
	[ 'a header of 120 KB', $field . "X-A: b\r\n" x 14_000 . $damaged,
	    'altered' ],
	[ 'a huge z=', with_tags($field, 'z=' . join('|', ($copy) x 100_000)
	    . ';') . $damaged, 'repairs-cut' ],
	[ 'a z= that is looked at', with_tags($field, 'z=' . join('|',
		map { "Subject:$_|To:$_|From:$_|Cc:$_" } 1 .. 2000) . ';')
	    . $damaged, 'guesses-cut' ],
	[ 'sixty of them', join('', map { with_tags($field, 'z=' . join('|',
		map { "Subject:$_|To:$_|From:$_|Cc:$_" } 1 .. 50) . ';')
	    } 1 .. 60) . $damaged, 'guesses-cut' ],
	[ 'copies with escapes', with_tags($field,
		'z=Subject:=1B]0=3Bx=07=1B[2J|' . 'Subject:=00=0D|' x 1000
		. 'To:a;') . $damaged, 'altered' ],
	map({ [ "exponent of $_", signed_by("h$_", $_ / 8) . $rest,
	    'key-limit' ] } 16384, 8192, 4096),
	[ 'exponent of 64 bits', signed_by('e64', 512) . $rest,
	    'key-limit' ],
	[ 'sixty huge keys', signed_by('h16384', 2048) x 60 . $rest,
	    'key-limit' ],
);

sub seconds {
	my @times = times;
	return $times[2] + $times[3];
}

# Alone, and then all in one run with a good message at its end.
mkdir "$dir/in" or die;
my $n = 0;
for (@cases) {
	my ($name, $text, $bound) = @$_;
	my $file = sprintf "$dir/in/%02d.eml", $n++;
	put($file, $text);
	my $before = seconds();
	my ($code, $out) =
	    run('verifier', 'check', '--json', '-s', $snapshot, $file);
	my $spent = seconds() - $before;
	cmp_ok($code, '<', 4, "$name: it ends");
	cmp_ok($spent, '<', SECONDS, "$name: soon");
	ok($out =~ /"(?:[a-z-]*$bound)"/, "$name: it says where");
	ok($out !~ /"verdict":"verified/, "$name: nothing is verified");
	note(sprintf '%-32s %.2f s', $name, $spent);
}
put("$dir/in/zz.eml", $good);
my $before = seconds();
my ($code, undef, $err) = run('verifier', 'verify', '-j2', '-s', $snapshot, '-o', "$dir/case", "$dir/in");
cmp_ok(seconds() - $before, '<', SECONDS * 4, 'the run ends soon');
ok($code == 0 || $code == 3, 'and well') or diag("exit $code $err");
my (undef, @records) = records(get("$dir/case/results.jsonl"));
is(scalar @records, @cases + 1, 'with a record for each');
is($records[-1]{verdict}, 'verified', 'and the good one verified');
done_testing();
