import Foundation
import Ledger
import Testing

/// The tables and the code of docs/figures.md.
struct FiguresDocument {
  private let text: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    text = try String(contentsOf: root.appending(path: "docs/figures.md"), encoding: .utf8)
  }

  /// The rows of the table that begins with this header, without it.
  func table(_ header: String) throws -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix(header) })
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  /// The block of Python.
  func python() throws -> String {
    let start = try #require(text.range(of: "```python\n"))
    let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
    return String(text[start.upperBound..<end.lowerBound])
  }

  /// The example's deployments, oldest first.
  func history() throws -> [DeploymentFacts] { try table("| # | target | what |").map(Self.facts) }

  private static func facts(_ row: [String]) throws -> DeploymentFacts {
    try #require(row.count == 10)
    let undoes = row[2].split(separator: " ").last.flatMap { Int64($0) }
    try #require(row[2] == "deploy" || undoes != nil)
    let startedAt = try Date("\(row[4]):00Z", strategy: .iso8601)
    let seconds = Self.seconds(row[5])
    let outcome = Outcome(rawValue: row[6])
    try #require(outcome != nil || row[6] == "running")
    let start = DeploymentStart(
      kind: undoes == nil ? .deploy : .rollback, target: row[1], host: row[1],
      services: row[3].split(separator: " ").map(String.init), operator: "ana", client: "test", undoes: undoes)
    let deployment = Deployment(
      id: try #require(Int64(row[0])), uuid: "u\(row[0])", start: start, startedAt: startedAt,
      finishedAt: seconds.map { startedAt.addingTimeInterval(Double($0)) }, durationMS: seconds.map { $0 * 1000 },
      outcome: outcome)
    var steps: [DeploymentFacts.StepTime] = []
    if let pull = Self.seconds(row[7]) { steps.append(.init(name: "pull", durationMS: pull * 1000)) }
    if let up = Self.seconds(row[8]) {
      steps += [.init(name: "changing", durationMS: 0), .init(name: "up", durationMS: up * 1000)]
    }
    return DeploymentFacts(deployment, steps: steps, changedImage: row[9] == "yes")
  }

  /// Of `60s`.
  private static func seconds(_ text: String) -> Int64? { Int64(text.dropLast()) }
}
