#!/usr/bin/perl
# verifier check --format ar: an Authentication-Results field for each message,
# read back by the grammar of RFC 8601 2.2 and compared with the record.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use SignedMail;
use Test::More;
use Time::Local qw(timegm);

# ---- the grammar -------------------------------------------------------------

my $comment = qr/\((?:[^()\\]|\\.)*\)/;
my $cfws = qr/(?:[ \t]|\n[ \t]|$comment)*/;
my $token = qr/[!#\$%&'*+\-.0-9A-Z^_`a-z{|}~]+/;
my $quoted = qr/"(?:[ !#-\[\]-~]|\\[ -~])*"/;
my $keyword = qr/[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/;
my $name = qr/[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?/;
my $pvalue = qr/(?:$quoted|(?:(?:$token)?\@)?$name|$token)(?=[ \t\n(;])/;

sub value {
	my ($text) = @_;
	return $text if $text !~ s/\A"(.*)"\z/$1/s;
	return $text =~ s/\\(.)/$1/gr;
}

# The results of a field, or undef where it breaks the grammar.
sub read_field {
	my ($text) = @_;
	my @results;
	$text =~ /\AAuthentication-Results:$cfws$token/gc or return undef;
	return \@results if $text =~ /\G$cfws;${cfws}none$cfws\n\z/gc;
	while ($text =~ /\G$cfws;$cfws($keyword)$cfws=$cfws($keyword)/gc) {
		my %one = (method => $1, result => $2);
		$one{reason} = value($1)
		    if $text =~ /\G${cfws}reason$cfws=$cfws($quoted|$token)/gc;
		while ($text =~
		    /\G$cfws($keyword)$cfws\.$cfws($keyword)$cfws=$cfws($pvalue)/gc)
		{
			return undef if exists $one{"$1.$2"};
			$one{"$1.$2"} = value($3);
		}
		push @results, \%one;
	}
	return $text =~ /\G$cfws\n\z/gc && @results ? \@results : undef;
}

# See the reader refuse.
is(read_field("Authentication-Results: a.example; $_\n"), undef, "refused: $_")
    for 'dkim', 'dkim=', 'dkim=pass header.d="a', 'dkim=pass header.d=a;b;',
    'dkim=pass (', 'dkim=pass header.b=a/b', 'dkim=pass header.d=a header.d=b';

# ---- against the records -----------------------------------------------------

my %seen;

# With these a signature that holds is no "pass" for who reads the word alone.
my %objection = map { $_ => 1 } qw(body-partly domainkeys forgeable-key
    from-multiple from-unparsable from-unsigned grade header-line-ends
    key-truncated mime-unsigned no-field-lines public-suffix revoked-then sha1
    testing-key time-contradicted time-unsupported weak-key);

# What the field must say of a signature, from the record.
sub wanted {
	my ($signature) = @_;
	my %one = (method => $signature->{kind},
		result => $signature->{result});
	$one{result} = $signature->{rules}{today}{result} if $signature->{rules};
	$one{result} = 'policy' if $one{result} eq 'pass' &&
	    grep { $objection{$_} } @{ $signature->{reasons} };
	# Of the message as it is stored, which is not what was judged then.
	$one{result} = 'fail' if $signature->{result} eq 'pass' &&
	    grep { /^re(?:paired|stored)$/ } @{ $signature->{reasons} };
	my @reasons = grep { $_ ne 'pass' } $signature->{rules}
	    ? @{ $signature->{rules}{today}{reasons} } : (),
	    @{ $signature->{reasons} };
	unshift @reasons, 'sha1' if $one{method} eq 'domainkeys' &&
	    $signature->{result} eq 'pass';
	my %had;
	$one{reason} = join ' ', grep { !$had{$_}++ } @reasons if @reasons;
	return \%one;
}

sub split_fields {
	return $_[0] =~ /(Authentication-Results:.*\n(?:[ \t].*\n)*)/g;
}

# All files at once.
sub compare_all {
	my ($snapshot, @files) = @_;
	my @run = ('verifier', 'check', '-s', $snapshot);
	my ($code, $json) = run(@run, '--json', @files);
	my ($ar_code, $text) = run(@run, '--format', 'ar', @files);
	my @fields = split_fields($text);
	is($ar_code, $code, 'the same exit code');
	is(join('', @fields), $text, 'nothing but fields');
	my @records = records($json);
	is(scalar @fields, scalar @files, 'one for each');
	compare($records[$_], $fields[$_], $files[$_]) for 0 .. $#files;
}

sub compare {
	my ($record, $text, $file) = @_;
	my $name = $file =~ s{.*/}{}r;
	my $field = read_field($text);
	ok($field, "$name: the grammar") or return diag($text);
	unlike($text, qr/[^\n\t -~]|.{998}/, "$name: ASCII, and no long line");
	return is(scalar @$field, 0, "$name: not checked")
	    if $record->{verdict} eq 'unreadable';
	my @want = map { wanted($_) } map {
		my $kind = $_;
		grep { $_->{kind} eq $kind } @{ $record->{signatures} }
	} 'dkim', 'domainkeys';
	unshift @want, { method => 'dkim', result => 'none' }
	    if !grep { $_->{method} eq 'dkim' } @want;
	my $arc = $record->{arc};
	push @want, { method => 'arc', result => $arc->{result},
		$arc->{result} eq 'pass' ? () : (reason => $arc->{reason}) }
	    if $arc && defined $arc->{result};
	my @got = map { my $r = $_; +{ map { ($_ => $r->{$_}) }
		grep { !/\./ } keys %$r } } @$field;
	is_deeply(\@got, \@want, "$name: as the record");
	my @dkim = grep { $_->{kind} eq 'dkim' } @{ $record->{signatures} };
	for my $i (0 .. $#dkim) {
		for my $tag (qw(i s a)) {
			my $value = $field->[$i]{"header.$tag"} // next;
			is($value, $dkim[$i]{$tag}, "$name: header.$tag");
		}
		my $d = $field->[$i]{'header.d'};
		ok($d eq ($dkim[$i]{d} // '') || $d eq $dkim[$i]{domain},
			"$name: header.d") if defined $d;
	}
	for (@$field) {
		$seen{"$_->{method} $_->{result}"}++;
		$seen{"$_->{result} $1"}++
		    if ($_->{reason} // '') =~ /\b(re(?:paired|stored))\b/;
	}
}

for my $what ('semantics', 'older', 'damage') {
	my $dir = scratch() . "/$what";
	ok_run(generator(), "--$what", $dir);
	my $snapshot = make_snapshot(["$dir/keys.jsonl"]);
	my @rows = map { [split /\t/] } split /\n/, get("$dir/expect.tsv");
	# Of the damage only what repairs undo.
	@rows = grep { $_->[0] =~ /eml$/ && $_->[2] ne '-' } @rows
	    if $what eq 'damage';
	my @files = map { "$dir/$_->[0]" } @rows;
	compare_all($snapshot, @files);
}
ok($seen{$_}, "met: $_") for 'dkim pass', 'dkim fail', 'dkim policy',
    'dkim none', 'dkim neutral', 'dkim temperror', 'dkim permerror',
    'domainkeys policy', 'domainkeys fail', 'arc pass', 'arc fail',
    'fail repaired', 'fail restored';
ok(!$seen{$_}, "never: $_") for 'pass repaired', 'pass restored';

# ---- hostile tags, several messages, options ---------------------------------

my $key = signing_key(1024);
put(scratch() . '/keys', key_line('a.example', 's', $key, '', 2020));
my $snapshot = make_snapshot([scratch() . '/keys']);
my %mail = (domain => 'a.example', selector => 's', key => $key,
	at => timegm(0, 0, 12, 13, 2, 2020));
my @files;
for my $i ("i=\"x; dkim=pass\"\@a.example; ", "i=b(c)\@a.example; ",
	"i=\\\"\@a.example; ", "i=a\@b\@a.example; ", "i=\r\n\t\@a.example; ",
	"i=\xc3\xbc\@a.example; ", 'i=' . 'x' x 300 . '@a.example; ',
	'i=bob@a.example; ')
{
	my $file = sprintf '%s/hostile%d.eml', scratch(), scalar @files;
	put($file, signed_mail(%mail, tags => $i));
	push @files, $file;
}
compare_all($snapshot, @files);
put(scratch() . '/unsigned.eml', "From: a\@a.example\r\n\r\nText\r\n");
put(scratch() . '/empty.eml', '');
my @check = ('verifier', 'check', '-s', $snapshot);
my @all = (@files, map { scratch() . "/$_.eml" } 'unsigned', 'empty');
my ($code, $text, $err) = run(@check, '--format', 'ar', @all);
is($code, 3, 'several messages, one of them empty');
my @fields = split_fields($text);
is(join('', @fields), $text, 'nothing but fields');
is(scalar @fields, scalar @all, 'one for each');
for my $i (0, $#files, $#all) {
	is((run(@check, '--format', 'ar', $all[$i]))[1], $fields[$i],
		"field $i is in its place");
}
is($fields[-2], "Authentication-Results: offline.verifier.invalid;\n"
    . "\tdkim=none\n", 'unsigned');
is($fields[-1], "Authentication-Results: offline.verifier.invalid; none\n",
	'unreadable');

is((run(@check, '--format', 'json', $files[0]))[1],
	(run(@check, '--json', $files[0]))[1], '--format json is --json');
is((run(@check, '--format', 'text', $files[0]))[1],
	(run(@check, $files[0]))[1], '--format text is the default');
is((run(@check, '--json', '--format', 'json', $files[-1]))[0], 0,
	'both may be given');
is((run(@check, @$_, $files[0]))[0], 2, "refused: @$_")
    for ['--format', 'xml'], ['--format', ''], ['--json', '--format', 'ar'],
    ['--json', '--format', 'text'];
done_testing();
