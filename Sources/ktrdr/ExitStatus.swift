/// The exit statuses besides 0 and those for signals (128 + n). See "Exit status" in docs/reference.md.
enum ExitStatus {
  static let notSucceeded: Int32 = 1
  /// A check ran and its result is negative: something is not in sync, or an anchor is not proven.
  static let checkFailed: Int32 = 3
  static let usage: Int32 = 64
  static let damaged: Int32 = 65
  static let validation: Int32 = 69
  static let locked: Int32 = 75
  static let secrets: Int32 = 77
  static let inventory: Int32 = 78
}
