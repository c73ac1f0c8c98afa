import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Containers whose names are taken, and those that an `up` of Compose which ended early has left under a name of their own.
  @Suite(.serialized) struct ContainerNameTests {
    private static func services(of lab: Lab, _ first: String) -> String {
      """
        \(first):
          image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
          container_name: ktrdr-named
          network_mode: none
        web:
          image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
          container_name: ktrdr-named-web
          network_mode: none
      """
    }

    private func withStack(on host: String, _ body: (OwnStack, [String]) async throws -> Void) async throws {
      let lab = try await Lab.shared()
      let stack = try await OwnStack(Self.services(of: lab, "api"), on: host)
      try await stack.use { stack in
        let tags = lab.facts.tags_good
        for tag in tags.prefix(2) {
          let result = try await stack.deploy(tag)
          try #require(result.status == 0, "\(result.error)")
        }
        try await body(stack, tags)
      }
    }

    private func rename(_ service: String, in stack: OwnStack) throws {
      try stack.write(
        "name: \(stack.project)\nservices:\n\(Self.services(of: stack.person.lab, service))\n", to: "compose.yaml")
    }

    private func names(_ stack: OwnStack) async throws -> [String] {
      try await stack.docker("ps", "-a", "--filter", "name=ktrdr-named", "--format", "{{.Names}} {{.State}}")
        .split(separator: "\n").map(String.init).sorted()
    }

    @Test(arguments: ["core", "workers-c"])
    func `a renamed service that keeps its container's name is refused before anything changes`(
      host: String
    ) async throws {
      try await withStack(on: host) { stack, tags in
        let before = try await stack.containers
        try rename("server", in: stack)
        let refused = try await stack.deploy(tags[2])
        #expect(refused.status == 69)
        let what = "server is to have the container name ktrdr-named, which the container of api has"
        #expect(refused.error.contains("\(what); the compose file no longer has api\n"), "\(refused.error)")
        #expect(refused.error.contains(" docker rm -f ktrdr-named\n"), "\(refused.error)")
        #expect(try await stack.containers == before)

        _ = try await stack.docker("rm", "-f", "ktrdr-named")
        let result = try await stack.deploy(tags[2])
        #expect(result.status == 0, "\(result.error)")
        #expect(try await names(stack) == ["ktrdr-named running", "ktrdr-named-web running"])
        #expect(try await stack.status() == (["server": "in sync", "web": "in sync"], 0))
      }
    }

    @Test func `a container outside any stack keeps its name, too`() async throws {
      let lab = try await Lab.shared()
      let stack = try await OwnStack(Self.services(of: lab, "api"))
      try await stack.use { stack in
        let tag = lab.facts.tags_good[0]
        let first = try await stack.deploy(tag, "web")
        try #require(first.status == 0, "\(first.error)")
        _ = try await stack.docker(
          "create", "--name", "ktrdr-named", "\(lab.facts.registry)/kpiteira/ktrdr-backend:\(tag)")
        let refused = try await stack.deploy(tag)
        #expect(refused.status == 69)
        #expect(
          refused.error.contains("container name ktrdr-named, which a container outside any stack has\n"),
          "\(refused.error)")
        _ = try await stack.docker("rm", "ktrdr-named")
        #expect(try await stack.deploy(tag).status == 0)
      }
    }

    /// Compose creates the new container of `web` and ends with the conflict over `server`. Where the conflict comes first, it has
    /// created nothing yet; so it always is with the second engine.
    private func upInVain(_ stack: OwnStack, _ tag: String) async throws {
      var environment = stack.person.lab.environment
      environment["IMAGE_TAG"] = tag
      let socket = stack.person.lab.facts.sockets[stack.host] ?? ""
      let words = ["-H", "unix://\(socket)", "compose", "-f", "\(stack.directory)/compose.yaml", "up", "-d"]
      try rename("server", in: stack)
      // Docker may still be removing what the `up` before this one had created.
      func isInVain(_ left: [String]) -> Bool { left.count == 3 && left[0].hasSuffix("_ktrdr-named-web created") }
      var left: [String] = []
      for _ in 1...20 where !isInVain(left) {
        let up = try await Programs.run("docker", words, environment: environment)
        try #require(up.error.contains("Conflict"), "\(up.error)")
        // Docker goes on with what Compose has given up, and may take it away again.
        try await Task.sleep(for: .seconds(1))
        left = try await names(stack)
      }
      try #require(isInVain(left), "\(left)")
      try rename("api", in: stack)
    }

    @Test func `what an up has created in vain hides nothing, and the next one is not disturbed by it`() async throws {
      try await withStack(on: "core") { stack, tags in
        let web = try await stack.docker("inspect", "--format", "{{.Id}}", "ktrdr-named-web")
        try await upInVain(stack, tags[2])
        // For some seconds Docker could still be stopping what was to be replaced.
        var (verdicts, exit) = try await stack.status()
        for _ in 0..<30 where exit == 3 && !verdicts.values.contains(where: { $0 != "in sync" }) {
          try await Task.sleep(for: .seconds(1))
          (verdicts, exit) = try await stack.status()
        }
        #expect(verdicts == ["api": "in sync", "web": "in sync"] && exit == 0)

        let again = try await stack.deploy(tags[1])
        #expect(again.status == 0, "\(again.error)")
        #expect(again.error.contains("_ktrdr-named-web, which has never run: it is removed first"), "\(again.error)")
        #expect(try await names(stack) == ["ktrdr-named running", "ktrdr-named-web running"])
        #expect(try await stack.docker("inspect", "--format", "{{.Id}}", "ktrdr-named-web") == web)
      }
    }

    @Test func `where only what an up has created is left, it gets its own name`() async throws {
      try await withStack(on: "core") { stack, tags in
        try await upInVain(stack, tags[2])
        _ = try await stack.docker("rm", "-f", "ktrdr-named-web")
        let result = try await stack.deploy(tags[2])
        #expect(result.status == 0, "\(result.error)")
        #expect(result.error.contains("which has never run: it gets its name ktrdr-named-web first"), "\(result.error)")
        #expect(try await names(stack) == ["ktrdr-named running", "ktrdr-named-web running"])
        #expect(try await stack.status() == (["api": "in sync", "web": "in sync"], 0))
      }
    }
  }
}
