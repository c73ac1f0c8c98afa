import Ledger
import Platform

/// Writes one deployment into the ledger, each text redacted on the way, and refused if a secret is still in it.
struct Recorder: Sendable {
  let ledger: DeploymentLedger
  let id: Int64
  let needles: NeedleSet

  /// How much of a step's output is kept, from its end.
  static let outputLimit = 16 << 10

  /// Records steps that ended, at least one.
  func record(_ steps: [FinishedStep]) async throws(LedgerError) {
    try await ledger.append(steps.map(cleaned), to: id)
  }

  /// Records the end, the step that ended just before it, and what each of the services ran before and after.
  func finish(
    _ result: HostRun.Result, services: [String], composeDigest: String?, milliseconds: Int64
  ) async throws(LedgerError) {
    let finish = Finish(
      outcome: result.ending.outcome, reason: result.ending.reason.map(clean), durationMS: milliseconds,
      composeDigest: composeDigest)
    try await ledger.finish(
      id, finish, steps: result.held.map { [cleaned($0)] } ?? [], images: images(result.before, result.after, services))
  }

  private func cleaned(_ step: FinishedStep) -> StepRecord {
    let text = step.output.isEmpty ? nil : clean(tail(of: step.output.joined(separator: "\n")))
    return StepRecord(
      name: step.name, startedAt: step.startedAt, durationMS: step.milliseconds, exitStatus: step.status,
      outcome: step.outcome, output: text)
  }

  private func images(_ before: Observation?, _ after: Observation?, _ services: [String]) -> [ImageRecord] {
    let names = services.isEmpty ? Set((before?.services ?? []) + (after?.services ?? [])).sorted() : services
    return names.compactMap { service in
      let record = ImageRecord(
        service: service, before: before?.image(of: service).map(clean), after: after?.image(of: service).map(clean))
      return record.before == nil && record.after == nil ? nil : record
    }
  }

  /// The text without any secret. Should one still be in it, none of the text is kept.
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

extension Observation {
  /// The image that a service runs; of several containers the first one's.
  func image(of service: String) -> ImageIdentity? {
    guard let container = containers.first(where: { $0.service == service }) else { return nil }
    return ImageIdentity(reference: container.reference, id: container.imageID, digest: digest(of: container))
  }
}

/// A step that has ended, or of which the connection told no end.
struct FinishedStep: Sendable {
  var name: String
  var startedAt: Date
  var milliseconds: Int64
  /// `nil` when the connection ended before the step did.
  var status: Int32?
  var output: [String]

  var outcome: StepOutcome {
    guard let status else { return .unknown }
    return status == 0 ? .succeeded : .failed
  }
}

/// How a deployment ended, and why if it did not succeed.
struct Ending: Sendable, Equatable {
  var outcome: Outcome
  var reason: String?

  static let succeeded = Ending(outcome: .succeeded, reason: nil)
  static func failed(_ reason: String) -> Ending { Ending(outcome: .failed, reason: reason) }
}
