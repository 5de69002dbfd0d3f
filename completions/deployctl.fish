# Completion of deployctl for fish. It asks the deployctl on the PATH, which
# looks at this checkout and at what earlier commands have seen, and at no
# server.

function __deployctl_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -lx DEPLOYCTL_COMPLETE fish
    command deployctl -- $words (commandline --current-token --cut-at-cursor) 2>/dev/null
end

complete --command deployctl --no-files --keep-order --arguments '(__deployctl_complete)'
