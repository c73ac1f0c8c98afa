/// A word that stands where a service should, and looks like the version that other tools take there.
enum VersionWord {
  /// A number, `v1.2.3`, `1.2.3-rc1`, or `sha-` and a commit.
  static func isOne(_ word: String) -> Bool {
    word.wholeMatch(of: /[0-9]+|v[0-9]+|v?[0-9]+(\.[0-9]+)+[-+.0-9A-Za-z]*|sha-[0-9a-f]{7,40}/) != nil
  }
}
