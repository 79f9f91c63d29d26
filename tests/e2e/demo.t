#!/usr/bin/perl
# The demonstration archive: as mbox, Maildir and tree of .eml files it has
# the same identities and verdicts, and they are those that the generator
# wrote down.  Keys with times, master file and genkey files all serve.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
ok_run(generator(), '--mbox', "$dir/demo.mbox", '--maildir', "$dir/maildir",
	'--eml', "$dir/eml", '--keys-txt', "$dir/txt");

my %expect = map { my ($id, $verdict) = split /\t/; ($id => $verdict) }
    split /\n/, get(top() . '/data/demo-expect.tsv');
my $snapshot = demo_snapshot();
my %seen;

for my $form ('demo.mbox', 'maildir', 'eml') {
	my ($header, $records) = verify_records($snapshot, "$dir/$form");
	is(scalar @$records, scalar keys %expect, "$form: a record each");
	my @wrong;
	for my $record (@$records) {
		my $id = $record->{message}{message_id} // 'none';
		$seen{$form}{$id} = "$record->{sha256} $record->{verdict}";
		$id = "<$id>" unless $id =~ /^</;
		my $want = $expect{$id} // 'no such message';
		push @wrong, "$id: $record->{verdict} (@{$record->{reasons}}),"
		    . " not $want" if $record->{verdict} ne $want;
	}
	is(join("\n", @wrong), '', "$form: the verdicts that were made");
}
is_deeply($seen{maildir}, $seen{'demo.mbox'}, 'Maildir and mbox agree');
is_deeply($seen{eml}, $seen{'demo.mbox'}, '.eml tree and mbox agree');

# Without times all that can be green is not: grade F, time unknown.
for my $set ([ 'zone', top() . '/data/demo-keys.zone' ],
	[ 'zone', glob "$dir/txt/*.txt" ]) {
	my ($format, @files) = @$set;
	my $other = make_snapshot(\@files, format => $format,
		import => ['--observed-at', '2014-01-01T00:00:00Z']);
	my ($header, $records) = verify_records($other, "$dir/demo.mbox");
	my %results;
	$results{ $_->{signatures}[0]{result} // 'none' }++ for @$records;
	my $passes = grep { /^verified/ } values %expect;
	cmp_ok($results{pass}, '>=', $passes - 5, "$format of "
		. scalar(@files) . ': passes as with times');
}
done_testing();
