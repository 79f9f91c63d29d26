#!/usr/bin/perl
# Containers made to hurt, to hide or to deceive: no crash, no hang, memory
# within the bound, a record or a note for everything that is not as it should
# be, the good messages beside it found good, and never a verdict on octets that
# were not there whole.  All of it again with ASan when that build is there.
# With BIG=1 what takes minutes, too.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Compress::Raw::Zlib;
use Craft;
use Digest::SHA qw(sha256_hex);
use E2e;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = scratch();
my $packer = generator() =~ s/make_archive$/make_container/r;
my $build = generator() =~ s{/gen/make_archive$}{}r;
my $asan = -x "$build-asan/bin/verifier" ? "$build-asan/bin/verifier" : undef;
my $suffixes = top() . '/data/public_suffix_list.dat';
my $KIB_MAX = 64 * 1024;	# resident, beside what is in flight
my $SECONDS_MAX = 300;		# then it hangs
$ENV{ASAN_OPTIONS} = 'detect_leaks=0'; # which needs ptrace, and seccomp is on

ok_run(generator(), '--semantics', "$dir/mail");
my $snapshot = make_snapshot(["$dir/mail/keys.jsonl"]);
my $good = get("$dir/mail/plain.eml");
my $identity = sha256_hex($good);

# Another good message: the header field on top is not signed.
sub good { return "X-Number: $_[0]\r\n$good" }

# ---- running -----------------------------------------------------------------

my $runs = 0;

# Run "verify" with what is left of @_; the exit code, what it said, the records,
# run.json, the highest resident memory that was seen in KiB.  "during" is called
# with the process id again and again.
sub verify {
	my ($program, $during, @arguments) = @_;
	my $case = "$dir/case" . ++$runs;
	my $child = fork // die;
	if ($child == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', "$case.out" or die;
		open STDERR, '>', "$case.err" or die;
		exec $program, 'verify', '-s', $snapshot, '-o', $case,
		    '--public-suffix-list', $suffixes, @arguments or exit 127;
	}
	my ($memory, $since) = (0, time);
	while (waitpid($child, 1) == 0) {
		if (open my $status, '<', "/proc/$child/status") {
			local $/;
			$memory = $1 if (<$status> // '') =~ /VmHWM:\s*(\d+)/;
		}
		$during->($child) if $during;
		kill 'KILL', $child if time - $since > $SECONDS_MAX;
		sleep 0.01;
	}
	my $code = $? & 127 ? 1000 + ($? & 127) : $? >> 8;
	my ($header, @records) = -e "$case/results.jsonl"
	    ? records(get("$case/results.jsonl")) : ();
	my ($run) = -e "$case/run.json" ? records(get("$case/run.json")) : ();
	return { code => $code, records => \@records, run => $run,
		memory => $memory, said => get("$case.err") . get("$case.out"),
		case => $case, header => $header };
}

sub quoted { return $_[0] =~ s/([^ -~]|\\)/sprintf '\\x%02x', ord $1/ger }

# ---- the files, and what is to be found in them ------------------------------

# name => [octets (undef: it is there), number of good messages, details of the
# records that are unreadable in their order, codes of the notes].
my (%files, %want);

sub file {
	my ($name, $octets, $n_good, $details, @notes) = @_;
	die "$name: twice" if $want{$name};
	$want{$name} = [ $n_good, $details, sort @notes ];
	put("$dir/in/$name", $octets) if defined $octets;
}

sub packed {
	my ($format, $octets, $name) = @_;
	put("$dir/" . ($name //= 'member'), $octets);
	ok_run($packer, '--pack', $format, "$dir/packed", "$dir/$name");
	return get("$dir/packed");
}

mkdir "$dir/in" or die;
my $mib = 1048576;
my $damaged = qr/damaged|checksum|is cut|Truncated|truncated|shorter/i;
my $ratio = qr/--max-ratio/;

# Compression bombs: 10 GB of zeros, alone and behind a good message.
my $gz = gzip_zeros(1000, 10);
my $deflate = deflate_zeros(1000, 10);
my $bz2 = packed('bz2', "\0" x (10 * $mib)) x 1000;
my $xz = packed('xz', "\0" x (10 * $mib)) x 1000;
my $zst = packed('zst', "\0" x (10 * $mib)) x 1000;
my %bombs = (gz => $gz, bz2 => $bz2, xz => $xz, zst => $zst);
my @methods = ([ 8, $deflate ], [ 12, $bz2 ], [ 93, $zst ], [ 95, $xz ]);
file("bomb.$_", $bombs{$_}, 0, [ $ratio ]) for sort keys %bombs;
for my $method (@methods) {
	my ($number, $octets) = @$method;
	file("bomb-$number.zip", zip([
		{ name => 'bomb', octets => $octets, method => $number,
			plain => '', size => 0xfffffff0 },
		{ name => 'good.eml', octets => $good } ]), 1, [ $ratio ]);
}
my $chunk = packed('xz', "\0" x (2 * $mib));
my $lzma2 = lzma2_zeros($chunk, 5000);
file('bomb.7z', seven_z($lzma2, seven_header(names => ['bomb'],
	sizes => [ 5000 * 2 * $mib ], packed => length $lzma2, crcs => [0],
	coder => "\x21", properties => "\x18")), 0, [ ($ratio) x 2 ]);
file('bomb-behind.gz', packed('gz', $good) . $gz, 0, [ $ratio ]);

# Zips of zips of zips: each of the innermost is over the ratio, and the outer
# ones are given up after some.
my $nested = zip([ { name => 'zeros', octets => deflate_zeros(1, 10),
	method => 8, plain => "\0" x (10 * $mib) } ]);
for (1 .. 2) {
	my $octets = deflated($nested);
	$nested = zip([ map { { name => "$_.zip", octets => $octets,
		plain => $nested, method => 8 } } 1 .. 16 ]);
}
file('bomb-nested.zip', $nested, 0, [ ($ratio) x 256 ]);

# D. Fifield's zip bomb: many entries share one kernel of octets.
my @overlap = map { { name => "$_", octets => '', offset => 0, size => 10 * $mib,
	crc => crc32("\0" x (10 * $mib)), packed => 10220, method => 8,
	ghost => 1 } } 1 .. 2000;
file('bomb-overlap.zip', zip([ { name => '0', octets => deflate_zeros(1, 10),
	method => 8, plain => "\0" x (10 * $mib) }, @overlap ]), 0,
	[ $ratio, (qr/shares|octets/) x 2000 ]);

# Holes: 10 GB that are not in the tar.
my $hole = sprintf '%011o', 8 * 1024**3 - 1;
my $sparse = tar_entry('hole', '', type => 'S', magic => "ustar  \0",
	prefix => '', size => '00000000000');
substr($sparse, 386, 24) = '00000000000 ' . '00000000000 ';
substr($sparse, 483, 12) = "$hole\0";
substr($sparse, 148, 8) = ' ' x 8;
substr($sparse, 148, 8) = sprintf "%06o\0 ", unpack '%32C512', $sparse;
file('bomb-sparse.tar', $sparse . tar_entry('good.eml', $good) . tar_end(), 1,
	[ $ratio ]);
file('bomb-sparse-pax.tar', pax('GNU.sparse.major' => 1,
	'GNU.sparse.minor' => 0, 'GNU.sparse.name' => 'hole',
	'GNU.sparse.realsize' => 10 * 1024**3)
    . tar_entry('hole', "1\n0\n0\n" . "\0" x 506) . tar_entry('good.eml', $good)
    . tar_end(), 1, [ $ratio ]);

# Deeper than is read.
my $deep = $good;
$deep = packed('gz', $deep) for 1 .. 20;
file('deep.gz', $deep, 0, [ qr/--max-depth/ ]);

# Names.
my $tree = 'd/' x 10_000;
file('deep-names.tar', join('', map { pax(path => 'd/' x ($_ * 100)) .
	tar_entry('d', '', type => '5') } 1 .. 100)
    . pax(path => "${tree}good.eml") . tar_entry('good', $good) . tar_end(), 1, []);
file('huge-name.tar', pax(path => 'n' x 900_000) . tar_entry('n', $good)
    . tar_end(), 1, [], 'member-name-cut');
file('huge-name.zip', zip([ { name => 'n' x 65535, octets => $good } ]), 1, []);
file('names.zip', zip([ map { { name => $_, octets => good(length) } }
	"a\0b.eml", '../../up.eml', '/root.eml', "caf\x82.eml",
	"\xe2\x80\xaemoc.eml", "\e]0;evil\a\e[2J.eml", 'twice.eml', 'twice.eml',
	'' ]), 9, [], 'member-absolute-name', 'member-duplicate-name',
	'member-name-not-utf8', 'member-parent-name');
file('names.tar', join('', map { tar_entry($_, good(length)) } '../../up.eml',
	'/root.eml', "caf\x82.eml", "\xe2\x80\xaemoc.eml",
	"\e]0;evil\a\e[2J.eml", 'twice.eml', 'twice.eml') . tar_end(), 7, [],
	'member-absolute-name', 'member-duplicate-name', 'member-name-not-utf8',
	'member-parent-name');

# Directory against local headers.
my %mail = (name => 'good.eml', octets => $good);
file('local-name.zip', zip([ { %mail, lname => 'evil.eml' } ]), 1, [],
	'member-name-differs');
file('local-crc.zip', zip([ { %mail, lcrc => 1 } ]), 1, [],
	'member-name-differs');
file('local-size.zip', zip([ { %mail, lsize => 7, lpacked => 7 } ]), 1, [],
	'member-name-differs');
file('local-method.zip', zip([ { %mail, lmethod => 8 } ]), 1, [],
	'member-name-differs');
file('hidden.zip', zip([ { %mail }, { name => 'hidden.eml', octets => good(1),
	hidden => 1 }, { name => 'b.eml', octets => good(2) } ]), 2,
	[ qr/no member's/ ]);
file('hidden-last.zip', zip([ { %mail }, { name => 'hidden.eml',
	octets => good(1), hidden => 1 } ]), 1, [ qr/no member's/ ]);
file('nowhere.zip', zip([ { %mail }, { name => 'ghost.eml', ghost => 1,
	offset => 10 * $mib, size => 100, packed => 100 } ]), 1,
	[ qr/no local header/ ]);
file('in-body.zip', zip([ { %mail }, { name => 'ghost.eml', ghost => 1,
	offset => 50, size => 100, packed => 100 } ]), 1,
	[ qr/local header|octets/ ]);
file('same-offset.zip', zip([ { %mail }, { name => 'again.eml', ghost => 1,
	offset => 0, size => length $good, packed => length $good,
	crc => crc32($good) } ]), 1, [ qr/octets/ ]);
my $plain = zip([ { %mail } ]);
file('two-ends.zip', $plain . substr($plain, -22), 1,
	[ qr/octets between its directory/ ]);
file('two-zips.zip', $plain . zip([ { name => 'b.eml', octets => good(1) } ]),
	1, [ qr/no member's/ ]);
file('end-in-comment.zip', zip([ { %mail } ], comment => 'PK' . "\5\6" . "\0" x 18),
	0, [ qr/no member's/ ]);
file('comment.zip', zip([ { %mail } ], comment => 'PK' . "\5\6" . "\xff" x 18), 1,
	[]);
file('tail.zip', "$plain$good", 1, [ qr/octets follow its end/ ]);
file('prefix.zip', zip([ { %mail } ], prefix => "PK\3\4" . 'x' x 100), 1,
	[ qr/no member's/ ]);
file('count.zip', zip([ { %mail } ], count => 7), 1, [ qr/end record says 7/ ]);
file('volumes.zip', zip([ { %mail } ],
	end => pack('V v4 V2 v', 0x06054b50, 1, 0, 1, 1, 0, 0, 0)), 0,
	[ qr/volumes/ ]);

# Wrong sums and sizes.
file('crc.zip', zip([ { %mail, crc => 1 }, { name => 'b.eml',
	octets => good(1) } ]), 1, [ $damaged ]);
file('crc-deflate.zip', zip([ { %mail, octets => deflated($good), method => 8,
	crc => 1, plain => $good } ]), 0, [ $damaged ]);
file('size-more.zip', zip([ { %mail, octets => deflated($good), method => 8,
	plain => $good, size => 2 + length $good } ]), 0, [ qr/shorter/ ]);
file('size-less.zip', zip([ { %mail, octets => deflated($good), method => 8,
	plain => $good, size => length($good) - 2 } ]), 0, [ qr/longer/ ]);
file('packed-more.zip', zip([ { %mail, packed => 1000 + length $good } ]), 0,
	[ qr/directory|octets/, qr/./ ]);
for my $format (qw(gz bz2 xz)) {
	my $octets = packed($format, $good);
	my $n = $format eq 'xz' ? 16 : 8;
	substr($octets, -$n, 1) ^= "\x01";
	file("sum.$format", $octets, 0, [ $damaged ]);
}
my $zstd_sum = packed('zst', $good);
substr($zstd_sum, -1, 1) ^= "\x01";
file('sum.zst', $zstd_sum, 0, [ $damaged ])
    if ord(substr $zstd_sum, 4, 1) & 4; # libarchive may write none
my $isize = packed('gz', $good);
substr($isize, -1, 1) = "\x7f";
file('isize.gz', $isize, 0, [ $damaged ]);
# What was compressed is whole; what follows it is said.
file('behind.gz', packed('gz', $good) . $good, 1, [ qr/other octets follow/ ]);
my %seven = (names => [ 'a.eml', 'b.eml' ],
	sizes => [ length $good, length $good ], packed => 2 * length $good);
my @crcs = (crc32($good), crc32($good));
file('sum.7z', seven_z("$good$good", seven_header(%seven,
	crcs => [ $crcs[0], 1 ])), 1, [ qr/7z/ ]);
file('sum-first.7z', seven_z("$good$good", seven_header(%seven,
	crcs => [ 1, $crcs[1] ])), 1, [ qr/7z/ ]);
file('sum-header.7z', seven_z("$good$good", seven_header(%seven,
	crcs => \@crcs), crc => 1), 0, [ qr/7z/ ]);
file('sum-start.7z', seven_z("$good$good", seven_header(%seven,
	crcs => \@crcs), start_crc => 1), 0, [ qr/7z/ ]);
file('at.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs),
	at => 2**62), 0, [ qr/7z/ ]);
file('size.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs),
	size => 2**40), 0, [ qr/7z/ ]);
file('packed.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs,
	packed => 100)), 0, [ (qr/7z/) x 2 ]);
file('unpacked.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs,
	unpacked => 2**60)), 1,
	[ qr/--max-member-size/, qr/7z/ ]);
file('sizes.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs,
	sizes => [ length $good, 2**50 ])), 1,
	[ qr/--max-member-size/, qr/7z/ ]);
file('many.7z', seven_z("$good$good", seven_header(%seven, crcs => \@crcs,
	n_files => 2**31)), 0, [ qr/7z/ ]);

# tar headers that lie.
sub tar { return join('', @_) . tar_end() }
my $a = tar_entry('a.eml', $good);
file('sum.tar', tar($a, tar_entry('b.eml', $good, sum => '000001'),
	tar_entry('c.eml', good(1))), 1, [ qr/tar/ ]);
file('size-huge.tar', tar($a, tar_entry('b.eml', $good,
	size => "\x80" . "\0" x 3 . "\x7f" . "\xff" x 7)), 1, [ qr/tar/ ]);
file('size-negative.tar', tar($a, tar_entry('b.eml', $good,
	size => "\xff" x 12)), 1, [ qr/tar/ ]);
file('size-more.tar', tar($a, tar_entry('b.eml', $good,
	size => 100_000)), 1, [ (qr/tar/) x 2 ]);
file('pax-size.tar', tar($a, pax(size => '99999999999999999999'),
	tar_entry('b.eml', $good)), 1, [ qr/tar/ ]);
file('behind.tar', tar($a) . $good, 1, [ qr/follow its end mark/ ]);
file('no-end.tar', $a, 1, [ qr/no end mark/ ]);
file('tars.tar', tar($a) . tar(tar_entry('b.eml', good(1))), 1,
	[ qr/follow its end mark/ ]);
file('kinds.tar', tar($a, tar_entry('hard', '', type => '1', link => 'a.eml'),
	tar_entry('soft', '', type => '2', link => '/etc/passwd'),
	tar_entry('char', '', type => '3'), tar_entry('block', '', type => '4'),
	tar_entry('fifo', '', type => '6'), tar_entry('folder/', '', type => '5')), 1,
	[ qr/a\.eml/, qr{/etc/passwd}, qr/device/, qr/device/, qr/pipe/ ]);
file('file-folder.tar', tar($a, tar_entry('mail/', $good)), 1, [ (qr/tar/) x 2 ]);

# What cannot be read.
file("encrypted-$_.zip", packed("zip-$_", $good), 0, [ qr/encrypted/ ])
    for qw(crypt aes);
file("method-$_.zip", zip([ { %mail, method => $_ }, { name => 'b.eml',
	octets => good(1) } ]), 1, [ qr/method $_\b/ ]) for 1, 6, 9, 14, 98;
file('encrypted.7z', seven_z("$good$good", seven_header(%seven,
	crcs => \@crcs, coder => "\x06\xf1\x07\x01", properties => "\x13\0")),
	0, [ qr/./, qr/./ ]);
file('unknown.7z', seven_z("$good$good", seven_header(%seven,
	crcs => \@crcs, coder => "\x7f\x7f\x7f\x7f")), 0, [ qr/./, qr/./ ]);

# Nothing in them.
file('empty.zip', zip([]), 0, []);
file('empty.7z', seven_z('', ''), 0, []);
file('empty.tar', tar_end(), 0, [ qr/^$/ ]);
file('empty.gz', packed('gz', ''), 0, [ qr/^$/ ]);
file('folders.tar', tar(tar_entry('d/', '', type => '5')), 0, []);

# ---- the run -----------------------------------------------------------------

# All records of a file: good, unreadable in order, nothing else.
sub check_file {
	my ($name, $how, $records, $notes) = @_;
	my ($n_good, $details, @codes) = @{ $want{$name} };
	my @bad = grep { $_->{verdict} eq 'unreadable' } @$records;
	my @other = grep { $_->{verdict} !~ /^(?:unreadable|verified)$/ } @$records;
	my @wrong;
	push @wrong, "a verdict $_->{verdict}" for @other;
	my $n = @$records - @bad - @other;
	push @wrong, "$n good messages, not $n_good" if $n != $n_good;
	push @wrong, @bad . ' unreadable, not ' . @$details if @bad != @$details;
	for my $i (0 .. $#bad) {
		my $detail = $bad[$i]{source}{detail} // '';
		next if $i > $#$details || $detail =~ $details->[$i];
		push @wrong, "$detail, not $details->[$i]";
	}
	push @wrong, "notes: @$notes" if "@$notes" ne "@codes";
	splice @wrong, 9;
	is(join('; ', @wrong), '', "$how $name") or diag(join "\n", map {
		"$_->{verdict} " . ($_->{source}{detail} // '') } splice @$records, 0, 9);
}

sub check_all {
	my ($program, $how) = @_;
	my $run = verify($program, undef, '-j', 2, "$dir/in");
	is($run->{code}, 3, "$how: exit 3") or diag($run->{said});
	unlike($run->{said}, qr/[\x00-\x08\x0b-\x1f\x7f]/, "$how: no controls said");
	my (%records, %notes);
	push @{ $records{ $_->{source}{path} } }, $_ for @{ $run->{records} };
	push @{ $notes{ $_->{path} } }, $_->{code} for @{ $run->{run}{notes} };
	check_file($_, $how, $records{$_} // [], [ sort @{ $notes{$_} // [] } ])
	    for sort keys %want;
	is_deeply([ grep { !$want{$_} } keys %records ], [], "$how: no others");
	return $run;
}

my $run = check_all('verifier', 'plain:');
cmp_ok($run->{memory}, '<', $KIB_MAX, "$run->{memory} KiB resident");
my $shown = ok_run('verifier', 'show', '--all', $run->{case});
unlike($shown, qr/[\x00-\x08\x0b-\x1f\x7f]/, 'shown without controls');
unlike($shown, qr/\xe2\x80\xae/, 'and without changes of direction');
if ($asan) {
	my $again = check_all($asan, 'ASan:');
	is(sha256_hex(get("$again->{case}/results.jsonl")),
		sha256_hex(get("$run->{case}/results.jsonl")),
		'ASan: the same bytes');
}

# With the ratio allowed, all 10 GB are gone through in the same memory.
if ($ENV{BIG}) {
	for my $name (grep { /^bomb(?:-8)?\./ } sort keys %want) {
		my $all = verify('verifier', undef, '--max-ratio', 10_000_000,
			"$dir/in/$name");
		is($all->{code}, 3, "$name without that bound: exit 3");
		cmp_ok($all->{memory}, '<', $KIB_MAX, "$all->{memory} KiB");
	}
}

# ---- cut files ---------------------------------------------------------------

# Ten messages in every container, cut at 50 places: no verdict but that of the
# whole message, something unreadable unless nothing is missing, and no message
# left out that lies whole before the cut, where a stream says that it does.
my @numbered = map { good($_) } 1 .. 10;
my %number = map { (sha256_hex($numbered[$_]) => $_) } 0 .. 9;
mkdir "$dir/ten" or die;
put(sprintf("%s/ten/%02d.eml", $dir, $_), $numbered[$_]) for 0 .. 9;
my $mbox = join '', map { "From - Thu Jan  1 00:00:00 2015\n"
	. s/\r\n/\n/gr =~ s/^(>*From )/>$1/mgr . "\n" } @numbered;
my %whole;

for my $format (qw(tar tar.gz tar.bz2 tar.xz tar.zst zip zip-stream 7z)) {
	ok_run($packer, '--pack', $format, "$dir/packed", "$dir/ten");
	$whole{$format} = get("$dir/packed");
}
$whole{"mbox.$_"} = packed($_, $mbox, 'mbox') for qw(gz bz2 xz zst tar);
$whole{'zip.tar.gz'} = packed('tar.gz', $whole{zip}, 'ten.zip');
$whole{'tar.gz.zip'} = packed('zip', $whole{'tar.gz'}, 'ten.tar.gz');

# What streams give of their beginning, by another reader.
my %inflated;

sub before_cut {
	my ($format, $octets) = @_;
	my $stream = $octets;
	if ($format =~ /gz$/) {
		my ($inflate) = Compress::Raw::Zlib::Inflate->new(
			-WindowBits => WANT_GZIP);
		$stream = '';
		$inflate->inflate(my $copy = $octets, $stream);
	}
	return grep { index($stream, $numbered[$_]) >= 0 } 0 .. 9;
}

mkdir "$dir/cut" or die;
my (%cut_at, %least);
for my $format (sort keys %whole) {
	my $n = length $whole{$format};
	for my $i (0 .. 49) {
		# Near the end byte by byte: there the sums and ends are.
		my $at = $i < 35 ? 1 + int($i * ($n - 20) / 35) : $n - (50 - $i);
		my $octets = substr $whole{$format}, 0, $at;
		my $name = sprintf '%s-%08d', $format, $at;
		put("$dir/cut/$name", $octets);
		$cut_at{$name} = $format;
		$least{$name} = { map { ($_ => 1) } before_cut($format, $octets) }
		    if $format =~ /^tar(?:\.gz)?$/;
	}
}

sub check_cuts {
	my ($program, $how) = @_;
	my $run = verify($program, undef, '-j', 2, "$dir/cut");
	is($run->{code}, 3, "$how cut files: exit 3") or diag($run->{said});
	my (%found, %bad, @wrong);
	for my $record (@{ $run->{records} }) {
		my $path = $record->{source}{path};
		my $number = $number{ $record->{sha256} // '' };
		if ($record->{verdict} eq 'verified' && defined $number) {
			$found{$path}{$number}++;
		} elsif ($record->{verdict} eq 'unreadable') {
			$bad{$path}++;
		} else {
			push @wrong, "$path: a verdict $record->{verdict}";
		}
	}
	for my $name (sort keys %cut_at) {
		my $n = keys %{ $found{$name} // {} };
		# The second half of a tar's end mark may be missing.
		push @wrong, "$name: nothing is said"
		    unless $bad{$name} || $cut_at{$name} =~ /^(?:mbox\.)?tar$/ && $n == 10;
		push @wrong, map { "$name: no number $_" }
		    grep { !$found{$name}{$_} } keys %{ $least{$name} // {} };
	}
	splice @wrong, 20;
	is(join("\n", @wrong), '', "$how cut files");
	return sha256_hex(get("$run->{case}/results.jsonl"));
}

my $cuts = check_cuts('verifier', 'plain:');
is(check_cuts($asan, 'ASan:'), $cuts, 'ASan: the same bytes') if $asan;

# ---- folders in folders, lines without end -----------------------------------

mkdir "$dir/folders" or die;
put("$dir/folders/good.eml", $good);
ok_run('perl', '-e', 'chdir shift or die; for (1 .. 10_000)
	{ mkdir "d" or die; chdir "d" or die } open my $f, ">", "x.eml" or die;
	print $f "From: a\@b.example\n\nx\n"', "$dir/folders");
for my $program (grep { defined } 'verifier', $asan) {
	my $deep = verify($program, undef, "$dir/folders");
	is($deep->{code}, 3, '10,000 folders in each other: exit 3');
	is(join(' ', map { $_->{verdict} } @{ $deep->{records} }),
		'unreadable verified', 'the good message and a record for the rest');
}
ok_run('rm', '-rf', "$dir/folders");

# The octets behind the first ones are a hole in the file, all zero.
sub one_line {
	my ($path, $start, $size) = @_;
	put($path, $start);
	truncate $path, $size or die "$path: $!";
}

my $from = "From - Thu Jan  1 00:00:00 2015\n";
my $size = ($ENV{BIG} ? 10 * 1024 : 1024) * $mib;
my $less = $ENV{BIG} ? $size : 260 * $mib; # a message has 256 MiB at most
mkdir "$dir/lines" or die;
one_line("$dir/lines/a.mbox", "${from}Subject: x\n\n", $size);
one_line("$dir/lines/b.mbox", "${from}Subject: ", $less);
one_line("$dir/lines/c.mbox", $from, $less);
one_line("$dir/lines/d.eml", 'Subject: ', $less);
one_line("$dir/lines/e", '', $less);
put("$dir/lines/f.eml", $good);
my $lines = verify('verifier', undef, '-j', 2, "$dir/lines");
is($lines->{code}, 3, 'files of one line: exit 3') or diag($lines->{said});
is(join(' ', map { $_->{verdict} } @{ $lines->{records} }),
	('unreadable ' x 5) . 'verified', 'all of them have a record');
cmp_ok($lines->{memory}, '<', $KIB_MAX + 256 * 1024,
	"$lines->{memory} KiB resident: a message of 256 MiB, at most");
ok_run('rm', '-rf', "$dir/lines");

# A nested zip is copied to memory, up to a bound.
my $random = join '', map { pack 'L', $_ * 2654435761 % 2**32 } 1 .. 5 * $mib;
my $big_zip = zip([ { name => 'good.eml', octets => $good },
	{ name => 'rest', octets => $random } ]);
put("$dir/big.tar", tar_entry('big.zip', $big_zip)
    . tar_entry('good.eml', good(1)) . tar_end());
my $big = verify('verifier', undef, '--max-memory', '10M', "$dir/big.tar");
is(join(' ', map { $_->{verdict} } @{ $big->{records} }), 'unreadable verified',
	'a nested zip over --max-memory is unreadable, what follows is read');
like($big->{records}[0]{source}{detail}, qr/--max-memory/, 'and says so');
$big = verify('verifier', undef, "$dir/big.tar");
is(join(' ', map { $_->{verdict} } @{ $big->{records} }),
	'verified unreadable verified', 'with more memory it is read');
undef $_ for $random, $big_zip;

# ---- files that change while they are read -----------------------------------

# Once the program has read a MiB of the file, stop it and change the file.
sub while_read {
	my ($path, $change) = @_;
	my $done;
	return sub {
		my ($child) = @_;
		return if $done;
		for my $link (glob "/proc/$child/fd/*") {
			next if (readlink($link) // '') ne $path;
			my ($info) = $link =~ s/fd/fdinfo/r;
			next unless -r $info && get($info) =~ /^pos:\s*(\d{7,})/;
			kill 'STOP', $child;
			$change->($path);
			kill 'CONT', $child;
			return $done = 1;
		}
	};
}

my %changes = (
	shrinks => sub { truncate $_[0], 40 * $mib },
	grows => sub { open my $f, '>>', $_[0] or die; print {$f} "\0" x 512 },
	changes => sub { open my $f, '+<', $_[0] or die; print {$f} 'x' },
);
# Files that are no mail take little time and no room in the records.
my $many = join '', (map { tar_entry("$_.eml", good($_)) } 1 .. 200),
    tar_entry('filler', 'filler ' x (60 * $mib / 7)),
    map { tar_entry("$_.eml", good($_)) } 201 .. 400;
for my $how (sort keys %changes) {
	my $path = "$dir/changing.tar";
	put($path, $many . tar_end());
	my $changed = verify('verifier', while_read($path, $changes{$how}), $path);
	is($changed->{code}, 4, "a tar that $how while it is read: exit 4")
	    or diag($changed->{said});
	my $n = grep { $_->{verdict} eq 'verified' } @{ $changed->{records} };
	cmp_ok($n, '>', 100, 'what was read before is written');
	is(scalar(grep { $_->{verdict} !~ /^(?:verified|unreadable)$/ }
		@{ $changed->{records} }), 0, 'and nothing is called altered');
}
done_testing();
