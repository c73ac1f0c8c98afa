/// Looks whether every secret that deployments need is to be had, and what may be said of it.
public struct SecretsAudit: Sendable {
  private let store: SecretStore

  public init(_ store: SecretStore) { self.store = store }

  /// One variable of one target, or the registry's token. There is no value in it.
  public struct Row: Sendable, Equatable {
    /// The target; for the registry's token its server.
    public var owner: String
    /// The variable; `registry token` for that.
    public var variable: String
    public var reference: SecretReference
    /// The item's version, where it could be read.
    public var version: Int?
    /// The value's length, where there is one.
    public var byteCount: Int?
    /// Sensitive, but not looked for in output: it would match by chance.
    public var isTooShortToRedact: Bool
    public var problem: Problem?
  }

  /// Reads each item once. A problem of one secret hides no other.
  public func rows(of targets: [Target], registry: Registry?) async -> [Row] {
    var wanted = targets.flatMap { target in
      target.secrets.map { (target.name.value, $0.name.value, $0.reference) }
    }
    if let registry { wanted.append((registry.server, "registry token", registry.token)) }
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
      row.problem = secret.withBytes { EnvironmentValue.refusal(of: $0, name: variable) }
    } catch {
      row.problem = Problem(.secrets, error.message, nextStep: error.nextStep)
    }
    return row
  }
}
