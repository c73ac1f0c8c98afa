import Ledger
import Platform

/// A deployment that the ledger has the start of, until it has its end.
struct BegunDeployment: Sendable {
  let id: Int64
  let preparation: Preparation
  /// How it ended, as far as that is known.
  private(set) var end = DeploymentEnd.failed("not run")
  let context: DeploymentContext
  private let recorder: Recorder
  /// When it began, for how long it took.
  private let since: ContinuousClock.Instant

  private var plan: Plan { preparation.plan }

  /// Records the start. Nothing has touched the host before this returns.
  static func begin(
    _ preparation: Preparation, in context: DeploymentContext
  ) async throws(LedgerError) -> BegunDeployment {
    let plan = preparation.plan
    let services = plan.kind == .rollback ? plan.affected : plan.covered
    let start = plan.start(services: services, secrets: preparation.secrets.versions)
    let since = context.time.now()
    let id = try await context.ledger.begin(start).id
    context.progress(.started(deployment: id))
    return BegunDeployment(id: id, preparation: preparation, context: context, since: since)
  }

  private init(id: Int64, preparation: Preparation, context: DeploymentContext, since: ContinuousClock.Instant) {
    self.id = id
    self.preparation = preparation
    self.context = context.redacting(preparation.secrets.needles)
    self.since = since
    recorder = Recorder(ledger: context.ledger, deployment: id, needles: preparation.secrets.needles)
  }

  mutating func run(on host: RemoteHost) async {
    var run = HostRun(preparation: preparation, host: host, recorder: recorder, context: context)
    end = await run.perform()
  }

  /// Settles what a lost connection left open, now that it is known why it was lost.
  mutating func reconcile(lost failure: SSHFailure) async {
    guard end.isCut else { return }
    guard end.hostChanged else {
      end.reason = "\(failure.what(host: plan.target.host)); nothing was changed"
      return
    }
    let again = Reconciliation(preparation: preparation, context: context)
    var found = await again.end(lost: failure, before: end.before)
    found.before = end.before
    found.hostChanged = true
    // What nobody saw stays unknown.
    end = found.outcome == .unknown ? found : found.cancelled(by: context.stop)
  }

  /// Records the end, with all that was found out just before it.
  func finish() async -> Result<DeployResult, DeployFailure> {
    let spent = (context.time.now() - since).milliseconds
    let end = end.telling(ServiceTags(plan).text(plan.target.tagVariable)).redacted(preparation.secrets.needles)
    var result = DeployResult(id, end)
    result.notRunning = end.notRunning(in: plan.project)
    do throws(LedgerError) {
      try await recorder.finish(
        end, services: plan.isWhole ? [] : plan.affected, gone: plan.alreadyGone,
        composeDigest: preparation.check.composeDigest, milliseconds: spent)
    } catch {
      guard case .spooled(_, let path, _) = error else { return .failure(.ledger(error)) }
      result.spool = path
    }
    context.progress(.ended(end.outcome, reason: end.reason))
    return .success(result)
  }

  /// The same, and leaves the ledger's head on the host. A ledger that did not take the end would not take the anchor.
  func finish(leavingAnchorOn host: RemoteHost, isLast: Bool) async -> Result<DeployResult, DeployFailure> {
    let result = await finish()
    let isRecorded = if case .success(let ended) = result { ended.spool == nil } else { false }
    let anchors = AnchorRecorder(ledger: context.ledger, target: plan.target, progress: context.progress)
    await anchors.leave(on: host, after: id, records: isRecorded, isLast: isLast)
    return result
  }
}
