import Platform

/// A file beside the ledger that only takes up space. When the disk is full at the end of a deployment, it is removed, so
/// that the end can be recorded.
enum Ballast {
  static let bytes = 1 << 20

  static func path(beside ledger: String) -> String { ledger + "-ballast" }

  /// Creates the file if it is missing. Failure is not an error: the file helps, but nothing depends on it.
  static func create(beside ledger: String) {
    let path = path(beside: ledger)
    guard access(path, F_OK) != 0 else { return }
    try? System.writeNew(path, [UInt8](repeating: 0, count: bytes))
  }

  static func remove(beside ledger: String) { unlink(path(beside: ledger)) }
}
