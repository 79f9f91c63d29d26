#!/usr/bin/perl
# verifier show --raw, --wire, --repaired: the octets of a message of a case,
# found again in its archive; what was changed since is refused.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Copy qw(copy);
use FindBin;
use POSIX qw(mkfifo);
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $dir = scratch() . '/mail';
ok_run(generator(), '--damage', $dir);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);

# A case of "path" and its records; some input may be unreadable.
my $cases = 0;
sub make_case {
	my ($path) = @_;
	my $case = sprintf '%s/case%d', scratch(), ++$cases;
	my ($code, undef, $err) =
	    run('verifier', 'verify', '-s', $snapshot, '-o', $case, $path);
	like($code, qr/^[03]$/, "a case of $path") or diag($err);
	my (undef, @records) = records(get("$case/results.jsonl"));
	return (\@records, $case);
}
my ($records, $case) = make_case($dir);

# ---- messages of the damage matrix, as they were stored and judged -------

my %green = map { $_ => 1 } qw(verified verified-repaired verified-restored);
my ($mended, $failed) = (0, 0);
# Each third: damage.t has the cells themselves.
for my $record (grep { defined $_->{sha256} && $_->{seq} % 3 == 0 }
	@$records) {
	my $name = "$record->{source}{path}@" . $record->{source}{offset};
	my ($code, $raw, $err) = run('verifier', 'show', $case,
		$record->{seq}, '--raw');
	my $file = get("$dir/$record->{source}{path}");
	my $slice = substr($file, $record->{source}{offset},
		$record->{source}{length});
	ok($code == 0 && $raw eq $slice, "$name: as it is stored")
	    or diag($err);
	(undef, my $wire) =
	    run('verifier', 'show', $case, $record->{seq}, '--wire');
	ok(sha256_hex($wire) eq $record->{sha256}
		&& length($wire) == $record->{size}, "$name: its identity");
	next unless @{ $record->{repairs} } && $green{ $record->{verdict} };
	my $out = sprintf '%s/mended%d.eml', scratch(), $record->{seq};
	ok_run('verifier', 'show', $case, $record->{seq}, '--repaired', '-o',
		$out);
	my (undef, $json) = run('verifier', 'check', '--json', '--repairs',
		'none', '-s', $snapshot, $out);
	my ($again) = records($json);
	$again->{verdict} eq 'verified' ? $mended++ : $failed++;
	is($again->{verdict}, 'verified', "$name: verifies as it was repaired");
}
cmp_ok($mended, '>=', 16, 'many were mended');
is($failed, 0, 'and all of them verify');

# ---- in containers, and from another place ---------------------------------

my $where = scratch() . '/where';
mkdir $where or die $!;
system('tar', '-C', scratch(), '-czf', "$where/all.tar.gz", 'mail') == 0 or die;
system('tar', '-C', $where, '-cf', "$where/outer.tar", 'all.tar.gz') == 0
    or die;
unlink "$where/all.tar.gz";
my ($inside, $case2) = make_case("$where/outer.tar");
is(scalar @$inside, scalar @$records, 'as many records from two containers');
my ($pick) = grep { @{ $_->{repairs} } } @$inside;
my ($code, $wire, $err) =
    run('verifier', 'show', $case2, substr($pick->{sha256}, 0, 16), '--wire');
is($code, 0, 'found in a container, by its hash');
is(sha256_hex($wire), $pick->{sha256}, 'and it is the message');
rename "$where/outer.tar", "$where/moved" or die $!;
($code, undef, $err) = run('verifier', 'show', $case2, $pick->{seq}, '--raw');
is($code, 3, 'an archive that is gone');
like($err, qr/outer\.tar/, 'is named');
($code, $wire) = run('verifier', 'show', $case2, $pick->{seq}, '--wire',
	'--archive', "$where/moved");
is($code, 0, 'it is found where it lies now');
is(sha256_hex($wire), $pick->{sha256}, 'under another name');

# ---- changed, missing, and not to be had -----------------------------------

my ($single) = grep { $_->{source}{offset} == 0 && @{ $_->{repairs} } }
    @$records;
my $path = "$dir/$single->{source}{path}";
my $good = get($path);
(my $bad = $good) =~ s/(.)(\s*)\z/($1 eq 'x' ? 'y' : 'x') . $2/es;
put($path, $bad);
($code, $wire, $err) = run('verifier', 'show', $case, $single->{seq}, '--raw');
is($code, 4, 'one octet was changed');
is($wire, '', 'nothing of it is written');
like($err, qr/other octets.*changed/, 'and it is said');
put($path, "$good more");
($code, $wire, $err) = run('verifier', 'show', $case, $single->{seq}, '--raw');
is($code, 3, 'a message that got longer does not lie where it lay');
like($err, qr/no message lies there/, 'and it is said');
put($path, $good);
my $file = scratch() . '/there.eml';
put($file, 'kept');
($code, undef, $err) =
    run('verifier', 'show', $case, $single->{seq}, '--raw', '-o', $file);
is($code, 6, 'a file that is there');
is(get($file), 'kept', 'is not written over');
for (['--raw', '--wire'], ['--output', 'x'], ['--archive', $dir]) {
	($code) = run('verifier', 'show', $case, $single->{seq}, @$_);
	is($code, 2, "@$_: refused");
}
is((run('verifier', 'show', $case, '--raw'))[0], 2, 'one message at a time');
($code, $wire) = run('verifier', 'show', $case, '99999', '--raw');
is($code, 1, 'no such record');
is($wire, '', 'no octets');
mkdir scratch() . '/empty' or die $!;
put(scratch() . '/empty/none.eml', '');
my (undef, $case3) = make_case(scratch() . '/empty');
($code, undef, $err) = run('verifier', 'show', $case3, '1', '--raw');
is($code, 3, 'what is no message has no octets');

# ---- a case made to lead somewhere else ------------------------------------

my $results = get("$case/results.jsonl");
put(scratch() . '/secret.eml', $good);
my $hostile = scratch() . '/hostile';
mkdir $hostile or die $!;
(my $line = (grep { /"path":"\Q$single->{source}{path}\E"/ }
	split /\n/, $results)[0]) =~
    s/"path":"\Q$single->{source}{path}\E"/"path":"..\/secret.eml"/;
put("$hostile/results.jsonl", (split /\n/, $results)[0] . "\n$line\n");
copy("$case/run.json", "$hostile/run.json") or die $!;
($code, $wire, $err) =
    run('verifier', 'show', $hostile, $single->{seq}, '--raw');
is($code, 3, 'a path that leads out of the archive is not followed');
is($wire, '', 'nothing is written');
put("$hostile/run.json", '{"environment":');
is((run('verifier', 'show', $hostile, $single->{seq}, '--raw'))[0], 3,
	'a run.json that is cut');
put("$hostile/run.json", '{"environment":{"archive":[{"path":7}]},"inputs":[');
is((run('verifier', 'show', $hostile, $single->{seq}, '--raw'))[0], 3,
	'one that is no run.json');

# ---- results that were changed ------------------------------------------------

my $edited = scratch() . '/edited';
mkdir $edited or die $!;
copy("$case/$_", "$edited/$_") or die $! for qw(run.json wants.tsv);
put("$edited/results.jsonl", $results =~
	s/("seq":$single->{seq},.*"verdict":)"[a-z-]+"\}$/$1"unsigned"}/mr);
isnt(get("$edited/results.jsonl"), $results, 'a verdict is another');
my @pinned = ('-s', $snapshot);
for (['show', $edited], ['show', '--json', $edited, $single->{seq}],
	['stats', $edited], ['show', '--raw', $edited, $single->{seq}],
	['explain', @pinned, $edited, $single->{seq}],
	['exhibit', $edited, $single->{seq}, '-o', scratch() . '/no.exhibit']) {
	($code, undef, $err) = run('verifier', @$_);
	is($code, 4, "$_->[0]: an integrity failure");
	like($err, qr/results\.jsonl is not the file that run\.json names/,
		"$_->[0]: is said");
}
ok(!-e scratch() . '/no.exhibit', 'no exhibit is made of it');
put("$edited/results.jsonl", (split /^/, $results)[0] . ('x' x (20 << 20)));
($code, undef, $err) = run('verifier', 'show', $edited);
is($code, 3, 'a line without end is not read into memory');
like($err, qr/line 2 is too long/, 'but named');
unlink "$edited/results.jsonl";
mkfifo("$edited/results.jsonl", 0600) or die $!;
is((run('verifier', 'show', $edited))[0], 3, 'a pipe is not waited for');

# ---- what is out of reach -----------------------------------------------------

SKIP: {
	($code) = run('strace', '-o', scratch() . '/try', 'true');
	skip 'strace is missing or may not trace here', 4 if $code != 0;
	my $log = scratch() . '/trace';
	for (['show', $case], ['stats', $case],
		['show', '--raw', $case, $single->{seq}],
		['explain', @pinned, $case, $single->{seq}]) {
		run('strace', '-f', '-o', $log, 'verifier', @$_);
		# The message is read when other files are out of reach.
		like(get($log), $_->[1] eq $case && @$_ == 2
			? qr/landlock_create_ruleset/
			: qr/landlock_create_ruleset.*open[^\n]*\Q$single->{source}{path}\E/s,
			"@$_[0, 1]: gives up access to files");
	}
}

# ---- a terminal ------------------------------------------------------------

SKIP: {
	skip 'script(1) is not here', 1
	    if system('command -v script >/dev/null') != 0;
	my $said = `script -qec "verifier show '$case' $single->{seq} --raw" /dev/null </dev/null`;
	like($said, qr/--output/, 'octets of mail do not go to a terminal');
}
done_testing();
