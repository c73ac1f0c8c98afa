import Platform
import Testing

@testable import Ledger

@Test func `a file whose pages refer to each other without end is damaged, whichever tree it is`() async throws {
  let sample = try await Sample.wide.value
  let scratch = try Scratch()
  try write(sample.bytes, scratch.path)
  let listed = try await sqlite(scratch.path, "SELECT name || ' ' || rootpage FROM sqlite_schema WHERE rootpage > 0")
  let roots = listed.split(separator: "\n").map { $0.split(separator: " ") }
  #expect(roots.count == Schema.tables.count + Schema.indexes.count)
  for root in roots {
    let bytes = EndlessTree.damage(sample.bytes, root: try #require(Int(root[1])))
    let result = try await sample.ask(of: bytes, in: scratch, isExact: false)
    #expect(result.wrong == [], "\(root[0])")
  }
}
