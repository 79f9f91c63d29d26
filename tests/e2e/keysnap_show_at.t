#!/usr/bin/perl
# keysnap show --at: how the keys of a name stand to a message of some time,
# in a store and in a snapshot that somebody, or nobody, vouches for.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

chdir scratch() or die;
my $name = 's1._domainkey.example.org';
my $record = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

sub put_line {
	my ($file, $first, $last) = @_;
	put($file, encode_json({ domain => 'example.org', selector => 's1',
		txt => $record, first_seen => $first, last_seen => $last })
		. "\n");
}

put_line('one.jsonl', '2016-01-01T00:00:00Z', '2016-03-01T00:00:00Z');
put_line('two.jsonl', '2016-02-01T00:00:00Z', '2016-04-01T00:00:00Z');
ok_run('keysnap', 'init', 'store', '--origin', 'example.org/keys');
ok_run('keysnap', 'import', 'store', '--format', 'jsonl', '--source', $_->[0],
	$_->[1]) for [ 'lab/a', 'one.jsonl' ], [ 'archive/b', 'two.jsonl' ];

# The lines of the first key.
sub key {
	my ($at, $what, @options) = @_;
	my $out = ok_run('keysnap', 'show', $what, $name, '--at', $at,
		'--json', @options);
	my ($key) = grep { $_->{schema} eq 'keysnap-key 1' }
	    map { JSON::PP->new->decode($_) } split /\n/, $out;
	return $key;
}

is(key('2016-02-15', 'store')->{grade}, 'B', 'two observers');
is(key('2016-02-15', 'store')->{time_state}, 'claimed', 'within');
my $later = key('2016-04-11T00:00:00Z', 'store');
is($later->{time_state}, 'after-last', 'after');
is($later->{days}, 10, 'by ten days');
is(key('2015', 'store')->{time_state}, 'before-first', 'a year before');
like(ok_run('keysnap', 'show', 'store', $name, '--at', '2016-04-11'),
	qr/^    at 2016-04-11  after-last, \d+ days$/m, 'in words');
unlike(ok_run('keysnap', 'show', 'store', $name), qr/^    at /m,
	'only when asked');

ok_run('keysnap', 'keygen', '-o', 'k', '--name', 'example.org/keys');
ok_run('keysnap', 'freeze', 'store', 'snap', '--sign-key', 'k');
is(key('2016-02-15', 'snap', '--public-key', 'k.pub')->{grade}, 'B',
	'a snapshot that its key vouches for');
is(key('2016-02-15', 'snap')->{grade}, 'D', 'and one that nobody does');

my ($code, undef, $err) =
    run('keysnap', 'show', 'store', $name, '--at', 'yesterday');
is($code, 2, 'no time');
like($err, qr/--at is a time/, 'and why');
done_testing();
