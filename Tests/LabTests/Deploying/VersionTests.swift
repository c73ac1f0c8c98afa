import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Where the version comes from, and which variables it is given with.
  @Suite(.serialized) struct VersionTests {
    @Test func `a dirty tree and a commit that no remote branch has are warned of`() async throws {
      var person = try await Operator()
      person.directory = try await person.clone()
      let clean = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(clean.status == 0, "\(clean.error)")
      #expect(!clean.error.contains("HEAD"), "\(clean.error)")
      try Data("changed".utf8).write(to: URL(filePath: "\(person.directory)/version"))
      let dirty = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(dirty.status == 0)
      #expect(dirty.error.contains("uncommitted changes, which the image of HEAD (\(person.lab.facts.tags_good[2]))"))
      try await person.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qam", "local only")
      let local = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(local.error.contains("is not on any remote branch"), "\(local.error)")
      #expect(!local.error.contains("working tree"))
    }

    @Test func `a dry run validates, names no secret and leaves no trace`() async throws {
      var person = try await Operator()
      let password = try await person.lab.field("db_password")
      let good = try await person.ktrdr("deploy", "core", "all", "--dry-run")
      #expect(good.status == 0)
      #expect(good.output.contains("services   all (backend, db, grafana, jaeger, mcp, prometheus)"), "\(good.output)")
      #expect(!(good.output + good.error).contains(password))
      let lock = "\(person.lab.facts.directories["core"] ?? "")/.ktrdr-lock"
      // An earlier test may have left one.
      let changed = { try? FileManager.default.attributesOfItem(atPath: lock)[.modificationDate] as? Date }
      let before = changed()
      _ = try await person.ktrdr("deploy", "core", "db", "--dry-run")
      #expect(changed() == before)
      try person.rewriteInventory { $0.replacing("docker-compose.core.yml", with: "gone.yml") }
      #expect(try await person.ktrdr("deploy", "core", "all", "--dry-run").status == 69)
      #expect(!FileManager.default.fileExists(atPath: person.ledger))
    }

    @Test func `a dry run tells a login that the registry refuses from an image that it lacks`() async throws {
      var person = try await Operator()
      let missing = try await person.ktrdr("deploy", "core", "backend", "--tag", "nosuch", "--dry-run")
      #expect(missing.status == 69 && missing.error.contains("has no image with the tag nosuch"), "\(missing.error)")
      try person.rewriteInventory { $0.replacing("token: ghcr_token", with: "token: db_password") }
      let refused = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(refused.status == 69 && refused.error.contains("refused the login of"), "\(refused.error)")
      #expect(!refused.error.contains("has no image"), "\(refused.error)")
    }

    @Test func `a compose file with the newer names is a matter of the inventory alone`() async throws {
      var person = try await Operator()
      let stack = person.lab.facts.directories["core"] ?? ""
      let names = [
        ("DB_USER", "KTRDR_DB_USER"), ("DB_PASSWORD", "KTRDR_DB_PASSWORD"), ("JWT_SECRET", "KTRDR_AUTH_JWT_SECRET"),
      ]
      let file = URL(filePath: "\(stack)/docker-compose.core.yml")
      var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      for (old, new) in names { text = text.replacing("${\(old)}", with: "${\(new)}") }
      let newer = URL(filePath: "\(stack)/docker-compose.newer.yml")
      try Data(text.utf8).write(to: newer)
      defer { try? FileManager.default.removeItem(at: newer) }
      try person.rewriteInventory { inventory in
        var changed = inventory.replacing("docker-compose.core.yml", with: "docker-compose.newer.yml")
        for (old, new) in names { changed = changed.replacing("      \(old): ", with: "      \(new): ") }
        return changed
      }
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      #expect(result.status == 0, "\(result.error)")
      let json = try await person.lab.docker("inspect", "--format", "{{json .Config.Env}}", "ktrdr-backend")
      let variables = try JSONDecoder().decode([String].self, from: Data(json.utf8))
      #expect(variables.contains("DB_PASSWORD=\(try await person.lab.field("db_password"))"))
      #expect(variables.contains("JWT_SECRET=\(try await person.lab.field("jwt_secret"))"))
    }

    @Test func `a variable that nobody sets stops the deployment before up`() async throws {
      var person = try await Operator()
      let extra = URL(filePath: "\(person.lab.facts.directories["core"] ?? "")/docker-compose.extra.yml")
      try Data("services: {backend: {environment: {EXTRA: \"${NOBODY_SETS_THIS}\"}}}\n".utf8).write(to: extra)
      defer { try? FileManager.default.removeItem(at: extra) }
      let before = try await person.lab.docker("ps", "-aq", "--no-trunc")
      try person.rewriteInventory {
        $0.replacing("[docker-compose.core.yml]", with: "[docker-compose.core.yml, docker-compose.extra.yml]")
      }
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[2])
      #expect(result.status == 69)
      #expect(
        result.error.contains("NOBODY_SETS_THIS is not set (docker-compose.extra.yml, line 1)"), "\(result.error)")
      #expect(try await person.lab.docker("ps", "-aq", "--no-trunc") == before)
      #expect(try await person.history() == [])
    }
  }
}
