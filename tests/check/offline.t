#!/usr/bin/perl
# verifier links no resolver; only keysnap/capture knows sockets.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';

sub needed {
	my ($program) = @_;
	my $text = `readelf -d $build/bin/$program`;
	return $text =~ /\(NEEDED\).*\[(.*)\]/g;
}

my @verifier = needed('verifier');
ok((grep { /^libc\.so/ } @verifier), 'verifier is dynamically linked');
ok((grep { /^libldns\.so/ } needed('keysnap')), 'keysnap links ldns');
is(join(' ', grep { /ldns|unbound|getdns|cares|curl|resolv/ } @verifier), '',
	'verifier links no resolver');

my $header = qr{^\s*#\s*include\s+<(?:sys/socket|sys/un|netdb|resolv|netinet/|arpa/|net/|gio/)}m;
my $call = qr/\b(?:socket|socketpair|connect|getaddrinfo|gethostby\w+)\s*\(/;
like("#include <sys/socket.h>\n", $header, 'a header would be seen');
like('fd = socket(AF_INET', $call, 'a call would be seen');

my @found;
for my $file (sort split /\n/, `find keysnap verifier -name '*.[ch]'`) {
	next if $file =~ m{^keysnap/capture/};
	open my $in, '<', $file or die "$file: $!";
	my $text = do { local $/; <$in> };
	$text =~ s{/\*.*?\*/}{}gs;
	$text =~ s{"(?:[^"\\\n]|\\.)*"}{""}g;
	push @found, $file if $text =~ $call;
	push @found, $file if $text =~ $header;
}
is(join(' ', @found), '', 'no socket outside keysnap/capture');
done_testing();
