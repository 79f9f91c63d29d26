#!/usr/bin/perl
# Header fields that were changed after they were signed: what was signed is
# found, and proved, where the search can find it; of the others nothing is
# said.  The table is the generator's.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Encode qw(encode);
use JSON::PP;
use MIME::Base64;
use Test::More;

my $dir = scratch() . '/originals';
ok_run(generator(), '--originals', $dir);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);

# What "check" prints of files.
sub check {
	my (@arguments) = @_;
	my ($code, $out, $err) =
	    run('verifier', 'check', '-s', $snapshot, @arguments);
	diag("$arguments[-1]: exit $code $err") if $code > 1;
	return $out;
}

# The octets of a member, without white space around them.
sub octets {
	my ($object, $name) = @_;
	return '-' unless defined $object->{$name};
	my $text = defined $object->{"${name}_b64"}
	    ? decode_base64($object->{"${name}_b64"})
	    : encode('UTF-8', $object->{$name});
	return $text =~ s/^\s+|\s+$//gr;
}

my ($found, $nothing, $lines) = (0, 0, 0);
my @rows = map { [ split /\t/ ] } split /\n/, get("$dir/expect.tsv");
my @files = map { "$dir/$_->[0]" } @rows;
my @records = records(check('--json', @files));
my @without = records(check('--json', '--repairs', 'container', @files));
is(scalar @records, scalar @rows, 'one record for each');
for (@rows) {
	my ($file, $verdict, $repairs, @want) = @$_;
	my $record = shift @records;
	my $fields = $record->{signatures}[0]{signed_fields};
	my @got = map { ($_->{name}, $_->{origin}, octets($_, 'signed')) }
	    @{ $fields // [] };
	is($record->{verdict}, $verdict, "$file: verdict")
	    or diag("@{$record->{reasons}}");
	is(join(' ', @{ $record->{repairs} }) || '-', $repairs,
		"$file: repairs");
	is(join("\n", @got), join("\n", @want), "$file: what was signed");
	is(scalar(grep { $_ eq 'signed-fields' } @{ $record->{reasons} }),
		@want ? 1 : 0, "$file: the reason");
	$lines += @want / 3;
	@want ? $found++ : $nothing++;
	my $without = shift @without;
	unlike($without->{verdict}, qr/^verified/, "$file: not without");
	is($without->{signatures}[0]{signed_fields}, undef,
		"$file: nor found without");
}
my $said = check(@files);
is(() = $said =~ /^  the signed \S+ was |^  when it was signed/mg, $lines,
	'all of it is said to people');
unlike($said, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'without control characters');
cmp_ok($found, '>', 50, 'rows with something to be found');
cmp_ok($nothing, '>', 40, 'and without');
like(check("$dir/28-copied-relaxed.eml"),
	qr/^  the signed Subject was "Minutes of the meeting in March" \(as the copy in z= has it\); stored: "All quiet"$/m,
	'in words');
like(check("$dir/62-sender-put-on-relaxed.eml"),
	qr/^  when it was signed there was no such Sender \(it was put on since\); stored: "list\@list.example"$/m,
	'what was put on');
done_testing();
