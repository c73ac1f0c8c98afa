import Ledger
import Synchronization
import Testing

@testable import Deployer
@testable import Fakes

struct DryRunTests {
  private func dryRun(_ person: FakeOperator, ledger: DeploymentLedger?, validates: Bool = true) -> DryRun {
    DryRun(
      hosts: person.host.connector, secrets: person.secrets(), ledger: ledger, validates: validates,
      progress: { progress in person.told.withLock { $0.append(progress) } })
  }

  @Test func `it prints the plan, and neither locks nor changes nor records anything`() async throws {
    let person = try await FakeOperator()
    let lines = try await dryRun(person, ledger: person.ledger).perform(.deploy(try person.plan("A"))).lines
    #expect(lines.contains("services   all (backend, db)"))
    #expect(lines.contains { $0.contains("DB_PASSWORD=***") })
    #expect(person.host.requests == ["check", "registry", "model"])
    #expect(person.host.running.isEmpty)
    #expect(try await person.newest() == nil)
  }

  @Test func `unchanged is a service of which Compose says so; the same image alone is not enough`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    func changes(_ rehearsal: [String: String]?) async throws -> [String] {
      person.host.change { $0.rehearsal = rehearsal }
      let lines = try await dryRun(person, ledger: person.ledger).perform(.deploy(try person.plan("A"))).lines
      return lines.filter { $0.contains("backend  ") || $0.contains("db       ") }.map { String($0.dropFirst(11)) }
    }
    #expect(try await changes([:]) == ["backend  A, unchanged", "db       16, unchanged"])
    #expect(
      try await changes(["backend": "Starting", "db": "Recreate"]) == [
        "backend  A, started", "db       16, recreated on the same image",
      ])
    #expect(try await changes(nil) == ["backend  A, the same image", "db       16, the same image"])
  }

  @Test func `the plan says what each service runs now and will run`() async throws {
    let person = try await FakeOperator(
      FakeHost { state in
        state.profiles = ["more": ["worker"]]
        for tag in ["A", "B"] { state.publish(tag) }
      })
    func changes(_ request: DeployRequest) async throws -> [String] {
      let lines = try await dryRun(person, ledger: person.ledger).perform(request).lines
      let start = try #require(lines.firstIndex { $0.hasPrefix("changes    ") })
      return lines[start...].prefix { $0.hasPrefix("changes    ") || $0.hasPrefix("           ") }
        .map { String($0.dropFirst(11)) }
    }
    #expect(
      try await changes(.deploy(try person.plan("A"))) == ["backend  nothing → A", "db       nothing → 16"])
    try await person.deploy("A", profiles: ["more"])
    #expect(
      try await changes(.deploy(try person.plan("B"))) == [
        "backend  A → B", "db       16, unchanged", "worker   A → removed",
      ])
    #expect(try await changes(.deploy(try person.plan("A", ["backend"]))) == ["backend  A, unchanged"])
    try await person.deploy("B", ["backend"])
    #expect(try await changes(.rollback(try person.request())) == ["backend  B → A"])
  }

  @Test func `a secret that no compose file mentions is told`() async throws {
    for (field, isMentioned) in [
      (#""environment": {"DB_PASSWORD": "${DB_PASSWORD}"}"#, true), (#""init": true"#, false),
    ] {
      let person = try await FakeOperator(FakeHost { $0.fields = ["db": field] })
      _ = try await dryRun(person, ledger: nil).perform(.deploy(try person.plan("A")))
      let told = person.told.withLock { $0 }.contains { progress in
        if case .warning(let text) = progress { text.hasPrefix("no compose file mentions DB_PASSWORD") } else { false }
      }
      #expect(told != isMentioned)
    }
  }

  @Test func `a container that was created with another secret is told, and the value is not`() async throws {
    let field =
      #""environment": {"DB_PASSWORD": "ktrdr-placeholder", "URL": "pg://u:ktrdr-placeholder@db"}, "labels": ["${DB_PASSWORD}"]"#
    let person = try await FakeOperator(FakeHost { $0.fields = ["db": field] })
    try await person.deploy("A")
    func warnings() async throws -> [String] {
      person.told.withLock { $0 = [] }
      _ = try await dryRun(person, ledger: person.ledger).perform(.deploy(try person.plan("A")))
      return person.told.withLock { $0 }.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }
    #expect(try await warnings() == [])
    person.host.change { $0.otherSecrets = ["DB_PASSWORD"] }
    #expect(
      try await warnings() == [
        "db runs with another value of DB_PASSWORD than a deployment would give it from 1Password (a database that exists "
          + "keeps its password)"
      ])
  }

  @Test func `containers of the same directory under another project's name are told`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      for index in state.containers.indices { state.containers[index].project = "before" }
    }
    person.told.withLock { $0 = [] }
    _ = try await dryRun(person, ledger: person.ledger).perform(.deploy(try person.plan("A")))
    let warnings = person.told.withLock { $0 }.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    #expect(warnings.contains { $0.contains("also runs as the project before (backend, db)") }, "\(warnings)")
  }

  @Test(arguments: [["backend", "db"], ["db"]])
  func `a rollback starts nothing beside what runs under another project's name`(moved: [String]) async throws {
    let person = try await FakeOperator()
    for tag in ["A", "B"] { try await person.deploy(tag) }
    person.host.change { state in
      for index in state.containers.indices where moved.contains(state.containers[index].service) {
        state.containers[index].project = "before"
      }
    }
    guard case .failure(.nothingToRollBackTo(let lines, let next)) = try await person.rollback() else {
      throw Unexpected("it went somewhere")
    }
    let names = moved.joined(separator: ", ")
    #expect(lines.first?.contains("also runs as the project before (\(names))") == true, "\(lines)")
    #expect(next.contains("give the compose file its former name back"))
    #expect(person.host.change(\.containers).count == 2)
  }

  @Test func `a tag that was moved is another image, though its name stays`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.publish("A", id: "new") }
    let lines = try await dryRun(person, ledger: person.ledger).perform(.deploy(try person.plan("A"))).lines
    #expect(lines.contains("changes    backend  A → A, which is another image in the registry now"), "\(lines)")
    #expect(lines.contains("           db       16, unchanged"))
  }

  @Test func `an image that the registry does not have is found, and the plan says of which service`() async throws {
    let person = try await FakeOperator()
    let answer = try await dryRun(person, ledger: nil).perform(.deploy(try person.plan("nosuch")))
    #expect(answer.lines.contains("changes    backend  nothing → nosuch, not in the registry"))
    #expect(answer.lines.contains("           db       nothing → 16"))
    #expect(answer.problems.map(\.what) == ["ghcr.io has no image with the tag nosuch for u/backend"])
    #expect(person.host.running.isEmpty)
  }

  @Test func `a registry that does not answer has not said that it lacks the image`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isRegistryUp = false })
    let answer = try await dryRun(person, ledger: nil).perform(.deploy(try person.plan("A", ["backend"])))
    #expect(answer.lines.contains("changes    backend  nothing → A"))
    #expect(answer.problems == [])
    let warning = "could not ask the registry for ghcr.io/u/backend:A: dial tcp: connection refused"
    #expect(person.progress.contains(.warning(warning)))
  }

  @Test func `a rollback asks for no image that the host has`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.isRegistryUp = false }
    let answer = try await dryRun(person, ledger: person.ledger).perform(.rollback(try person.request()))
    #expect(answer.problems == [])
    person.host.change { state in
      (state.isRegistryUp, state.local, state.registry, state.published) = (true, [:], [:], [])
    }
    let gone = try await dryRun(person, ledger: person.ledger).perform(.rollback(try person.request()))
    #expect(gone.problems.count == 1)
  }

  @Test func `without checks nobody is asked`() async throws {
    let person = try await FakeOperator()
    let plan = try person.plan("nosuch")
    let answer = try await dryRun(person, ledger: nil, validates: false).perform(.deploy(plan))
    #expect(answer.problems == [])
    #expect(!person.host.requests.contains("registry"))
  }

  @Test func `a rollback's plan names the image that it goes to`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    let lines = try await dryRun(person, ledger: person.ledger).perform(.rollback(try person.request())).lines
    #expect(lines.contains("rollback   undoes deployment 2"))
    #expect(lines.contains("image      backend: ghcr.io/u/backend:A@sha256:d-backend-A"))
    #expect(person.host.running["backend"] == "B")
  }

  @Test func `where nothing has ever been recorded there is nothing to roll back to`() async throws {
    let person = try await FakeOperator()
    let request = try person.request()
    await #expect(
      throws: DeployFailure.nothingToRollBackTo(["nothing has been recorded yet"], nextStep: "ktrdr deploy")
    ) {
      try await dryRun(person, ledger: nil).perform(.rollback(request))
    }
  }

  @Test func `a host that cannot be reached is reported in ssh's terms`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isUp = false })
    let plan = try person.plan("A")
    do throws(DeployFailure) {
      _ = try await dryRun(person, ledger: nil).perform(.deploy(plan))
      Issue.record("no failure")
    } catch .validation(let problems) {
      #expect(problems.map(\.what) == ["backend.example.org refuses ssh connections"])
    } catch {
      Issue.record("another failure: \(error)")
    }
  }

  @Test func `a rollback is refused if Docker does not report what runs`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.isDockerUp = false }
    let refusal = try await person.rollback().refusal
    guard case .validation(let problems) = refusal else { throw Unexpected(refusal) }
    #expect(problems.map(\.what) == ["could not list the containers on backend.example.org"])
  }

  @Test func `what has changed since the image was good is a warning`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    var warnings: [String] { person.progress.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
    let newer = CommandRunner { command, timeout in
      var result = try await FakeOperator.onePassword.run(command, timeout)
      let text = String(decoding: result.standardOutput, as: UTF8.self)
      result.standardOutput = Array(text.replacing("\"version\": 3", with: "\"version\": 4").utf8)
      return result
    }
    let request = DeployRequest.rollback(try person.request())
    _ = try await TargetDeployment(request, in: person.context(newer), validates: true).perform()
    #expect(
      warnings.contains { $0.contains("1Password item k7 has changed since deployment 1 (version 3 then, 4 now)") })
  }
}
