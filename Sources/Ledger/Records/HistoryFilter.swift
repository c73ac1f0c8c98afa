public import Platform

/// Which deployments a history lists. `nil` means any.
public struct HistoryFilter: Sendable, Equatable {
  public var target: String?
  /// A target's name, a full host name, or the first label of one.
  public var host: String?
  public var service: String?
  public var tag: String?
  public var `operator`: String?
  public var outcome: OutcomeFilter?
  public var kind: DeploymentKind?
  public var batch: String?
  /// Only deployments that started at this time or later.
  public var since: Date?
  /// Only deployments that started at this time or earlier.
  public var until: Date?
  public var limit: Int

  public init(
    target: String? = nil, host: String? = nil, service: String? = nil, tag: String? = nil,
    operator: String? = nil, outcome: OutcomeFilter? = nil, kind: DeploymentKind? = nil, batch: String? = nil,
    since: Date? = nil, until: Date? = nil, limit: Int = 50
  ) {
    self.target = target
    self.host = host
    self.service = service
    self.tag = tag
    self.operator = `operator`
    self.outcome = outcome
    self.kind = kind
    self.batch = batch
    self.since = since
    self.until = until
    self.limit = limit
  }
}

/// An outcome, or `running` for a deployment that has not ended.
public enum OutcomeFilter: RawRepresentable, Sendable, Hashable, CaseIterable {
  case running
  case finished(Outcome)

  public static var allCases: [OutcomeFilter] { [.running] + Outcome.allCases.map(OutcomeFilter.finished) }

  public init?(rawValue: String) {
    if rawValue == "running" {
      self = .running
    } else if let outcome = Outcome(rawValue: rawValue) {
      self = .finished(outcome)
    } else {
      return nil
    }
  }

  public var rawValue: String {
    switch self {
    case .running: "running"
    case .finished(let outcome): outcome.rawValue
    }
  }
}
