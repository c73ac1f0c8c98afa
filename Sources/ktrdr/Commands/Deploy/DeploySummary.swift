import ArgumentParser
import Deployer
import Ledger

/// What is printed when a deployment has ended, and the exit status that it gives.
struct DeploySummary {
  let plan: Plan
  let result: DeployResult
  let stop: StopSignal
  let console: Console
  let options: DeployOptions

  func print(from ledger: Ledger) async throws {
    if options.format == .json, let deployment = try await ledger.deployment(result.deployment) {
      console.print(try JSONText.of(DeploymentRecord(deployment)))
    }
    let what = "deployment \(result.deployment) of \(plan.target.name), \(plan.tag)"
    if result.outcome == .succeeded {
      console.note("\(console.colored("succeeded", "32")): \(what)")
    } else {
      try await showLog(from: ledger)
      let reason = result.reason ?? "no reason known"
      console.failure(
        Failure(
          status: 1,
          lines: ["\(result.outcome): \(what): \(reason)", "  next: ktrdr show \(result.deployment)"]))
    }
    if let spool = result.spool {
      console.failure(
        Failure(
          status: 1, lines: ["deployed, NOT recorded: the end waits in \(spool); the next ktrdr command records it"]))
    }
    let status = status
    if status != 0 { throw ExitCode(status) }
  }

  private var status: Int32 {
    if let signal = stop.signal, result.outcome == .cancelled { return 128 + signal }
    if result.wasLocked { return Failure.Status.locked }
    return result.outcome == .succeeded && result.spool == nil ? 0 : Failure.Status.notSucceeded
  }

  /// The failing container's last lines, as the ledger has them.
  private func showLog(from ledger: Ledger) async throws {
    guard let log = try await ledger.steps(of: result.deployment).last(where: { $0.name == "logs" })?.output else {
      return
    }
    console.note("the container's last lines:")
    for line in log.split(separator: "\n") { console.note("  | \(line)") }
  }
}
