#!/usr/bin/perl
# Who a message names as its senders: the findings of the record and the notes
# for people, on mail with hostile names; no verdict changes for them, and the
# public suffix list that decided is named.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
my $snapshot = demo_snapshot();

sub check {
	my ($header, @options) = @_;
	put("$dir/m.eml", "$header\r\nSubject: t\r\n\r\nx\r\n");
	my ($code, $out, $err) = run('verifier', 'check', @options, '-s',
	    $snapshot, "$dir/m.eml");
	is($code, 1, 'unsigned, as it was') or diag($err);
	return $out;
}

sub record { return (records(check($_[0], '--json')))[0] }

sub codes {
	my ($record) = @_;
	return join ' ', map { ($_->{field} // '') . ":$_->{code}" }
	    @{ $record->{senders}{findings} };
}

# Header; codes of the findings; a line of the notes.
my @cases = (
	[ 'From: "A. Doe" <a@example.com>', '', undef ],
	[ 'From: "ceo@bank.example" <x@evil.example>', 'from:name-address',
	    'From: the name shown contains an address of another domain: '
	    . '"ceo@bank.example" (bank.example, not evil.example) '
	    . '[name-address]' ],
	# full-width @ and ideographic full stop in an encoded word
	[ 'From: =?utf-8?b?Y2Vv77ygYmFua+OAgmV4YW1wbGU=?= <x@evil.example>',
	    'from:name-address', '(bank.example, not evil.example)' ],
	# an encoded word in an encoded word is not decoded twice
	[ 'From: =?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D40b=2Eexample=3F=3D?= '
	    . '<x@evil.example>', '', undef ],
	# right-to-left override, zero width, escapes, NUL
	[ 'From: =?utf-8?q?moc=2Eknab=E2=80=AE=E2=80=8B=1B=5B2J=00?= '
	    . '<x@evil.example>', 'from:name-invisible',
	    'From: the name shown contains characters that are not seen' ],
	[ "From: \"a\0b\@bank.example\" <x\@evil.example>",
	    'from:unclear-domains',
	    '(bank.example and evil.example) [unclear-domains]' ],
	[ "From: a\@example.com\r\nSender: l\@lists.example\r\n"
	    . 'Reply-To: b@examp1e.com', 'sender:other-domain '
	    . 'reply-to:other-domain reply-to:look-alike',
	    'two domains of the message look alike and are not the same '
	    . '(examp1e.com and example.com) [look-alike]' ],
	[ "From: a\@\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com",
	    'from:looks-ascii', 'note: xn--80ak6aa92e.com is shown to people '
	    . "as \"\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com\"" ],
	[ 'From: "\'a@b.example\' via L" <l@lists.example>',
	    'from:name-address-via', 'as mailing lists write it' ],
);

for my $case (@cases) {
	my ($header, $codes, $line) = @$case;
	my $record = record($header);
	is(codes($record), $codes, "codes: $codes");
	is($record->{verdict}, 'unsigned', 'the verdict');
	my $page = check($header);
	if (defined $line) {
		like($page, qr/\Q$line\E/, 'the note');
	} else {
		unlike($page, qr/note: /, 'no note');
	}
	unlike($page, qr/[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80[\x8b\xae]/,
	    'nothing that moves a cursor');
	my @notes = grep { /^  note: / } split /\n/, $page;
	unlike("@notes", qr/phish|forge|spoof|fraud|fake/i, 'no more is said');
}

# An attached message has its own.
my $outer = "From: a\@example.com\r\nMIME-Version: 1.0\r\n"
    . 'Content-Type: message/rfc822';
put("$dir/o.eml", "$outer\r\n\r\n$cases[1][0]\r\n\r\nx\r\n");
my ($attached) = records((run('verifier', 'check', '--json', '-s', $snapshot,
	"$dir/o.eml"))[1]);
is(codes($attached), '', 'nothing of the message itself');
is(codes($attached->{embedded}[0]), 'from:name-address', 'of the attached one');

like((run('verifier', 'check', '-s', $snapshot, "$dir/o.eml"))[1],
    qr/^  attached message.*\n    note: From: the name shown contains an /m,
    'people see it below its line');
my $help = ok_run('verifier', 'help', 'verdicts');
like($help, qr/^  $_ +[a-z]/m, "help explains $_")
    for qw(name-address name-address-via look-alike a-label-invalid);

# Alignment, with the domains that it rests on.
my (undef, $records) =
    verify_records($snapshot, top() . '/data/demo.mbox');
my ($signatures, $bad, $notes) = (0, 0, 0);
for my $record (@$records) {
	my %author = map { ($_->{organisation} // '') => 1 }
	    @{ $record->{senders}{authors} };
	$notes += @{ $record->{senders}{findings} };
	for my $signature (@{ $record->{signatures} }) {
		next if !defined $signature->{domain};
		$signatures++;
		my $equal = keys %author == 1
		    && $author{ $signature->{organisation} // '-' };
		my $state = $signature->{alignment};
		$bad++ if ($state eq 'aligned') != $signature->{aligned};
		$bad++ if $state eq 'aligned' && !$equal;
		$bad++ if $state eq 'unaligned' && $equal;
	}
}
cmp_ok($signatures, '>', 100, 'signatures of the demonstration archive');
is($bad, 0, 'their states follow from the organisational domains');
is($notes, 2, 'findings there: two messages with two From fields');

# Another list, with a version: another organisation, and it is named.
my $list = "// VERSION: 2024-06-01_UTC\n// COMMIT: 0a1b2c\nexample\n"
    . "bank.example\n";
put("$dir/list", $list);
my ($header, $other, $case) = verify_records($snapshot,
    '--public-suffix-list', "$dir/list", top() . '/data/demo.mbox');
my $hash = sha256_hex($list);
is_deeply($header->{public_suffix_list}, { version => '2024-06-01_UTC',
    commit => '0a1b2c', sha256 => $hash }, 'the list in the header');
my $run = JSON::PP->new->decode(get("$case/run.json"));
is($run->{public_suffix_list_version}, '2024-06-01_UTC', 'run.json: version');
is($run->{public_suffix_list_commit}, '0a1b2c', 'run.json: commit');
is($run->{public_suffix_list_sha256}, $hash, 'run.json: hash');
ok(exists $run->{versions}{libpsl}, 'run.json: libpsl');
like(ok_run('verifier', 'stats', $case),
    qr/^public suffix list of version 2024-06-01_UTC, SHA-256 $hash$/m,
    'stats names it');
is(JSON::PP->new->decode(ok_run('verifier', 'stats', '--json', $case))
    ->{public_suffix_list}{sha256}, $hash, 'stats --json, too');
like((run('verifier', 'explain', '-s', $snapshot, '--public-suffix-list',
	"$dir/list", "$dir/m.eml"))[1],
    qr/^public suffix list of version 2024-06-01_UTC, SHA-256 $hash$/m,
    'explain names it');
my @elsewhere = grep { ($_->{senders}{authors}[0]{domain} // '')
    eq 'bank.example' } @$other;
ok(@elsewhere > 0, 'a domain that is a public suffix there');
is(scalar(grep { defined $_->{senders}{authors}[0]{organisation} }
    @elsewhere), 0, 'has no organisation');

# A list with the same rules gives the same records: replay notes that it is
# another one, and finds nothing else.
put("$dir/same", get(top() . '/data/public_suffix_list.dat'));
my (undef, undef, $replayed) = verify_records($snapshot,
    '--public-suffix-list', "$dir/same", top() . '/data/demo.mbox');
put("$dir/same", get("$dir/same") . "// a comment\n");
my ($code, $out, $err) =
    run('verifier', 'replay', '-s', $snapshot, $replayed);
is($code, 0, 'replay with another list of the same rules');
like($out, qr/^IDENTICAL/m, 'is identical');
like("$out$err", qr/public suffix list/, 'and says so');

# Why two runs differ: the list.
my (undef, undef, $first) =
    verify_records($snapshot, top() . '/data/demo.mbox');
my (undef, $compared) = run('verifier', 'compare', $first, $case);
like($compared, qr/another public suffix list/, 'compare says why');
like($compared, qr/^unexplained +0 +0 /m, 'and leaves nothing open');

done_testing();
