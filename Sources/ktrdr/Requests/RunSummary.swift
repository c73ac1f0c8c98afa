import ArgumentParser
import Deployer
import Ledger

/// What came of the order for one target.
struct RunResult {
  let target: Target
  let outcome: Fleet.Outcome
}

/// What is printed when all orders have ended, and the exit status that they give.
struct RunSummary {
  let results: [RunResult]
  let ledger: DeploymentLedger
  let stop: StopSignal
  let console: Console

  func print(_ format: RecordFormat, asList: Bool) async throws {
    if format == .json { try await printRecords(asList: asList) }
    for result in results { try await tell(result) }
    if results.count > 1 { console.note(overview) }
    if status != 0 { throw ExitCode(status) }
  }

  private func printRecords(asList: Bool) async throws {
    var records: [DeploymentRecord] = []
    for case .success(let result) in results.map(\.outcome) {
      for id in [result.deployment] + result.recovery.map(\.deployment) where id > 0 {
        if let deployment = try await ledger.deployment(id) { records.append(DeploymentRecord(deployment)) }
      }
    }
    if asList {
      console.print(try JSONText.of(records))
    } else if let record = records.first {
      console.print(try JSONText.of(record))
    }
  }

  private func tell(_ result: RunResult) async throws {
    switch result.outcome {
    case .success(let ended): try await tell(ended, of: result.target)
    case .failure(.stopped):
      let target = results.count > 1 ? "\(result.target.name): " : ""
      console.failure(Failure(status: 0, lines: ["\(target)stopped before anything was changed"]))
    case .failure(let failure):
      console.failure(results.count > 1 ? Failure(failure).of(result.target) : Failure(failure))
    }
  }

  private func tell(_ ended: DeployResult, of target: Target) async throws {
    let tag = try await ledger.deployment(ended.deployment)?.start.tag ?? ""
    let what = "deployment \(ended.deployment) of \(target.name), \(tag)"
    if ended.outcome == .succeeded {
      if results.count == 1 { console.note("\(console.colored("succeeded", "32")): \(what)") }
    } else {
      try await showLog(of: ended)
      let lines = [
        "\(ended.outcome): \(what): \(ended.reason ?? "no reason known")", "  next: ktrdr show \(ended.deployment)",
      ]
      console.failure(Failure(status: 1, lines: lines))
    }
    for recovery in ended.recovery { tell(recovery: recovery, of: target) }
    if let spool = ended.spool {
      let line = "deployed, NOT recorded: the end waits in \(spool); the next ktrdr command records it"
      console.failure(Failure(status: 1, lines: [line]))
    }
  }

  private func tell(recovery: DeployResult, of target: Target) {
    guard recovery.outcome != .succeeded else {
      console.note("rolled back: \(target.name) runs again what ran before (deployment \(recovery.deployment))")
      return
    }
    let what = "the rollback of \(target.name) FAILED too (deployment \(recovery.deployment))"
    let running = recovery.running.map { "  now \($0)" }
    let lines = ["\(what): \(recovery.reason ?? recovery.outcome.rawValue)"] + running
    console.failure(Failure(status: 1, lines: lines + ["  next: ktrdr status \(target.name)"]))
  }

  /// The failing container's last lines, as the ledger has them.
  private func showLog(of result: DeployResult) async throws {
    let steps = try await ledger.steps(of: result.deployment)
    guard let log = steps.last(where: { $0.name == "logs" })?.output else { return }
    console.note("the container's last lines:")
    for line in log.split(separator: "\n") { console.note("  | \(line)") }
  }

  private var overview: String {
    var table = Table(header: ["TARGET", "DEPLOYMENT", "OUTCOME", "REASON"])
    for result in results {
      let (number, word, reason) =
        switch result.outcome {
        case .success(let ended): ("\(ended.deployment)", ended.outcome.rawValue, ended.reason ?? "")
        case .failure(.skipped(let reason)): ("-", "not begun", reason)
        case .failure(let failure): ("-", "refused", Failure(failure).lines.first ?? "")
        }
      table.rows.append([result.target.name.value, number, word, String(reason.prefix(100))])
    }
    return table.text
  }
}
