#!/usr/bin/perl
# dnssec_live.t - zones that are signed well and badly, served by NSD on
# loopback, asked by way of Unbound and without it: what keysnap makes of each
# chain, what getdns makes of the same octets, which grade the key has, and
# that all is found again offline.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Dns;
use E2e;
use JSON::PP;
use Test::More;

plan skip_all => 'faketime and AddressSanitizer do not go together'
    if !can_faketime();
my $folder = scratch() . '/zones';
my $build = $ENV{BUILD} // 'build';
my $peer = ($build =~ m{^/} ? $build : top() . "/$build") . '/gen/peer_getdns';
my $now = '2016-01-10 12:00:00';
my $in_time = 1452427200;
my @month = (inception => '20160101000000', expiration => '20160201000000');
my @year = (inception => '20150701000000', expiration => '20160701000000');
my $p = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC9bqfzDgVwsyjQwGuXPw6J3wlQbDKR' .
    '6JT3c7fUWVcNXMhBlglX3PHdlFf1KC0gwgZz3fcuM4w6422SyEBxcy7wqHlM5bYsVD/U1Je' .
    '5tWEW//7q5i+wMLFqR9gjWu57cGo8BeQ/a7ZWm6Cf0GQmMX6CpZ6a7WPCDih42fSpnEcW9Q' .
    'IDAQAB';

# ---- zones under test. ------------------------------------------------------

# algorithm, nsec3, times; edit: the signed text; ds: what the zone above has;
# want: the result for s1, grade: the key's.  "no_peer": getdns 1.6 has another
# opinion, which is wrong.
my %zone = (
	rsa => { algorithm => 'RSASHA256', want => 'secure', grade => 'A2' },
	ecdsa => { algorithm => 'ECDSAP256SHA256', want => 'secure',
	    grade => 'A2' },
	ed => { algorithm => 'ED25519', want => 'secure', grade => 'A2' },
	nsec3 => { nsec3 => 1, want => 'secure', grade => 'A2' },
	plain => { plain => 1, want => 'insecure ds-denied', grade => 'C1' },
	# Valid once or some day, not when it was asked.
	expired => { times => [ inception => '20150801000000',
	    expiration => '20150901000000' ], want => 'secure', grade => 'C1',
	    away => 1 },
	early => { times => [ inception => '20160115000000',
	    expiration => '20160201000000' ], want => 'secure', grade => 'C1',
	    away => 1 },
	signer => { edit => sub { s/^(s1\._dom\S+\s.*RRSIG\sTXT.*)\ssigner\.test\.\s/$1 test. /m },
	    # Its own zone is not asked for then, and the other one has no such key.
	    want => 'bogus no-key' },
	stripped => { edit => sub { s/^s1\._dom\S+\s.*RRSIG\sTXT.*\n//m },
	    want => 'bogus no-signature' },
	unkeyed => { edit => sub { s/^unkeyed\.test\.\s.*RRSIG\sDNSKEY.*\n//m },
	    want => 'bogus ds-mismatch' },
	forged => { edit => sub { s/^(s1\._dom\S+\s.*\sTXT\s.*p=)MIG/${1}MIH/m },
	    want => 'bogus signature' },
	labels => { edit => sub { s/^(s1\._dom\S+\s.*RRSIG\sTXT\s+\d+\s)4/${1}3/m },
	    want => 'bogus signature' },
	revoked => { revoke => 1, want => 'bogus key-revoked', no_peer => 1 },
	nods => { ds => sub { '' }, want => 'insecure ds-denied',
	    grade => 'C1' },
	badds => { ds => sub { $_[0] =~ s/[0-9a-f]{8}\s*\z/deadbeef\n/r },
	    want => 'bogus ds-mismatch' },
	stranger => { stranger => 1, want => 'bogus ds-mismatch' },
);
# The zone above: what is taken out of it once it is signed.
sub edit_test {
	# The DS is gone, and the denial says that there is one.
	s/^hidden\.test\.\s.*\sDS\s.*\n//mg;
	s/^hidden\.test\.\s.*RRSIG\sDS\s.*\n//mg;
	# The DS has no signature.
	s/^bare\.test\.\s.*RRSIG\sDS\s.*\n//mg;
}
$zone{hidden} = { want => qr/^(?:bogus|indeterminate) / };
$zone{bare} = { want => 'bogus no-signature' };

sub edit_file {
	my ($path, $edit) = @_;
	local $_ = get($path);
	my $before = $_;
	$edit->();
	die "$path: nothing to edit" if $_ eq $before;
	put($path, $_);
}

sub make_zone {
	my ($label) = @_;
	my $o = $zone{$label};
	my $name = "$label.test";
	my @records = ([ "s1._domainkey.$name", "\"v=DKIM1; p=$p\"" ],
		[ "*.wild._domainkey.$name", "\"v=DKIM1; p=$p\"" ]);
	put("$folder/$name.zone", Dns::soa($name) . Dns::txt(@records) .
	    "esp._domainkey.$name. 300 IN CNAME s1._domainkey.rsa.test.\n" .
	    "other._domainkey.$name. 300 IN A 127.0.0.1\n");
	return '' if $o->{plain};
	$Dns::algorithm{$name} = $o->{algorithm} // 'ECDSAP256SHA256';
	my $key = Dns::make_key($folder, $name);
	my $ds = Dns::ds_of($folder, $key);
	if ($o->{revoke}) {
		Dns::in_folder($folder, 'ldns-revoke', "$key.key");
		$ds = Dns::ds_of($folder, $key);
	}
	$key = Dns::make_key($folder, $name) if $o->{stranger};
	Dns::in_folder($folder, 'ldns-signzone', '-b',
	    ($o->{nsec3} ? ('-n', '-s', 'beef', '-t', '5') : ()),
	    sign_times(@{ $o->{times} // \@month }), '-f',
	    "$folder/$name.signed", '-o', $name, "$folder/$name.zone", $key);
	edit_file("$folder/$name.signed", $o->{edit}) if $o->{edit};
	return $o->{ds} ? $o->{ds}->($ds) : $ds;
}

sub sign_times {
	my (%o) = @_;
	return ('-i', $o{inception}, '-e', $o{expiration});
}

mkdir $folder;
my @labels = sort keys %zone;
my $delegations = join '', map { "$_.test. 3600 IN NS ns.test.\n" } @labels;
my $ds = join '', map { make_zone($_) } @labels;
put("$folder/test.zone", Dns::soa('test') . "ns.test. 3600 IN A 127.0.0.1\n" .
	$delegations . $ds);
my $test = Dns::make_key($folder, 'test');
sign_zone($folder, 'test', @year, keys => [ $test ]);
edit_file("$folder/test.signed", \&edit_test);
put("$folder/root.zone", Dns::soa('.') . "test. 3600 IN NS ns.test.\n" .
	"ns.test. 3600 IN A 127.0.0.1\n" . Dns::ds_of($folder, $test));
my $root = Dns::make_key($folder, '.');
sign_zone($folder, '.', @year, keys => [ $root ]);
put("$folder/anchor", Dns::ds_of($folder, $root));

@Dns::stubs = ('test', map { "$_.test" } @labels);
my ($nsd) = Dns::start_nsd($folder, '.', @Dns::stubs);
my ($unbound) = Dns::start_unbound($folder, $nsd);
my @anchor = ('--trust-anchor', "$folder/anchor");

# ---- asked ------------------------------------------------------------------

sub name_of { return "$_[0]._domainkey.$_[1].test" }

my %want = map { name_of('s1', $_) => $zone{$_}{want} } @labels;
# By way of a wildcard, and of a name in another zone.
$want{ name_of("x$_.wild", $_) } = 'secure' for qw(rsa ecdsa ed nsec3);
$want{ name_of('esp', $_) } = 'secure' for qw(ed nsec3);
$want{ name_of('esp', 'plain') } = 'insecure ds-denied';
# The name is not there, or the type: denied by NSEC and by NSEC3.
$want{ name_of('none', $_) } = 'secure' for qw(rsa ecdsa ed nsec3);
$want{ name_of('none', 'plain') } = 'insecure ds-denied';
$want{ name_of('other', $_) } = 'secure' for qw(rsa nsec3);

# getdns looks at the clock, and at no chain of a denial.
sub second_opinion {
	my ($name, $entry, $result, $blob) = @_;
	my ($label) = $name =~ /(\w+)\.test\z/;
	return if $entry->{kind} ne 'present' || $zone{$label}{no_peer};
	put(scratch() . '/chain', $blob);
	chomp(my $says = ok_run($peer, scratch() . '/chain', "$folder/anchor",
		$in_time));
	if ($zone{$label}{away} || $result->{result} !~ /secure/) {
		isnt($says, 'secure', "$name: nor does getdns now");
	} else {
		is($says, $result->{result}, "$name: getdns agrees");
	}
}

sub check_results {
	my ($how, $snapshot) = @_;
	my @entries = map { decode_json($_) } split /\n/,
	    get("$snapshot/log.jsonl");
	my $blobs = blobs($snapshot);
	my %seen;
	for my $result (grep { $_->{type} eq 'chain-result' } @entries) {
		my $entry = $entries[$result->{observation}];
		my $name = $entry->{name};
		my $got = join ' ', grep { defined } @{$result}{qw(result reason)};
		next if $seen{$name}++;
		ref $want{$name} ? like($got, $want{$name}, "$how: $name")
		    : is($got, $want{$name}, "$how: $name");
		second_opinion($name, $entry, $result,
			$blobs->{ $result->{evidence}[0] });
		my ($label) = $name =~ /(\w+)\.test\z/;
		my %times = @{ $zone{$label}{times} // \@month };
		next if $got ne 'secure';
		# The latest start and the earliest end of all zones.
		is("$result->{from} $result->{until}" =~ s/[-:TZ]//gr,
		    "$times{inception} $times{expiration}",
		    "$how: $name: its window");
	}
	is(join(' ', grep { !$seen{$_} } sort keys %want), '',
		"$how: every name has a chain");
}

sub grades_of {
	my ($snapshot) = @_;
	my %grade;
	for my $name (map { name_of('s1', $_) } @labels) {
		my $out = ok_run('keysnap', 'show', $snapshot, '--public-key',
		    scratch() . '/key.pub', $name);
		$grade{$name} = $out =~ /grade\s+(\w+)/ ? $1 : 'none';
	}
	return \%grade;
}

ok_run('keysnap', 'keygen', '-o', scratch() . '/key', '--name',
	'a.example/signer');
for (sort { $a->[0] cmp $b->[0] } [ 'by Unbound', $unbound ],
	[ 'by NSD', $nsd ]) {
	my ($how, $port) = @$_;
	my $base = scratch() . "/$port";
	ok_run('keysnap', 'init', "$base.store", '--origin', 'a.example/log');
	my ($code, $out, $err) = run('faketime', $now, 'keysnap', 'capture',
	    "$base.store", @anchor, '--server', "127.0.0.1:$port",
	    sort keys %want);
	is($code, 0, "$how: captured") or diag($out, $err);
	ok_run('keysnap', 'freeze', "$base.store", "$base.snap", '--sign-key',
	    scratch() . '/key');
	check_results($how, "$base.snap");
	($code, $out) = run('keysnap', 'verify', "$base.snap", '--dnssec',
	    '--public-key', scratch() . '/key.pub', @anchor);
	is($code, 0, "$how: all of it again, today") or diag($out);
	is_deeply(grades_of("$base.snap"),
		{ map { name_of('s1', $_) => $zone{$_}{grade} // 'C1' } @labels },
		"$how: only chains that held then make A2");
}

# ---- what others asked ------------------------------------------------------

# The results of an import: name => "RESULT REASON".
my $imports = 0;
sub import_results {
	my ($text, @options) = @_;
	my $base = scratch() . '/import' . ++$imports;
	put("$base.txt", $text);
	ok_run('keysnap', 'init', "$base.store", '--origin', 'a.example/log');
	ok_run('keysnap', 'import', "$base.store", '--observed-at', $now =~
	    s/ /T/r . 'Z', @anchor, @options, "$base.txt");
	ok_run('keysnap', 'freeze', "$base.store", "$base.snap");
	my @entries = map { decode_json($_) } split /\n/,
	    get("$base.snap/log.jsonl");
	is((run('keysnap', 'verify', "$base.snap", '--dnssec', @anchor))[0], 0,
		'found again');
	return { map { $entries[$_->{observation}]{name} => join ' ',
	    grep { defined } @{$_}{qw(result reason)} }
	    grep { $_->{type} eq 'chain-result' } @entries };
}

# All questions that the chain of a name under LABEL.test takes.
sub questions {
	my ($label, $name) = @_;
	return ([ '.', 'DNSKEY' ], [ 'test', 'DS' ], [ 'test', 'DNSKEY' ],
	    [ "$label.test", 'DS' ], [ "$label.test", 'DNSKEY' ],
	    [ $name, 'TXT' ]);
}

sub dig {
	my ($name, $type, @options) = @_;
	return ok_run('dig', '@127.0.0.1', '-p', $nsd, '+dnssec', '+norecurse',
	    '+nocookie', @options, $name, $type);
}

for my $style ([], [ '+multiline' ], [ '+nocomments', '+nostats' ]) {
	for my $label (qw(rsa ecdsa ed nsec3 plain forged stripped)) {
		my $name = name_of('s1', $label);
		my $text = join '', map { dig(@$_, @$style) }
		    questions($label, $name);
		my $got = import_results($text, '--format', 'zone');
		is($got->{$name}, $zone{$label}{want},
		    "dig @$style: $name, as it is captured");
	}
}
my $wild = name_of('xrsa.wild', 'rsa');
is(import_results(join('', map { dig(@$_) } questions('rsa', $wild)),
	'--format', 'zone')->{$wild}, 'secure', 'dig: by way of a wildcard');

# Rows of DNSDB, of RRSIG among them: one for each set.
sub dnsdb {
	my ($label) = @_;
	my (%set, @order);
	for my $file ('root', 'test', "$label.test") {
		for (split /\n/, get("$folder/$file.signed")) {
			my ($name, undef, undef, $type, $rdata) =
			    split /\s+/, $_, 5;
			next if !defined $rdata || $name =~ /^[;*]/;
			my $key = "$name $type";
			push @order, $key if !$set{$key};
			push @{ $set{$key} }, $rdata;
		}
	}
	return join '', map { JSON::PP->new->canonical->encode($_) . "\n" }
	    { cond => 'begin' }, (map { my ($name, $type) = split / /;
	    { obj => { rrname => $name, rrtype => $type,
	    rdata => $set{$_}, time_first => $in_time,
	    time_last => $in_time, count => 1 } } } @order),
	    { cond => 'succeeded' };
}
for my $label (qw(rsa ecdsa ed nsec3 forged stripped)) {
	my $name = name_of('s1', $label);
	is(import_results(dnsdb($label), '--format', 'dnsdb2')->{$name},
	    $zone{$label}{want}, "DNSDB: $name, as it is captured");
}
done_testing();
