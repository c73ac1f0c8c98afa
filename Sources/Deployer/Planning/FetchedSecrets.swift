import Ledger

/// What one deployment needs of 1Password, in memory only.
struct FetchedSecrets: Sendable {
  /// The variables for Compose, the plain ones included. That of the tag is the plan's own.
  var environment: [(name: String, value: [UInt8])]
  /// Docker's `config.json` with the logins at the registries; an empty one where none is named.
  var login: [UInt8]
  var needles: NeedleSet
  var versions: [SecretVersion]

  /// Takes every item that the plan needs from the store, which reads each once.
  static func fetch(
    _ plan: Plan, from store: SecretStore, progress: @escaping @Sendable (Progress) -> Void
  ) async throws(OnePasswordError) -> FetchedSecrets {
    let references = plan.target.secrets.map(\.reference) + plan.registries.map(\.token)
    var items: [ItemRequest: SecretItem] = [:]
    var versions: [SecretVersion] = []
    for request in references.map(\.request) where items[request] == nil {
      let item = try await store.item(request) { progress(.fetching(item: request.item)) }
      items[request] = item
      versions.append(SecretVersion(item: item.id, version: item.version))
    }
    func value(of reference: SecretReference) throws(OnePasswordError) -> Secret {
      guard let item = items[reference.request] else {
        throw .itemNotFound(item: reference.item, vault: reference.vault)
      }
      return try item.value(ofField: reference.field)
    }
    var environment = plan.target.environment.map { (name: $0.name.value, value: Array($0.value.utf8)) }
    var sensitive: [(name: String, secret: Secret)] = []
    for variable in plan.target.secrets {
      let secret = try value(of: variable.reference)
      environment.append((variable.name.value, secret.withBytes { Array($0) }))
      if variable.reference.sensitive { sensitive.append((variable.name.value, secret)) }
    }
    var logins: [RegistryLogin] = []
    for registry in plan.registries {
      let token = try value(of: registry.token)
      sensitive.append((registry.token.field, token))
      logins.append(RegistryLogin(server: registry.server, username: registry.username, token: token))
    }
    return FetchedSecrets(
      environment: environment, login: RegistryLogin.configuration(logins),
      needles: await store.needles(of: sensitive, logins: logins), versions: versions)
  }

  /// The variables that cannot travel in an environment, with the reason.
  var refused: [Problem] {
    environment.compactMap { name, value in EnvironmentValue.problem(with: value, name: name) }
  }
}

extension SecretReference {
  /// The item that holds the field.
  var request: ItemRequest { ItemRequest(item: item, vault: vault, account: account) }
}
