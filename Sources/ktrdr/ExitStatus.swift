/// Each status has one meaning; see "Exit status" in the documentation.
enum ExitStatus {
  static let notSucceeded: Int32 = 1
  static let answerIsNo: Int32 = 3
  static let usage: Int32 = 64
  static let damaged: Int32 = 65
  static let validation: Int32 = 69
  static let locked: Int32 = 75
  static let secrets: Int32 = 77
  static let inventory: Int32 = 78
}
