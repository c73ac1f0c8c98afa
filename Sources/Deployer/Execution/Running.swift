import Ledger
import Platform

/// A deployment that the ledger has the start of, until it has its end.
struct Running: Sendable {
  let deployer: Deployer
  let survey: Survey
  let recorder: Recorder
  private let clock: ContinuousClock.Instant
  var result = HostRun.Result(ending: .failed("not run"))

  private var plan: Plan { survey.plan }

  /// Records the start. Nothing has touched the host before this returns.
  static func begin(
    _ survey: Survey, deployer: Deployer, since clock: ContinuousClock.Instant
  ) async throws(LedgerError) -> Running {
    let start = survey.plan.start(services: survey.plan.covered, secrets: survey.secrets.versions)
    let id = try await deployer.ledger.begin(start).id
    deployer.progress(.started(deployment: id))
    let recorder = Recorder(ledger: deployer.ledger, id: id, needles: survey.secrets.needles)
    return Running(deployer: deployer, survey: survey, recorder: recorder, clock: clock)
  }

  private init(deployer: Deployer, survey: Survey, recorder: Recorder, clock: ContinuousClock.Instant) {
    self.deployer = deployer
    self.survey = survey
    self.recorder = recorder
    self.clock = clock
  }

  mutating func run(over session: RemoteSession, _ script: RemoteScript) async {
    let run = HostRun(
      survey: survey, script: script, session: session, recorder: recorder, stop: deployer.stop,
      progress: deployer.progress)
    do throws(LedgerError) {
      result = try await run.perform()
    } catch {
      result.ending = Ending(
        outcome: .unknown, reason: "the ledger failed while the deployment ran; look with 'ktrdr status'")
    }
  }

  /// Decides the end from a second look, after the connection died while the host may have been changing.
  mutating func conclude(_ again: Reconciliation, lost: SSHFailure) async {
    (result.ending, result.after) = await again.ending(lost: lost, before: result.before)
    guard deployer.stop.signal != nil, result.ending.outcome != .unknown else { return }
    let truth = result.ending.reason ?? ""
    result.ending = Ending(outcome: .cancelled, reason: "stopped by the operator after 'up' had begun; \(truth)")
  }

  /// Records the end, with all that was found out just before it.
  func finish() async -> Result<DeployResult, DeployFailure> {
    let ending = result.ending
    let spent = (ContinuousClock().now - clock).milliseconds
    var ended = DeployResult(
      deployment: recorder.id, outcome: ending.outcome, reason: ending.reason, wasLocked: result.wasLocked)
    do throws(LedgerError) {
      try await recorder.finish(
        result, services: plan.services.map(\.value), composeDigest: survey.check.composeDigest, milliseconds: spent)
    } catch {
      guard case .spooled(_, let path, _) = error else { return .failure(.ledger(error)) }
      ended.spool = path
    }
    deployer.progress(.ended(ended))
    return .success(ended)
  }

  /// What brings the services back to the images that ran before; `nil` where that is not asked for or not possible.
  func recovery() -> Survey? {
    guard plan.target.rollbackOnFailure, plan.kind == .deploy, result.changed, result.ending.outcome == .failed,
      let before = result.before, let after = result.after
    else { return nil }
    let pins = after.services.compactMap { service -> Pin? in
      guard let name = try? ServiceName(service), let image = before.image(of: service),
        image.id != after.image(of: service)?.id
      else { return nil }
      return Pin(service: name, image: image)
    }
    guard let first = pins.first else { return nil }
    var back = survey
    back.seen = nil
    back.plan.kind = .rollback
    back.plan.undoes = recorder.id
    back.plan.pins = pins
    back.plan.services = pins.map(\.service)
    back.plan.leftOver = []
    back.plan.commit = nil
    back.plan.isDirty = nil
    if let tag = ImageName(first.reference).tag.flatMap({ try? ImageTag($0) }) { back.plan.tag = tag }
    return back
  }

  /// What runs now, a line a service.
  var runningLines: [String] {
    (result.after ?? result.before)?.containers.map { container in
      "\(container.service) runs \(container.reference): \(container.state)\(container.health.map { ", \($0)" } ?? "")"
    } ?? []
  }

  var asRecovery: DeployResult.Recovery {
    DeployResult.Recovery(
      deployment: recorder.id, outcome: result.ending.outcome, reason: result.ending.reason, running: runningLines)
  }
}
