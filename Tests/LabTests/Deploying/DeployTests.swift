import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct DeployTests {
    @Test func `a deployment replaces the container's image, and a second one changes nothing`() async throws {
      let person = try await Operator()
      let tags = person.lab.facts.tags_good
      let all = try await person.ktrdr("deploy", "core", "all", "--tag", tags[0])
      #expect(all.status == 0, "\(all.error)")
      let database = try await person.lab.container("ktrdr-db")
      let first = try await person.ktrdr("deploy", "core", "backend", "--tag", tags[1])
      #expect(first.status == 0, "\(first.error)")
      let image = try await person.lab.docker("inspect", "--format", "{{.Config.Image}}", "ktrdr-backend")
      #expect(image.hasSuffix(":\(tags[1])"))
      let backend = try await person.lab.container("ktrdr-backend")
      let second = try await person.ktrdr("deploy", "core", "backend", "--tag", tags[1])
      #expect(second.status == 0, "\(second.error)")
      #expect(try await person.lab.container("ktrdr-backend") == backend)
      #expect(try await person.lab.container("ktrdr-db") == database, "the database was recreated")
    }

    @Test func `a tag that the registry does not have changes nothing and says so`() async throws {
      let person = try await Operator()
      _ = try await person.ktrdr("deploy", "core", "all", "--tag", person.lab.facts.tags_good[0])
      let before = try await person.lab.docker("ps", "-aq", "--no-trunc")
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-ffffff0")
      #expect(result.status == 1)
      #expect(result.error.contains("has no image with the tag sha-ffffff0"))
      #expect(result.error.contains("nothing was changed"))
      #expect(try await person.lab.docker("ps", "-aq", "--no-trunc") == before)
    }

    @Test func `a token that the registry refuses is told from a missing image`() async throws {
      let person = try await Operator()
      let before = try await person.lab.field("ghcr_token")
      try await person.lab.setField("ghcr_token", to: "not-the-token")
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      try await person.lab.setField("ghcr_token", to: before)
      #expect(result.status == 1)
      #expect(result.error.contains("refused the login of kpiteira"), "\(result.error)")
    }

    @Test func `an unhealthy image is recorded as failed, with the end of its log`() async throws {
      let person = try await Operator()
      _ = try await person.ktrdr("deploy", "core", "all", "--tag", person.lab.facts.tags_good[0])
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tag_unhealthy)
      #expect(result.status == 1)
      let shown = try await person.ktrdr("show", "2")
      #expect(shown.output.contains("outcome    failed"))
      #expect(shown.output.contains("boot: cannot reach database"))
    }

    @Test func `a container that crashes again and again is a failure`() async throws {
      let person = try await Operator()
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tag_crash)
      #expect(result.status == 1)
      #expect(result.error.contains("backend keeps crashing") || result.error.contains("backend stopped"))
      #expect(try await person.ktrdr("history", "--format", "csv").output.contains(",failed,"))
    }

    @Test(arguments: [
      "it's \"quoted\" and `back-ticked`", "$HOME ${PATH} $(id) $$", #"back\slash \n \\"#, "-e --leading -dash",
      "100% of %s and %d", "line one\nline two\n\nline four", "ünïcödé → 漢字 🔑", "  spaces  around  ",
      "#!;&|<>*?[]{}~",
    ])
    func `every value arrives in the container exactly`(value: String) async throws {
      let person = try await Operator()
      let lab = person.lab
      try await lab.setField("jwt_secret", to: value)
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", lab.facts.tags_good[0])
      #expect(result.status == 0, "\(result.error)")
      let json = try await lab.docker("inspect", "--format", "{{json .Config.Env}}", "ktrdr-backend")
      let variables = try JSONDecoder().decode([String].self, from: Data(json.utf8))
      #expect(variables.contains("JWT_SECRET=\(value)"))
      let seen = try await person.ktrdr("show", "1", "--format", "json").output
      #expect(!seen.contains(value) && !result.error.contains(value))
    }

    @Test func `a dry run prints the plan with masked values and changes nothing`() async throws {
      let person = try await Operator()
      let before = try await person.lab.docker("ps", "-aq", "--no-trunc")
      let result = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("DB_PASSWORD=***"))
      #expect(result.output.contains("image tag  \(person.lab.facts.tags_good.last ?? "")"))
      #expect(try await person.lab.docker("ps", "-aq", "--no-trunc") == before)
      #expect(!FileManager.default.fileExists(atPath: person.ledger))
    }

    @Test func `nothing of the registry's login stays on the host`() async throws {
      let person = try await Operator()
      let result = try await person.ktrdr("deploy", "core", "backend")
      #expect(result.status == 0, "\(result.error)")
      #expect(try await person.lab.loginsLeft() == [])
    }

    @Test func `the tag is that of HEAD, and the full commit is recorded`() async throws {
      let person = try await Operator()
      let result = try await person.ktrdr("deploy", "core", "backend")
      #expect(result.status == 0, "\(result.error)")
      let head = person.lab.facts.commits.last ?? ""
      let history = try await person.ktrdr("history", "--format", "json")
      #expect(history.output.contains("\"git_sha\" : \"\(head)\""))
      #expect(history.output.contains("\"tag\" : \"sha-\(head.prefix(7))\""))
    }

    @Test func `each item is read once`() async throws {
      let person = try await Operator()
      let log = URL(filePath: "\(person.lab.root)/op/calls.log")
      let before = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
      let result = try await person.ktrdr("deploy", "core", "backend")
      #expect(result.status == 0, "\(result.error)")
      let after = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      let reads = after.dropFirst(before.count).split(separator: "\n").filter { $0.contains("item get") }
      #expect(reads.count == 1, "\(reads)")
    }
  }
}
