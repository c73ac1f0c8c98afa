import ArgumentParser
import Deployer
import Ledger
import Platform

/// The result of the request for one target.
struct RunResult {
  let target: Target
  let outcome: Fleet.Outcome
  /// Whether it may be about some of the target's services only: then its summary names them.
  var isPartial = false
}

/// Reports the results of all requests, and computes the exit status.
struct RunSummary {
  let results: [RunResult]
  let ledger: DeploymentLedger
  let stop: StopSignal
  let console: Console
  /// Of standard error.
  let appearance: Appearance

  func print(_ format: RecordFormat, asList: Bool) async throws {
    if format == .json { try await printRecords(asList: asList) }
    for result in results { try await report(result) }
    if results.count > 1 { console.note(lines: SummaryTable.lines(results, in: appearance)) }
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

  private func report(_ result: RunResult) async throws {
    switch result.outcome {
    case .success(let ended): try await report(ended, of: result)
    case .failure(.stopped):
      let target = results.count > 1 ? "\(result.target.name): " : ""
      console.failure(Failure(status: 0, "\(target)stopped before anything was changed", next: nil))
    case .failure(let failure):
      console.failure(results.count > 1 ? Failure(failure).prefixed(with: result.target) : Failure(failure))
    }
  }

  private func report(_ ended: DeployResult, of result: RunResult) async throws {
    let target = result.target
    let what = "deployment \(ended.deployment) of \(try await subject(of: ended, result))"
    if ended.outcome == .succeeded {
      if results.count == 1 { console.note("", ("succeeded", "32"), ": \(what)") }
    } else {
      try await showLog(of: ended)
      let reason = ended.reason ?? "unknown reason"
      let lines = ErrorText.lines(
        "\(ended.outcome): \(what): \(reason)",
        details: ended.notRunning.isEmpty ? [] : ["not running: \(ended.notRunning.joined(separator: ", "))"],
        next: try await nextStep(after: ended, of: target))
      console.failure(Failure(status: 1, lines: lines))
    }
    for recovery in ended.recovery { report(recovery: recovery, of: target) }
    reportSpool(of: ended)
  }

  /// `shop, v2`, or `shop web, v2`.
  private func subject(of ended: DeployResult, _ result: RunResult) async throws -> String {
    guard let deployment = try await ledger.deployment(ended.deployment) else { return "\(result.target.name)" }
    let services = result.isPartial ? deployment.start.services : []
    let list = services.count > 3 ? ["(\(services.count) services)"] : services
    let images = try await ledger.imageNames(leftBy: [ended.deployment])[ended.deployment] ?? [:]
    let tag = DeploymentSubject(deployment, images: images).tag
    return ([result.target.name.value] + list).joined(separator: " ") + (tag.map { ", \($0)" } ?? "")
  }

  /// The way back stands first where there is one: a version that is not good may be running. If no image changed, an older one
  /// would not take back what did.
  private func nextStep(after ended: DeployResult, of target: Target) async throws -> String {
    let details = "ktrdr show \(ended.deployment)"
    guard !ended.wasLocked else { return "let ktrdr wait for it: --wait 5m; details: \(details)" }
    guard ended.recovery.isEmpty, let deployment = try await ledger.deployment(ended.deployment),
      try await ledger.steps(of: ended.deployment).contains(where: { $0.name == "up" || $0.name == "health" })
    else { return details }
    guard deployment.start.kind == .deploy else {
      let hasFailed = ended.outcome == .failed
      return hasFailed
        ? "to end it: ktrdr rollback \(target.name); to go elsewhere: ktrdr rollback \(target.name) --to TAG|DEPLOYMENT; "
          + "details: \(details)" : details
    }
    let newest = try await ledger.newestSucceeded(of: target.name.value)
    guard let good = newest.map(\.0.id).max() else { return details }
    let images = try await ledger.images(of: ended.deployment)
    // The deployment before may have brought the same bad image.
    let runsWhatIsGood = images.allSatisfy { image in
      image.after == nil || newest.contains { $0.1.service == image.service && $0.1.after?.id == image.after?.id }
    }
    guard !runsWhatIsGood || images.contains(where: \.isChange) else {
      // With the files that were good before, or before anything was replaced, what is down is only to be started.
      let isEdited = try await ledger.deployment(good)?.composeDigest != deployment.composeDigest
      let wasTried = images.contains { $0.after.flatMap { ImageName($0.reference).tag } == deployment.start.tag }
      guard ended.notRunning.isEmpty || (isEdited && wasTried) else {
        return "to start what does not run: ktrdr rollback \(target.name); details: \(details)"
      }
      return "no image changed, so a rollback would not help; what else did: ktrdr diff \(good) \(ended.deployment)"
    }
    // A rollback by itself does not go to an image of another repository.
    let isElsewhere = images.contains { $0.isChange && $0.hasAnotherRepository }
    return "to go back: ktrdr rollback \(target.name)\(isElsewhere ? " --to \(good)" : ""); details: \(details)"
  }

  private func reportSpool(of ended: DeployResult) {
    if let spool = ended.spool {
      let what = "deployed, NOT recorded: the outcome is kept in \(spool); the next ktrdr command records it"
      console.failure(Failure(status: 1, what, next: nil))
    }
  }

  private func report(recovery: DeployResult, of target: Target) {
    defer { reportSpool(of: recovery) }
    guard recovery.outcome != .succeeded else {
      console.note("rolled back: \(target.name) is back on its previous images (deployment \(recovery.deployment))")
      return
    }
    let fate = recovery.outcome == .failed ? "also FAILED" : "was not finished"
    let what = "the rollback of \(target.name) \(fate) (deployment \(recovery.deployment))"
    let lines = ErrorText.lines(
      "\(what): \(recovery.reason ?? recovery.outcome.rawValue)", details: recovery.running.map { "now \($0)" },
      next: "ktrdr status \(target.name)")
    console.failure(Failure(status: 1, lines: lines))
  }

  /// Prints the last lines of the failed container's log, as recorded in the ledger.
  private func showLog(of result: DeployResult) async throws {
    let steps = try await ledger.steps(of: result.deployment)
    guard let log = steps.last(where: { $0.name == "logs" })?.output else { return }
    console.note("last lines of the container's log:")
    for line in log.byteLines.filter({ !$0.isEmpty }) { console.note("  | \(line)") }
  }
}

extension ImageRecord {
  /// Whether it is known that what ran after it is of another repository than what ran before.
  fileprivate var hasAnotherRepository: Bool {
    guard let before, let after, !before.reference.hasPrefix("sha256:"), !after.reference.hasPrefix("sha256:") else {
      return false
    }
    return ImageName(before.reference).familiarRepository != ImageName(after.reference).familiarRepository
  }
}
