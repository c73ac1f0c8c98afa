import Platform
import TestSupport
import Testing

/// A whole stack of `Tests/lab/stacks` on a host, and an operator whose inventory has that target alone.
struct PlacedStack: Sendable {
  var person: Operator
  let host: String
  let kind: Kind

  /// What is to be known of such a stack to tell whether it is as it should be.
  struct Kind: Sendable {
    let name: String
    var project: String
    /// The services that take the tag, with the image that they run, where TAG stands for the tag.
    var tagged: [String: String]
    /// The services that do not.
    var untagged: [String]
    /// The services that end when they are done.
    var jobs: Set<String> = []

    var services: Set<String> { Set(tagged.keys).union(untagged) }
  }

  struct Container: Equatable {
    var id: String
    /// The name that it was made with.
    var image: String
  }

  func ktrdr(_ words: String...) async throws -> Programs.Result { try await person.ktrdr(words: words) }

  /// Runs a command that has to succeed.
  @discardableResult
  func succeed(_ words: String..., at location: SourceLocation = #_sourceLocation) async throws -> Programs.Result {
    let result = try await person.ktrdr(words: words)
    try #require(result.status == 0, "\(words): \(result.error)", sourceLocation: location)
    return result
  }

  /// By service. There is one of each.
  func containers() async throws -> [String: Container] {
    let ids = try await docker("ps", "-aq", "--filter", "label=com.docker.compose.project=\(kind.project)")
    guard !ids.isEmpty else { return [:] }
    let format = #"{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.Config.Image}}"#
    let lines = try await person.lab.docker(
      on: host, ["inspect", "--format", format] + ids.split(separator: "\n").map(String.init))
    let fields = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    return Dictionary(uniqueKeysWithValues: fields.map { ($0[0], Container(id: $0[1], image: $0[2])) })
  }

  func docker(_ words: String...) async throws -> String { try await person.lab.docker(on: host, words) }

  /// Every service runs what it should, no other does, and `status` agrees. Returns the containers.
  @discardableResult
  func expect(
    _ tag: String, except others: [String: String] = [:], at location: SourceLocation = #_sourceLocation
  ) async throws -> [String: Container] {
    let containers = try await containers()
    #expect(Set(containers.keys) == kind.services, sourceLocation: location)
    for (service, image) in kind.tagged {
      let image = "\(person.lab.facts.registry)/\(image.replacing("TAG", with: others[service] ?? tag))"
      let running = containers[service]?.image ?? "nothing"
      #expect(running == image || running.hasPrefix("\(image)@sha256:"), "\(service)", sourceLocation: location)
    }
    let result = try await ktrdr("status", kind.name, "--format", "json")
    let answer = try #require(try JSONDecoder().decode([StatusAnswer].self, from: Data(result.output.utf8)).first)
    let verdicts = Dictionary(uniqueKeysWithValues: answer.services.map { ($0.service, $0.verdict) })
    let right = kind.services.map { ($0, kind.jobs.contains($0) ? "completed" : "in sync") }
    #expect(verdicts == Dictionary(uniqueKeysWithValues: right), "\(result.error)", sourceLocation: location)
    #expect(result.status == 0, "\(answer)", sourceLocation: location)
    return containers
  }
}

extension Lab {
  /// Runs `body` with a stack on a host, which is gone again however it ends.
  func withStack(_ kind: PlacedStack.Kind, on host: String, body: (PlacedStack) async throws -> Void) async throws {
    let words = ["place-stack", root, host, kind.name]
    let placed = try await Programs.run(Self.script, words, environment: environment)
    guard placed.status == 0 else { throw CannotStart(description: "place-stack: \(placed.error)") }
    try await mending({ try await control("remove-stack", root, host, kind.name) }) {
      var person = try await Operator()
      person.environment["KTRDR_CONFIG"] = placed.output.trimmed
      try await body(PlacedStack(person: person, host: host, kind: kind))
    }
  }
}
