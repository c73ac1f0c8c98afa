/// What a target of the inventory is called: `core`, `workers-b`.
public typealias TargetName = Name<TargetKind>
/// A Compose service.
public typealias ServiceName = Name<ServiceKind>
/// A Compose profile.
public typealias ProfileName = Name<ProfileKind>
/// The tag of an image, in Docker's grammar.
public typealias ImageTag = Name<ImageTagKind>
/// A full commit id.
public typealias GitSHA = Name<GitSHAKind>

public enum TargetKind: NameKind {
  public static let noun = "target name"
  public static let rule = "lower-case letters, digits, '.', '_' and '-', at most 63, a letter or digit first"

  public static func refusal(of value: String) -> String? {
    refusal(of: value, upTo: 63, first: { $0.isLower || $0.isDigit }, rest: { $0.isLower || $0.isDigit || $0.isJoint })
  }
}

public enum ServiceKind: NameKind {
  public static let noun = "service name"
  public static let rule = "letters, digits, '.', '_' and '-', at most 128, a letter, digit or '_' first"

  public static func refusal(of value: String) -> String? {
    refusal(of: value, upTo: 128, first: \.isWord, rest: { $0.isWord || $0.isJoint })
  }
}

public enum ProfileKind: NameKind {
  public static let noun = "profile name"
  public static let rule = "letters, digits, '.', '_' and '-', at most 128, a letter or digit first"

  public static func refusal(of value: String) -> String? {
    refusal(of: value, upTo: 128, first: { $0.isWord && $0 != "_" }, rest: { $0.isWord || $0.isJoint })
  }
}

/// The grammar of the distribution specification: `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`.
public enum ImageTagKind: NameKind {
  public static let noun = "image tag"
  public static let rule = "letters, digits, '.', '_' and '-', at most 128, a letter, digit or '_' first"

  public static func refusal(of value: String) -> String? {
    refusal(of: value, upTo: 128, first: \.isWord, rest: { $0.isWord || $0.isJoint })
  }
}

public enum GitSHAKind: NameKind {
  public static let noun = "git commit id"
  public static let rule = "40 hexadecimal digits, in lower case, as git prints them"

  public static func refusal(of value: String) -> String? {
    guard value.utf8.count == 40 else { return "it has \(value.utf8.count) characters, not 40" }
    return refusal(of: value, upTo: 40, first: \.isLowerHex, rest: \.isLowerHex)
  }
}

extension Name where Kind == GitSHAKind {
  /// The first 7 characters: what CI puts behind `sha-` in a tag. Git's own short form grows with the repository.
  public var short: String { String(value.prefix(7)) }
}

extension NameKind {
  /// Why `value` is empty, too long, or has a character that is not allowed where it stands.
  static func refusal(
    of value: String, upTo limit: Int, first: (Unicode.Scalar) -> Bool, rest: (Unicode.Scalar) -> Bool
  ) -> String? {
    guard let head = value.unicodeScalars.first else { return "it is empty" }
    guard value.utf8.count <= limit else { return "it is longer than \(limit) characters" }
    guard first(head) else { return "it may not begin with \(shown(String(head)))" }
    guard let bad = value.unicodeScalars.dropFirst().first(where: { !rest($0) }) else { return nil }
    return "it may not contain \(shown(String(bad)))"
  }
}
