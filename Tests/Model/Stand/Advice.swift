import Ledger

@testable import Deployer

/// Does what `status` says, once nothing outside the target stands in its way, until it says nothing more.
///
/// No command that it names may be refused, none may take a service away from what should run, and they must come to an end, at which every
/// service runs what the ledger expects, unless `status` has said that it cannot know.
struct Advice {
  typealias Difference = ModelComparison<ModelStand>.Difference

  var stand: ModelStand
  /// Which of two ways is taken, where `status` names both.
  var goesForward = false
  /// What has been done, for whoever has to understand it.
  private var done: [String] = []

  private init(stand: ModelStand, goesForward: Bool) { (self.stand, self.goesForward) = (stand, goesForward) }

  /// What is wrong with the advice that is given after all that has happened; `nil` if nothing is.
  static func check(_ stand: ModelStand, goesForward: Bool) async throws -> Difference? {
    var advice = Advice(stand: stand, goesForward: goesForward)
    return try await advice.check()
  }

  /// More than any advice takes.
  private static let patience = 8

  private mutating func check() async throws -> Difference? {
    for seat in [Seat(), Seat(isSecond: true)] {
      stand.mend(seat)
      done = []
      if let found = try await follow(seat) { return found }
    }
    return nil
  }

  private mutating func follow(_ seat: Seat) async throws -> Difference? {
    var last: [NextStep] = []
    for _ in 1...Self.patience {
      guard let status = try await stand.targetStatus(seat), status.isCertain else { return nil }
      let steps = status.nextSteps()
      guard !steps.isEmpty else { return wrong(status) }
      // What fails may fail because of the compose file. Who is told the same once more looks there.
      if steps == last { stand.correctFiles(seat) }
      last = steps
      for step in steps {
        let verdicts = status.services.map { "\($0.service) \($0.verdict.rawValue)" }
        done.append("\(step.line) (\(verdicts.joined(separator: ", ")))")
        guard let operation = operation(for: step, seat, status) else { return nil }
        let kind = try await stand.perform(operation, seat).kind
        guard kind == .begun else { return difference("\(kind)") }
        if case .correctFiles = step { continue }
        if let harm = harm(seat, status) { return harm }
      }
    }
    return difference("no end")
  }

  /// What is done for a step; `nil` for one that changes nothing, or that leaves the version to git.
  private func operation(for step: NextStep, _ seat: Seat, _ status: TargetStatus) -> Operation? {
    switch step {
    case .goBack(_, let forward) where goesForward: return forward.first?.operation
    case .run(let command), .goBack(let command, _): return command.operation
    case .correctFiles(_, let good):
      stand.correctFiles(seat)
      let tags = status.services.compactMap(\.expected).filter { $0.deployment.id == good }.map(\.deployment.start.tag)
      return tags.first.flatMap { $0 }.map {
        .deploy(Operation.Deploy(tag: $0, profiles: ModelStack.profiles.keys.sorted()))
      }
    }
  }

  /// What should run and does not, though nothing is left to be done.
  private func wrong(_ status: TargetStatus) -> Difference? {
    let left = status.services.filter { service in
      let isWrong = [.drifted, .stopped, .missing].contains(service.verdict)
      return (isWrong || (service.verdict == .unhealthy && !service.hasExpectedImage)) && service.expected != nil
        && ModelStack.always.contains(service.service)
    }
    guard !left.isEmpty else { return nil }
    return difference(left.map { "\($0.service) is \($0.verdict.rawValue)" }.joined(separator: ", "))
  }

  /// What ran as it should, and does not any more.
  private func harm(_ seat: Seat, _ before: TargetStatus) -> Difference? {
    // Whoever ends a rollback leaves the version that the ledger expects.
    guard !before.isHalfRolledBack, before.halfRolledBack.isEmpty else { return nil }
    let after = stand.world(seat)
    let lost = before.services.filter { service in
      service.verdict == .inSync && after.containers[service.service]?.image.id != service.running?.imageID
    }
    return lost.isEmpty ? nil : difference("takes \(lost.map(\.service).joined(separator: ", ")) away")
  }

  private func difference(_ code: String) -> Difference {
    Difference(what: "what status says is to be done", model: "leads to what should run", code: "\(done): \(code)")
  }
}

extension NextStep.Command {
  /// `nil` for one that changes nothing, or that leaves the version to git.
  fileprivate var operation: Operation? {
    switch self {
    case .deploy(_, let services, let tag?, false): .deploy(Operation.Deploy(tag: "\(tag)", services: services))
    case .deploy: nil
    case .rollback(_, let services, let id):
      .rollback(
        Operation.Rollback(
          coverage: services.isEmpty ? .changed : .named(services),
          destination: id.map(Operation.Destination.deployment) ?? .lastGood))
    }
  }
}
