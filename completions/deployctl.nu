# Completion of deployctl for a Nushell that knows @complete, such as 0.115. It
# asks the deployctl on the PATH, which looks at this checkout and at what earlier
# commands have seen, and at no server.

def "nu-complete deployctl" [words: list<string>] {
    # Nushell passes words as they are typed, with their quotes.
    let words = $words | each {|word|
        if $word !~ r#'^["']'# { $word } else {
            try { $word | from nuon } catch { $word | str substring 1.. }
        }
    }
    let answer = with-env { DEPLOYCTL_COMPLETE: nushell } { ^deployctl -- ...$words | complete }
    $answer.stdout | lines | each {|line|
        let parts = $line | split row --number 2 "\t"
        let value = $parts | first
        # Nothing that a name holds is to be run.
        let typed = if $value =~ '^(~/)?[A-Za-z0-9_./:=@%+,-]+$' { $value } else { $value | to nuon }
        { value: $typed, description: ($parts | get --optional 1 | default "") }
    }
}

@complete "nu-complete deployctl"
export extern deployctl [...words: string]
