#!/usr/bin/perl
# damage.pl MBOX - the messages of an mbox, every one damaged, on standard
# output: the kinds of damage take turns.
use strict;
use warnings;

# Each takes the header and the body of a message.
my @kinds = (
	# No repair helps, so that all are tried.
	sub { $_[1] =~ s/^(?=\S)/Changed. /m or $_[1] .= "Changed.\n" },
	sub { $_[0] =~ s/^Subject: \S+/Subject: Changed/m },
	sub { $_[0] =~ s/^(From: .*?)\@/$1.changed\@/m },
	sub { $_[0] =~ s/^(To: .*?)\@/$1.changed\@/m },
	# One helps.
	sub { $_[1] .= "____________________\nlist mailing list\n" },
	sub { $_[0] =~ s/^Subject: /Subject: [list] /m },
	sub { $_[1] = "\n$_[1]" },
	# What was signed is found.
	sub { $_[0] =~ s/^Subject: /Subject: EXTERNAL: /m },
	sub { $_[0] =~ s/^(Date: .*) [-+]\d{4}/$1 GMT/m },
);
open my $in, '<:raw', $ARGV[0] or die "$ARGV[0]: $!\n";
binmode STDOUT;
local $/ = "\n\nFrom ";
my $n = 0;
while (my $message = <$in>) {
	chomp $message;
	my ($header, $body) = split /\n\n/, $message, 2;
	$kinds[$n % @kinds]->($header, $body);
	print $n++ ? 'From ' : '', $header, "\n\n", $body, "\n\n";
}
