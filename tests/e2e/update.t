#!/usr/bin/perl
# A case that is brought up to date with a later snapshot is that of a full run
# with it, octet for octet: for all verdicts, repairs, old signatures, ARC,
# attached messages, containers, with proofs of time and without, for one
# worker and two, killed and gone on with.  What does not fit is refused.
# UPDATE_ROUNDS=100 changes the keys at random so often; UPDATE_SEED takes
# other changes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use JSON::PP;
use Stamp;
use Test::More;
use Time::HiRes qw(sleep);

my $dir = scratch();
my $clock = '2026-03-02T00:00:00Z';
my $rounds = $ENV{UPDATE_ROUNDS} // 4;
my $seed = $ENV{UPDATE_SEED} // 20161031;
srand $seed;
chdir $dir or die;

# ---- the archive ------------------------------------------------------------

my @keys; # lines of jsonl, decoded

# A message whose first signature is a field only when the mark before it is
# taken off, and another one that never holds.  As long as the first one's key
# is missing the message is recorded as it stands: the name was asked for, and
# no signature shows it.
sub hidden {
	my ($key) = @_;
	my ($first, $rest) = get('mail/2-semantics/plain.eml') =~
	    /\A(DKIM-Signature:.*?\n)(?=\S)(.*)\z/s or die;
	return "\xef\xbb\xbf${first}DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; " .
	    "d=$key->{domain}; s=$key->{selector}; h=from; b=" . 'A' x 344 .
	    "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n$rest";
}

# Messages with claims about all that they have: how these stand to what is
# found follows the keys.
my $claims = join '', map { "Authentication-Results: mx;\r\n\t$_\r\n" }
    'dkim=pass', 'dkim=fail', 'dkim=permerror', 'domainkeys=pass',
    'domainkeys=neutral', 'arc=pass', 'arc=fail', 'dkim=none; arc=none';
sub make_claims {
	mkdir 'mail/5-claims' or die;
	for (glob 'mail/2-semantics/*.eml mail/5-older/*.eml') {
		my ($name) = m{([^/]*)$};
		put("mail/5-claims/$name", $claims . get($_));
	}
}

sub make_mail {
	mkdir $_ or die for 'made', 'mail';
	ok_run(generator(), '--mbox', 'mail/1-demo.mbox', '--maildir',
	    'made/maildir', '--keys-jsonl', 'made/keys.jsonl', '--semantics',
	    'mail/2-semantics', '--damage', 'mail/3-damage', '--alterations',
	    'mail/4-alterations', '--count', 60, '--older', 'mail/5-older');
	for (glob('mail/*/keys.jsonl'), 'made/keys.jsonl') {
		push @keys, map { JSON::PP->new->decode($_) } split /\n/, get($_);
		unlink $_;
	}
	unlink glob 'mail/*/expect.tsv';
	make_claims();
	ok_run('tar', '-C', 'made', '--sort=name', '-czf', 'mail/6-box.tar.gz',
		'maildir');
	put('mail/7-notes.txt', "\0 no mail at all \xff" x 1000);
	put('mail/8-bom.eml', hidden($keys[1]));
	put('mail/9-empty.eml', '');
	put('all.list', join '', map { sha256_hex(get($_)) . "  $_\n" }
		glob 'mail/*.* mail/*/*');
}

make_mail();

# ---- the keys ---------------------------------------------------------------

my $made = 0;
sub import_keys {
	my ($source, @lines) = @_;
	my $file = 'keys' . ++$made . '.jsonl';
	put($file, join '', map { JSON::PP->new->canonical->encode($_) . "\n" }
		@lines);
	ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source',
	    $source, '--operator', "$source operator", '--imported-at',
	    '2024-01-01', $file);
}

sub some { my ($n, @of) = @_; return map { $of[rand @of] } 1 .. $n }

sub name_of { return "$_[0]{selector}._domainkey.$_[0]{domain}" }

sub entries {
	return split /\n/, ok_run('keysnap', 'export', 'store', '--format',
		'log');
}

# The keys with other times, or other records.
sub later { return map { { %$_, last_seen => '2019-06-30T00:00:00Z' } } @_ }
sub spelt { return map { { %$_, txt => "$_->{txt}; n=other" } } @_ }
sub testing { return map { { %$_, txt => "$_->{txt}; t=y" } } @_ }
sub at {
	my ($kind, @of) = @_;
	return map { +{ domain => $_->{domain}, selector => $_->{selector},
		kind => $kind, first_seen => '2016-02-03T00:00:00Z' } } @of;
}
sub revoked { return map { { %$_, txt => 'v=DKIM1; p=',
	first_seen => '2016-01-01T00:00:00Z',
	last_seen => '2018-01-01T00:00:00Z' } } @_ }

sub key_hash {
	my ($line) = @_;
	my (undef, $out) = run('keysnap', 'show', 'store', name_of($line));
	return $out =~ /sha256  (\w{64})/ ? $1 : '0' x 64;
}

my @half = grep { name_of($_) ne 'g._domainkey.good.example' &&
	(name_of($_) eq name_of($keys[1]) ||
	    sha256_hex(name_of($_)) =~ /^[0-7]/) } @keys;
my %change = (
	'half of the keys' => sub { import_keys('one.example', @half) },
	'the other half' => sub {
		my %half = map { $_ => 1 } @half;
		import_keys('one.example', grep { !$half{$_} } @keys) },
	'a second observer' => sub { import_keys('two.example', @keys) },
	'seen for longer' => sub {
		import_keys('one.example', later(some(8, @keys))) },
	'other records of the same keys' => sub {
		import_keys('three.example', spelt(some(4, @keys)),
		    testing(some(3, @keys))) },
	'revoked' => sub { import_keys('one.example', revoked(some(4, @keys))) },
	'no such name' => sub {
		import_keys('four.example', at('nxdomain', some(4, @keys)),
		    at('nodata', some(2, @keys))) },
	'keys of other names' => sub {
		my @other = some(4, @keys);
		import_keys('one.example', map { { %$_,
		    txt => $other[rand @other]{txt} } } some(3, @keys)) },
	'retracted' => sub {
		my @log = entries();
		my @these = some(3, grep { $log[$_] =~ /"type":"observation"/ }
			0 .. $#log);
		ok_run('keysnap', 'annotate', 'store',
		    map { ('--retract', $_) } @these) },
	'compromised' => sub {
		ok_run('keysnap', 'annotate', 'store', '--compromise', '--key',
		    key_hash($_), '--since', '2015-03') for some(2, @keys) },
	'published' => sub {
		put('found', 'a key');
		ok_run('keysnap', 'annotate', 'store',
		    '--private-key-published', '--key', key_hash($_),
		    '--evidence', 'found') for some(1, @keys) },
	'audited' => sub { ok_run('keysnap', 'audit', 'store') },
	'nothing that matters' => sub {
		import_keys('one.example', { %{ $keys[0] },
			domain => "other$made.example" }) },
);
my @order = ('half of the keys', 'the other half', 'a second observer',
	'nothing that matters', 'seen for longer', 'no such name',
	'other records of the same keys', 'audited', 'revoked', 'retracted',
	'compromised', 'published');

my $frozen = 0;
sub freeze {
	my $snapshot = 'snap' . ++$frozen;
	ok_run('keysnap', 'freeze', 'store', $snapshot, '--sign-key', 'key');
	return $snapshot;
}

# ---- runs -------------------------------------------------------------------

my $cases = 0;
sub verify {
	my ($snapshot, @options) = @_;
	my $case = 'case' . ++$cases;
	my ($code, $out, $err) = run('verifier', 'verify', '-s', $snapshot, '-o',
	    $case, '--clock', $clock, @options, 'mail');
	is($code, 3, "$case: done, with what is unreadable") or diag($err);
	return ($case, $out =~ s/case\d+/case/gr, $err);
}

# All files of a case; of run.json all but the circumstances.
sub outcome {
	my ($case) = @_;
	my %files = map { s{.*/}{}r => get($_) } glob "$case/*";
	my $run = JSON::PP->new->decode($files{'run.json'} // '{}');
	delete $run->{environment};
	$files{'run.json'} = JSON::PP->new->canonical->encode($run);
	return \%files;
}

# No diff of megabytes: the first record that differs.
sub first_difference {
	my ($got, $want) = @_;
	my ($these, $those) = map { [ split /\n/, $_->{'results.jsonl'} // '' ] }
	    $got, $want;
	for (0 .. $#$those) {
		next if ($these->[$_] // '') eq $those->[$_];
		return "$these->[$_]\n$those->[$_]";
	}
	return '';
}

sub same {
	my ($case, $want, $name) = @_;
	my ($got, $full) = map { outcome($_) } $case, $want;
	my @other = grep { ($got->{$_} // '') ne ($full->{$_} // '') }
	    sort keys %{ { %$got, %$full } };
	is("@other", '', $name) or diag(first_difference($got, $full));
}

# Records that stand, were graded anew, were judged again.
sub counts {
	my ($case) = @_;
	my $run = JSON::PP->new->decode(get("$case/run.json"));
	return @{ $run->{environment}{update} }{qw(stand regraded again)};
}

# Update "from" to "snapshot"; it must be "full", whose summary is "text".
sub update {
	my ($from, $snapshot, $full, $text, $name, @options) = @_;
	my ($case, $out, $err) =
	    verify($snapshot, '--update', $from, @options);
	same($case, $full, "$name: as a full run");
	is($out, $text, "$name: the summary, too");
	my ($stand, $regraded, $again) = counts($case);
	like($err, qr/\b$stand records stand, $regraded have keys graded anew, $again messages/,
		"$name: says how many");
	return ($case, $stand, $regraded, $again);
}

sub total { my $n = () = get("$_[0]/results.jsonl") =~ /\n/g; return $n - 1 }

# ---- one change after the other ---------------------------------------------

ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'test.example/signer');
ok_run('keysnap', 'init', 'store', '--origin', 'test.example/log');
my @trust = ('--public-key', 'key.pub');
my $snapshot = freeze();
my ($first, $text) = verify($snapshot, @trust);
my ($before, $n) = ($first, total($first));
my (%kinds, %count);
my %seen = map { $_ => 0 }
    qw(other_names embedded repairs domainkeys arc-seal claims);
my @whys = qw(same-result neither-holds other-result key-missing other-key
    unprocessed);
my %why = map { $_ => 0 } @whys;
for my $name (@order) {
	$change{$name}->();
	my $next = freeze();
	my ($full, $summary) = verify($next, @trust);
	my @got = update($before, $next, $full, $summary, $name, @trust,
		'-j', 1 + $frozen % 2);
	$count{$name} = \@got;
	update($first, $next, $full, $summary, "$name: from the start", @trust);
	my $records = get("$full/results.jsonl");
	$kinds{$_}++ for $records =~ /"type":"message","verdict":"([^"]*)"/g;
	$seen{$_} ||= $records =~ /"$_"/ for sort keys %seen;
	$why{$_} ||= $records =~ /"why":"$_"/ for @whys;
	# From what an update made, from time to time.
	$before = $frozen % 3 == 0 ? $got[0] : $full;
	$snapshot = $next;
}
my $unreadable = () = get("$before/results.jsonl") =~
    /"type":"message","verdict":"unreadable"/g;
is(scalar keys %kinds, 14, 'all verdicts are among them')
    or diag(join ' ', sort keys %kinds);
# A record with a text that takes a parser is not gone through.
cmp_ok($count{'nothing that matters'}[1], '>=', $n - $unreadable - 5,
	'nothing that matters: all records stand but the unreadable ones');
cmp_ok($count{'a second observer'}[2], '>', 0, 'records are graded anew');
cmp_ok($count{'seen for longer'}[1], '>', 0, 'others stand');
is(join(' ', grep { !$seen{$_} } sort keys %seen), '',
	'and repairs, attached messages, ARC, DomainKeys and claims');
is(join(' ', grep { !$why{$_} } @whys), '', 'claims of all kinds');

# ---- changes at random ------------------------------------------------------

for my $round (1 .. $rounds) {
	my @these = some(1 + int rand 3, sort keys %change);
	$change{$_}->() for @these;
	my $next = freeze();
	my ($full, $summary) = verify($next, @trust, '-j', 2);
	my ($made) = update($before, $next, $full, $summary,
		"seed $seed, round $round: " . join(', ', @these), @trust);
	ok_run('rm', '-r', $made, $snapshot) if $rounds > 20;
	($before, $snapshot) = ($full, $next);
}

# ---- who vouches, proofs, other options -------------------------------------

my $root = JSON::PP->new->decode((split /\n/,
	get("$before/results.jsonl"))[0])->{root};
for ([ 'by nobody' ], [ 'by its root', '--root', $root ]) {
	my ($who, @by) = @$_;
	my ($full, $summary) = verify($snapshot, @by);
	update($before, $snapshot, $full, $summary, "vouched for $who", @by);
	my ($again, $as_before) = verify($snapshot, @trust);
	update($full, $snapshot, $again, $as_before, "and back, $who", @trust);
}

# A time stamp over a list of all files.
my @proof = ('--hash-list', 'all.list', '--anchor', 'all.list.tsr',
	'--tsa-ca', 'tsa.pem', '--as-of', '2026-01-01');
make_authority();
ok_run(qw(openssl ts -query -cert -sha256 -data all.list -out query));
answer_query('query', 'all.list.tsr');
my $stamped = JSON::PP->new->decode((split /\n/, get((verify($snapshot, @trust,
	@proof))[0] . '/results.jsonl'))[0]);
is($stamped->{anchors}[0]{counts} ? 1 : 0, 1, 'a proof that counts')
    or diag(JSON::PP->new->encode($stamped));
{
	my ($then) = verify($snapshot, @trust, @proof);
	$change{$_}->() for 'compromised', 'seen for longer', 'revoked';
	my $next = freeze();
	my ($full, $summary) = verify($next, @trust, @proof);
	update($then, $next, $full, $summary, 'with proofs', @trust, @proof);
	refused('other proofs', 2, qr/--anchor/, $then, $next, @trust);
	refused('proofs that were not there', 2, qr/--anchor/, $before, $next,
		@trust, @proof);
	$snapshot = $next;
}
for ([ '--min-grade', 'B' ], [ '--repairs', 'container' ],
	[ '--max-gap', '10' ]) {
	my ($then) = verify('snap3', @trust, @$_);
	my ($full, $summary) = verify($snapshot, @trust, @$_);
	update($then, $snapshot, $full, $summary, "@$_", @trust, @$_);
	refused("other @$_", 2, qr/$_->[0]/, $before, $snapshot, @trust, @$_);
}

# ---- what is refused --------------------------------------------------------

sub refused {
	my ($why, $want, $words, $from, $next, @options) = @_;
	my $case = 'case' . ++$cases;
	my ($code, $out, $err) = run('verifier', 'verify', '-s', $next, '-o',
	    $case, '--update', $from, @options, 'mail');
	is($code, $want, "refused: $why") or diag($err);
	like($err, $words, "$why: says so");
	ok(!-e "$case/run.json", "$why: no run of it");
	unlike($err, qr/--resume/, "$why: which does not go on");
}

sub changed {
	my ($change) = @_;
	ok_run('rm', '-rf', 'altered');
	ok_run('cp', '-r', $before, 'altered');
	$change->();
	return 'altered';
}

sub edit {
	my ($file, $from, $to) = @_;
	my $text = get($file);
	$text =~ s/$from/$to/ or die "$file: $from";
	put($file, $text);
}
my @late = ($snapshot, @trust);
refused('a record that was altered', 4, qr{altered/results.jsonl: .*altered},
	changed(sub { edit('altered/results.jsonl', '"verdict":"altered"',
	    '"verdict":"verified"') }), @late);
refused('wants that were altered', 4, qr{altered/wants.tsv},
	changed(sub { edit('altered/wants.tsv', "\n\$", "\n\n") }), @late);
refused('wants that are gone', 4, qr{altered/wants.tsv},
	changed(sub { unlink 'altered/wants.tsv' }), @late);
refused('a case without run.json', 3, qr{altered/run.json},
	changed(sub { unlink 'altered/run.json' }), @late);
refused('half a run.json', 3, qr{altered/run.json: not the run.json},
	changed(sub { put('altered/run.json',
	    substr get('altered/run.json'), 0, 2000) }), @late);
refused('another version', 2, qr/the version of verifier/,
	changed(sub { edit('altered/run.json', '"tool":"verifier [^"]*"',
	    '"tool":"verifier 0.0.1"') }), @late);
refused('other libraries', 2, qr/the versions of the libraries/,
	changed(sub { edit('altered/run.json', '"gmime":"[^"]*"',
	    '"gmime":"1.0"') }), @late);
refused('a run that an error ended', 2, qr/did not come to its end/,
	changed(sub { edit('altered/run.json', '"complete":true',
	    '"complete":false') }), @late);
refused('an input that is listed otherwise', 4, qr/1-demo.mbox: the archive/,
	changed(sub { edit('altered/run.json',
	    qr/(?<="path":"1-demo.mbox","sha256":")../, 'zz') }), @late);
refused('no case', 3, qr{nothing/run.json}, 'nothing', @late);
{
	my $text = get("$before/results.jsonl");
	my ($code, undef, $err) = run('verifier', 'verify', '-s', $snapshot,
	    @trust, '-o', $before, '--update', $before, 'mail');
	is($code, 2, 'into the same folder: refused');
	like($err, qr/not an empty folder/, 'says so');
	ok(get("$before/results.jsonl") eq $text, 'nothing is written');
}
ok_run('keysnap', 'init', 'other.store', '--origin', 'test.example/log');
ok_run('keysnap', 'freeze', 'other.store', 'other', '--sign-key', 'key');
refused('another log', 2, qr/does not go on from/, $before, 'other', @trust);
refused('an earlier snapshot', 2, qr/does not go on from/, $before, 'snap2',
	@trust);

# The archive: other octets, one message less, one more, another name.
sub with_archive {
	my ($why, $words, $change) = @_;
	ok_run('mv', 'mail', 'mail.kept');
	ok_run('cp', '-a', 'mail.kept', 'mail');
	$change->();
	refused($why, 4, $words, $before, @late);
	ok_run('rm', '-r', 'mail');
	ok_run('mv', 'mail.kept', 'mail');
}
my ($one) = glob 'mail/2-semantics/*.eml';
with_archive('more octets', qr/2-semantics.*: the message .* is not what/,
	sub { put($one, get($one) . 'x') });
with_archive('another octet', qr/2-semantics.*: the archive is not/,
	sub { put($one, get($one) =~ s/[a-z](?=[^a-z]*\z)/X/r) });
with_archive('another octet of an mbox', qr/1-demo.mbox: the archive is not/,
	sub { put('mail/1-demo.mbox', get('mail/1-demo.mbox') =~
	    s/e(?=[^e]*\z)/E/r) });
with_archive('a message less', qr/archive is not|not what stands there/,
	sub { unlink $one });
with_archive('a message more', qr/holds more messages|not what stands there/,
	sub { put('mail/9-zzz.eml', get($one)) });
with_archive('another name', qr/not what stands there|archive is not/,
	sub { rename 'mail/9-empty.eml', 'mail/9-void.eml' });
with_archive('another tar', qr/6-box.tar.gz: the archive is not/,
	sub { ok_run('tar', '-C', 'made', '--sort=name', '--mtime=2001-01-01',
	    '-czf', 'mail/6-box.tar.gz', 'maildir') });

# ---- killed, and gone on with -----------------------------------------------

{
	my ($full, $summary) = verify(@late);
	my $case = 'killed';
	my @command = ('verifier', 'verify', '-q', '-s', @late, '-o', $case,
	    '--clock', $clock, '--update', $before);
	my $goes = 0;
	for my $try (1 .. 8) {
		my $child = fork // die;
		if ($child == 0) {
			open STDERR, '>', 'killed.err';
			exec @command, ($try > 1 ? '--resume' : ()), 'mail' or exit 127;
		}
		sleep 0.02 * $try;
		kill $try % 2 ? 'INT' : 'KILL', $child;
		waitpid $child, 0;
		$goes++ if -e "$case/journal.jsonl" && get("$case/journal.jsonl")
		    =~ /"point"/;
		last if -e "$case/run.json";
	}
	if (!-e "$case/run.json" && -s "$case/journal.jsonl") {
		my ($code, undef, $err) = run('verifier', 'verify', '-q', '-s',
		    @late, '-o', $case, '--clock', $clock, '--resume', 'mail');
		is($code, 2, 'goes on only as an update') or diag($err);
		like($err, qr/--update/, 'says so');
	}
	if (!-e "$case/run.json") {
		my ($code, undef, $err) = run(@command, '--resume', 'mail');
		is($code, 3, 'gone on with') or diag($err);
	}
	# Stopped between the last two steps, it may have left its journal.
	run(@command, '--resume', 'mail') if -e "$case/journal.jsonl";
	same($case, $full, "killed ($goes points): as a full run");
}
done_testing();
