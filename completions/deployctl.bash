# Completion of deployctl for bash. It asks the deployctl on the PATH, which
# looks at this checkout and at what earlier commands have seen, and at no
# server.

_deployctl() {
    local IFS=$' \t\n'
    local rest=${COMP_LINE:0:COMP_POINT} glued= word= value text i
    local -a line=() values=() texts=()
    # bash splits words at =, : and @, so those that stand together are put together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            rest=${rest#"${rest%%[![:space:]]*}"}
            word=$rest
        else
            rest=${rest#*"$word"}
        fi
        if [[ $glued ]]; then
            line[${#line[@]} - 1]+=$word
        else
            line+=("$word")
        fi
        glued=
        [[ $rest && $rest != [[:space:]]* ]] && glued=1
    done
    # bash itself replaces what follows a quote that is open, or the last sign at
    # which it splits, a @ with it; what comes before stays.
    local current=${line[${#line[@]} - 1]} bare= quote= before= opened= c
    for ((i = 0; i < ${#current}; i++)); do
        c=${current:i:1}
        if [[ $c == \\ && $quote != \' ]]; then
            ((i++))
            bare+=${current:i:1}
        elif [[ ! $quote && $c == [\"\'] ]]; then
            quote=$c opened=$bare
        elif [[ $c == "$quote" ]]; then
            quote=
        else
            [[ ! $quote && $c == @ && $COMP_WORDBREAKS == *@* ]] && before=$bare
            bare+=$c
            [[ ! $quote && $c == [=:] && $COMP_WORDBREAKS == *"$c"* ]] && before=$bare
        fi
    done
    [[ $quote ]] && before=$opened
    while IFS=$'\t' read -r value text; do
        [[ $before && $value != "$before"* ]] && continue
        values+=("${value:${#before}}")
        texts+=("$text")
    done < <(DEPLOYCTL_COMPLETE=bash command deployctl -- "${line[@]}" 2>/dev/null)
    COMPREPLY=()
    local count=${#values[@]} home
    for ((i = 0; i < count; i++)); do
        value=${values[i]} home=
        case $quote in
            \') value=${value//\'/\'\\\'\'} ;;
            \")
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
                ;;
            # Nothing that a name holds is to be run; the ~ of a home stays one.
            *)
                [[ $current == \~/* && $value == \~/* ]] && home=\~/ value=${value:2}
                [[ $value == *[!A-Za-z0-9_./:=@%+,-]* ]] && printf -v value %q "$value"
                value=$home$value
                ;;
        esac
        # A list that is only shown has room for descriptions.
        if ((count > 1 && COMP_TYPE == 63)) && [[ ${texts[i]} ]]; then
            value="$value  (${texts[i]})"
        fi
        COMPREPLY+=("$value")
    done
    if ((count == 1)) && [[ ${values[0]} == *[=/:,] ]]; then
        compopt -o nospace 2>/dev/null
        # As a folder it leaves a quote open.
        [[ $quote && ${values[0]} == */ ]] && compopt -o filenames -o noquote 2>/dev/null
    fi
}

complete -o nosort -F _deployctl deployctl 2>/dev/null || complete -F _deployctl deployctl
