#!/usr/bin/perl
# The rules of the time and the rules of today: messages of 2008, 2012 and 2020
# and what RFC 4871, 6376, 8301, 8463 and 8616 make of them.  No verdict or
# result is another for it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use SignedMail;
use Test::More;
use Time::Local qw(timegm);

ok_run('openssl', 'version');
my ($old, $short, $tiny, $ed) = map { signing_key($_) } 1024, 768, 512, 0;
my %tags = (g => 'g=bob; ', none => 'g=; ', testing => 't=y; ',
	strict => 't=s; ');
my @lines;
for my $year (2008, 2012, 2020) {
	push @lines, key_line("y$year.example", 'plain', $old, '', $year),
	    key_line("y$year.example", 'short', $short, '', $year),
	    key_line("y$year.example", 'tiny', $tiny, '', $year),
	    key_line("y$year.example", 'ed', $ed, '', $year),
	    key_line('xn--bcher-kva.example', "s$year", $old, '', $year),
	    map { key_line("y$year.example", $_, $old, $tags{$_}, $year) }
	    sort keys %tags;
}
my $dir = scratch() . '/rules';
mkdir $dir or die $!;
put("$dir/keys.jsonl", join '', @lines);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);

my %key = (short => $short, tiny => $tiny, ed => $ed);

# year, selector, options; result; "then" and "today" as "RFC result reasons",
# or nothing where neither differs from the result.
my ($pass4871, $pass) = ('RFC 4871 pass pass', 'RFC 6376 pass pass');
my ($sha1, $weak) = ('RFC 8301 policy sha1', 'RFC 8301 policy weak-key');
my @cases = (
	[2008, 'plain', {}, 'pass'],
	[2012, 'plain', {}, 'pass'],
	[2020, 'plain', {}, 'pass'],
	[2008, 'plain', { sha1 => 1 }, 'pass', $pass4871, $sha1],
	[2012, 'plain', { sha1 => 1 }, 'pass', $pass, $sha1],
	[2020, 'plain', { sha1 => 1 }, 'pass', $sha1, $sha1],
	[2012, 'plain', { sha1 => 1, altered => 1 }, 'fail'],
	[2008, 'short', {}, 'pass', $pass4871, $weak],
	[2012, 'tiny', {}, 'pass', $pass, $weak],
	[2020, 'short', {}, 'pass', $weak, $weak],
	[2012, 'tiny', { sha1 => 1 }, 'pass', $pass,
		'RFC 8301 policy sha1 weak-key'],
	[2008, 'g', { tags => 'i=bob@y2008.example; ' }, 'pass'],
	[2008, 'g', { tags => 'i=eve@y2008.example; ' }, 'pass',
		'RFC 4871 permerror key-granularity', $pass],
	[2008, 'g', {}, 'pass', 'RFC 4871 permerror key-granularity', $pass],
	[2008, 'none', {}, 'pass', 'RFC 4871 permerror key-granularity', $pass],
	[2012, 'none', {}, 'pass'],
	[2020, 'g', {}, 'pass'],
	[2008, 'testing', {}, 'pass', 'RFC 4871 none testing-key',
		'RFC 6376 none testing-key'],
	[2020, 'testing', { altered => 1 }, 'fail',
		'RFC 6376 none testing-key', 'RFC 6376 none testing-key'],
	[2012, 'strict', { tags => 'i=@sub.y2012.example; ' }, 'permerror'],
	[2012, 'ed', {}, 'pass', 'RFC 6376 neutral signature-unknown-algorithm',
		'RFC 8463 pass pass'],
	[2020, 'ed', {}, 'pass'],
	[2012, 'gone', {}, 'temperror'],
	[2012, 'gone', { key => $ed }, 'temperror',
		'RFC 6376 neutral signature-unknown-algorithm',
		'RFC 8463 temperror key-missing'],
	[2012, 's2012', { d => "b\xc3\xbccher.example",
			domain => 'xn--bcher-kva.example' }, 'pass',
		'RFC 6376 neutral signature-syntax', 'RFC 8616 pass pass'],
	[2012, 's2012', { domain => 'xn--bcher-kva.example' }, 'pass'],
	[2020, 's2020', { d => "b\xc3\xbccher.example",
			domain => 'xn--bcher-kva.example' }, 'pass'],
	[2008, 'plain', { sha1 => 1, at => timegm(0, 0, 12, 13, 2, 2006) },
		'pass', undef, $sha1],
	[2020, 'plain', { sha1 => 1, no_time => 1 }, 'pass', undef, $sha1],
);

sub words {
	my ($outcome) = @_;
	return join ' ', $outcome->{rules}, $outcome->{result},
	    @{ $outcome->{reasons} };
}

my $n = 0;
my %text;
for (@cases) {
	my ($year, $selector, $o, $result, @want) = @$_;
	my $name = "$year $selector " . join ' ', map { "$_=$o->{$_}" }
	    grep { $_ ne 'key' } sort keys %$o;
	my $file = sprintf '%s/%d.eml', $dir, ++$n;
	put($file, signed_mail(domain => "y$year.example",
		key => $key{$selector} // $old, selector => $selector,
		at => timegm(0, 0, 12, 13, 2, $year), %$o));
	my (undef, $out, $err) =
	    run('verifier', 'check', '--json', '-s', $snapshot, $file);
	my ($record) = records($out);
	my $signature = $record->{signatures}[0];
	is($signature->{result}, $result, "$name: result") or diag($err);
	my $rules = $signature->{rules};
	my $people = (run('verifier', 'check', '-s', $snapshot, $file))[1];
	my $said = $people =~ /^  under the rules of the time it states (.*)$/m ? $1 : '';
	if (!@want) {
		is($rules, undef, "$name: the rules change nothing");
		is($said, '', "$name: and nothing is said");
		next;
	}
	is(words($rules->{today}), $want[1], "$name: today");
	if (!defined $want[0]) {
		is($rules->{then}, undef, "$name: no time, no rules of it");
		like($said, $o->{no_time} ? qr/^\(none\): not known; under/
			: qr/^\(before RFC 4871\): there were none; under/,
			"$name: said");
		next;
	}
	is(join('|', map { words($_) } @{ $rules->{then} }), $want[0],
		"$name: then");
	my ($then, $today) = map {
		my ($rfc, $word, $why) = /^(RFC \d+) (\w+) (.*)/;
		"($rfc): $word" . ($word eq 'pass' ? '' : " [$why]");
	} @want;
	# Nobody is to take an RFC's "pass" for the verdict.
	my $word = "$then$today" =~ /pass/
	    ? '; "pass" is a word of these RFCs, not the verdict' : '';
	is($said, "$then; under today's $today$word", "$name: said");
	$text{$name} = $file;
}

# A message whose interval reaches over a change has both.
my $between = "$dir/between.eml";
put($between, "Received: from a by b; Tue, 13 Mar 2018 12:00:00 +0000\r\n"
    . signed_mail(domain => 'y2012.example', key => $old, sha1 => 1,
	selector => 'plain', at => timegm(0, 0, 12, 13, 2, 2012)));
my ($record) = records((run('verifier', 'check', '--json', '-s', $snapshot,
	$between))[1]);
is(join('|', map { words($_) } @{ $record->{signatures}[0]{rules}{then} }),
	"$pass|$sha1", 'over a change: both');
like((run('verifier', 'check', '-s', $snapshot, $between))[1],
	qr/states \(RFC 6376\): pass, or \(RFC 8301\): policy \[sha1\]; under/,
	'and both are said');

# explain has a line for each document.
my $explained = ok_run('verifier', 'explain', '-s', $snapshot,
	$text{'2008 g '});
like($explained, qr/^  by the rules .*results of these RFCs, not the verdict/m,
	'explain: what these lines are');
like($explained, qr/^    since RFC 4871 \(2007-05\): permerror, key-granul/m,
	'explain: RFC 4871');
like($explained, qr/^    since $_: pass$/m, "explain: $_") for
    'RFC 6376 \(2011-09\)', 'RFC 8301 \(2018-01\)', 'RFC 8463 \(2018-09\)',
    'RFC 8616 \(2019-06\)';

# The clock plays no part, and a case shows the same.
my (undef, $records, $case) = verify_records($snapshot, $dir);
for my $record (grep { $_->{source}{path} =~ /eml$/ } @$records) {
	my ($alone) = records((run('verifier', 'check', '--json', '-s',
		$snapshot, "$dir/$record->{source}{path}"))[1]);
	is_deeply($record->{signatures}, $alone->{signatures},
		"$record->{source}{path}: as in a case");
}
like((run('verifier', 'show', $case, $records->[0]{seq}))[1],
	qr/meaning/, 'show reads the case');
my ($ruled) = grep { $_->{signatures}[0]{rules} } @$records;
like((run('verifier', 'show', $case, $ruled->{seq}))[1],
	qr/^  under the rules of the time it states /m, 'show says the rules');
is((run('verifier', 'replay', $case, '--archive', $dir, '--snapshot',
	$snapshot))[0], 0, 'replay is identical');
done_testing();
