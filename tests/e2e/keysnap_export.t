#!/usr/bin/perl
# keysnap_export.t - what other tools read, read again.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use E2e;
use File::Find qw(find);
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use Test::More;

my $folder = scratch();
chdir $folder or die;
my $raw = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
my $key = "v=DKIM1; k=ed25519; p=$raw";
my $json = JSON::PP->new->canonical->latin1;

# Records, as their character-strings; a single string in a reference is one
# that the source had joined.  What a format cannot write is marked.
my @cases = (
	[ 'plain', [ $key ] ],
	[ 'two strings', [ 'v=DKIM1; k=ed25519; ', "p=$raw" ] ],
	[ 'joined, long', \("v=DKIM1; n=" . 'x' x 600 . '; p=') ],
	[ 'revoked', [ 'v=DKIM1; p=' ] ],
	[ 'an empty string', [ '' ], 'opendkim' ],
	[ 'empty ones between', [ '', "v=DKIM1; p=$raw", '' ] ],
	[ 'quotes', [ 'v=DKIM1; n="\\";(' . "'" . '); p=' ] ],
	[ 'escapes', [ 'a\\065\\"b' ] ],
	[ 'a comment', [ '; <<>> DiG 9 # ;; WHEN: x' ] ],
	[ 'line ends', [ "a\nb._domainkey.evil.example TXT x\r\n" ], 'opendkim' ],
	[ 'a carriage return', [ "v=DKIM1\r" ], 'opendkim' ],
	[ 'NUL', [ "v=DKIM1\0; p=" ], 'opendkim' ],
	[ '8-bit', [ "v=DKIM1; n=\xff\x80" ], 'mailauth' ],
	[ 'UTF-8', [ "v=DKIM1; n=\xc3\xa9\xe2\x80\xae" ] ],
	[ 'UTF-8 across strings', [ "v=DKIM1; n=\xc3", "\xa9" ], 'mailauth' ],
	[ 'a quote first', [ '"v=DKIM1"' ], 'opendkim' ],
	[ 'a space first', [ ' v=DKIM1' ], 'opendkim' ],
	[ 'a TAB last', [ "v=DKIM1;\t" ], 'opendkim' ],
	[ 'a record type', [ 'TXT "v=DKIM1"' ], 'opendkim' ],
	[ 'another', [ 'in' ], 'opendkim' ],
	[ 'a formula', [ '=cmd|\' /C calc\'!A0' ] ],
	[ 'a formula too', [ '@SUM(1,2)' ] ],
	[ 'a directive', [ '$INCLUDE /etc/passwd' ] ],
	[ 'the notation of RFC 3597', [ '\\# 4 0a000001' ] ],
	[ 'JSON', [ '"]],"x":{"TXT":[["' ], 'opendkim' ],
	[ 'full strings', [ ('y' x 255) x 20 ] ],
	[ 'every octet', [ join '', map { chr } 0 .. 127 ], 'opendkim' ],
);

sub line_of {
	my ($selector, $strings, %more) = @_;
	my $txt = ref $strings eq 'ARRAY'
	    ? [ map { encode_base64($_, '') } @$strings ]
	    : encode_base64($$strings, '');
	return $json->encode({ domain => 'example.org',
	    selector => $selector, txt_b64 => $txt, %more }) . "\n";
}

# What a store has: name, record joined -> strings.
sub records_of {
	my ($store) = @_;
	my %found;
	for my $entry (records(ok_run('keysnap', 'export', $store, '--format',
	    'canonical'))) {
		next if $entry->{type} ne 'observation';
		my @strings = map { s/\\(\d{3})/chr $1/ger }
		    @{ $entry->{strings} };
		$found{"$entry->{name} " . join '', @strings} = \@strings;
	}
	return \%found;
}

ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
my $n = 0;
put('=keys.jsonl', join '', map { line_of('s' . $n++, $_->[1],
    source => "=HYPERLINK(\"x\")\e[31m\x{202e}") } @cases);
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', 'test',
    '--observed-at', 'none', '=keys.jsonl');

for my $format ('zone', 'opendkim', 'mailauth') {
	my ($code, $text, $err) = run('keysnap', 'export', 'store', '--format',
	    $format);
	is($code, 0, $format);
	my $unfit = grep { ($_->[2] // '') eq $format } @cases;
	like($err, $unfit ? qr/^keysnap: $unfit records hold octets that this format cannot write, and left out$/m
	    : qr/\A\z/, "$format: what it cannot hold is counted");
	put("out.$format", $text);
	ok_run('keysnap', 'init', "again-$format");
	ok_run('keysnap', 'import', "again-$format", '--format', $format,
	    '--observed-at', 'none', "out.$format");
	my $got = records_of("again-$format");
	my $i = 0;
	for my $case (@cases) {
		my $name = 's' . $i++ . '._domainkey.example.org';
		my $want = ref $case->[1] eq 'ARRAY' ? $case->[1]
		    : [ ${ $case->[1] } =~ /(.{1,255})/gs ];
		$want = [ join '', @$want ] if $format eq 'opendkim';
		my $strings = delete $got->{"$name " . join '', @$want};
		is_deeply($strings, ($case->[2] // '') eq $format ? undef : $want,
		    "$format: $case->[0]");
	}
	is_deeply($got, {}, "$format: and nothing else");
}
# The keys that a verifier sees are the same.
ok_run('keysnap', 'init', 'plain', '--origin', 'example.org/plain');
put('plain.jsonl', join '', map { line_of("p$_", [ $key ]) } 1 .. 3);
ok_run('keysnap', 'import', 'plain', '--format', 'jsonl', '--source', 'out.x',
    '--observed-at', 'none', 'plain.jsonl');
for my $format ('zone', 'opendkim', 'mailauth') {
	put('out.x', ok_run('keysnap', 'export', 'plain', '--format', $format));
	ok_run('keysnap', 'init', "plain-$format");
	ok_run('keysnap', 'import', "plain-$format", '--format', 'auto',
	    '--observed-at', 'none', 'out.x');
	is(ok_run('keysnap', 'list', "plain-$format"),
	    ok_run('keysnap', 'list', 'plain'), "$format: the same list");
}

# Several records of a name, sightings and retractions.
ok_run('keysnap', 'init', 'many', '--origin', 'example.org/many');
put('many.jsonl', join '', line_of('m', [ 'v=DKIM1; p=' ], first_seen => 2012),
    line_of('m', [ $key ], first_seen => 2014), line_of('m', [ $key ],
    first_seen => 2011), line_of('m', [ 'v=DKIM1; n=wrong; p=' ],
    first_seen => 2015), line_of('gone', [ $key ], first_seen => 2015),
    $json->encode({ domain => 'example.org', selector => 'none',
    kind => 'nxdomain', first_seen => 2015 }) . "\n");
ok_run('keysnap', 'import', 'many', '--format', 'jsonl', '--source', 'test',
    'many.jsonl');
ok_run('keysnap', 'annotate', 'many', '--retract', '5', '6');
my ($code, $out, $err) = run('keysnap', 'export', 'many', '--format',
    'opendkim');
is($out, "# DKIM keys, the latest seen of a name first\n"
    . "m._domainkey.example.org $key\nm._domainkey.example.org v=DKIM1; p=\n",
    'each record once, the latest seen first, none that is retracted');
like($err, qr/2 observations are retracted, and left out\n/, 'which is said');
like($err, qr/1 entries under these names are no TXT records/,
    'so is what has no record');
($code, $out, $err) = run('keysnap', 'export', 'many', '--format', 'jsonl');
is(scalar(() = $out =~ /\n/g), 4, 'jsonl: none that is retracted');
like($err, qr/2 observations are retracted/, 'jsonl: which is said');
is(ok_run('keysnap', 'export', 'many', '--format', 'canonical'),
    ok_run('keysnap', 'export', 'many', '--format', 'log'), 'canonical');

# CSV.
sub rows {
	my ($text) = @_;
	my @rows = ([]);
	while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gc) {
		my ($quoted, $plain, $end) = ($1, $2, $3);
		push @{ $rows[-1] }, defined $quoted ? $quoted =~ s/""/"/gr
		    : $plain;
		push @rows, [] if $end eq "\r\n";
	}
	die 'not all is CSV' if (pos($text) // 0) != length $text;
	pop @rows;
	return @rows;
}
($code, $out, $err) = run('keysnap', 'export', 'store', '--format', 'csv');
is($code, 0, 'csv');
my ($head, @rows) = rows($out);
is(scalar @rows, scalar @cases, 'csv: a row for each observation');
is(scalar(grep { @$_ != @$head } @rows), 0, 'csv: as wide as the head');
is(scalar(grep { /\A[=+\-@\t\r]/ } map { @$_ } @rows), 0, 'csv: no formula');
is(scalar(grep { /[\x00-\x1f\x7f]|\xe2\x80\xae/ } map { @$_ } @rows), 0,
    'csv: no control character');
my %first;
@first{@$head} = @{ $rows[0] };
is($first{txt}, "\"$key\"", 'csv: an exact string in quotes');
is($first{observer}, '\'=HYPERLINK("x")\\u{1b}[31m\\u{202e}', 'csv: an observer');
is($first{file}, '\'=keys.jsonl', 'csv: a file');
is("$first{type} $first{bits} $first{time_kind}", 'ed25519 256 none',
    'csv: what it is');
put('out.csv', $out);
ok_run('keysnap', 'init', 'again-csv');
ok_run('keysnap', 'import', 'again-csv', '--format', 'table', '--map',
    'name=name,txt=txt', '--observed-at', 'none', '--skip-bad', 'out.csv');
my $again = records_of('again-csv');
$n = 0;
for my $case (@cases) {
	my $strings = $again->{'s' . $n++ . '._domainkey.example.org '
	    . join '', ref $case->[1] eq 'ARRAY' ? @{ $case->[1] } : ${ $case->[1] }};
	is_deeply($strings, ref $case->[1] eq 'ARRAY' ? $case->[1]
	    : [ ${ $case->[1] } ], "csv: $case->[0]");
}
@rows = rows(ok_run('keysnap', 'export', 'many', '--format', 'csv'));
is(join(' ', map { $_->[-1] } @rows), 'retracted_by    8 8 ',
    'csv: what is retracted, and by what');

# A bag.
ok_run('keysnap', 'annotate', 'many', '--note', 'x', '--entry', '2',
    '--evidence', 'out.csv');
ok_run('keysnap', 'keygen', '-o', 'key', '--name', 'example.org/signer');
ok_run('keysnap', 'freeze', 'many', 'snap', '--sign-key', 'key');
ok_run('keysnap', 'keygen', '-o', 'key2', '--name', 'example.org/second');
ok_run('keysnap', 'stamp', 'snap', '--sign-key', 'key2');
put("snap/seals/100% \n", 'odd');
ok_run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'bag/',
    '--public-key', 'key.pub', '--made', '2020-02-03');
ok_run('diff', '-r', 'snap', 'bag/data');
like(ok_run('keysnap', 'verify', 'bag/data', '--public-key', 'key.pub'),
    qr/^ok/m, 'data is the snapshot');
is(get('bag/bagit.txt'), "BagIt-Version: 1.0\n"
    . "Tag-File-Character-Encoding: UTF-8\n", 'bagit.txt');
my ($files, $octets, %payload) = (0, 0);
find({ no_chdir => 1, wanted => sub {
	return if !-f $_;
	$files++;
	$octets += -s $_;
	$payload{ s{\Abag/}{}r =~ s/%/%25/gr =~ s/\n/%0A/gr } =
	    sha256_hex(get($_));
} }, 'bag/data');
is_deeply({ map { /\A(\w{64})  (.*)\z/ ? ($2 => $1) : die $_ }
    split /\n/, get('bag/manifest-sha256.txt') }, \%payload,
    'the manifest is that of the payload');
my ($root) = ok_run('keysnap', 'list', 'snap', '--json', '--public-key',
    'key.pub') =~ /"root":"(\w+)"/;
is(get('bag/bag-info.txt'), <<"INFO", 'bag-info.txt');
Bag-Software-Agent: keysnap 0.2.0
Bagging-Date: 2020-02-03
External-Description: keysnap snapshot of DKIM keys, log example.org/many
External-Identifier: $root
Payload-Oxum: $octets.$files
INFO
chdir 'bag' or die;
ok_run('sha256sum', '--strict', '-c', 'tagmanifest-sha256.txt');
chdir $folder or die;
like(get('bag/tagmanifest-sha256.txt'), qr/bag-info\.txt\n.*bagit\.txt\n.*manifest-sha256\.txt\n\z/s,
    'the tag files are in their manifest');
ok_run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'bag2',
    '--public-key', 'key.pub', '--made', '2020-02-03');
ok_run('diff', '-r', 'bag', 'bag2');
is((run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'bag'))[0], 2,
    'a bag is never replaced');
is((run('keysnap', 'export', 'many', '--format', 'bagit', '-o', 'bag3'))[0], 2,
    'a store is not packed');
ok(!-e 'bag3', 'and nothing is made');
is((run('keysnap', 'export', 'snap', '--format', 'bagit'))[0], 2, 'no -o');
is((run('keysnap', 'export', 'snap', '--format', 'zone', '-o', 'x'))[0], 2,
    '-o without a bag');
is((run('keysnap', 'export', 'snap', '--format', 'zone', '--made', '2020'))[0],
    2, '--made without a bag');
is((run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'x', '--made',
    'soon'))[0], 2, '--made is a time');
is((run('keysnap', 'export', 'snap', '--format', 'yaml'))[0], 2, 'no format');
is((run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'no/bag'))[0],
    6, 'a folder that is not there');
chmod 0644, 'snap/evidence/pack-000000';
put('snap/evidence/pack-000000', get('snap/evidence/pack-000000')
    =~ s/example/exemple/r);
is((run('keysnap', 'export', 'snap', '--format', 'bagit', '-o', 'bag4'))[0], 4,
    'a snapshot that is damaged');
is_deeply([ glob 'bag4*' ], [], 'leaves nothing');

done_testing();
