#!/usr/bin/perl
# spellings.t - MANIFEST and checkpoint have one spelling: more than a thousand
# others, each refused with exit 4, the file and a reason.  A MANIFEST comes
# with a checkpoint that fits it, and a signed checkpoint with a signature that
# holds, so that nothing but the spelling is wrong.
# Every fifth is tried; with SPELLINGS=all, each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Forge;
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;

my $step = ($ENV{SPELLINGS} // '') eq 'all' ? 1 : 5;
my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
put('keys.jsonl', '{"domain":"example.org","selector":"s","txt":'
    . "\"v=DKIM1; k=ed25519; p=$raw\",\"first_seen\":\"2011\"}\n");
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    '--imported-at', '2020', 'keys.jsonl');
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'freeze', 'store', 'snap');
my $signer = read_signer('key');
my $manifest = get('snap/MANIFEST');
my $plain = get('snap/checkpoint');
my $signed = checkpoint_of($plain, $manifest, $signer);
chmod 0644, 'snap/MANIFEST', 'snap/checkpoint';

# Made by hand, both are what keysnap makes.
is(manifest_of('snap'), $manifest, 'MANIFEST by hand');
is(checkpoint_of($plain, $manifest), $plain, 'checkpoint by hand');
ok_run('keysnap', 'verify', 'snap');
put('snap/checkpoint', $signed);
ok_run('keysnap', 'verify', 'snap', '--public-key', 'key.pub');

# What is tried once, or right: a snapshot without packs has only two lines.
my %seen = ($signed => 1,
    ($manifest =~ s{^.*pack.*\n}{}mr) => 1);
my (@manifests, @checkpoints);

# What was tried before, or is right, is no further case.
sub spell {
	my ($list, $name, $text, $right) = @_;
	push @$list, [ $name, $text ] if $text ne $right && !$seen{$text}++;
}

sub spell_manifest { spell(\@manifests, $_[0], $_[1], $manifest) }

# ---- MANIFEST ----------------------------------------------------------------

my @lines = map { "$_\n" } split /\n/, $manifest;
sub with_line { return join '', map { $_ == $_[0] ? $_[1] : $lines[$_] } 0 .. 2 }

for my $i (0 .. 2) {
	my ($hash, $name) = $lines[$i] =~ /\A(\w{64})  (.*)\n\z/ or die;
	for my $at (grep { substr($hash, $_, 1) =~ /[a-f]/ } 0 .. 63) {
		my $other = $hash;
		substr($other, $at, 1) =~ tr/a-f/A-F/;
		spell_manifest("line $i: upper case at $at",
		    with_line($i, "$other  $name\n"));
	}
	spell_manifest("line $i: all upper case", with_line($i, uc($hash)
	    . "  $name\n"));
	spell_manifest("line $i: separator \"$_\"",
	    with_line($i, "$hash$_$name\n")) for ' ', '   ', ' *', '  *', '* ',
	    "\t", "\t\t", " \t", "\t ", '', ' -', ': ', ' = ', '_ ', "\0\0",
	    "\r ", ' ?', ' U', "\xc2\xa0", "\xe2\x80\x83", ' ./', "  \n";
	spell_manifest("line $i: name \"$_\"", with_line($i, "$hash  $_\n"))
	    for "./$name", "/$name", "../$name", "$name ", " $name", "$name/",
	    uc $name, ucfirst $name, "$name\r", "$name\0", "$name\\n",
	    "\"$name\"", "snap/$name", "$name#", $name =~ s{/}{//}r,
	    $name =~ s{/}{\\}r, $name =~ s{0}{O}r, $name =~ s{0\z}{}r,
	    "${name}0", $name =~ s{0\z}{1}r, $name =~ s{\.}{}r, "$name.gz",
	    "data/$name", '', '.', 'MANIFEST', 'checkpoint', 'seals/0001.note',
	    'log.json', 'keys.mdb-lock';
	spell_manifest("line $i: \"$_->[0]\"", with_line($i, $_->[1]))
	    for [ 'BSD', "SHA256 ($name) = $hash\n" ],
	    [ 'escaped', "\\$hash  $name\n" ], [ '0x', "0x$hash  $name\n" ],
	    [ 'comment', "# a\n$hash  $name\n" ],
	    [ 'empty', "\n" ], [ 'CRLF', "$hash  $name\r\n" ],
	    [ 'CR', "$hash  $name\r" ], [ 'no LF', "$hash  $name" ],
	    [ 'joined', "$hash  $name  $hash  $name\n" ],
	    [ 'turned', "$name  $hash\n" ],
	    [ 'SHA-1', substr($hash, 0, 40) . "  $name\n" ],
	    [ 'SHA-512', "$hash$hash  $name\n" ],
	    [ 'md5sum', substr($hash, 0, 32) . "  $name\n" ],
	    [ 'base64', encode_base64(pack('H*', $hash), '') . "  $name\n" ],
	    [ 'twice', $lines[$i] x 2 ], [ 'thrice', $lines[$i] x 3 ];
	spell_manifest("line $i: again as line $_",
	    join '', @lines[0 .. $_ - 1], $lines[$i], @lines[$_ .. 2])
	    for 0 .. 3;
	for my $at (0 .. length($lines[$i]) - 1) {
		my $cut = $lines[$i];
		substr($cut, $at, 1) = '';
		spell_manifest("line $i: without octet $at", with_line($i, $cut));
		for my $octet (' ', "\t", "\r", "\n", "\0", '0', 'g') {
			my $more = $lines[$i];
			substr($more, $at, 0) = $octet;
			spell_manifest(sprintf('line %d: %02x at %d', $i,
			    ord $octet, $at), with_line($i, $more));
		}
	}
}
spell_manifest("lines @$_", join '', @lines[@$_]) for [0, 2, 1], [1, 0, 2],
    [1, 2, 0], [2, 0, 1], [2, 1, 0], [0], [1], [2], [0, 1], [0, 2];
spell_manifest(sprintf('%02x behind', $_), $manifest . chr) for 0 .. 255;
spell_manifest(sprintf('%02x before', $_), chr() . $manifest) for 0 .. 255;
spell_manifest('empty', '');
spell_manifest('a BOM', "\xef\xbb\xbf$manifest");
spell_manifest('UTF-16', join '', map { "$_\0" } split //, $manifest);
spell_manifest('twice', $manifest x 2);
spell_manifest('CRLF', $manifest =~ s/\n/\r\n/gr);
spell_manifest('a pack more', "$lines[0]$lines[0]$lines[1]$lines[2]"
    =~ s/000000\n\w/000001\n0/r);
spell_manifest('long', $manifest . 'x' x (1 << 20));

# ---- checkpoint --------------------------------------------------------------

sub spell_checkpoint { spell(\@checkpoints, $_[0], $_[1], $plain) }

# The text of a signed one, signed as it is spelt.
sub spell_signed {
	my ($name, $text) = @_;
	spell(\@checkpoints, "signed: $name", sub { "$text\n"
	    . sign_note($text, $signer) }, $signed);
	$seen{"$checkpoints[-1][1]"}++;
}

my @body = split /\n/, $plain;
my ($origin, $size, $root, $digest) = @body;
my ($hex) = $digest =~ / (\w{64})/;
my $octets = decode_base64($root);
my $vkey = $signer->{vkey};
my %other = (
	0 => [ '', ' ', "$origin ", " $origin", "$origin+", "a b", "$origin\t",
	    "$origin\0", "$origin\r", "\xc2\xa0$origin", "$origin\xff",
	    "https://$origin", uc $origin, "$origin/", "${origin}x" ],
	1 => [ '', "0$size", "+$size", "-$size", " $size", "$size ", "$size.0",
	    "${size}e0", "0x$size", "$size,0", "\xd9\xa3", '0', '1', $size + 1,
	    $size - 1, '18446744073709551616', '18446744073709551619',
	    '9007199254740993', '4294967299', "$size\0", 'three', '-0', '00' ],
	2 => [ '', $root =~ s/=+\z//r, "$root=", " $root", "$root ", lc $root,
	    $root =~ tr{+/}{-_}r . '', unpack('H*', $octets),
	    encode_base64(substr($octets, 0, 31), ''),
	    encode_base64("${octets}x", ''), encode_base64('x' x 32, ''),
	    $root =~ s/(.)=\z/chr(ord($1) + 1) . '='/er,
	    substr($root, 0, 20) . "\r" . substr($root, 20),
	    substr($root, 0, 20) . ' ' . substr($root, 20), "sha256:$root" ],
	3 => [ '', $hex, "manifest-sha256  $hex", "manifest-sha256\t$hex",
	    "manifest-sha256: $hex", "manifest-sha256=$hex",
	    "MANIFEST-SHA256 $hex", "Manifest-sha256 $hex",
	    "manifest-sha256 $hex ", " $digest", "$digest\r", uc $digest,
	    'manifest-sha256 ' . uc $hex, 'manifest-sha256 ' . ucfirst $hex,
	    'manifest-sha256 ' . substr($hex, 1), "manifest-sha256 0$hex",
	    'manifest-sha256 ' . encode_base64(pack('H*', $hex), ''),
	    "manifest-sha512 $hex", "manifest-sha256 $hex$hex",
	    "manifest-sha256 $hex MANIFEST", "manifest $hex",
	    'manifest-sha256 ' . $hex =~ s/[a-f]/uc $&/er ],
	4 => [ '', "signer  $vkey", "signer\t$vkey", "Signer $vkey",
	    "signer: $vkey", $vkey, "signer $vkey ", " signer $vkey",
	    "signer $vkey=", "signer " . lc $vkey, "signer " . uc $vkey,
	    "signer $vkey\r", 'signer ' . $vkey =~ s/\+\w{8}\+/+00000000+/r,
	    'signer ' . $vkey =~ s/\+(\w{8})\+/"+" . uc($1) . "+"/er . '0',
	    'signer ' . $vkey =~ s/\A[^+]+/other/r, "signer x$vkey",
	    "signer $vkey $vkey", 'signer ' . $vkey =~ s/=*\z/=/r . '=' ],
);
for my $i (sort keys %other) {
	for my $text (@{ $other{$i} }) {
		my @changed = (@body, "signer $vkey");
		next if $changed[$i] eq $text;
		$changed[$i] = $text;
		my $all = join '', map { "$_\n" } @changed;
		spell_checkpoint("line $i: \"$text\"",
		    join '', map { "$_\n" } @changed[0 .. 3]) if $i < 4;
		spell_signed("line $i: \"$text\"", $all);
	}
}
my $text = join '', map { "$_\n" } @body, "signer $vkey";
for my $i (0 .. 4) {
	my @all = (@body, "signer $vkey");
	spell_signed("without line $i", join '',
	    map { "$all[$_]\n" } grep { $_ != $i } 0 .. 4);
	spell_signed("line $i twice", join '',
	    map { "$all[$_]\n" x ($_ == $i ? 2 : 1) } 0 .. 4);
	next if $i == 4;
	spell_signed("lines $i and the next exchanged", join '',
	    map { "$all[$_ == $i ? $i + 1 : $_ == $i + 1 ? $i : $_]\n" } 0 .. 4);
	spell_checkpoint("without line $i", join '',
	    map { "$body[$_]\n" } grep { $_ != $i } 0 .. 3);
	spell_checkpoint("line $i twice", join '',
	    map { "$body[$_]\n" x ($_ == $i ? 2 : 1) } 0 .. 3);
	spell_checkpoint("an empty line before $i", join '',
	    map { ($_ == $i ? "\n" : '') . "$body[$_]\n" } 0 .. 3);
}
spell_signed('a line more', "${text}more\n");
spell_signed('a second MANIFEST', "$text$digest\n");
my ($line) = $signed =~ /\n\n(.*\n)\z/;
my ($name, $signature) = $line =~ /\A\xe2\x80\x94 (\S+) (\S+)\n/;
my $dash = "\xe2\x80\x94";
spell_checkpoint("signature: $_->[0]", "$text\n$_->[1]") for
    [ 'none', '' ], [ 'hyphen', "- $name $signature\n" ],
    [ 'two hyphens', "-- $name $signature\n" ],
    [ 'en dash', "\xe2\x80\x93 $name $signature\n" ],
    [ 'bar', "\xe2\x80\x95 $name $signature\n" ],
    [ 'no dash', "$name $signature\n" ], [ 'CRLF', "$dash $name $signature\r\n" ],
    [ 'no LF', "$dash $name $signature" ],
    [ 'two spaces', "$dash  $name $signature\n" ],
    [ 'two more spaces', "$dash $name  $signature\n" ],
    [ 'TAB', "$dash\t$name $signature\n" ], [ 'no space', "$dash$name $signature\n" ],
    [ 'last space', "$dash $name $signature \n" ],
    [ 'first space', " $dash $name $signature\n" ],
    [ 'no padding', "$dash $name " . ($signature =~ s/=+\z//r) . "\n" ],
    [ 'more padding', "$dash $name $signature=\n" ],
    [ 'no signature', "$dash $name\n" ], [ 'an empty one', "$dash $name \n" ],
    [ 'its id alone', "$dash $name " . substr($signature, 0, 4) . "\n" ],
    [ 'another name', "$dash other $signature\n" ],
    [ 'upper case', "$dash \U$name\E $signature\n" ],
    [ 'twice', $line x 2 ], [ 'a line behind', "${line}more\n" ],
    [ 'an empty line behind', "$line\n" ], [ 'text behind', "$line\nmore\n" ],
    [ 'cut', substr($line, 0, -8) . "\n" ],
    [ 'of another key', $dash . " $name "
	. encode_base64('xxxx' . substr(decode_base64($signature), 4), '') . "\n" ],
    [ 'a nonce', "$dash $name " . encode_base64(decode_base64($signature) . 'x', '')
	. "\n" ];
spell_checkpoint('no empty line', "$text$line");
spell_checkpoint('two empty lines', "$text\n\n$line");
spell_checkpoint('signature without signer', "$plain\n$line");
spell_checkpoint('signer without signature', $text);
spell_checkpoint('signer and an empty line', "$text\n");
spell_checkpoint('an empty line', "$plain\n");
spell_checkpoint('empty', '');
spell_checkpoint('CRLF', $plain =~ s/\n/\r\n/gr);
spell_checkpoint('signed, CRLF', $signed =~ s/\n/\r\n/gr);
spell_checkpoint('a BOM', "\xef\xbb\xbf$plain");
spell_checkpoint('signed, a BOM', "\xef\xbb\xbf$signed");
spell_checkpoint('UTF-16', join '', map { "$_\0" } split //, $plain);
spell_checkpoint('long', $plain . "x\n" x (1 << 20));
for my $base ([ plain => $plain ], [ signed => $signed ]) {
	spell_checkpoint(sprintf('%s, %02x behind', $base->[0], $_),
	    $base->[1] . chr) for 0 .. 255;
	spell_checkpoint(sprintf('%s, %02x before', $base->[0], $_),
	    chr() . $base->[1]) for 0 .. 255;
	for my $at (0 .. length($base->[1]) - 1) {
		my $cut = $base->[1];
		substr($cut, $at, 1) = '';
		spell_checkpoint("$base->[0], without octet $at", $cut);
		my $turned = $base->[1];
		substr($turned, $at, 1) =~ tr/a-zA-Z/A-Za-z/;
		spell_checkpoint("$base->[0], other case at $at", $turned);
	}
}

# ---- all of them -------------------------------------------------------------

cmp_ok(scalar @manifests, '>', 1000, 'spellings of MANIFEST: ' . @manifests);
cmp_ok(scalar @checkpoints, '>', 1000,
    'spellings of checkpoint: ' . @checkpoints);

my @overlooked;

sub try_it {
	my ($file, $name) = @_;
	my ($code, $out, $err) = run('keysnap', 'verify', 'snap');
	return if $code == 4 && $out =~ /^BAD.*\Q$file\E: ./m;
	push @overlooked, "$file, $name: exit $code\n$out$err";
}

my $tried = 0;
for my $case (@manifests) {
	next if $tried++ % $step;
	put('snap/MANIFEST', $case->[1]);
	put('snap/checkpoint', checkpoint_of($plain, $case->[1]));
	try_it('MANIFEST', $case->[0]);
}
put('snap/MANIFEST', $manifest);
for my $case (@checkpoints) {
	next if $tried++ % $step;
	put('snap/checkpoint', ref $case->[1] ? $case->[1]->() : $case->[1]);
	try_it('checkpoint', $case->[0]);
}
is(join("\n", splice @overlooked, 0, 10), '', 'each is refused and named');
put('snap/checkpoint', $signed);
ok_run('keysnap', 'verify', 'snap', '--public-key', 'key.pub');

done_testing();
