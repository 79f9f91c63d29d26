#!/usr/bin/perl
# results.jsonl is the same octets for one worker and many, in another time
# zone, in a Turkish locale (dotless i: tolower and toupper differ), with a
# hostile OpenSSL configuration, and from another working folder.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use POSIX ();
use Test::More;

my $dir = scratch();
my $snapshot = demo_snapshot();
my $archive = top() . '/data/demo.mbox';
my $made = 0;

sub results {
	my ($environment, @options) = @_;
	local @ENV{keys %$environment} = values %$environment;
	my $case = sprintf '%s/det%d', $dir, ++$made;
	ok_run('verifier', 'verify', '-s', $snapshot, '-o', $case, @options,
		$archive);
	return get("$case/results.jsonl");
}

my $reference = results({}, '-j', 1);
cmp_ok(length $reference, '>', 50_000, 'there are results');
ok(results({}, '-j', $_) eq $reference, "$_ workers") for 2, 3, 8;
ok(results({ TZ => 'Pacific/Kiritimati' }) eq $reference, 'another TZ');

SKIP: {
	my ($code) = run('localedef', '-i', 'tr_TR', '-f', 'UTF-8',
		"$dir/tr_TR.UTF-8");
	skip 'localedef cannot make tr_TR.UTF-8', 2
	    unless -e "$dir/tr_TR.UTF-8/LC_CTYPE";
	my %turkish = (LOCPATH => $dir, LC_ALL => 'tr_TR.UTF-8', LANGUAGE => 'tr');
	local @ENV{keys %turkish} = values %turkish;
	like(ok_run('locale', 'mon'), qr/^Ocak;/, 'the Turkish locale is set');
	ok(results(\%turkish) eq $reference, 'Turkish locale');
}

put("$dir/hostile.cnf", <<'CONF');
openssl_conf = start
[start]
providers = providers
alg_section = algorithms
[providers]
default = off
[off]
activate = 0
[algorithms]
default_properties = fips=yes
CONF
my ($code) = do {
	local $ENV{OPENSSL_CONF} = "$dir/hostile.cnf";
	run('openssl', 'dgst', '-sha256', $archive);
};
SKIP: {
	skip 'no openssl program to see that the configuration bites', 1
	    if $code == 127;
	isnt($code, 0, 'the configuration breaks the openssl program');
}
ok(results({ OPENSSL_CONF => "$dir/hostile.cnf" }) eq $reference,
	'hostile OPENSSL_CONF');

chdir '/' or die;
ok(results({}) eq $reference, 'another working folder');
chdir top() or die;
done_testing();
