/// Checks that every secret that deployments need can be read, and collects what may be shown about it.
public struct SecretsAudit: Sendable {
  private let store: SecretStore

  public init(_ store: SecretStore) { self.store = store }

  /// One variable of one target, or a registry's token. Never contains a value.
  public struct Row: Sendable, Equatable {
    /// The target, or the registry's server for its token.
    public var owner: String
    /// The variable's name, or `registry token`.
    public var variable: String
    public var reference: SecretReference
    /// The item's version; `nil` if it could not be read.
    public var version: Int?
    /// The value's length; `nil` if it could not be read.
    public var byteCount: Int?
    /// Sensitive, but too short to redact in output.
    public var isTooShortToRedact: Bool
    public var problem: Problem?
  }

  /// Reads each item once. Reports the problems of all secrets, not only the first.
  public func rows(of targets: [Target], registries: [Registry]) async -> [Row] {
    var wanted = targets.flatMap { target in
      target.secrets.map { (target.name.value, $0.name.value, $0.reference) }
    }
    wanted += registries.map { ($0.server, "registry token", $0.token) }
    var rows: [Row] = []
    for (owner, variable, reference) in wanted { rows.append(await row(owner, variable, reference)) }
    return rows
  }

  private func row(_ owner: String, _ variable: String, _ reference: SecretReference) async -> Row {
    var row = Row(
      owner: owner, variable: variable, reference: reference, version: nil, byteCount: nil, isTooShortToRedact: false,
      problem: nil)
    do throws(OnePasswordError) {
      let item = try await store.item(reference.request) {}
      row.version = item.version
      let secret = try item.value(ofField: reference.field)
      row.byteCount = secret.byteCount
      row.isTooShortToRedact = reference.sensitive && secret.isTooShortToRedact
      row.problem = secret.withBytes { EnvironmentValue.problem(with: $0, name: variable) }
    } catch {
      row.problem = error.problem
    }
    return row
  }
}
