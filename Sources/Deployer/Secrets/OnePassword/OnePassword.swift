/// 1Password through its command line, `op` version 2.
public struct OnePassword: Sendable {
  private let runner: CommandRunner
  private let environment: [String: String]

  private let timeout: Duration

  /// `op` gets `environment` without ktrdr's own variables and without `names`, those of the secrets. It may take as long
  /// as `timeout`: a minute, since it may be waiting for a fingerprint.
  public init(
    runner: CommandRunner, environment: [String: String], withholding names: [String] = [],
    timeout: Duration = .seconds(60)
  ) {
    self.runner = runner
    self.timeout = timeout
    self.environment = ChildEnvironment.forOnePassword(environment, withholding: names)
  }

  /// Finds out whether items can be read, without reading one.
  ///
  /// `op account list` lists only what is configured, and `op whoami` says no under the desktop application's
  /// integration while reads work; so which question is asked depends on how the operator signs in.
  public func checkUsable() async throws(OnePasswordError) {
    if has("OP_CONNECT_HOST"), has("OP_CONNECT_TOKEN") {
      _ = try await ask(["--version"])
    } else if has("OP_SERVICE_ACCOUNT_TOKEN") {
      _ = try await ask(["whoami"])
    } else {
      let accounts = try await ask(["account", "list", "--format", "json"])
      guard String(decoding: accounts, as: UTF8.self).contains("{") else { throw .noAccounts }
      _ = try await ask(["account", "get"])
    }
  }

  /// Reads a whole item: one request, however many of its fields are needed.
  public func item(_ request: ItemRequest) async throws(OnePasswordError) -> SecretItem {
    let needsVault = has("OP_SERVICE_ACCOUNT_TOKEN") || (has("OP_CONNECT_HOST") && has("OP_CONNECT_TOKEN"))
    if needsVault, request.vault == nil { throw .vaultRequired(item: request.item) }
    var answer = try await ask(Self.arguments(for: request), request)
    defer { answer.wipe() }
    return try SecretItem(json: answer, request: request)
  }

  static func arguments(for request: ItemRequest) -> [String] {
    ["item", "get", request.item, "--format", "json"] + (request.vault.map { ["--vault", $0] } ?? [])
      + (request.account.map { ["--account", $0] } ?? [])
  }

  private func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }

  private func ask(_ arguments: [String], _ request: ItemRequest? = nil) async throws(OnePasswordError) -> [UInt8] {
    let result: CommandResult
    do {
      result = try await runner.run(Command("op", arguments, environment: environment), timeout)
    } catch CommandError.notFound {
      throw .notInstalled
    } catch CommandError.timedOut {
      throw .timedOut
    } catch {
      throw .unknown
    }
    guard result.status == 0 else {
      throw OnePasswordError.classify(String(decoding: result.standardError, as: UTF8.self), request: request)
    }
    return result.standardOutput
  }
}

/// Which item to read, from where. A name, an id or a share link; `op` takes each.
public struct ItemRequest: Hashable, Sendable {
  public var item: String
  public var vault: String?
  public var account: String?

  public init(item: String, vault: String? = nil, account: String? = nil) {
    self.item = item
    self.vault = vault
    self.account = account
  }
}
