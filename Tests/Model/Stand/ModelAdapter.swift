@testable import Deployer
@testable import Fakes

/// The calls of the model to the code under test whose form may change: all of them are here.
enum ModelAdapter {
  static let (firstName, secondName) = (TargetName(known: "core"), TargetName(known: "twin"))

  static func name(ofSecond isSecond: Bool) -> TargetName { isSecond ? secondName : firstName }

  static func target(isSecond: Bool, rollsBack: Bool = false) throws -> Target {
    var target = try Plan.core(services: [], registry: false, secrets: []).target
    target.name = name(ofSecond: isSecond)
    target.environment = []
    target.rollbackOnFailure = rollsBack
    target.stableFor = .seconds(5)
    target.profiles = try ModelStack.profiles.keys.sorted().map { try ProfileName($0) }
    target.services = try ModelStack.always.map { try ServiceName($0) }
    return target
  }

  static func plan(_ deploy: Operation.Deploy, ofSecond isSecond: Bool, batch: String? = nil) throws -> Plan {
    Plan(
      target: try target(isSecond: isSecond, rollsBack: deploy.rollsBack),
      services: try deploy.services.map { try ServiceName($0) },
      profiles: try deploy.profiles.map { try ProfileName($0) }, tag: try ImageTag(deploy.tag), registries: [],
      operator: "ada@example.org", client: "ktrdr/1 desk", batch: batch)
  }

  static func rollback(
    _ rollback: Operation.Rollback, ofSecond isSecond: Bool, batch: String? = nil
  ) throws -> RollbackRequest {
    let coverage: RollbackRequest.Coverage =
      switch rollback.coverage {
      case .changed: .changed
      case .all: .all
      case .named(let services): .named(try services.map { try ServiceName($0) })
      }
    let destination: RollbackRequest.Destination =
      switch rollback.destination {
      case .lastGood: .lastGood
      case .tag(let tag): .tag(try ImageTag(tag))
      case .deployment(let id): .deployment(id)
      }
    var request = RollbackRequest(
      target: try target(isSecond: isSecond), coverage: coverage, destination: destination, registries: [],
      operator: "ada@example.org", client: "ktrdr/1 desk", batch: batch)
    request.undoing = rollback.undoing
    return request
  }

  static func refusal(_ failure: DeployFailure) -> ReferenceModel.Refusal? {
    switch failure {
    case .nothingToRollBackTo: .nothingToGoBackTo
    case .usage: .usage
    case .stopped: .stopped
    case .validation: .invalid
    default: nil
    }
  }
}
