import ArgumentParser
import Deployer

/// The options of the commands that change hosts.
struct RunOptions: ParsableArguments {
  @Flag(name: [.customShort("n"), .long], help: "Print the plan without changing anything.")
  var dryRun = false

  @Flag(help: "Skip the checks of the host and 1Password.")
  var skipValidation = false

  @Option(
    help: ArgumentHelp(
      "How long to wait for another deployment of the target, such as 90s or 5m (default: do not wait).",
      valueName: "duration"),
    transform: { text in
      do throws(InvalidDuration) {
        return try Duration(text: text)
      } catch {
        throw ValidationError(error.oneLine)
      }
    })
  var wait: Duration = .zero

  @OptionGroup var output: FormatOptions<RecordFormat>

  func validate() throws {
    guard !dryRun || output.choice != .json else {
      throw ValidationError("--dry-run prints a plan for people, and cannot be combined with --json")
    }
  }
}

/// How to process several targets.
struct FleetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The maximum number of targets to process at once.", valueName: "count"))
  var maxParallel = 4

  @Flag(help: "Finish the first target before starting the others. If it fails, do not start them.")
  var canary = false

  @Flag(help: "Continue after a failure (default).")
  var keepGoing = false

  @Flag(help: "Start no more targets after a failure.")
  var failFast = false

  func validate() throws {
    guard maxParallel > 0 else { throw ValidationError("--max-parallel must be at least 1") }
    guard !keepGoing || !failFast else { throw ValidationError("--keep-going and --fail-fast cannot be combined") }
  }
}
