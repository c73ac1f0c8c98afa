/// The name of a target in the inventory: `core`, `workers-b`.
public typealias TargetName = Name<TargetKind>
/// The name of a Compose service.
public typealias ServiceName = Name<ServiceKind>
/// The name of a Compose profile.
public typealias ProfileName = Name<ProfileKind>
/// An image tag, in Docker's grammar.
public typealias ImageTag = Name<ImageTagKind>
/// A full git commit id.
public typealias GitSHA = Name<GitSHAKind>

public enum TargetKind: NameKind {
  public static let noun = "target name"
  public static let rule = "up to 63 lowercase letters, digits, '.', '_' and '-', starting with a letter or digit"

  public static func violation(in value: String) -> String? {
    violation(
      in: value, upTo: 63, first: { $0.isLower || $0.isDigit }, rest: { $0.isLower || $0.isDigit || $0.isSeparator })
  }
}

public enum ServiceKind: NameKind {
  public static let noun = "service name"
  public static let rule = "up to 128 letters, digits, '.', '_' and '-', starting with a letter, digit or '_'"

  public static func violation(in value: String) -> String? {
    violation(in: value, upTo: 128, first: \.isWord, rest: { $0.isWord || $0.isSeparator })
  }
}

public enum ProfileKind: NameKind {
  public static let noun = "profile name"
  public static let rule = "up to 128 letters, digits, '.', '_' and '-', starting with a letter or digit"

  public static func violation(in value: String) -> String? {
    violation(in: value, upTo: 128, first: { $0.isWord && $0 != "_" }, rest: { $0.isWord || $0.isSeparator })
  }
}

/// The grammar of the OCI distribution specification: `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`.
public enum ImageTagKind: NameKind {
  public static let noun = "image tag"
  public static let rule = "up to 128 letters, digits, '.', '_' and '-', starting with a letter, digit or '_'"

  public static func violation(in value: String) -> String? {
    violation(in: value, upTo: 128, first: \.isWord, rest: { $0.isWord || $0.isSeparator })
  }
}

public enum GitSHAKind: NameKind {
  public static let noun = "git commit id"
  public static let rule = "40 lowercase hexadecimal digits, as git prints them"

  public static func violation(in value: String) -> String? {
    guard value.utf8.count == 40 else { return "must be 40 characters long, not \(value.utf8.count)" }
    return violation(in: value, upTo: 40, first: \.isLowerHex, rest: \.isLowerHex)
  }
}

extension Name where Kind == GitSHAKind {
  /// The first 7 characters, which CI appends to `sha-` in a tag. Git's own short form grows with the repository.
  public var short: String { String(value.prefix(7)) }
}

extension NameKind {
  /// Why `value` is rejected: it is empty, too long, or has a character that is not allowed at its position.
  static func violation(
    in value: String, upTo limit: Int, first: (Unicode.Scalar) -> Bool, rest: (Unicode.Scalar) -> Bool
  ) -> String? {
    guard let head = value.unicodeScalars.first else { return "must not be empty" }
    guard value.utf8.count <= limit else { return "must be at most \(limit) characters long" }
    guard first(head) else { return "must not start with \(quoted(String(head)))" }
    guard let bad = value.unicodeScalars.dropFirst().first(where: { !rest($0) }) else { return nil }
    return "must not contain \(quoted(String(bad)))"
  }
}
