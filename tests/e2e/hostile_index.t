#!/usr/bin/perl
# hostile_index.t - snapshots whose keys.mdb was made by somebody who knows
# where LMDB trusts its pages (md_pad, page numbers, offsets of nodes, depth,
# flags, sub-databases), with MANIFEST and checkpoint made to fit, and signed,
# by the same stranger.  Nobody vouches for them, so they are read from their
# log: the same answers, the notice, no crash.  Who gives the stranger's key
# has keys.mdb looked at before LMDB sees it: refused, or read without a crash.
# HOSTILE_INDEX snapshots, else 200; 2000 for all.
# KEYSNAP and VERIFIER may name other programs, as those with sanitizers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Forge;
use Test::More;

my $wanted = $ENV{HOSTILE_INDEX} // 200;
my $keysnap = $ENV{KEYSNAP} // 'keysnap';
my $verifier = $ENV{VERIFIER} // 'verifier';
my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my $page = 4096;

# Enough for pages of every kind: branches, leaves, five databases.
ok_run(generator(), '--semantics', 'mail');
put('more.jsonl', join '', map { "{\"domain\":\"d$_.example\",\"selector\":"
    . "\"s\",\"txt\":\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011\"}\n" }
    1 .. 900);
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    $_) for 'mail/keys.jsonl', 'more.jsonl';
ok_run('keysnap', 'annotate', 'store', '--note', "note $_", '--entry', $_)
    for 2 .. 9;
my ($key) = ok_run('keysnap', 'show', 'store', 's d1.example')
    =~ /sha256  (\w{64})/;
ok_run('keysnap', 'annotate', 'store', '--compromise', '--key', $key);
ok_run('keysnap', 'keygen', '-o', 'stranger', '--name', 'evil.example/log');
my $signer = read_signer('stranger');
ok_run('keysnap', 'freeze', 'store', 'snap');
chmod 0644, glob 'snap/*';
seal_again('snap', $signer);
ok_run('keysnap', 'verify', 'snap', '--public-key', 'stranger.pub');
my $index = get('snap/keys.mdb');
my $pages = length($index) / $page;
cmp_ok($pages, '>', 20, 'the index has pages');

sub u16 { return unpack 'v', substr $index, $_[0], 2 }
sub kind { return u16($_[0] * $page + 10) }

my @leaves = grep { kind($_) & 2 } 2 .. $pages - 1;
my @branches = grep { kind($_) & 1 } 2 .. $pages - 1;
ok(@leaves && @branches, 'leaves and branches');

# Offsets of nodes, and those of the records of databases: in the two meta
# pages, and as values of nodes in a leaf.
sub nodes_of {
	my ($number) = @_;
	my $at = $number * $page;
	my $n = (u16($at + 12) - 16) / 2;
	return map { $at + u16($at + 16 + 2 * $_) } 0 .. $n - 1;
}
my @records = map { ($_ * $page + 40, $_ * $page + 88) } 0, 1;
for my $leaf (@leaves) {
	push @records, map { $_ + 8 + u16($_ + 6) }
	    grep { u16($_ + 4) & 2 } nodes_of($leaf);
}
cmp_ok(scalar @records, '>=', 9, 'records of databases');

sub one { return $_[number_below(scalar @_)] }
my @words = (0, 1, 2, 8, 15, 16, 17, 255, 4080, 4095, 4096, 32767, 32768, 65535);
my @longs = (0, 1, 2, $pages - 1, $pages, $pages + 1, 1 << 20, 1 << 32,
    (1 << 47) / 4096, ~0, ~0 - 1, 1 << 63, 1 << 52);

# Each changes a copy in place.
sub set { my ($copy, $at, $octets) = @_; substr($$copy, $at, length $octets) = $octets }
my @attacks = (
	[ 'md_pad', sub { set($_[0], one(@records), pack 'V', one(1, 7, 8, 4096,
	    65536, 0x7fffffff, 0xffffffff)) } ],
	[ 'database flags', sub { set($_[0], one(@records) + 4, pack 'v',
	    one(2, 4, 8, 0x14, 0x1c, 0x34, 0x3c, 0x7e, 0xffff)) } ],
	[ 'pad and flags of duplicates', sub { set($_[0], one(@records),
	    pack 'Vv', one(@words), one(0x14, 0x1c, 0x3c)) } ],
	[ 'depth', sub { set($_[0], one(@records) + 6, pack 'v', one(0, 2, 31,
	    32, 33, 255, 0xffff)) } ],
	[ 'root', sub { set($_[0], one(@records) + 40, pack 'Q<', one(@longs,
	    @leaves, @branches)) } ],
	[ 'numbers of pages and entries', sub { set($_[0], one(@records) + 8,
	    pack 'Q<4', map { one(@longs) } 1 .. 4) } ],
	[ 'a whole record', sub { set($_[0], one(@records), join '',
	    map { chr number_below(256) } 1 .. 48) } ],
	[ 'page number', sub { set($_[0], $page * number_below($pages),
	    pack 'Q<', one(@longs)) } ],
	[ 'pad of a page', sub { set($_[0], $page * number_below($pages) + 8,
	    pack 'v', one(@words)) } ],
	[ 'page flags', sub { set($_[0], $page * number_below($pages) + 10,
	    pack 'v', one(0, 1, 2, 3, 4, 6, 8, 0x10, 0x12, 0x22, 0x42, 0x62,
	    0x4002, 0x8002, 0xffff)) } ],
	[ 'LEAF2', sub {
		my $at = $page * one(@leaves);
		set($_[0], $at + 8, pack 'v', one(@words));
		set($_[0], $at + 10, pack 'v', 0x22);
	} ],
	[ 'lower and upper', sub { set($_[0], $page * number_below($pages) + 12,
	    pack 'vv', one(@words), one(@words)) } ],
	[ 'pages of an overflow', sub {
		my $at = $page * number_below($pages);
		set($_[0], $at + 10, pack 'vV', 4, one(0, 1, 1 << 20, 0xffffffff));
	} ],
	[ 'offset of a node', sub {
		my $at = $page * one(@leaves, @branches);
		set($_[0], $at + 16 + 2 * number_below(8), pack 'v', one(@words));
	} ],
	[ 'all offsets', sub {
		my $at = $page * one(@leaves, @branches);
		set($_[0], $at + 16, pack 'v*', (one(@words)) x 40);
	} ],
	[ 'length of a key', sub { set($_[0], one(nodes_of(one(@leaves,
	    @branches))) + 6, pack 'v', one(@words)) } ],
	[ 'length of a value', sub { set($_[0], one(nodes_of(one(@leaves))),
	    pack 'vv', one(@words), one(@words)) } ],
	[ 'flags of a node', sub { set($_[0], one(nodes_of(one(@leaves))) + 4,
	    pack 'v', one(1, 2, 3, 4, 5, 6, 7, 0xffff)) } ],
	[ 'a value elsewhere', sub {
		my $at = one(nodes_of(one(@leaves)));
		set($_[0], $at, pack 'vvv', one(@words), one(@words), 1);
		set($_[0], $at + 8 + u16($at + 6), pack 'Q<', one(@longs));
	} ],
	[ 'a sub-page', sub {
		my $at = one(nodes_of(one(@leaves)));
		set($_[0], $at + 4, pack 'v', 4);
		set($_[0], $at + 8 + u16($at + 6), pack 'Q<vvvv', one(@longs),
		    one(@words), one(0x42, 0x62, 2), one(@words), one(@words));
	} ],
	[ 'a child', sub { set($_[0], one(nodes_of(one(@branches))),
	    pack 'vvv', one(0, 1, 2, @branches, @leaves, $pages, 0xffff),
	    one(0, 0, 1, 0xffff), one(0, 0, 1, 0xffff)) } ],
	[ 'a circle', sub {
		my $branch = one(@branches);
		set($_[0], $_, pack 'vvv', $branch, 0, 0) for nodes_of($branch);
	} ],
	[ 'magic', sub { set($_[0], $page * one(0, 1) + 16, pack 'VV',
	    one(0xBEEFC0DE, 0, 0xDEC0EFBE), one(0, 1, 2, 999)) } ],
	[ 'address and map size', sub { set($_[0], $page * one(0, 1) + 24,
	    pack 'Q<Q<', one(@longs), one(@longs)) } ],
	[ 'page size', sub { set($_[0], $page * one(0, 1) + 40, pack 'V',
	    one(0, 1, 512, 4095, 8192, 65536, 0xffffffff)) } ],
	[ 'last page', sub { set($_[0], $page * one(0, 1) + 136, pack 'Q<',
	    one(@longs)) } ],
	[ 'transaction', sub { set($_[0], $page * one(0, 1) + 144, pack 'Q<',
	    one(@longs)) } ],
	[ 'cut', sub { ${ $_[0] } = substr $index, 0, one(0, 1, 16, 152, $page,
	    2 * $page, $page * number_below($pages), number_below(length $index)) } ],
	[ 'longer', sub { ${ $_[0] } .= "\0" x one(1, 4096, 8192) } ],
	[ 'pages exchanged', sub {
		my ($a, $b) = map { $page * number_below($pages) } 1, 2;
		set($_[0], $a, substr $index, $b, $page);
		set($_[0], $b, substr $index, $a, $page);
	} ],
	[ 'a page of noise', sub { set($_[0], $page * number_below($pages),
	    join '', map { chr number_below(256) } 1 .. $page) } ],
	[ 'the head of a page', sub { set($_[0], $page * number_below($pages),
	    join '', map { chr number_below(256) } 1 .. 64) } ],
	[ 'another file', sub { ${ $_[0] } = one('', 'SQLite format 3',
	    "\0" x 8192, "\xff" x 65536, get('snap/log.jsonl')) } ],
);

my $notice = qr/nobody vouches/;
my @asked = (
	[ $keysnap, 'list', 'snap' ],
	[ $verifier, 'check', '--json', '-s', 'snap', 'mail/plain.eml' ],
	[ $keysnap, 'show', 'snap', 's d1.example' ],
	[ $keysnap, 'stats', 'snap' ],
	[ $keysnap, 'export', 'snap', '--format', 'canonical' ],
	[ $keysnap, 'diff', 'snap', 'store' ],
);
my @said;
for my $asked (@asked) {
	my ($code, $out, $err) = run(@$asked);
	is($code, 0, "@$asked[1]");
	like($err . $out, $notice, "@$asked[1]: the notice");
	push @said, $out;
}

# Under the key: its place in each command, and what came of it.
sub under_key {
	my ($program, @rest) = @{ $_[0] };
	return ($program, @rest, '--public-key', 'stranger.pub');
}
is((run(under_key($_)))[0], 0, "@$_[1], under the key") for @asked;

my (@wrong, %tried, %came);
for my $i (0 .. $wanted - 1) {
	my ($name, $attack) = @{ $attacks[$i % @attacks] };
	my $copy = $index;
	$attack->(\$copy);
	redo if $copy eq $index;
	$tried{$name}++;
	put('snap/keys.mdb', $copy);
	seal_again('snap', $signer);
	my $k = number_below(scalar @asked);
	my ($code, $out, $err) = run(@{ $asked[$k] });
	push @wrong, "$i, $name, @{ $asked[$k] }: exit $code\n$err"
	    if $code != 0 || $out ne $said[$k] || "$err$out" !~ $notice;
	($code, $out, $err) = run(under_key($asked[$k]));
	$came{$code}++;
	push @wrong, "$i, $name, @{ $asked[$k] }, under the key: exit $code\n$err"
	    if ($code != 0 && $code != 1 && $code != 4)
	    || $err =~ /Sanitizer|runtime error/;
	# Only verify looks at it octet for octet.
	next if $i % 4;
	($code, $out, $err) = run($keysnap, 'verify', 'snap');
	push @wrong, "$i, $name, verify: exit $code\n$out$err"
	    if $code != 4 || $out !~ /^BAD .*keys\.mdb/m;
}
is(join("\n", splice @wrong, 0, 5), '', "$wanted hostile indexes");
note 'under the key: ', join ', ', map { "exit $_: $came{$_}" } sort keys %came;
cmp_ok($came{4}, '>', $wanted / 2, 'most are refused under the key');
cmp_ok(scalar(keys %tried), '>=', $wanted < @attacks ? $wanted : scalar @attacks,
    'of every kind');

# And the log gives the index again.
is((run($keysnap, 'rebuild', 'snap', '-o', 'again.mdb'))[0], 0, 'rebuild');
is(get('again.mdb'), $index, 'the index, octet for octet');

done_testing();
