import ArgumentParser
import Deployer

/// The options of every command that changes hosts.
struct RunOptions: ParsableArguments {
  @Flag(help: "Print the plan and change nothing.")
  var dryRun = false

  @Flag(help: "Leave out the checks of host and 1Password.")
  var skipValidation = false

  @Option(
    help: ArgumentHelp(
      "Wait so long for another deployment of the target to end, e.g. 90s or 5m; else give up at once.",
      valueName: "duration"),
    transform: { text in
      do throws(InvalidDuration) {
        return try Duration(text: text)
      } catch {
        throw ValidationError("\(error.what); \(error.nextStep)")
      }
    })
  var wait: Duration = .zero

  @Option(help: "How to print the result.")
  var format: RecordFormat = .table
}

/// The shapes of one record.
enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json
}

/// How several targets are gone through.
struct FleetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most this many targets at the same time.", valueName: "count"))
  var maxParallel = 4

  @Flag(help: "Finish the first target before the others start; if it fails, they do not.")
  var canary = false

  @Flag(help: "Go on with the other targets after one has failed; so it is unless --fail-fast is given.")
  var keepGoing = false

  @Flag(help: "After a failure, begin no further target.")
  var failFast = false

  func validate() throws {
    guard maxParallel > 0 else { throw ValidationError("--max-parallel takes a number from 1 up") }
    guard !keepGoing || !failFast else { throw ValidationError("--keep-going and --fail-fast exclude each other") }
  }
}
