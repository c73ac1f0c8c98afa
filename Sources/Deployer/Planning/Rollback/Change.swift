import Ledger

/// What a rollback without named services takes back.
struct Change: Sendable {
  /// What a service ran before and after it.
  struct Row: Sendable {
    /// The deployment that found `before` there.
    var deployment: Int64
    var before: ImageIdentity?
    var after: ImageIdentity?
    /// Whether somebody saw what ran after it; if not, `after` says nothing.
    var isEndSeen: Bool
  }

  /// What rollbacks have done to it since.
  enum Standing: Sendable {
    case inPlace
    /// Rollbacks of it have been tried and did not succeed: the next one is to end what they began.
    case halfTakenBack
    /// A rollback has brought back what it had left.
    case broughtBack(by: Deployment)
  }

  /// The newest deployment that it is of.
  var deployment: Deployment
  /// Earlier ones that did not succeed, and that this one carried on: they are taken back with it.
  var attempts: [Deployment] = []
  /// The services that it changed, in order.
  var services: [String]
  /// Those that an attempt changed, and that are back on what they ran before it.
  var restored: [String] = []
  /// All that it recorded. Empty for one of an early ledger that died while the host was changing: that counts with all that it
  /// covered.
  var rows: [String: Row] = [:]
  var standing = Standing.inPlace
  /// The newest rollback of it that came as far as the host and did not succeed.
  var begun: Deployment?

  /// The services that it changed and that had no container before.
  var brought: Set<String> { Set(services.filter { rows[$0].map { $0.before == nil } ?? false }) }

  /// The same as what may have cost services their place.
  var cause: LostServices.Cause {
    LostServices.Cause(
      first: (attempts.last ?? deployment).id, before: rows.compactMapValues(\.before), changed: services,
      brought: brought.sorted())
  }

  /// Whether it changed no service that was there before.
  var onlyBrings: Bool { brought.count == services.count }

  var isHalfTakenBack: Bool { if case .halfTakenBack = standing { true } else { false } }

  /// Whether the newest deployment covered all that the attempts did: then nothing is left of what had failed.
  var isCarriedThrough: Bool {
    attempts.allSatisfy { Set($0.start.services).isSubset(of: deployment.start.services) }
  }

  /// The last deployment that had to do with it.
  var last: Deployment { if case .broughtBack(let rollback) = standing { rollback } else { deployment } }

  /// Whether a deployment is one of those that it is of.
  func isOf(_ id: Int64?) -> Bool { id == deployment.id || attempts.contains { $0.id == id } }

  /// Whether it took a service's container away.
  func tookAway(_ service: String) -> Bool {
    rows[service].map { $0.isEndSeen && $0.before != nil && $0.after == nil } ?? false
  }

  /// The image that it left a service on; `nil` too if nobody saw that.
  func left(_ service: String) -> ImageIdentity? { rows[service].flatMap { $0.isEndSeen ? $0.after : nil } }

  /// The deployment before which a service ran what the change took away.
  func first(of service: String) -> Int64 { rows[service]?.deployment ?? deployment.id }

  /// Whether a rollback of it has moved a service that was there before it to something else than that.
  func isElsewhere(after rollback: Deployment, _ running: Observation) -> Bool {
    services.filter(rollback.start.services.contains).contains { service in
      guard let row = rows[service], let before = row.before, let now = running.image(of: service) else { return false }
      return row.isEndSeen && now.id != row.after?.id && now.id != before.id
    }
  }

  /// Whether a service still runs what the change left there.
  func isStillThere(_ running: Observation) -> Bool {
    services.contains { service in left(service).map { $0.id == running.image(of: service)?.id } ?? false }
  }
}
