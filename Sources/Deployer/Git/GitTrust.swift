import Platform

/// How git is called so that it runs nothing that a repository's own configuration names: whoever can put files into a
/// checkout must not run programs by the hand of whoever deploys from it.
enum GitTrust {
  /// Before every command. A bare repository somewhere inside a checkout is refused; hooks, the file system monitor, the
  /// verification of signatures, pagers and external diffs are off, and nothing is fetched.
  static let options = settings.flatMap { ["-c", $0] } + ["--no-pager", "--no-optional-locks"]

  private static let settings = [
    "safe.bareRepository=explicit", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat",
    "diff.external=", "log.showSignature=false", "protocol.allow=never",
  ]

  /// What git gets of this process's environment. A hook of another repository, or whoever set a variable there, decides neither
  /// about the repository nor about programs or settings; where the operator's own configuration is, does.
  static func environment(_ parent: [String: String]) -> [String: String] {
    let kept = parent.filter { name, _ in !name.hasPrefix("GIT_") || ownConfiguration.contains(name) }
    // The error messages that are matched must not be translated.
    return kept.merging(["LC_ALL": "C"]) { $1 }
  }

  private static let ownConfiguration: Set = [
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  ]

  /// What lists the filters that the repository itself defines; those of the operator's own configuration may run.
  static let listFilters = ["config", "--local", "--name-only", "--get-regexp", #"^filter\."#]

  /// Options that switch off the filters in an answer to ``listFilters``.
  static func withoutFilters(_ answer: String) -> [String] {
    answer.byteLines.filter { $0.hasPrefix("filter.") }.flatMap { name -> [String] in
      let value = name.hasSuffix(".required") ? "false" : ""
      return ["-c", "\(name)=\(value)"]
    }
  }
}
