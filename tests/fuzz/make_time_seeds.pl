#!/usr/bin/perl
# make_time_seeds.pl FOLDER - proofs of a time as input for fuzz_ots_proof.c
# (FOLDER/ots_proof) and fuzz_time_proof.c (FOLDER/time_proof).  The block is
# Bitcoin's first one, whose Merkle root is the double SHA-256 of its only
# transaction.
use strict;
use warnings;
use Digest::SHA qw(sha256);

my $out = shift or die "usage: make_time_seeds.pl FOLDER\n";
my $transaction = pack 'H*', '01000000' . '01' . '00' x 32 . 'ffffffff' .
    '4d' . '04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368' .
    '616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420' .
    '666f722062616e6b73' . 'ffffffff' . '01' . '00f2052a01000000' . '43' .
    '4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6' .
    'bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac' .
    '00000000';
my $header = pack('V', 1) . "\0" x 32 . sha256(sha256($transaction)) .
    pack('VVV', 1231006505, 0x1d00ffff, 2083236893);
my $magic = "\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01";
my $bitcoin = "\0\x05\x88\x96\x0d\x73\xd7\x19\x01";
my $pending = "\0\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e";
my $begin = $magic . "\x08" . sha256($transaction);

sub seed {
	my ($name, $octets) = @_;
	open my $file, '>:raw', "$out/$name" or die "$out/$name: $!\n";
	print $file $octets;
	close $file or die "$out/$name: $!\n";
}
my $first = "$begin\x08$bitcoin\x01\0";
seed('ots_proof/first-block', $first);
seed('ots_proof/branches', "$begin\xff\xf0\x08abcdefgh\xff\x03" .
	"$pending\x0a\x09https://x\x02$bitcoin\x03\xb7\xef\x15\xf1\x02xy" .
	"\x67$bitcoin\x01\x07");
seed('ots_proof/others', "$begin\xff\xf2\xf3\x0012345678\x03abc\x08$pending" .
	"\x01\0");
seed('time_proof/first-block', "headers\n$header$first");
seed('time_proof/no-header', $first);
seed('time_proof/statement', "keysnap-time 1\n2016-11-03T08:00:00Z\n" .
	'0123456789abcdef' x 4 . "  a.mbox\n\n" .
	"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNI" .
	"uGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
