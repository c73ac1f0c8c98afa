/// What `verify` found.
public struct Verification: Sendable, Equatable {
  /// What the events and the file prove by themselves, without anchors.
  public enum Verdict: String, Sendable {
    /// Every check held.
    case proven
    case damaged
  }

  /// Something that must not be, and the event where it shows; `nil` where it is not about one event.
  public struct Problem: Sendable, Equatable {
    public var seq: Int64?
    public var what: String

    public init(seq: Int64? = nil, what: String) {
      self.seq = seq
      self.what = what
    }
  }

  public var verdict: Verdict { problems.isEmpty ? .proven : .damaged }
  /// How many were read: all, or those after the event to start from. So with `deployments`.
  public var events: Int64
  public var deployments: Int64
  /// The last event that was read; `nil` in a file without any.
  public var head: Head?
  /// The targets on whose hosts the ledger's head was left, as the events that were read say.
  public var anchoredTargets: Set<String> = []
  /// The first 100.
  public var problems: [Problem]
  /// What an operator may want to know, although nothing is wrong: a clock that went back, a check that was cut short.
  public var warnings: [String]
}

/// What `verify` is asked for.
public struct VerifyOptions: Sendable, Equatable {
  /// Starts after this event, which must be the ledger's own: what came before was proven earlier.
  public var since: Head?
  /// Seconds that SQLite's own `integrity_check` may hold the read lock, which keeps deployments waiting; they give up
  /// after 10.
  public var integritySeconds: Double

  /// Half of what a deployment waits.
  public static let patience = 5.0

  public init(since: Head? = nil, integritySeconds: Double = patience) {
    self.since = since
    self.integritySeconds = integritySeconds
  }
}
