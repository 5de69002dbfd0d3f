# The name differs from the formula of Deno Deploy's command line.
class GithubDeployctl < Formula
  desc "Command-line for GitHub Deployments"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/deployctl-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:deployctl-@VERSION@-aarch64-apple-darwin.tar.gz@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/deployctl-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:deployctl-@VERSION@-x86_64-apple-darwin.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/deployctl-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:deployctl-@VERSION@-aarch64-unknown-linux-musl.tar.gz@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/deployctl-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:deployctl-@VERSION@-x86_64-unknown-linux-musl.tar.gz@"
    end
  end

  conflicts_with "deployctl", because: "both install a program of this name"

  def install
    bin.install "deployctl"
    bash_completion.install "completions/deployctl.bash" => "deployctl"
    zsh_completion.install "completions/_deployctl"
    fish_completion.install "completions/deployctl.fish"
    man1.install Dir["man/*.1"]
    man7.install Dir["man/*.7"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/deployctl --version")
  end
end
