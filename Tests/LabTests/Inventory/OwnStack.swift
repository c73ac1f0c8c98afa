import Platform
import TestSupport
import Testing

/// A stack of a test's own beside the host's, in an inventory that has it as its only target, `own`.
struct OwnStack {
  let person: Operator
  let host: String
  /// Compose's name of it.
  let project: String

  /// Writes the stack and the inventory. `services` are lines of the compose file, `keys` lines of the target, and
  /// `registries` the lines of the inventory that say where to log in; by default those of the lab.
  init(_ services: String, keys: String = "", registries: String? = nil, on host: String = "core") async throws {
    var person = try await Operator()
    let (root, item) = (person.lab.root, person.lab.facts.item)
    let project = "own-\(UUID().uuidString.prefix(8).lowercased())"
    let directory = "\(root)/hosts/\(host)/\(project)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let compose = "name: \(project)\nservices:\n\(services)\n"
    try Data(compose.utf8).write(to: URL(filePath: "\(directory)/compose.yaml"))
    try person.rewriteInventory { text in
      let login = registries ?? text.split(separator: "\n").first.map(String.init) ?? ""
      return """
        \(login)
        secrets: {item: \(item), vault: KTRDR Homelab Secrets}
        targets:
          own:
            host: \(host == "core" ? "backend" : host).ktrdr.lab
            directory: \(directory)
            health_timeout: 20s
            stable_for: 0s
            \(keys)

        """
    }
    (self.person, self.host, self.project) = (person, host, project)
  }

  func deploy(_ tag: String) async throws -> Programs.Result {
    try await person.ktrdr("deploy", "target", "own", "--tag", tag)
  }

  /// One of the environment's variables in the container of a service.
  func variable(_ name: String, in service: String) async throws -> String? {
    let format = "{{range .Config.Env}}{{println .}}{{end}}"
    let lines = try await docker("inspect", "--format", format, "\(project)-\(service)-1").split(separator: "\n")
    return lines.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  var containers: [String] {
    get async throws {
      try await docker("ps", "-aq", "--filter", "label=com.docker.compose.project=\(project)")
        .split(separator: "\n").map(String.init)
    }
  }

  func docker(_ words: String...) async throws -> String { try await person.lab.docker(on: host, words) }

  /// Runs `body`, and removes the stack's containers however it ends.
  func use(_ body: (OwnStack) async throws -> Void) async throws {
    try await person.lab.mending(
      { for id in try await containers { _ = try await docker("rm", "-f", id) } }, { try await body(self) })
  }
}
