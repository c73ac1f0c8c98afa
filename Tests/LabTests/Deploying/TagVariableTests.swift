import Platform
import TestSupport
import Testing

extension LabSuites {
  /// A compose file may have the tag's variable in more than images: in an environment, a label, a path.
  @Suite(.serialized) struct TagVariableTests {
    private static let image = "kpiteira/variable"

    private func withStack(_ keys: String = "", _ body: (OwnStack) async throws -> Void) async throws {
      let lab = try await Lab.shared()
      for tag in ["first", "second"] { _ = try await lab.push(Self.image, tag, kind: "app", marker: tag) }
      _ = try await lab.push(Self.image, "broken", kind: "crash", marker: "broken")
      let image = "\(lab.facts.registry)/\(Self.image)"
      let more = #"network_mode: none, restart: always, environment: {VERSION: "${IMAGE_TAG}"}"#
      let services = """
          web: {image: "\(image):${IMAGE_TAG}", \(more)}
          api: {image: "\(image):${IMAGE_TAG}", \(more)}
          fixed: {image: "\(image):first", \(more)}
        """
      try await OwnStack(services, keys: keys, stableFor: "1s").use(body)
    }

    /// The tag of a service's image, and what it has in its environment.
    private func versions(_ service: String, _ stack: OwnStack) async throws -> [String] {
      let text = try await stack.inspect(service, "{{.Config.Image}}{{range .Config.Env}} {{.}}{{end}}")
      let name = text.split(separator: " ")[0].split(separator: "@")[0].split(separator: ":").last
      let variable = text.firstMatch(of: /VERSION=(\S*)/)?.1
      return [name, variable].compactMap { $0.map(String.init) }
    }

    @Test func `an automatic rollback gives Compose the tag that it goes back to`() async throws {
      try await withStack("rollback_on_failure: true") { stack in
        try #require(try await stack.deploy("first").status == 0)
        let failed = try await stack.deploy("broken")
        #expect(failed.status == 1)
        // The last one has the same image all the time, and Compose creates it anew.
        for service in ["web", "api", "fixed"] { #expect(try await versions(service, stack) == ["first", "first"]) }
        #expect(!failed.error.contains("does not go back"), "\(failed.error)")
      }
    }

    @Test func `what has an image of its own keeps what the deployment gave it`() async throws {
      try await withStack { stack in
        try #require(try await stack.deploy("first").status == 0)
        try #require(try await stack.deploy("second").status == 0)
        let container = try await stack.inspect("fixed", "{{.Id}}")
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-fixed-1")
        #expect(try await stack.rollback("fixed", "--to", "2").status == 0)
        #expect(try await stack.inspect("fixed", "{{.Id}} {{.State.Status}}") == "\(container) running")
        _ = try await stack.docker("rm", "-f", "\(stack.project)-fixed-1")
        #expect(try await stack.rollback("fixed", "--to", "2").status == 0)
        #expect(try await versions("fixed", stack) == ["first", "second"])
      }
    }

    @Test func `a rollback takes along what keeps its image and has the tag elsewhere`() async throws {
      try await withStack { stack in
        try #require(try await stack.deploy("first").status == 0)
        try #require(try await stack.deploy("second").status == 0)
        let plan = try await stack.rollback("--dry-run")
        #expect(plan.output.contains("fixed  first, recreated on the same image"), "\(plan.output)")
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(back.error.contains("fixed: keeps its image, and gets IMAGE_TAG=first, which"), "\(back.error)")
        for service in ["web", "api", "fixed"] { #expect(try await versions(service, stack) == ["first", "first"]) }
        // It is as the deployment had left it, and nobody need touch it again.
        let container = try await stack.inspect("fixed", "{{.Id}}")
        #expect(try await stack.rollback("--to", "1").status == 1)
        try #require(try await stack.deploy("first").status == 0)
        #expect(try await stack.inspect("fixed", "{{.Id}}") == container)
        // The same with 'all', by number, and by tag.
        for words in [["all"], ["--to", "1"], ["--to", "first"]] {
          try #require(try await stack.deploy("second").status == 0)
          let again = try await stack.person.ktrdr(words: ["rollback", stack.name] + words)
          #expect(again.status == 0, "\(words): \(again.error)")
          #expect(try await versions("fixed", stack) == ["first", "first"], "\(words): \(again.error)")
        }
      }
    }

    @Test func `a tag that decides about the stack or its files is refused before anything starts`() async throws {
      try await withStack { stack in
        try #require(try await stack.deploy("first").status == 0)
        let file = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        for (written, what) in [
          (file.replacing("name: \(stack.project)", with: "name: \(stack.project)-${IMAGE_TAG}"), "in 'name:'"),
          (file.replacing("restart", with: #"env_file: "more.${IMAGE_TAG}", restart"#), "as in 'env_file:'"),
        ] {
          try stack.write(written, to: "compose.yaml")
          let refused = try await stack.deploy("second")
          #expect(refused.status == 69, "\(refused.error)")
          #expect(refused.error.contains("the compose files of own have IMAGE_TAG"), "\(refused.error)")
          #expect(refused.error.contains(what), "\(refused.error)")
          let seen = try await stack.person.ktrdr("status", "own")
          #expect(seen.status == 3 && seen.error.contains(what), "\(seen.error)")
        }
        #expect(try await versions("web", stack) == ["first", "first"])
      }
    }

    @Test func `services that go back to several tags at once get one each`() async throws {
      try await withStack { stack in
        try #require(try await stack.deploy("first").status == 0)
        let alone = ["deploy", stack.name, "web", "--tag", "second"]
        try #require(try await stack.person.ktrdr(words: alone).status == 0)
        try #require(try await stack.deploy("broken").status == 1)
        let plan = try await stack.rollback("--dry-run")
        #expect(plan.output.contains("IMAGE_TAG=first for api, fixed"), "\(plan.output)")
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(try await versions("web", stack) == ["second", "second"])
        for service in ["api", "fixed"] { #expect(try await versions(service, stack) == ["first", "first"]) }
      }
    }
  }
}
