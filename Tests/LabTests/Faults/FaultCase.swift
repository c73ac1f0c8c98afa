import Testing

/// One fault, and what must be true afterwards.
struct FaultCase: Sendable, CustomTestStringConvertible {
  let moment: Moment
  let means: Means

  var testDescription: String { "\(means) at \(moment): \(expected.outcome ?? "no record")" }

  /// What must be true when everything has come to rest.
  struct Expected: Sendable {
    /// In the ledger, as the next command finds and tells it; `nil` where nothing is recorded.
    var outcome: String?
    /// The new image runs.
    var isNew: Bool
    /// The exit status of the command.
    var status: Int32
    /// A part of the recorded reason.
    var reason = ""
  }

  /// The rule, not a list of what was seen: it follows from how far the deployment had come.
  var expected: Expected {
    let reach = moment.reach
    if reach == .ended {
      return Expected(outcome: "succeeded", isNew: true, status: means == .sigkill ? 137 : 0)
    }
    if means == .sigkill {
      let isNew = reach == .changing
      guard reach != .nothing else { return Expected(outcome: nil, isNew: false, status: 137) }
      let reason = reach >= .announced ? "the client died after 'up' had begun" : "the client died before anything"
      return Expected(outcome: "interrupted", isNew: isNew, status: 137, reason: reason)
    }
    if means.asksToStop { return stopped(128 + (means.signal ?? 0)) }
    return cutOff
  }

  private func stopped(_ status: Int32) -> Expected {
    switch moment.reach {
    case .nothing: Expected(outcome: nil, isNew: false, status: status)
    // All that was to be seen had been seen, and what waits for the ledger is the end.
    case .changing where moment == .recordingHealth: Expected(outcome: "succeeded", isNew: true, status: 0)
    case .started: Expected(outcome: "cancelled", isNew: false, status: status, reason: "before anything was changed")
    default: Expected(outcome: "cancelled", isNew: true, status: status, reason: "after 'up' had begun")
    }
  }

  private var cutOff: Expected {
    switch moment.reach {
    // 1Password was still asked, so the deployment began; then the host was not there any more.
    case .nothing where moment != .fetching: return Expected(outcome: nil, isNew: false, status: 69)
    // All that was to be seen had been seen.
    case .changing where moment == .recordingHealth: return Expected(outcome: "succeeded", isNew: true, status: 0)
    case .announced, .changing, .ended:
      if means == .sshdDown {
        let isNew = moment.reach == .changing
        return Expected(outcome: "unknown", isNew: isNew, status: 1, reason: "the host could not be reached again")
      }
      guard moment.reach == .changing else {
        return Expected(outcome: "failed", isNew: false, status: 1, reason: "on reconnecting,")
      }
      return Expected(outcome: "succeeded", isNew: true, status: 0, reason: "on reconnecting,")
    case .started where moment == .recordingTheChange:
      return Expected(outcome: "failed", isNew: false, status: 1, reason: "on reconnecting,")
    case .nothing, .started:
      return Expected(outcome: "failed", isNew: false, status: 1, reason: "nothing was changed")
    }
  }
}

extension FaultCase {
  /// Every moment by the means that each take another way through the code, and the others where they could differ.
  static let all: [FaultCase] =
    Moment.allCases.flatMap { moment in
      Means.allCases.filter { isTried($0, at: moment) }.map { FaultCase(moment: moment, means: $0) }
    }

  private static func isTried(_ means: Means, at moment: Moment) -> Bool {
    switch means {
    case .sigint, .sigkill: true
    case .sigterm: [.fetching, .pulling, .upBegins, .healthPending].contains(moment)
    case .sighup: [.connecting, .locked, .upBegins, .upAnswered].contains(moment)
    // Before there is an ssh, or a session of sshd, none can be killed.
    case .sshKilled, .sshdKilled: moment != .connecting
    case .sshdDown: [.connecting, .pulled, .sendingUp, .upBegins, .upAnswered, .healthPending].contains(moment)
    case .networkGone: [.locked, .pulled, .upBegins, .upAnswered, .healthPending, .anchors].contains(moment)
    }
  }
}
