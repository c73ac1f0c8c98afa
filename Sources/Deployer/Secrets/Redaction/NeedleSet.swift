/// Everything that must not appear in a text, as bytes to look for.
struct NeedleForms: Sendable, Equatable {
  /// Looked for everywhere.
  var plain: Set<[UInt8]> = []
  /// Short ones, which count only where no word goes on at their ends.
  var bordered: Set<[UInt8]> = []

  init(_ secrets: [Secret], registryLogin: (user: String, token: Secret)?) {
    for value in secrets.map({ $0.withBytes { Array($0) } }) where value.count >= NeedleVariants.shortestRaw {
      for form in NeedleVariants.raw(of: value) where form.count >= NeedleVariants.shortestRaw {
        if form.count >= NeedleVariants.shortestUnbordered { plain.insert(form) } else { bordered.insert(form) }
      }
      plain.formUnion(NeedleVariants.encoded(of: value))
    }
    if let registryLogin {
      let login = Array("\(registryLogin.user):".utf8) + registryLogin.token.withBytes { Array($0) }
      plain.insert(Base64Forms.whole(login))
      plain.formUnion(Base64Forms.of(login).filter { $0.count >= NeedleVariants.shortestEncoded })
    }
    bordered.subtract(plain)
  }
}

/// Everything that must not appear in a text, as one automaton.
public struct NeedleSet: Sendable {
  /// The names of sensitive values that are too short to be looked for.
  public let tooShort: [String]
  let automaton: Automaton

  public static let empty = NeedleSet([], registryLogin: nil)

  /// - Parameters:
  ///   - secrets: the sensitive values, each under the name that a warning may use.
  ///   - registryLogin: also looked for as the `auth` of a Docker configuration.
  public init(
    _ secrets: [(name: String, secret: Secret)], registryLogin: (user: String, token: Secret)?
  ) {
    tooShort = secrets.filter { $0.secret.isTooShortToRedact }.map(\.name)
    let forms = NeedleForms(secrets.map(\.secret), registryLogin: registryLogin)
    automaton = Automaton(plain: forms.plain, bordered: forms.bordered)
  }

  /// Whether any needle occurs in `bytes`: the last check before something is kept.
  public func containsNeedle(in bytes: [UInt8]) -> Bool {
    var redactor = Redactor(self)
    return redactor.push(bytes) + redactor.finish() != bytes
  }
}

extension Secret {
  /// Whether the value would match too much by chance, so that it is not looked for.
  public var isTooShortToRedact: Bool { byteCount < NeedleVariants.shortestRaw }
}
