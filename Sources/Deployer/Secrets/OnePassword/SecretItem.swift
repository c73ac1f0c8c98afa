import Platform

/// A 1Password item: its id, its version and the values of its fields.
public struct SecretItem: Sendable {
  public let id: String
  public let version: Int
  public let title: String
  private let fields: [Field]

  private struct Field: Sendable {
    var id: String
    var label: String?
    var section: String?
    var isOneTimePassword: Bool
    var value: Secret?

    var name: String { label ?? id }
    var fullName: String { section.map { "\($0).\(name)" } ?? name }
  }

  /// Decodes the output of `op item get --format json`. Throws ``OnePasswordError/unparsableAnswer`` for anything else.
  init(json: [UInt8], request: ItemRequest) throws(OnePasswordError) {
    guard json.count <= 4 << 20, let answer = try? JSONDecoder().decode(Answer.self, from: Data(json)) else {
      throw .unparsableAnswer
    }
    id = answer.id
    version = answer.version ?? 0
    title = answer.title ?? request.item
    fields = (answer.fields ?? []).map { field in
      Field(
        id: field.id ?? "", label: field.label, section: field.section?.label ?? field.section?.id,
        isOneTimePassword: field.type == "OTP", value: field.value.map { Secret($0) })
    }
  }

  /// The value of a field, by label or id, or by `section.label` if several fields have the same label.
  public func value(ofField name: String) throws(OnePasswordError) -> Secret {
    var found = fields.filter { $0.label == name }
    if found.isEmpty { found = fields.filter { $0.id == name } }
    if found.isEmpty { found = fields.filter { $0.fullName == name } }
    guard let field = found.first else {
      throw .fieldMissing(field: name, item: title, known: fields.map(\.name))
    }
    if field.isOneTimePassword { throw .fieldIsOneTimePassword(field: name, item: title) }
    let values = found.map { $0.value?.withBytes { Array($0) } ?? [] }
    guard values.allSatisfy({ $0 == values[0] }) else {
      throw .fieldAmbiguous(field: name, item: title, choices: found.map(\.fullName))
    }
    guard let value = field.value, value.byteCount > 0 else { throw .fieldEmpty(field: name, item: title) }
    return value
  }

  private struct Answer: Decodable {
    var id: String
    var version: Int?
    var title: String?
    var fields: [AnswerField]?
  }

  private struct AnswerField: Decodable {
    var id: String?
    var type: String?
    var label: String?
    var value: String?
    var section: AnswerSection?
  }

  private struct AnswerSection: Decodable {
    var id: String?
    var label: String?
  }
}
