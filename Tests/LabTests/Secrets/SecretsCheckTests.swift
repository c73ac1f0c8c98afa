import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct SecretsCheckTests {
    @Test func `secrets are shown by name, source and length, and never by value`() async throws {
      let person = try await Operator()
      let value = try await person.lab.field("db_password")
      let table = try await person.ktrdr("secrets", "check", "core")
      #expect(table.status == 0, "\(table.error)")
      #expect(table.output.contains("DB_PASSWORD") && table.output.contains("db_password"))
      #expect(table.output.contains("\(value.utf8.count)"))
      let json = try await person.ktrdr("secrets", "check", "core", "--format", "json")
      for said in [table.output, table.error, json.output, json.error] { #expect(!said.contains(value)) }
    }

    @Test func `every field that is missing or empty is named at once`() async throws {
      let person = try await Operator()
      let before = try await person.lab.field("jwt_secret")
      try await person.lab.setField("jwt_secret", to: "")
      var other = person
      try other.rewriteInventory { $0.replacing("grafana_password", with: "no_such_field") }
      let result = try await other.ktrdr("secrets", "check", "core")
      try await person.lab.setField("jwt_secret", to: before)
      #expect(result.status == 77)
      #expect(result.error.contains("'jwt_secret'") && result.error.contains("'no_such_field'"), "\(result.error)")
    }
  }
}
