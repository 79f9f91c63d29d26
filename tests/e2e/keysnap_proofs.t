#!/usr/bin/perl
# keysnap_proofs.t - checkpoints, exhibits and consistency proofs, checked by
# a second implementation (SignedNote.pm), and in every damaged form.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use POSIX ();
use SignedNote;
use Test::More;

my $folder = scratch();
chdir $folder or die;
my $key = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

sub keys_of {
	my ($file, @selectors) = @_;
	put($file, join '', map {
		"{\"domain\":\"example.org\",\"selector\":\"$_\","
		    . "\"txt\":\"v=DKIM1; k=ed25519; p=$key\","
		    . "\"first_seen\":\"2012-01-0" . (1 + length($_) % 9)
		    . "\"}\n" } @selectors);
	ok_run('keysnap', 'import', 'store', '--format', 'jsonl', $file,
	    '--source', $file);
}

sub code {
	my ($code) = run(@_);
	return $code;
}

# The second implementation knows the examples of the specification.
my $spec = read_vkey('example.com/foo+530d903a+'
    . 'AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
my ($text, $good) = open_note("This is an example message.\n\n"
    . "\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2"
    . "ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n", $spec);
is($text, "This is an example message.\n", 'the example of signed-note');
is($good, 1, 'and its signature');
for my $n (1 .. 20) {
	my @leaves = map { leaf_hash($_) } 1 .. $n;
	die if length root_of(@leaves) != 32;
}

# Snapshots of growing logs.
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'keygen', '-o', 'other', '--name', 'example.org/other');
my $vkey = read_vkey(get('key.pub'));
my @snaps;
for my $i (1 .. 6) {
	keys_of("part$i.jsonl", map { "s$i-$_" } 1 .. $i * 2);
	ok_run('keysnap', 'freeze', 'store', "snap$i", '--sign-key', 'key');
	my ($body, $signed) = open_note(get("snap$i/checkpoint"), $vkey);
	my $checkpoint = read_checkpoint($body);
	is($signed, 1, "snap$i: the checkpoint is signed");
	is($checkpoint->{origin}, 'example.org/keys', 'its origin');
	my @lines = split /\n/, get("snap$i/log.jsonl");
	is($checkpoint->{size}, scalar @lines, 'its size');
	is($checkpoint->{root}, log_root(get("snap$i/log.jsonl")), 'its root');
	push @snaps, $checkpoint;
}

# Consistency proofs between any two.
my ($pairs, $agree) = (0, 0);
for my $i (1 .. 6) {
	for my $j ($i .. 6) {
		my $proof = "proof$i-$j";
		ok_run('keysnap', 'consistency', "snap$i", "snap$j", '-o',
		    $proof, '--public-key', 'key.pub');
		ok_run('keysnap', 'verify', $proof, '--public-key', 'key.pub');
		my ($head, @rest) = split /^/m, get($proof);
		my @hashes;
		push @hashes, decode_base64(shift @rest)
		    while $rest[0] ne "\n";
		my $checkpoints = join '', @rest[1 .. $#rest];
		$pairs++;
		$agree++ if $head eq "keysnap-consistency 1\n"
		    && $checkpoints eq get("snap$i/checkpoint") . "\n"
		    . get("snap$j/checkpoint")
		    && consistency_holds($snaps[$i - 1]{size},
			$snaps[$i - 1]{root}, $snaps[$j - 1]{size},
			$snaps[$j - 1]{root}, @hashes);
	}
}
is($agree, $pairs, "$pairs consistency proofs hold by both implementations");
is(code('keysnap', 'consistency', 'snap3', 'snap2'), 1,
    'a smaller one does not add');
is(code('keysnap', 'consistency', 'snap2', 'snap3', '--public-key',
    'other.pub'), 4, 'not signed by the key given');
is(code('keysnap', 'consistency', 'snap2', 'snap3', '--root', '0' x 64), 4,
    'not the root given');
is(code('keysnap', 'consistency', 'snap2', 'snap3', '-o', 'proof1-2'), 2,
    'a proof replaces nothing');

# A log that was rewritten, with the same origin and key.
rename 'store', 'kept' or die;
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
keys_of('part1.jsonl', 's1-1', 's1-x');
keys_of('part2.jsonl', map { "s2-$_" } 1 .. 9);
ok_run('keysnap', 'freeze', 'store', 'forked', '--sign-key', 'key');
my ($status, $out) = run('keysnap', 'consistency', 'snap1', 'forked', '-o',
    'fork.proof');
is($status, 1, 'a fork is found');
like($out, qr/^BAD  proof/m, 'and said');
ok(!-e 'fork.proof', 'and no proof is written');
ok_run('keysnap', 'init', 'elsewhere', '--origin', 'example.net/keys');
ok_run('keysnap', 'freeze', 'elsewhere', 'stranger', '--sign-key', 'key');
is(code('keysnap', 'consistency', 'stranger', 'snap1'), 1, 'another origin');

# An exhibit.
ok_run('keysnap', 'stamp', 'snap5', '--sign-key', 'other');
my $name = 's3-2._domainkey.example.org';
ok_run('keysnap', 'prove', 'snap5', $name, '-o', 'exhibit');
my @lines = map { JSON::PP->new->utf8->decode($_) } split /\n/, get('exhibit');
is($lines[0]{name}, $name, 'the name');
is($lines[1]{type}, 'checkpoint', 'the checkpoint');
utf8::encode(my $note = $lines[1]{text});
is($note, get('snap5/checkpoint'), 'as it is');
my @log = split /\n/, get('snap5/log.jsonl');
my @entries = grep { $_->{type} eq 'entry' } @lines;
for my $entry (@entries) {
	my $n = $entry->{number};
	utf8::encode(my $leaf = $entry->{leaf});
	is($leaf, $log[$n], "entry $n is that of the log");
	ok(inclusion_holds($leaf, $n, $snaps[4]{size}, $snaps[4]{root},
	    map { decode_base64($_) } @{ $entry->{proof} }),
	    "and is proved to be");
}
is(scalar @entries, 3, 'the store, the source and the observation');
is(scalar(grep { $_->{leaf} =~ /\Q"name":"$name"/ } @entries), 1, 'its entry');
my ($evidence) = grep { $_->{type} eq 'evidence' } @lines;
is(decode_base64($evidence->{octets}), get('part3.jsonl'), 'the evidence');
my ($seal) = grep { ($_->{file} // '') eq '0001.note' } @lines;
my (undef, $sealed) = open_note(decode_base64($seal->{octets}),
    read_vkey(get('other.pub')));
is($sealed, 1, 'the seal, by the second implementation');

$out = ok_run('keysnap', 'verify', 'exhibit', '--public-key', 'key.pub',
    '--public-key', 'other.pub', '--root', unpack 'H*', $snaps[4]{root});
like($out, qr/^ok .*signed by the public key given, example.org\/signer/m,
    'verify names the signer');
like($out, qr{^ok .*seals/0001.note}m, 'and the seal');
like($out, qr/only the whole snapshot shows/, 'and what is not shown');
unlike($out, qr/^BAD/m, 'and all is good');
is(code('keysnap', 'verify', 'exhibit'), 0, 'without a key');
is(code('keysnap', 'verify', 'snap1', '--public-key', 'other.pub'), 4,
    'another key');
is(code('keysnap', 'verify', 'exhibit', '--root', '0' x 64), 4,
    'another root');
is(code('keysnap', 'prove', 'snap5', $name, '-o', 'exhibit'), 2,
    'nothing is replaced');
is(code('keysnap', 'prove', 'snap5', 'x._domainkey.example.org', '-o', 'x'),
    1, 'a name that is not there');
is(code('keysnap', 'prove', 'snap5', 'a b', '-o', 'x'), 2, 'no name');
$out = ok_run('keysnap', 'prove', 'snap5', $name, '-o', 'bare',
    '--no-evidence');
like($out, qr/1 left out/, 'evidence is left out when that is asked for');
like(ok_run('keysnap', 'verify', 'bare', '--public-key', 'key.pub'),
    qr/^--   evidence   1 pieces .* left out/m, 'and verify says so');

# Any entry in any snapshot.
my $wrong = 0;
for my $i (1 .. 6) {
	my $of = "s$i-1._domainkey.example.org";
	ok_run('keysnap', 'prove', "snap6", $of, '-o', "e$i");
	$wrong++ if code('keysnap', 'verify', "e$i", '--public-key', 'key.pub');
}
is($wrong, 0, 'exhibits of names all over the log');

# Damage: no changed octet, no cut, and no line less is overlooked.
sub damaged {
	my ($text, $what) = @_;
	put('damaged', $text);
	my ($got, $said) = run('keysnap', 'verify', 'damaged');
	return 0 if $got == 4;
	diag("$what: exit $got: $said");
	return 1;
}
srand 20161031;
for my $file (qw(exhibit proof2-5)) {
	my $octets = get($file);
	my $bad = 0;
	for (1 .. 300) {
		my $at = int rand length $octets;
		my $copy = $octets;
		substr($copy, $at, 1) ^= chr(1 + int rand 255);
		$bad += damaged($copy, "octet $at of $file");
	}
	for (1 .. 50) {
		my $at = 1 + int rand(length($octets) - 1);
		$bad += damaged(substr($octets, 0, $at), "$file cut at $at");
	}
	my @all = split /^/m, $octets;
	for my $i (0 .. $#all) {
		# A seal less is no damage: verify says so when a key was given.
		next if $all[$i] =~ /"type":"seal"/;
		$bad += damaged(join('', @all[grep { $_ != $i } 0 .. $#all]),
		    "$file without line $i");
		$bad += damaged(join('', @all[0 .. $i, $i .. $#all]),
		    "$file with line $i twice");
	}
	is($bad, 0, "$file: every damage is found");
}

# Exhibits made of sound parts that do not belong together.
sub lines_of { return map { JSON::PP->new->utf8->decode($_) } split /\n/, get($_[0]) }
my $canonical = JSON::PP->new->canonical->utf8;
ok_run('keysnap', 'prove', 'snap6', 's3-1._domainkey.example.org', '-o', 'first');
ok_run('keysnap', 'prove', 'snap6', 's6-2._domainkey.example.org', '-o', 'last');
my %at = (head => 0, checkpoint => 1, store => 2, source => 3, entry => 4);
my @forgeries = (
	[ 'the proof of another entry', sub {
		my ($a, $b) = @_;
		$a->[$at{entry}]{proof} = $b->[$at{entry}]{proof} } ],
	[ 'proofs exchanged', sub { my ($a) = @_;
		@$a[3, 4] = ({ %{ $a->[3] }, proof => $a->[4]{proof} },
		    { %{ $a->[4] }, proof => $a->[3]{proof} }) } ],
	[ 'the next number', sub { $_[0][$at{entry}]{number}++ } ],
	[ 'the number before', sub { $_[0][$at{entry}]{number}-- } ],
	[ 'the number of another, with its proof', sub { my ($a, $b) = @_;
		$a->[$at{entry}]{$_} = $b->[$at{entry}]{$_}
		    for 'number', 'proof' } ],
	[ 'another entry instead', sub { $_[0][$at{entry}] = $_[1][$at{entry}] } ],
	[ 'another entry, and its source, too', sub { my ($a, $b) = @_;
		splice @$a, 5, 0, $b->[$at{source}], $b->[$at{entry}] } ],
	[ 'without its source', sub { splice @{ $_[0] }, $at{source}, 1 } ],
	[ 'without entry 0', sub { splice @{ $_[0] }, $at{store}, 1 } ],
	[ 'entry 0 alone', sub { splice @{ $_[0] }, 3, 2 } ],
	[ 'another name', sub { $_[0][$at{head}]{name} = $_[1][$at{head}]{name} } ],
	[ 'a name above', sub { $_[0][$at{head}]{name} = 'example.org' } ],
	[ 'a number past the log', sub { $_[0][$at{entry}]{number} = 1 << 40 } ],
	[ 'a number past 2^53', sub {
		$_[0][$at{entry}]{number} = 9007199254740993 } ],
	[ 'a negative number', sub { $_[0][$at{entry}]{number} = -1 } ],
	[ 'a hash more', sub { push @{ $_[0][$at{entry}]{proof} }, 'A' x 43 . '=' } ],
	[ 'a hash less', sub { pop @{ $_[0][$at{entry}]{proof} } } ],
	[ 'the first hash less', sub { shift @{ $_[0][$at{entry}]{proof} } } ],
	[ 'hashes turned', sub {
		@{ $_[0][$at{entry}]{proof} } = reverse @{ $_[0][$at{entry}]{proof} } } ],
	[ 'no proof', sub { $_[0][$at{entry}]{proof} = [] } ],
	[ 'a thousand hashes', sub {
		$_[0][$at{entry}]{proof} = [ ('A' x 43 . '=') x 1000 ] } ],
	[ 'a short hash', sub { $_[0][$at{entry}]{proof}[0] = 'AAAA' } ],
	[ 'the evidence of another', sub { my ($a, $b) = @_;
		$a->[5] = $b->[5] } ],
	[ 'other octets as evidence', sub { my ($a, $b) = @_;
		$a->[5]{octets} = $b->[5]{octets} } ],
	[ 'evidence more', sub { push @{ $_[0] }, $_[1][5] } ],
	[ 'evidence twice', sub { push @{ $_[0] }, $_[0][5] } ],
	[ 'evidence gone', sub { pop @{ $_[0] } } ],
	[ 'evidence left out that is there', sub {
		push @{ $_[0][0]{left_out} }, $_[0][5]{sha256} } ],
	[ 'other evidence left out', sub {
		$_[0][0]{left_out} = [ $_[1][5]{sha256} ]; pop @{ $_[0] } } ],
	[ 'an earlier checkpoint', sub {
		$_[0][1]{text} = (lines_of('exhibit'))[1]{text} } ],
	[ 'a checkpoint of size 0', sub { $_[0][1]{text} =~ s/^\d+$/0/m } ],
	[ 'a checkpoint of size 1', sub { $_[0][1]{text} =~ s/^\d+$/1/m } ],
	[ 'a leaf with a space', sub { $_[0][$at{entry}]{leaf} =~ s/,/, / } ],
	[ 'a leaf with its line feed', sub { $_[0][$at{entry}]{leaf} .= "\n" } ],
	[ 'two nodes as a leaf', sub { $_[0][$at{entry}]{leaf} = 'x' x 64 } ],
	[ 'a member more', sub { $_[0][$at{entry}]{note} = 'x' } ],
	[ 'a line of another type', sub { push @{ $_[0] }, { type => 'x' } } ],
	[ 'a later format', sub { $_[0][0]{format} = 'keysnap-exhibit 2' } ],
);
is(join(' ', map { $_->{type} } lines_of('first')),
    'exhibit checkpoint entry entry entry evidence', 'the parts');
put('again', join '', map { $canonical->encode($_) . "\n" } lines_of('first'));
is(get('again'), get('first'), 'put together again it is the same');
for my $forgery (@forgeries) {
	my ($what, $change) = @$forgery;
	my ($first, $last) = ([ lines_of('first') ], [ lines_of('last') ]);
	$change->($first, $last);
	put('forged', join '', map { $canonical->encode($_) . "\n" } @$first);
	for my $key ([], [ '--public-key', 'key.pub' ]) {
		my ($got, $said) = run('keysnap', 'verify', 'forged', @$key);
		is($got, 4, "forged: $what" . (@$key ? ', with the key' : ''))
		    or diag($said);
	}
}

# A root does not fix the size, so that alone it is not taken to.
my @parts = lines_of('first');
$parts[1]{text} =~ s/^signer.*//ms;
$parts[1]{text} =~ s/^(\d+)$/$1 + 1/me;
put('forged', join '', map { $canonical->encode($_) . "\n" } @parts);
is(code('keysnap', 'verify', 'forged', '--public-key', 'key.pub'), 4,
    'another size, with the key');
like(ok_run('keysnap', 'verify', 'forged', '--root', unpack 'H*',
    $snaps[5]{root}), qr/^-- +size +checkpoint: a root alone does not fix/m,
    'another size, with the root: it is said what that shows');
unlike(ok_run('keysnap', 'verify', 'first', '--public-key', 'key.pub',
    '--root', unpack 'H*', $snaps[5]{root}), qr/a root alone/,
    'a signature does');

# A log of one entry has no proof to show, and nothing under a name.
ok_run('keysnap', 'init', 'tiny', '--origin', 'tiny.example/keys');
ok_run('keysnap', 'annotate', 'tiny', '--note', 'x', '--name', 'n.example');
ok_run('keysnap', 'freeze', 'tiny', 'tiny.snap', '--sign-key', 'key');
ok_run('keysnap', 'prove', 'tiny.snap', 'n.example', '-o', 'tiny.exhibit');
ok_run('keysnap', 'verify', 'tiny.exhibit', '--public-key', 'key.pub');
ok_run('keysnap', 'freeze', 'elsewhere', 'one.snap', '--sign-key', 'key');
is(code('keysnap', 'prove', 'one.snap', 'n.example', '-o', 'one.exhibit'), 1,
    'a log of one entry');

my $stripped = join '', grep { !/"type":"seal"/ } split /^/m, get('exhibit');
put('stripped', $stripped);
is(code('keysnap', 'verify', 'stripped', '--public-key', 'key.pub'), 0,
    'seals may be left out');
is(code('keysnap', 'verify', 'stripped', '--public-key', 'key.pub',
    '--public-key', 'other.pub'), 4, 'but not when their key is asked for');

# What is no file at all is never waited for, and hides no key that was given.
for my $file ('checkpoint', 'MANIFEST', 'log.jsonl', 'keys.mdb',
    'evidence/pack-000000', 'seals/0001.note') {
	system('rm', '-rf', 'odd');
	system('cp', '-R', 'snap5', 'odd');
	unlink "odd/$file" or die;
	POSIX::mkfifo("odd/$file", 0600) or die;
	my ($got, $said) = run('timeout', '20', 'keysnap', 'verify', 'odd',
	    '--public-key', 'key.pub');
	is($got, 4, "a pipe as $file");
	like($said, qr/^ok +signature .*public key given/m, 'signed all the same')
	    if $file ne 'checkpoint';
	is((run('timeout', '20', 'keysnap', 'list', 'odd', '--public-key',
	    'key.pub'))[0], 4, 'nor is it opened');
}

# Without a key everything may hold, and nobody vouches for it.
ok_run('keysnap', 'freeze', 'elsewhere', 'unsigned');
for my $what ('snap1', 'unsigned', 'exhibit', 'proof1-2') {
	my ($got, $said, $warned) = run('keysnap', 'verify', $what);
	is($got, 0, "$what is whole");
	like($warned, qr/nobody vouches for it/, 'nobody vouches, and it says so');
	unlike($said, qr/^ok +signature/m, 'no signature was checked');
	like($said, qr/^-- +signature/m, 'nor does it say so');
	unlike(ok_run('keysnap', 'verify', '--json', $what),
	    qr/"check":"signature"[^}]*"good":true/, 'nor to a program');
}
done_testing();
