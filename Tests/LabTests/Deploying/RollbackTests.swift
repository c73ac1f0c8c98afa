import Platform
import TestSupport
import Testing

extension LabSuites {
  /// The table of what "last good" means, on real containers.
  @Suite(.serialized) struct RollbackTests {
    /// Deploys one tag after the other to backend; an operator with a new ledger.
    private func operatorAfter(_ tags: [String]) async throws -> Operator {
      let person = try await Operator()
      for tag in tags {
        let result = try await person.ktrdr("deploy", "core", "backend", "--tag", tag)
        #expect(result.status == (tag == person.lab.facts.tag_unhealthy ? 1 : 0), "\(result.error)")
      }
      return person
    }

    private func running(_ lab: Lab, _ container: String = "ktrdr-backend") async throws -> String {
      try await lab.docker("inspect", "--format", "{{.Config.Image}}", container)
    }

    private var tags: [String] { get async throws { try await Lab.shared().facts.tags_good } }

    @Test func `A good, B good: back to A, by digest, with a record that names what it undoes`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1]])
      let result = try await person.ktrdr("rollback", "core")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.error.contains("backend: back to \(tags[0])"))
      let image = try await running(person.lab)
      #expect(image.contains(":\(tags[0])@sha256:"))
      let record = try await person.ktrdr("history", "--kind", "rollback", "--format", "json").output
      #expect(record.contains("\"undoes\" : 2"))
      #expect(record.contains("\"outcome\" : \"succeeded\""))
    }

    @Test func `C failed its health check: back to B, and a second rollback to A`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1], Lab.shared().facts.tag_unhealthy])
      let first = try await person.ktrdr("rollback", "core")
      #expect(first.status == 0, "\(first.error)")
      #expect(first.error.contains("not deployment 3"))
      #expect(try await running(person.lab).contains(tags[1]))
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await running(person.lab).contains(tags[0]))
      let third = try await person.ktrdr("rollback", "core")
      #expect(third.status == 1)
      #expect(third.error.contains("backend: nothing to go back to"), "\(third.error)")
      #expect(try await running(person.lab).contains(tags[0]))
    }

    @Test func `a version that a rollback left is never gone back to`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1]])
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", tags[2]).status == 0)
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await running(person.lab).contains(tags[0]))
    }

    @Test func `A twice, then B: back to A`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[0], tags[1]])
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await running(person.lab).contains(tags[0]))
    }

    @Test func `a tag that has moved: back to the recorded digest`() async throws {
      let person = try await Operator()
      let repository = "kpiteira/ktrdr-backend"
      let first = try await person.lab.push(repository, "moving", marker: "first")
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", "moving").status == 0)
      let second = try await person.lab.push(repository, "moving", marker: "second")
      #expect(first != second)
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", "moving").status == 0)
      let marker = try await person.lab.docker("exec", "ktrdr-backend", "cat", "/app/marker")
      #expect(marker == "second")
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await running(person.lab).hasSuffix(":moving@\(first)"))
      #expect(try await person.lab.docker("exec", "ktrdr-backend", "cat", "/app/marker") == "first")
    }

    @Test func `the first recorded deployment: back to what ran before, as observed`() async throws {
      let tags = try await tags
      _ = try await operatorAfter([tags[2]])
      let newcomer = try await operatorAfter([tags[1]])
      let result = try await newcomer.ktrdr("rollback", "core")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.error.contains("observed before deployment 1, not known to be good"))
      #expect(try await running(newcomer.lab).contains(tags[2]))
    }

    @Test func `nothing recorded: says so, exits 1`() async throws {
      let image = "\(try await Lab.shared().facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}"
      let stack = try await OwnStack("  web: {image: \"\(image)\", network_mode: none}")
      let result = try await stack.rollback()
      #expect(result.status == 1)
      let nothing = "the ledger has no deployment of own that changed an image"
      #expect(result.error.contains(nothing), "\(result.error)")
    }

    @Test func `another ledger has the last deployment: says so, exits 1`() async throws {
      _ = try await operatorAfter([try await tags[0]])
      let result = try await Operator().ktrdr("rollback", "core")
      #expect(result.status == 1)
      #expect(result.error.contains("another ledger has the last deployment of core"), "\(result.error)")
    }

    @Test func `only what the newest deployment changed goes back: db is left alone`() async throws {
      let tags = try await tags
      let person = try await Operator()
      #expect(try await person.ktrdr("deploy", "core", "all", "--tag", tags[0]).status == 0)
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", tags[1]).status == 0)
      let database = try await person.lab.container("ktrdr-db")
      let other = try await person.lab.container("ktrdr-mcp")
      #expect(try await person.ktrdr("rollback", "core").status == 0)
      #expect(try await running(person.lab).contains(tags[0]))
      #expect(try await person.lab.container("ktrdr-db") == database)
      #expect(try await person.lab.container("ktrdr-mcp") == other)
    }

    @Test func `the operator may choose a tag or a deployment's number`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1], tags[2]])
      #expect(try await person.ktrdr("rollback", "core", "--to", "1").status == 0)
      #expect(try await running(person.lab).contains("\(tags[0])@sha256:"))
      #expect(try await person.ktrdr("rollback", "core", "backend", "--to", tags[1]).status == 0)
      #expect(try await running(person.lab).contains("\(tags[1])@sha256:"))
      #expect(try await person.ktrdr("rollback", "core", "--to", "77").status == 64)
      let unknown = try await person.ktrdr("rollback", "core", "--to", "sha-fffffff")
      #expect(unknown.status == 1)
      #expect(unknown.error.contains("nothing was changed"))
      #expect(try await running(person.lab).contains(tags[1]))
    }

    @Test func `a dry run explains the choice and changes nothing`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1]])
      let before = try await person.lab.container("ktrdr-backend")
      let result = try await person.ktrdr("rollback", "core", "--dry-run")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("rollback   undoes deployment 2"))
      #expect(result.output.contains(":\(tags[0])@sha256:"))
      #expect(try await person.lab.container("ktrdr-backend") == before)
      #expect(try await !person.ktrdr("history").output.contains("rollback"))
    }

    @Test func `an image on the host is enough: the registry may be gone`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1]])
      try await person.lab.control("kill-host", person.lab.root, "core", "registry")
      let result = try await person.ktrdr("rollback", "core")
      try await person.lab.control("start-host", person.lab.root, "core", "registry")
      #expect(result.status == 0, "\(result.error)")
      #expect(try await running(person.lab).contains(tags[0]))
    }

    @Test func `an image that is nowhere any more stops nothing`() async throws {
      let tags = try await tags
      let person = try await Operator()
      let digest = try await person.lab.push("kpiteira/ktrdr-backend", "doomed", marker: "doomed")
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", "doomed").status == 0)
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", tags[1]).status == 0)
      try await person.lab.removeImage("kpiteira/ktrdr-backend", digest)
      let before = try await person.lab.container("ktrdr-backend")
      let result = try await person.ktrdr("rollback", "core")
      #expect(result.status == 1, "\(result.error)")
      #expect(result.error.contains("nothing was changed"), "\(result.error)")
      #expect(try await person.lab.container("ktrdr-backend") == before)
    }

    @Test func `what has changed since is said before anything stops`() async throws {
      let tags = try await tags
      let person = try await operatorAfter([tags[0], tags[1]])
      try await person.lab.setField("grafana_password", to: "another one \(tags[0])")
      let result = try await person.ktrdr("rollback", "core")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.error.contains("has changed since deployment 1"), "\(result.error)")
    }

    @Test func `unhealthy services go back on their own where the inventory asks for it`() async throws {
      let tags = try await tags
      var person = try await operatorAfter([tags[1]])
      try person.rewriteInventory {
        $0.replacing("health_timeout: 20s", with: "health_timeout: 20s\n    rollback_on_failure: true")
      }
      let bad = person.lab.facts.tag_unhealthy
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", bad)
      #expect(result.status == 1)
      #expect(
        result.error.contains("rolled back: core is back on its previous images (deployment 3)"), "\(result.error)")
      #expect(try await running(person.lab).contains(tags[1]))
      let history = try await person.ktrdr("history", "--format", "csv").output.split(whereSeparator: \.isNewline)
      #expect(history[1].contains(",rollback,") && history[1].contains(",succeeded,") && history[1].hasSuffix(",2"))
      #expect(history[2].contains(",deploy,") && history[2].contains(",failed,"))
    }

    @Test func `a rollback that fails too is said plainly, with what runs now`() async throws {
      let tags = try await tags
      let facts = try await Lab.shared().facts
      let first = try await operatorAfter([tags[1], facts.tag_unhealthy])
      // Who has another ledger does not know that what runs never was good.
      for var person in [first, try await Operator()] {
        try person.rewriteInventory {
          $0.replacing("health_timeout: 20s", with: "health_timeout: 20s\n    rollback_on_failure: true")
        }
        let result = try await person.ktrdr("deploy", "core", "backend", "--tag", facts.tag_crash)
        #expect(result.status == 1)
        guard person.ledger != first.ledger else {
          let said = "not rolled back automatically: deployment 2, which left backend down, did not succeed either"
          #expect(result.error.contains(said), "\(result.error)")
          #expect(try await person.ktrdr("rollback", "core", "--to", "tag:\(facts.tag_unhealthy)").status == 1)
          continue
        }
        #expect(result.error.contains("the rollback of core also FAILED"), "\(result.error)")
        #expect(result.error.contains("now backend runs"))
      }
      #expect(try await first.ktrdr("deploy", "core", "backend", "--tag", tags[0]).status == 0)
    }
  }
}
