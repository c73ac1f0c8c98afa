import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Other users, whose images, containers and files are in the way of a deployment.
  @Suite(.serialized) struct NeighbourTests {
    private static let service =
      #"  web: {image: "IMAGE:${IMAGE_TAG}", network_mode: none, command: [sleep, "600"], stop_grace_period: 0s}"#

    /// An image that says of itself what Compose says of its containers.
    private func makeStranger(for stack: OwnStack, from image: String, labels: [String]) async throws -> String {
      let name = "stranger-\(UUID().uuidString.prefix(6).lowercased()):1"
      let container = try await stack.docker("create", "--network", "none", image, "sleep", "600").trimmed
      let changes = labels.flatMap { ["--change", "LABEL \($0)"] }
      _ = try await stack.person.lab.docker(on: stack.host, ["commit"] + changes + [container, name])
      _ = try await stack.docker("rm", container)
      return name
    }

    /// Without the project's label as in the report, and with everything that Compose writes.
    @Test(arguments: [false, true])
    func `a stranger's image with a stack's labels is never recorded, and no rollback goes to it`(
      hasAll: Bool
    ) async throws {
      let facts = try await Lab.shared().facts
      let (one, two) = (facts.tags_good[0], facts.tags_good[1])
      let image = "\(facts.registry)/kpiteira/ktrdr-backend"
      try await OwnStack(Self.service.replacing("IMAGE:", with: "\(image):")).use { stack in
        #expect(try await stack.deploy(one).status == 0)
        let prefix = "com.docker.compose"
        var labels = [
          "\(prefix).service=web", "\(prefix).oneoff=False", "\(prefix).project.working_dir=\(stack.directory)",
        ]
        if hasAll {
          labels += ["\(prefix).project=\(stack.project)", "\(prefix).config-hash=abc", "\(prefix).image=sha256:abc"]
        }
        let stranger = try await makeStranger(for: stack, from: "\(image):\(one)", labels: labels)
        var strangers: [String] = []
        for _ in 0..<3 {
          strangers.append(
            try await stack.docker("run", "-d", "--network", "none", stranger, "sleep", "600").trimmed)
        }
        #expect(try await stack.status().verdicts == ["web": "in sync"])
        // Compose itself takes them for its own where the project's label says so, and removes them.
        #expect(try await stack.deploy(two).status == 0)
        for each in strangers { _ = try? await stack.docker("rm", "-f", each) }
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.image(of: "web").hasPrefix("ktrdr-backend:\(one)@"))
        for number in 1...3 {
          let shown = try await stack.person.ktrdr("show", "\(number)", "--format", "json").output
          #expect(!shown.contains("stranger-"), "\(shown)")
        }
        _ = try await stack.docker("rmi", "-f", stranger)
      }
    }

    @Test
    func `an inventory that is found decides nothing if it is another user's`() async throws {
      let stack = try await OwnStack(Self.service.replacing("IMAGE:", with: "busybox:"))
      let directory = try TestDirectory()
      try directory.makeDirectory("clone/below")
      try directory.write("targets: {own: {host: evil.example.org, directory: /srv/own}}\n", to: "clone/ktrdr.yml")
      try await stack.person.lab.shell("chown -R 12345 \(directory.path)/clone")
      var person = stack.person
      person.environment["KTRDR_CONFIG"] = nil
      person.directory = "\(directory.path)/clone/below"
      for words in [["deploy", "target", "own"], ["status"], ["doctor"], ["rollback", "own"]] {
        let result = try await person.ktrdr(words: words)
        #expect(result.status == 78, "\(words): \(result.output)\(result.error)")
        #expect(result.error.contains("ktrdr.yml: it was found here, but belongs to another user (12345)"))
      }
      let named = try await person.ktrdr("config", "check", "--config", "\(directory.path)/clone/ktrdr.yml")
      #expect(named.status == 0, "\(named.error)")
    }
  }
}
