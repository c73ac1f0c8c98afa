import TestSupport
import Testing

extension LabSuites {
  /// The exit statuses that need a host. Those that need none are in ktrdrTests, 0 and 1 also in `DeployTests`.
  @Suite(.serialized) struct ExitStatusTests {
    private static let places: [(String, String, String)] = [
      ("host: backend.ktrdr.lab", "host: nobody.invalid", "could not resolve nobody.invalid"),
      ("hosts/core/stack", "hosts/core/gone", "has no directory"),
      ("docker-compose.core.yml", "docker-compose.gone.yml", "has no docker-compose.gone.yml"),
    ]

    @Test(arguments: places)
    func `69: what is not where the inventory says, with a next step and no row`(
      old: String, new: String, what: String
    ) async throws {
      var person = try await Operator()
      try person.rewriteInventory { $0.replacing(old, with: new) }
      let result = try await person.ktrdr("deploy", "core", "backend")
      #expect(result.status == 69, "\(result.error)")
      #expect(result.error.contains(what), "\(result.error)")
      #expect(result.error.contains("\n  next: "))
      #expect(try await person.history().isEmpty)
    }

    @Test func `69: an engine that is down`() async throws {
      let person = try await Operator()
      try await person.lab.without("core", "engine") {
        let result = try await person.ktrdr("deploy", "core", "backend")
        #expect(result.status == 69)
        #expect(result.error.contains("Docker on backend.ktrdr.lab does not respond"), "\(result.error)")
        #expect(result.error.contains("systemctl status docker"))
      }
    }

    @Test func `69: an sshd that is down`() async throws {
      let person = try await Operator()
      try await person.lab.without("core", "sshd") {
        let result = try await person.ktrdr("deploy", "core", "backend")
        #expect(result.status == 69)
        #expect(result.error.contains("backend.ktrdr.lab refuses ssh connections"), "\(result.error)")
      }
    }

    @Test func `69: several problems of host and 1Password are told in one run`() async throws {
      var person = try await Operator()
      try person.rewriteInventory {
        $0.replacing("docker-compose.core.yml", with: "a.yml, docker-compose.core.yml, b.yml")
      }
      try await person.lab.failing("account-list no-accounts") {
        let result = try await person.ktrdr("deploy", "core", "backend")
        #expect(result.status == 69)
        for what in ["has no a.yml", "has no b.yml", "op has no 1Password account configured"] {
          #expect(result.error.contains(what), "\(result.error)")
        }
      }
    }

    @Test func `75: the host's lock is held by somebody on another machine`() async throws {
      let person = try await Operator()
      let lock = "\(person.lab.facts.directories["core"] ?? "")/.ktrdr-lock"
      // Over ssh, as another machine's deployment would; one process, so that the kill leaves none behind.
      let hold = "{ flock -n 9 && exec sleep 20; } 9>>\(lock) >/dev/null 2>&1 </dev/null & echo $!"
      let take = "echo 'bob, deployment 41' >\(lock); \(hold)"
      let before = try await person.lab.docker("ps", "-aq", "--no-trunc")
      let holder = try await Programs.run("ssh", ["backend.ktrdr.lab", take], environment: person.environment)
      #expect(holder.status == 0, "\(holder.error)")
      let result = try await person.ktrdr("deploy", "core", "backend")
      _ = try await Programs.run("kill", [holder.output.trimmed], environment: person.environment)
      #expect(result.status == 75, "\(result.error)")
      #expect(result.error.contains("the host is locked by bob, deployment 41"), "\(result.error)")
      #expect(try await person.lab.docker("ps", "-aq", "--no-trunc") == before)
      #expect(try await person.ktrdr("deploy", "core", "backend").status == 0, "the lock outlived its holder")
      #expect(try await person.history() == ["succeeded", "failed"])
    }

    @Test func `75: the target is held by another deployment from this machine`() async throws {
      let person = try await Operator()
      try await person.lab.failing("item-get slow 3") {
        async let first = person.ktrdr("deploy", "core", "backend")
        try await person.lab.waitForRead()
        let second = try await person.ktrdr("deploy", "core", "db")
        #expect(second.status == 75, "\(second.error)")
        #expect(second.error.contains("core is being deployed by lab@example.org"), "\(second.error)")
        #expect(try await first.status == 0)
      }
      #expect(try await person.history() == ["succeeded"])
    }

    private static let secrets: [(String, String)] = [
      ("account-list not-signed-in", "next: eval $(op signin)"),
      ("account-get no-setup", "restart the 1Password app"),
      ("item-get dismissed", "approve the prompt"), ("item-get no-item", "op item list"),
    ]

    @Test(arguments: secrets)
    func `77: 1Password gives nothing, and nothing is begun`(failure: String, next: String) async throws {
      let person = try await Operator()
      try await person.lab.failing(failure) {
        let result = try await person.ktrdr("deploy", "core", "backend")
        #expect(result.status == 77, "\(result.error)")
        #expect(result.error.contains(next), "\(result.error)")
      }
      #expect(try await person.history().isEmpty)
    }

    @Test func `77: a field that is empty or is not there`() async throws {
      var person = try await Operator()
      let lab = person.lab
      let before = try await lab.field("jwt_secret")
      try await lab.setField("jwt_secret", to: "")
      let empty = try await person.ktrdr("deploy", "core", "backend")
      try await lab.setField("jwt_secret", to: before)
      #expect(empty.status == 77)
      #expect(empty.error.contains("field 'jwt_secret' of item"), "\(empty.error)")
      try person.rewriteInventory { $0.replacing("jwt_secret", with: "jwt_sekret") }
      let missing = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(missing.status == 77)
      #expect(missing.error.contains("has no field 'jwt_sekret'"), "\(missing.error)")
      #expect(missing.error.contains("jwt_secret"))
      #expect(try await person.history().isEmpty)
    }
  }
}
