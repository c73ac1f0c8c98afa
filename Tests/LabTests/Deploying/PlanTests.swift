import TestSupport
import Testing

extension LabSuites {
  /// What a dry run says of each service beside what the deployment then does to its container.
  @Suite(.serialized) struct PlanTests {
    /// Services with much of what goes into the hash by which Compose decides.
    private static func services(of lab: Lab) -> String {
      """
        web:
          image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
          environment: {COLOUR: "${COLOUR}", DB_PASSWORD: "${DB_PASSWORD}", PRICE: "5$$"}
          env_file: [web.env]
          pull_policy: always
          depends_on: {db: {condition: service_healthy}}
          ports: ["127.0.0.1::80"]
          labels: {com.example.role: web}
          deploy: {replicas: 2, resources: {limits: {memory: 64m}}}
        beside:
          image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
          network_mode: service:db
          configs: [{source: motd, target: /motd}]
          secrets: [key]
        db:
          image: \(lab.facts.registry)/kpiteira/ktrdr-db:16
          environment: {POSTGRES_PASSWORD: "${DB_PASSWORD}"}
          volumes: [data:/data, ./db.conf:/db.conf:ro]
          healthcheck: {test: [CMD, pg_isready, -d, ktrdr], interval: 300ms}
      volumes: {data: {}}
      configs: {motd: {content: hello}}
      secrets: {key: {file: ./key}}
      """
    }

    private func containers(_ stack: OwnStack) async throws -> [String: Set<String>] {
      let format = #"{{.Label "com.docker.compose.service"}} {{.ID}}"#
      let filter = "label=com.docker.compose.project=\(stack.project)"
      let lines = try await stack.docker("ps", "-a", "--no-trunc", "--format", format, "--filter", filter)
      let pairs = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      return Dictionary(grouping: pairs) { $0[0] }.mapValues { Set($0.map { $0[1] }) }
    }

    /// The services whose containers a deployment replaces, by the plan and in fact.
    private struct Replaced {
      var said: Set<String> = []
      /// Of which the plan says that it does not know.
      var unknown: Set<String> = []
      var done: Set<String> = []
      /// What the plan warned of.
      var warned = ""
    }

    private func replaced(_ stack: OwnStack, _ tag: String) async throws -> Replaced {
      let untouched = try await containers(stack)
      let plan = try await stack.deploy(tag, "--dry-run")
      try #require(plan.status == 0, "\(plan.error)")
      let lines = plan.output.split(separator: "\n").map(String.init)
      let start = try #require(lines.firstIndex { $0.hasPrefix("changes ") })
      let changes = lines[start...].prefix { $0.hasPrefix("changes ") || $0.hasPrefix("     ") }.map {
        $0.dropFirst(11)
      }
      #expect(changes.count == 3, "\(plan.output)")
      var found = Replaced(warned: plan.error)
      for change in changes where !change.hasSuffix(", unchanged") {
        let service = try #require(change.split(separator: " ").first.map(String.init))
        if change.hasSuffix(", the same image") { found.unknown.insert(service) } else { found.said.insert(service) }
      }
      let before = try await containers(stack)
      #expect(before == untouched, "the rehearsal was none")
      let result = try await stack.deploy(tag)
      try #require(result.status == 0, "\(result.error)")
      let after = try await containers(stack)
      found.done = Set(after.keys.filter { after[$0] != before[$0] })
      return found
    }

    @Test(arguments: ["core", "workers-c"])
    func `a service is called unchanged exactly if its container stays`(host: String) async throws {
      let lab = try await Lab.shared()
      let stack = try await OwnStack(
        Self.services(of: lab), keys: "environment: {COLOUR: green}\n    secrets: {DB_PASSWORD: db_password}", on: host)
      for (file, text) in [("web.env", "FROM_FILE=1\n"), ("db.conf", "a\n"), ("key", "not secret\n")] {
        try stack.write(text, to: file)
      }
      let tags = lab.facts.tags_good
      try await stack.use { stack in
        let first = try await stack.deploy(tags[0])
        try #require(first.status == 0, "\(first.error)")
        let again = try await replaced(stack, tags[0])
        #expect(again.said.isEmpty && again.unknown.isEmpty && again.done.isEmpty, "\(again)")
        #expect(!again.warned.contains("another"), "\(again.warned)")
        // By hand, with another value that no image shows.
        let up =
          "cd \(stack.directory) && IMAGE_TAG=\(tags[0]) COLOUR=green DB_PASSWORD=wrong docker compose up -d --pull never"
        let words = [host == "core" ? "backend.ktrdr.lab" : "\(host).ktrdr.lab", up]
        let byHand = try await Programs.run("ssh", words, environment: stack.person.environment)
        try #require(byHand.status == 0, "\(byHand.error)")
        // Compose cannot rehearse to the end where a service lends its network to another, and ktrdr says no more than it does.
        let repaired = try await replaced(stack, tags[0])
        #expect(repaired.said.isSuperset(of: ["db", "beside"]), "\(repaired)")
        #expect(repaired.done == ["db", "beside", "web"], "\(repaired)")
        #expect(repaired.said.union(repaired.unknown) == repaired.done, "\(repaired)")
        for (service, name) in [("db", "POSTGRES_PASSWORD"), ("web", "DB_PASSWORD")] {
          let warning = "\(service) runs with another value of \(name) than a deployment would give it"
          #expect(repaired.warned.contains(warning), "\(repaired.warned)")
        }
        try stack.write("FROM_FILE=2\nIMAGE_TAG=old\n", to: "web.env")
        let edited = try await replaced(stack, tags[0])
        #expect(edited.warned.contains("web has another value for IMAGE_TAG, which wins"), "\(edited.warned)")
        #expect(!edited.warned.contains("runs with another value"), "\(edited.warned)")
        #expect(edited.unknown.isEmpty && edited.said == ["web"] && edited.done == ["web"], "\(edited)")
        let newer = try await replaced(stack, tags[1])
        #expect(newer.said == ["web", "beside"] && newer.done == ["web", "beside"], "\(newer)")
        let back = try await stack.rollback()
        try #require(back.status == 0, "\(back.error)")
        let pinned = try await replaced(stack, tags[0])
        #expect(pinned.said == ["web", "beside"] && pinned.done == ["web", "beside"], "\(pinned)")
      }
    }
  }
}
