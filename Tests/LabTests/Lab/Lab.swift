import Platform
import TestSupport

/// The real thing on this machine: sshd, Docker Engine, Compose, a registry, and the stand-in for 1Password.
struct Lab: Sendable {
  let root: String
  let facts: Facts
  /// The environment of an operator's shell in the lab.
  let environment: [String: String]

  /// What `lab.json` says.
  struct Facts: Decodable, Sendable {
    var registry: String
    var second_registry: String
    var second_registry_user: String
    var repository: String
    var commits: [String]
    var tags_good: [String]
    var tag_unhealthy: String
    var tag_crash: String
    var tag_stubborn: String
    var item: String
    /// The version of each host's engine.
    var engines: [String: String]
    var sockets: [String: String]
    var directories: [String: String]
  }

  struct CannotStart: Error, CustomStringConvertible {
    var description: String
  }

  /// The lab of the suite that asks. The first test of the suite that asks starts it; where it cannot start, each of them
  /// fails with the reason.
  static func shared() async throws -> Lab {
    guard let ofSuite else { throw CannotStart(description: "a suite has a lab only inside LabSuites") }
    return try await ofSuite.lab()
  }

  @TaskLocal static var ofSuite: SuiteLab?

  /// The top of the checkout, four steps above this file.
  static let checkout = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

  static let script = "\(checkout)/Tests/lab/lab"

  /// Starts a lab of this name.
  static func start(_ name: String) async throws -> Lab {
    let root = "/tmp/kt-\(getpid())-\(name)"
    try await watching.value
    let parent = ProcessInfo.processInfo.environment
    let words = [
      "up", root, "--hosts", "core workers-b workers-c", "--second-engine", parent["LAB_SECOND_ENGINE"] ?? "workers-c",
    ]
    let up = try await Programs.run(script, words, environment: parent)
    guard up.status == 0 else { throw CannotStart(description: "the lab did not start: \(up.error)") }
    let json = try Data(contentsOf: URL(filePath: "\(root)/lab.json"))
    return Lab(
      root: root, facts: try JSONDecoder().decode(Facts.self, from: json),
      environment: try await sourcedEnvironment(root, path: parent["PATH"] ?? "/usr/bin:/bin"))
  }

  /// Stops it, and removes all that it has left.
  func stop() async throws {
    let down = try await Programs.run(Self.script, ["down", root], environment: ProcessInfo.processInfo.environment)
    guard down.status == 0 else { throw CannotStart(description: "the lab did not stop: \(down.error)") }
  }

  /// Stops every lab that is left when this process ends, however it ends.
  private static let watching = Task {
    let watchdog = """
      trap '' INT HUP TERM
      while kill -0 \(getpid()); do sleep 0.2; done
      for root in /tmp/kt-\(getpid())-*; do \(script) down $root; done
      """
    _ = try await Programs.run(
      "/bin/sh", ["-c", "setsid sh -c \"$1\" >/dev/null 2>&1 </dev/null &", "sh", watchdog],
      environment: ProcessInfo.processInfo.environment)
  }

  private static func sourcedEnvironment(_ root: String, path: String) async throws -> [String: String] {
    let shown = try await Programs.run("/bin/sh", ["-c", ". \(root)/env && env -0"], environment: ["PATH": path])
    var environment = KtrdrBinary.coverageEnvironment
    for entry in shown.output.split(separator: "\0") {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 { environment[parts[0]] = parts[1] }
    }
    return environment
  }

  /// Runs a command of the lab itself, such as `kill-host`.
  func control(_ words: String...) async throws {
    let result = try await Programs.run(Self.script, words, environment: environment)
    guard result.status == 0 else { throw CannotStart(description: "lab \(words): \(result.error)") }
  }

  /// Gives a field of the lab's 1Password item another value.
  func setField(_ label: String, to value: String) async throws {
    let command = "printf %s \"$1\" | \(Self.script) set-field \(root) \(facts.item) \(label)"
    let result = try await Programs.run("/bin/sh", ["-c", command, "sh", value], environment: environment)
    guard result.status == 0 else { throw CannotStart(description: "set-field: \(result.error)") }
  }

  /// Asks core's engine, past ssh and ktrdr.
  func docker(_ words: String...) async throws -> String { try await docker(on: "core", words) }

  /// Asks the engine of one host.
  func docker(on host: String, _ words: [String]) async throws -> String {
    let socket = facts.sockets[host] ?? ""
    let result = try await Programs.run("docker", ["-H", "unix://\(socket)"] + words, environment: environment)
    return result.output.trimmed
  }

  /// The id of a container; empty when there is none of that name.
  func container(_ name: String) async throws -> String {
    try await docker("ps", "-aq", "--no-trunc", "--filter", "name=^\(name)$")
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text = text.dropLast() }
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    return String(text)
  }
}

extension Lab {
  /// The value of a field of the lab's 1Password item, as `op` gives it.
  func field(_ label: String) async throws -> String {
    let item = try await Programs.run("op", ["item", "get", facts.item, "--format", "json"], environment: environment)
    let answer = try JSONDecoder().decode(Item.self, from: Data(item.output.utf8))
    return answer.fields.first { $0.label == label }?.value ?? ""
  }

  private struct Item: Decodable {
    struct Field: Decodable {
      var label: String?
      var value: String?
    }
    var fields: [Field]
  }
}

extension Lab {
  /// Puts an image with its own content into the registry, or moves a tag to it. Returns its digest.
  /// With `index`, such as `linux/arm64`, the tag is an index of images for these platforms. `in` names the registry.
  func push(
    _ repository: String, _ tag: String, kind: String = "good", marker: String, index: String? = nil,
    in registry: String = "registry"
  ) async throws -> String {
    var words = ["push-image", root, repository, tag, "--kind", kind, "--marker", marker, "--registry", registry]
    if let index { words += ["--index", index] }
    let result = try await Programs.run(Self.script, words, environment: environment)
    guard result.status == 0, let digest = result.output.split(whereSeparator: \.isWhitespace).last else {
      throw CannotStart(description: "push-image: \(result.error)")
    }
    return String(digest)
  }

  /// Removes an image from the registry and from core's engine, so that nobody has it any more.
  func removeImage(_ repository: String, _ digest: String) async throws {
    let name = "\(facts.registry)/\(repository)@\(digest)"
    _ = try await docker("image", "rm", "--force", try await docker("image", "inspect", "--format", "{{.Id}}", name))
    let path = "\(root)/registry/data/docker/registry/v2/repositories/\(repository)/_manifests/revisions"
    let link = "\(path)/\(digest.replacing(":", with: "/"))"
    try FileManager.default.removeItem(atPath: link)
  }
}
