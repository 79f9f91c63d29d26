#!/usr/bin/perl
# What is displayed is decoded from the character sets that the program holds
# from its start, and from no others: on a kernel without Landlock, where
# further converters could be found, the records are the same.
use strict;
use warnings;
use Encode qw(encode);
use FindBin;
use lib $FindBin::Bin;
use E2e;
use MIME::Base64;
use Test::More;

my %word = (
	'koi8-r' => "\x{41f}\x{440}\x{438}", 'windows-1251' => "\x{416}\x{443}",
	'shift_jis' => "\x{65e5}\x{672c}", 'iso-2022-jp' => "\x{65e5}\x{672c}",
	'euc-kr' => "\x{d55c}\x{ad6d}", 'big5' => "\x{4e2d}\x{6587}",
	'gb2312' => "\x{4e2d}\x{6587}", 'iso-8859-16' => "\x{20ac}\x{21b}",
	# Not held: what it looks like is no matter, so long as it is one.
	'cp866' => "\x{41f}\x{440}", 'cp437' => "\x{3b1}\x{3b4}",
);
my $dir = scratch();
my $snapshot = demo_snapshot();
my $mail = "$dir/mail";
mkdir $mail or die "$mail: $!";
for my $charset (keys %word) {
	my $octets = encode_base64(encode($charset eq 'gb2312' ? 'euc-cn'
		: $charset, $word{$charset}), '');
	put("$mail/$charset.eml", "From: a\@b.example\r\n"
		. "Subject: =?$charset?B?$octets?=\r\n\r\nx\r\n");
}

my ($header, $records, $case) = verify_records($snapshot, $mail);
my %subject = map { $_->{source}{path} =~ m{([^/]+)\.eml$}
	? ($1 => $_->{message}{subject}) : () } @$records;
for my $charset (sort keys %word) {
	my $known = $charset !~ /^(?:cp866|cp437)$/;
	my $text = encode('UTF-8', $word{$charset});
	is($subject{$charset} eq $text ? 'decoded' : 'not decoded',
		$known ? 'decoded' : 'not decoded',
		"$charset is " . ($known ? '' : 'not ') . 'held');
}

SKIP: {
	my ($code) = run('strace', '-o', "$dir/try", 'true');
	skip 'strace is missing or may not trace here', 3 if $code != 0;
	my $other = "$dir/without";
	($code) = run('strace', '-f', '-o', "$dir/log",
		'-e', 'trace=landlock_create_ruleset',
		'-e', 'inject=landlock_create_ruleset:error=ENOSYS',
		'verifier', 'verify', '-s', $snapshot, '-o', $other, $mail);
	is($code, 0, 'a kernel without Landlock will do');
	like(get("$other/run.json"), qr/"landlock":false/,
		'that it was missing is recorded');
	is(get("$other/results.jsonl"), get("$case/results.jsonl"),
		'the records are the same');
}
done_testing();
