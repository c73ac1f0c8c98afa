/// How the tag of an image is made from what git says of HEAD: text with placeholders, such as `sha-{sha:7}`.
public struct TagFormat: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    /// The commit's first characters; 40 are all.
    case sha(length: Int)
    /// The git tag at HEAD.
    case tag
    /// The branch that is checked out.
    case branch
  }

  /// As it was written.
  public let text: String
  let parts: [Part]

  /// `sha-` and the first 7 characters, whatever length git abbreviates to in a repository: it grows.
  public static let standard = TagFormat(text: "sha-{sha:7}", parts: [.text("sha-"), .sha(length: 7)])

  private init(text: String, parts: [Part]) { (self.text, self.parts) = (text, parts) }

  /// Throws ``InvalidTagFormat``.
  public init(_ text: String) throws(InvalidTagFormat) {
    var parts: [Part] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "{" {
        guard let end = rest.firstIndex(of: "}") else {
          throw InvalidTagFormat(text: text, reason: "'{' is not closed")
        }
        parts.append(try Self.placeholder(rest[..<end].dropFirst(), in: text))
        rest = rest[end...].dropFirst()
      } else {
        let plain = rest.prefix { $0 != "{" }
        if let bad = plain.unicodeScalars.first(where: { !$0.isWord && !$0.isSeparator }) {
          throw InvalidTagFormat(text: text, reason: "an image tag must not contain \(quoted(String(bad)))")
        }
        parts.append(.text(String(plain)))
        rest = rest[plain.endIndex...]
      }
    }
    let isFixed = parts.allSatisfy { if case .text = $0 { true } else { false } }
    guard !isFixed else { throw InvalidTagFormat(text: text, reason: "every version would have the same tag") }
    (self.text, self.parts) = (text, parts)
  }

  private static func placeholder(_ word: Substring, in text: String) throws(InvalidTagFormat) -> Part {
    switch word {
    case "sha": return .sha(length: 40)
    case "tag": return .tag
    case "branch": return .branch
    default: break
    }
    guard word.hasPrefix("sha:") else {
      throw InvalidTagFormat(text: text, reason: "unknown placeholder \(quoted("{\(word)}"))")
    }
    guard let length = Int(word.dropFirst(4)), (4...40).contains(length) else {
      throw InvalidTagFormat(text: text, reason: "N of {sha:N} must be between 4 and 40")
    }
    return .sha(length: length)
  }
}

/// Text that is no ``TagFormat``.
public struct InvalidTagFormat: OperatorError, Equatable {
  /// The rejected text. Untrusted: print ``what``, which escapes it.
  public let text: String
  public let reason: String

  public var what: String { "invalid tag format \(quoted(text)): \(reason)" }
  public var nextStep: String? { "use text with {sha}, {sha:N}, {tag} or {branch}, such as sha-{sha:7}" }
}
