#!/usr/bin/perl
# Many arguments with one base name: each has a label of its own; and a case
# directory may not lie in what is read.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $dir = scratch();
ok_run(generator(), '--semantics', "$dir/mail");
my $snapshot = make_snapshot(["$dir/mail/keys.jsonl"]);
my $count = 3000;
my @names = map { "$dir/in$_/m" } 1 .. $count;
for my $i (1 .. $count) {
	mkdir "$dir/in$i" or die;
	put("$dir/in$i/m", "Subject: $i\n\n");
}
# A name that looks like a label that was made.
put("$dir/m~2", "Subject: other\n\n");
splice @names, 1, 0, "$dir/m~2";

my @talk = ('verifier', 'verify', '-s', $snapshot);
my ($code, $out, $err) = run(@talk, '-o', "$dir/case", @names);
is($code, 0, 'all are read') or diag($err);
my ($header, @records) = records(get("$dir/case/results.jsonl"));
is(scalar @records, @names, 'a record for each argument');
my %seen = map { $_->{source}{path} => 1 } @records;
is(scalar keys %seen, @names, 'under a path of its own');
is_deeply([ map { $records[$_]{source}{path} } 0 .. 3 ],
	[ 'm', 'm~2', 'm~3', 'm~4' ], 'in order');
# A run must not read what it writes.
my $tree = scratch() . '/inside';
mkdir $tree or die;
put("$tree/m.eml", "From: a\@b.example\nSubject: s\n\nt\n");
($code, undef, my $said) =
    run('verifier', 'verify', '-s', $snapshot, '-o', "$tree/case", $tree);
is($code, 2, 'a case directory inside the archive is refused');
like($said, qr/lies in/, 'and the reason is said');
ok(!-e "$tree/case", 'and nothing was made');
mkdir "$tree/empty" or die;
my $link = scratch() . '/case-link';
symlink "$tree/empty", $link or die;
for my $output ($link, "$tree/empty") {
	($code) = run('verifier', 'verify', '-s', $snapshot, '-o', $output,
		$tree);
	is($code, 2, 'so is one that is there, also through a link');
}
is_deeply([ glob "$tree/empty/*" ], [], 'and nothing was made in it');

done_testing();
