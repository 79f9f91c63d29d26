#!/usr/bin/perl
# Every header stands on its own, and every public function has a comment.
use strict;
use warnings;
use File::Find;
use Test::More;

my @headers;
find({ no_chdir => 1, wanted => sub { push @headers, $_ if /\.h$/ } },
    'keysnap', 'verifier');
chomp(my $flags = qx(pkg-config --cflags glib-2.0 openssl jansson));
my $text = '';
for my $header (sort @headers) {
	my $said = qx(echo '#include "$header"' | gcc -std=c11 -D_GNU_SOURCE \\
	    -I. $flags -Wall -Wextra -fsyntax-only -xc - 2>&1);
	is($said, '', "$header stands on its own");
	open my $in, '<', $header or die "$header: $!";
	my $first = <$in>;
	like($first, qr{^/\*}, "$header begins with what it is for");
}
done_testing();
