#!/usr/bin/perl
# make_auth_seeds.pl FOLDER - seeds of fuzz_auth_results: the forms of RFC 8601
# section 2.2 and those that are seen, one each.  "0" stands before a field of
# Authentication-Results, "1" before one of ARC.
use strict;
use warnings;

my $folder = shift // 'tests/fuzz/seeds/auth_results';
my %seeds = (
	none => '0 a.example 1; none',
	result => "0 a.example;\r\n\tdkim/1=pass reason=\"a \\\"b\\\"\"\r\n\t"
	    . 'header.d=b.example header.i=@b.example header.b="aB/+c=="',
	several => '0 a.example; spf=pass (a (b)) smtp.mailfrom=x@b.example;'
	    . ' dkim=fail header.i=@b.example; dmarc=fail policy.dmarc=none',
	comments => '0(a)a.example(b)1(c);(d)dkim(e)/(f)1(g)=(h)pass(i)header(j)'
	    . '.(k)d(l)=(m)b.example(n)',
	sealed => '1 i=2; a.example; arc=pass (as.1.b.example=pass); dkim=none',
	headless => '0 spf=pass smtp.mailfrom=b.example; dkim=pass (signature was'
	    . ' verified) header.d=b.example;dmarc=pass action=none'
	    . ' header.from=b.example;compauth=pass reason=100',
	strays => '0 a.example  from=b.example; domainkeys=neutral (no sig);'
	    . 'b.example; dkim=pass header.d= header.b="q/r";',
	quoted => '0 "a;b"; b=c reason="(\";" smtp.mailfrom="x y"@b.example',
	open => '0 a.example; b=c d.e="(f\\',
);
mkdir $folder;
for my $name (sort keys %seeds) {
	open my $out, '>:raw', "$folder/$name" or die "$folder/$name: $!";
	print {$out} $seeds{$name};
	close $out or die;
}
