import Foundation
import Testing

@testable import Ledger

/// What someone who can write the file does to a copy of a ledger. `rewrite.py` carries it out.
struct Change: Sendable, CustomTestStringConvertible {
  var words: String
  /// SQL that runs without triggers, types and constraints.
  var rows: [String] = []
  /// Whether every hash is computed anew, so that the chain itself is valid again.
  var rehash = true
  /// SQL that runs on the schema as it is published.
  var schema: [String] = []
  /// Bytes of the file, with their offsets.
  var bytes: [[Int]] = []
  /// How many bytes are cut off at the end.
  var cut = 0

  var testDescription: String { words }

  static func + (left: Change, right: Change) -> Change {
    Change(
      words: "\(left.words), and \(right.words)", rows: left.rows + right.rows, rehash: left.rehash && right.rehash,
      schema: left.schema + right.schema, bytes: left.bytes + right.bytes, cut: max(left.cut, right.cut))
  }

  /// An addition to the schema that SQLite would not accept from SQL, because of its name.
  static func hidden(_ type: String, _ name: String, _ table: String, _ sql: String?) -> [String] {
    let text = sql.map { "'\($0.replacingOccurrences(of: "'", with: "''"))'" } ?? "NULL"
    return [
      "PRAGMA writable_schema=ON", "INSERT INTO sqlite_schema VALUES ('\(type)', '\(name)', '\(table)', 0, \(text))",
      "PRAGMA schema_version=1000",
    ]
  }
}

/// What a verifier says about a file.
enum Verdict: String, Sendable {
  case proven, damaged
  /// The format is too new.
  case refused

  /// The exit status of the verifier that was written from the document.
  init?(status: String) {
    switch status {
    case "0": self = .proven
    case "65": self = .damaged
    case "1": self = .refused
    default: return nil
    }
  }
}

/// Copies of one ledger, changed and judged by both verifiers.
struct Bench {
  let ledger: String
  private let scratch: Scratch

  init(_ ledger: String) throws {
    self.ledger = ledger
    scratch = try Scratch()
  }

  private struct Case: Encodable {
    var from: String
    var to: String
    var rows: [String]
    var rehash: Bool
    var schema: [String]
    var bytes: [[Int]]
    var cut: Int
  }

  /// The verdicts of `ktrdr` and of the independent verifier on each change.
  func judge(_ changes: [Change]) async throws -> [(own: Verdict?, independent: Verdict?)] {
    let encoder = JSONEncoder()
    let files = changes.indices.map { "\(scratch.directory)/\($0).db" }
    let lines = try zip(changes, files).map { change, file in
      let line = Case(
        from: ledger, to: file, rows: change.rows, rehash: change.rehash, schema: change.schema, bytes: change.bytes,
        cut: change.cut)
      return String(decoding: try encoder.encode(line), as: UTF8.self)
    }
    try write(Array(lines.joined(separator: "\n").utf8), scratch.directory + "/cases")
    let result = try await run(
      "python3", [root + "/Tests/LedgerTests/rewrite.py", "--cases", scratch.directory + "/cases"])
    guard result.status == 0 else { throw ShellFailure(output: result.output) }
    let statuses = result.output.split(separator: "\n").map(String.init)
    try #require(statuses.count == changes.count, "\(result.output)")
    var verdicts: [(Verdict?, Verdict?)] = []
    for (file, status) in zip(files, statuses) {
      verdicts.append((try await Self.verdict(on: file), Verdict(status: status)))
      for name in [file, file + "-wal", file + "-shm"] { try? FileManager.default.removeItem(atPath: name) }
    }
    return verdicts
  }

  /// What `ktrdr ledger verify` says.
  private static func verdict(on file: String) async throws -> Verdict? {
    do throws(LedgerError) {
      let ledger = try await DeploymentLedger.open(path: file, access: .inspection)
      return try await ledger.verify().verdict == .proven ? .proven : .damaged
    } catch .newerVersion {
      return .refused
    } catch {
      return error.isDamage ? .damaged : nil
    }
  }
}

extension DeploymentLedger {
  /// Fills an empty ledger with every type of event and every column.
  func fillCompletely() throws {
    var start = DeploymentStart.core(["caf\u{e9}", "db", "worker"], tag: "sha-1111111")
    start.batch = "b1"
    start.directory = "/opt/core"
    start.profiles = ["scale-2", "\u{e9}"]
    start.gitSHA = String(repeating: "a1", count: 20)
    start.gitDirty = true
    start.secretVersions = [SecretVersion(item: "core", version: 7), SecretVersion(item: "a@b", version: 1)]
    start.registry = "ghcr.io,r.example.org"
    let first = try deploy(start, .succeeded)
    try appendAnchored(deployment: first, target: "core", head: try head())
    start.kind = .rollback
    start.undoes = first
    let second = try deploy(start, .failed)
    try purge(step: 2, of: second, reason: "it held a token")
    let late = try head()
    _ = try deploy(.core(["db"]), .unknown)
    try appendAnchored(deployment: nil, target: "core", head: late)
    let running = try begin(.core(["db"], tag: nil)).id
    try append(
      StepRecord(name: "up", startedAt: now(), durationMS: 5, exitStatus: 0, outcome: .succeeded, output: "é up\n"),
      to: running)
  }

  private func deploy(_ start: DeploymentStart, _ outcome: Outcome) throws -> Int64 {
    let id = try begin(start).id
    for (name, output) in [("lock", nil), ("pull", "pulled é\n"), ("up", "started\n")] {
      try append(
        StepRecord(name: name, startedAt: now(), durationMS: 5, exitStatus: 0, outcome: .succeeded, output: output),
        to: id)
    }
    for service in start.services {
      let image = ImageIdentity(reference: "repo:\(service)", id: "sha256:1", digest: "repo@sha256:2")
      try append(ImageRecord(service: service, before: image, after: image), to: id)
    }
    let reason: String? = outcome == .succeeded ? nil : "unhealthy"
    try finish(id, Finish(outcome: outcome, reason: reason, durationMS: 9, composeDigest: "cd"))
    return id
  }
}
