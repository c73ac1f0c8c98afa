import Deployer
import Ledger
import Platform
import TestSupport

@testable import DeploymentModel

/// The program over a real host, for one history: a stack of its own, and an operator with a ledger of their own.
struct ModelHost: ModelPlace {
  let stack: OwnStack
  var images: ModelImages
  var isRegistryUp = true
  var moves = 0
  /// The inventory that asks for a rollback on failure.
  private let goingBack: String

  var lab: Lab { stack.person.lab }

  init(_ lab: Lab) async throws {
    // The history before this one may have ended without it.
    try await lab.control("kill-host", lab.root, "backend", "registry")
    try await lab.control("start-host", lab.root, "backend", "registry")
    let images = try await ModelImages(lab)
    self.images = images
    let services = ModelStack.services.map { service in
      let image = images.real("ghcr.io/u/\(service):\(ModelStack.fixedTags[service] ?? "${IMAGE_TAG}")")
      let profile = ModelStack.profile(of: service).map { "\n    profiles: [\($0)]" } ?? ""
      return """
          \(service):
            image: \(image)
            network_mode: none
            restart: unless-stopped\(profile)
        """
    }
    let profiles = ModelStack.profiles.keys.sorted().joined(separator: ", ")
    stack = try await OwnStack(services.joined(separator: "\n"), keys: "profiles: [\(profiles)]", stableFor: "1s")
    let inventory = stack.person.environment["KTRDR_CONFIG"] ?? ""
    let text = String(decoding: try Data(contentsOf: URL(filePath: inventory)), as: UTF8.self)
      .replacing("health_timeout: 20s", with: "health_timeout: 8s")
    goingBack = "\(inventory).back.yml"
    try Data(text.utf8).write(to: URL(filePath: inventory))
    try Data("\(text)    rollback_on_failure: true\n".utf8).write(to: URL(filePath: goingBack))
  }

  // MARK: - What is the case

  /// There is one target: a batch is a matter of the client, not of the hosts.
  func world(ofSecond: Bool) async throws -> ModelWorld {
    var world = ModelWorld(
      local: Set(try await docker("images", "-q", "--no-trunc").split(separator: "\n").map(String.init)),
      registry: images.registry, published: images.published, isRegistryUp: isRegistryUp, bad: images.bad)
    let format =
      #"{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.Image}} {{.Config.Image}} {{.State.Status}}"#
    for id in try await stack.containers {
      let words = try await docker("inspect", "--format", format, id).split(separator: " ").map(String.init)
      guard words.count == 5 else { throw Lab.CannotStart(description: "docker inspect \(id): \(words)") }
      world.containers[words[0]] = ModelWorld.Container(
        id: words[1], image: ModelImage(id: words[2], tag: Self.tag(of: words[3])),
        reference: images.modelled(words[3]), isRunning: ["running", "restarting"].contains(words[4]))
    }
    return world
  }

  func docker(_ words: String...) async throws -> String { try await lab.docker(on: stack.host, words) }

  fileprivate static func tag(of reference: String) -> String {
    let name = reference.split(separator: "@").first?.split(separator: "/").last ?? ""
    return name.split(separator: ":").dropFirst().first.map(String.init) ?? ""
  }

  // MARK: - What happens

  mutating func perform(_ batch: Operation.Batch) async throws -> [ModelAnswer] {
    preconditionFailure("there is no second target")
  }

  mutating func perform(_ operation: Operation, onSecond: Bool) async throws -> ModelAnswer {
    switch operation {
    case .deploy(let deploy):
      var words = ["deploy", "target", "own"] + deploy.services + ["--tag", deploy.tag]
      words += deploy.profiles.flatMap { ["--profile", $0] }
      return try await run(words, deploy.fault, isRollback: false, goesBack: deploy.rollsBack)
    case .rollback(let rollback):
      return try await run(rollback.words, rollback.fault, isRollback: true)
    default:
      try await byHand(operation)
      return ModelAnswer(kind: .none)
    }
  }

  private func run(
    _ words: [String], _ fault: Operation.Fault?, isRollback: Bool, goesBack: Bool = false
  ) async throws -> ModelAnswer {
    var person = stack.person
    if goesBack { person.environment["KTRDR_CONFIG"] = goingBack }
    let newest = try await history().first?.id ?? 0
    let disturbance = try fault.map { try Disturbance($0, isRollback: isRollback, stack: stack) }
    disturbance?.prepare(&person)
    let result = try await person.ktrdr(words: words) { client in await disturbance?.strike(client) }
    try await disturbance?.mend()
    var answer = ModelAnswer(kind: .other("\(result.status): \(result.error)"), exit: result.status)
    answer.wasDisturbed = disturbance?.wasReached ?? true
    if try await history().first?.id ?? 0 > newest {
      answer.kind = .begun
    } else if let refusal = [1: .nothingToGoBackTo, 64: .usage, 130: .stopped][result.status] as Refusal? {
      answer.kind = .refused(refusal)
    }
    return answer
  }

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
    var kind: String
    var services: [String]
    var profiles: [String]
    var tag: String?
    var undoes: Int64?
    var outcome: String?
    var images: [Image]?
  }

  fileprivate func history() async throws -> [Record] {
    let answer = try await stack.person.ktrdr("history", "--limit", "3", "--format", "json")
    guard answer.status == 0 else { throw Lab.CannotStart(description: "history: \(answer.error)") }
    return try JSONDecoder().decode([Record].self, from: Data(answer.output.utf8))
  }

  func records(after id: Int64) async throws -> [ModelRecord] {
    var found: [ModelRecord] = []
    for row in try await history().reversed() where row.id > id {
      let shown = try await stack.person.ktrdr("show", "\(row.id)", "--format", "json").output
      found.append(ModelRecord(try JSONDecoder().decode(Record.self, from: Data(shown.utf8))))
    }
    return found
  }

  func status(ofSecond: Bool) async throws -> [String: Verdict] {
    try await stack.status().verdicts.mapValues { Verdict(rawValue: $0) ?? .unreachable }
  }

  func damage() async throws -> String? {
    // There is no ledger before the first deployment.
    guard try await !history().isEmpty else { return nil }
    let proof = try await stack.person.ktrdr("ledger", "verify")
    return proof.status == 0 ? nil : proof.output + proof.error
  }
}

extension Operation.Rollback {
  /// What one types after `ktrdr`.
  fileprivate var words: [String] {
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
    return ["rollback", "own"] + services + goal
  }
}

extension ModelRecord {
  fileprivate init(_ record: ModelHost.Record) {
    self.init(
      id: record.id, kind: DeploymentKind(rawValue: record.kind) ?? .deploy,
      outcome: record.outcome.flatMap(Outcome.init) ?? .unknown, services: Set(record.services),
      profiles: Set(record.profiles), tags: Set([record.tag].compactMap { $0 }), undoes: record.undoes)
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
