#!/usr/bin/perl
# Messages attached to a message are judged as its members, to depth 5, and
# change nothing of it; each record stays one line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch() . '/older';
ok_run(generator(), '--older', $dir);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);
my $signed = get("$dir/dk-simple.eml");
my $sealed = get("$dir/arc-2.eml");
my $wanting = get("$dir/dk-no-key.eml");

# A message with "parts" attached, each [message, further field of the part].
sub attach {
	my ($boundary, @parts) = @_;
	my $text = "From: carol\@nosign.example\r\nSubject: see below\r\n"
	    . "MIME-Version: 1.0\r\n"
	    . "Content-Type: multipart/mixed; boundary=$boundary\r\n\r\n";
	$text .= "--$boundary\r\nContent-Type: message/rfc822\r\n"
	    . ($_->[1] // '') . "\r\n$_->[0]\r\n" for @parts;
	return "$text--$boundary--\r\n";
}

sub check {
	my ($text) = @_;
	put("$dir/message.eml", $text);
	my ($code, $out, $err) =
	    run('verifier', 'check', '--json', '-s', $snapshot,
		"$dir/message.eml");
	my @records = records($out);
	is(scalar @records, 1, 'one record') or diag($err);
	is($code, 1, 'the exit code is that of the message');
	return $records[0];
}

my $text = attach('x', [$signed], [$sealed],
	["RnJvbTogYQ==\r\n", "Content-Transfer-Encoding: base64\r\n"]);
my $record = check($text);
is($record->{verdict}, 'unsigned', 'the message itself is unsigned');
my @attached = @{ $record->{embedded} };
is(scalar @attached, 3, 'three are attached');
is($attached[0]{verdict}, 'verified-weak', 'the first verifies');
is($attached[0]{signatures}[0]{kind}, 'domainkeys', 'by DomainKeys');
is($attached[0]{message}{from}, 'alice@good.example', 'its author');
is($attached[1]{arc}{result}, 'pass', 'the chain of the second holds');
is($attached[2]{verdict}, 'unreadable', 'what is encoded is not read');
is($attached[2]{reasons}[0], 'unreadable-encoded', 'and says so');
is($_->{depth}, 1, 'depth') for @attached;
for my $i (0, 1) {
	my $slice = substr $text, $attached[$i]{offset}, $attached[$i]{length};
	is($slice, [$signed, $sealed]->[$i], "slice $i");
	put("$dir/slice.eml", $slice);
	my ($alone) = records((run('verifier', 'check', '--json', '-s',
		$snapshot, "$dir/slice.eml"))[1]);
	is($attached[$i]{$_}, $alone->{$_}, "$i: $_ as alone")
	    for qw(sha256 size verdict);
	is_deeply($attached[$i]{signatures}, $alone->{signatures},
		"$i: signatures as alone");
}

# An altered attachment, with LF line ends.
(my $altered = attach('x', [$signed])) =~ s/pay  Bob/pay  Eve/;
$altered =~ s/\r\n/\n/g;
$record = check($altered);
is($record->{embedded}[0]{verdict}, 'altered', 'an altered one is seen');

# Depth: five are looked at, the sixth is counted.
my $nested = $signed;
$nested = attach("b$_", [$nested]) for 1 .. 6;
$record = check($nested);
is_deeply([ map { $_->{depth} } @{ $record->{embedded} } ], [ 1 .. 5 ],
	'five deep');
is($record->{embedded_left_out}, 1, 'one is left out');
$nested = attach('b6', [attach('b5', [attach('b4', [attach('b3',
	[attach('b2', [$signed])])])])]);
is(check($nested)->{embedded}[4]{verdict}, 'verified-weak',
	'the fifth is judged');

# More than are looked at.
$record = check(attach('m', map { [$signed] } 1 .. 40));
is(scalar @{ $record->{embedded} }, 32, '32 of 40');
is($record->{embedded_left_out}, 8, 'eight are left out');

# Wants, and a mailbox, where From_ lines of attachments are quoted.
my $box = "From x Mon May  5 15:06:40 2008\n" . attach('w', [$wanting]) . "\n";
$box =~ s/\r\n/\n/g;
put("$dir/box.mbox", $box);
my ($header, $records, $case) = verify_records($snapshot, "$dir/box.mbox");
is(scalar @$records, 1, 'messages in are records out');
like(get("$case/wants.tsv"), qr/^good\.example\tnever\t/m,
	'the key of an attached message is wanted');
is($records->[0]{embedded}[0]{verdict}, 'key-missing', 'as it is missing');

# People see them.
put("$dir/message.eml", $text);
my ($code, $out) =
    run('verifier', 'check', '-s', $snapshot, "$dir/message.eml");
like($out, qr/^  attached message, depth 1, octet \d+: verified-weak  good\.example /m,
	'in words');
done_testing();
