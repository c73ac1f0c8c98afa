import Deployer
import Platform

/// Feeds the parsers of foreign text with damaged text, for a bounded time: inventories (YAML), 1Password's items (JSON),
/// what hosts say (remote output), what the redactor reads.
///
/// usage: fuzz SECONDS [SEED]. A crash ends the process with a signal; the input is then in `fuzz-last-input`. A broken
/// promise ends it with status 1. The same seed feeds the same inputs.
@main
struct Fuzz {
  static func main() throws {
    let arguments = CommandLine.arguments
    let seconds = arguments.count > 1 ? Int(arguments[1]) ?? 60 : 60
    let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : UInt64.random(in: 1...UInt64.max)
    print("fuzz: seed \(seed), \(seconds) s")
    var mutator = Mutator(seed: seed)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    let last = LastInput()
    var runs = Feeding.targets.map { _ in 0 }
    var slowest = Feeding.targets.map { _ in Duration.zero }
    while clock.now < end {
      for (index, target) in Feeding.targets.enumerated() {
        let input = mutator.input(from: target.corpus)
        last.keep(input)
        let spent = try clock.measure { try target.feed(input) }
        runs[index] += 1
        slowest[index] = max(slowest[index], spent)
        guard spent < .seconds(10) else { throw Feeding.Broken(promise: "\(target.name) took \(spent)") }
      }
    }
    for (index, target) in Feeding.targets.enumerated() {
      print("fuzz: \(target.name): \(runs[index]) inputs, no crash, the slowest took \(slowest[index])")
    }
    last.forget()
  }
}

/// The input that is being fed, written down before it is, so that a crash can be seen again.
struct LastInput {
  private let path = "fuzz-last-input"

  func keep(_ input: [UInt8]) { try? Data(input).write(to: URL(filePath: path)) }

  func forget() { try? FileManager.default.removeItem(atPath: path) }
}
