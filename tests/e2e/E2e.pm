# E2e.pm - what the end-to-end tests share: a scratch folder, running the
# installed programs as a user would, reading what they write.
package E2e;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

our @EXPORT = qw(top scratch generator run ok_run put get can_faketime
    make_snapshot demo_snapshot records verify_records);

# One scratch folder for each test; gone at its end.
my $scratch = tempdir('verifier-e2e-XXXXXX', TMPDIR => 1, CLEANUP => 1);

sub scratch { return $scratch }

sub top { return abs_path(dirname(__FILE__) . '/../..') }

sub generator {
	my $build = $ENV{BUILD} // 'build';
	return ($build =~ m{^/} ? $build : top() . "/$build") . '/gen/make_archive';
}

sub put {
	my ($path, $text) = @_;
	open my $out, '>:raw', $path or die "$path: $!";
	print {$out} $text;
	close $out or die "$path: $!";
}

sub get {
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!";
	local $/;
	my $text = <$in>;
	return defined $text ? $text : '';
}

# Run a command without a shell.  Returns the exit code, or 1000 plus the
# signal; standard output; standard error.
sub run {
	my ($out, $err) = ("$scratch/run.out", "$scratch/run.err");
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', $out or die;
		open STDERR, '>', $err or die;
		exec { $_[0] } @_ or exit 127;
	}
	waitpid $child, 0;
	my $code = $? & 127 ? 1000 + ($? & 127) : $? >> 8;
	return ($code, get($out), get($err));
}

# Run what must succeed; its standard output.
sub ok_run {
	my ($code, $out, $err) = run(@_);
	die "@_: exit $code\n$out$err" if $code != 0;
	return $out;
}

# Can faketime run the programs?  Not those with AddressSanitizer: its allocator
# asks for the time while it holds its lock, libfaketime looks a symbol up then
# (dlsym), which allocates, and waits for ever.
sub can_faketime {
	my ($keysnap) = grep { -x } map { "$_/keysnap" } split /:/, $ENV{PATH};
	return get($keysnap) !~ /__asan_init/;
}

my $made = 0;

# A frozen snapshot of the given files of keys (all of one format); returns
# its folder.  Options: format, import => [...], freeze => [...].
sub make_snapshot {
	my ($files, %o) = @_;
	my $base = sprintf '%s/snap%d', $scratch, ++$made;
	ok_run('keysnap', 'init', "$base.store", '--origin', 'test.example/log');
	ok_run('keysnap', 'import', "$base.store", '--format',
	    $o{format} // 'jsonl', '--source', 'test', @{ $o{import} // [] }, $_)
	    for @$files;
	ok_run('keysnap', 'freeze', "$base.store", $base, @{ $o{freeze} // [] });
	return $base;
}

sub demo_snapshot { return make_snapshot([ top() . '/data/demo-keys.jsonl' ]) }

# The records of "verifier check --json" or of results.jsonl.
sub records {
	my ($text) = @_;
	return map { JSON::PP->new->decode($_) } split /\n/, $text;
}

my $cases = 0;

# The header and the records of a whole run, and its case folder.
sub verify_records {
	my ($snapshot, @rest) = @_;
	my $case = sprintf '%s/case%d', $scratch, ++$cases;
	ok_run('verifier', 'verify', '-s', $snapshot, '-o', $case, @rest);
	my ($header, @records) = records(get("$case/results.jsonl"));
	return ($header, \@records, $case);
}

1;
