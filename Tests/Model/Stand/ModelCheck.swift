import Platform

/// The code beside the reference model, for as many operations as the environment asks for.
///
/// `MODEL_SEED` is where the histories begin, `MODEL_OPERATIONS` how many operations there are. `MODEL_DISAGREEMENTS` is how
/// many disagreements are looked for, `MODEL_IGNORE` what may differ, such as `undoes,status`.
struct ModelCheck {
  private var seeds: [UInt64]
  private var operations: Int
  private var disagreements = 1
  private var ignored: Set<String> = []
  /// Whether the ledgers are proven after each operation, or once for each history.
  var provesEachTime = false

  /// With `seeds` and `operations` where the environment says nothing about them.
  init(_ environment: [String: String], seeds: [UInt64], operations: Int) {
    self.seeds = environment["MODEL_SEED"].flatMap(UInt64.init).map { [$0] } ?? seeds
    self.operations = environment["MODEL_OPERATIONS"].flatMap(Int.init) ?? operations
    if let wanted = environment["MODEL_DISAGREEMENTS"].flatMap(Int.init) { disagreements = wanted }
    if let names = environment["MODEL_IGNORE"] { ignored = Set(names.split(separator: ",").map(String.init)) }
  }

  /// What was found, each disagreement with the shortest history that shows it; empty if the code and the model agree.
  func run() async throws -> [Disagreement] {
    let start = ContinuousClock.now
    let empty = try await EmptyLedgers()
    var done = 0
    var found: [Disagreement] = []
    for seed in seeds {
      var runner = ModelRunner(empty: empty, seed: seed)
      (runner.wanted, runner.ignored, runner.provesEachTime) = (disagreements, ignored, provesEachTime)
      runner.operations = operations / seeds.count
      let result = try await runner.run()
      done += result.operations
      found = result.disagreements
      if !found.isEmpty { break }
    }
    let names = seeds.map(String.init).joined(separator: ", ")
    print("model: \(done) operations in \(ContinuousClock.now - start), MODEL_SEED=\(names)")
    return found
  }
}
