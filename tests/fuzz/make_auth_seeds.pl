#!/usr/bin/perl
# make_auth_seeds.pl FOLDER - seeds of fuzz_auth_results (FOLDER/auth_results):
# the forms of RFC 8601 section 2.2 and those that are seen, one each.  "0"
# stands before a field of Authentication-Results, "1" before one of ARC.  Those
# of fuzz_auth_claims (FOLDER/auth_claims) have a header behind the first octet.
use strict;
use warnings;

my $folder = shift // 'tests/fuzz/seeds';
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
	folded => "0 a; b=c reason=\"(\r\n\t\\\"\"\@b.example",
	open => '0 a.example; b=c d.e="(f\\',
);
my $dkim = 'DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s;'
    . " h=from; bh=AAAA; b=oINE\r\n";
my $old = "DomainKey-Signature: a=rsa-sha1; c=nofws; d=a.example; s=s; b=AAAA\r\n";
my $from = "From: x\@a.example\r\n\r\n";
my $set = join '', map { "ARC-Seal: i=$_; a=rsa-sha256; cv=none; d=l.example;"
    . " s=t; b=AAAA\r\nARC-Message-Signature: i=$_; a=rsa-sha256; d=l.example;"
    . " s=t; h=from; bh=AAAA; b=AAAA\r\nARC-Authentication-Results: i=$_;"
    . " l.example; arc=none; dkim=pass header.d=a.example\r\n" } 2, 1;
my %headers = (
	dkim => "1Authentication-Results: a; dkim=pass header.d=a.example"
	    . " header.s=s header.i=\@a.example header.b=oINE;"
	    . " dkim=none; spf=pass\r\n$dkim$from",
	domainkeys => "0Authentication-Results: a; domainkeys=fail"
	    . " header.from=x\@a.example\r\n$old$dkim$from",
	arc => "2Authentication-Results: a; arc=pass\r\n$set$from",
);

sub write_seeds {
	my ($name, %texts) = @_;
	mkdir "$folder/$name";
	for my $text (sort keys %texts) {
		open my $out, '>:raw', "$folder/$name/$text"
		    or die "$folder/$name/$text: $!";
		print {$out} $texts{$text};
		close $out or die;
	}
}
write_seeds('auth_results', %seeds);
write_seeds('auth_claims', %headers);
