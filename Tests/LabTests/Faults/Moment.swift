/// A point in a deployment at which something goes wrong, in the order in which a deployment comes to them.
enum Moment: String, CaseIterable, Sendable {
  case connecting, checked, fetching, locked, sendingPull, pulling, pulled, recordingTheChange, sendingUp, upBegins,
    replacing, upEnds, upAnswered, healthPending, recordingHealth, anchors

  /// What the ledger and the host have seen of the deployment when this moment comes.
  enum Reach: Comparable, Sendable {
    /// No row in the ledger.
    case nothing
    /// The start is recorded; the host is as it was.
    case started
    /// `changing` is recorded, and `up` has not reached the host.
    case announced
    /// `up` has reached the host, which carries it out whatever becomes of the connection.
    case changing
    /// The end is recorded.
    case ended
  }

  var reach: Reach {
    switch self {
    case .connecting, .checked, .fetching: .nothing
    case .locked, .sendingPull, .pulling, .pulled, .recordingTheChange: .started
    case .sendingUp: .announced
    case .upBegins, .replacing, .upEnds, .upAnswered, .healthPending, .recordingHealth: .changing
    case .anchors: .ended
    }
  }

  /// What holds the deployment up at this moment.
  enum Hold: Sendable {
    /// The connection; see Tests/lab/faults/client/ssh.
    case valve(String)
    /// Compose on the host; see Tests/lab/faults/host/docker-compose.
    case gate(String)
    /// 1Password, which takes its time.
    case onePassword
    /// The old container, which takes seconds to stop.
    case stubbornContainer
    /// Another program that writes to the ledger, once the connection has let this answer through.
    case ledger(after: String)
  }

  var hold: Hold {
    switch self {
    case .connecting: .valve("connect")
    case .checked: .valve("answer ktrdr_survey 1")
    case .fetching: .onePassword
    case .locked: .valve("answer ktrdr_serve 1")
    case .sendingPull: .valve("call ktrdr_pull 1")
    case .pulling: .gate("pull-begins")
    case .pulled: .valve("answer ktrdr_pull 1")
    case .recordingTheChange: .ledger(after: "answer ktrdr_pull 1")
    case .sendingUp: .valve("call ktrdr_up 1")
    case .upBegins: .gate("up-begins")
    case .replacing: .stubbornContainer
    case .upEnds: .gate("up-ends")
    case .upAnswered: .valve("answer ktrdr_up 1")
    case .healthPending: .valve("answer ktrdr_observe 2")
    // With `stable_for: 0s` the first observation decides.
    case .recordingHealth: .ledger(after: "answer ktrdr_observe 1")
    case .anchors: .valve("call ktrdr_anchor 1")
    }
  }
}

/// What goes wrong.
enum Means: String, CaseIterable, Sendable {
  case sigint, sigterm, sighup, sigkill, sshKilled, sshdKilled, sshdDown, networkGone

  /// The number of the signal that the client gets; `nil` where the connection is what suffers.
  var signal: Int32? {
    switch self {
    case .sigint: 2
    case .sigterm: 15
    case .sighup: 1
    case .sigkill: 9
    default: nil
    }
  }

  /// The client is asked to stop, and decides where that is safe.
  var asksToStop: Bool { [.sigint, .sigterm, .sighup].contains(self) }
}
