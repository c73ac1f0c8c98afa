import Deployer
import Ledger
import Platform
import TestSupport

@testable import DeploymentModel

/// The program over two real hosts, for one history: a stack of its own on each, and two people with a ledger each.
struct ModelHost: ModelPlace {
  private let first: OwnStack
  private let second: OwnStack
  var images: ModelImages
  var isRegistryUp = true
  var moves = 0
  /// What each stack's compose file says.
  var files: [String: ModelFile] = [:]
  /// The inventory that asks for a rollback on failure.
  private let goingBack: String

  var lab: Lab { first.person.lab }

  func stack(_ seat: Seat) -> OwnStack {
    var stack = seat.isSecond ? second : first
    stack.person = person(ofColleague: seat.isColleague)
    return stack
  }

  private func person(ofColleague isColleague: Bool) -> Operator { isColleague ? first.person.colleague : first.person }

  init(_ lab: Lab) async throws {
    // The history before this one may have ended without it.
    try await lab.control("kill-host", lab.root, "backend", "registry")
    try await lab.control("start-host", lab.root, "backend", "registry")
    let images = try await ModelImages(lab)
    self.images = images
    let profiles = ModelStack.profiles.keys.sorted().joined(separator: ", ")
    let keys = "profiles: [\(profiles)]\n    group: model\n    node: "
    let lines = Self.services(of: ModelFile(), images)
    first = try await OwnStack(lines, name: "own", keys: "\(keys)1", stableFor: "1s")
    var second = try await OwnStack(lines, name: "twin", keys: "\(keys)2", on: "workers-b", stableFor: "1s")
    let twin = try Self.inventory(of: second).split(separator: "targets:\n").last ?? ""
    second.person = first.person
    self.second = second
    let text = (try Self.inventory(of: first) + twin).replacing("health_timeout: 20s", with: "health_timeout: 8s")
    let path = first.person.environment["KTRDR_CONFIG"] ?? ""
    goingBack = "\(path).back.yml"
    try Data(text.utf8).write(to: URL(filePath: path))
    let back = text.replacing("    group: model\n", with: "    group: model\n    rollback_on_failure: true\n")
    try Data(back.utf8).write(to: URL(filePath: goingBack))
  }

  private static func inventory(of stack: OwnStack) throws -> String {
    let path = stack.person.environment["KTRDR_CONFIG"] ?? ""
    return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  func file(of stack: OwnStack) -> ModelFile { files[stack.name] ?? ModelFile() }

  func writeFile(of stack: OwnStack) throws {
    let services = Self.services(of: file(of: stack), images)
    try stack.write("name: \(stack.project)\nservices:\n\(services)\n", to: "compose.yaml")
  }

  private static func services(of file: ModelFile, _ images: ModelImages) -> String {
    ModelStack.services.filter { !file.absent.contains($0) }.map { service in
      let profile = ModelStack.profile(of: service).map { "\n    profiles: [\($0)]" } ?? ""
      let check =
        file.broken.contains(service)
        ? "\n    healthcheck: {test: [CMD, \(brokenCheck)], interval: 1s, retries: 1}" : ""
      let label = file.tagged.contains(service) ? "\n    labels: {\(label): \"${IMAGE_TAG}\"}" : ""
      return """
          \(service):
            image: \(images.real(file.reference(service, "${IMAGE_TAG}")))
            network_mode: none
            restart: unless-stopped\(profile)\(check)\(label)
        """
    }.joined(separator: "\n")
  }

  /// Where a compose file has the tag besides the image.
  private static let label = "model.release"

  /// A program that no image has.
  private static let brokenCheck = "/no-such-check"

  // MARK: - What is the case

  func world(_ seat: Seat) async throws -> ModelWorld {
    let stack = stack(seat)
    var world = ModelWorld(
      local: Set(try await stack.docker("images", "-q", "--no-trunc").split(separator: "\n").map(String.init)),
      registry: images.registry, published: images.published, isRegistryUp: isRegistryUp,
      isLastOfAnother: isLastOfAnother(stack), bad: images.bad)
    let format =
      #"{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.Image}} {{.Config.Image}} {{.State.Status}} {{json .Config}}"#
    for id in try await stack.containers {
      let words = try await stack.docker("inspect", "--format", format, id).split(separator: " ", maxSplits: 5)
        .map(String.init)
      guard words.count == 6 else { throw Lab.CannotStart(description: "docker inspect \(id): \(words)") }
      world.containers[words[0]] = ModelWorld.Container(
        id: words[1], image: ModelImage(id: words[2], tag: Self.tag(of: words[3])),
        reference: images.modelled(words[3]), isRunning: ["running", "restarting"].contains(words[4]),
        isBroken: words[5].contains(Self.brokenCheck),
        label: words[5].firstMatch(of: /"model\.release":"([^"]*)"/).map { String($0.1) })
    }
    return world
  }

  private func isLastOfAnother(_ stack: OwnStack) -> Bool {
    let anchors = try? Data(contentsOf: URL(filePath: "\(stack.directory)/.ktrdr-anchors"))
    guard let last = String(decoding: anchors ?? Data(), as: UTF8.self).split(separator: "\n").last else {
      return false
    }
    let id = (try? Data(contentsOf: URL(filePath: "\(stack.person.ledger).id"))) ?? Data()
    return id.isEmpty || !last.contains(String(decoding: id, as: UTF8.self).trimmed)
  }

  fileprivate static func tag(of reference: String) -> String {
    let name = reference.split(separator: "@").first?.split(separator: "/").last ?? ""
    return name.split(separator: ":").dropFirst().first.map(String.init) ?? ""
  }

  // MARK: - What happens

  mutating func perform(_ batch: Operation.Batch) async throws -> ModelBatchAnswer {
    var (words, goesBack) = (["rollback"], false)
    switch batch.request {
    case .deploy(let deploy):
      words = ["deploy", "group", "model", "--tag", deploy.tag] + deploy.profiles.flatMap { ["--profile", $0] }
      goesBack = deploy.rollsBack
      // With rollbacks of their own, which record gets which number would be anybody's guess.
      if goesBack { words += ["--max-parallel", "1"] }
    case .undo(let id): words += ["--batch", "\(id)"]
    }
    if batch.usesCanary { words.append("--canary") }
    let person = first.person
    let newest = try await history(person).first?.id ?? 0
    let exit = try await asking(person, goesBack).ktrdr(words: words).status
    let begun = Set(try await history(person).filter { $0.id > newest }.map(\.target))
    return ModelBatchAnswer(
      targets: [first, second].map { ModelAnswer(kind: begun.contains($0.name) ? .begun : .notBegun) }, exit: exit)
  }

  /// With the inventory that asks for a rollback on failure, if `goesBack`.
  private func asking(_ person: Operator, _ goesBack: Bool) -> Operator {
    var person = person
    if goesBack { person.environment["KTRDR_CONFIG"] = goingBack }
    return person
  }

  mutating func perform(_ operation: Operation, _ seat: Seat) async throws -> ModelAnswer {
    let stack = stack(seat)
    switch operation {
    case .deploy(let deploy):
      var words = ["deploy", "target", stack.name] + deploy.services + ["--tag", deploy.tag]
      words += deploy.profiles.flatMap { ["--profile", $0] }
      return try await run(words, deploy.fault, on: stack, isRollback: false, goesBack: deploy.rollsBack)
    case .rollback(let rollback):
      return try await run(rollback.words(for: stack.name), rollback.fault, on: stack, isRollback: true)
    default:
      try await byHand(operation, on: stack)
      return ModelAnswer(kind: .none)
    }
  }

  private func run(
    _ words: [String], _ fault: Operation.Fault?, on stack: OwnStack, isRollback: Bool, goesBack: Bool = false
  ) async throws -> ModelAnswer {
    var person = asking(stack.person, goesBack)
    let newest = try await history(person).first?.id ?? 0
    let disturbance = try fault.map { try Disturbance($0, isRollback: isRollback, stack: stack) }
    disturbance?.prepare(&person)
    // Before the first deployment there is no ledger to refuse anything.
    let isEndRefused = fault == .endRefused && newest > 0
    if isEndRefused { try await person.sqlite(Self.refusal) }
    let result = try await person.ktrdr(words: words) { client in await disturbance?.strike(client) }
    if isEndRefused { try await person.sqlite("DROP TRIGGER refuse") }
    try await disturbance?.mend()
    var answer = ModelAnswer(kind: .other("\(result.status): \(result.error)"), exit: result.status)
    answer.wasDisturbed = isEndRefused || disturbance?.wasReached ?? true
    if try await history(person).first?.id ?? 0 > newest {
      answer.kind = .begun
      // It says that the outcome is not recorded, whatever that is.
      if isEndRefused, result.status == 1, result.error.contains("NOT recorded") { answer.exit = nil }
    } else if let refusal = [1: .nothingToGoBackTo, 64: .usage, 69: .invalid, 130: .stopped][result.status] as Refusal?
    {
      answer.kind = .refused(refusal)
    }
    return answer
  }

  private static let refusal =
    "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.type = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END"

  private typealias Refusal = ReferenceModel.Refusal

  // MARK: - What is on record

  fileprivate struct Record: Decodable {
    struct Image: Decodable {
      struct Identity: Decodable {
        var reference: String
        var id: String
      }
      var service: String
      var before: Identity?
      var after: Identity?
    }
    var id: Int64
    var batch: String?
    var target: String
    var kind: String
    var services: [String]
    var profiles: [String]
    var tag: String?
    var undoes: Int64?
    var outcome: String?
    var images: [Image]?
  }

  fileprivate func history(_ person: Operator) async throws -> [Record] {
    let answer = try await person.ktrdr("history", "--limit", "8", "--format", "json")
    guard answer.status == 0 else { throw Lab.CannotStart(description: "history: \(answer.error)") }
    return try JSONDecoder().decode([Record].self, from: Data(answer.output.utf8))
  }

  func records(after id: Int64, ofColleague isColleague: Bool) async throws -> [ModelRecord] {
    let person = person(ofColleague: isColleague)
    var found: [ModelRecord] = []
    for row in try await history(person).reversed() where row.id > id {
      let shown = try await person.ktrdr("show", "\(row.id)", "--format", "json").output
      found.append(ModelRecord(try JSONDecoder().decode(Record.self, from: Data(shown.utf8))))
    }
    return found
  }

  func status(_ seat: Seat) async throws -> [String: Verdict] {
    try await stack(seat).status().verdicts.mapValues { Verdict(rawValue: $0) ?? .unreachable }
  }

  func damage(ofColleague isColleague: Bool) async throws -> String? {
    let person = person(ofColleague: isColleague)
    // There is no ledger before the first deployment.
    guard try await !history(person).isEmpty else { return nil }
    let proof = try await person.ktrdr("ledger", "verify")
    return proof.status == 0 ? nil : proof.output + proof.error
  }
}

extension Operation.Rollback {
  /// What one types after `ktrdr`.
  fileprivate func words(for target: String) -> [String] {
    if let undoing { return ["rollback", "--batch", "\(undoing)"] }
    let services: [String] =
      switch coverage {
      case .changed: []
      case .all: ["all"]
      case .named(let services): services
      }
    let goal: [String] =
      switch destination {
      case .lastGood: []
      case .tag(let tag): ["--to", "tag:\(tag)"]
      case .deployment(let id): ["--to", "\(id)"]
      }
    return ["rollback", target] + services + goal
  }
}

extension ModelRecord {
  fileprivate init(_ record: ModelHost.Record) {
    self.init(
      id: record.id, kind: DeploymentKind(rawValue: record.kind) ?? .deploy,
      outcome: record.outcome.flatMap(Outcome.init) ?? .unknown, services: Set(record.services),
      profiles: Set(record.profiles), tags: Set([record.tag].compactMap { $0 }), undoes: record.undoes)
    batch = record.batch
    isOfSecond = record.target == "twin"
    for image in record.images ?? [] {
      let row = Row(before: image.before.map(ModelImage.init), after: image.after.map(ModelImage.init))
      if row.before != nil || row.after != nil { rows[image.service] = row }
    }
  }
}

extension ModelImage {
  fileprivate init(_ image: ModelHost.Record.Image.Identity) {
    self.init(id: image.id, tag: ModelHost.tag(of: image.reference))
  }
}
