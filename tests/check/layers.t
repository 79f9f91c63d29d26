#!/usr/bin/perl
# Includes go down the layers or stay inside a folder; keysnap never includes
# verifier, and verifier of keysnap only base, key and store.
use strict;
use warnings;
use Test::More;

my %rank = (
	'keysnap/base' => 0, 'keysnap/key' => 1, 'keysnap/store' => 2,
	'keysnap/dnssec' => 3, 'keysnap/import' => 4, 'keysnap/capture' => 4,
	'verifier/archive' => 3, 'verifier/message' => 4, 'verifier/dkim' => 5,
	'verifier/repair' => 6, 'verifier/verdict' => 7,
	'verifier/report' => 8, 'verifier/run' => 9, 'verifier/case' => 10,
	'verifier/web' => 11, 'keysnap' => 12, 'verifier' => 12,
);

sub folder { return $_[0] =~ m{^(.*)/[^/]*$} ? $1 : '' }

# Why "from" may not include "to", or ''.
sub breach {
	my ($from, $to) = map { folder($_) } @_;
	return '' if $from eq $to;
	return 'unknown folder' unless exists $rank{$from} && exists $rank{$to};
	return 'goes up or sideways' if $rank{$to} >= $rank{$from};
	return 'keysnap includes verifier'
	    if $from =~ /^keysnap/ && $to =~ /^verifier/;
	return 'verifier may use base, key and store only'
	    if $from =~ /^verifier/ && $to =~ m{^keysnap}
	    && $to !~ m{^keysnap/(?:base|key|store)$};
	return '';
}

isnt(breach('keysnap/base/a.c', 'keysnap/key/b.h'), '', 'up is seen');
isnt(breach('keysnap/store/a.c', 'verifier/dkim/b.h'), '', 'across is seen');
isnt(breach('verifier/run/a.c', 'keysnap/import/b.h'), '', 'import is seen');
is(breach('verifier/run/a.c', 'keysnap/key/b.h'), '', 'down is fine');

my @files = grep { /\.[ch]$/ } split /\n/,
    `find keysnap verifier -name '*.[ch]'`;
cmp_ok(scalar @files, '>', 50, 'there are files');
my (@breaches, $includes);
for my $file (sort @files) {
	open my $in, '<', $file or die "$file: $!";
	while (<$in>) {
		next unless /^\s*#\s*include\s+"([^"]+)"/;
		$includes++;
		my $why = breach($file, $1);
		push @breaches, "$file:$.: $1: $why" if $why;
	}
}
cmp_ok($includes, '>', 100, 'and includes');
is(join("\n", @breaches), '', 'no breach of the layers');
done_testing();
