# CoveredMail.pm - a signer of bodies in parts, by the openssl command: which
# fields are named, how often, and l= are the caller's.
package CoveredMail;

use strict;
use warnings;
use Digest::SHA qw(sha256);
use E2e;
use Exporter qw(import);
use JSON::PP;
use MIME::Base64 qw(encode_base64);

our @EXPORT = qw(have_openssl key_snapshot sign part simple_body relax_body);

my ($key, $text_file);

sub have_openssl {
	return grep { -x "$_/openssl" } split /:/, $ENV{PATH};
}

# A key of s._domainkey.a.example, and a snapshot with it.
sub key_snapshot {
	my $lines = scratch() . '/covered-keys.jsonl';
	$key = scratch() . '/covered-key.pem';
	$text_file = scratch() . '/covered-text';
	ok_run('openssl', 'genrsa', '-out', $key, '2048');
	my $public = ok_run('openssl', 'rsa', '-in', $key, '-pubout',
		'-outform', 'DER');
	put($lines, JSON::PP->new->canonical->encode({
		domain => 'a.example', selector => 's', source => 'test',
		first_seen => '2016-01-01T00:00:00Z',
		last_seen => '2017-01-01T00:00:00Z',
		txt => 'v=DKIM1; p=' . encode_base64($public, '') }) . "\n");
	return make_snapshot([$lines]);
}

sub relax_field {
	my ($field) = @_;
	my ($name, $value) = split /:/, $field, 2;
	$value =~ s/\r\n//g;
	$value =~ s/[ \t]+/ /g;
	$value =~ s/^ | $//g;
	return lc($name) . ":$value";
}

sub relax_body {
	my ($body) = @_;
	$body =~ s/[ \t]+/ /g;
	$body =~ s/ (?=\r\n)//g;
	$body =~ s/(?:\r\n)+\z//;
	return length $body ? "$body\r\n" : '';
}

sub simple_body { return $_[0] =~ s/(?:\r\n)*\z/\r\n/r }

# "fields" and "body" signed, with h= "names" (from the bottom up) and, where
# "part" is given, l= of the canonical form of it.
sub sign {
	my ($fields, $body, %o) = @_;
	my $canon = $o{simple} ? \&simple_body : \&relax_body;
	my $signed = $canon->($body);
	my @names = @{ $o{names}
	    // [ qw(from to subject date message-id mime-version content-type) ] };
	my $length = '';
	if (defined $o{l}) {
		$signed = substr $signed, 0, $o{l};
		$length = " l=$o{l};";
	}
	my $field = 'DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; '
	    . 'c=relaxed/' . ($o{simple} ? 'simple' : 'relaxed') . ';'
	    . " t=1464739200;$length h=" . join(':', @names)
	    . '; bh=' . encode_base64(sha256($signed), '') . '; b=';
	my @left = @$fields;
	my $text = '';
	for my $name (@names) {
		my ($at) = grep { $left[$_] =~ /^\Q$name\E:/i } reverse 0 .. $#left;
		$text .= relax_field(splice @left, $at, 1) . "\r\n"
		    if defined $at;
	}
	put($text_file, $text . relax_field($field));
	my $b = encode_base64(ok_run('openssl', 'dgst', '-sha256', '-sign',
		$key, $text_file), '');
	return "$field$b\r\n" . join('', map { "$_\r\n" } @$fields) . "\r\n";
}

# A part behind the boundary "b", with the fields given.
sub part {
	my ($type, $content, @more) = @_;
	return "--b\r\n" . ($type eq '' ? '' : "Content-Type: $type\r\n")
	    . join('', map { "$_\r\n" } @more) . "\r\n$content\r\n";
}

1;
