#!/usr/bin/perl
# roundtrip.t - from an archive on a machine without a network to the machine
# that has one, and back, by the commands of README: wants, capture, merge,
# freeze, verify; then with a time stamp.  The keys of the demonstration archive
# lie in a signed zone on loopback, those of news.example in one that is not
# signed.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use JSON::PP;
use Stamp;
use Test::More;

plan skip_all => 'faketime and AddressSanitizer do not go together'
    if !can_faketime();
my $folder = scratch() . '/zones';
my $mail = top() . '/data/demo.mbox';
my %times = (inception => '20161001000000', expiration => '20161101000000');

# The records of the demonstration, those of news.example apart.
sub split_keys {
	my (%zone, $to);
	for (split /^/, get(top() . '/data/demo-keys.zone')) {
		next if /^\$/;
		$to = /\.news\.example\./ ? 'news.example' : 'example'
		    if /^\S/;
		s/^(\S+)\tIN/$1 3600 IN/;
		$zone{$to} .= $_;
	}
	return %zone;
}

mkdir $folder;
my %zone = split_keys();
$Dns::algorithm{example} = 'ECDSAP256SHA256';
@Dns::stubs = ('example', 'news.example');
put("$folder/news.example.zone", Dns::soa('news.example') .
    $zone{'news.example'});
put("$folder/example.zone", Dns::soa('example') . $zone{example} .
    "news.example. 3600 IN NS ns.example.\nns.example. 3600 IN A 127.0.0.1\n");
my $key = Dns::make_key($folder, 'example');
sign_zone($folder, 'example', %times, keys => [ $key ]);
put("$folder/root.zone", Dns::soa('.') .
    "example. 3600 IN NS ns.example.\nns.example. 3600 IN A 127.0.0.1\n" .
    "test. 3600 IN NS ns.example.\n" . Dns::ds_of($folder, $key));
my $root = Dns::make_key($folder, '.');
sign_zone($folder, '.', %times, keys => [ $root ]);
put("$folder/anchor", Dns::ds_of($folder, $root));
my ($nsd) = Dns::start_nsd($folder, 'example', 'news.example', '.');
my ($unbound) = Dns::start_unbound($folder, $nsd);

# ---- the commands of README, on two machines that are one folder here

my $work = scratch() . '/work';
mkdir $work;
chdir $work or die;
mkdir 'archive';
put('archive/demo.mbox', get($mail));

# Those lines from the first that begins so to the last, of one day.
sub commands {
	my ($first, $last) = @_;
	my ($text) = get(top() . '/README.md') =~
	    /^(    \Q$first\E.*?^    \Q$last\E[^\n]*)/ms or die $first;
	return grep { length } map { s/^    |^\S.*//r } split /\n/, $text;
}

# A line as README has it, but for what differs here: where the name server
# is, the root that zones are signed from, and the year.
sub do_command {
	my ($line) = @_;
	$line =~ s/192\.0\.2\.53/127.0.0.1:$unbound/;
	$line =~ s/--dnssec|(?=--server)/$& --trust-anchor $folder\/anchor /;
	$line = "faketime '2016-10-15 12:00:00' $line" if $line =~ /capture/;
	my ($code, $out, $err) = run('sh', '-c', $line);
	is($code, 0, $line) or diag($out, $err);
	return $out;
}

my %said;
ok_run('keysnap', 'init', 'campaign.store', '--origin', 'case.example/keys');
ok_run('keysnap', 'keygen', '-o', 'seal', '--name', 'case.example/keys');
ok_run('keysnap', 'freeze', 'campaign.store', 'campaign.snap', '--sign-key',
	'seal');
ok_run('verifier', 'verify', '-q', '-s', 'campaign.snap', '--public-key',
	'seal.pub', '-o', 'case1', 'archive/');
my @lines = commands('verifier wants archive/', 'verifier verify -s new.snap');
is(scalar @lines, 8, 'README has the round trip');
for my $line (@lines) {
	my ($key) = $line =~ /^(\w+ \w+)/;
	$said{$key} = do_command($line);
}
my @wanted = split /\n/, get('wants.tsv');
cmp_ok(scalar @wanted, '>', 8, 'the archive needs keys');
is(get('wants.tsv'), get('case1/wants.tsv'), 'as the first case says');
like($said{'keysnap diff'}, qr/bigpost\.example/, 'diff shows what came');

# ---- what came of it

my @entries = map { decode_json($_) } split /\n/, get('new.snap/log.jsonl');
my %found;
for my $chain (grep { $_->{type} eq 'chain-result' } @entries) {
	my $name = $entries[$chain->{observation}]{name};
	$found{$name} = $chain->{result};
	is("$chain->{from} $chain->{until}", '2016-10-01T00:00:00Z ' .
		'2016-11-01T00:00:00Z', "$name: with its window");
}
is(scalar keys %found, $#wanted, 'every name that was wanted has a chain');
is(join(' ', grep { $found{$_} ne 'secure' } sort keys %found),
	join(' ', grep { /news\.example$/ } sort keys %found),
	'all but the unsigned zone are secure');
ok(scalar(grep { /news\.example$/ } keys %found), 'which is among them');
is($found{$_}, 'insecure', "$_ is proved to be unsigned")
    for grep { /news\.example$/ } sort keys %found;
like($said{'keysnap verify'}, qr/chains validated again/,
	'chains of 2016 hold today');

sub records_of { return [ grep { $_->{type} eq 'message' }
	records(get("$_[0]/results.jsonl")) ] }

# Grades of keys that signatures rest on, by signed zone and the other one:
# what each has, and how often.
sub grades {
	my ($case, $only) = @_;
	my %grades;
	for my $record (@{ records_of($case) }) {
		next if $only && $record->{verdict} !~ $only;
		for (grep { $_->{key} } @{ $record->{signatures} }) {
			my $zone = $_->{key_name} =~ /\.news\.example$/
			    ? 'unsigned' : 'signed';
			$grades{$zone}{ $_->{key}{grade} }++;
		}
	}
	return { map { $_ => join ' ', sort keys %{ $grades{$_} } }
	    keys %grades };
}

is_deeply(grades('case1'), {}, 'without keys there are no grades');
is(scalar(grep { $_->{verdict} =~ /^verified/ } @{ records_of('case1') }), 0,
	'and nothing is verified');
is_deeply(grades('case2'), { signed => 'A2', unsigned => 'C1' },
	'then A2 for signed zones, C1 for the other');
is_deeply(grades('case2', qr/^verified$/), { signed => 'A2',
	unsigned => 'C1' }, 'in verdicts that are green');
my $records = records_of('case2');
my (undef, $demo) = verify_records(demo_snapshot(), 'archive/');
my @differ;
for my $i (0 .. $#$demo) {
	my ($got, $want) = map { $_->[$i]{verdict} } $records, $demo;
	# Seen in 2016 only, old mail is too far from any sighting.
	push @differ, "$i: $got, $want" if ($got =~ /^verified/) !=
	    ($want =~ /^verified/) && $want ne 'key-missing';
}
is(join("\n", @differ), '', 'with them, what the demonstration verifies');

# ---- a time stamp of that autumn

make_authority(at => '2016-11-01 12:00:00');
ok_run('cp', 'tsa.pem', 'tsa-root.pem');
@lines = commands('keysnap stamp new.snap --request',
	'verifier verify -s stamped.snap');
is(scalar @lines, 5, 'README has the stamp');
do_command(shift @lines);
answer_query('new.tsq', 'new.tsr', at => '2016-11-20 12:00:00');
do_command($_) for @lines;
my @log = map { decode_json($_) } split /\n/, get('stamped.snap/log.jsonl');
my ($anchor) = grep { $_->{type} eq 'anchor' } @log;
like($anchor->{time}, qr/^2016-11-20T/, 'the anchor of that autumn');
is_deeply(grades('case3'), { signed => 'A1', unsigned => 'C1' },
	'then A1 for signed zones');
is_deeply(grades('case3', qr/^verified$/), { signed => 'A1',
	unsigned => 'C1' }, 'in verdicts that are green');
is_deeply([ map { $_->{verdict} } @{ records_of('case3') } ],
	[ map { $_->{verdict} } @$records ], 'and no verdict is another');

# Both updates are full runs.
for ([ 'case2', 'new.snap' ], [ 'case3', 'stamped.snap' ]) {
	my ($case, $snapshot) = @$_;
	ok_run('verifier', 'verify', '-q', '-s', $snapshot, '--public-key',
	    'seal.pub', '-o', "$case.full", 'archive/');
	ok(get("$case/$_") eq get("$case.full/$_"), "$case: $_ of a full run")
	    for 'results.jsonl', 'wants.tsv';
}
my $update = decode_json(get('case3/run.json'))->{environment}{update};
cmp_ok($update->{regraded}, '>', $update->{again},
	'the second one grades more than it judges');

# When nobody vouches for the snapshot, what it says of chains is hearsay.
my (undef, $hearsay) = verify_records('stamped.snap', 'archive/');
my %grades = map { $_->{key}{grade} => 1 } grep { $_->{key} }
    map { @{ $_->{signatures} } } @$hearsay;
is(join(' ', sort keys %grades), 'D', 'D when nobody vouches');

# An anchor of later years is none.
{
	ok_run('keysnap', 'init', 'late.store', '--origin', 'case.example/keys');
	ok_run('keysnap', 'merge', 'late.store', 'online.store');
	ok_run('keysnap', 'freeze', 'late.store', 'late.snap', '--sign-key',
		'seal');
	ok_run('keysnap', 'stamp', 'late.snap', '--request', 'late.tsq');
	answer_query('late.tsq', 'late.tsr', at => '2017-03-01 12:00:00');
	ok_run('keysnap', 'stamp', 'late.snap', '--attach', 'late.tsr',
	    '--query', 'late.tsq');
	ok_run('keysnap', 'anchor', 'late.store', 'late.snap', '--tsa-ca',
	    'tsa-root.pem');
	ok_run('keysnap', 'freeze', 'late.store', 'late2.snap', '--sign-key',
		'seal');
	ok_run('verifier', 'verify', '-q', '-s', 'late2.snap', '--public-key',
	    'seal.pub', '-o', 'late', 'archive/');
	is_deeply(grades('late'), { signed => 'A2', unsigned => 'C1' },
		'an anchor 120 days after the window makes no A1');
}
chdir top() or die;
done_testing();
