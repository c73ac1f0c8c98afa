import Platform
import TestSupport

extension Lab {
  /// Runs `body` while a host has these accounts beside its own, which share its stack as members of one group. They
  /// are gone again however it ends; what they have left in the stack is then the lab's own.
  func withAccounts(_ names: [String], on host: String, body: () async throws -> Void) async throws {
    let script = "\(Self.checkout)/Tests/lab/lab"
    let added = try await Programs.run(script, ["add-accounts", root, host] + names, environment: environment)
    guard added.status == 0 else { throw CannotStart(description: "add-accounts: \(added.error)") }
    try await mending({ try await control("remove-accounts", root, host) }, body)
  }
}

extension Operator {
  /// An operator with a ledger of their own, who logs in on the hosts as this account.
  init(account: String) async throws {
    try await self.init()
    environment["PATH"] = "\(lab.root)/accounts/\(account)/bin:\(environment["PATH"] ?? "")"
    environment["KTRDR_OPERATOR"] = "\(account)@example.org"
  }
}
