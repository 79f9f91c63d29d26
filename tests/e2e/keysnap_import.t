#!/usr/bin/perl
# keysnap_import.t - files of other tools into a store: passive DNS, tables,
# compressed files, and formats that are recognised.
use strict;
use warnings;
use lib 'tests/e2e';
use E2e;
use JSON::PP;
use Test::More;

my $dir = scratch();
my $stores = 0;

sub path { return "$dir/$_[0]" }

sub new_store {
	my $store = path('store' . ++$stores);
	ok_run('keysnap', 'init', $store, '--origin', 'test.example/log');
	return $store;
}

sub import_file {
	my ($store, $file, @options) = @_;
	return run('keysnap', 'import', $store, $file, '--imported-at',
	    '2020-01-01', @options);
}

sub entries {
	my ($store) = @_;
	return map { JSON::PP->new->decode($_) }
	    split /\n/, ok_run('keysnap', 'export', $store, '--format', 'log');
}

sub observations { return grep { $_->{type} eq 'observation' } entries(@_) }

my $name = 's1._domainkey.example.org';
my $cof = qq({"rrname":"$name.","rrtype":"TXT","rdata":)
    . q(["\"v=DKIM1; \" \"p=\"","\"p=\""],"time_first":1467331200,)
    . qq("time_last":1498780800,"count":512,"sensor_id":"circl",)
    . qq("bailiwick":"example.org."}\n)
    . qq({"rrname":"example.org.","rrtype":"A","rdata":["192.0.2.1"]}\n);
my $obj = qq({"obj":{"rrname":"$name","rrtype":16,"rdata":"p=",)
    . qq("time_first":1467331200,"time_last":1498780800}}\n);
my %text = (
	cof => $cof,
	dnsdb2 => qq({"cond":"begin"}\n$obj\{"cond":"limited"}\n),
	fdns => qq({"timestamp":"1535127239","name":"$name","type":"txt",)
	    . qq("value":"v=DKIM1; p="}\n),
	jsonl => qq({"domain":"example.org","selector":"s1","txt":"p=",)
	    . qq("first_seen":"2016"}\n),
	zone => qq($name. 3600 IN TXT "v=DKIM1; " "p="\n),
	table => qq(qname,answer,from\n$name,"""v=DKIM1; "" ""p=""",2016-07-01\n),
);
put(path("in.$_"), $text{$_}) for keys %text;
my @map = ('--map', 'name=qname,txt=answer,first=from');

# What the log holds of a passive DNS record.
{
	my $store = new_store();
	my ($code, $out) = import_file($store, path('in.cof'), '--format',
	    'cof', '--source', 'aggregate');
	is($code, 0, 'cof');
	like($out, qr/2 observations added/, 'two values');
	like($out, qr/1 other records passed over/, 'and another type');
	my @seen = observations($store);
	is_deeply([ map { $_->{strings} } @seen ],
	    [ [ 'v=DKIM1; ', 'p=' ], ['p='] ], 'never merged');
	my %want = (bailiwick => 'example.org', count => 512,
	    first => '2016-07-01T00:00:00Z', item => 1, joined => 'exact',
	    kind => 'present', last => '2017-06-30T00:00:00Z',
	    line => 1, lineage => ['aggregate'], method => 'pdns',
	    name => $name, observer => 'circl', precision => 'second',
	    source => 1, strings => [ 'v=DKIM1; ', 'p=' ],
	    time_kind => 'claimed', type => 'observation');
	is_deeply($seen[0], \%want, 'an observation');
	my $snapshot = path('snapshot');
	ok_run('keysnap', 'freeze', $store, $snapshot);
	is((run('keysnap', 'verify', $snapshot))[0], 0, 'it freezes');
}

# Each format by name and recognised; once more adds nothing.
for my $format (sort keys %text) {
	my $table = $format eq 'table';
	my @options = ('--source', 'x', $table ? @map : (),
	    $format eq 'zone' ? ('--observed-at', '2019-03-02') : ());
	for my $as ($format, $table ? () : 'auto') {
		my $store = new_store();
		my ($code, $out, $err) = import_file($store,
		    path("in.$format"), '--format', $as, @options);
		is($code, 0, "$format as $as") or diag($err);
		like($out, qr/taken as $format$/, "$format is named")
		    if $as eq 'auto';
		my $log = ok_run('keysnap', 'export', $store, '--format',
		    'log');
		($code, $out) = import_file($store, path("in.$format"),
		    '--format', $as, @options);
		is($code, 0, "$format as $as again");
		like($out, qr/nothing added/, 'says so');
		is(ok_run('keysnap', 'export', $store, '--format', 'log'),
		    $log, 'and adds nothing');
	}
}

# Compressed: the same observations; cut, or with more behind it: nothing.
{
	system('gzip', '-nk', path('in.cof')) == 0 or die 'gzip';
	my $gz = get(path('in.cof.gz'));
	put(path('two.gz'), $gz . $gz);
	put(path('behind.gz'), $gz . "x");
	put(path('cut.gz'), substr $gz, 0, -4);
	my ($plain, $store) = (new_store(), new_store());
	import_file($plain, path('in.cof'), '--format', 'cof', '--source', 'x');
	my ($code, $out) = import_file($store, path('in.cof.gz'), '--format',
	    'auto', '--source', 'x');
	is($code, 0, 'gzip');
	like($out, qr/taken as cof$/, 'is looked into');
	is_deeply([ observations($store) ], [ observations($plain) ],
	    'the same observations');
	my ($source) = grep { $_->{type} eq 'source' } entries($store);
	is($source->{size}, length $gz, 'the file is the compressed one');
	is_deeply($source->{evidence}, [ $source->{sha256} ], 'and kept');
	($code, $out) = import_file($store, path('two.gz'), '--format', 'cof');
	like($out, qr/4 observations added/, 'two members');
	my $log = ok_run('keysnap', 'export', $store, '--format', 'log');
	for my $bad ('behind', 'cut') {
		($code, $out, my $err) = import_file($store, path("$bad.gz"),
		    '--format', 'cof', '--skip-bad');
		is($code, 3, "$bad");
		like($err, qr/gzip data/, 'says why');
	}
	is(ok_run('keysnap', 'export', $store, '--format', 'log'), $log,
	    'nothing of these');
}

# The usual form of Rapid7's files.
{
	system('gzip', '-nk', path('in.fdns')) == 0 or die 'gzip';
	my $store = new_store();
	my @options = ('--format', 'fdns', '--source', 'rapid7/fdns');
	my ($code, $out) = import_file($store, path('in.fdns.gz'), @options);
	is($code, 0, 'fdns, compressed');
	like($out, qr/1 observations added/, 'is read');
	($code, $out) = import_file($store, path('in.fdns.gz'), @options);
	like($out, qr/nothing added/, 'once only');
}

# A stream that does not end as it should.
{
	my $store = new_store();
	my $log = ok_run('keysnap', 'export', $store, '--format', 'log');
	my %stream = ('cut' => qq({"cond":"begin"}\n$obj),
	    'failed' => qq({"cond":"begin"}\n$obj\{"cond":"failed",)
		. qq("msg":"Query timed out"}\n));
	for my $how (sort keys %stream) {
		put(path($how), $stream{$how});
		my ($code, $out, $err) = import_file($store, path($how),
		    '--format', 'dnsdb2', '--skip-bad');
		is($code, 3, "dnsdb2: $how");
		like($err, $how eq 'cut' ? qr/is cut off/ : qr/timed out/,
		    'says why');
	}
	is(ok_run('keysnap', 'export', $store, '--format', 'log'), $log,
	    'nothing of them');
}

# What is not recognised.
{
	my $store = new_store();
	put(path('both'), '{"domain":"x.org","selector":"s","txt":"p=",'
	    . '"rrname":"x","rrtype":"TXT"}' . "\n");
	put(path('neither'), "hello\n");
	put(path('empty'), '');
	my ($code, $out, $err) = import_file($store, path('both'), '--format',
	    'auto');
	is($code, 2, 'two formats');
	like($err, qr/may be cof, jsonl/, 'are named');
	for my $file ('neither', 'empty', 'in.table') {
		($code, $out, $err) = import_file($store, path($file),
		    '--format', 'auto');
		is($code, 2, "$file: no format");
		like($err, qr/the formats are auto, cof, /, 'all are listed');
	}
	is((import_file($store, path('missing'), '--format', 'auto'))[0], 3,
	    'a missing file');
	is(scalar entries($store), 1, 'nothing is added');
}

# The examples of all formats look like one at most.
for my $seed (glob top() . '/tests/fuzz/seeds/import_*/*') {
	my ($code, $out, $err) = import_file(new_store(), $seed, '--format',
	    'auto', '--observed-at', '2016');
	unlike($err, qr/ may be /, "$seed is not two formats");
}

# Bad lines and maps.
{
	my $store = new_store();
	put(path('bad.cof'), $cof . "{\n"
	    . qq({"rrname":"*._domainkey.x.org","rrtype":"TXT"}\n));
	my ($code, $out, $err) = import_file($store, path('bad.cof'),
	    '--format', 'cof');
	is($code, 3, 'bad lines');
	like($err, qr/bad\.cof:3: not JSON/, 'number and reason');
	like($err, qr/bad\.cof:4: a wildcard/, 'of each');
	($code, $out) = import_file($store, path('bad.cof'), '--format', 'cof',
	    '--skip-bad');
	is($code, 0, '--skip-bad');
	like($out, qr/2 observations added.*2 bad lines left out/, 'counts');
	for my $map ([], [ '--map', 'txt=2' ], [ '--map', 'name=1' ]) {
		is((import_file($store, path('in.table'), '--format', 'table',
		    @$map))[0], 2, "map @$map");
	}
	is((import_file($store, path('in.cof'), '--format', 'cof', @map))[0],
	    2, '--map with another format');
	($code, $out, $err) = import_file($store, path('in.table'), '--format',
	    'table', '--map', 'name=name,txt=answer');
	is($code, 3, 'a column that is not there');
	like($err, qr/no column "name"/, 'is named');
	is((import_file($store, path('in.table'), '--format', 'table',
	    @map))[0], 0, 'a map');
	my ($code2, $out2) = import_file($store, path('in.table'), '--format',
	    'table', '--map', 'name=1,txt=2', '--observed-at', '2016');
	like($out2, qr/1 observations added.*1 other/, 'another map is another import');
}
done_testing();
