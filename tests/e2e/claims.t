#!/usr/bin/perl
# Authentication-Results in the message: claims, set beside what was found, that
# change no verdict, whatever they say and however they were made.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch() . '/claims';
my $older = scratch() . '/older';
ok_run(generator(), '--semantics', $dir);
ok_run(generator(), '--older', $older);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);
my $sealed = make_snapshot(["$older/keys.jsonl"]);
my $plain = get("$dir/plain.eml");
my ($made, %alone) = 0;

# The record of "text", which must be what it is without "fields" but for the
# claims, and where its octets lie.
sub check {
	my ($text, $fields, $keys) = @_;
	my $path = sprintf '%s/made%d.eml', scratch(), ++$made;
	put($path, $fields . $text);
	my ($code, $out) = run('verifier', 'check', '--json', '-s',
		$keys // $snapshot, $path);
	my ($record) = records($out);
	put("$path.alone", $text);
	my $alone = $alone{$text} //= (records((run('verifier', 'check',
		'--json', '-s', $keys // $snapshot, "$path.alone"))[1]))[0];
	is_deeply([@$record{qw(verdict color reasons best)}],
		[@$alone{qw(verdict color reasons best)}],
		"$made: the verdict is the same");
	return ($record, $path);
}

sub field { return 'Authentication-Results: ' . join(";\r\n\t", @_) . "\r\n" }

# What is said of each result of field "at".
sub said {
	my ($record, $at) = @_;
	return join '|', map { ($_->{agreement} // '-') . ' ' . ($_->{why} // '-') }
	    @{ $record->{claims}[ $at // 0 ]{results} };
}

# ---- a signature that holds --------------------------------------------------

my ($record, $path) = check($plain, field('mx.example.net',
	'dkim=pass header.d=good.example header.s=g',
	'dkim=fail header.i=@good.example',
	'dkim=pass header.d=evil.example',
	'dkim=temperror header.d=good.example',
	'spf=pass smtp.mailfrom=alice@good.example', 'arc=none'));
is(said($record), 'agrees same-result|differs other-result|'
	. 'no-such-signature no-signature|not-comparable no-result|- -|'
	. 'agrees none-there', 'a signature that holds');
is($record->{claims}[0]{server}, 'mx.example.net', 'in whose name');
is_deeply($record->{claims}[0]{covered_by}, [], 'nothing covers it');
is_deeply($record->{claims}[0]{results}[1]{signatures}, [0], 'which one');

my ($code, $out) = run('verifier', 'check', '--all', '-s', $snapshot, $path);
is($code, 0, 'a claim that differs changes no exit code');
like($out, qr/^VERIFIED  good\.example/m, 'nor the verdict');
my $heading = 'claims in the message '
    . '\(unverified: anybody could have written them\)';
like($out, qr/^  $heading: 1 field, 2 agreeing, 1 differing, /m, 'the heading');
like($out, qr/^      dkim=fail header\.i=\@good\.example\n {8}-> differs: the/m,
	'a claim in words');
like($out, qr/result is another here \(signature 1 of good\.example\)$/m,
	'with its signature');
like($out, qr/^      spf=pass .*\n        -> not checked here$/m, 'others');
my ($claims) = $out =~ /^  claims in the message(.*)/ms;
is(() = $claims =~ /verified/gi, 1, 'no claim is called verified');
($code, $out) = run('verifier', 'check', '-s', $snapshot, $path);
like($out, qr/^  $heading: 1 field/m, 'one line without --all');
unlike($out, qr/not checked here/, 'and no more');
($code, $out) = run('verifier', 'explain', '-s', $snapshot, $path);
like($out, qr/-> differs: /, 'explain shows them');

# ---- and those that do not ---------------------------------------------------

my $pass = field('mx', 'dkim=pass header.d=good.example');
my $altered = $plain =~ s/\r\n\r\n\K\w+/Nothing/r;
($record) = check($altered, $pass);
is(said($record), 'differs other-result', 'altered since');
($record) = check($altered,
	field('mx', 'dkim=neutral (body hash did not verify)'));
is(said($record), 'agrees neither-holds', 'altered before');
($record) = check(get("$dir/revoked-after.eml"), $pass);
is($record->{verdict}, 'key-missing', 'no key is known');
is(said($record), 'not-comparable key-missing', 'which contradicts nobody');
($record) = check(get("$dir/later-key.eml"), $pass);
is(said($record), 'not-comparable other-key', 'nor does another key');
($record) = check($plain =~ s/^DKIM-Signature:.*?\r\n(?=\S)//sr, $pass);
is(said($record), 'no-such-signature no-signature', 'an unsigned message');
($record) = check($plain, '');
is($record->{claims}, undef, 'no claim, no member');

# ---- what covers them --------------------------------------------------------

$record = (records((run('verifier', 'check', '--json', '-s', $snapshot,
	"$dir/with-signed-claim.eml"))[1]))[0];
is_deeply($record->{claims}[0]{covered_by}, [0], 'signed with the message');
is(said($record), 'not-comparable later|- -', 'none, before it was signed');
my $chain = (records((run('verifier', 'check', '--json', '-s', $sealed,
	"$older/arc-2.eml"))[1]))[0];
is_deeply([map { $_->{instance} } @{ $chain->{claims} }], [2, 1], 'two sets');
for my $claim (@{ $chain->{claims} }) {
	my $seal = $chain->{signatures}[ $claim->{seal} ];
	is("$seal->{kind} $seal->{i}", "arc-seal $claim->{instance}",
		"set $claim->{instance} is sealed");
}
$chain = (records((run('verifier', 'check', '--json', '-s', $sealed,
	"$older/arc-results-altered.eml"))[1]))[0];
is($_->{seal}, undef, 'no seal where the chain fails') for @{ $chain->{claims} };

# ---- attached ----------------------------------------------------------------

my $outer = "From: carol\@nosign.example\r\nContent-Type: message/rfc822\r\n"
    . "MIME-Version: 1.0\r\n\r\n$pass$plain";
($record) = check($outer, field('mx', 'none'));
is_deeply($record->{claims}[0]{results}, [], 'none of the message');
is(said($record->{embedded}[0]), 'agrees same-result',
	'those of an attached message stand with it');

$path = scratch() . '/outer.eml';
put($path, field('mx', 'none') . $outer);
($code, $out) = run('verifier', 'check', '-s', $snapshot, $path);
like($out, qr/^    $heading: 1 field, 1 agreeing$/m, 'people see that');
($record, $path) = check($plain, field('mx', 'dkim=pass' . ' x.y=z' x 40
	. ' header.d=evil.example'));
is(said($record), 'not-comparable limit', 'a property that was not read');
($code, $out) = run('verifier', 'check', '--all', '-s', $snapshot, $path);
like($out, qr/ and 21 more$/m, 'people see how many');

# ---- hostile -----------------------------------------------------------------

# Names that move the cursor or turn the text round.
($record, $path) = check($plain, field("mx\xe2\x80\xae.example",
	"dkim=pass header.d=\"g\xc2\x9b2J\xff\" reason=\"\xe2\x80\xae\""));
($code, $out) = run('verifier', 'check', '--all', '-s', $snapshot, $path);
unlike($out, qr/\xe2\x80\xae|\xc2\x9b|\xff/, 'no octet of them goes out');
like($out, qr/mx\\u\{202e\}\.example$/m, 'they are spelled');
ok($record->{claims}[0]{results}[0]{properties}[0]{value_b64}, 'kept exactly');

# What is no text, or no end in sight; what came before stays.
my @broken = (["\e[2J", 'bad-octet'], ['(' x 100_000, 'deep-comment'],
	['dkim=pass reason="x', 'bad-quoted'], ['(\\', 'bad-comment'],
	[',', 'no-name'], ['dkim=pass header.d', 'no-equals'],
	['dkim=pass header.d=' . 'a' x 1001, 'long-word']);
($record) = check($plain, join '', map {
	field('mx', 'dkim=pass header.d=good.example', $_->[0]) } @broken);
for my $i (0 .. $#broken) {
	is($record->{claims}[$i]{defect}, $broken[$i][1],
		"$broken[$i][1]: named");
	is(said($record, $i), 'agrees same-result', 'what stands before is read');
}

# More than are kept, and a line that would be too long.
($record) = check($plain, $pass x 1000);
is(scalar @{ $record->{claims} }, 64, '64 fields');
is($record->{claims_left_out}, 936, 'and how many more');
($record) = check($plain, field('mx', ('dkim=pass reason="'
	. "\xff" x 900 . '" header.d=b') x 64) x 64);
is($record->{cut}, JSON::PP::true, 'too long');
is_deeply($record->{claims}, [], 'then without claims');
is($record->{claims_left_out}, 64, 'which it says');
($record) = check($plain,
	field('mx', ('dkim=pass header.b=oINEO8hg') x 1000) x 60);
is($record->{claims}[59]{results_left_out}, 936, '60000 results');
($code, $out) = do {
	put($path, $pass x 100_000 . $plain);
	run('verifier', 'check', '--json', '-s', $snapshot, $path);
};
is((records($out))[0]{verdict}, 'unreadable', '100000 fields: named limit');

# ---- a case ------------------------------------------------------------------

put("$dir/claims.eml", $pass . field('mx', 'none') . $plain);
my ($header, $records, $case) = verify_records($snapshot, "$dir/claims.eml");
is(said($records->[0]), 'agrees same-result', 'in results.jsonl');
like(ok_run('verifier', 'show', '--all', $case, 1),
	qr/^    field 1, Authentication-Results, in the name of mx$/m, 'show');
like(ok_run('verifier', 'show', $case, 1), qr/^  $heading: 2 fields/m,
	'one line without --all');
like(ok_run('verifier', 'replay', $case), qr/^IDENTICAL/m, 'replay');
my $exhibit = scratch() . '/exhibit';
ok_run('verifier', 'exhibit', $case, 1, '-o', $exhibit);
($code, $out) = run('verifier', 'check', $exhibit);
like($out, qr/^  $heading: 2 fields/m, 'an exhibit says the same')
    or diag($out);

# Other keys of the names: what differs between the runs has its cause.
my $others = make_snapshot(["$older/keys.jsonl"]);
my (undef, $without, $before) = verify_records($others, "$dir/claims.eml");
is(said($without->[0]), 'not-comparable other-key', 'another key, no agreement');
like((run('verifier', 'compare', $before, $case))[1],
	qr/^unexplained +0 +0 /m, 'compare knows why');
done_testing();
