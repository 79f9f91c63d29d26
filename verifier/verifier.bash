# bash completion for verifier(1)

_verifier()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local command=${COMP_WORDS[1]} options="--help --color"
	local commands="check verify wants show explain stats replay compare originals
		exhibit seal self-test help"
	local judge="--snapshot --public-key --root --min-grade --max-gap --repairs
		--equivalences --public-suffix-list"
	local anchor="--anchor --hash-list --tsa-ca --tsa-chain --tsa-crl"
	anchor+=" --as-of --block-header --anchor-key"
	local reads="--files-from --null --max-depth --max-members"
	reads+=" --max-member-size --max-ratio --max-memory"

	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "$commands --help --version" \
			-- "$cur"))
		return
	fi
	case $prev in
	--color)
		COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
		return ;;
	--format)
		COMPREPLY=($(compgen -W "text json ar" -- "$cur"))
		return ;;
	--min-grade)
		COMPREPLY=($(compgen -W "A1 A2 B C1 C2 D E1 E2 F" -- "$cur"))
		return ;;
	--root|--max-*|--jobs|-j|--clock|--as-of)
		return ;;
	esac
	case $command in
	help)
		COMPREPLY=($(compgen -W "$commands verdicts" -- "$cur"))
		return ;;
	check) options+=" $judge $anchor --json --format --all" ;;
	verify) options+=" $judge $anchor $reads --output --jobs --clock --resume
			--update"
		options+=" --dry-run --quiet" ;;
	wants) options+=" $judge $reads" ;;
	show) options+=" --json --all --raw --wire --repaired --archive --output" ;;
	explain) options+=" $judge --emit-openssl --archive --json" ;;
	stats) options+=" --json" ;;
	self-test) options+=" --report --vectors --json" ;;
	seal) options+=" --sign-key --origin --request --attach --query --chain"
		options+=" --crl --tsa-ca --verify --public-key --json" ;;
	exhibit) options+=" --output --archive --snapshot --files-from" ;;
	compare) options+=" --json --summary" ;;
	replay) options+=" --archive --snapshot --public-key --root --files-from"
		options+=" --jobs --json --quiet" ;;
	originals) options+=" --archive --snapshot --public-key --files-from"
		options+=" --json" ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -o filenames -F _verifier verifier
