# Completion of deployctl for bash. It asks the deployctl on the PATH, which
# looks at this checkout and at what earlier commands have seen, and at no
# server.

_deployctl() {
    local IFS=$' \t\n'
    local rest=${COMP_LINE:0:COMP_POINT} glued= word= value text i
    local -a line=() values=() texts=()
    # bash splits words at = and :, so those that stand together are put together.
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
    local current=${line[${#line[@]} - 1]}
    # What of the word bash itself replaces.
    local own=$word
    [[ $own && $own != *[!=:]* ]] && own=
    local before=${current%"$own"}
    while IFS=$'\t' read -r value text; do
        [[ $before && $value != "$before"* ]] && continue
        values+=("${value:${#before}}")
        texts+=("$text")
    done < <(DEPLOYCTL_COMPLETE=bash command deployctl -- "${line[@]}" 2>/dev/null)
    COMPREPLY=()
    local count=${#values[@]}
    for ((i = 0; i < count; i++)); do
        value=${values[i]}
        case $own in
            \'*) value=${value//\'/\'\\\'\'} ;;
            \"*)
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
                ;;
            # Nothing that a name holds is to be run.
            *) [[ $value == *[!A-Za-z0-9_./:=@%+,-]* ]] && printf -v value %q "$value" ;;
        esac
        # A list that is only shown has room for descriptions.
        if ((count > 1 && COMP_TYPE == 63)) && [[ ${texts[i]} ]]; then
            value="$value  (${texts[i]})"
        fi
        COMPREPLY+=("$value")
    done
    if ((count == 1)) && [[ ${values[0]} == *[=/:,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -o nosort -F _deployctl deployctl 2>/dev/null || complete -F _deployctl deployctl
