import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Stacks in the shape of well-known public ones, through what happens to a stack in its life. The first
  /// takes its way on both engines, the others on one each: every run costs half a minute.
  @Suite(.serialized) struct PublicStackTests {
    private static let webapp = PlacedStack.Kind(
      name: "webapp", project: "webapp",
      tagged: [
        "migrate": "webapp/server:TAG", "scheduler": "webapp/server:TAG", "web": "webapp/server:TAG",
        "worker": "webapp/server:TAG",
      ],
      untagged: ["postgres", "redis"], jobs: ["migrate"])

    private static let suite = PlacedStack.Kind(
      name: "suite", project: "suite-self-hosted",
      tagged: [
        "create-buckets": "suite/server:TAG", "errors-consumer": "suite/server:TAG",
        "profiling-consumer": "suite/server:TAG", "replays-consumer": "suite/server:TAG", "web": "suite/server:TAG",
      ],
      untagged: ["cleanup", "clickhouse", "geoipupdate", "kafka", "symbols"], jobs: ["create-buckets", "geoipupdate"])

    private static let homeserver = PlacedStack.Kind(
      name: "homeserver", project: "homeserver",
      tagged: ["photos-server": "photos/server:TAG", "photos-machine-learning": "photos/machine-learning:TAG-cpu"],
      untagged: ["dashboard", "photos-database", "photos-redis", "proxy", "torrent", "vpn"])

    /// Deployed whole, again, upgraded, one service alone, rolled back. Returns what was said of the first deployment
    /// and of that of the one service.
    private func live(_ stack: PlacedStack, alone service: String) async throws -> (first: String, alone: String) {
      let name = stack.kind.name
      let installed = try await stack.succeed("deploy", "target", name, "--tag", "v1")
      let first = try await stack.expect("v1")

      try await stack.succeed("deploy", "target", name, "--tag", "v1")
      #expect(try await stack.expect("v1") == first, "nothing had changed")

      try await stack.succeed("deploy", "target", name, "--tag", "v2")
      let upgraded = try await stack.expect("v2")
      for untouched in stack.kind.untagged { #expect(upgraded[untouched] == first[untouched], "\(untouched)") }

      let said = try await stack.succeed("deploy", "target", name, service, "--tag", "v3")
      let alone = try await stack.expect("v2", except: [service: "v3"])
      #expect(alone.filter { upgraded[$0.key] != $0.value }.map(\.key) == [service])

      try await stack.succeed("rollback", name)
      let back = try await stack.expect("v2")
      #expect(back.filter { alone[$0.key] != $0.value }.map(\.key) == [service])
      return (installed.error, said.error)
    }

    @Test(arguments: ["workers-b", "workers-c"])
    func `a web app with a migration job, merge keys and health checks`(host: String) async throws {
      try await Lab.shared().withStack(Self.webapp, on: host) { stack in
        let said = try await live(stack, alone: "web")
        #expect(said.alone.contains("migrate"), "nothing is said of the job that did not run: \(said.alone)")
        let plan = try await stack.succeed("deploy", "target", "webapp", "web", "--tag", "v3", "--dry-run")
        #expect(plan.output.contains("migrate"))
        #expect(try await stack.ktrdr("show", "4").output.contains("migrate"))
      }
    }

    @Test(arguments: ["workers-c"])
    func `a suite with profiles, images that are built on the host, and one-shot jobs`(host: String) async throws {
      try await Lab.shared().withStack(Self.suite, on: host) { stack in
        let said = try await live(stack, alone: "errors-consumer")
        let built = "\(stack.person.lab.facts.registry)/suite/clickhouse-self-hosted-local"
        #expect(said.first.contains(built), "nothing is said of the image that only the host has: \(said.first)")
      }
    }

    @Test(arguments: ["workers-b"])
    func `a home server with includes, several files and an external network`(host: String) async throws {
      try await Lab.shared().withStack(Self.homeserver, on: host) { stack in
        _ = try await live(stack, alone: "photos-server")
        let policy = try await stack.docker("inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", "dashboard")
        #expect(policy == "always", "compose.prod.yaml says so")
        let networks = try await stack.docker(
          "inspect", "--format", "{{json .NetworkSettings.Networks}}", "photos_server")
        #expect(networks.contains("\"proxy\"") && networks.contains("\"homeserver_default\""), "\(networks)")
      }
    }
  }
}
