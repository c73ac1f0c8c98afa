import Ledger

/// What one deployment needs of 1Password, in memory only.
struct FetchedSecrets: Sendable {
  /// The variables for Compose, the image tag and the plain ones included.
  var environment: [(name: String, value: [UInt8])]
  /// Docker's `config.json` with the registry's login; an empty one where no registry is named.
  var login: [UInt8]
  var needles: NeedleSet
  var versions: [SecretVersion]

  /// Takes every item that the plan needs from the store, which reads each once.
  static func fetch(
    _ plan: Plan, from store: SecretStore, progress: @escaping @Sendable (Progress) -> Void
  ) async throws(OnePasswordError) -> FetchedSecrets {
    let token = plan.registry?.token
    let references = plan.target.secrets.map(\.reference) + (token.map { [$0] } ?? [])
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
    var environment: [(name: String, value: [UInt8])] = [
      (plan.target.tagVariable.value, Array(plan.tag.value.utf8))
    ]
    environment += plan.target.environment.map { ($0.name.value, Array($0.value.utf8)) }
    var sensitive: [(name: String, secret: Secret)] = []
    for variable in plan.target.secrets {
      let secret = try value(of: variable.reference)
      environment.append((variable.name.value, secret.withBytes { Array($0) }))
      if variable.reference.sensitive { sensitive.append((variable.name.value, secret)) }
    }
    var login = Array("{}".utf8)
    var registryLogin: (user: String, token: Secret)?
    if let registry = plan.registry {
      let secret = try value(of: registry.token)
      registryLogin = (registry.username, secret)
      sensitive.append((registry.token.field, secret))
      login = RegistryLogin.configuration(server: registry.server, username: registry.username, token: secret)
    }
    return FetchedSecrets(
      environment: environment, login: login,
      needles: await store.needles(of: sensitive, registryLogin: registryLogin), versions: versions)
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
