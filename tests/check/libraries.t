#!/usr/bin/perl
# Each library has one home, and no two .c files share a base name.
use strict;
use warnings;
use Test::More;

my @homes = (
	[ 'lmdb.h', qr{^keysnap/store/} ],
	[ 'ldns/', qr{^keysnap/(?:import|dnssec|capture)/} ],
	[ 'gmime/', qr{^verifier/message/} ],
	[ 'libpsl.h', qr{^verifier/(?:verdict/|run/run_json\.c)} ],
	[ 'seccomp.h', qr{^verifier/(?:sandbox\.c|run/run_json\.c)} ],
	[ 'archive', qr{^verifier/archive/} ],
	[ 'zlib.h', qr{^(?:verifier/archive|keysnap/import)/} ],
	[ 'bzlib.h', qr{^verifier/archive/} ],
	[ 'lzma.h', qr{^verifier/archive/} ],
	[ 'zstd.h', qr{^verifier/archive/} ],
	[ 'pcap/', qr{^keysnap/import/} ],
	[ 'gmp.h', qr{^keysnap/key/} ],
	[ 'idn2.h', qr{^(?:keysnap/key/|verifier/run/run_json\.c)} ],
);
my (%name, @wrong, %seen);
for my $file (sort split /\n/, `find keysnap verifier -name '*.[ch]'`) {
	open my $in, '<', $file or die "$file: $!";
	while (<$in>) {
		next unless /^#include <([^>]+)>/;
		my $header = $1;
		for my $home (@homes) {
			next if index($header, $home->[0]) != 0;
			$seen{$home->[0]}++;
			push @wrong, "$file: $header" if $file !~ $home->[1];
		}
	}
	next if $file !~ m{/([^/]+\.c)$};
	my $base = $1;
	next if $base =~ /^(?:main|cmd.*)\.c$/;
	push @wrong, "$file and $name{$base}" if $name{$base};
	$name{$base} = $file;
}
ok($seen{ $_->[0] }, "$_->[0] is used") for @homes;
is(join("\n", @wrong), '', 'libraries at home, names unique');
done_testing();
