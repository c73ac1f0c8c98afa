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
  /// about the repository nor about programs or settings; where the operator's own configuration is, and which directories it
  /// trusts, does. `settings` stand above every file.
  static func environment(_ parent: [String: String], settings: [Setting] = []) -> [String: String] {
    var kept = parent.filter { name, _ in !name.hasPrefix("GIT_") || ownConfiguration.contains(name) }
    let all = trustedDirectories(parent) + settings
    if !all.isEmpty { kept["GIT_CONFIG_COUNT"] = "\(all.count)" }
    for (number, setting) in all.enumerated() {
      kept["GIT_CONFIG_KEY_\(number)"] = setting.key
      kept["GIT_CONFIG_VALUE_\(number)"] = setting.value
    }
    // Whatever a repository allows, nothing is fetched. The error messages that are matched must not be translated.
    return kept.merging(["GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"]) { $1 }
  }

  /// A key of git's configuration and its value.
  struct Setting: Equatable {
    var key: String
    var value: String
  }

  /// How a container allows a checkout of another user.
  private static func trustedDirectories(_ parent: [String: String]) -> [Setting] {
    let count = parent["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
    return (0..<min(max(count, 0), 100)).compactMap { number in
      guard parent["GIT_CONFIG_KEY_\(number)"]?.lowercased() == "safe.directory",
        let value = parent["GIT_CONFIG_VALUE_\(number)"]
      else { return nil }
      return Setting(key: "safe.directory", value: value)
    }
  }

  private static let ownConfiguration: Set = [
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  ]

  /// What lists every filter, with where it is defined.
  static let listFilters = ["config", "--show-scope", "--includes", "--name-only", "--get-regexp", #"^filter\."#]

  /// The settings that switch off the filters in an answer to ``listFilters`` that the repository itself defines, in any of its
  /// files; those of the operator's own configuration may run.
  static func withoutFilters(_ answer: String) -> [Setting] {
    answer.byteLines.compactMap { line in
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, ["local", "worktree"].contains(parts[0]), parts[1].hasPrefix("filter.") else {
        return nil
      }
      return Setting(key: String(parts[1]), value: parts[1].hasSuffix(".required") ? "false" : "")
    }
  }
}
