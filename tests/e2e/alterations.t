#!/usr/bin/perl
# Messages in which signed octets were changed, so that no white space, folding
# or quoting explains it: not one verifies, with all repairs tried; and where it
# is said what was signed, that is what was signed.
# ALTERATIONS says how many (3000).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use Test::More;

my $n = $ENV{ALTERATIONS} // 3000;
my $dir = scratch() . '/alterations';
ok_run(generator(), '--alterations', $dir, '--count', $n);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);
my (undef, $records) =
    verify_records($snapshot, "$dir/alterations.mbox");
is(scalar @$records, $n, 'one record for each message');
my %seen;
$seen{ $_->{verdict} }++ for @$records;
is(join(' ', grep { /^verified/ } sort keys %seen), '',
	'none of them verifies');
cmp_ok($seen{altered} // 0, '>', 0, 'altered headers are among them');
cmp_ok($seen{'headers-only'} // 0, '>', 0, 'and altered bodies');
# The values of the fields, white space set aside as "relaxed" does.
sub relaxed {
	my ($text) = @_;
	return $text =~ s/\\[rnt]/ /gr =~ s/\\"/"/gr =~ s/\s+/ /gr =~ s/^ | $//gr;
}

my %value;
for (split /\n/, get("$dir/fields.tsv")) {
	my ($name, $value) = split /\t/;
	$value{ lc $name } = relaxed($value);
}
my ($right, @wrong) = 0;
for my $record (@$records) {
	my $fields = $record->{signatures}[0]{signed_fields} // [];
	for (@$fields) {
		my $want = $value{ lc $_->{name} };
		if (defined $_->{signed} && relaxed($_->{signed}) eq $want) {
			$right++;
		} else {
			push @wrong, $record->{seq};
		}
	}
}
is("@wrong", '', 'nothing false is said to have been signed');
cmp_ok($right, '>', $n / 10, 'and what is true is');
note("fields that were signed: $right");
note("$_: $seen{$_}") for sort keys %seen;
done_testing();
