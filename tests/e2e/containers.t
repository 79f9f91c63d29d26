#!/usr/bin/perl
# The demonstration archive, and all messages of the corpus, in every container
# that is read, alone and nested: the same identities and verdicts as in the
# plain tree of .eml files, sources from which others can take the octets, the
# same bytes whatever the number of workers.
#
# What does not survive a container, and is named here:
# - mboxcl and mboxcl2 add a Content-Length field to each message, which is
#   another identity; no verdict of the demonstration archive depends on it;
# - .partial.emlx has no body: no verdict is green;
# - @no_mbox below.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use File::Find;
use IO::Uncompress::AnyUncompress qw(anyuncompress);
use IO::Uncompress::Unzip;
use Test::More;

my $dir = scratch();
my $packer = generator() =~ s/make_archive$/make_container/r;

sub pack_into {
	my ($format, $out, @paths) = @_;
	ok_run($packer, '--pack', $format, $out, @paths);
}

sub wire {
	my ($text) = @_;
	$text =~ s/(?<!\r)\n/\r\n/g;
	return $text =~ /\r\n\z/ ? $text : "$text\r\n";
}

my $cases = 0;

# A whole run that may end with one of the exits $exits: its records without
# what this test does not look at, which JSON::PP would take minutes for; the
# case folder.
sub verify {
	my ($exits, @arguments) = @_;
	my $case = "$dir/run" . ++$cases;
	my ($code, $out, $err) = run('verifier', 'verify', '-o', $case, @arguments);
	die "exit $code\n$out$err" unless grep { $_ == $code } @$exits;
	my ($header, @lines) = split /\n/, get("$case/results.jsonl");
	s/"embedded":\[.*\],"message":/"message":/,
	    s/"claims":\[.*\],(?:"claims_left_out":\d+,)?"color":/"color":/,
	    s/"message":\{.*?\},"reasons"/"reasons"/,
	    s/"signatures":\[.*\],"size"/"size"/
	    for @lines;
	return ([ records(join "\n", @lines) ], $case);
}

sub same_bytes {
	my ($case, $other, $name) = @_;
	is(sha256_hex(get("$case/results.jsonl")),
		sha256_hex(get("$other/results.jsonl")), $name);
}

# All files below a folder, or the file itself.
sub files_below {
	my ($path) = @_;
	my @files;
	find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } }, $path);
	return sort @files;
}

# ---- taking octets out with other tools --------------------------------------

# The regular files of a tar, in order: [name, octets].
sub tar_members {
	my ($tar) = @_;
	my (@members, $long);
	for (my $at = 0; $at + 512 <= length $tar;) {
		my ($name, $size, $type, $magic, $prefix) =
		    unpack 'Z100 x24 Z12 x20 a x100 a6 x82 Z155',
		    substr $tar, $at, 512;
		last if $name eq '';
		my $octets = substr $tar, $at + 512, oct $size;
		$at += 512 + 512 * int((oct($size) + 511) / 512);
		$name = "$prefix/$name" if $prefix ne '' && $magic eq "ustar\0";
		($long) = $octets =~ /\d path=([^\n]*)\n/ if $type eq 'x';
		$long = unpack 'Z*', $octets if $type eq 'L';
		next if $type =~ /[xL]/;
		push @members, [ $long // $name, $octets ]
		    if $type =~ /[0\0]/ && $name !~ m{/$};
		undef $long;
	}
	return @members;
}

sub zip_members {
	my ($zip) = @_;
	my $reader = IO::Uncompress::Unzip->new(\$zip) or return;
	my @members;
	do {
		my ($octets, $block) = ('', '');
		$octets .= $block while $reader->read($block) > 0;
		my $name = $reader->getHeaderInfo->{Name};
		push @members, [ $name, $octets ] if $name !~ m{/$};
	} while $reader->nextStream == 1;
	return @members;
}

sub uncompress {
	my ($format, $octets) = @_;
	if ($format =~ /gz|bz2|bzip2/) {
		anyuncompress(\$octets, \my $out, MultiStream => 1) or return;
		return $out;
	}
	put("$dir/packed", $octets);
	my ($code, $out) =
	    run($format =~ /xz/ ? 'xz' : 'zstd', '-dcq', "$dir/packed");
	return $code == 0 ? $out : undef;
}

# The members of a container; empty when there is no tool here.
sub members_of {
	my ($octets, $format) = @_;
	return if $format eq '7z';
	return zip_members($octets) if $format eq 'zip';
	$octets = uncompress($format, $octets) if $format ne 'tar';
	return unless defined $octets;
	return $format =~ /^tar/ ? tar_members($octets) : [ undef, $octets ];
}

my %extracted;

# The octets that the path and the first $n links of the chain of a source
# name; undef when no tool here can have them.
sub octets_of {
	my ($root, $source, $n) = @_;
	my @chain = @{ $source->{chain} // [] };
	$n //= @chain;
	return get("$root/$source->{path}") if $n == 0;
	my $key = join ' ', $root, $source->{path},
	    map { $_->{number} } @chain[ 0 .. $n - 2 ];
	my $link = $chain[ $n - 1 ];
	if (!$extracted{$key}) {
		my $outer = octets_of($root, $source, $n - 1);
		$extracted{$key} = [ defined $outer
			? members_of($outer, $link->{format}) : () ];
	}
	return unless @{ $extracted{$key} };
	my $member = $extracted{$key}[ $link->{number} ] // [ '', '' ];
	return ($member->[0] // '') eq ($link->{member} // '')
	    ? $member->[1] : 'another member';
}

# What another tool finds where the record says; undef when there is none.
sub identity_of {
	my ($root, $source) = @_;
	my $octets = octets_of($root, $source) // return;
	my $raw = substr $octets, $source->{offset}, $source->{length};
	$raw =~ s/^>(>*From )/$1/mg if ($source->{dialect} // '') eq 'mboxrd';
	$raw =~ s/^>(From )/$1/mg if ($source->{dialect} // '') eq 'mboxo';
	return sha256_hex(wire($raw));
}

# ---- the containers ----------------------------------------------------------

# The three forms of the demonstration archive in every container, below $in;
# returns the paths of the groups.
sub pack_all {
	my ($in, %plain) = @_;
	my @groups;
	my $make = sub {
		my ($format, $name, @paths) = @_;
		pack_into($format, "$in/$name", @paths);
		push @groups, $name unless $name =~ /^part/;
	};
	mkdir $in or die "$in: $!";
	for my $form (sort keys %plain) {
		my $path = $plain{$form};
		$make->($_, "$form.$_", $path) for
		    qw(tar tar.gz tar.bz2 tar.xz tar.zst zip zip-stored
		    zip-stream zip64 7z);
		# Nested to two and three.
		$make->('zip', "../part.zip", $path);
		$make->('tar.gz', "$form-zip.tar.gz", "$dir/part.zip");
		$make->('tar.zst', "../part.tar.zst", $path);
		$make->('zip', "$form-tzst.zip", "$dir/part.tar.zst");
		$make->('7z', "../part.7z", $path);
		$make->('zip', "../part-7z.zip", "$dir/part.7z");
		$make->('tar', "$form-7z-zip.tar", "$dir/part-7z.zip");
		$make->('zip', "../part-zip.zip", "$dir/part.zip");
		$make->('zip', "$form-zip-zip.zip", "$dir/part-zip.zip");
		$make->('tar.xz', "$form-zip-zip.tar.xz", "$dir/part-zip.zip");
	}
	return grep { !/part/ } @groups;
}

# ---- the demonstration archive -----------------------------------------------

ok_run(generator(), '--mbox', "$dir/demo.mbox", '--maildir', "$dir/maildir",
	'--eml', "$dir/eml");
# A name that the fixed fields of a tar cannot hold.
my $long = "$dir/eml/" . join '/', ('long-' x 30) x 3;
ok_run('mkdir', '-p', $long);
rename glob("$dir/eml/2009/0001.eml"), "$long/0001.eml" or die;

my $snapshot = demo_snapshot();
my ($plain) = verify([0], '-s', $snapshot, "$dir/eml");
my %texts = map { (sha256_hex(wire(get($_))) => get($_)) }
    files_below("$dir/eml");
my %verdict = map { ($_->{sha256} => $_->{verdict}) } @$plain;
is_deeply([ sort keys %verdict ], [ sort keys %texts ],
	'the identities are those of the wire form');
my $want = join "\n", sort map { "$_ $verdict{$_}" } keys %verdict;

# Records by the file that they are in, or by the first part of its path.
sub by_group {
	my ($records) = @_;
	my %groups;
	for my $record (@$records) {
		my ($group) = $record->{source}{path} =~ m{^([^/]+)};
		push @{ $groups{$group} }, $record;
	}
	return %groups;
}

sub summary {
	return join "\n", sort map { ($_->{sha256} // 'none') . " $_->{verdict}" } @_;
}

my @packed = pack_all("$dir/packed-in", eml => "$dir/eml",
	mbox => "$dir/demo.mbox", maildir => "$dir/maildir");
for my $format (qw(ustar gnutar pax v7tar 7z-stored 7z-deflate 7z-bzip2
    7z-ppmd)) {
	my $form = $format =~ /ustar|v7tar/ ? 'maildir' : 'eml';
	pack_into($format, "$dir/packed-in/$form.$format", "$dir/$form");
	push @packed, "$form.$format";
}
for my $format (qw(gz bz2 xz zst)) {
	pack_into($format, "$dir/packed-in/demo.mbox.$format", "$dir/demo.mbox");
	pack_into('zip', "$dir/packed-in/demo.mbox.$format.zip",
		"$dir/packed-in/demo.mbox.$format");
	push @packed, "demo.mbox.$format", "demo.mbox.$format.zip";
}
my ($packed, $case) =
    verify([0], '-s', $snapshot, '-j', 1, "$dir/packed-in");
my %groups = by_group($packed);
is_deeply([ sort keys %groups ], [ sort @packed ], 'all containers were read');
is(summary(@{ $groups{$_} }), $want, "$_: identities and verdicts")
    for @packed;

# -j2, and the file of a list, give the same bytes.
my $list = join "\0", map { "$dir/packed-in/$_" } sort @packed;
put("$dir/list", $list);
my ($again, $other) =
    verify([0], '-s', $snapshot, '-j', 2, "$dir/packed-in");
same_bytes($case, $other, 'two workers: the same bytes');
my ($listed, $list_case) = verify([0], '-s', $snapshot, '--null',
	'--files-from', "$dir/list");
my $from_list = get("$list_case/results.jsonl");
$from_list =~ s{"path":"\Q$dir\E/packed-in/}{"path":"}g;
is(sha256_hex($from_list), sha256_hex(get("$case/results.jsonl")),
	'from a list: the same but for the longer paths');

# ---- sources -----------------------------------------------------------------

my ($taken, @wrong) = (0);
# Every third message, those of each container among them.
for my $i (map { 3 * $_ } 0 .. $#$packed / 3) {
	my ($record, $source) = ($packed->[$i], $packed->[$i]{source});
	my $found = identity_of("$dir/packed-in", $source) // next;
	$taken++;
	push @wrong, "$source->{path}: " . ($source->{member} // 'no member')
	    if $found ne $record->{sha256};
}
is(join("\n", @wrong[ 0 .. ($#wrong > 9 ? 9 : $#wrong) ]), '',
	'other tools find each message where its source says');
cmp_ok($taken, '>', @$packed / 6, "for $taken messages");

for my $record (map { $groups{$_}[5] } grep { /-7z-zip|^eml-zip/ } @packed) {
	my $source = $record->{source};
	my @names = map { $_->{member} } @{ $source->{chain} };
	is($source->{member}, join('!', @names), "$source->{path}: the member");
	my @formats = map { $_->{format} } @{ $source->{chain} };
		cmp_ok(scalar @formats, '==', $source->{path} =~ /-zip-|-7z-/ ? 3 : 2,
		"$source->{path}: as deep as it is (@formats)");
}

# ---- the files of the run ----------------------------------------------------

sub run_of { return (records(get("$_[0]/run.json")))[0] }

my $run = run_of($case);
my (%inputs, %inner);
for my $input (@{ $run->{inputs} }) {
	my $in = $input->{chain} ? \%inner : \%inputs;
	push @{ $in->{ $input->{path} } }, $input;
}
is_deeply([ sort keys %inputs ], [ sort @packed ], 'each container is an input');
for my $name (sort keys %inputs) {
	my ($input) = @{ $inputs{$name} };
	my ($sum) = ok_run('sha256sum', "$dir/packed-in/$name") =~ /^(\w+)/;
	ok(@{ $inputs{$name} } == 1 && $input->{sha256} eq $sum
	    && $input->{size} == -s "$dir/packed-in/$name",
		"$name: its SHA-256 and size, once");
}
@wrong = ();
for my $input (map { @$_ } values %inner) {
	my $octets = octets_of("$dir/packed-in", $input) // next;
	push @wrong, "$input->{path} $input->{member}"
	    if sha256_hex($octets) ne $input->{sha256}
	    || length $octets != $input->{size};
}
is(join("\n", @wrong), '', 'and those of what is inside');
is_deeply($run->{notes}, [], 'nothing is odd');

# ---- deeper than is read -----------------------------------------------------

mkdir "$dir/deep" or die;
pack_into('tar', "$dir/deep.tar", "$dir/part-zip.zip");
pack_into('zip', "$dir/deep/deep.zip", "$dir/deep.tar");
put("$dir/deep/good.eml", get("$long/0001.eml"));
my ($deep_records) = verify([3], '-s', $snapshot, "$dir/deep");
my @deep = @$deep_records;
is(scalar @deep, 2, 'a record for it, one for what lies beside it');
is($deep[0]{verdict}, 'unreadable', 'which is unreadable');
like($deep[0]{source}{detail}, qr/--max-depth/, 'and names the bound');
is($deep[0]{source}{member}, 'deep.tar!part-zip.zip!part.zip',
	'and what was not read');
isnt($deep[1]{verdict}, 'unreadable', 'the other one is read');

# ---- other programs' mail ----------------------------------------------------

my @forms = qw(mh cyrus emlx maildir-gz maildir-zst vault mboxcl mboxcl2
    partial-emlx);
for my $form (@forms) {
	ok_run($packer, '--as', $form, "$dir/forms/$form", "$dir/eml");
}
my ($in_forms, $form_case) =
    verify([0], '-s', $snapshot, '-j', 1, "$dir/forms");
my ($in_forms_again, $form_other) =
    verify([0], '-s', $snapshot, '-j', 2, "$dir/forms");
same_bytes($form_case, $form_other,
	'other forms: the same bytes with two workers');
my %forms = by_group($in_forms);
is(summary(@{ $forms{$_} }), $want, "$_: identities and verdicts")
    for grep { !/mboxcl|partial/ } @forms;

# mboxcl: the octets of the body as stored, in a field at the header's end.
sub with_length {
	my ($text, $quoted) = @_;
	my ($head, $body) = $text =~ s/\r\n/\n/gr =~ /\A(.*?\n)\n(.*)\z/s;
	my $stored = $quoted ? $body =~ s/^(>*From )/>$1/mgr : $body;
	return wire("${head}Content-Length: " . length($stored) . "\n\n$body");
}

for my $form (qw(mboxcl mboxcl2)) {
	my $expected = join "\n", sort map {
		sha256_hex(with_length($texts{$_}, $form eq 'mboxcl'))
		    . " $verdict{$_}"
	} keys %texts;
	is(summary(@{ $forms{$form} }), $expected,
		"$form: the identities with Content-Length, the verdicts");
}

my %headers = map {
	(sha256_hex($texts{$_} =~ s/\r\n\r\n.*\z/\r\n\r\n/sr) => $verdict{$_})
} keys %texts;
@wrong = ();
for my $record (@{ $forms{'partial-emlx'} }) {
	my $whole = delete $headers{ $record->{sha256} } // 'nothing';
	my $is = $record->{verdict};
	my $fits = $whole =~ /^(?:altered|key-m|key-unusable|malformed|unsigned)/
	    ? $is eq $whole : $record->{color} ne 'green';
	$fits = 0 if $whole eq 'verified' && $is !~ /^(?:headers-only|malformed)$/;
	push @wrong, "$record->{source}{path}: $is, not $whole" unless $fits;
}
is(join("\n", @wrong, %headers), '', 'partial-emlx: the headers, never green');

my %companions;
my $form_run = run_of($form_case);
$companions{$_->{path}} = $_->{code} for @{ $form_run->{notes} };
is_deeply(\%companions, {
	'mh/inbox/.mh_sequences' => 'companion-mh',
	(map { ("cyrus/user/cyrus.$_" => 'companion-cyrus') }
	    qw(cache header index)),
	(map { ("maildir-$_/maildirfolder" => 'companion-maildir') }
	    qw(gz zst)),
	'vault/export-metadata.xml' => 'companion-google-vault',
	'vault/export-results-count.csv' => 'companion-google-vault',
	'vault/export.md5' => 'companion-checksums',
}, 'what lies beside the mail is named, and is no message');

# And all of these inside a container.
pack_into('tar.gz', "$dir/forms.tar.gz", "$dir/forms");
my ($in_tar, $tar_case) = verify([0], '-s', $snapshot,
	"$dir/forms.tar.gz");
is(summary(@$in_tar), summary(@$in_forms), 'all of them in a tar.gz');
my %noted = map { ($_->{member} => $_->{code}) } @{ run_of($tar_case)->{notes} };
is_deeply(\%noted, \%companions, 'with the same notes');

# ---- the corpus --------------------------------------------------------------

my $corpus = $ENV{CORPUS} // top() . '/../shared/corpus';

# In an mbox a header section that no empty line ends cannot be told from one
# that it does end, and nothing at all from no message.  (What has a LF without
# CR, or a CR without LF, survives the forms with LF: the wire form is the same.)
my @no_mbox = qw(
	arc-suite/val-cv_base2.eml
	arc-suite/val-cv_empty.eml
	mail-dkim/no_body_1.eml
	opendkim/t-test105-1.eml
	opendkim/t-test106-1.eml
	opendkim/t-test121-1.eml
);

SKIP: {
	skip "no corpus of signed messages at $corpus (set CORPUS)", 1
	    unless -d $corpus;
	subtest 'the corpus' => \&corpus;
}

sub corpus {
	my @keys = sort glob "$corpus/*/keys*.jsonl";
	my $base = "$dir/corpus.store";
	ok_run('keysnap', 'init', $base, '--origin', 'test.example/corpus');
	ok_run('keysnap', 'import', $base, '--format', 'jsonl', '--source', 'test',
		'--observed-at', '2000-01-01T00:00:00Z', '--skip-bad', $_) for @keys;
	ok_run('keysnap', 'freeze', $base, "$dir/corpus.snap");
	my $tree = "$dir/corpus";
	mkdir $tree or die;
	for my $path (sort glob "$corpus/*/*.eml") {
		my ($source, $name) = $path =~ m{([^/]+)/([^/]+)$};
		mkdir "$tree/$source";
		put("$tree/$source/$name", get($path));
	}
	my ($records) = verify([0, 3], '-s', "$dir/corpus.snap", $tree);
	cmp_ok(scalar @$records, '>', 300, 'messages there are');
	my $all = summary(@$records);
	corpus_packed($tree, $all);
	corpus_forms($tree, $records);
}

sub corpus_packed {
	my ($tree, $all) = @_;
	my @names = pack_all("$dir/corpus-packed", corpus => $tree);
	my ($records) =
	    verify([0, 3], '-s', "$dir/corpus.snap", "$dir/corpus-packed");
	my %found = by_group($records);
	is(summary(@{ $found{$_} // [] }), $all, "the corpus in $_") for @names;
}

sub corpus_forms {
	my ($tree, $records) = @_;
	for my $form (qw(mh cyrus emlx maildir-gz maildir-zst vault)) {
		ok_run($packer, '--as', $form, "$dir/corpus-$form", $tree);
		my ($found) =
		    verify([0, 3], '-s', "$dir/corpus.snap", "$dir/corpus-$form");
		my %left;
		$left{$_}++ for split /\n/, summary(@$found);
		my @lost = map { $_->{source}{path} }
		    grep { !$left{ summary($_) }-- } @$records;
		is_deeply(\@lost, $form eq 'vault' ? \@no_mbox : [],
			"the corpus as $form");
		my $empty = $form eq 'vault' ? 1 : 0;
		is(scalar @$found, @$records - $empty, "$form: a record each");
	}
}
done_testing();
