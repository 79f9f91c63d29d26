# SignedNote.pm - a second implementation, from the texts alone: signed notes
# and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), and the
# proofs of RFC 6962 2.1 by their recursive definitions.  Ed25519 is left to
# the openssl command.
package SignedNote;

use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use E2e qw(put);
use Exporter qw(import);
use File::Temp qw(tempfile);
use MIME::Base64 qw(decode_base64 encode_base64);

our @EXPORT = qw(read_vkey open_note read_checkpoint leaf_hash
    root_of inclusion_holds consistency_holds log_root by_hand);

# The standard encoding of RFC 4648, or nothing.
sub from_base64 {
	my ($text) = @_;
	my $octets = decode_base64($text);
	return encode_base64($octets, '') eq $text ? $octets : undef;
}

# "<name>+<hex id>+<base64 of type and key>"
sub read_vkey {
	my ($line) = @_;
	chomp $line;
	my ($name, $id, $key) = $line =~ /\A([^+\s]+)\+([0-9a-f]{8})\+(\S+)\z/
	    or die "no vkey: $line";
	my $octets = from_base64($key) // die 'vkey: base64';
	my $type = substr $octets, 0, 1;
	die 'vkey: not Ed25519' if $type ne "\x01" || length $octets != 33;
	my $want = unpack 'H8', sha256("$name\n$octets");
	die "vkey: id $id, should be $want" if $id ne $want;
	return { name => $name, id => pack('H8', $id),
	    key => substr($octets, 1) };
}

sub temporary {
	my ($octets) = @_;
	my ($out, $path) = tempfile(UNLINK => 1);
	binmode $out;
	print {$out} $octets;
	close $out or die;
	return $path;
}

# RFC 8410: the key as a SubjectPublicKeyInfo in DER.
sub ed25519_holds {
	my ($key, $text, $signature) = @_;
	my $spki = pack('H*', '302a300506032b6570032100') . $key;
	my @files = map { temporary($_) } $spki, $text, $signature;
	my $out = `openssl pkeyutl -verify -rawin -pubin -keyform DER \\
	    -inkey $files[0] -in $files[1] -sigfile $files[2] 2>&1`;
	unlink @files;
	return $out =~ /Verified Successfully/ ? 1 : 0;
}

# The text of a note, and how many of its signatures hold under the keys; dies
# when one of a known key does not.
sub open_note {
	my ($note, @keys) = @_;
	my $at = rindex $note, "\n\n";
	die 'no note' if $at < 0 || $note !~ /\n\z/;
	my $text = substr $note, 0, $at + 1;
	my $good = 0;
	for my $line (split /\n/, substr $note, $at + 2) {
		my ($name, $encoded) = $line =~
		    /\A\xe2\x80\x94 ([^+\s]+) (\S+)\z/
		    or die "no signature: $line";
		my $octets = from_base64($encoded) // die 'signature: base64';
		for my $key (@keys) {
			next if $key->{name} ne $name
			    || $key->{id} ne substr $octets, 0, 4;
			die "signature of $name does not hold"
			    if !ed25519_holds($key->{key}, $text,
			    substr $octets, 4);
			$good++;
		}
	}
	return ($text, $good);
}

sub read_checkpoint {
	my ($text) = @_;
	my ($origin, $size, $root, @more) = split /\n/, $text, -1;
	die 'checkpoint: no line feed at the end' if pop(@more) ne '';
	die 'checkpoint: origin' if $origin eq '';
	die 'checkpoint: size' if $size !~ /\A(?:0|[1-9][0-9]*)\z/;
	my $octets = from_base64($root) // die 'checkpoint: root';
	die 'checkpoint: root' if length $octets != 32;
	die 'checkpoint: empty line' if grep { $_ eq '' } @more;
	return { origin => $origin, size => $size, root => $octets,
	    more => \@more };
}

sub leaf_hash { return sha256("\x00" . $_[0]) }
sub node_hash { return sha256("\x01" . $_[0] . $_[1]) }

# The largest power of two below n.
sub cut {
	my ($n) = @_;
	my $k = 1;
	$k *= 2 while $k * 2 < $n;
	return $k;
}

# MTH of leaf hashes.
sub root_of {
	my @hashes = @_;
	return sha256('') if !@hashes;
	return $hashes[0] if @hashes == 1;
	my $k = cut(scalar @hashes);
	return node_hash(root_of(@hashes[0 .. $k - 1]),
	    root_of(@hashes[$k .. $#hashes]));
}

sub log_root {
	my ($log) = @_;
	return root_of(map { leaf_hash($_) } split /\n/, $log);
}

# What PATH(m, D[n]) leads to from a leaf hash; takes from the end of the path.
sub climb {
	my ($leaf, $m, $n, $path) = @_;
	return $leaf if $n == 1;
	my $k = cut($n);
	my $other = pop @$path // die 'path too short';
	return $m < $k
	    ? node_hash(climb($leaf, $m, $k, $path), $other)
	    : node_hash($other, climb($leaf, $m - $k, $n - $k, $path));
}

sub inclusion_holds {
	my ($leaf, $m, $n, $root, @path) = @_;
	return 0 if $m >= $n;
	my $got = eval { climb(leaf_hash($leaf), $m, $n, \@path) };
	return defined $got && !@path && $got eq $root ? 1 : 0;
}

# SUBPROOF(m, D[n], b): the roots of the old and of the new part.
sub grow {
	my ($m, $n, $b, $old, $path) = @_;
	if ($m == $n) {
		my $hash = $b ? $old : pop @$path // die 'path too short';
		return ($hash, $hash);
	}
	my $k = cut($n);
	my $other = pop @$path // die 'path too short';
	if ($m <= $k) {
		my ($before, $after) = grow($m, $k, $b, $old, $path);
		return ($before, node_hash($after, $other));
	}
	my ($before, $after) = grow($m - $k, $n - $k, 0, $old, $path);
	return (node_hash($other, $before), node_hash($other, $after));
}

sub consistency_holds {
	my ($m, $old, $n, $new, @path) = @_;
	return 0 if $m > $n || $m == 0;
	my ($before, $after) = eval { grow($m, $n, 1, $old, \@path) };
	return defined $before && !@path && $before eq $old && $after eq $new
	    ? 1 : 0;
}

# A snapshot of nobody's, made by hand of lines and blobs.
sub by_hand {
	my ($to, $origin, $lines, @blobs) = @_;
	my $log = join '', map { "$_\n" }
	    "{\"format\":\"keysnap-log 1\",\"origin\":\"$origin\",\"type\":\"store\"}",
	    @$lines;
	my %file = ('log.jsonl' => $log, 'keys.mdb' => '');
	$file{'evidence/pack-000000'} = join '',
	    map { sha256_hex($_) . ' ' . length($_) . "\n$_\n" } @blobs
	    if @blobs;
	mkdir $to or die;
	mkdir "$to/evidence" if @blobs;
	put("$to/$_", $file{$_}) for keys %file;
	my $manifest = join '',
	    map { sha256_hex($file{$_}) . "  $_\n" } sort keys %file;
	put("$to/MANIFEST", $manifest);
	put("$to/checkpoint", "$origin\n" . (1 + @$lines) . "\n"
	    . encode_base64(log_root($log), '') . "\nmanifest-sha256 "
	    . sha256_hex($manifest) . "\n");
	return $log;
}

1;
