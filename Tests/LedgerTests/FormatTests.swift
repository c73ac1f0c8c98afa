import Foundation
import Testing

@testable import Ledger

/// The repository's root, seen from this file.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// The published test vectors.
private struct Vectors: Codable {
  struct Event: Codable {
    var ledger: String
    var previous: String
    var columns: [String: Column]
    var body: String
    var hash: String
  }

  enum Column: Codable {
    case integer(Int64)
    case text(String)
    case blob(String)

    init(from decoder: any Decoder) throws {
      if let number = try? decoder.singleValueContainer().decode(Int64.self) {
        self = .integer(number)
      } else if let text = try? decoder.singleValueContainer().decode(String.self) {
        self = .text(text)
      } else {
        self = .blob(try decoder.singleValueContainer().decode([String: String].self)["blob"] ?? "")
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .integer(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      case .blob(let hex): try container.encode(["blob": hex])
      }
    }
  }

  struct Output: Codable {
    var salt: String
    var text: String
    var digest: String
  }

  var events: [Event]
  var outputs: [Output]
}

@Test func `the published test vectors match this code and the independent verifier`() async throws {
  let path = root + "/docs/ledger-vectors.json"
  let vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  #expect(vectors.events.count >= 4)
  for vector in vectors.events {
    var event = Event(.genesis)
    for (name, value) in vector.columns {
      let column = try #require(Column.allCases.first { $0.name == name })
      switch value {
      case .integer(let number): event[column] = .integer(number)
      case .text(let text): event[column] = .text(text)
      case .blob(let hex): event[column] = .blob(try #require(Hex.bytes(hex)))
      }
    }
    #expect(Hex.text(event.body) == vector.body)
    let previous = try #require(Hex.bytes(vector.previous))
    #expect(Hex.text(event.hash(ledgerID: vector.ledger, previous: previous)) == vector.hash)
  }
  for vector in vectors.outputs {
    let salt = try #require(Hex.bytes(vector.salt))
    #expect(Hex.text(Chain.outputDigest(salt: salt, text: vector.text)) == vector.digest)
  }
  #expect(try await run("python3", [root + "/docs/verify_ledger.py", "--vectors", path]).status == 0)
}

@Test func `the document lists every column with its number`() throws {
  let text = try String(contentsOfFile: root + "/docs/ledger-format.md", encoding: .utf8)
  for column in Column.allCases { #expect(text.contains("| \(column.rawValue) | `\(column.name)` |")) }
}

@Test func `the published schema is the one that is stored`() throws {
  let text = try String(contentsOfFile: root + "/docs/ledger-schema.sql", encoding: .utf8)
  let published = text.components(separatedBy: ";\n\n").map {
    $0.components(separatedBy: "\n\n").last ?? ""
  }
  #expect(published.map { $0.hasSuffix(";\n") ? String($0.dropLast(2)) : $0 } == Schema.all)
}

@Test(arguments: [nil] + Tampering.all)
func `the independent verifier reaches the same verdict`(_ tampering: Tampering?) async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await ledger.record(.core(["backend"]), .failed)
  let id = try await ledger.begin(.core(["db"])).id
  try await ledger.append(
    StepRecord(name: "pull", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "pülled\u{0}\n"), to: id)
  let anchor = Anchor(head: try await ledger.head(), at: Date()).line
  if let tampering { try await sqlite(scratch.path, tampering.sql) }
  let result = try await run("python3", [root + "/docs/verify_ledger.py", scratch.path, "--anchor", anchor])
  #expect(result.status == (tampering == nil ? 0 : 65), "\(result.output)")
  #expect(try await scratch.open(.readOnly).verify().verdict == (tampering == nil ? .proven : .damaged))
  if tampering == nil {
    try await ledger.purge(step: 1, of: id, reason: "a token")
    #expect(try await run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
    let later = Anchor(head: Head(seq: 99, hash: String(repeating: "0", count: 64), ledgerID: ledger.id), at: Date())
    #expect(
      try await run("python3", [root + "/docs/verify_ledger.py", scratch.path, "--anchor", later.line]).status == 3)
  }
}
