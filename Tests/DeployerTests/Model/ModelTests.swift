import Platform
import Testing

@testable import Deployer

/// The code beside the reference model, over histories that nobody has thought of.
///
/// `MODEL_SEED` is where the histories begin, `MODEL_OPERATIONS` how many operations there are; without it, it takes six
/// seconds. `MODEL_DISAGREEMENTS` is how many disagreements it looks for before it stops, `MODEL_IGNORE` what may differ, such as
/// `undoes,status`.
struct ModelTests {
  private static func number<Number: LosslessStringConvertible>(_ name: String) -> Number? {
    ProcessInfo.processInfo.environment[name].flatMap(Number.init)
  }

  @Test func `deploy, rollback and status do what the documents say, after any history`() async throws {
    let given: UInt64? = Self.number("MODEL_SEED")
    let seeds = given.map { [$0] } ?? [1, UInt64.random(in: 1_000_000...999_999_999)]
    let operations: Int? = Self.number("MODEL_OPERATIONS")
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    for seed in seeds {
      var runner = ModelRunner(seed: seed)
      runner.wanted = Self.number("MODEL_DISAGREEMENTS") ?? 1
      let ignored: String? = Self.number("MODEL_IGNORE")
      runner.ignored = Set(ignored?.split(separator: ",").map(String.init) ?? [])
      if let operations {
        runner.operations = operations / seeds.count
      } else {
        runner.limit = .seconds(6 / seeds.count)
      }
      let result = try await runner.run()
      done += result.operations
      guard result.disagreements.isEmpty else {
        Issue.record("\(result.disagreements.map(\.text).joined(separator: "\n\n"))")
        return
      }
    }
    print(
      "model: \(done) operations in \(clock.now - start), MODEL_SEED=\(seeds.map(String.init).joined(separator: ", "))")
  }
}
