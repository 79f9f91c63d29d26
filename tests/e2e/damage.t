#!/usr/bin/perl
# The damage matrix: what storing and passing on does to a signed message, and
# the repair that undoes it, cell by cell.  The edits of a record, applied to
# the file by hand, give a message that verifies without repairs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use MIME::Base64;
use Test::More;

my $dir = scratch() . '/damage';
ok_run(generator(), '--damage', $dir);
my $snapshot = make_snapshot(["$dir/keys.jsonl"]);

# The record of the first message of a file, with the options given.
sub first_record {
	my ($file, @options) = @_;
	if ($file =~ /\.mbox$/) {
		my (undef, $records) =
		    verify_records($snapshot, @options, $file);
		return $records->[0];
	}
	my ($code, $out, $err) = run('verifier', 'check', '--json', '-s',
		$snapshot, @options, $file);
	my ($record) = $code <= 1 ? records($out) : ();
	diag("$file: exit $code $err") unless $record;
	return $record // {};
}

sub apply {
	my ($text, $edits) = @_;
	my ($at, $out) = (0, '');
	for my $edit (@$edits) {
		$out .= substr($text, $at, $edit->{at} - $at);
		my $insert = $edit->{insert};
		$insert = decode_base64($edit->{insert_b64})
		    if defined $edit->{insert_b64};
		$out .= $insert;
		$at = $edit->{at} + $edit->{remove};
	}
	return $out . substr($text, $at);
}

my %green = map { $_ => 1 } qw(verified verified-repaired);
my $cells = 0;
for (split /\n/, get("$dir/expect.tsv")) {
	my ($file, $want, $repairs) = split /\t/;
	my $record = first_record("$dir/$file");
	my $got = join(' ', @{ $record->{repairs} // [] }) || '-';
	$cells++;
	is($record->{verdict}, $want, "$file: verdict")
	    or diag("@{$record->{reasons} // []} ($got)");
	is($got, $repairs, "$file: repairs");
	next if $repairs eq '-';
	my $without = first_record("$dir/$file", '--repairs', 'container');
	unlike($without->{verdict}, qr/^verified/,
		"$file: not without its repairs");
	is($without->{sha256}, $record->{sha256}, "$file: one identity");
	put("$dir/mended.eml", apply(get("$dir/$file"), $record->{edits}));
	is(first_record("$dir/mended.eml", '--repairs', 'container')->{verdict},
		'verified', "$file: verifies once its edits are made");
}
cmp_ok($cells, '>', 100, 'cells were looked at');
# The 24 rows of the matrix, each under three canonicalisations.
for my $row (map { sprintf '%02d', $_ } 1 .. 24) {
	my %canons = map { $_ => 1 }
	    get("$dir/expect.tsv") =~ /^$row-\S*-(\w+)\.\w+\t/mg;
	is(join(' ', sort keys %canons), 'mixed relaxed simple', "row $row");
}
is(first_record("$dir/01-line-feeds-simple.eml", '--repairs', 'none')
	->{verdict}, 'verified', 'the wire form is no repair');
my ($code, undef, $err) = run('verifier', 'check', '-s', $snapshot,
	'--repairs', 'some', "$dir/00-none-simple.eml");
is($code, 2, 'a scope that is none is refused');
like($err, qr/none container all/, 'with the words for it');
done_testing();
