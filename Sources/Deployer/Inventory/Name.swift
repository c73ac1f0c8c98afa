/// A name that matches the grammar of its kind. It is validated once, when it is created, and needs no quoting or
/// checking after that.
///
/// All grammars are ASCII, so two names are equal exactly if their bytes are.
public struct Name<Kind: NameKind>: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The name as it was written.
  public let value: String

  /// Validates `value` against the grammar of `Kind`. Throws ``InvalidName``.
  public init(_ value: String) throws(InvalidName) {
    if let reason = Kind.violation(in: value) {
      throw InvalidName(noun: Kind.noun, value: value, reason: reason, rule: Kind.rule)
    }
    self.value = value
  }

  /// A name that ktrdr itself chose. A test checks each against its grammar.
  init(known value: StaticString) { self.value = "\(value)" }

  public var description: String { value }

  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The grammar of one kind of ``Name``.
public protocol NameKind: Sendable {
  /// What messages call such a name, e.g. `target name`.
  static var noun: String { get }
  /// What is allowed, as the end of a sentence that starts with "use".
  static var rule: String { get }
  /// Why `value` is not such a name, e.g. `must not be empty`; `nil` if it is one.
  static func violation(in value: String) -> String?
}

/// Text that does not match the grammar of its kind of ``Name``.
public struct InvalidName: OperatorError, Equatable {
  /// What it should have been, e.g. `target name`.
  public let noun: String
  /// The rejected text. Untrusted: print ``what``, which escapes it.
  public let value: String
  /// Why it was rejected.
  public let reason: String
  /// What is allowed, as the end of a sentence that starts with "use".
  public let rule: String

  public var what: String { "invalid \(noun) \(quoted(value)): \(reason)" }
  public var nextStep: String? { "use \(rule)" }
}
