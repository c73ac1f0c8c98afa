import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Compose's `secrets: environment:`: a file in the container in place of a variable.
  @Suite(.serialized) struct FileSecretsTests {
    @Test func `a secret can be a file in the container, and is then in no inspect`() async throws {
      var person = try await Operator()
      let lab = person.lab
      let directory = "\(lab.root)/hosts/core/files-\(UUID().uuidString.prefix(8))"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      let compose = """
        name: ktrdr-files
        services:
          app:
            image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
            container_name: ktrdr-files
            secrets: [db_password]
        secrets:
          db_password: {environment: DB_PASSWORD}
        """
      try Data(compose.utf8).write(to: URL(filePath: "\(directory)/compose.yml"))
      try person.rewriteInventory { text in
        text + """
            files:
              host: backend.ktrdr.lab
              directory: \(directory)
              secrets: {DB_PASSWORD: db_password}
              health_timeout: 20s
              stable_for: 1s

          """
      }
      let value = try await lab.field("db_password")
      let result = try await person.ktrdr("deploy", "target", "files", "--tag", lab.facts.tags_good[0])
      #expect(result.status == 0, "\(result.error)")
      #expect(try await lab.docker("exec", "ktrdr-files", "cat", "/run/secrets/db_password") == value)
      let inspected = try await lab.docker("inspect", "ktrdr-files")
      #expect(inspected.contains("ktrdr-backend") && !inspected.contains("DB_PASSWORD"))
      let core = value.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.max { $0.count < $1.count } ?? ""
      #expect(!inspected.contains(core), "\(core)")
      _ = try await lab.docker("rm", "-f", "ktrdr-files")
    }
  }
}
