#!/usr/bin/perl
# A snapshot with one bit or its end changed: verifier refuses with exit 4
# wherever it reads that file, says the same as before where it does not, and
# never crashes.  2,000 flips and 200 truncations, half under --public-key,
# half under --root.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use MIME::Base64 qw(decode_base64);
use Test::More;

my $dir = scratch();
ok_run('keysnap', 'keygen', '-o', "$dir/key", '--name', 'test.example/log');
my @sign = (freeze => [ '--sign-key', "$dir/key" ]);
ok_run(generator(), '--semantics', "$dir/mail");
my $snapshot = make_snapshot(["$dir/mail/keys.jsonl"], @sign);
my $mail = "$dir/mail/plain.eml";
my ($root) = get("$snapshot/checkpoint") =~ /\A[^\n]*\n\d+\n(\S+)\n/;
$root = unpack 'H*', decode_base64($root);

my %ways = (key => [ '--public-key', "$dir/key.pub" ], root => [ '--root', $root ]);
my %said;

sub check {
	my ($way, $where) = @_;
	return run('verifier', 'check', '--json', '-s', $where // $snapshot,
		@{ $ways{$way} }, $mail);
}

for my $way (sort keys %ways) {
	my ($code, $out, $err) = check($way);
	is($code, 0, "untouched, $way") or diag($err);
	$said{$way} = $out;
}

my @files = grep { -f && -s } split /\n/, `find $snapshot -type f | sort`;
cmp_ok(scalar @files, '>=', 4, 'the snapshot has files');
# What each way must read to its last octet.
my %reads = (key => qr{/(?:MANIFEST|checkpoint|keys\.mdb)$},
	root => qr{/(?:MANIFEST|checkpoint|log\.jsonl)$});

# A fixed sequence, so that a failure can be seen again.
my $state = 20170424;
sub next_number {
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 2147483648 * $_[0]);
}

my (%count, @wrong);

sub try_changed {
	my ($way, $path, $name, $text) = @_;
	my $before = get($path);
	put($path, $text);
	my ($code, $out) = check($way);
	put($path, $before);
	$count{$code}++;
	return if $code == 4;
	return if $code == 0 && $out eq $said{$way} && $path !~ $reads{$way};
	push @wrong, "$way $name: exit $code";
}

chmod 0644, @files;
chmod 0755, split /\n/, `find $snapshot -type d`;
for my $i (0 .. 2199) {
	my $way = $i % 2 ? 'key' : 'root';
	my $path = $files[ int($i / 2) % @files ];
	my $text = get($path);
	my $at = next_number(length $text);
	my $name = ($path =~ s{.*/}{}r) . " at $at";
	if ($i < 2000) {
		substr($text, $at, 1) ^= chr(1 << next_number(8));
	} else {
		$text = substr($text, 0, $at);
	}
	try_changed($way, $path, $name, $text);
}
is(join("\n", @wrong), '', 'exit 4, or not read');
cmp_ok($count{4} // 0, '>', 1000, 'most changes are seen');
note join ', ', map { "exit $_: $count{$_}" } sort keys %count;

# A genuine signed snapshot, its index exchanged and MANIFEST made to fit.
my $other = make_snapshot([ top() . '/data/demo-keys.jsonl' ], @sign);
my $index = get("$other/keys.mdb");
my $manifest = get("$snapshot/MANIFEST");
my $old = sha256_hex(get("$snapshot/keys.mdb"));
my $new = sha256_hex($index);
ok($manifest =~ s/\Q$old\E/$new/, 'MANIFEST names the index');
put("$snapshot/keys.mdb", $index);
put("$snapshot/MANIFEST", $manifest);
is((check($_))[0], 4, "exchanged index, $_") for sort keys %ways;
done_testing();
