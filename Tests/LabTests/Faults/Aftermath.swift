import Platform
import TestSupport
import Testing

/// What is looked at when everything has come to rest after a fault.
struct Aftermath: Sendable {
  let rig: Rig

  struct Record: Decodable, Sendable {
    var id: Int64
    var outcome: String?
    var reason: String?
    var steps: [Step]?

    struct Step: Decodable, Sendable {
      var name: String
      var outcome: String
    }
  }

  /// The newest deployment in the ledger, and what `history` said beside it; `nil` where there is none.
  func newest() async throws -> (record: Record?, words: String) {
    let history = try await rig.person.ktrdr("history", "--limit", "1", "--format", "json")
    #expect(history.status == 0, "\(history.error)")
    return (try JSONDecoder().decode([Record].self, from: Data(history.output.utf8)).first, history.error)
  }

  /// One deployment with its steps.
  func record(_ id: Int64) async throws -> Record {
    let shown = try await rig.person.ktrdr("show", "\(id)", "--format", "json")
    return try JSONDecoder().decode(Record.self, from: Data(shown.output.utf8))
  }

  /// Asserts that nothing is left on the host: no lock, no login, no shell, no Compose. What is still ending gets ten
  /// seconds for it: Compose finishes what it has begun.
  func expectNothingLeft(_ place: SourceLocation = #_sourceLocation) async {
    var left = await leftovers()
    for _ in 0..<200 where !left.isEmpty {
      try? await Task.sleep(for: .milliseconds(50))
      left = await leftovers()
    }
    #expect(left.isEmpty, "left behind: \(left)", sourceLocation: place)
  }

  private func leftovers() async -> String {
    await rig.shell(
      """
      flock -n \(rig.host)/stack/.ktrdr-lock true || echo 'the lock is held'
      find \(rig.host)/run \(rig.host)/tmp -mindepth 1 -name 'ktrdr.*'
      for p in $(grep -lzxF 'XDG_RUNTIME_DIR=\(rig.host)/run' /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3); do
        tr '\\0' ' ' </proc/$p/cmdline 2>/dev/null && echo
      done
      """)
  }

  /// Asserts that the chain of events is whole.
  func expectLedgerVerifies(_ place: SourceLocation = #_sourceLocation) async throws {
    let verified = try await rig.person.ktrdr("ledger", "verify", "--format", "json")
    #expect(verified.status == 0, "\(verified.output) \(verified.error)", sourceLocation: place)
  }
}
