import Foundation
import Ledger
import Testing

/// A tool that was built with these tests.
func tool(_ name: String) throws -> String {
  var directory = Bundle.main.bundleURL
  while directory.path != "/" {
    let path = directory.appendingPathComponent(name).path
    if FileManager.default.isExecutableFile(atPath: path) { return path }
    directory.deleteLastPathComponent()
  }
  throw ShellFailure(output: "\(name) was not built")
}

@Test func `eight processes append at the same time without gaps, losses or messages`() async throws {
  let scratch = try Scratch()
  let writer = try tool("ledger-writer")
  let printed = try await withThrowingTaskGroup(of: [Int64].self) { group in
    for _ in 0..<8 {
      group.addTask {
        let result = try await run(writer, ["--ledger", scratch.path, "--events", "100", "--print-seq"])
        #expect(result.status == 0, "\(result.output)")
        return result.output.split(separator: "\n").compactMap { Int64($0) }
      }
    }
    return try await group.reduce(into: []) { $0 += $1 }
  }
  #expect(printed.sorted() == Array(2...801))
  let report = try await scratch.open(.readOnly).verify()
  #expect(report.problems == [])
  #expect(report.events == 801)
  #expect(report.deployments == 160)
}

@Test func `a writer that cannot record reports why and fails`() async throws {
  let scratch = try Scratch()
  try write([1, 2, 3], scratch.path)
  let result = try await run(tool("ledger-writer"), ["--ledger", scratch.path, "--events", "1"])
  #expect(result.status == 65)
  #expect(result.output.contains("is not a ledger"))
  #expect(try await run(tool("ledger-writer"), ["--events"]).status == 64)
}
