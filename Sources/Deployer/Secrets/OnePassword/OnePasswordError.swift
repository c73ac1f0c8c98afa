/// Why a secret cannot be read from 1Password.
public enum OnePasswordError: OperatorError, Equatable {
  case notInstalled, timedOut, unparsableAnswer
  /// `op` could not be started.
  case notStarted
  /// `op` failed in a way that ktrdr does not know, and this is the beginning of what it said; see ``OnePasswordWords``.
  case unknown(line: String?)
  case notSignedIn, noAccounts, promptDismissed, promptTimedOut, sessionFailed, sessionExpired, appUnreachable
  case rateLimited, serviceAccountDeleted, offline, forbidden, serverFailed
  case itemNotFound(item: String, vault: String?)
  case ambiguousItem(item: String)
  case vaultNotFound(vault: String?)
  case vaultRequired(item: String?)
  case fieldMissing(field: String, item: String, known: [String])
  case fieldEmpty(field: String, item: String)
  case fieldAmbiguous(field: String, item: String, choices: [String])
  case fieldIsOneTimePassword(field: String, item: String)

  public var what: String {
    switch self {
    case .notInstalled: "op, the 1Password CLI, is not installed"
    case .timedOut: "op did not respond in time"
    case .unparsableAnswer: "op returned output that is not a 1Password item"
    case .notStarted: "op could not be started"
    case .unknown(let line?): "op failed: \(line)"
    case .unknown(nil): "op failed without a message"
    case .notSignedIn: "not signed in to 1Password"
    case .noAccounts: "op has no 1Password account configured"
    case .promptDismissed: "the 1Password prompt was dismissed"
    case .promptTimedOut: "the 1Password prompt timed out"
    case .sessionFailed: "op could not start a session with the 1Password app"
    case .sessionExpired: "the 1Password session has expired"
    case .appUnreachable: "op could not connect to the 1Password app"
    case .rateLimited: "1Password rejected the request: too many requests"
    case .serviceAccountDeleted: "the 1Password service account was deleted"
    case .offline: "cannot reach 1Password"
    case .forbidden: "1Password denied access (403)"
    case .serverFailed: "1Password's server failed to answer (5xx)"
    case .itemNotFound(let item, let vault):
      "1Password has no item \(quoted(item))\(vault.map { " in the vault \(quoted($0))" } ?? "")"
    case .ambiguousItem(let item): "more than one 1Password item is named \(quoted(item))"
    case .vaultNotFound(let vault?): "1Password has no vault \(quoted(vault))"
    case .vaultNotFound(nil): "1Password has no such vault"
    case .vaultRequired: "service accounts and Connect servers require a vault"
    case .fieldMissing(let field, let item, _): "item \(quoted(item)) has no field \(quoted(field))"
    case .fieldEmpty(let field, let item): "field \(quoted(field)) of item \(quoted(item)) is empty"
    case .fieldAmbiguous(let field, let item, _):
      "item \(quoted(item)) has several fields named \(quoted(field)) with different values"
    case .fieldIsOneTimePassword(let field, let item):
      "field \(quoted(field)) of item \(quoted(item)) is a one-time password"
    }
  }

  public var nextStep: String? {
    switch self {
    case .notInstalled: "install it: https://developer.1password.com/docs/cli/get-started"
    case .timedOut: "check whether the 1Password app is waiting for you, then try 'op account get'"
    case .unparsableAnswer:
      "check that 'op --version' prints 2.x, then try 'op item get ITEM --format json >/dev/null'"
    case .notStarted: "check that 'op --version' works"
    case .unknown: "run 'op item get ITEM >/dev/null' to see all that op says"
    case .notSignedIn: "eval $(op signin)"
    case .noAccounts: "add one with 'op account add', or turn on the CLI integration in the 1Password app's settings"
    case .promptDismissed: "run the command again and approve the prompt"
    case .promptTimedOut: "unlock the 1Password app, then run the command again and approve the prompt"
    case .sessionFailed: "restart the 1Password app, then try 'op account get'"
    case .sessionExpired: "sign in again: eval $(op signin)"
    case .appUnreachable:
      "open and unlock the app, turn on 'Integrate with 1Password CLI' in its developer settings, then try 'op account get'"
    case .rateLimited: "wait and try again; 'op service-account ratelimit' shows how long"
    case .serviceAccountDeleted: "create a new one and set OP_SERVICE_ACCOUNT_TOKEN"
    case .offline: "check the network and DNS, then try 'op account get'"
    case .forbidden: "ask for permission to read the vault; 'op vault list' shows those that you can read"
    case .serverFailed: "wait and try again; https://status.1password.com shows known problems"
    case .itemNotFound: "list the items with 'op item list', or fix 'item' and 'vault' in the inventory"
    case .ambiguousItem: "add the vault to the inventory, or use the item's id"
    case .vaultNotFound: "list the vaults with 'op vault list', or fix 'vault' in the inventory"
    case .vaultRequired: "add 'vault' under 'secrets' in the inventory"
    case .fieldMissing(_, _, let known): "use one of its fields: \(known.map { quoted($0) }.joined(separator: ", "))"
    case .fieldEmpty: "set it in 1Password"
    case .fieldAmbiguous(_, _, let choices): "use one of \(choices.joined(separator: ", "))"
    case .fieldIsOneTimePassword: "use a field with a fixed value"
    }
  }

  /// Maps `op`'s standard error to an error. Matches only a few words, since the messages change between versions.
  /// What is left is told in `op`'s words, without `secrets`.
  static func classify(
    _ standardError: String, request: ItemRequest?, secrets: [String] = []
  ) -> OnePasswordError {
    let text = standardError.lowercased()
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let item = request?.item ?? ""
    if says("service account deleted") { return .serviceAccountDeleted }
    if says("too many requests", "(429)") { return .rateLimited }
    if says("authorization prompt dismissed") { return .promptDismissed }
    if says("authorization timeout") { return .promptTimedOut }
    if says("cannot setup session") { return .sessionFailed }
    // Before the network: it may go on with "connection refused".
    if says("connecting to desktop app", "unexpected response from 1password app") { return .appUnreachable }
    if says("session expired") { return .sessionExpired }
    if says("no accounts configured") { return .noAccounts }
    if says("not currently signed in", "account is not signed in", "could not find session token") {
      return .notSignedIn
    }
    if says("vault query must be provided") { return .vaultRequired(item: request?.item) }
    if says("more than one item matches") { return .ambiguousItem(item: item) }
    if says("isn't a vault in this account") { return .vaultNotFound(vault: request?.vault) }
    if says("isn't an item") { return .itemNotFound(item: item, vault: request?.vault) }
    if says("no such host", "connection refused", "network is unreachable", "dial tcp") { return .offline }
    if says("(403)", "status 403", "403 forbidden") { return .forbidden }
    if says("do not have permission", "don't have permission", "not have access") { return .forbidden }
    if ["(5", "status 5", "status code 5"].contains(where: { text.hasCode(after: $0) })
      || says("internal server error", "bad gateway", "service unavailable", "gateway timeout")
    {
      return .serverFailed
    }
    return .unknown(line: OnePasswordWords(standardError, secrets: secrets).firstLine)
  }
}

extension String {
  /// Whether the last two digits of a status of HTTP follow `beginning` somewhere.
  fileprivate func hasCode(after beginning: String) -> Bool {
    ranges(of: beginning).contains { found in
      let rest = self[found.upperBound...]
      return rest.prefix(2).count(where: \.isNumber) == 2 && rest.dropFirst(2).first?.isNumber != true
    }
  }
}
