import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// `status --format json` as the documentation has it: a key that is missing fails the decoding.
struct StatusAnswer: Decodable {
  struct Service: Decodable {
    struct Expected: Decodable {
      var tag: String?
      var digest: String?
      var deployment: Int64
    }
    struct Running: Decodable {
      var tag: String?
      var digest: String?
      var state: String
      var health: String?
      var since: String?
    }
    var service: String
    var verdict: String
    var commits_ahead: Int?
    var expected: Expected?
    var running: Running?
  }
  var target: String
  var host: String
  var verdict: String
  var error: String?
  var services: [Service]
}

extension Operator {
  /// Puts the whole of core in place with the first good tag, recorded in this operator's ledger.
  func deployCore() async throws {
    let result = try await ktrdr("deploy", "core", "all", "--tag", lab.facts.tags_good[0])
    try #require(result.status == 0, "\(result.error)")
  }

  /// The status of core, and the exit status.
  func status() async throws -> (answer: StatusAnswer, exit: Int32, error: String) {
    let result = try await ktrdr("status", "core", "--format", "json")
    let answers = try JSONDecoder().decode([StatusAnswer].self, from: Data(result.output.utf8))
    return (try #require(answers.first), result.status, result.error)
  }
}

extension StatusAnswer {
  func service(_ name: String) throws -> Service { try #require(services.first { $0.service == name }) }
}

extension LabSuites {
  @Suite(.serialized) struct StatusTests {
    @Test func `in sync, without op and with it failing, and the exit status is 0`() async throws {
      var person = try await Operator()
      try await person.deployCore()
      let fail = URL(filePath: "\(person.lab.root)/op/fail")
      try Data("item-get not-signed-in\naccount-list no-accounts\n".utf8).write(to: fail)
      defer { try? FileManager.default.removeItem(at: fail) }
      let failing = try await person.status()
      let commands = "\(person.lab.root)/no-op-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: commands, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: "\(person.lab.root)/bin/ssh", toPath: "\(commands)/ssh")
      person.environment["PATH"] = "\(commands):/usr/bin:/bin"
      for (answer, exit, error) in [failing, try await person.status()] {
        #expect(exit == 0, "\(error)")
        #expect(answer.verdict == "in sync")
        #expect(answer.error == nil)
        #expect(answer.services.map(\.service) == ["backend", "db", "grafana", "jaeger", "mcp", "prometheus"])
        #expect(answer.services.allSatisfy { $0.verdict == "in sync" && $0.running?.state == "running" })
        let backend = try answer.service("backend")
        #expect(backend.commits_ahead == person.lab.facts.commits.count - 1)
        #expect(backend.expected?.deployment == 1)
        #expect(backend.expected?.tag == person.lab.facts.tags_good[0])
        #expect(backend.expected?.digest == backend.running?.digest && backend.running?.digest != nil)
        #expect(backend.running?.since?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let database = try answer.service("db")
        #expect(database.running?.health == "healthy")
        #expect(database.commits_ahead == nil)
      }
    }

    @Test func `drifted: another image runs under the very tag that was deployed`() async throws {
      let person = try await Operator()
      let lab = person.lab
      // The engine keeps no login, so the other image comes with a deployment.
      let other = try await person.ktrdr("deploy", "core", "backend", "--tag", lab.facts.tags_good[1])
      try #require(other.status == 0, "\(other.error)")
      let drifted = try await lab.docker("inspect", "--format", "{{.Image}}", "ktrdr-backend")
      try await person.deployCore()
      let tag = lab.facts.tags_good[0]
      let image = "\(lab.facts.registry)/kpiteira/ktrdr-backend"
      let network = try await lab.docker(
        "inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}", "ktrdr-backend")
      let labels = try await lab.composeLabels(of: "ktrdr-backend")
      let before = try await lab.docker("inspect", "--format", "{{.Image}}", "ktrdr-backend")
      try #require(drifted.hasPrefix("sha256:") && drifted != before)
      _ = try await lab.docker("rm", "-f", "ktrdr-backend")
      _ = try await lab.docker("tag", drifted, "\(image):\(tag)")
      _ = try await lab.dockerList(
        ["run", "-d", "--name", "ktrdr-backend", "--network", network] + labels + ["\(image):\(tag)"])
      let (answer, exit, _) = try await person.status()
      // With the labels it has, Compose would take it for its own.
      _ = try await lab.docker("rm", "-f", "ktrdr-backend")
      _ = try await lab.docker("tag", before, "\(image):\(tag)")
      let backend = try answer.service("backend")
      #expect(exit == 3)
      #expect(answer.verdict == "drifted")
      #expect(backend.verdict == "drifted")
      #expect(backend.running?.tag == tag && backend.expected?.tag == tag)
      #expect(backend.running?.digest != backend.expected?.digest)
      #expect(answer.services.filter { $0.verdict != "in sync" }.count == 1)
    }

    @Test func `stopped: the container is there and does not run`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      _ = try await person.lab.docker("stop", "ktrdr-grafana")
      let (answer, exit, _) = try await person.status()
      let grafana = try answer.service("grafana")
      #expect(exit == 3)
      #expect(answer.verdict == "stopped")
      #expect(grafana.verdict == "stopped")
      #expect(grafana.running?.state == "exited")
      #expect(grafana.running?.since == nil)
    }

    @Test func `missing: the ledger expects a container and there is none`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      _ = try await person.lab.docker("rm", "-f", "ktrdr-jaeger")
      let (answer, exit, _) = try await person.status()
      let jaeger = try answer.service("jaeger")
      #expect(exit == 3)
      #expect(answer.verdict == "missing")
      #expect(jaeger.verdict == "missing")
      #expect(jaeger.running == nil && jaeger.expected != nil)
    }

    @Test func `unhealthy: after a deployment that failed, beside what should run`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      let failed = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tag_unhealthy)
      #expect(failed.status == 1)
      let (answer, exit, _) = try await person.status()
      let backend = try answer.service("backend")
      #expect(exit == 3)
      #expect(answer.verdict == "unhealthy")
      #expect(backend.verdict == "unhealthy")
      #expect(backend.running?.health == "unhealthy")
      #expect(backend.running?.tag == person.lab.facts.tag_unhealthy)
      #expect(backend.expected?.tag == person.lab.facts.tags_good[0])
      #expect(backend.expected?.deployment == 1)
    }

    @Test func `unrecorded: containers run that this ledger knows nothing of`() async throws {
      let recorded = try await Operator()
      try await recorded.deployCore()
      let stranger = try await Operator()
      let (answer, exit, _) = try await stranger.status()
      #expect(exit == 3)
      #expect(answer.verdict == "unrecorded")
      #expect(answer.services.count == 6)
      #expect(answer.services.allSatisfy { $0.verdict == "unrecorded" && $0.expected == nil && $0.running != nil })
      #expect(!FileManager.default.fileExists(atPath: stranger.ledger), "a look made a ledger")
    }

    @Test func `unreachable: the host's error and what should run there, and the others are still told`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      try await person.lab.control("kill-host", person.lab.root, "core", "sshd")
      let json: Programs.Result
      let table: Programs.Result
      do {
        json = try await person.ktrdr("status", "--format", "json")
        table = try await person.ktrdr("status")
      } catch {
        try await person.lab.control("start-host", person.lab.root, "core", "sshd")
        throw error
      }
      try await person.lab.control("start-host", person.lab.root, "core", "sshd")
      let answers = try JSONDecoder().decode([StatusAnswer].self, from: Data(json.output.utf8))
      #expect(json.status == 3 && table.status == 3)
      #expect(answers.map(\.target) == ["core", "workers-b"])
      #expect(answers.first?.verdict == "unreachable")
      #expect(answers.first?.error?.contains("refuses ssh connections; next: is sshd running there") == true)
      #expect(answers.first?.services.count == 6)
      #expect(answers.first?.services.allSatisfy { $0.verdict == "unreachable" && $0.running == nil } == true)
      #expect(answers.last?.verdict != "unreachable")
      #expect(table.output.contains("unreachable") && table.output.contains("workers-b"))
      #expect(table.error.contains("next: is sshd running there"))
      let (again, exit, _) = try await person.status()
      #expect(exit == 0 && again.verdict == "in sync")
    }

    @Test func `a host that answers and cannot look is told from one that does not answer`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      let directory = person.lab.facts.directories["core"] ?? ""
      var moved = person
      try moved.rewriteInventory { $0.replacing("directory: \(directory)\n", with: "directory: \(directory)-gone\n") }
      let (answer, exit, _) = try await moved.status()
      #expect(exit == 3)
      #expect(answer.verdict == "unreachable")
      #expect(answer.error?.contains("cannot say what runs there") == true, "\(answer.error ?? "")")
      #expect(answer.error?.contains("ktrdr doctor core") == true)
    }

    @Test func `a deployment whose client was killed is recorded as interrupted by the next status`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      let registry = try #require(
        Int32(
          String(decoding: try Data(contentsOf: URL(filePath: "\(person.lab.root)/registry/pid")), as: UTF8.self)
            .trimmed))
      // A registry that stands still holds the deployment in its pull.
      kill(registry, SIGSTOP)
      defer { kill(registry, SIGCONT) }
      let tag = person.lab.facts.tags_good[2]
      let killed = try await person.ktrdr("deploy", "core", "backend", "--tag", tag) { client in
        for _ in 0..<200 {
          let history = try? await person.ktrdr("history", "--outcome", "running", "--format", "json")
          if history?.output.contains(tag) == true { break }
          try? await Task.sleep(for: .milliseconds(50))
        }
        let alive = try? await person.ktrdr("status", "core")
        #expect(alive?.error.contains("deployment 2 of core is running, by lab@example.org") == true)
        kill(client, SIGKILL)
      }
      kill(registry, SIGCONT)
      #expect(killed.status == 128 + SIGKILL)
      let (answer, exit, error) = try await person.status()
      #expect(error.contains("deployment 2 of core was interrupted: the client died before anything was changed"))
      #expect(exit == 0 && answer.verdict == "in sync")
      #expect(try await person.ktrdr("show", "2").output.contains("outcome    interrupted"))
      #expect(try await person.status().error.isEmpty)
    }

    @Test func `words that name no target are wrong usage`() async throws {
      let person = try await Operator()
      #expect(try await person.ktrdr("status", "nowhere").status == 64)
      #expect(try await person.ktrdr("status", "workers", "X").status == 64)
    }
  }
}

extension Lab {
  fileprivate func dockerList(_ words: [String]) async throws -> String {
    let socket = facts.sockets["core"] ?? ""
    let result = try await Programs.run("docker", ["-H", "unix://\(socket)"] + words, environment: environment)
    try #require(result.status == 0, "\(words): \(result.error)")
    return result.output.trimmed
  }

  /// What makes a container one of Compose's, as options of `docker run`.
  fileprivate func composeLabels(of container: String) async throws -> [String] {
    let json = try await docker("inspect", "--format", "{{json .Config.Labels}}", container)
    let labels = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    return labels.filter { $0.key.hasPrefix("com.docker.compose.") }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
  }
}
