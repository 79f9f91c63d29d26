#!/usr/bin/perl
# Parts of an altered body that other messages with the Message-ID have, too:
# which, whose signature covers them there, and nothing more than that.
# Messages are signed here with openssl.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256 sha256_hex);
use E2e;
use JSON::PP;
use MIME::Base64;
use SignedMail;
use Test::More;

my $dir = scratch();
my $key = signing_key(1024);
put("$dir/keys.jsonl", join '', map { key_line($_, 's', $key, '', 2016) }
    qw(a.example list.example));
my $snapshot = make_snapshot([ "$dir/keys.jsonl" ]);

# ---- messages ------------------------------------------------------------------

my $pdf = join '', map { chr($_ * 7 % 256) } 1 .. 3000;
sub base64 { return encode_base64($_[0], "\r\n") =~ s/\r\n\z//r }

sub part {
	my ($type, $content, @more) = @_;
	return "--b\r\n" . join('', map { "$_\r\n" } "Content-Type: $type",
	    @more) . "\r\n$content\r\n";
}

sub pdf_part {
	my ($content, $name) = @_;
	return part('application/pdf', base64($content),
		'Content-Transfer-Encoding: base64',
		'Content-Disposition: attachment; filename="'
		    . ($name // 'a.pdf') . '"');
}
sub body { return join('', @_) . "--b--\r\n" }

my $text = part('text/plain', 'Pay 100 to Bob.');
my $altered = part('text/plain', 'Pay 900 to Eve, at once.');
my $footer = part('text/plain', "____\r\nlist footer");
my $whole = body($text, pdf_part($pdf));

sub header {
	my (%o) = @_;
	my @fields = ('From: alice@a.example', 'To: bob@b.example',
	    'Subject: plan', 'Date: Wed, 01 Jun 2016 00:00:00 +0000');
	push @fields, "Message-ID: <$o{id}\@a.example>" if defined $o{id};
	push @fields, 'MIME-Version: 1.0',
	    'Content-Type: ' . ($o{type} // 'multipart/mixed; boundary=b');
	return join '', map { "$_\r\n" } @fields;
}

# The signature of "domain" over "header" and "body", both simple; l= of it.
sub field {
	my ($domain, $header, $body, $l) = @_;
	my $names = join ':', map { lc s/:.*//sr } split /\r\n/, $header;
	my $field = "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; "
	    . "d=$domain;\r\n\ts=s; t=1464739200;"
	    . (defined $l ? " l=$l;" : '') . " h=$names;\r\n\tbh="
	    . encode_base64(sha256(defined $l ? substr($body, 0, $l) : $body),
		'') . ";\r\n\tb=";
	return $field . encode_base64(SignedMail::sign($key, 0,
		$header . $field), '') . "\r\n";
}

# As a.example signed it with "signed", with "body" now.
sub mail {
	my ($id, $body, %o) = @_;
	my $header = header(id => $id, type => $o{type});
	my $fields = field('a.example', $header, $o{signed} // $whole, $o{l});
	$fields = field('list.example', $header, $body, $o{list_l}) . $fields
	    if $o{list};
	return "$fields$header\r\n$body";
}

# The files, in their order, in a mailbox folder; what is printed of them.
my $runs = 0;
sub look {
	my ($verdicts, $name, @mails) = @_;
	my $in = sprintf '%s/in%d', $dir, ++$runs;
	mkdir $in or die "$in: $!";
	put(sprintf('%s/%02d.eml', $in, $_), $mails[$_]) for 0 .. $#mails;
	my (undef, $records, $case) = verify_records($snapshot, $in);
	is(join(' ', map { $_->{verdict} } @$records), $verdicts,
		"$name: verdicts");
	my $before = sha256_hex(get("$case/results.jsonl"));
	my ($code, $json, $err) = run('verifier', 'originals', '--json', $case);
	is($code, 0, "$name: ends well") or diag($err);
	($code, my $out, $err) = run('verifier', 'originals', $case);
	is(sha256_hex(get("$case/results.jsonl")), $before,
		"$name: the case is as it was");
	unlike($out, qr/[\x00-\x09\x0b-\x1f\x7f]/, "$name: no controls");
	return ($out, $err, records($json));
}

# "PART=RECORD.PART!" for each; "!": as stored.
sub pairs {
	my ($found) = @_;
	return join ' ', map { my $part = $_;
		map { "$part->{part}=$_->{record}.$_->{part}"
		    . ($_->{as_stored} ? '!' : '') } @{ $part->{same} }
	} @{ $found->{parts} };
}

# ---- a list copy with a footer, signed by the list ------------------------------

my $listed = body($text, pdf_part($pdf), $footer);
my ($out, $err, @found) = look('headers-only verified-unaligned', 'list',
	mail('list', body($altered, pdf_part($pdf))),
	mail('list', $listed, list => 1));
is(join(' ', map { $_->{seq} } @found), '1 2',
	'list: both have a body that a.example did not sign');
is(pairs($found[0]), '1=2.1!', 'list: the attachment');
is($found[0]{parts_total}, 2, 'list: of two parts');
is($found[0]{schema}, 'verifier-originals/1', 'list: schema');
my $same = $found[0]{parts}[0];
is($same->{sha256}, sha256_hex($pdf), 'list: hash');
is($same->{size}, length $pdf, 'list: size');
is($same->{name}, 'a.pdf', 'list: name');
is_deeply($same->{same}[0]{signatures}, [ { d => 'list.example',
	exact => JSON::PP::true,
	signature => 0, signed => 'all', verdict => 'verified-unaligned' } ],
	'list: by whom it is covered');
like($out, qr/^  part 2 \(application\/pdf, "a\.pdf", 3000 octets\) is the same, octet for octet, as part 2 of record 2 \(verified-unaligned\), whose signature by list\.example \(verified-unaligned\) covers it there$/m,
	'list: in words');
like($out, qr/^  1 of its parts is in none of the other messages/m,
	'list: the other part');
like($out, qr/^  note: that parts are the same now does not show what the body of this message was when it was signed\.$/m,
	'list: what it does not show');
like($err, qr/found for 0 headers and 0 bodies/, 'list: no body was found');
like($err, qr/found for 2 records more/, 'list: counted');

# l= of the list ends before the attachment, and in it.
for (['none', length $text, undef], ['partly', 200 + length $text, 'partly']) {
	my ($name, $l, $want) = @$_;
	($out, undef, @found) = look('headers-only verified-unaligned',
		"l= $name", mail('l', body($altered, pdf_part($pdf))),
		mail('l', $listed, list => 1, list_l => $l));
	is($found[0]{parts}[0]{same}[0]{signatures}[0]{signed}, $want,
		"l= $name");
	like($out, $want ? qr/covers a part of it there$/m
	    : qr/where no signature that passes covers it$/m, 'in words');
}

# ---- an attachment that was swapped; another encoding of the text ---------------

my $coded = part('text/plain', base64('Pay 100 to Bob.'),
	'Content-Transfer-Encoding: base64');
($out, undef, @found) = look('headers-only verified', 'swapped',
	mail('swap', body($text, pdf_part("$pdf!"))),
	mail('swap', body($coded, pdf_part($pdf)),
	    signed => body($coded, pdf_part($pdf))));
is(pairs($found[0]), '0=2.0', 'swapped: the text alone, and decoded');
like($out, qr/^  part 1 \(text\/plain, 15 octets\) has, decoded, the same content as part 1 of record 2 \(verified\), whose signature by a\.example \(verified\) covers it there$/m,
	'swapped: in words');

# ---- copies that are altered themselves, and disagree ---------------------------

my $other = part('text/plain', 'Pay 1 to Carol.');
($out, undef, @found) = look('headers-only headers-only headers-only',
	'altered', mail('three', body($altered, pdf_part($pdf))),
	mail('three', body($altered, pdf_part("$pdf!"))),
	mail('three', body($other, pdf_part($pdf))));
is(join(' | ', map { pairs($_) } @found), '0=2.0! 1=3.1! | 0=1.0! | 1=1.1!',
	'altered: each where it is');
is(scalar(grep { @{ $_->{signatures} } }
	map { map { @{ $_->{same} } } @{ $_->{parts} } } @found), 0,
	'altered: no signature covers any');
like($out, qr/as part 2 of record 3 \(headers-only\), where no signature that passes covers it$/m,
	'altered: in words');
unlike($out, qr/whose signature/, 'altered: no signature is named');

# The body is there whole: then no parts are needed.
(undef, undef, @found) = look('headers-only verified headers-only', 'whole',
	mail('whole', body($altered, pdf_part($pdf))), mail('whole', $whole),
	mail('whole', body($altered, pdf_part("$pdf!"))));
is(join(' ', map { $_->{bodies}[0]{record} } @found), '2 2', 'whole: found');
is(scalar(grep { exists $_->{parts} } @found), 0, 'whole: without parts');

# ---- no other message -----------------------------------------------------------

for ([ 'no Message-ID', undef, undef ], [ 'another', 'x', 'y' ]) {
	my ($name, @ids) = @$_;
	($out) = look('headers-only headers-only', $name,
		map { mail($ids[$_], body($altered, pdf_part($pdf),
		    $_ ? $footer : ())) } 0, 1);
	is($out, '', "$name: nothing is said");
}

# ---- the length, and a body without parts ---------------------------------------

my $plain = "Pay 100 to Bob.\r\nNow.\r\n";
($out, undef, @found) = look('headers-only headers-only', 'length',
	map { mail('l2', "Pay 900 to Eve, now.\r\n\r\nAt once.\r\n$_",
	    signed => $plain, type => 'text/plain', l => 17) } '', '');
is_deeply($found[0]{lengths}, [ { l => '17', signature => 0 } ], 'length');
like($out, qr/^  the signed body had at least 17 octets: l= of signature 1$/m,
	'length: in words');
is(pairs($found[0]), '0=2.0!', 'the whole body');
like($out, qr/^  the whole body \(text\/plain, 34 octets\) is the same, octet for octet, as the whole body of record 2 \(headers-only\),/m,
	'the whole body, in words');

# ---- hostile names, and bounds --------------------------------------------------

my $name = "../\e[2J\xe2\x80\xae" . 'x' x 600;
my @many = map { part('text/plain', "part $_") } 1 .. 80;
($out, undef, @found) = look(join(' ', ('headers-only') x 12), 'hostile',
	map { mail('h', body(pdf_part($pdf, $name), part('text/plain', "n $_"),
	    @many)) } 1 .. 12);
is(scalar @found, 12, 'hostile: all');
unlike($out, qr/\xe2\x80\xae/, 'hostile: no bidi control');
cmp_ok(length $found[0]{parts}[0]{name}, '<=', 255, 'hostile: name is cut');
is($found[0]{parts_total}, 82, 'hostile: parts');
is($found[0]{parts_left_out}, 18, 'hostile: parts past the bound');
is(scalar @{ $found[0]{parts} }, 63, 'hostile: those that are the same');
is(scalar @{ $found[0]{parts}[0]{same} }, 8, 'hostile: messages named');
is($found[0]{parts}[0]{same_left_out}, 3, 'hostile: and not named');
like($out, qr/^    and in 3 more messages$/m, 'hostile: said');
like($out, qr/^  not all of its parts were compared: 18 were left out$/m,
	'hostile: said of parts, too');
done_testing();
