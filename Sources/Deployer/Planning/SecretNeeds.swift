/// What needs 1Password: variables of targets, and logins at registries.
public struct SecretNeeds: Sendable {
  private var uses: [(reference: SecretReference, name: String)]

  public init(_ targets: [Target], registries: [Registry]) {
    uses = targets.flatMap { target in target.secrets.map { ($0.reference, "\($0.name) of \(target.name)") } }
    uses += registries.map { ($0.token, "the login at \($0.server)") }
  }

  /// Then 1Password is not asked.
  public var isEmpty: Bool { uses.isEmpty }

  /// The error as a problem that says what it stands in the way of.
  func problem(_ error: OnePasswordError) -> Problem {
    let names = uses.filter { error.concerns($0.reference) }.map(\.name)
    guard !names.isEmpty else { return error.problem }
    let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    return Problem(.secrets, "\(error.what) (needed for \(shown))", nextStep: error.nextStep)
  }

  /// The problem that `check` meets, as a list; empty if there is none, or if nothing needs 1Password.
  func problems(of check: () async throws(OnePasswordError) -> Void) async -> [Problem] {
    guard !isEmpty else { return [] }
    do throws(OnePasswordError) {
      try await check()
      return []
    } catch {
      return [problem(error)]
    }
  }
}

extension OnePasswordError {
  /// Whether it stands in the way of this secret; one that is about neither an item nor a field stands in that of all.
  fileprivate func concerns(_ reference: SecretReference) -> Bool {
    switch self {
    case .itemNotFound(let item, _), .ambiguousItem(let item): item == reference.item
    case .vaultNotFound(let vault?): vault == reference.vault
    case .fieldMissing(let field, let item, _), .fieldEmpty(let field, let item),
      .fieldAmbiguous(let field, let item, _), .fieldIsOneTimePassword(let field, let item):
      field == reference.field && item == reference.item
    default: true
    }
  }
}
