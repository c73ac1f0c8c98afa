import Platform
import Testing

@testable import DeploymentModel

extension LabSuites {
  /// The program on a real host beside the reference model, over histories that nobody has thought of.
  ///
  /// `make test` takes the same two histories each time, `make model` others: `MODEL_SEED` is where they begin, and
  /// `MODEL_HOST_OPERATIONS` how many operations there are. Short ones find little: it takes some operations until there is
  /// something to go back to.
  @Suite(.serialized) struct ModelHostTests {
    private static func number<Number: LosslessStringConvertible>(_ name: String) -> Number? {
      ProcessInfo.processInfo.environment[name].flatMap(Number.init)
    }

    @Test func `two people deploy to one host, each with a ledger of their own`() async throws {
      let lab = try await Lab.shared()
      let history: [Operation] = [
        .deploy(.init(tag: "A")), .colleague(.deploy(.init(tag: "B", services: ["backend"]))), .rollback(.init()),
        .rollback(.init(coverage: .all)), .rollback(.init(destination: .tag("A"))), .colleague(.rollback(.init())),
        .colleague(.deploy(.init(tag: "C"))), .colleague(.rollback(.init())), .deploy(.init(tag: "B")),
        .rollback(.init()),
      ]
      var done = 0
      let trial = ModelHistory(seed: 0, provesEachTime: true) { try await ModelHost(lab) }
      if let found = try await trial.run(history, counting: &done) { Issue.record("\(found.text)") }
    }

    @Test func `on a real host, too, the program does what the documents say, after any history`() async throws {
      let lab = try await Lab.shared()
      var seed: UInt64 = Self.number("MODEL_SEED") ?? 1
      let operations = Self.number("MODEL_HOST_OPERATIONS") ?? 24
      let start = ContinuousClock().now
      var done = 0
      while done < operations {
        var generator = OperationGenerator(seed: seed, isForHosts: true)
        let history = generator.history().prefix(operations - done)
        let trial = ModelHistory(seed: seed, provesEachTime: true) { try await ModelHost(lab) }
        if let found = try await trial.run(Array(history), counting: &done) {
          Issue.record("\(found.text)")
          return
        }
        seed += 1
      }
      let spent = ContinuousClock().now - start
      print("model: \(done) operations on a real host in \(spent), the last with MODEL_SEED=\(seed - 1)")
    }
  }
}
