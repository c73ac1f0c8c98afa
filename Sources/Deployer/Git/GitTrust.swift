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
