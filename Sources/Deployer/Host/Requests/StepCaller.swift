import Ledger
import Platform

/// Calls the remote script, tells each step as it ends, and records it.
struct StepCaller {
  let session: RemoteSession
  let recorder: Recorder
  let needles: NeedleSet
  let progress: @Sendable (Progress) -> Void

  /// The steps that ended; `nil` when the connection ended on the way. Throws when the ledger could not take one.
  ///
  /// The step that is called `held` is left for the caller to record, together with what follows at once; so it has to be
  /// the last one.
  func call(_ text: [UInt8], holding held: String? = nil) async throws(LedgerError) -> [FinishedStep]? {
    var log = StepLog()
    var ended: [FinishedStep] = []
    var failure: LedgerError?
    var redactor = Redactor(needles)
    let answer = await session.call(text) { event in
      switch event {
      case .begin(let step): progress(.stepBegan(step))
      case .output(let line):
        let shown = redactor.push(Array((line + "\n").utf8))
        if !shown.isEmpty { progress(.output(String(decoding: shown, as: UTF8.self))) }
      default: break
      }
      guard let step = log.take(event) else { return }
      ended.append(step)
      progress(.stepEnded(step.name, status: step.status ?? 255, milliseconds: step.milliseconds))
      guard failure == nil, step.name != held else { return }
      do throws(LedgerError) { try await recorder.record([step]) } catch { failure = error }
    }
    let rest = redactor.finish()
    if !rest.isEmpty { progress(.output(String(decoding: rest, as: UTF8.self))) }
    if answer == nil {
      let unrecorded = ended.filter { $0.name == held } + (log.cutOff().map { [$0] } ?? [])
      if !unrecorded.isEmpty { try await recorder.record(unrecorded) }
    }
    if let failure { throw failure }
    return answer == nil ? nil : ended
  }

  /// Records a step in which nothing runs, and with it the one that ended just before.
  func mark(_ name: String, after held: FinishedStep?) async throws(LedgerError) {
    let mark = FinishedStep(name: name, startedAt: Date(), milliseconds: 0, status: 0, output: [])
    try await recorder.record((held.map { [$0] } ?? []) + [mark])
  }
}
