import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Histories that no table of images has: services that come and go, deployments that change nothing, chosen versions.
  @Suite(.serialized) struct RollbackHistoryTests {
    private struct Record: Decodable, Equatable {
      var kind: String
      var services: [String]
      var profiles: [String]
      var tag: String
      var undoes: Int64?
      var outcome: String
    }

    private static let services = """
        one: {image: "IMAGE:${IMAGE_TAG}", network_mode: none}
        two: {image: "IMAGE:${IMAGE_TAG}", network_mode: none, profiles: [more]}
        db: {image: "IMAGE:FIXED", network_mode: none}
      """

    /// Runs `body` with a stack of one service, another one under a profile, and one that takes no tag; and two good tags.
    private func withStack(
      _ keys: String = "", _ body: (OwnStack, _ one: String, _ two: String) async throws -> Void
    ) async throws {
      let facts = try await Lab.shared().facts
      let services = Self.services.replacing("IMAGE:", with: "\(facts.registry)/kpiteira/ktrdr-backend:")
        .replacing("FIXED", with: facts.tags_good[2])
      let stack = try await OwnStack(services, keys: "profiles: [more]\(keys)")
      try await stack.use { try await body($0, facts.tags_good[0], facts.tags_good[1]) }
    }

    private func newest(_ stack: OwnStack) async throws -> Record {
      let answer = try await stack.person.ktrdr("history", "--limit", "1", "--format", "json").output
      return try #require(try JSONDecoder().decode([Record].self, from: Data(answer.utf8)).first)
    }

    /// The tag that each service runs.
    private func running(_ stack: OwnStack) async throws -> [String: String] {
      var running: [String: String] = [:]
      for id in try await stack.containers {
        let words = try await stack.docker(
          "inspect", "--format", #"{{index .Config.Labels "com.docker.compose.service"}} {{.Config.Image}}"#, id)
        let parts = words.split(separator: " ")
        let name = parts[1].split(separator: "@")[0].split(separator: ":").last.map(String.init)
        running[String(parts[0])] = name
      }
      return running
    }

    @Test func `services that a deployment brought or took away are restored with the images`() async throws {
      try await withStack { stack, one, two in
        let db = try await Lab.shared().facts.tags_good[2]
        #expect(try await stack.deploy(one).status == 0)
        #expect(try await stack.deploy(two, "--profile", "more").status == 0)
        #expect(try await running(stack) == ["one": two, "two": two, "db": db])
        let plan = try await stack.rollback("--dry-run")
        #expect(plan.output.contains("removed    two"), "\(plan.output)")
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(back.error.contains("two: stopped and removed (it did not run before deployment 2)"))
        #expect(try await running(stack) == ["one": one, "db": db])
        #expect(
          try await newest(stack)
            == Record(
              kind: "rollback", services: ["one", "two"], profiles: [], tag: one, undoes: 2, outcome: "succeeded"))
        #expect(try await stack.status() == (["one": "in sync", "db": "in sync"], 0))

        #expect(try await stack.deploy(two, "--profile", "more").status == 0)
        #expect(try await stack.deploy(two).status == 0)
        let kept = try await stack.inspect("one", "{{.Id}}")
        let again = try await stack.rollback()
        #expect(again.status == 0, "\(again.error)")
        #expect(try await running(stack) == ["one": two, "two": two, "db": db])
        #expect(try await stack.inspect("one", "{{.Id}}") == kept)
        let record = try await newest(stack)
        #expect(record.profiles == ["more"])
        #expect(record.undoes == 5)
        // The profile is on record, so a deployment without it takes the service away again.
        #expect(try await stack.deploy(two).status == 0)
        #expect(try await running(stack) == ["one": two, "db": db])
      }
    }

    @Test func `a deployment that changed nothing is nothing to roll back`() async throws {
      try await withStack { stack, one, two in
        #expect(try await stack.deploy(one).status == 0)
        #expect(try await stack.deploy(two).status == 0)
        #expect(try await stack.deploy("sha-9999999").status == 1)
        let containers = try await stack.containers
        for words in [[], ["one"], ["all"]] {
          let refused = try await stack.person.ktrdr(words: ["rollback", "own"] + words)
          #expect(refused.status == 1)
          #expect(refused.error.contains("deployment 3 changed nothing; the newest change is that of deployment 2"))
          #expect(refused.error.contains("ktrdr rollback own --to TAG|DEPLOYMENT"))
        }
        #expect(try await stack.rollback("--to", "3").error.contains("deployment 3 changed nothing"))
        #expect(try await stack.containers == containers)
        #expect(try await stack.rollback("--to", "1").status == 0)
        #expect(try await running(stack)["one"] == one)
      }
    }

    @Test func `a service that runs where it would go keeps its container, also at the next deployment`() async throws {
      try await withStack { stack, one, two in
        #expect(try await stack.deploy(one).status == 0)
        let db = try await stack.inspect("db", "{{.Id}}")
        #expect(try await stack.deploy(two).status == 0)
        let back = try await stack.rollback("--to", "1")
        #expect(back.status == 0, "\(back.error)")
        #expect(back.error.contains("db: runs"))
        #expect(try await newest(stack).services == ["one"])
        #expect(try await stack.inspect("db", "{{.Id}}") == db)
        #expect(try await stack.rollback("--to", "1").error.contains("own runs this already"))
        #expect(try await stack.deploy(two).status == 0)
        #expect(try await stack.inspect("db", "{{.Id}}") == db)
      }
    }

    @Test func `a number is a deployment, a tag of digits is marked, and what takes no tag has none`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push("kpiteira/ktrdr-backend", "20261128", marker: "digits")
      try await withStack { stack, one, two in
        for tag in [one, two] { #expect(try await stack.deploy(tag).status == 0) }
        #expect(try await stack.rollback("--to", "20261128").status == 64)
        let none = try await stack.rollback("db", "--to", "nosuchtag")
        #expect(none.status == 64)
        #expect(none.error.contains("no image of db takes a tag"), "\(none.error)")
        #expect(try await stack.rollback("--to", "tag:20261128").status == 0)
        #expect(try await running(stack)["one"] == "20261128")
        let batch = try await stack.person.ktrdr("rollback", "--batch", "3")
        #expect(batch.status == 64)
        #expect(batch.error.contains("the batch of deployment 3 is a rollback"), "\(batch.error)")
        // The same version once more: a batch that changed nothing.
        for _ in 0..<2 { #expect(try await stack.deploy(two).status == 0) }
        let vain = try await stack.person.ktrdr("rollback", "--batch", "5")
        #expect(vain.status == 1)
        #expect(vain.error.contains("the batch of deployment 5 changed nothing"), "\(vain.error)")
      }
    }

    @Test func `an automatic rollback removes the service that is new`() async throws {
      let bad = try await Lab.shared().facts.tag_unhealthy
      try await withStack("\n    rollback_on_failure: true") { stack, one, _ in
        #expect(try await stack.deploy(one).status == 0)
        let failed = try await stack.deploy(bad, "--profile", "more")
        #expect(failed.status == 1)
        #expect(failed.error.contains("rolled back: own is back"), "\(failed.error)")
        #expect(try await running(stack).filter { $0.key != "db" } == ["one": one])
        #expect(try await newest(stack).services == ["one", "two"])
        #expect(try await stack.status().exit == 0)
      }
    }
  }
}
