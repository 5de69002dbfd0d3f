# Completion of deployctl for Elvish. It asks the deployctl on the PATH, which
# looks at this checkout and at what earlier commands have seen, and at no
# server.

use str

set edit:completion:arg-completer[deployctl] = {|@words|
    tmp E:DEPLOYCTL_COMPLETE = elvish
    try {
        e:deployctl -- $@words 2>/dev/null | from-lines | each {|line|
            var value @text = (str:split "\t" $line)
            var shown = $value
            if (> (count $text) 0) {
                set shown = $value'  ('(str:join ' ' $text)')'
            }
            var suffix = ' '
            for end [= / : ,] {
                if (str:has-suffix $value $end) {
                    set suffix = ''
                }
            }
            edit:complex-candidate $value &display=$shown &code-suffix=$suffix
        }
    } catch _ {
        nop
    }
}
