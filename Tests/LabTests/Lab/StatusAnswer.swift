import Platform
import TestSupport
import Testing

/// `status --format json` as the documentation has it: a key that is missing fails the decoding.
struct StatusAnswer: Decodable {
  struct Service: Decodable {
    struct Expected: Decodable {
      var tag: String?
      var digest: String?
      var deployment: Int64
    }
    struct Running: Decodable {
      var tag: String?
      var digest: String?
      var state: String
      var health: String?
      var since: String?
    }
    var service: String
    var verdict: String
    var commits_ahead: Int?
    var expected: Expected?
    var running: Running?
  }
  var target: String
  var host: String
  var verdict: String
  var error: String?
  var services: [Service]
}

extension Operator {
  /// Puts the whole of core in place with the first good tag, recorded in this operator's ledger.
  func deployCore() async throws {
    let result = try await ktrdr("deploy", "core", "all", "--tag", lab.facts.tags_good[0])
    try #require(result.status == 0, "\(result.error)")
  }

  /// The status of core, and the exit status.
  func status() async throws -> (answer: StatusAnswer, exit: Int32, error: String) {
    let result = try await ktrdr("status", "core", "--format", "json")
    let answers = try JSONDecoder().decode([StatusAnswer].self, from: Data(result.output.utf8))
    return (try #require(answers.first), result.status, result.error)
  }
}

extension StatusAnswer {
  func service(_ name: String) throws -> Service { try #require(services.first { $0.service == name }) }
}
