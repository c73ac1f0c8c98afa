import Ledger
import Platform

/// Settles a deployment whose connection was lost while the host may have been changing: connects once more and looks at
/// what runs.
struct Reconciliation: Sendable {
  let preparation: Preparation
  let context: DeploymentContext

  private var plan: Plan { preparation.plan }

  /// What came of looking.
  private enum Finding: Sendable {
    /// `up`, or the shell that ran it, still held the lock.
    case busy
    /// The connection ended again, or Docker did not answer.
    case nothing
    case seen(HealthReport, outdated: [String])
  }

  /// The outcome that was seen, or `unknown`: it is never guessed.
  func end(lost: SSHFailure, before: Observation?) async -> DeploymentEnd {
    let cut = "\(lost.what(host: plan.target.host)) after 'up' had begun"
    let next = "check with: ktrdr status \(plan.target.name)"
    context.progress(.warning("\(cut); reconnecting to see what runs"))
    let answer = try? await context.hosts.withHost(of: plan.target) { host in await look(at: host, before: before) }
    switch answer?.value {
    case .seen(let report, let outdated):
      var end = reportingNoRollback(Self.judge(report, outdated: outdated, plan: plan))
      end.after = report.last
      return end
    case .busy: return .unknown("\(cut), and the host's lock was still held; \(next)")
    case .nothing, nil: return .unknown("\(cut), and the host could not be reached again; \(next)")
    }
  }

  private func look(at host: RemoteHost, before: Observation?) async -> Finding {
    do throws(HostError) {
      guard try await takeLock(on: host) else { return .busy }
      let watch = HealthWatch(
        plan: plan, host: host, context: context, services: plan.covered + plan.watchedToo)
      let report = try await watch.wait(before: before, onlyOnce: false)
      let outdated = plan.outdated(in: report.last, try await host.presentImages(plan.images.map(\.reference)))
      return .seen(report, outdated: outdated.isEmpty ? try await notReplaced(on: host, before, report.last) : outdated)
    } catch {
      return .nothing
    }
  }

  /// The services that 'up' did not come to, although they have the right image: another one would replace them, as far as Compose says so.
  private func notReplaced(
    on host: RemoteHost, _ before: Observation?, _ seen: Observation
  ) async throws(HostError) -> [String] {
    guard let project = plan.project else { return [] }
    // This connection does not know the stack's files yet.
    _ = try await host.check(
      CheckRequest(variables: StackReader(target: plan.target).variables))
    var found: [String] = []
    for (tag, request) in plan.ups(from: before ?? .nothing) {
      await host.provide(preparation.values(tag))
      let report = try await host.rehearse(request.scope)
      let services = request.scope.services.isEmpty ? plan.covered : request.scope.services
      found += services.filter { service in
        // What is only started again keeps its container, whatever Compose would do.
        guard request.onlyStarted.isEmpty || before?.telling(of: service).contains(where: \.hasProcess) == true else {
          return false
        }
        let names = seen.only([service]).containers.map(\.name)
        return report.fate(of: names, prefix: "\(project.name)-\(service)-") == .areReplaced
      }
    }
    return found.map { "\($0) still had its former configuration" }
  }

  /// `up` goes on after the connection died. It holds the lock until it has ended, and its shell until that finds out that
  /// nobody is there. Returns false if the lock stayed held.
  private func takeLock(on host: RemoteHost) async throws(HostError) -> Bool {
    let deadline = context.time.now() + plan.target.watchLimit + .seconds(RemoteScript.defaultIdleLimit)
    while context.time.now() < deadline, context.stop.signal == nil {
      if case .taken = try await host.lock("\(plan.operator), reconciling") { return true }
      await context.time.sleep(.milliseconds(500))
    }
    return false
  }

  /// What the inventory asks for is not done over a connection that may be lost again: whoever reads the reason must know.
  private func reportingNoRollback(_ end: DeploymentEnd) -> DeploymentEnd {
    guard end.outcome == .failed, plan.target.rollbackOnFailure, plan.kind == .deploy else { return end }
    let next = "ktrdr rollback \(plan.target.name)"
    return .failed("\(end.reason ?? ""); not rolled back automatically after the lost connection: \(next)")
  }

  /// Succeeded means: every service is healthy, and each runs the image that it was to run.
  static func judge(_ report: HealthReport, outdated: [String] = [], plan: Plan) -> DeploymentEnd {
    let after = "the connection was lost after 'up' had begun; on reconnecting,"
    guard report.verdict == .healthy else {
      return .failed("\(after) the services were not healthy: \(report.end(upFailure: nil, plan: plan).reason ?? "")")
    }
    let wrong = plan.wrongImages(in: report.last) + outdated
    guard wrong.isEmpty else { return .failed("\(after) \(wrong.joined(separator: "; "))") }
    let stale = report.last.services.filter { plan.leftOver.contains($0) }
    guard stale.isEmpty else { return .failed("\(after) \(stale.joined(separator: ", ")) was still running") }
    return DeploymentEnd(outcome: .succeeded, reason: "\(after) every service was up and healthy")
      .adding(plan.unrestored)
  }
}
