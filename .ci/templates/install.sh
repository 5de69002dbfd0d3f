#!/bin/sh
# Installs deployctl from its releases, after a comparison with the checksum of the
# release:
#
#   curl -fsSL @REPOSITORY@/releases/latest/download/install.sh | sh
#   curl -fsSL @REPOSITORY@/releases/latest/download/install.sh | sh -s -- --help
set -eu

repository=${DEPLOYCTL_REPOSITORY:-@REPOSITORY@}

usage() {
  cat <<'END'
Install deployctl from its releases

Usage: install.sh [OPTIONS]

  --version VERSION       Version to install, such as 0.1.0 [default: latest]
  --to FOLDER             Folder for the program [default: ~/.local/bin]
  --cache FOLDER          Folder that keeps the downloaded archives
  --attestation WHEN      Whether gh verifies that the archive was built by the
                          repository's release workflow: always, never, or auto, if
                          gh is installed and logged in [default: auto]
END
}

has() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $*"
  exit 1
}

# Downloads $1 to the file $2. Returns 1 if it does not exist.
fetch() {
  if has curl; then
    # shellcheck disable=SC2086 # These are several words.
    status=$(curl $curl_options --location --silent --show-error --retry 3 \
      --write-out '%{http_code}' --output "$2" "$1") || fail "$1 cannot be downloaded"
    case $status in
      200) ;;
      404) return 1 ;;
      *) fail "$1: HTTP $status" ;;
    esac
  elif has wget; then
    code=0
    wget -q -O "$2" "$1" || code=$?
    case $code in
      0) ;;
      # The server refused it: GNU's wget, and that of BusyBox.
      8 | 1) return 1 ;;
      *) fail "$1 cannot be downloaded: wget ended with $code" ;;
    esac
  else
    fail "curl or wget is needed for the download"
  fi
}

sum_of() {
  if has sha256sum; then
    sha256sum <"$1"
  else
    shasum -a 256 <"$1"
  fi | cut -d ' ' -f 1
}

# Whether the archive $1 has the checksum that the file $2 lists for its name.
is_intact() {
  [ -e "$1" ] && [ -e "$2" ] || return 1
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]${1##*/}\$/\1/p" "$2")
  [ -n "$expected" ] && [ "$(sum_of "$1")" = "$expected" ]
}

# Sets $target to Rust's name for this platform.
find_target() {
  case $(uname -s) in
    Linux) target=unknown-linux-musl ;;
    Darwin) target=apple-darwin ;;
    MINGW* | MSYS* | CYGWIN*) target=pc-windows-gnu ;;
    *) fail "there is no deployctl for $(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) target=x86_64-$target ;;
    # Windows on Arm runs programs for x86_64.
    aarch64 | arm64) [ "$target" = pc-windows-gnu ] && target=x86_64-$target || target=aarch64-$target ;;
    *) fail "there is no deployctl for $(uname -s) on $(uname -m)" ;;
  esac
}

# Sets $archive to the verified archive of $version, and $version to its number.
get_archive() {
  if [ "$version" != latest ] && [ -n "$cache" ]; then
    archive=$cache/$version/deployctl-$version-$target.tar.gz
    ! is_intact "$archive" "$cache/$version/SHA256SUMS" || return 0
  fi
  case $version in
    latest) page=$repository/releases/latest/download ;;
    *) page=$repository/releases/download/v$version ;;
  esac
  sums=$work/SHA256SUMS
  fetch "$page/SHA256SUMS" "$sums" || fail "there is no release $version: $page/SHA256SUMS was not found"
  name=$(sed -n "s/^[0-9a-f]\{64\} [ *]\(deployctl-.*-$target\.tar\.gz\)\$/\1/p" "$sums")
  [ -n "$name" ] || fail "release $version has no program for $target"
  version=${name#deployctl-}
  version=${version%"-$target.tar.gz"}
  archive=$cache/$version/$name
  ! is_intact "$archive" "$sums" || return 0
  archive=$work/$name
  fetch "$repository/releases/download/v$version/$name" "$archive" ||
    fail "release $version has no file $name"
  is_intact "$archive" "$sums" ||
    fail "$name has the checksum $(sum_of "$archive") in place of $expected; nothing was installed"
  if [ -n "$cache" ]; then
    { mkdir -p "$cache/$version" && keep "$name" && keep SHA256SUMS; } ||
      say "warning: $cache cannot be written; the next installation downloads $name again"
  fi
}

# Moves a whole file to the cache, which other jobs may use at the same time.
keep() {
  cp "$work/$1" "$cache/$version/.$1.$$" && mv -f "$cache/$version/.$1.$$" "$cache/$version/$1"
}

# Verifies that the release workflow of the repository built the archive for the tag.
verify_attestation() {
  [ "$attestation" != never ] || return 0
  # gh may be logged in to other servers only.
  slug=${repository#*://*/}
  server=${repository#*://}
  export GH_HOST="${server%%/*}"
  if ! { has gh && gh attestation verify --help 2>/dev/null | grep -q -e --source-ref &&
    gh auth token >/dev/null 2>&1; }; then
    [ "$attestation" = auto ] ||
      fail "--attestation always needs a gh that is logged in to $GH_HOST, with 'gh attestation verify --source-ref'"
    return 0
  fi
  gh attestation verify "$archive" --repo "$slug" --source-ref "refs/tags/v$version" \
    --signer-workflow "$slug/.github/workflows/release.yml" >&2 ||
    fail "gh cannot verify the attestation of ${archive##*/}; nothing was installed"
}

# Prints the line that adds the folder $1 to the PATH in the user's shell.
path_line() {
  shell=${SHELL:-sh}
  case ${shell##*/} in
    fish) echo "fish_add_path '$1'" ;;
    elvish) echo "set paths = ['$1' \$@paths]" ;;
    nu) echo "\$env.PATH = (\$env.PATH | prepend '$1')" ;;
    *) echo "export PATH=\"$1:\$PATH\"" ;;
  esac
}

is_denos() { head -c 4096 "$1" 2>/dev/null | grep -qi deno; }

main() {
  version=latest to=${HOME:-.}/.local/bin cache='' attestation=auto
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h)
        usage
        exit 0
        ;;
      --version | --to | --cache | --attestation) [ $# -gt 1 ] || fail "$1 needs a value" ;;
      *) fail "unknown option $1; see --help" ;;
    esac
    case $1 in
      --version) version=${2#v} ;;
      --to) to=$2 ;;
      --cache) cache=$2 ;;
      --attestation) attestation=$2 ;;
    esac
    shift 2
  done
  case $attestation in
    always | auto | never) ;;
    *) fail "--attestation is always, auto or never" ;;
  esac
  case $repository in
    @* | */OWNER/*)
      fail "this copy names no repository to install from; set DEPLOYCTL_REPOSITORY to its address"
      ;;
    https://*) curl_options='--proto =https --tlsv1.2' ;;
    *) curl_options='' ;;
  esac

  work=$(mktemp -d) staged=$work
  trap 'rm -rf "$work" "$staged"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  find_target
  get_archive
  verify_attestation
  # GNU's tar takes C:/file for a file of the machine C.
  tar -xzf - -C "$work" <"$archive"
  case $target in
    *-windows-*) program=deployctl.exe ;;
    *) program=deployctl ;;
  esac

  if ! { mkdir -p "$to" 2>/dev/null && [ -w "$to" ]; }; then
    fail "$to is not a folder that you can write to; choose another one with --to"
  fi
  to=$(cd "$to" && pwd)
  if [ -e "$to/$program" ] && is_denos "$to/$program"; then
    fail "$to/$program is the command line of Deno Deploy; choose another folder with --to"
  fi
  # A program that is running cannot be overwritten, but it can be replaced.
  staged=$to/.$$.$program
  cp "$work/deployctl-$version-$target/$program" "$staged"
  chmod 755 "$staged"
  installed=$("$staged" --version) || fail "the program does not run here; nothing was installed"
  mv -f "$staged" "$to/$program"
  say "installed $installed as $to/$program"

  case :$PATH: in
    *":$to:"*) ;;
    *) say "hint: add it to the PATH in your shell's start-up file: $(path_line "$to")" ;;
  esac
  found=$(command -v deployctl || true)
  if [ -n "$found" ] && [ "$found" != "$to/$program" ] && [ "$found" != "$to/deployctl" ]; then
    what='another program'
    ! is_denos "$found" || what='the command line of Deno Deploy'
    say "warning: 'deployctl' is $what in this shell: $found"
  fi
}

main "$@"
