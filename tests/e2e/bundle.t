#!/usr/bin/perl
# The bundle: made twice it is the same; unpacked anywhere it runs the
# demonstration with nothing of the system, and writes the same records as the
# installed programs.  tests/fresh.sh runs it where there is nothing else.
use strict;
use warnings;
use Cwd qw(abs_path);
use Encode qw(encode);
use FindBin;
use lib $FindBin::Bin;
use E2e;
use MIME::Base64;
use Test::More;

my $dir = abs_path(scratch());
my $data = top() . '/data';

# ---- making it

delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
for my $name ('one', 'two') {
	ok_run('make', '-s', '-C', top(), 'BUILD=' . ($ENV{BUILD} // 'build'),
		"BUNDLE=$dir/$name.tar.gz", 'bundle');
}
cmp_ok(-s "$dir/one.tar.gz", '>', 1_000_000, 'a bundle is made');
ok(get("$dir/one.tar.gz") eq get("$dir/two.tar.gz"),
	'made twice it is the same');
my $names = ok_run('tar', '-tzf', "$dir/one.tar.gz");
unlike($names, qr{^/|(?:^|/)\.\.(?:/|$)}m, 'its names stay below its folder');
my ($name) = $names =~ m{^([^/\n]+)/$}m;

# A place with a space and an accent; a link to it from elsewhere.
my $place = "$dir/air gap \xc3\xa9";
mkdir $place or die "$place: $!";
ok_run('tar', '-xzf', "$dir/one.tar.gz", '-C', $place);
my $top = "$place/$name";
mkdir "$dir/links" or die;
for my $program ('keysnap', 'verifier') {
	symlink "../air gap \xc3\xa9/$name/bin/$program", "$dir/links/first"
	    or die "link: $!";
	symlink 'first', "$dir/links/$program" or die "link: $!";
	my ($code, $out) = run('env', '-i', "$dir/links/$program", '--version');
	is("$code $out", "0 $program 0.2.0\n", "$program runs through links");
	unlink "$dir/links/first" or die;
}
ok(-s "$top/$_", "$_ is in it") for qw(README-BUNDLE README.md LICENSE
	CHANGELOG.md share/man/man1/keysnap.1 share/man/man1/verifier.1
	share/man/man5/keysnap.5 share/man/man5/verifier.5 data/demo.mbox
	share/bash-completion/completions/verifier data/demo-keys.jsonl
	share/verifier/public_suffix_list.dat
	share/doc/common-licenses/LGPL-2.1);
my @packages = get("$top/share/doc/PACKAGES") =~ /^(\S+) /mg;
cmp_ok(scalar @packages, '>', 10, 'the packages are named');
is(join(' ', grep { !-s "$top/share/doc/$_/copyright" } @packages), '',
	'each with its licence');
is(join("\n", grep { !m{/$} && -l "$place/$_" } split /\n/, $names), '',
	'no links: it may be unpacked on any file system');

# ---- running it

sub bundled {
	my ($program, @arguments) = @_;
	return run('env', '-i', "$top/bin/$program", @arguments);
}

sub bundled_ok {
	my ($code, $out, $err) = bundled(@_);
	is($code, 0, "bundled @_[0, 1]") or diag($err);
	return $out;
}

# Mail in character sets whose converters are files of the C library.
my %word = ('koi8-r' => "\x{41f}\x{440}", 'shift_jis' => "\x{65e5}\x{672c}",
	'euc-kr' => "\x{d55c}\x{ad6d}", 'windows-1251' => "\x{416}\x{443}");
mkdir "$dir/mail" or die;
for my $charset (keys %word) {
	put("$dir/mail/$charset.eml", "From: a\@b.example\r\nSubject: =?$charset?B?"
		. encode_base64(encode($charset, $word{$charset}), '')
		. "?=\r\n\r\nx\r\n");
}
link "$data/demo.mbox", "$dir/mail/demo.mbox"
    or put("$dir/mail/demo.mbox", get("$data/demo.mbox"));

bundled_ok('keysnap', 'init', "$dir/store", '--origin', "b\xc3\xbcndel");
bundled_ok('keysnap', 'import', "$dir/store", '--format', 'jsonl',
	'--source', 'test', "$top/data/demo-keys.jsonl");
bundled_ok('keysnap', 'keygen', '-o', "$dir/key", '--name', 'test.example/log');
bundled_ok('keysnap', 'freeze', "$dir/store", "$dir/snap", '--sign-key',
	"$dir/key");
bundled_ok('keysnap', 'verify', "$dir/snap", '--public-key', "$dir/key.pub");
my @judge = ('-s', "$dir/snap", '--public-key', "$dir/key.pub");
bundled_ok('verifier', 'verify', @judge, '-o', "$dir/bundled", "$dir/mail");
ok_run('verifier', 'verify', @judge, '-o', "$dir/installed", "$dir/mail");
is(get("$dir/bundled/results.jsonl"), get("$dir/installed/results.jsonl"),
	'the records of the installed program');
my ($header, @records) = records(get("$dir/bundled/results.jsonl"));
for my $charset (sort keys %word) {
	my ($record) = grep { $_->{source}{path} =~ /\Q$charset\E/ } @records;
	ok($record->{message}{subject} eq encode('UTF-8', $word{$charset}),
		"$charset is decoded");
}

my ($code, $out) = bundled('verifier', 'check', '-s', "$dir/snap",
	"$data/rfc6376-appendix-a.eml");
is($code, 1, 'verifier check answers');
like(bundled_ok('verifier', '--help'), qr/verify/, 'verifier --help helps');
like(bundled_ok('keysnap', '--help'), qr/freeze/, 'keysnap --help helps');

# ---- what it loads

# The loader tells of every library, also of those that are asked for later.
# Before the program the shell and its tools have loaded theirs.
sub loaded {
	my ($program, $environment, @arguments) = @_;
	my ($code, $out, $err) = run('env', '-i', 'LD_DEBUG=files',
		@$environment, "$top/bin/$program", @arguments);
	is($code, 0, "$program with the loader talking");
	$err =~ s{\A.*?(?=^[^\n]*file=\Q$top/libexec/$program\E)}{}ms
	    or die "no trace of $program:\n$err";
	return $err =~ /calling init: (.*)$/mg;
}

my @hostile = ('LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:/usr/lib',
	'LD_PRELOAD=/lib/x86_64-linux-gnu/libm.so.6',
	'GCONV_PATH=/usr/lib/x86_64-linux-gnu/gconv', 'LOCPATH=/usr/lib/locale');
for my $environment ([], \@hostile) {
	my $which = @$environment ? 'hostile' : 'empty';
	my @verifier = loaded('verifier', $environment, 'verify', @judge, '-o',
		"$dir/$which", "$dir/mail");
	my @keysnap = loaded('keysnap', $environment, 'verify', "$dir/snap");
	ok((grep { m{/gconv/KOI8-R\.so$} } @verifier), 'a converter is loaded');
	ok((grep { m{/libldns\.so} } @keysnap), 'and the libraries of keysnap');
	is(join("\n", grep { index($_, "$top/") != 0 } @verifier, @keysnap), '',
		"$which environment: all that is loaded is in the bundle");
}

# ---- where it cannot run

my $colon = "$dir/12:30";
rename $place, $colon or die "$colon: $!";
($code, $out, my $err) = run("$colon/$name/bin/verifier", '--version');
is($code, 2, 'a colon in the path is refused');
like($err, qr/12:30/, 'and named');
rename $colon, $place or die "$place: $!";
# Or else its records would differ, and nobody would know.
put("$top/lib/verifier/gconv/KOI8-R.so", 'cut while it was copied');
($code, $out, $err) = bundled('verifier', '--version');
is($code, 2, 'a converter that is damaged is refused');
like($err, qr/cannot decode koi8-r/, 'and named');
done_testing();
