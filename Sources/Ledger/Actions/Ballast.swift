import Platform

/// A file whose room is given back when the disk is full at the end of a deployment, so that the end can be recorded.
enum Ballast {
  static let bytes = 1 << 20

  static func path(beside ledger: String) -> String { ledger + "-ballast" }

  /// Makes it where it is missing. It is a help, not a condition, so a failure is no error.
  static func keep(beside ledger: String) {
    let path = path(beside: ledger)
    guard access(path, F_OK) != 0 else { return }
    try? System.writeNew(path, [UInt8](repeating: 0, count: bytes))
  }

  static func free(beside ledger: String) { unlink(path(beside: ledger)) }
}
