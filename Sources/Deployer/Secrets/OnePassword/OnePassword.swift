/// Reads items from 1Password with its CLI, `op` version 2.
public struct OnePassword: Sendable {
  private let runner: CommandRunner
  private let environment: [String: String]
  private let timeout: Duration

  /// `op` inherits `environment` without ktrdr's own variables and without `names`, the variables that hold secrets. The
  /// default timeout is a minute because `op` may be waiting for a fingerprint.
  public init(
    runner: CommandRunner, environment: [String: String], withholding names: [String] = [],
    timeout: Duration = .seconds(60)
  ) {
    self.runner = runner
    self.timeout = timeout
    self.environment = ChildEnvironment.forOnePassword(environment, withholding: names)
  }

  /// Checks whether items can be read, without reading one.
  ///
  /// The check depends on how the operator signs in: `op account list` only shows what is configured, and `op whoami`
  /// fails with the desktop app's integration even though reads work.
  public func checkUsable() async throws(OnePasswordError) {
    if has("OP_CONNECT_HOST"), has("OP_CONNECT_TOKEN") {
      _ = try await run(["--version"])
    } else if has("OP_SERVICE_ACCOUNT_TOKEN") {
      _ = try await run(["whoami"])
    } else {
      let accounts = try await run(["account", "list", "--format", "json"])
      guard String(decoding: accounts, as: UTF8.self).contains("{") else { throw .noAccounts }
      _ = try await run(["account", "get"])
    }
  }

  /// Reads an item with all its fields in one request.
  public func item(_ request: ItemRequest) async throws(OnePasswordError) -> SecretItem {
    let needsVault = has("OP_SERVICE_ACCOUNT_TOKEN") || (has("OP_CONNECT_HOST") && has("OP_CONNECT_TOKEN"))
    if needsVault, request.vault == nil { throw .vaultRequired(item: request.item) }
    var json = try await run(Self.arguments(for: request), request)
    defer { json.wipe() }
    return try SecretItem(json: json, request: request)
  }

  static func arguments(for request: ItemRequest) -> [String] {
    ["item", "get", request.item, "--format", "json"] + (request.vault.map { ["--vault", $0] } ?? [])
      + (request.account.map { ["--account", $0] } ?? [])
  }

  private func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }

  private func run(_ arguments: [String], _ request: ItemRequest? = nil) async throws(OnePasswordError) -> [UInt8] {
    let result: CommandResult
    do {
      var op = Command("op", arguments, environment: environment)
      op.endsWithParent = true
      result = try await runner.run(op, timeout)
    } catch CommandError.notFound {
      throw .notInstalled
    } catch CommandError.timedOut {
      throw .timedOut
    } catch {
      throw .notStarted
    }
    guard result.status == 0 else {
      throw OnePasswordError.classify(
        String(decoding: result.standardError, as: UTF8.self), request: request, secrets: credentials)
    }
    return result.standardOutput
  }

  /// The values that `op` signs in with.
  private var credentials: [String] {
    environment.filter { name, value in
      !value.isEmpty && (name.hasSuffix("_TOKEN") || name.hasPrefix("OP_SESSION_"))
    }.map(\.value)
  }
}

/// Which item to read, and where from.
public struct ItemRequest: Hashable, Sendable {
  /// A name, an id or a share link; `op` accepts all three.
  public var item: String
  public var vault: String?
  public var account: String?

  public init(item: String, vault: String? = nil, account: String? = nil) {
    self.item = item
    self.vault = vault
    self.account = account
  }
}
