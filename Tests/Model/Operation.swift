/// What can happen to a target: somebody deploys, goes back, or does something by hand.
enum Operation: Sendable, Equatable {
  /// What disturbs a deployment.
  enum Fault: Sendable, Equatable, CaseIterable {
    /// SIGINT before the deployment has begun, before `up`, and while `up` runs.
    case stoppedAtOnce, stoppedEarly, stoppedLate
    /// SIGKILL before the record says that the host changes, between that and `up`, and after `up`.
    case killedEarly, killedBeforeUp, killedAfterUp
    /// SIGKILL when images have been pulled, and before and after containers that are no longer wanted are removed.
    case killedAfterPull, killedBeforeRemoval, killedAfterRemoval
    /// The connection is lost before anything changed.
    case cutEarly
    /// SIGKILL while `up` has come to one half of the services, or the connection is lost then.
    case killedInUp, cutInUp, lostInUp
    /// The same while `up` is about to replace the next one: the old container is stopped, and the new one is not started. Or `up` itself
    /// fails there.
    case killedReplacing, cutReplacing, lostReplacing, failedReplacing
    /// It is lost around `up`, and the host can be asked again.
    case cutBeforeUp, cutAfterUp
    /// The same, and the host is gone.
    case lostBeforeUp, lostAfterUp
    /// The ledger does not take the end, which waits for the next command in a spool file.
    case endRefused
  }

  enum Coverage: Sendable, Equatable {
    case changed, all
    case named([String])

    var isNamed: Bool { if case .named = self { true } else { false } }
  }

  enum Destination: Sendable, Equatable {
    case lastGood
    case tag(String)
    case deployment(Int64)
  }

  struct Deploy: Sendable, Equatable {
    var tag: String
    /// None means all.
    var services: [String] = []
    var profiles: [String] = []
    var rollsBack = false
    var fault: Fault?
  }

  struct Rollback: Sendable, Equatable {
    var coverage = Coverage.changed
    var destination = Destination.lastGood
    /// The one deployment to take back, as `--batch` asks of each target.
    var undoing: Int64?
    var fault: Fault?
  }

  /// Both targets at once.
  struct Batch: Sendable, Equatable {
    enum Request: Sendable, Equatable {
      /// What disturbs it disturbs the first target.
      case deploy(Deploy)
      /// `rollback --batch`.
      case undo(Int64)
    }

    var request: Request
    /// The second target waits until the first one has succeeded.
    var usesCanary = false
  }

  case deploy(Deploy)
  case rollback(Rollback)
  case batch(Batch)
  /// The same on the second target.
  indirect case second(Operation)
  /// The same by somebody who has a ledger of their own.
  indirect case colleague(Operation)
  case stop(String)
  case remove(String)
  /// Somebody takes it out of the compose file, and puts it back.
  case drop(String)
  case restore(String)
  /// Somebody gives it another name in it. A service of that name may be there already.
  case rename(String, to: String)
  /// Somebody names another image of the database in it.
  case database(tag: String)
  /// Somebody gives a service a health check that fails, and takes it away again.
  case breakHealth(String)
  case mendHealth(String)
  /// Somebody gives a service the tag in a label as well, and takes it away again.
  case tag(String)
  case untag(String)
  /// From now on no new container of it can be started, as if another program had its port, or none can be created, as if its name were
  /// taken; and all is well again.
  case takePort(String)
  case takeName(String)
  case free(String)
  /// A container of this tag in place of the one that there is.
  case replace(String, tag: String)
  /// The registry has another image under this tag from now on.
  case move(tag: String)
  /// The same for the database, whose image does not take the tag.
  case moveDatabase
  /// Images that no container uses are removed from the host.
  case prune
  case registry(isUp: Bool)
}

extension Operation.Fault {
  var isAtRemoval: Bool { self == .killedBeforeRemoval || self == .killedAfterRemoval }

  /// Whether it strikes while `up` runs: where Compose is by then, nobody can choose on a real host.
  var isInUp: Bool { [.killedInUp, .cutInUp, .lostInUp].contains(self) || isReplacing }

  /// Whether it strikes while a container is being replaced.
  var isReplacing: Bool { [.killedReplacing, .cutReplacing, .lostReplacing, .failedReplacing].contains(self) }

  /// Whether nothing comes after the first `up` that it meets.
  var endsUp: Bool { isInUp || [.killedAfterUp, .cutAfterUp, .lostAfterUp].contains(self) }

  private var isLostInUp: Bool { [.cutInUp, .lostInUp, .cutReplacing, .lostReplacing].contains(self) }

  var isLostConnection: Bool {
    isLostInUp || [.cutEarly, .cutBeforeUp, .cutAfterUp, .lostBeforeUp, .lostAfterUp].contains(self)
  }
}

/// Who does something, and on which target.
struct Seat: Hashable, Sendable {
  /// Whether it is the second target.
  var isSecond = false
  /// Whether it is somebody with another ledger.
  var isColleague = false
}

extension Operation {
  /// What is done, by whom and where. A batch is done on both targets.
  var seated: (operation: Operation, seat: Seat) {
    switch self {
    case .second(let operation):
      var (inner, seat) = operation.seated
      seat.isSecond = true
      return (inner, seat)
    case .colleague(let operation):
      var (inner, seat) = operation.seated
      seat.isColleague = true
      return (inner, seat)
    default: return (self, Seat())
    }
  }

  var editsFile: Bool {
    switch self {
    case .drop, .restore, .rename, .database, .breakHealth, .mendHealth, .tag, .untag: true
    default: false
    }
  }

  /// What disturbs it, on one target.
  var fault: Fault? {
    switch self {
    case .deploy(let deploy): deploy.fault
    case .rollback(let rollback): rollback.fault
    default: nil
    }
  }

  /// The same without what was to disturb it.
  var undisturbed: Operation {
    switch self {
    case .deploy(var deploy):
      deploy.fault = nil
      return .deploy(deploy)
    case .rollback(var rollback):
      rollback.fault = nil
      return .rollback(rollback)
    default: return self
    }
  }
}

extension Operation: CustomStringConvertible {
  var description: String {
    switch self {
    case .deploy(let deploy): deploy.description
    case .rollback(let rollback): rollback.description
    case .batch(let batch): batch.description
    case .second(let operation): "second target: \(operation)"
    case .colleague(let operation): "with another ledger: \(operation)"
    case .stop(let service): "by hand: docker stop \(service)"
    case .remove(let service): "by hand: docker rm -f \(service)"
    case .drop(let service): "the compose file loses \(service)"
    case .restore(let service): "the compose file has \(service) again"
    case .rename(let service, let name): "the compose file calls \(service) \(name)"
    case .database(let tag): "the compose file has the database \(tag)"
    case .breakHealth(let service): "the compose file has a bad health check for \(service)"
    case .mendHealth(let service): "the compose file has no bad health check for \(service) any more"
    case .tag(let service): "the compose file has the tag in a label of \(service)"
    case .untag(let service): "the compose file has the tag in no label of \(service)"
    case .takePort(let service): "the port of \(service) is taken"
    case .takeName(let service): "the name of \(service) is taken"
    case .free(let service): "port and name of \(service) are free"
    case .replace(let service, let tag): "by hand: \(service) runs \(tag)"
    case .move(let tag): "the registry gets another image under the tag \(tag)"
    case .moveDatabase: "the registry gets another image of the database under the same tag"
    case .prune: "by hand: docker image prune -a"
    case .registry(let isUp): isUp ? "the registry is back" : "the registry is down"
    }
  }
}

extension Operation.Deploy: CustomStringConvertible {
  var description: String {
    let names = services.isEmpty ? "all" : services.joined(separator: " ")
    let more = profiles.map { " --profile \($0)" }.joined()
    return "deploy \(names) --tag \(tag)\(more)\(rollsBack ? " (rollback_on_failure)" : "")\(fault.words)"
  }
}

extension Operation.Rollback: CustomStringConvertible {
  var description: String {
    let names =
      switch coverage {
      case .changed: ""
      case .all: " all"
      case .named(let services): " " + services.joined(separator: " ")
      }
    let goal =
      switch destination {
      case .lastGood: ""
      case .tag(let tag): " --to tag:\(tag)"
      case .deployment(let id): " --to \(id)"
      }
    return "rollback\(names)\(goal)\(undoing.map { " --batch \($0)" } ?? "")\(fault.words)"
  }
}

extension Operation.Batch: CustomStringConvertible {
  var description: String {
    switch request {
    case .deploy(let deploy): "both targets\(usesCanary ? ", --canary" : ""): \(deploy)"
    case .undo(let id): "rollback --batch \(id)"
    }
  }
}

extension Operation.Fault? {
  var words: String { map { ", \($0)" } ?? "" }
}
