# Craft.pm - containers made by hand, octet by octet, so that each part of
# them can lie: tar, zip (PKWARE's APPNOTE.TXT), 7z (7zFormat.txt of its SDK).
package Craft;

use strict;
use warnings;
use Compress::Raw::Zlib;
use Encode qw(encode);
use Exporter qw(import);

our @EXPORT = qw(tar_entry tar_end pax zip deflated seven_z seven_header
    gzip_zeros deflate_zeros lzma2_zeros);

# ---- tar ---------------------------------------------------------------------

# A header and its octets.  Options: type, size (as written: a number or 12
# octets), link, magic, sum (as written), devices.
sub tar_entry {
	my ($name, $octets, %o) = @_;
	my $size = $o{size} // length $octets;
	$size = sprintf '%011o', $size if length $size < 12;
	my $header = pack 'a100 a8 a8 a8 a12 a12 a8 a a100 a8 a32 a32 a8 a8 a155 a12',
	    substr($name, 0, 100), '0000644', '0000000', '0000000', $size,
	    '13016300000', ' ' x 8, $o{type} // '0', $o{link} // '',
	    $o{magic} // "ustar\00000", '', '', '0000000', '0000000',
	    $o{prefix} // '', '';
	substr($header, 148, 8) = $o{sum} // sprintf "%06o\0 ",
	    unpack '%32C*', $header;
	return $header . $octets . "\0" x (-length($octets) % 512);
}

sub tar_end { return "\0" x 1024 }

# A pax header with "key value" pairs for the entry that follows.
sub pax {
	my (@pairs) = @_;
	my $text = '';
	while (my ($key, $value) = splice @pairs, 0, 2) {
		my $n = length " $key=$value\n";
		$n += length($n + length $n);
		$text .= "$n $key=$value\n";
	}
	return tar_entry('PaxHeader', $text, type => 'x');
}

# ---- zip ---------------------------------------------------------------------

sub deflated {
	my ($octets) = @_;
	my ($deflate) = Compress::Raw::Zlib::Deflate->new(
		-WindowBits => -15, -AppendOutput => 1);
	my $out = '';
	$deflate->deflate($octets, $out);
	$deflate->flush($out);
	return $out;
}

# Each entry: name, octets (as stored), and what its headers say otherwise:
# method, flags, crc, size, packed, offset, made, attributes in both; the same
# with "l" before it in the local header alone; hidden: not in the directory;
# ghost: in the directory alone.  Options: prefix, comment, count, end.
sub zip {
	my ($entries, %o) = @_;
	my ($zip, $directory, $n) = ($o{prefix} // '', '', 0);
	for my $e (@$entries) {
		my $octets = $e->{octets} // '';
		my $plain = $e->{plain} // $octets;
		my %f = (method => 0, flags => 0, packed => length $octets,
			crc => crc32($plain), size => length $plain,
			extra => '', %$e);
		my %l = (%f, map { /^l(\w+)/ ? ($1 => $e->{$_}) : () } keys %$e);
		my $offset = $e->{offset} // length $zip;
		$zip .= pack('V v5 V3 v2', 0x04034b50, 20, $l{flags}, $l{method},
			0, 0x4a21, $l{crc}, $l{packed}, $l{size}, length $l{name},
			length $l{extra})
		    . "$l{name}$l{extra}$octets" . ($e->{descriptor} // '')
		    unless $e->{ghost};
		next if $e->{hidden};
		$directory .= pack('V v6 V3 v5 V2', 0x02014b50, $f{made} // 20, 20,
			$f{flags}, $f{method}, 0, 0x4a21, $f{crc}, $f{packed},
			$f{size}, length $f{name}, length $f{extra}, 0, 0, 0,
			$f{attributes} // 0, $offset) . $f{name} . $f{extra};
		$n++;
	}
	my $comment = $o{comment} // '';
	my $end = pack 'V v4 V2 v', 0x06054b50, 0, 0, $o{count} // $n,
	    $o{count} // $n, length $directory, $o{at} // length $zip,
	    length $comment;
	return $zip . $directory . ($o{end} // $end . $comment);
}

# ---- 7z ----------------------------------------------------------------------

# A number of 7z: the first octet says how many follow.
sub number {
	my ($n) = @_;
	return chr $n if $n < 0x80;
	return chr(0x80 | $n >> 8) . chr($n & 0xff) if $n < 0x4000;
	return "\xf0" . pack 'V', $n if $n < 2**32;
	return "\xff" . pack 'Q<', $n;
}

# The header for one folder.  Options: names, sizes (of the files in it), packed
# (octets of the stream), coder, properties, crcs, unpacked, n_files.
sub seven_header {
	my (%o) = @_;
	my @sizes = @{ $o{sizes} };
	my $total = 0;
	$total += $_ for @sizes;
	my $coder = $o{coder} // "\0";
	my $properties = $o{properties} // '';
	my $codec = chr(length($coder) | ($properties ne '' ? 0x20 : 0)) . $coder;
	$codec .= number(length $properties) . $properties if $properties ne '';
	my $names = join '', map { encode('UTF-16LE', $_) . "\0\0" }
	    @{ $o{names} };
	my $streams = "\x04"
	    . "\x06" . number($o{at} // 0) . "\x01\x09" . number($o{packed}) . "\0"
	    . "\x07\x0b\x01\0" . "\x01$codec"
	    . "\x0c" . number($o{unpacked} // $total) . "\0"
	    . "\x08\x0d" . number(scalar @sizes)
	    . (@sizes > 1 ? "\x09" . join '', map { number($_) }
		@sizes[ 0 .. $#sizes - 1 ] : '')
	    . "\x0a\x01" . pack('V*', @{ $o{crcs} }) . "\0" . "\0";
	return "\x01$streams\x05" . number($o{n_files} // scalar @sizes)
	    . "\x11" . number(1 + length $names) . "\0$names" . "\0\0";
}

sub seven_z {
	my ($packed, $header, %o) = @_;
	my $start = pack 'Q< Q< V', $o{at} // length $packed,
	    $o{size} // length $header, $o{crc} // crc32($header);
	return "7z\xbc\xaf\x27\x1c\0\4" . pack('V', $o{start_crc} // crc32($start))
	    . $start . $packed . $header;
}

# ---- zeros without the work --------------------------------------------------

# "n" members of gzip, each of "mib" MiB of zeros.
sub gzip_zeros {
	my ($n, $mib) = @_;
	my ($deflate) = Compress::Raw::Zlib::Deflate->new(
		-WindowBits => WANT_GZIP, -AppendOutput => 1, -Level => 9);
	my $out = '';
	$deflate->deflate("\0" x 1048576, $out) for 1 .. $mib;
	$deflate->flush($out);
	return $out x $n;
}

# "n" times "mib" MiB of zeros as one stream of deflate: after a full flush it
# goes on as at the start.
sub deflate_zeros {
	my ($n, $mib) = @_;
	my ($deflate) = Compress::Raw::Zlib::Deflate->new(
		-WindowBits => -15, -AppendOutput => 1, -Level => 9);
	my ($out, $last) = ('', '');
	$deflate->deflate("\0" x 1048576, $out) for 1 .. $mib;
	$deflate->flush($out, Z_FULL_FLUSH);
	$deflate->flush($last, Z_FINISH);
	return $out x $n . $last;
}

# "n" chunks of 2 MiB of zeros as LZMA2; each resets all state.  The one chunk
# comes from xz, given as the octets of a file of 2 MiB of zeros.
sub lzma2_zeros {
	my ($xz, $n) = @_;
	my $size = (ord(substr $xz, 12, 1) + 1) * 4;
	my $at = 12 + $size;
	my $chunk = '';
	while ((my $control = ord substr $xz, $at, 1) != 0) {
		my $packed = unpack('n', substr $xz, $at + 3, 2) + 1;
		my $head = $control >= 0xc0 ? 6 : 5;
		$chunk .= substr $xz, $at, $head + $packed;
		$at += $head + $packed;
	}
	return $chunk x $n . "\0";
}

1;
