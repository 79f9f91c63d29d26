#!/usr/bin/perl
# What is read, and what is said about it beforehand: lists of files, dry
# runs, .emlx, companions of mail, lists of digests, bags.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::MD5 qw(md5_hex);
use Digest::SHA qw(sha256_hex);
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
my $snapshot = demo_snapshot();
my $cases = 0;
my $mail = "From: a\@example.com\nSubject: one\n\nbody\n";
my $other = "From: b\@example.com\nSubject: two\n\nbody\n";

sub folder { my ($path) = @_; mkdir $path or die "$path: $!"; return $path }

# A run: exit code, run.json, records, standard error and output.
sub verify {
	my (@arguments) = @_;
	my $case = sprintf '%s/in%d', $dir, ++$cases;
	my ($code, $out, $err) =
	    run('verifier', 'verify', '-s', $snapshot, '-o', $case, @arguments);
	my ($header, @records) = records(get("$case/results.jsonl"));
	return ($code, decode_json(get("$case/run.json")), \@records, $err,
		$out);
}

sub paths { return [ map { $_->{source}{path} } @{ $_[0] } ] }
sub codes { return [ map { $_->{code} } @{ $_[0] } ] }

# ---- lists of files
my $list = folder("$dir/list");
folder("$list/$_") for 'x', 'y';
put("$list/x/a.eml", $mail);
put("$list/y/a.eml", $other);
put("$list/names", "$list/y/a.eml\n\n$list/x/a.eml\n");
put("$list/zeros", "$list/x\0$list/y/a.eml\0");
my ($code, $run, $records, $err) = verify('--files-from', "$list/names");
is($code, 0, 'a list of files');
is_deeply(paths($records), [ "$list/y/a.eml", "$list/x/a.eml" ],
	'... is read in its order, and records name files as it does');
($code, $run, $records) = verify('--null', '--files-from', "$list/zeros");
is_deeply(paths($records), [ "$list/x/a.eml", "$list/y/a.eml" ],
	'names that end with NUL; a folder among them');
($code, $run, $records) = verify('--files-from', "$list/names", "$list/x");
is(scalar @$records, 3, 'arguments come beside the list');
for my $case ([ '--files-from', "$list/zeros" ], [ '--files-from', '/none' ],
	[ '--max-depth', '4', $list ], [ '--max-members', '0', $list ],
	[ '--max-memory', '1X', $list ]) {
	($code) = run('verifier', 'verify', '-s', $snapshot, '-o', "$dir/no",
		@$case);
	ok($code == 2 || $code == 3, "@$case: refused");
	ok(!-e "$dir/no", '... and nothing written');
}

# ---- dry runs
my ($dry, $out) = run('verifier', 'verify', '-n', $list);
is($dry, 3, 'a dry run tells of what is no mail');
like($out, qr{^message\s+1\s+\d+\s+x/a\.eml$}m, '... lists messages');
like($out, qr{^unreadable-not-mail\s.*names$}m, '... and what is none');
($dry, $out) = run('verifier', 'verify', '-n', "$list/x");
is($dry, 0, 'a dry run needs no snapshot and no case');

# ---- Apple Mail
my $apple = folder("$dir/apple");
my $plist = "<?xml version=\"1.0\"?>\n<plist></plist>\n";
sub emlx { my ($n, $text) = @_; return sprintf("%-10d\n", $n) . $text }
put("$apple/1.emlx", emlx(length $mail, $mail . $plist));
put("$apple/2.partial.emlx", emlx(length $mail, $mail . $plist));
put("$apple/3.emlx", emlx(10 * length $mail, $mail));
put("$apple/4.emlx", emlx(length($mail) - 4, $mail . $plist));
put("$apple/Info.plist", $plist);
($code, $run, $records) = verify($apple);
is($code, 3, '.emlx: one of them is cut');
my @whole = verify("$list/x");
is($records->[0]{sha256}, $whole[2][0]{sha256},
	'... the identity is that of the message');
is($records->[0]{source}{format}, 'emlx', '... the format is named');
is($records->[0]{source}{offset}, 11, '... and the offset');
is($records->[1]{source}{format}, 'partial-emlx', '... a partial one too');
is($records->[2]{verdict}, 'unreadable', 'cut: unreadable, not altered');
is_deeply($records->[2]{reasons}, ['unreadable-damaged'], '... and why');
is($records->[3]{source}{split}, 'heuristic', 'a count that is wrong');
is_deeply([ sort @{ codes($run->{notes}) } ],
	[ 'companion-apple-mail', 'emlx-cut', 'emlx-other-list' ],
	'notes on what is odd, and on the companion');
is(scalar @$records, 4, 'a companion is no record');
my %inputs = map { $_->{path} => $_ } @{ $run->{inputs} };
is($inputs{'Info.plist'}{sha256}, sha256_hex($plist), '... but is hashed');
is($inputs{'1.emlx'}{format}, 'emlx', 'an .emlx is an input');

# ---- lists of digests
my $vault = folder("$dir/vault");
put("$vault/a.eml", $mail);
put("$vault/b.eml", $other);
my $good = md5_hex($mail) . "  a.eml\n" . md5_hex($other) . "  b.eml\n";
put("$vault/export-md5.txt", $good);
($code, $run, $records, $err) = verify($vault);
is($code, 0, 'a list of digests that holds');
is_deeply($run->{premises}, [ { broken => JSON::PP::false,
	code => 'checksum-list', detail => '2 of 2 files are as listed',
	path => 'export-md5.txt' } ], '... is said');
put("$vault/b.eml", $other . "more\n");
($code, $run, $records, $err) = verify($vault);
is($code, 4, 'one that does not hold is exit 4');
is(scalar @$records, 2, '... with every record written');
like($err, qr/b\.eml: checksum-mismatch/, '... and the file named');
($code, $run) = verify("$vault/a.eml");
is($code, 0, 'an argument that is a file is looked up in the list beside it');
is($run->{premises}[0]{detail}, '1 of 1 files are as listed', '... alone');
($code) = verify("$vault/b.eml");
is($code, 4, '... also when it does not hold');
put("$vault/export-md5.txt", $good . md5_hex('') . "  ../x\n");
put("$vault/b.eml", $other);
($code, $run) = verify($vault);
is($code, 0, 'a name that leaves the folder is not followed');
is_deeply([ sort @{ codes($run->{premises}) } ],
	[ 'checksum-list', 'checksum-missing' ], '... and said');

put("$vault/export-md5.txt", $good =~ s/  /  .\/.\//gr);
($code, $run) = verify($vault);
is($run->{premises}[0]{detail}, '2 of 2 files are as listed',
	'names as find prints them');
put("$vault/b.eml", $other . "more\n");
put("$vault/names", "$vault/a.eml\n$vault/b.eml\n");
($code, $run) = verify('--files-from', "$vault/names");
is($code, 4, 'files of a list of files are looked up together');
is_deeply([ map { "$_->{code} $_->{path}" } @{ $run->{premises} } ],
	[ "checksum-mismatch $vault/b.eml", 'checksum-list export-md5.txt' ],
	'... and called as in the records');
{
	put("$vault/large", "\0" x 50e6);
	my $line = md5_hex("\0" x 50e6) . "  large\n";
	put("$vault/export-md5.txt", $line x 1000);
	my $since = time;
	($code, $run) = verify($vault);
	is($run->{premises}[0]{detail}, '1000 of 1000 files are as listed',
		'a file that is listed a thousand times');
	cmp_ok(time - $since, '<', 30, '... is read once');
	unlink "$vault/large";
}

# ---- what was never delivered
my $maildir = folder("$dir/maildir");
folder("$maildir/$_") for 'cur', 'new', 'tmp';
put("$maildir/cur/1500000000.M1P1.host:2,S", $mail);
put("$maildir/tmp/1500000001.M1P2.host", $other);
($code, $run, $records, $err, $out) = verify($maildir);
is($code, 0, 'a Maildir');
is(scalar @$records, 1, '... without what lies in tmp');
is_deeply($run->{notes}, [ { code => 'not-delivered', member => undef,
	path => 'tmp/1500000001.M1P2.host' } ], '... which is noted');
is($run->{counts}{notes}, 1, '... and counted');
like($out, qr{^notes +1 on .*/run\.json$}m, '... for people too');

# Only what has the name of a delivery is left out, packed or not.
folder("$maildir/tmp/1500000002.M1P3.host");
put("$maildir/tmp/$_", $other) for 'saved.eml', '1500000004.host',
	'1500000002.M1P3.host/x.eml';
symlink '../cur', "$maildir/tmp/1500000003.M1P4.host";
my $paths = [ 'cur/1500000000.M1P1.host:2,S',
	map { "tmp/$_" } '1500000002.M1P3.host/x.eml',
	'1500000003.M1P4.host', '1500000004.host', 'saved.eml' ];
($code, $run, $records) = verify($maildir);
is($code, 3, 'tmp of a Maildir with more than deliveries: a link in it');
is_deeply(paths($records), $paths, '... and what else lies there');
is($run->{counts}{notes}, 1, '... is no note');
system('tar', '-C', $maildir, '--sort=name', '-cf', "$dir/maildir.tar",
	'cur', 'tmp') == 0 or die;
($code, $run, $records) = verify("$dir/maildir.tar");
is($code, 3, 'the same in a tar');
is_deeply([ map { $_->{source}{member} } @$records ], $paths,
	'... has the same records');

# ---- mail does not hide in a companion
my $hiding = folder("$dir/hiding");
for my $at (20, 5000, 262100 .. 262150, 300000) {
	unlink "$hiding/Info.plist";
	put("$hiding/Info.plist",
		'<' . 'x' x ($at - 3) . "\n\nSubject: a\nFrom: b\n\nc\n");
	($code, $run, $records) = verify($hiding);
	my $got = $code == 3 && @$records == 1 && !@{ $run->{notes} } &&
	    $records->[0]{verdict} eq 'unreadable';
	ok($got, "a field of mail at $at") if $at !~ /^262/ || !$got;
}
put("$hiding/Info.plist", 'x' x 300000 . "Subject: a\n" . ' ' x 300000);
put("$hiding/dovecot.index.cache", "\1\0\0\0\nSubject: a\nFrom: b\n");
($code, $run, $records) = verify($hiding);
is($code, 0, 'no line of mail, and a cache of lines of mail');
is_deeply(codes($run->{notes}),
	[ 'companion-apple-mail', 'companion-dovecot' ], '... are noted');

# ---- mailboxes where one would not look for one
my $from = "From a\@b Mon Jan  1 00:00:00 2024\n";
my $mailbox = "$from$mail\n$from$other";
my $odd = folder("$dir/odd");
folder("$odd/$_") for 'cur', 'new';
put("$odd/cur/1500000000.M1P1.host:2,S", $mailbox);
put("$odd/new/2016.mbox", $mailbox);
put("$odd/bom", "\xef\xbb\xbf$mailbox");
put("$odd/empty-lines", "\n\r\n$mailbox");
put("$odd/language", $mailbox =~ s/Mon Jan  1 00:00:00/Mo 1. Jan. 0:00/r);
put("$odd/quoted-start", ">$mailbox");
put("$odd/exported", $mailbox =~ s/^(From .*\n)/$1>$1/mgr);
($code, $run, $records) = verify($odd);
is($code, 0, 'mailboxes in odd places and with odd starts');
is_deeply([ map { "$_->{source}{path} $_->{message}{subject}" } @$records ],
	[ map { ("$_ one", "$_ two") } 'bom', 'cur/1500000000.M1P1.host:2,S',
		'empty-lines', 'exported', 'language', 'new/2016.mbox',
		'quoted-start' ], '... no message is the body of another');
is_deeply([ map { $_->{source}{path} } grep { $_->{source}{split} } @$records ],
	[ 'language', 'quoted-start' ], '... a From_ line that is none is told');
is_deeply($run->{notes}, [], '... and there is nothing to note');
SKIP: {
	my $zip = "$dir/odd.zip";
	skip 'no zip here', 1
	    if system("cd '$odd' && zip -qr '$zip' . 2>/dev/null") != 0;
	($code, $run, $records) = verify($zip);
	is(scalar @$records, 14, '... nor in a zip');
}
put("$dir/first-line-gone.mbox", substr $mailbox, length $from);
($code, $run, $records) = verify("$dir/first-line-gone.mbox");
is(scalar @$records, 1, 'a mailbox without its first From_ line: one message');
is_deeply(codes($run->{notes}), [ 'message-holds-mailbox' ], '... is noted');

# ---- bags
my $bag = folder("$dir/bag");
folder("$bag/data");
put("$bag/bagit.txt",
	"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
put("$bag/data/a.eml", $mail);
put("$bag/manifest-sha256.txt", sha256_hex($mail) . "  data/a.eml\n");
($code, $run, $records) = verify($bag);
is($code, 0, 'a bag that is valid');
is_deeply(codes($run->{premises}), ['bag-valid'], '... is said');
is_deeply(paths($records), ['data/a.eml'], '... and its mail is read');
put("$bag/data/b.eml", $other);
($code, $run, $records) = verify($bag);
is($code, 4, 'a bag with a file too many is exit 4');
is(scalar @$records, 2, '... with every record written');
ok($run->{premises}[0]{broken}, '... and what is wrong with it');
unlink "$bag/bagit.txt", "$bag/data/b.eml";
($code, $run) = verify($bag);
is($run->{premises}[0]{detail}, '1 of 1 files are as listed',
	'without its declaration its manifest is a list');
put("$bag/data/a.eml", $other);
($code, $run) = verify($bag);
is($code, 4, '... and what it says is compared');
done_testing();
