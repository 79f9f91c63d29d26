#!/usr/bin/perl
# clang-format changes nothing in .c files; functions have at most 60 lines,
# files 500; every header compiles alone; no table has hashes that can be
# chosen.
use strict;
use warnings;
use Test::More;

my @files = sort split /\n/, `find keysnap verifier tests -name '*.[ch]'`;
my @c = grep { /\.c$/ } @files;
cmp_ok(scalar @c, '>', 30, 'there are files');

SKIP: {
	skip 'no clang-format here', 1
	    if system('command -v clang-format >/dev/null') != 0;
	my @bad = grep {
		system("clang-format --dry-run -Werror $_ 2>/dev/null") != 0
	} @c;
	is(join("\n", @bad), '', 'clang-format agrees');
}

my (@long_files, @long_functions);
for my $file (@files) {
	open my $in, '<', $file or die "$file: $!";
	my ($start, $table, $lines);
	while (<$in>) {
		($start, $lines) = ($., -1) if /^\{/;
		# A table of cases inside a function is data.
		$table = 1 if /^\t[^\t].*\{$/ && /^\tstatic const/
		    || /^\tconst .*\[\] = \{$/ || /^\t\} \w+\[\] = \{$/;
		$lines++ unless $table;
		undef $table if /^\t\};/;
		next unless /^\}/ && defined $start;
		push @long_functions, "$file:$start" if $lines > 60;
		undef $start;
	}
	push @long_files, $file if $. > 500;
}
is(join("\n", @long_files), '', 'no file over 500 lines');
is(join("\n", @long_functions), '', 'no function over 60 lines');

my @open = `grep -lwE 'g_str_hash|g_bytes_hash' @{[ grep { !/^tests/ } @c ]}`;
is(join('', @open), '', 'tables are keyed (keysnap/base/span_key.h)');

chomp(my $flags = `pkg-config --cflags glib-2.0 openssl jansson lmdb libidn2 ldns gmime-3.0 libpsl libseccomp`);
my @bad = grep {
	system("echo '#include \"$_\"' | gcc -std=c11 -D_GNU_SOURCE -I. $flags"
	    . ' -fsyntax-only -x c - 2>/dev/null') != 0
} grep { /\.h$/ } @files;
is(join("\n", @bad), '', 'headers compile alone');
done_testing();
