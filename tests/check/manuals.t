#!/usr/bin/perl
# The manual pages are clean mdoc, and name every command and option.
use strict;
use warnings;
use Test::More;

for my $page (map { ("$_/$_.1", "$_/$_.5") } qw(keysnap verifier)) {
	my $out = `mandoc -T lint -W warning $page 2>&1`;
	is($out, '', "$page: mandoc has nothing to say");
}
for my $program (qw(keysnap verifier)) {
	open my $in, '<', "$program/$program.1" or die "$program.1: $!";
	my $text = do { local $/; <$in> };
	my ($commands) = `$program --help` =~ /^commands:\n(.*)/msi;
	my @names = ($commands // '') =~ /^\s+([a-z]+)\s/mg;
	cmp_ok(scalar @names, '>', 4, "$program --help names its commands");
	unlike($text, qr/\bTODO\b/, "$program.1 is finished");
	like($text, qr/\b\Q$_\E\b/, "$program.1 tells of $_") for @names;
}
done_testing();
