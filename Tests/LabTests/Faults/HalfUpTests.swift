import Platform
import TestSupport
import Testing

extension LabSuites {
  /// The connection is lost, and Compose dies on the host before it comes to a service whose image stays.
  @Suite(.serialized, .composeGates) struct HalfUpTests {
    private static let image = "kpiteira/half"

    /// Runs a command whose `up` never begins. Returns what it came to.
    private func losing(_ words: [String], _ stack: OwnStack) async throws -> Programs.Result {
      let home = "\(stack.person.lab.root)/hosts/core/home"
      let gate = "\(home)/gates/up-begins"
      try Data().write(to: URL(filePath: gate))
      return try await stack.person.ktrdr(words: words) { client in
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: "\(gate).reached") {
          try? await Task.sleep(for: .milliseconds(50))
        }
        #expect(FileManager.default.fileExists(atPath: "\(gate).reached"), "the moment never came")
        let compose = "\(home)/.docker/cli-plugins/[d]ocker-compose.* up "
        let command = "pkill -9 -P \(client) ssh; pkill -9 -f '\(compose)'; rm -f \(gate).reached"
        _ = try? await Programs.run("/bin/sh", ["-c", command], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
      }
    }

    @Test func `a lost connection is no success where a container has its former configuration`() async throws {
      let lab = try await Lab.shared()
      for tag in ["first", "second"] { _ = try await lab.push(Self.image, tag, kind: "app", marker: tag) }
      let image = "\(lab.facts.registry)/\(Self.image)"
      let more = #"network_mode: none, restart: always, environment: {VERSION: "${IMAGE_TAG}", EDIT: old}"#
      let services = """
          web: {image: "\(image):${IMAGE_TAG}", \(more)}
          fixed: {image: "\(image):first", \(more)}
        """
      try await OwnStack(services, stableFor: "1s").use { stack in
        try #require(try await stack.deploy("first").status == 0)
        let words = ["deploy", stack.name, "fixed", "--tag", "second"]
        let lost = try await losing(words, stack)
        #expect(lost.status == 1 && lost.error.contains("fixed still had its former configuration"), "\(lost.error)")
        // An edited file is another configuration, too.
        let file = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        try stack.write(file.replacing("EDIT: old", with: "EDIT: new"), to: "compose.yaml")
        let edited = try await losing(["deploy", stack.name, "web", "--tag", "first"], stack)
        #expect(
          edited.status == 1 && edited.error.contains("web still had its former configuration"), "\(edited.error)")
        try #require(try await stack.deploy("first").status == 0)
        // Where there was nothing to do, nothing was lost.
        let same = try await losing(["deploy", stack.name, "web", "--tag", "first"], stack)
        #expect(same.status == 0, "\(same.error)")
      }
    }
  }
}
