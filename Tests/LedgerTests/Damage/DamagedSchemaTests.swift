import Platform
import TestSupport
import Testing

@testable import Ledger

/// Changes one bit in every 23rd byte of these statements where the file stores them, or in every byte with
/// THOROUGH=1. Asks all `questions` each time, and returns how many changes left no answer and how many some.
private func change(
  _ statements: [String], asking questions: [Question]
) async throws -> (damaged: Int, answered: Int) {
  let sample = try await Sample.small.value
  let scratch = try Scratch()
  let step = isThorough ? 1 : 23
  print("seed \(seed)")
  var (damaged, answered) = (0, 0)
  for sql in statements {
    let range = try #require(sample.bytes.ranges(of: Array(sql.utf8)).first, "\(sql)")
    for offset in stride(from: range.lowerBound + Int(seed % UInt64(step)), to: range.upperBound, by: step) {
      var bytes = sample.bytes
      bytes[offset] ^= 1
      let result = try await sample.ask(questions, of: bytes, in: scratch)
      #expect(result.wrong == [], "\(sql.prefix(40)): byte \(offset - range.lowerBound)")
      if result.given > 0 { answered += 1 } else { damaged += 1 }
    }
  }
  print("\(damaged) changes left no answer, \(answered) some")
  return (damaged, answered)
}

@Test func `a changed byte in the definition of a table or an index is damage`() async throws {
  let result = try await change(Schema.tables + Schema.indexes, asking: Question.all)
  #expect(result.damaged > 60 && result.answered == 0)
}

@Test func `a changed byte in the definition of a view or a trigger is damage or changes no answer`() async throws {
  let result = try await change(Schema.views + Schema.triggers, asking: Question.few)
  #expect(result.damaged > 60 && result.answered > 30)
}
