import ArgumentParser
import Deployer
import Ledger
import Platform

/// Executes the requests of a command that changes hosts, or only prints their plans, and reports the results.
struct RequestRunner {
  let requests: [DeployRequest]
  let run: RunOptions
  var fleet: FleetOptions?
  /// Whether JSON has a list of records, even if there is one.
  let printsList: Bool
  let global: GlobalOptions

  private var console: Console { global.console }

  private func secrets(until stop: StopSignal, _ console: Console) -> SecretStore {
    global.secretStore(
      for: requests.map(\.target), runner: CommandRunner.system.stopping(on: stop).pausing(console))
  }

  func run() async throws {
    if run.dryRun { try await dryRun() } else { try await execute() }
  }

  private func dryRun() async throws {
    let ledger = try await global.openLedgerIfPresent()
    let secrets = secrets(until: StopSignal(), console)
    var failures: [Failure] = []
    if fleet?.canary == true, requests.count > 1, let first = requests.first {
      console.note("canary: \(first.target.name) goes first, the others follow if it succeeds")
    }
    for request in requests {
      let printer = ProgressPrinter(console: console)
      let dryRun = DryRun(
        hosts: global.hosts, secrets: secrets, ledger: ledger, validates: !run.skipValidation,
        progress: { printer.show($0) })
      do throws(DeployFailure) {
        let answer = try await dryRun.perform(request)
        let width = global.appearance().width ?? .max
        for line in answer.lines.flatMap({ Wrapping.lines(Console.line($0), width: width) }) { console.print(line) }
        if !answer.problems.isEmpty { throw .validation(answer.problems) }
      } catch {
        let failure = Failure(error)
        failures.append(failure)
        if requests.count > 1 { console.failure(failure.prefixed(with: request.target)) }
      }
    }
    console.note("dry run: nothing was changed")
    guard let first = failures.first else { return }
    if requests.count == 1 { throw first }
    throw ExitCode(Failure.status(of: failures, of: requests.count))
  }

  private func execute() async throws {
    let ledger = try await global.openLedger(.readWrite)
    if let lag = try? await ledger.clockLag() {
      console.warning("this machine's clock is \(HistoryText.seconds(lag)) behind the ledger's newest event")
    }
    let stop = StopSignal()
    let reporter = RunReporter(requests, console, live: global.live(for: requests))
    let signals = Signals(stop: stop, console: reporter.console)
    defer { withExtendedLifetime(signals) {} }
    let secrets = secrets(until: stop, reporter.console)
    var fleet = Fleet()
    fleet.maxParallel = self.fleet?.maxParallel ?? 1
    fleet.usesCanary = self.fleet?.canary ?? false
    fleet.stopsAtFailure = self.fleet?.failFast ?? false
    let isBatch = requests.count > 1
    let hosts = global.hosts(reporter.console)
    let outcomes = await fleet.run(requests) { [run] request in
      let context = DeploymentContext(
        hosts: hosts, secrets: secrets, ledger: ledger, stop: stop, progress: reporter.progress(of: request.target))
      let deployment = TargetDeployment(
        request, in: context, validates: !run.skipValidation, recordsRefusal: isBatch)
      let outcome: Fleet.Outcome
      do throws(DeployFailure) {
        outcome = .success(try await deployment.perform())
      } catch {
        outcome = .failure(error)
      }
      reporter.ended(outcome, of: request.target)
      return outcome
    }
    reporter.finish(outcomes)
    let results = zip(requests, outcomes).map { RunResult(target: $0.target, outcome: $1, isPartial: $0.isPartial) }
    let summary = RunSummary(
      results: results, ledger: ledger, stop: stop, console: console, appearance: global.appearance(of: STDERR_FILENO))
    try await summary.print(run.output.choice, asList: printsList)
  }
}
