/// Where commits and images can be looked at in a browser, as the inventory's `links` says.
public struct Links: Sendable, Equatable {
  public var commit: LinkTemplate<CommitLink>?
  public var image: LinkTemplate<ImageLink>?

  public init() {}

  public var isEmpty: Bool { commit == nil && image == nil }

  /// Of a full commit id.
  public func link(toCommit sha: String) -> Link? { commit?.filled { _ in sha } }
}

/// An address for a browser. Only ``LinkTemplate`` makes one, of characters that a URL may have: it steers no terminal.
public struct Link: Sendable, Equatable {
  public let address: String

  fileprivate init(address: String) { self.address = address }
}

/// What can stand in braces in one kind of template.
public protocol LinkPlaceholder: RawRepresentable<String>, CaseIterable, Sendable, Equatable {}

public enum CommitLink: String, LinkPlaceholder {
  case sha
}

public enum ImageLink: String, LinkPlaceholder {
  /// `ghcr.io/kpiteira/ktrdr-backend`, what follows the registry, and the last part.
  case image, path, name
  case tag
  /// `sha256:…`.
  case digest
}

/// A URL with placeholders, such as `https://github.com/kpiteira/ktrdr/commit/{sha}`.
public struct LinkTemplate<Placeholder: LinkPlaceholder>: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    case placeholder(Placeholder)
  }

  /// As it was written.
  public let text: String
  let parts: [Part]

  /// Throws ``InvalidLink``.
  public init(_ text: String) throws(InvalidLink) {
    func refusal(_ reason: String) -> InvalidLink {
      InvalidLink(text: text, reason: reason, placeholders: Placeholder.allCases.map { "{\($0.rawValue)}" })
    }
    var parts: [Part] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "{" {
        guard let end = rest.firstIndex(of: "}") else { throw refusal("'{' is not closed") }
        let word = rest[..<end].dropFirst()
        guard let placeholder = Placeholder(rawValue: String(word)) else {
          throw refusal("unknown placeholder \(quoted("{\(word)}"))")
        }
        parts.append(.placeholder(placeholder))
        rest = rest[end...].dropFirst()
      } else {
        let plain = rest.prefix { $0 != "{" }
        if let bad = plain.unicodeScalars.first(where: { !$0.isInURL }) {
          throw refusal("a URL must not contain \(quoted(String(bad)))")
        }
        parts.append(.text(String(plain)))
        rest = rest[plain.endIndex...]
      }
    }
    // What is filled in comes from hosts and from git: it must not choose the site.
    guard case .text(let start) = parts.first, Self.namesHost(start) else {
      throw refusal("it must begin with https:// or http:// and a host, followed by '/'")
    }
    guard parts.count > 1 else { throw refusal("it has no placeholder, so every link would be the same") }
    (self.text, self.parts) = (text, parts)
  }

  private static func namesHost(_ start: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: start.hasPrefix) else { return false }
    let rest = start.dropFirst(scheme.count)
    guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { return false }
    return !rest[..<slash].contains { "?#@".contains($0) }
  }

  /// The address, with each value percent-encoded; `nil` if one is not there.
  func filled(_ value: (Placeholder) -> String?) -> Link? {
    var address = ""
    for part in parts {
      switch part {
      case .text(let text): address += text
      case .placeholder(let placeholder):
        guard let value = value(placeholder), !value.isEmpty else { return nil }
        address += value.percentEncoded
      }
    }
    return Link(address: address)
  }
}

/// Text that is no ``LinkTemplate``.
public struct InvalidLink: OperatorError, Equatable {
  /// The rejected text. Untrusted: print ``what``, which escapes it.
  public let text: String
  public let reason: String
  /// What its kind of template knows, with braces.
  public let placeholders: [String]

  public var what: String { "invalid link \(quoted(text)): \(reason)" }
  public var nextStep: String? { "use a URL with \(placeholders.joined(separator: ", "))" }
}

extension String {
  /// For a path: letters, digits, `-`, `.`, `_`, `~`, and `/` and `:`, which are parts of an image's name; all else as bytes.
  fileprivate var percentEncoded: String {
    utf8.map { byte -> String in
      let scalar = Unicode.Scalar(byte)
      guard !scalar.isUnreserved, !"/:".unicodeScalars.contains(scalar) else { return String(scalar) }
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }.joined()
  }
}

extension Unicode.Scalar {
  fileprivate var isUnreserved: Bool { isWord || "-.~".unicodeScalars.contains(self) }

  /// The characters of RFC 3986, but for braces, which it does not have either.
  fileprivate var isInURL: Bool { isUnreserved || ":/?#[]@!$&'()*+,;=%".unicodeScalars.contains(self) }
}
