/// A word of one grammar, checked once, when it is made: after that nobody needs to quote or doubt it.
///
/// All grammars are ASCII only, so two names are equal exactly when their bytes are.
public struct Name<Kind: NameKind>: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The text as it was given.
  public let value: String

  /// Checks `value` against the grammar of `Kind`. Throws ``InvalidName``.
  public init(_ value: String) throws(InvalidName) {
    if let reason = Kind.refusal(of: value) {
      throw InvalidName(noun: Kind.noun, value: value, reason: reason, rule: Kind.rule)
    }
    self.value = value
  }

  public var description: String { value }

  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A grammar for a ``Name``.
public protocol NameKind: Sendable {
  /// What such a name is called in a message, e.g. `target name`.
  static var noun: String { get }
  /// What is allowed, as the rest of a sentence that begins "use ".
  static var rule: String { get }
  /// Why `value` is not such a name; `nil` when it is one.
  static func refusal(of value: String) -> String?
}

/// A text that is not the name that it should be.
public struct InvalidName: Error, Equatable, CustomStringConvertible {
  /// What it should have been, e.g. `target name`.
  public let noun: String
  /// The text that was refused. It comes from outside: print ``description``, which shows it safely.
  public let value: String
  /// Why it was refused.
  public let reason: String
  /// What is allowed, as the rest of a sentence that begins "use ".
  public let rule: String

  /// What is wrong, without what to do about it.
  public var what: String { "\(shown(value)) is not a \(noun): \(reason)" }
  /// What to do about it.
  public var nextStep: String { "use \(rule)" }
  public var description: String { "\(what); \(nextStep)" }
}
