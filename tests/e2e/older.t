#!/usr/bin/perl
# Signatures older than DKIM, and those of ARC: what holds, what does not, and
# why.  DomainKeys is never better than weak, a draft of DKIM never passes, and
# ARC decides no verdict.
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
my %record;

for (split /\n/, get("$dir/expect.tsv")) {
	my ($file, $verdict, $reason, $chain, $note) = split /\t/;
	my ($code, $out, $err) =
	    run('verifier', 'check', '--json', '-s', $snapshot, "$dir/$file");
	my ($record) = $code <= 1 ? records($out) : ();
	$record{$file} = $record;
	is($record->{verdict}, $verdict, "$file: verdict")
	    or diag("exit $code $err @{$record->{reasons} // []}");
	is($record->{reasons}[0], $reason, "$file: reason");
	my $arc = $record->{arc};
	my $found = $arc ? ($arc->{result} // 'null') . " $arc->{reason}"
	    : 'none';
	is($found, $chain, "$file: chain");
	isnt($record->{color}, 'green', "$file: not green");
	is($code, 1, "$file: exit code");
	my %notes = map { $_ => 1 }
	    map { @{ $_->{notes} } } @{ $record->{signatures} };
	my %want = map { $_ => 1 } $note eq '-' ? () : $note;
	for (qw(draft-holds draft-fails key-granularity)) {
		is($notes{$_} // 0, $want{$_} // 0, "$file: note $_")
		    if $note ne '-' || /^draft/;
	}
}

# What a draft holds under is shown with its provenance.
my ($draft) = @{ $record{'draft-00.eml'}{signatures} };
is($draft->{key}{grade}, 'D', 'the key of a draft has its grade');
is($draft->{result}, 'neutral', 'but no pass');

# Each signature of a chain has facts of its own.
my $chain = $record{'arc-footer-between.eml'};
my %of = map { ("$_->{kind} $_->{i}" => $_) } @{ $chain->{signatures} };
is($chain->{arc}{sets}, 2, 'two sets');
is($chain->{arc}{oldest_pass}, 2, 'the message is as it was from set 2 on');
is($of{'arc-message 1'}{result}, 'fail', 'the first message signature fails');
is($of{'arc-message 1'}{reason}, 'body-altered', 'for the body');
is($of{'arc-message 2'}{result}, 'pass', 'the second holds');
is($of{"arc-seal $_"}{result}, 'pass', "seal $_ holds") for 1, 2;
is($of{'arc-seal 1'}{cv}, 'none', 'what seal 1 says of the chain');
is($of{'arc-seal 2'}{key}{bits}, 2048, 'the key of seal 2');
is($record{'arc-50.eml'}{arc}{oldest_pass}, 0, 'all of 50 hold');
is(scalar @{ $record{'arc-50.eml'}{signatures} }, 100, 'a hundred signatures');
is($record{'arc-body-altered.eml'}{arc}{instance}, 2, 'where it fails');
is($record{'arc-says-fail.eml'}{signatures}[0]{result}, 'pass',
	'a seal that says fail covers its own set');

# DomainKeys: what is covered.
my ($old) = @{ $record{'dk-simple.eml'}{signatures} };
is($old->{kind}, 'domainkeys', 'kind');
is($old->{body}{hash_match}, undef, 'there is no body hash');
is($old->{body}{covered}, $old->{body}{total}, 'all of the body is covered');
is_deeply($old->{headers}, [qw(from to subject date message-id mime-version
	content-type)], 'without h= all fields below are signed');
is_deeply($record{'dk-field-above.eml'}{signatures}[0]{uncovered}, ['subject'],
	'a field above is not');

# Wanted keys: of DomainKeys and ARC too.
my ($header, $records, $case) = verify_records($snapshot, glob "$dir/*.eml");
my @wants = split /\n/, get("$case/wants.tsv");
ok((grep { /^good\.example\tnever\t/ } @wants), 'DomainKeys wants a key');
ok((grep { /^lists\.example\tlost\t.*\t2$/ } @wants),
	'a seal and a message signature want a key');

# People see them.
my ($code, $out) =
    run('verifier', 'check', '-s', $snapshot, "$dir/arc-footer-between.eml");
like($out, qr/^  ARC chain: pass, 2 sets /m, 'the chain in words');
like($out, qr/^  ARC seal 2: pass  lists\.example /m, 'a seal in words');
like($out, qr/^  ARC message signature 1: fail  lists\.example /m,
	'a message signature in words');
unlike($out, qr/^VERIFIED/m, 'no label of a verdict');
($code, $out) = run('verifier', 'check', '-s', $snapshot, "$dir/dk-simple.eml");
like($out, qr/^DomainKeys signature  VERIFIED, WEAK  good\.example, aligned/m,
	'DomainKeys in words');
done_testing();
