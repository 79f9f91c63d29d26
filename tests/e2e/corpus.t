#!/usr/bin/perl
# Every signature of the collected test suites, of DKIM, DomainKeys and ARC, gives
# the expected result.
# The folder is named by CORPUS, or lies beside the repository; it is read in
# place.  Its README explains expect.jsonl.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $corpus = $ENV{CORPUS} // top() . '/../shared/corpus';
plan skip_all => "no corpus of signed messages at $corpus (set CORPUS)"
    unless -d $corpus;

# The suites ask whether a signature holds over the message as it is: what a
# repair may find is left out (--repairs container).

# Where our words differ from the corpus's, once, with the reason.
my %accept = (
	# RFC 8601 2.7.1: "pass".
	pass      => { pass => 1 },
	# Signature or body hash does not hold.
	fail      => { fail => 1 },
	# RFC 8601 has neutral for what cannot be processed (syntax, unknown
	# version or algorithm) and permerror for what never can hold.
	permerror => { permerror => 1, neutral => 1 },
	# A lookup that failed left no observation: no key in the snapshot.
	temperror => { temperror => 1 },
	# x= past is a note here and undoes no pass (RFC 6376 3.5: "MAY").
	policy    => { pass => 1 },
);

# A key that is absent is not an error of the signature: the snapshot may
# lack it.  temperror, with the reason key-missing or key-absent-seen.
sub wanted {
	my ($signature) = @_;
	return { temperror => 1 } if $signature->{no_key};
	my %want = %{ $accept{ $signature->{expected} } // die };
	# Where the suites disagree the corpus names more than one answer.
	for my $other (@{ $signature->{accept} // [] }) {
		$want{$other} = 1 if $signature->{expected} ne 'policy';
	}
	return \%want;
}

# Deviations: "source/case#index" => [result, why, with the paragraph].
my %deviations = (
);

sub wire {
	my ($text, $how) = @_;
	return $text if $how eq 'as-is';
	return $text =~ s/\r\n|\r|\n/\r\n/gr if $how =~ /^every CR, LF/;
	return $text =~ s/(?<!\r)\n/\r\n/gr;
}

# Seen before all mail, so that a key that is revoked was revoked then.  Errors
# of DNS cannot be imported: their names are absent.
my %snapshots;

sub snapshot {
	my ($folder, $keys) = @_;
	return $snapshots{"$folder/$keys"} //= make_snapshot(["$folder/$keys"],
		import => ['--observed-at', '2000-01-01T00:00:00Z', '--skip-bad']);
}

sub check_case {
	my ($source, $case) = @_;
	my $folder = "$corpus/$source";
	my @expected = @{ $case->{signatures} };
	my $snapshot = snapshot($folder, $case->{keys});
	my $mail = scratch() . '/message.eml';
	put($mail, wire(get("$folder/$case->{file}"), $case->{wire}));
	my ($code, $out, $err) =
	    run('verifier', 'check', '--json', '--repairs', 'container', '-s',
		$snapshot, $mail);
	my ($record) = $code > 1 ? () : records($out);
	my @found = grep { $_->{kind} !~ /^arc-/ } @{ $record->{signatures} // [] };
	check_chain("$source/$case->{case}", $case->{arc}, $record)
	    if $case->{arc};
	return unless @expected;
	# The corpus lists the first signatures of a message that has hundreds.
	my $all = $case->{n_signatures} == @{ $case->{signatures} };
	cmp_ok(scalar @found, $all ? '==' : '>=', scalar @expected,
		"$source/$case->{case}: signatures") or diag("exit $code $err");
	for my $i (0 .. $#expected) {
		check_signature("$source/$case->{case}#$i", $expected[$i],
			$found[$i] // {});
	}
}

# Where the RFCs leave no choice, and a suite or some program says otherwise.
my %chains = (
	# RFC 6376 3.5: without c= it is simple/simple, and RFC 8617 4.1.2 does
	# not change that; the message was signed with relaxed/relaxed.
	'arc-suite/val-ams_fields_c_na.eml#val3' => 'fail',
	# RFC 6376 3.5: in "h=from:to::date" an element is no hdr-name.
	'arc-suite/val-ams_fields_h_mis_hdr.eml#val3' => 'fail',
	# Step 2: the newest seal says cv=fail, and that is the end of it.
	'arc-suite/val-cv_fail_i2_as2_fail.eml#val0' => 'fail',
	# Step 3.3: no seal may say cv=fail.
	'arc-suite/val-cv_fail_i2_as1_fail.eml#val0' => 'fail',
	# No key of the name in the corpus made the seal: neither.
	'zkemail/zev-multi-dkim-sig.eml' => undef,
);

sub check_chain {
	my ($name, $expected, $record) = @_;
	my $want = exists $chains{$name} ? $chains{$name}
	    : $expected->{expected};
	my $found = $record->{arc} // { result => 'none', sets => 0 };
	is($found->{result}, $want, "$name: chain")
	    or diag("$found->{reason} " . ($found->{instance} // ''));
	is($found->{sets}, $expected->{sets} // 0, "$name: ARC sets");
}

# Signatures older than RFC 4871: never a pass, but the note says what the
# drafts make of them.  The suites know draft-ietf-dkim-base-00, which has no
# bh=, by name only; these are its messages whose keys are there.
my %holds = map { ("mail-dkim/$_.eml#0" => 1) } 'test5',
    map { "good_ietf00_$_" } 1 .. 5;

sub check_draft {
	my ($name, $expected, $found) = @_;
	my $want = $holds{$name} ? 'pass' : $expected->{lenient_expected};
	my ($note) = grep { /^draft-/ } @{ $found->{notes} };
	my %notes = (pass => 'draft-holds', fail => 'draft-fails');
	isnt($found->{result}, 'pass', "$name: a draft is no pass");
	# v=5 is no draft's.
	return if $expected->{detail} =~ /^v=(?!0\.\d$)/;
	is($note, $notes{$want}, "$name: read as a draft");
	is(defined $found->{key}, $want eq 'pass', "$name: the draft's key")
}

sub check_signature {
	my ($name, $expected, $found) = @_;
	check_draft($name, $expected->{pre_standard}, $found)
	    if $expected->{pre_standard};
	my %kinds = (DKIM => 'dkim', DomainKeys => 'domainkeys');
	is($found->{kind}, $kinds{ $expected->{type} }, "$name: kind");
	my $want = wanted($expected);
	my $got = $found->{result} // 'nothing';
	$want = { $deviations{$name}[0] => 1 } if $deviations{$name};
	ok($want->{$got}, "$name: $expected->{expected}")
	    or diag("got $got ($found->{reason}), accepts "
		. join(' ', sort keys %$want) . ": $expected->{why}");
	my $bh = $found->{body}{hash_match};
	return unless defined $bh && ($expected->{bh} // '') =~ /^(?:mis)?match$/;
	is($bh ? 'match' : 'mismatch', $expected->{bh}, "$name: body hash");
}

for my $path (sort glob "$corpus/*/expect.jsonl") {
	my ($source) = $path =~ m{([^/]+)/expect\.jsonl$};
	check_case($source, $_) for records(get($path));
}
done_testing();
