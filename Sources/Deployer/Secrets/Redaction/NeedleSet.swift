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
    var plain: Set<[UInt8]> = []
    var bordered: Set<[UInt8]> = []
    var short: [String] = []
    for (name, secret) in secrets {
      let value = secret.withBytes { Array($0) }
      if value.count < NeedleVariants.shortestRaw { short.append(name) }
      for form in NeedleVariants.raw(of: value) {
        if form.count >= NeedleVariants.shortestUnbordered {
          plain.insert(form)
        } else if form.count >= NeedleVariants.shortestRaw {
          bordered.insert(form)
        }
      }
      if value.count >= NeedleVariants.shortestRaw { plain.formUnion(NeedleVariants.encoded(of: value)) }
    }
    if let registryLogin {
      let login = Array("\(registryLogin.user):".utf8) + registryLogin.token.withBytes { Array($0) }
      plain.formUnion(NeedleVariants.base64(login).filter { $0.count >= NeedleVariants.shortestEncoded })
    }
    tooShort = short
    automaton = Automaton(plain: plain, bordered: bordered.subtracting(plain))
  }

  /// Whether any needle occurs in `bytes`: the last check before something is kept.
  public func containsNeedle(in bytes: [UInt8]) -> Bool {
    var redactor = Redactor(self)
    return redactor.push(bytes) + redactor.finish() != bytes
  }
}
