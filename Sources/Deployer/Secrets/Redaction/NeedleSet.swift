/// All byte sequences to redact for a set of secrets, verbatim or escaped.
struct NeedleForms: Sendable, Equatable {
  /// Matched anywhere.
  var plain: Set<[UInt8]> = []
  /// Short ones, only matched as whole words.
  var wholeWords: Set<[UInt8]> = []

  init(_ secrets: [Secret], logins: [RegistryLogin] = []) {
    for value in secrets.map({ $0.withBytes { Array($0) } }) where value.count >= NeedleVariants.shortestRaw {
      for form in NeedleVariants.raw(of: value) where form.count >= NeedleVariants.shortestRaw {
        if form.count >= NeedleVariants.shortestPlain { plain.insert(form) } else { wholeWords.insert(form) }
      }
      plain.formUnion(NeedleVariants.changed(value))
    }
    for credentials in logins.map(\.credentials) {
      plain.insert(Base64Forms.whole(credentials))
      plain.formUnion(Base64Forms.of(credentials).filter { $0.count >= NeedleVariants.shortestEncoded })
    }
    wholeWords.subtract(plain)
  }
}

/// The needles of a set of secrets, compiled for searching.
public struct NeedleSet: Sendable {
  /// The names of the secrets that are too short to redact.
  public let tooShort: [String]
  let automaton: Automaton

  public static let empty = NeedleSet([])

  /// - Parameters:
  ///   - secrets: the sensitive values, each with the name that a warning may print.
  ///   - logins: also redacted in the form of `auth` in Docker's `config.json`.
  public init(_ secrets: [(name: String, secret: Secret)], logins: [RegistryLogin] = []) {
    tooShort = secrets.filter { $0.secret.isTooShortToRedact }.map(\.name)
    let forms = NeedleForms(secrets.map(\.secret), logins: logins)
    automaton = Automaton(plain: forms.plain, wholeWords: forms.wholeWords)
  }

  /// Whether `bytes` contain a needle: the last check before something is stored.
  public func containsNeedle(in bytes: [UInt8]) -> Bool {
    var redactor = Redactor(self)
    return redactor.push(bytes) + redactor.finish() != bytes
  }
}

extension Secret {
  /// Whether the value is too short to redact, because it would match unrelated text by chance.
  public var isTooShortToRedact: Bool { byteCount < NeedleVariants.shortestRaw }
}
