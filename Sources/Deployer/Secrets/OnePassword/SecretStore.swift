/// Caches 1Password items for the duration of one command, so that each is read once for all targets.
public actor SecretStore {
  private let onePassword: OnePassword
  private var items: [ItemRequest: Task<Result<SecretItem, OnePasswordError>, Never>] = [:]
  private var needleSets: [[NeedleSource]: NeedleSet] = [:]
  private var usable: Task<Result<Void, OnePasswordError>, Never>?

  public init(_ onePassword: OnePassword) { self.onePassword = onePassword }

  /// See ``OnePassword/checkUsable()``.
  func checkUsable() async throws(OnePasswordError) {
    let task =
      usable
      ?? Task { [onePassword] in
        await Self.result { () throws(OnePasswordError) in
          try await onePassword.checkUsable()
        }
      }
    usable = task
    try await task.value.get()
  }

  /// See ``OnePassword/item(_:)``. Calls `first` before the first request for an item.
  func item(_ request: ItemRequest, first: @Sendable () -> Void) async throws(OnePasswordError) -> SecretItem {
    if items[request] == nil { first() }
    let task =
      items[request]
      ?? Task { [onePassword] in
        await Self.result { () throws(OnePasswordError) in
          try await onePassword.item(request)
        }
      }
    items[request] = task
    return try await task.value.get()
  }

  /// The needles for redacting `secrets`. Built once for all targets that use the same values.
  func needles(
    of secrets: [(name: String, secret: Secret)], logins: [RegistryLogin]
  ) -> NeedleSet {
    let sources =
      secrets.map { NeedleSource(name: $0.name, value: ObjectIdentifier($0.secret)) }
      + logins.map { NeedleSource(name: $0.username, value: ObjectIdentifier($0.token)) }
    if let cached = needleSets[sources] { return cached }
    let needles = NeedleSet(secrets, logins: logins)
    needleSets[sources] = needles
    return needles
  }

  /// Identifies a value that needles are made from, without its content.
  private struct NeedleSource: Hashable {
    var name: String
    var value: ObjectIdentifier
  }

  private static func result<Value>(
    _ body: () async throws(OnePasswordError) -> Value
  ) async -> Result<Value, OnePasswordError> {
    do throws(OnePasswordError) { return .success(try await body()) } catch { return .failure(error) }
  }
}
