import Platform
import TestSupport
import Testing

extension LabSuites {
  /// A stack with images from two registries that both ask for a password.
  @Suite(.serialized) struct RegistriesTests {
    private func services(_ lab: Lab) -> String {
      """
        web: {image: "\(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}", network_mode: none}
        tool: {image: "\(lab.facts.second_registry)/tools/tool:1", network_mode: none}
      """
    }

    /// Runs `body` while the second registry is up, has the image, and its password is in 1Password.
    private func withSecondRegistry(_ body: (Lab, _ password: String) async throws -> Void) async throws {
      let lab = try await Lab.shared()
      let path = "\(lab.root)/secrets/second-registry-password"
      let password = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      try await lab.control("start-host", lab.root, "core", "second-registry")
      try await lab.mending({ try await lab.control("kill-host", lab.root, "core", "second-registry") }) {
        _ = try await lab.push("tools/tool", "1", marker: "tool", in: "second-registry")
        try await lab.setField("second_token", to: password)
        try await body(lab, password)
      }
    }

    @Test func `the host logs in to every registry of the inventory`() async throws {
      try await withSecondRegistry { lab, password in
        let registries = """
          registries:
            - {server: "\(lab.facts.registry)", username: kpiteira, token: ghcr_token}
            - {server: "\(lab.facts.second_registry)", username: \(lab.facts.second_registry_user), token: second_token}
          """
        try await OwnStack(services(lab), registries: registries).use { stack in
          let result = try await stack.deploy(lab.facts.tags_good[0])
          #expect(result.status == 0, "\(result.error)")
          #expect(try await stack.containers.count == 2)
          #expect(!result.error.contains("has its own login"))
          let recorded = try await stack.person.ktrdr("ledger", "export").output
          #expect(recorded.contains("\"\(lab.facts.registry),\(lab.facts.second_registry)\""))
          #expect(!recorded.contains(password))
          let secrets = try await stack.person.ktrdr("secrets", "check")
          #expect(secrets.status == 0, "\(secrets.error)")
          #expect(secrets.output.contains("second_token") && secrets.output.contains(lab.facts.second_registry))
          let verified = try await stack.person.ktrdr("ledger", "verify")
          #expect(verified.status == 0, "\(verified.error)")
        }
      }
    }

    @Test func `a login that only the host has is not used, and that is told`() async throws {
      try await withSecondRegistry { lab, password in
        let login = Data("\(lab.facts.second_registry_user):\(password)".utf8).base64EncodedString()
        let entry = "\t\t\"\(lab.facts.second_registry)\": {\n\t\t\t\"auth\": \"\(login)\"\n\t\t}"
        let configuration = "{\n\t\"auths\": {\n\(entry)\n\t}\n}"
        let directory = "\(lab.root)/hosts/core/home/.docker"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = URL(filePath: "\(directory)/config.json")
        try Data(configuration.utf8).write(to: file)
        try await lab.mending({ try FileManager.default.removeItem(at: file) }) {
          try await OwnStack(services(lab)).use { stack in
            let result = try await stack.deploy(lab.facts.tags_good[0])
            let (host, server) = ("backend.ktrdr.lab", lab.facts.second_registry)
            #expect(result.status == 1)
            #expect(result.error.contains("\(host) has its own login for \(server)"), "\(result.error)")
            #expect(result.error.contains("\(server) requires a login for tools/tool: add \(server) to 'registries'"))
            #expect(result.error.contains("the login that \(host) has for it is not used"))
            #expect(!result.error.contains("token in 1Password"))
            let shown = try await stack.person.ktrdr("show", "1").output
            #expect(!(shown + result.error).contains(login) && !(shown + result.error).contains(password))
          }
        }
      }
    }
  }
}
