/// What `verify` found.
public struct Verification: Sendable, Equatable {
  /// What the file proves by itself, without anchors.
  public enum Verdict: String, Sendable {
    /// Every check passed.
    case proven
    case damaged
  }

  /// Something that is wrong, and the event where it shows; `nil` if it is not about one event.
  public struct Problem: Sendable, Equatable {
    public var seq: Int64?
    public var what: String

    public init(seq: Int64? = nil, what: String) {
      self.seq = seq
      self.what = what
    }
  }

  public var verdict: Verdict { problems.isEmpty ? .proven : .damaged }
  /// How many events were read: all, or those after the event to start from. The same applies to `deployments`.
  public var events: Int64
  public var deployments: Int64
  /// The last event that was read; `nil` if there is none.
  public var head: Head?
  /// The targets to whose hosts the ledger's head was written, according to the events that were read.
  public var anchoredTargets: Set<String> = []
  /// The first 100.
  public var problems: [Problem]
  /// What an operator may want to know although nothing is wrong: a clock that went back, a check that was cut short.
  public var warnings: [String]
}

/// How to verify.
public struct VerifyOptions: Sendable, Equatable {
  /// Start after this event, because everything up to it was proven earlier. It must be an event of this ledger.
  public var since: Head?
  /// The most seconds that SQLite's own `integrity_check` can take. It holds the read lock, so deployments wait for it; they
  /// give up after 10.
  public var integritySeconds: Double

  /// Half of the time that a deployment waits.
  public static let defaultIntegritySeconds = 5.0

  public init(since: Head? = nil, integritySeconds: Double = defaultIntegritySeconds) {
    self.since = since
    self.integritySeconds = integritySeconds
  }
}
