import Platform
import TestSupport
import Testing

extension LabSuites {
  /// A stack that takes nothing from 1Password.
  @Suite(.serialized) struct NoSecretsTests {
    @Test func `a stack with a host and a directory alone is checked and deployed without op`() async throws {
      let person = try await Operator()
      let (lab, tag) = (person.lab, person.lab.facts.tags_good[0])
      // Puts the image on the host: the registry gives it to nobody without a login.
      #expect(try await person.ktrdr("deploy", "core", "all", "--tag", tag).status == 0)
      let stack = try await OwnStack(
        """
          web:
            image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
            pull_policy: never
        """, registries: "")
      try await stack.use { stack in
        try await lab.failing("account-list not-signed-in") {
          let checked = try await stack.person.ktrdr("doctor", "--tag", tag)
          #expect(checked.status == 0 && checked.output.contains("\n1Password: not used\n"), "\(checked)")
          let deployed = try await stack.deploy(tag)
          #expect(deployed.status == 0, "\(deployed.error)")
        }
        // `failing` has emptied it.
        #expect(try Data(contentsOf: URL(filePath: "\(lab.root)/op/calls.log")).isEmpty)
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(tag)")
      }
    }
  }
}
