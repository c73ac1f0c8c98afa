/// Where what was done and the model do not agree.
struct Disagreement: Sendable {
  var seed: UInt64
  var history: [Operation]
  /// What differs, in a few words.
  var what: String
  var model: String
  var code: String

  var text: String {
    let lines = history.enumerated().map { "  \($0.offset + 1). \($0.element)" }
    return """
      MODEL_SEED=\(seed): \(what)
      \(lines.joined(separator: "\n"))
        the model: \(model)
        the code:  \(code)
      """
  }
}
