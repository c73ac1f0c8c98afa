internal import CCommit

/// Which ktrdr this is.
enum BuildVersion {
  static let number = "0.1.0"

  /// `ktrdr 0.1.0 (abc1234, 2026-11-28)`; without what the build was told of its commit, the number alone.
  static let text = text(commit: String(cString: ccommit_text()))

  static func text(commit: String) -> String { "ktrdr \(number)" + (commit.isEmpty ? "" : " (\(commit))") }
}
