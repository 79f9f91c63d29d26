#!/usr/bin/perl
# verifier explain: the steps, and the script of --emit-openssl, which must come
# to the same result with a POSIX shell and openssl alone, in an empty
# environment.  EXPLAIN_ALL=1 takes every message, else a part of them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use E2e;
use JSON::PP;
use Test::More;

my $all = $ENV{EXPLAIN_ALL};
my ($sh) = grep { -x } '/bin/dash', '/bin/sh';
my ($openssl) = grep { -x } map { "$_/openssl" } split /:/, $ENV{PATH};
plan skip_all => 'openssl(1) is not here' unless $openssl;
my $only = scratch() . '/only';
mkdir $only or die $!;
symlink $openssl, "$only/openssl" or die $!;

my $kits = 0;
sub new_kit { return sprintf '%s/kit%d', scratch(), ++$kits }

sub run_kit {
	my ($kit, @number) = @_;
	return run('/usr/bin/env', '-i', "PATH=$only", $sh, "$kit/check.sh",
		@number);
}

# What the script must exit with, from the record.
sub wanted {
	my ($signature) = @_;
	my ($header, $body) =
	    ($signature->{header_match}, $signature->{body}{hash_match});
	return qr/^0$/ if $signature->{result} eq 'pass';
	return qr/^3$/ unless defined $header;
	return qr/^[14]$/ if $signature->{reason} eq 'length-beyond-body';
	return qr/^1$/ if !$header || (defined $body && !$body);
	return qr/^4$/;
}

my (%seen, %notes);

# Explain "mail", redo it, and compare with what check says.
sub compare {
	my ($name, $snapshot, $mail, @options) = @_;
	my $kit = new_kit();
	my (undef, $json) =
	    run('verifier', 'check', '--json', @options, '-s', $snapshot, $mail);
	my ($record) = records($json);
	my ($code, $out, $err) = run('verifier', 'explain', @options, '-s',
		$snapshot, $mail, '--emit-openssl', $kit);
	return is($code, 3, "$name: no message") unless defined $record->{sha256};
	is($code, 0, "$name: explained") or return diag($err);
	unlike($out, qr/[^\n\x20-\x7e\x80-\xff]/, "$name: no controls");
	my @signatures = @{ $record->{signatures} };
	for my $i (0 .. $#signatures) {
		my ($got, $said, $trouble) = run_kit($kit, $i + 1);
		my $want = wanted($signatures[$i]);
		my $key = "$signatures[$i]{kind} "
		    . ($signatures[$i]{a} // 'none') . " $got";
		$seen{$key}++;
		like($got, $want, "$name#$i: openssl, $key")
		    or diag("$signatures[$i]{reason} $said$trouble");
		unlike($said, qr/verifier found otherwise/, "$name#$i: agrees");
		# What holds may be less than what was stored, or not that.
		my $body = $signatures[$i]{body};
		my $partly = defined $body->{hash_match} &&
		    $body->{covered} < $body->{total};
		is($said =~ /octets are signed \(l=\)/ ? 1 : 0, $partly ? 1 : 0,
			"$name#$i: says when l= leaves body out");
		$notes{partly}++ if $partly;
		next if $got != 0 || !@{ $record->{repairs} } ||
		    $i != ($record->{best} // -1);
		like($said, qr/of message-judged\.eml; message-stored\.eml is another/,
			"$name#$i: says that it is of a repaired message");
		$notes{repaired}++;
	}
	my $best = $record->{best} // (@signatures ? 0 : undef);
	like((run_kit($kit))[0], defined $best ? wanted($signatures[$best]) : qr/^3$/,
		"$name: the exit code is that of the one that decides");
	return ($kit, $out, $record);
}

# ---- messages of our own --------------------------------------------------

my %folders = (semantics => 3, older => 3, originals => 29, damage => 41);
my ($snapshot, %of_kind);
for my $kind (sort keys %folders) {
	my $dir = scratch() . "/$kind";
	ok_run(generator(), "--$kind", $dir);
	$snapshot = make_snapshot(["$dir/keys.jsonl"], import =>
		    ['--observed-at', '2000-01-01T00:00:00Z', '--skip-bad']);
	my $n = 0;
	$of_kind{$kind} = $snapshot;
	for my $mail (sort glob "$dir/*.eml") {
		next if !$all && $n++ % $folders{$kind};
		compare("$kind/" . ($mail =~ s{.*/}{}r), $snapshot, $mail);
	}
}
my $semantics = make_snapshot([scratch() . '/semantics/keys.jsonl']);
my $plain = scratch() . '/semantics/plain.eml';
compare($_, $of_kind{ s{/.*}{}r }, scratch() . "/$_")
    for 'semantics/length-appended.eml', 'damage/30-footer-relaxed.eml';

# ---- the collected suites, read in place ----------------------------------

my $corpus = $ENV{CORPUS} // top() . '/../shared/corpus';
SKIP: {
	skip "no corpus of signed messages at $corpus (set CORPUS)", 1
	    unless -d $corpus;
	my (%snapshots, $n);
	for my $path (sort glob "$corpus/*/expect.jsonl") {
		my ($folder) = $path =~ m{^(.*)/};
		for my $case (records(get($path))) {
			next if !$all && $n++ % 24;
			my $keys = "$folder/$case->{keys}";
			$snapshots{$keys} //= make_snapshot([$keys], import =>
				    ['--observed-at', '2000-01-01T00:00:00Z',
				    '--skip-bad']);
			my $text = get("$folder/$case->{file}");
			$text =~ s/\r\n|\r|\n/\r\n/g
			    if $case->{wire} =~ /^every CR, LF/;
			put(scratch() . '/corpus.eml', $text);
			compare("corpus/$case->{case}", $snapshots{$keys},
				scratch() . '/corpus.eml');
		}
	}
}
for my $kind ('dkim rsa-sha1 0', 'dkim rsa-sha256 0', 'dkim rsa-sha256 1',
	'domainkeys rsa-sha1 0', 'arc-message rsa-sha256 0',
	'arc-seal rsa-sha256 0', 'dkim rsa-sha256 4', 'dkim rsa-sha256 3') {
	ok($seen{$kind}, "seen: $kind");
}
ok((grep { /^dkim ed25519-sha256 0/ } keys %seen), 'seen: Ed25519 that holds')
    if $all || -d $corpus;

ok($notes{$_}, "seen: $_") for qw(partly repaired);

# ---- a kit that is not what it was ----------------------------------------

{
	my ($kit, $out) = compare('plain', $semantics, $plain);
	like($out, qr/^  step $_: /m, "step $_ is told") for 1 .. 4;
	like($out, qr/key 1, on which the result rests/, 'the key is');
	my $mail = get("$kit/message-stored.eml");
	is($mail, get($plain), 'the message is there as it is stored');
	for my $row ($out =~ /^      (\S+: field \d+, at offset \d+)$/mg) {
		my ($field, $at) = $row =~ /^(\S+): .* offset (\d+)$/;
		is(substr($mail, $at, length $field), $field,
			"$field lies at $at");
	}
	my $signed = get("$kit/s1-signed.bin");
	put("$kit/s1-signed.bin", $signed =~ s/plain/plane/r);
	is((run_kit($kit))[0], 1, 'another header fails in openssl');
	put("$kit/s1-signed.bin", $signed);
	my $body = get("$kit/s1-body.bin");
	put("$kit/s1-body.bin", "$body ");
	is((run_kit($kit))[0], 1, 'another body fails in openssl');
	put("$kit/s1-body.bin", $body);
	is((run_kit($kit))[0], 0, 'as it was, it holds');
	put("$kit/s1-key1.pem", 'no key');
	is((run_kit($kit))[0], 2, 'a key that cannot be read is no failure');
	is((run_kit($kit, '2'))[0], 2, 'there is no second signature');
	is((run_kit($kit, '1;id'))[0], 2, 'only numbers are taken');
	is((run('/usr/bin/env', '-i', 'PATH=/nonexistent', $sh,
			"$kit/check.sh"))[0], 2, 'without openssl');
	is((run('verifier', 'explain', '-s', $semantics, $plain,
			'--emit-openssl', $kit))[0], 2,
		'nothing is written into a folder that is there');
}

# A signature without a hash of the body: nothing failed, a rule forbids it.
{
	my $mail = get($plain);
	for my $bh ('', ' bh=;', ' bh=!!!;') {
		put(scratch() . '/bh.eml', $mail =~ s/ ?\bbh=[^;]*;/$bh/r);
		my ($kit, $out) = compare("bh: '$bh'", $semantics,
			scratch() . '/bh.eml');
		like($out, qr/bh= holds no hash to compare it with/,
			"bh: '$bh': is said");
		unlike((run_kit($kit))[1], qr/body hash fails/,
			"bh: '$bh': and no failure of the body");
	}
}

# The same for programs: what the files of the kit are, and what the script
# comes to.
for my $name (qw(semantics/plain.eml semantics/sha1.eml
	semantics/length-appended.eml semantics/revoked-before.eml
	damage/30-footer-relaxed.eml)) {
	my $from = $of_kind{ $name =~ s{/.*}{}r };
	my $mail = scratch() . "/$name";
	my $kit = new_kit();
	my $explained = JSON::PP->new->decode(ok_run('verifier', 'explain',
		'--json', '-s', $from, $mail, '--emit-openssl', $kit));
	my ($record) = records((run('verifier', 'check', '--json', '-s', $from,
		$mail))[1]);
	is_deeply($explained->{record}, $record, "$name: --json has the record");
	is($explained->{schema}, 'verifier-explain/1', 'and its schema');
	is_deeply($explained->{otherwise}, [], 'a file has no case');
	my $stored = get("$kit/message-stored.eml");
	for my $step (@{ $explained->{steps} }) {
		my $n = $step->{number};
		my %code = (holds => 0, fails => 1, nothing => 3, forbidden => 4);
		is((run_kit($kit, $n))[0], $code{ $step->{outcome} },
			"$name#$n: $step->{outcome}");
		like(substr($stored, $step->{offset}), qr/\A(?:DKIM|DomainKey)-Sig/i,
			"$name#$n: lies there");
		is(length get("$kit/s$n-signed.bin"), $step->{octets},
			"$name#$n: as many octets") if defined $step->{octets};
		is(unpack('H*', get("$kit/s$n-hash.bin")), $step->{hash},
			"$name#$n: the hash") if defined $step->{hash};
		is(unpack('H*', get("$kit/s$n-signature.bin")), $step->{signature},
			"$name#$n: b=");
		is(length get("$kit/s$n-body.bin"), $step->{body}{covered},
			"$name#$n: the body") if $step->{body};
		next if $step->{repaired};
		like(substr($stored, $_->{offset}), qr/\A\Q$_->{name}\E *:/i,
			"$name#$n: $_->{name}")
		    for grep { defined $_->{offset} } @{ $step->{fields} };
	}
}

# ---- what is in the mail stays out of the shell ----------------------------

{
	my $evil = "x';touch pwned;\$(touch pwned)`touch pwned`\"\\%s%n";
	my $mail = join "\r\n", "DKIM-Signature: v=1; a=rsa-sha256; d=$evil;",
	    " s=$evil; i=$evil; h=from:$evil; bh=$evil; b=$evil",
	    "From: $evil\x1b[2J\x00\xff\xe2\x80\xae <a\@b.example>",
	    "Subject: $evil", "$evil: $evil", '', $evil, '';
	put(scratch() . '/evil.eml', $mail);
	my ($kit, $out) = compare('evil', $semantics, scratch() . '/evil.eml');
	my $script = get("$kit/check.sh");
	unlike($script, qr/pwned|b\.example/, 'nothing of it is in the script');
	unlike($script, qr/[^\n\t\x20-\x7e]/, 'which is plain ASCII');
	like($out, qr/touch pwned/, 'it is shown');
	ok(!-e "$kit/pwned" && !-e 'pwned', 'and nothing ran');
	my %names = map { $_ => 1 } map { s{.*/}{}r } glob "$kit/*";
	ok(!(grep { !/^(?:check\.sh|explain\.txt|message-stored\.eml|s1-[a-z0-9]+\.[a-z]+)$/ }
		keys %names), 'file names are ours') or diag(join ' ', keys %names);
	my $big = "Subject: " . ('a' x 100000) . "\r\n" . $mail;
	put(scratch() . '/big.eml', $big . ("line of a body\r\n" x 100000));
	(undef, $out) = run('verifier', 'explain', '-s', $semantics,
		scratch() . '/big.eml');
	cmp_ok(length $out, '<', 60000, 'long texts are cut short');
}

# ---- a message of a case -----------------------------------------------------

{
	my $dir = scratch() . '/mail';
	mkdir $dir or die $!;
	put("$dir/m.mbox", "From a\@b Mon Jan  2 00:00:00 2012\n"
		. (get($plain) =~ s/\r\n/\n/gr) . "\nFrom a\@b Mon Jan  2 00:00:00 2012\n"
		. (get(scratch() . '/semantics/sha1.eml') =~ s/\r\n/\n/gr));
	my (undef, $records, $case) = verify_records($semantics, $dir);
	is(scalar @$records, 2, 'two messages');
	my $kit = new_kit();
	my ($code, $out, $err) = run('verifier', 'explain', '-s', $semantics,
		$case, 2, '--emit-openssl', $kit);
	is($code, 0, 'the second is explained') or diag($err);
	like($out, qr/lies at\n\s+offset $records->[1]{source}{offset} /,
		'with where it lies');
	unlike($out, qr/has another/, 'as the case has it');
	is((run_kit($kit))[0], 0, 'and redone');
	(undef, $out) = run('verifier', 'explain', '-s', $semantics, $case,
		substr($records->[0]{sha256}, 0, 12), '--min-grade', 'A1');
	like($out, qr/has another "verdict"/, 'another policy is noticed');
	is((run('verifier', 'explain', '-s', demo_snapshot(), $case, 2))[0], 2,
		'another snapshot is refused');
	is((run('verifier', 'explain', '-s', $semantics, $case, 99))[0], 1,
		'no such record');
	put("$dir/m.mbox", get("$dir/m.mbox") =~ s/Pay/Pax/r);
	is((run('verifier', 'explain', '-s', $semantics, $case, 1))[0], 4,
		'another message at its place is refused');
}
done_testing();
