/// Why 1Password does not give a secret. Never holds `op`'s own words: they may quote what was asked for.
public enum OnePasswordError: Error, Equatable, Sendable {
  case notInstalled, timedOut, unparsableAnswer, unknown
  case notSignedIn, noAccounts, promptDismissed, promptTimedOut, sessionFailed
  case rateLimited, serviceAccountDeleted, offline
  case itemNotFound(item: String, vault: String?)
  case ambiguousItem(item: String)
  case vaultNotFound(vault: String?)
  case vaultRequired(item: String?)
  case fieldMissing(field: String, item: String, known: [String])
  case fieldEmpty(field: String, item: String)
  case fieldAmbiguous(field: String, item: String, choices: [String])
  case fieldIsOneTimePassword(field: String, item: String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .notInstalled: "1Password's command line, op, is not installed"
    case .timedOut: "op did not answer in time"
    case .unparsableAnswer: "op answered something that is no item"
    case .unknown: "op failed for a reason that ktrdr does not know"
    case .notSignedIn: "you are not signed in to 1Password"
    case .noAccounts: "op knows no 1Password account"
    case .promptDismissed: "the 1Password prompt was dismissed"
    case .promptTimedOut: "nobody answered the 1Password prompt"
    case .sessionFailed: "op could not start a session with the 1Password app"
    case .rateLimited: "1Password says that there were too many requests"
    case .serviceAccountDeleted: "the 1Password service account was deleted"
    case .offline: "1Password cannot be reached"
    case .itemNotFound(let item, let vault):
      "1Password has no item \(shown(item))\(vault.map { " in the vault \(shown($0))" } ?? "")"
    case .ambiguousItem(let item): "more than one 1Password item is called \(shown(item))"
    case .vaultNotFound(let vault): "1Password has no vault \(shown(vault ?? "of that name"))"
    case .vaultRequired: "a service account or Connect server must be told the vault"
    case .fieldMissing(let field, let item, _): "the item \(shown(item)) has no field \(shown(field))"
    case .fieldEmpty(let field, let item): "the field \(shown(field)) of the item \(shown(item)) is empty"
    case .fieldAmbiguous(let field, let item, _):
      "the item \(shown(item)) has several fields \(shown(field)) with different values"
    case .fieldIsOneTimePassword(let field, let item):
      "the field \(shown(field)) of the item \(shown(item)) is a one-time password"
    }
  }

  /// What to do about it.
  public var nextStep: String {
    switch self {
    case .notInstalled: "install it: https://developer.1password.com/docs/cli/get-started"
    case .timedOut: "is the 1Password app waiting for you? try: op account get"
    case .unparsableAnswer: "is it version 2? op --version; then try by hand: op item get ITEM --format json >/dev/null"
    case .unknown: "try the same by hand and read what op says: op item get ITEM >/dev/null"
    case .notSignedIn: "sign in: eval $(op signin)"
    case .noAccounts: "add one: op account add; or switch on the integration in the 1Password app's developer settings"
    case .promptDismissed: "run the command again and approve the prompt"
    case .promptTimedOut: "unlock the 1Password app, run the command again and approve the prompt in time"
    case .sessionFailed: "restart the 1Password app, then: op account get"
    case .rateLimited: "wait a while; op service-account ratelimit shows how long"
    case .serviceAccountDeleted: "make a new one and set OP_SERVICE_ACCOUNT_TOKEN"
    case .offline: "check the network and DNS, then: op account get"
    case .itemNotFound: "see what there is: op item list; or mend 'item' and 'vault' in the inventory"
    case .ambiguousItem: "name the vault in the inventory, or use the item's id"
    case .vaultNotFound: "see what there is: op vault list; or mend 'vault' in the inventory"
    case .vaultRequired: "add 'vault' under 'secrets' in the inventory"
    case .fieldMissing(_, _, let known): "its fields are: \(known.map { shown($0) }.joined(separator: ", "))"
    case .fieldEmpty: "fill it in 1Password"
    case .fieldAmbiguous(_, _, let choices): "name one by its section: \(choices.joined(separator: ", "))"
    case .fieldIsOneTimePassword: "name a field that holds a plain value"
    }
  }

  /// Which error `op` means. Its texts change between versions, so a few words of each are enough.
  static func classify(_ standardError: String, request: ItemRequest?) -> OnePasswordError {
    let text = standardError.lowercased()
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let item = request?.item ?? ""
    if says("service account deleted") { return .serviceAccountDeleted }
    if says("too many requests", "(429)") { return .rateLimited }
    if says("authorization prompt dismissed") { return .promptDismissed }
    if says("authorization timeout") { return .promptTimedOut }
    if says("cannot setup session") { return .sessionFailed }
    if says("no accounts configured") { return .noAccounts }
    if says("not currently signed in", "account is not signed in", "could not find session token") {
      return .notSignedIn
    }
    if says("vault query must be provided") { return .vaultRequired(item: request?.item) }
    if says("more than one item matches") { return .ambiguousItem(item: item) }
    if says("isn't a vault in this account") { return .vaultNotFound(vault: request?.vault) }
    if says("isn't an item") { return .itemNotFound(item: item, vault: request?.vault) }
    if says("no such host", "connection refused", "network is unreachable", "dial tcp") { return .offline }
    return .unknown
  }
}
