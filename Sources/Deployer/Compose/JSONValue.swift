/// Any JSON. Compose writes a field as text, number or object depending on its version and on whether variables stand in it.
enum JSONValue: Decodable, Equatable, Sendable {
  case null
  case scalar(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    // The commonest first: each form that it does not have costs an error that is thrown and caught.
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = .scalar(text)
    } else if let members = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try members.allKeys.reduce(into: [:]) { $0[$1.stringValue] = try members.decode(JSONValue.self, forKey: $1) })
    } else if var elements = try? decoder.unkeyedContainer() {
      var values: [JSONValue] = []
      while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
      self = .array(values)
    } else {
      self = try Self.literal(in: decoder.singleValueContainer())
    }
  }

  private static func literal(in container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let flag = try? container.decode(Bool.self) { return .scalar("\(flag)") }
    if let number = try? container.decode(Int64.self) { return .scalar("\(number)") }
    return .scalar("\(try container.decode(Double.self))")
  }

  subscript(key: String) -> JSONValue? { members[key].flatMap { $0 == .null ? nil : $0 } }

  /// The value of a text, number or boolean.
  var text: String? { if case .scalar(let text) = self { text } else { nil } }
  var texts: [String] { elements.compactMap(\.text) }
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }

  /// Every text in it, names of members included.
  var everyText: [String] {
    switch self {
    case .null: []
    case .scalar(let text): [text]
    case .array(let elements): elements.flatMap(\.everyText)
    case .object(let members): members.flatMap { [$0.key] + $0.value.everyText }
    }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
