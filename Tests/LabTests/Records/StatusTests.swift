import Platform
import TestSupport
import Testing

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

    @Test(arguments: ["${DB_PASSWORD}", "pg://web:${DB_PASSWORD}@db/$$web?a=b c", "${IMAGE_TAG} ${DB_PASSWORD:-}"])
    func `drifted: somebody ran docker compose by hand, without the secrets`(value: String) async throws {
      var lab = try await Lab.shared()
      let image = "\(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}"
      let service =
        "  web: {image: \"\(image)\", network_mode: none, environment: {PASSWORD: \"\(value)\", LEVEL: \"\"}}"
      let stack = try await OwnStack(service, keys: "secrets: {DB_PASSWORD: {field: db_password}}")
      lab = stack.person.lab
      try await stack.use { stack in
        let tag = lab.facts.tags_good[0]
        #expect(try await stack.deploy(tag).status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
        let command = "cd \(stack.directory) && IMAGE_TAG=\(tag) docker compose up -d --pull never"
        let socket = try #require(lab.facts.sockets[stack.host])
        _ = try await lab.shell("export DOCKER_HOST=unix://\(socket); \(command)")
        #expect(try await stack.status() == (["web": "drifted"], 3))
        let text = try await stack.person.ktrdr("status", "own", "--format", "json").output
        #expect(text.contains(#""missing_secrets" : ["#) && text.contains("PASSWORD"), "\(text)")
        #expect(try await stack.deploy(tag).status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }

    @Test(arguments: ["${DB_PASSWORD}", "pg://web:${DB_PASSWORD}@db"])
    func `drifted: a container from before the compose file gave it a secret`(value: String) async throws {
      let lab = try await Lab.shared()
      let image = "\(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}"
      let bare = "  web: {image: \"\(image)\", network_mode: none}"
      let stack = try await OwnStack(bare, keys: "secrets: {DB_PASSWORD: {field: db_password}}")
      try await stack.use { stack in
        let tag = lab.facts.tags_good[0]
        #expect(try await stack.deploy(tag).status == 0)
        let service = "  web: {image: \"\(image)\", network_mode: none, environment: {PASSWORD: \"\(value)\"}}"
        try stack.write("name: \(stack.project)\nservices:\n\(service)\n", to: "compose.yaml")
        #expect(try await stack.status() == (["web": "drifted"], 3))
        #expect(try await stack.deploy(tag).status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
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
      #expect(answers.map(\.target) == person.lab.facts.directories.keys.sorted())
      #expect(answers.first?.verdict == "unreachable")
      #expect(answers.first?.error?.contains("refuses ssh connections; next: check that sshd is running there") == true)
      #expect(answers.first?.services.count == 6)
      #expect(answers.first?.services.allSatisfy { $0.verdict == "unreachable" && $0.running == nil } == true)
      #expect(answers.count > 1 && answers.dropFirst().allSatisfy { $0.verdict != "unreachable" })
      #expect(table.output.contains("unreachable") && table.output.contains("workers-b"))
      #expect(table.error.contains("next: check that sshd is running there"))
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
      let what = "backend.ktrdr.lab has no directory \(directory)-gone; next: create it, or fix 'directory' for core"
      #expect(answer.error == what)
    }

    @Test func `after a rollback its image is what should run`() async throws {
      let person = try await Operator()
      let tags = person.lab.facts.tags_good
      try await person.deployCore()
      let second = try await person.ktrdr("deploy", "core", "backend", "--tag", tags[1])
      try #require(second.status == 0, "\(second.error)")
      let rollback = try await person.ktrdr("rollback", "core", "backend")
      try #require(rollback.status == 0, "\(rollback.error)")
      let (answer, exit, _) = try await person.status()
      let backend = try answer.service("backend")
      #expect(exit == 0 && answer.verdict == "in sync")
      #expect(backend.expected?.deployment == 3)
      #expect(backend.expected?.tag == tags[0] && backend.running?.tag == tags[0])
      #expect(backend.commits_ahead == person.lab.facts.commits.count - 1)
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
