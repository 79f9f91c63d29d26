# bash completion for keysnap(1)

_keysnap()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local command=${COMP_WORDS[1]} options="--help --color"

	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "init keygen import capture annotate anchor audit list show
			timeline conflicts stats freeze verify stamp prove consistency
			diff merge rebuild export help --help --version" \
			-- "$cur"))
		return
	fi
	case $command:$prev in
	import:--format) COMPREPLY=($(compgen -W "auto cof
		compromised-keys dkim-verifier dnsdb2 doh fdns jsonl jws
		mailauth opendkim pcap private-keys securitytrails table wire
		zkemail zone" -- "$cur"))
		return ;;
	export:--format) COMPREPLY=($(compgen -W "canonical jsonl csv zone
		opendkim mailauth bagit log" -- "$cur"))
		return ;;
	annotate:--precision) COMPREPLY=($(compgen -W "second minute hour day
		month year" -- "$cur"))
		return ;;
	annotate:--evidence) COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	audit:--debian-weak) COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	import:--jwks|*:--trust-anchor) COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	*:--color) COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
		return ;;
	esac
	case $command in
	help) COMPREPLY=($(compgen -W "init keygen import capture annotate anchor audit list
		show timeline conflicts stats freeze verify stamp prove consistency diff merge rebuild
		export" -- "$cur"))
		return ;;
	init) options+=" --origin" ;;
	keygen) options+=" --output --name" ;;
	import) options+=" --format --source --lineage --observed-at --domain --map --jwks
		--issuer --skip-bad --trust-anchor
		--operator --imported-at --no-evidence" ;;
	capture) options+=" --wants --domains --selectors --dates --server
		--authoritative --vantages --root-hints --port --jobs --rate
		--server-rate --timeout --retries --repeat-after --resume --trust-anchor
		--source --operator --cron" ;;
	annotate) options+=" --retract --note --compromise
		--private-key-published --entry --key --name --since --precision
		--text --evidence --operator --made" ;;
	anchor) options+=" --checkpoint --file --digest --tsa-ca --chain --crl
		--block-header --anchor-key --made" ;;
	audit) options+=" --debian-weak --memory --jobs --again --exit-code
		--made --json" ;;
	show) options+=" --at --json --public-key --root" ;;
	timeline) options+=" --svg --json --public-key --root" ;;
	conflicts) options+=" --all --json --public-key --root" ;;
	list|stats) options+=" --json --public-key --root" ;;
	verify) options+=" --json --public-key --root --tsa-ca --cms-ca
		--as-of --minisign-key --dnssec --trust-anchor" ;;
	stamp) options+=" --sign-key --request --renew --attach --query
		--attach-minisign --minisign-key --attach-cms --chain --crl
		--tsa-ca --cms-ca" ;;
	freeze) options+=" --sign-key" ;;
	prove) options+=" --output --no-evidence" ;;
	consistency) options+=" --output --public-key --root" ;;
	diff) options+=" --json --public-key --root" ;;
	merge) options+=" --operator --made --skip-unknown --public-key
		--root" ;;
	rebuild) options+=" --output" ;;
	export) options+=" --format --output --made --public-key --root" ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -o filenames -F _keysnap keysnap
