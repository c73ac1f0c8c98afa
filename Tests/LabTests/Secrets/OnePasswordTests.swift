import TestSupport
import Testing

extension LabSuites {
  /// What `op` says when it does not give the secrets.
  @Suite(.serialized) struct OnePasswordTests {
    @Test(arguments: [
      ("no-app", "op could not connect to the 1Password app", "Integrate with 1Password CLI"),
      ("expired", "the 1Password session has expired", "eval $(op signin)"),
      ("forbidden", "1Password denied access (403)", "op vault list"),
      ("server-error", "1Password's server failed to answer (5xx)", "status.1password.com"),
      ("unknown-token", "op failed: cannot use [withheld]: nobody has seen this before", "op item get ITEM"),
    ])
    func `each failure of op has its message and its next step`(
      failure: String, what: String, next: String
    ) async throws {
      let person = try await Operator()
      for how in ["account-get \(failure)", "item-get \(failure)"] {
        try await person.lab.failing(how) {
          let result = try await person.ktrdr("deploy", "core", "backend")
          #expect(result.status == 77, "\(result.error)")
          #expect(result.error.contains(what) && result.error.contains(next), "\(result.error)")
          #expect(!result.error.contains("ops_"), "\(result.error)")
        }
      }
      #expect(try await person.history().isEmpty)
    }
  }
}
