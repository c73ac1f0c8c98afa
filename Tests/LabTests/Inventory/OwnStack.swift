import Platform
import TestSupport
import Testing

/// A stack of a test's own beside the host's, in an inventory that has it as its only target, `own` where nothing else is said.
struct OwnStack {
  /// The target's name.
  let name: String
  var person: Operator
  let host: String
  /// Compose's name of it.
  let project: String

  /// The stack's directory on the host.
  let directory: String

  /// Writes the stack and the inventory. `services` are lines of the compose file, `keys` lines of the target, and
  /// `registries` the lines of the inventory that say where to log in; by default those of the lab. `stableFor` of `nil`
  /// keeps the default.
  init(
    _ services: String, name: String = "own", keys: String = "", registries: String? = nil, on host: String = "core",
    stableFor: String? = "0s"
  ) async throws {
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
          \(name):
            host: \(host == "core" ? "backend" : host).ktrdr.lab
            directory: \(directory)
            health_timeout: 20s
            \(stableFor.map { "stable_for: \($0)" } ?? "")
            \(keys)

        """
    }
    (self.name, self.person, self.host, self.project, self.directory) = (name, person, host, project, directory)
  }

  func deploy(_ tag: String, _ more: String...) async throws -> Programs.Result {
    try await person.ktrdr(words: ["deploy", "target", name, "--tag", tag] + more)
  }

  func rollback(_ more: String...) async throws -> Programs.Result {
    try await person.ktrdr(words: ["rollback", name] + more)
  }

  /// The verdict on each service, and the exit status of `status`.
  func status() async throws -> (verdicts: [String: String], exit: Int32) {
    let result = try await person.ktrdr("status", name, "--format", "json")
    let answer = try JSONDecoder().decode([StatusAnswer].self, from: Data(result.output.utf8)).first
    let pairs = (answer?.services ?? []).map { ($0.service, $0.verdict) }
    return (Dictionary(pairs) { first, _ in first }, result.status)
  }

  /// What `status` says is to be done next, on a terminal.
  func advice() async throws -> [String] {
    let terminal = try OpenTerminal(columns: 200, rows: 24)
    _ = try await terminal.run(
      KtrdrBinary.path, ["status", name, "--color", "never"],
      environment: person.environment.merging(["TERM": "xterm", "LANG": "C.UTF-8"]) { $1 }, in: person.directory
    ) { _ in }
    // The terminal is read beside the program, so its last words may still be on their way.
    var (read, before) = (terminal.bytes, [UInt8]())
    while read.isEmpty || read != before {
      try await Task.sleep(for: .milliseconds(100))
      (read, before) = (terminal.bytes, read)
    }
    return String(decoding: read, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
      line.firstMatch(of: /next: (.*)/).map { String($0.1).trimmed }
    }
  }

  /// Writes a file of the stack.
  func write(_ text: String, to name: String) throws {
    let file = URL(filePath: "\(directory)/\(name)")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// What `docker inspect` says of the container of a service, by a template.
  func inspect(_ service: String, _ format: String) async throws -> String {
    try await docker("inspect", "--format", format, "\(project)-\(service)-1")
  }

  /// The name of the image that a service runs, without the registry.
  func image(of service: String) async throws -> String {
    let reference = try await inspect(service, "{{.Config.Image}}")
    return String(reference.split(separator: "/").last ?? "")
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

  /// The programs that are at work in the stack's directory.
  var processes: [pid_t] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { id in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")) == directory
      }
    }
  }

  func docker(_ words: String...) async throws -> String { try await person.lab.docker(on: host, words) }

  /// Runs `body`, and removes the stack's containers however it ends.
  func use(_ body: (OwnStack) async throws -> Void) async throws {
    try await person.lab.mending(
      { for id in try await containers { _ = try await docker("rm", "-f", id) } }, { try await body(self) })
  }
}
