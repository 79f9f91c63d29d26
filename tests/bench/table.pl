#!/usr/bin/perl
# table.pl FACTS RUNS PARTS - the tables of bench.sh.  Every figure is a
# median; a ratio is the median of the ratios of each round.
use strict;
use warnings;

my %aim = (
	floor => { small => 1.5, big => 1.25 },
	opendkim => { small => 4, big => 2.5 },
	speedup => 1.75,
	rss => 64,		# MB, and the messages in flight
);
my ($facts, $runs, $parts) = map { read_words($_) } @ARGV;

sub read_words {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!\n";
	return [ map { [split] } <$in> ];
}

sub median {
	my @sorted = sort { $a <=> $b } @_;
	return @sorted ? $sorted[$#sorted / 2] : 0;
}

# CPU seconds of a run: of the whole process for the verifier, of the work
# alone for the others, which say it themselves behind the five figures of
# measure.c.
sub cpu {
	my ($side, @figures) = @_;
	my $all = $figures[0] + $figures[1];
	return $all if $side =~ /^(?:verifier|two)$/;
	my $work = $figures[5] + $figures[6];
	die "$side: $work s of work in a process of $all s\n"
	    if $work <= 0 || $work > $all;
	return $work;
}

my %run;	# name, form, side: list of { cpu, wall, rss }
for (@$runs) {
	my ($name, $form, $side, @figures) = @$_;
	push @{ $run{$name}{$form}{$side} }, {
		cpu => cpu($side, @figures), wall => $figures[2],
		rss => $figures[3] / 1024,
	};
}

sub of { my ($of, $what) = @_; return map { $_->{$what} } @{ $of || [] } }

sub ratio {
	my ($over, $under, $what) = @_;
	my @above = of($over, $what);
	my @below = of($under, $what);
	return median(map { $above[$_] / $below[$_] } 0 .. $#above);
}

sub word { return $_[0] ? 'met' : 'missed' }

printf "%d rounds, medians; load now %s\n", scalar(of(
	$run{ $facts->[0][0] }{ $facts->[0][1] }{verifier}, 'cpu')),
    -r '/proc/loadavg' ? join ' ', (split ' ',
	do { local @ARGV = '/proc/loadavg'; <> })[0 .. 2] : 'unknown';
print <<'END';

                 CPU us per message          verifier  verifier      opendkim
corpus form     verifier    floor opendkim     MB/s    /floor        /verifier
END
for (@$facts) {
	my ($name, $form, $messages, $octets) = @$_;
	my $of = $run{$name}{$form};
	my $verifier = median(of($of->{verifier}, 'cpu'));
	my $floor = ratio($of->{verifier}, $of->{floor}, 'cpu');
	printf "%-6s %-7s %9.1f %8.1f ", $name, $form,
	    map { median(of($of->{$_}, 'cpu')) / $messages * 1e6 }
	    qw(verifier floor);
	printf $of->{opendkim} ? "%8.1f" : '%8s', $of->{opendkim}
	    ? median(of($of->{opendkim}, 'cpu')) / $messages * 1e6 : '-';
	printf " %8.0f  %5.2f %-6s", $octets / $verifier / 1e6, $floor,
	    word($floor <= $aim{floor}{$name});
	if ($of->{opendkim}) {
		my $peer = ratio($of->{opendkim}, $of->{verifier}, 'cpu');
		printf "  %5.2f %s", $peer,
		    word($peer >= $aim{opendkim}{$name});
	}
	print "\n";
}
print <<"END";
aims: /floor <= $aim{floor}{small} small, $aim{floor}{big} big; opendkim/verifier >= $aim{opendkim}{small} small, $aim{opendkim}{big} big

                  wall s                          most resident, MB
corpus form       -j1     -j2   speed-up           -j1    -j2   aim (-j2)
END
for (@$facts) {
	my ($name, $form, $largest) = @$_[0, 1, 6];
	my $of = $run{$name}{$form};
	my $speedup = ratio($of->{verifier}, $of->{two}, 'wall');
	my ($one, $two) = map { median(of($of->{$_}, 'rss')) } qw(verifier two);
	my $most = $aim{rss} + 2 * $largest / 1048576;
	printf "%-6s %-7s %7.2f %7.2f %8.2f %-6s %7.1f %6.1f %7.1f %s\n",
	    $name, $form,
	    (map { median(of($of->{$_}, 'wall')) } qw(verifier two)),
	    $speedup, word($speedup >= $aim{speedup}), $one, $two, $most,
	    word($two <= $most);
}
print <<"END";
aims: speed-up >= $aim{speedup} on idle cores; $aim{rss} MB and the largest message for each worker

What the floor is made of, CPU us per message; wire and body of LF forms each
put CR back.
corpus form        read    file    wire    body   check   libopendkim passes
END
my %part;
push @{ $part{"$_->[0] $_->[1]"}{ $_->[2] } }, $_->[3] + $_->[4] for @$parts;
for (@$facts) {
	my ($name, $form, $messages, undef, $signed, $good) = @$_;
	my $of = $part{"$name $form"};
	my $read = median(@{ $of->{r} });
	printf "%-6s %-7s", $name, $form;
	for my $part (qw(r f w b c)) {
		my $took = median(@{ $of->{$part} });
		$took -= $read if $part ne 'r';
		printf " %7.1f", $took / $messages * 1e6;
	}
	print $good eq '-' ? "\n" : "   $good of $signed\n";
}
