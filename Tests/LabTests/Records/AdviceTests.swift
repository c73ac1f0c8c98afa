import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What becomes of who does what `status` says.
  @Suite(.serialized) struct AdviceTests {
    private static let image = "kpiteira/advice"

    private func stack() async throws -> OwnStack {
      let lab = try await Lab.shared()
      return try await OwnStack(
        "  web: {image: \"\(lab.facts.registry)/\(Self.image):${IMAGE_TAG}\", network_mode: none, restart: always}",
        stableFor: "2s")
    }

    /// Carries out the command that `status` names.
    private func follow(_ stack: OwnStack, _ expected: String) async throws -> Programs.Result {
      let advice = try await stack.advice()
      #expect(advice == [expected])
      return try await stack.person.ktrdr(words: expected.split(separator: " ").dropFirst().map(String.init))
    }

    @Test func `a container that stopped starts again, itself, though its tag was moved in the registry`() async throws
    {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "floating", kind: "app", marker: "first")
      try await stack().use { stack in
        try #require(try await stack.deploy("floating").status == 0)
        let container = try await stack.inspect("web", "{{.Id}}")
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-web-1")
        _ = try await lab.push(Self.image, "floating", kind: "app", marker: "second")
        let back = try await follow(stack, "ktrdr rollback own web --to 1")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.inspect("web", "{{.Id}} {{.State.Status}}") == "\(container) running")
        #expect(try await stack.status() == (["web": "in sync"], 0))
        // Whoever deploys gets what the tag means now; whoever went back still has the other one on record.
        #expect(try await stack.deploy("floating").status == 0)
        #expect(try await stack.inspect("web", "{{.Id}}") != container)
        #expect(try await stack.rollback().status == 0)
      }
    }

    @Test func `a tag that was moved on the host is no way back to the container's image`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "other", kind: "app", marker: "other")
      _ = try await lab.push(Self.image, "here", kind: "app", marker: "here")
      try await stack().use { stack in
        try #require(try await stack.deploy("other").status == 0)
        try #require(try await stack.deploy("here").status == 0)
        let image = try await stack.inspect("web", "{{.Image}}")
        let name = "\(lab.facts.registry)/\(Self.image)"
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-web-1")
        _ = try await stack.docker("tag", "\(name):other", "\(name):here")
        let back = try await follow(stack, "ktrdr rollback own web --to 2")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.inspect("web", "{{.Image}} {{.State.Status}}") == "\(image) running")
      }
    }

    @Test func `what fails since the compose file was edited does not lead in a circle`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "edited", kind: "app", marker: "edited")
      try await stack().use { stack in
        try #require(try await stack.deploy("edited").status == 0)
        let good = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        try stack.write(
          good.replacing("network_mode", with: "entrypoint: [\"false\"], network_mode"), to: "compose.yaml")
        #expect(try await stack.deploy("edited").status == 1)
        let advice =
          "correct the compose file on backend.ktrdr.lab, which has changed since deployment 1, and deploy again"
        #expect(try await stack.advice() == [advice])
        try stack.write(good, to: "compose.yaml")
        #expect(try await stack.deploy("edited").status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }
  }
}
