import Platform
import Testing

@testable import Deployer
@testable import DeploymentModel

/// The code beside the reference model, over histories that nobody has thought of.
///
/// `make test` takes the same histories each time, `make model` others. `MODEL_SEED` is where they begin, `MODEL_OPERATIONS` how
/// many operations there are. `MODEL_DISAGREEMENTS` is how many disagreements are looked for, `MODEL_IGNORE` what may
/// differ, such as `undoes,status`.
struct ModelTests {
  private static func number<Number: LosslessStringConvertible>(_ name: String) -> Number? {
    ProcessInfo.processInfo.environment[name].flatMap(Number.init)
  }

  @Test func `deploy, rollback and status do what the documents say, after any history`() async throws {
    let seed: UInt64? = Self.number("MODEL_SEED")
    let seeds: [UInt64] = seed.map { [$0] } ?? [1, 5_000, 90_000]
    let given: Int? = Self.number("MODEL_OPERATIONS")
    let operations = given ?? 600
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    for seed in seeds {
      var runner = ModelRunner(seed: seed)
      runner.wanted = Self.number("MODEL_DISAGREEMENTS") ?? 1
      let ignored: String? = Self.number("MODEL_IGNORE")
      runner.ignored = Set(ignored?.split(separator: ",").map(String.init) ?? [])
      runner.operations = operations / seeds.count
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
