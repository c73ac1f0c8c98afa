import TestSupport

/// Makes histories: the same ones from the same seed.
struct OperationGenerator {
  private var random: SeededGenerator
  /// On real hosts a batch is typed as a command: of every service, and undisturbed.
  private let isForHosts: Bool
  /// Whether the last deployment brought services that one of all without their profiles takes away.
  private var mayScaleDown = false

  init(seed: UInt64, isForHosts: Bool = false) {
    random = SeededGenerator(seed: seed)
    self.isForHosts = isForHosts
  }

  mutating func history() -> [Operation] {
    let hasColleague = chance(3)
    let count = Int.random(in: 12...20, using: &random)
    var history = chance(16) ? awayAgain() : runningBefore()
    while history.count < count {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<16: history.append(.batch(batch()))
      case 16..<24: history.append(.batch(.init(request: .undo(number()))))
      case 24..<38: history += following(operation(), history, onSecond: true)
      case 38..<44 where hasColleague: history.append(colleagues())
      default: history += following(operation(), history, onSecond: false)
      }
      let isHalfDone = history.last?.seated.operation.fault?.isInUp == true
      if isHalfDone, case .rollback(let begun)? = history.last {
        history += ending(begun)
      } else if chance(isHalfDone ? 2 : 10), let again = again(history) {
        history += again
      }
    }
    return history
  }

  /// A stack that somebody has started by hand: most people have one before they have ktrdr.
  private mutating func runningBefore() -> [Operation] {
    guard chance(3) else { return [] }
    let tag = pick(["P", "P", "A", "B"])
    let started = ModelStack.always.filter { _ in !chance(4) }.map { Operation.replace($0, tag: tag) }
    return chance(4) ? started.map(Operation.second) : started
  }

  /// A profile that comes, goes, is brought back, and is sent away once more by number.
  private mutating func awayAgain() -> [Operation] {
    let tags = [pick(["A", "B"]), pick(["C", "D"])]
    let profile = pick(["scale-2", "scale-3"])
    return [
      .deploy(.init(tag: tags[0], profiles: [profile])), .deploy(.init(tag: tags[1])), .rollback(.init()),
      .rollback(.init(destination: .deployment(2))),
    ]
  }

  /// The same once more, after something by hand, and with a rollback if it fails: who does not believe in a failure tries again.
  private mutating func again(_ history: [Operation]) -> [Operation]? {
    let last = history.last { if case .deploy = $0 { true } else { false } }
    guard case .deploy(var deploy)? = last else { return nil }
    deploy.fault = nil
    deploy.rollsBack = !chance(3)
    let service = pick(ModelStack.always)
    let between: [Operation] = [.remove(service), .breakHealth(service), .stop(service), .mendHealth(service)]
    return between.filter { _ in chance(3) } + [.deploy(deploy)]
  }

  /// A rollback that was lost half-way is ended: by the same once more, or by one without a word of where it went.
  private mutating func ending(_ begun: Operation.Rollback) -> [Operation] {
    var again = begun
    again.fault = nil
    if chance(3) { again.destination = .lastGood }
    let deployment = deploy()
    // Compose may have stopped what it had not replaced yet.
    let between: [Operation] = [.stop(pick(ModelStack.always))] + (chance(4) ? [.deploy(deployment)] : [])
    return between + [chance(2) ? .rollback(again) : .rollback(.init())]
  }

  /// Somebody else deploys to the same hosts, from another machine.
  private mutating func colleagues() -> Operation {
    let done: Operation = chance(3) ? .rollback(rollback()) : .deploy(deploy())
    return .colleague(chance(3) ? .second(done) : done)
  }

  /// By chance alone, an edited file would hardly ever meet the version that ran before, and a rollback after it.
  private mutating func following(_ operation: Operation, _ history: [Operation], onSecond: Bool) -> [Operation] {
    var found = [operation]
    // Who renames a service is told to remove the old container.
    if case .rename(let service, _) = operation, chance(2) { found.append(.remove(service)) }
    if operation.editsFile, chance(2) {
      let tags = history.compactMap { earlier -> String? in
        switch earlier {
        case .deploy(let deploy) where !onSecond, .second(.deploy(let deploy)) where onSecond: deploy.tag
        case .batch(let batch): if case .deploy(let deploy) = batch.request { deploy.tag } else { nil }
        default: nil
        }
      }
      var again = deploy()
      if let last = tags.last { again.tag = last }
      if chance(2) { (again.services, again.fault) = ([], nil) }
      found.append(.deploy(again))
      if case .rename(let service, let name) = operation, chance(3) { found.append(.rename(name, to: service)) }
      found.append(.rollback(rollback()))
    }
    return onSecond ? found.map(Operation.second) : found
  }

  /// A signal ends the whole client, and so both targets: here only a connection is lost.
  private mutating func batch() -> Operation.Batch {
    var deploy = deploy()
    if let fault = deploy.fault, !fault.isLostConnection { deploy.fault = nil }
    if isForHosts { (deploy.services, deploy.fault) = ([], nil) }
    return Operation.Batch(request: .deploy(deploy), usesCanary: chance(3))
  }

  private mutating func operation() -> Operation {
    switch Int.random(in: 0..<(isForHosts ? 123 : 130), using: &random) {
    case 119..<122: .tag(pick(["db", "db", "mcp"]))
    case 122: .untag(pick(["db", "mcp"]))
    case 123, 124: .takePort(pick(ModelStack.services))
    case 125, 126: .takeName(pick(ModelStack.services))
    case 127...: .free(pick(ModelStack.services))
    case 116..<118: .rename("mcp", to: "gateway")
    case 118: .rename("gateway", to: "mcp")
    case 0..<42: .deploy(deploy())
    case 42..<78: .rollback(rollback())
    case 78..<82: .stop(pick(ModelStack.services))
    case 82..<86: .remove(pick(ModelStack.services))
    case 86..<91: .replace(pick(ModelStack.services), tag: pick(["A", "B", "P"]))
    case 91..<94: .move(tag: pick(["A", "B", "C"]))
    case 94: .moveDatabase
    case 95..<97: .prune
    case 97: .registry(isUp: false)
    case 98, 99: .registry(isUp: true)
    case 100..<103: .drop(pick(ModelStack.droppable))
    case 103..<106: .restore(pick(ModelStack.droppable))
    case 106..<109: .database(tag: pick(ModelStack.databaseTags))
    case 109..<112: .breakHealth(pick(ModelStack.services))
    default: .mendHealth(pick(ModelStack.services))
    }
  }

  private mutating func deploy() -> Operation.Deploy {
    var deploy = Operation.Deploy(tag: pick(["A", "A", "B", "B", "C", "C", "D", "bad", "crash", "nosuch"]))
    if chance(3) {
      deploy.services = pick([["backend"], ["mcp"], ["backend", "mcp"], ["db"], ["backend", "db"], ["gateway"]])
    }
    if chance(4) { deploy.profiles = pick([["scale-2"], ["scale-2"], ["scale-3"], ["scale-2", "scale-3"]]) }
    if !deploy.profiles.isEmpty, !deploy.services.isEmpty, chance(2) {
      deploy.services = deploy.profiles.flatMap { ModelStack.profiles[$0] ?? [] }.sorted()
    }
    deploy.rollsBack = chance(3)
    deploy.fault = fault()
    // By chance alone, a fault would hardly ever meet a scale-down.
    if mayScaleDown, deploy.services.isEmpty, deploy.profiles.isEmpty, chance(3) {
      deploy.fault = pick([.killedBeforeRemoval, .killedAfterRemoval])
    }
    mayScaleDown = !deploy.profiles.isEmpty
    return deploy
  }

  private mutating func rollback() -> Operation.Rollback {
    var rollback = Operation.Rollback()
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<5: break
    case 5: rollback.coverage = .all
    case 6, 7: rollback.coverage = named()
    case 8:
      rollback.destination = .tag(pick(["A", "B", "C", "P", "nosuch"]))
      rollback.coverage = pick([.changed, .changed, .all, named()])
    case 9, 10:
      rollback.destination = .deployment(number())
      if chance(3) { rollback.coverage = named() }
    default: rollback.undoing = number()
    }
    rollback.fault = fault()
    return rollback
  }

  private mutating func named() -> Operation.Coverage {
    .named(pick([["backend"], ["mcp"], ["db"], ["worker-2"], ["backend", "mcp"], ["backend", "db"], ["gateway"]]))
  }

  private mutating func number() -> Int64 { Int64.random(in: 1...10, using: &random) }

  private mutating func fault() -> Operation.Fault? {
    chance(7) ? pick(Operation.Fault.allCases.filter { !(isForHosts && $0.isInUp) }) : nil
  }

  private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }
}
