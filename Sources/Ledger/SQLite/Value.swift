/// A value as SQLite stores it. Absent is `nil`.
enum Value: Equatable {
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

extension Value {
  /// `nil` stays `nil`.
  static func optional(_ text: String?) -> Value? { text.map(Value.text) }
  static func optional(_ number: Int64?) -> Value? { number.map(Value.integer) }
}
