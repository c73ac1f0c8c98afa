import Ledger
import Platform

/// Writes one deployment to the ledger. Each text is redacted on the way, and withheld if a secret is still in it.
///
/// When events share a transaction is decided here: a step that nothing follows on the host is written together with
/// whatever is recorded next.
actor Recorder {
  nonisolated let deployment: Int64
  private let ledger: DeploymentLedger
  private let needles: NeedleSet
  /// Steps that have ended and wait for what comes next.
  private var pending: [StepRecord] = []
  /// Why an earlier step could not be written.
  private var failure: LedgerError?

  /// After these nothing happens on the host until something else is recorded.
  private static let waiting: Set<StepName> = [.pull, .config, .health]

  /// How much of a step's output is kept, from its end, in bytes.
  static let outputLimit = 16 << 10
  /// How much of all steps' output is kept, in bytes, so that no host fills the ledger: sixty-four long steps.
  static let totalOutputLimit = 1 << 20
  private var room = totalOutputLimit

  init(ledger: DeploymentLedger, deployment: Int64, needles: NeedleSet) {
    self.ledger = ledger
    self.deployment = deployment
    self.needles = needles
  }

  /// Records a step. That the ledger could not take it is reported by the next ``flush()``: the step itself goes on.
  func stepEnded(_ step: FinishedStep) async {
    pending.append(record(of: step))
    guard !Self.waiting.contains(step.name) || step.status == nil else { return }
    do throws(LedgerError) { try await write() } catch { failure = failure ?? error }
  }

  /// Writes what waits. Throws if the ledger did not take everything so far.
  func flush() async throws(LedgerError) {
    if let failure { throw failure }
    try await write()
  }

  /// Records, durably, that the host is about to change, and what each of the services runs until then.
  func hostWillChange(from before: Observation, services: [String]) async throws(LedgerError) {
    if let failure { throw failure }
    let changing = StepRecord(
      name: StepName.changing.rawValue, startedAt: Date(), durationMS: 0, exitStatus: 0, outcome: .succeeded)
    let images = services.map { ImageRecord(service: $0, before: before.image(of: $0).map(clean)) }
    // If the ledger does not take it, the host will not change after all.
    try await ledger.append(pending + [changing], images: images, to: deployment)
    pending = []
  }

  /// Records the end, with the steps that wait for it and what each of the services ran before and after: all of it or
  /// nothing. Of a service that ran neither before nor after only those that are `gone` are recorded.
  /// Throws ``LedgerError/spooled(path:spool:reason:)`` if only the spool file could be written.
  func finish(
    _ end: DeploymentEnd, services: [String], gone: [String] = [], composeDigest: String?, milliseconds: Int64
  ) async throws(LedgerError) {
    let finish = Finish(
      outcome: end.outcome, reason: end.reason.map(clean), durationMS: milliseconds, composeDigest: composeDigest)
    try await ledger.finish(
      deployment, finish, steps: pending, images: images(before: end.before, after: end.after, services, gone))
    pending = []
  }

  private func write() async throws(LedgerError) {
    guard !pending.isEmpty else { return }
    let steps = pending
    pending = []
    do throws(LedgerError) {
      try await ledger.append(steps, to: deployment)
    } catch {
      pending = steps + pending
      throw error
    }
  }

  private func record(of step: FinishedStep) -> StepRecord {
    var text = step.output.isEmpty ? nil : clean(tail(of: step.output.joined(separator: "\n")))
    room -= text?.utf8.count ?? 0
    if room < 0, text != nil {
      text = "[withheld: this deployment has recorded \(Self.totalOutputLimit) bytes of output]"
    }
    return StepRecord(
      name: step.name.rawValue, startedAt: step.startedAt, durationMS: step.milliseconds, exitStatus: step.status,
      outcome: step.outcome, output: text)
  }

  private func images(
    before: Observation?, after: Observation?, _ services: [String], _ gone: [String]
  ) -> [ImageRecord] {
    let names = services.isEmpty ? Set((before?.services ?? []) + (after?.services ?? [])).sorted() : services
    return names.compactMap { service in
      let record = ImageRecord(
        service: service, before: before?.image(of: service).map(clean), after: after?.image(of: service).map(clean))
      return record.before == nil && record.after == nil && !gone.contains(service) ? nil : record
    }
  }

  private func clean(_ text: String) -> String {
    let redacted = Redactor.redact(text, needles)
    guard !needles.containsNeedle(in: Array(redacted.utf8)) else { return "[withheld: a secret could not be redacted]" }
    return redacted
  }

  private func clean(_ image: ImageIdentity) -> ImageIdentity {
    ImageIdentity(reference: clean(image.reference), id: clean(image.id), digest: image.digest.map(clean))
  }

  private func tail(of text: String) -> String {
    text.utf8.count <= Self.outputLimit
      ? text : "…" + String(decoding: text.utf8.suffix(Self.outputLimit), as: UTF8.self)
  }
}
