# Completion of deployctl for PowerShell. It asks the deployctl on the PATH,
# which looks at this checkout and at what earlier commands have seen, and at no
# server.

Register-ArgumentCompleter -Native -CommandName deployctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $program = Get-Command deployctl -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $program) { return }

    $before = $env:DEPLOYCTL_COMPLETE
    $env:DEPLOYCTL_COMPLETE = 'powershell'
    # An empty last word would be dropped by older versions.
    $last = if ($wordToComplete -eq '') { if ($PSVersionTable.PSVersion -ge [version]'7.3') { '' } else { '""' } } else { $wordToComplete }
    try { $lines = & $program -- @words $last 2>$null } finally { $env:DEPLOYCTL_COMPLETE = $before }

    foreach ($line in $lines) {
        $value, $text = $line -split "`t", 2
        if (-not $text) { $text = $value }
        # Nothing that a name holds is to be run.
        $typed = if ($value -match '^(~/)?[A-Za-z0-9_./:=%+-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $text)
    }
}
