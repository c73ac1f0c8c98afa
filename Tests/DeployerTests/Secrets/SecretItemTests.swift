import Testing

@testable import Deployer

@Suite struct SecretItemTests {
  private static let fields = #"""
    [{"id": "username", "type": "STRING", "purpose": "USERNAME", "label": "db_username", "value": "ktrdr"},
     {"id": "notesPlain", "type": "STRING", "purpose": "NOTES", "label": "notesPlain"},
     {"id": "blank", "type": "CONCEALED", "label": "blank", "value": ""},
     {"id": "unlabelled", "type": "CONCEALED", "value": "by id"},
     {"id": "otp", "type": "OTP", "label": "code", "value": "otpauth://totp/x?secret=SEED"},
     {"id": "a1", "type": "CONCEALED", "label": "token", "section": {"id": "s1", "label": "live"}, "value": "one"},
     {"id": "a2", "type": "CONCEALED", "label": "token", "section": {"id": "s2"}, "value": "two"},
     {"id": "b1", "type": "CONCEALED", "label": "same", "section": {"id": "s1", "label": "live"}, "value": "x"},
     {"id": "b2", "type": "CONCEALED", "label": "same", "section": {"id": "s2"}, "value": "x"},
     {"id": "nasty", "type": "CONCEALED", "label": "nasty", "value": "-a'\"$\\\n\u0000ü🔑"}]
    """#

  private static func item() throws -> SecretItem {
    let json = #"{"id": "i", "title": "thing", "version": 3, "fields": \#(fields)}"#
    return try SecretItem(json: Array(json.utf8), request: ItemRequest(item: "thing"))
  }

  @Test(arguments: [
    ("db_username", "ktrdr"), ("username", "ktrdr"), ("unlabelled", "by id"), ("live.token", "one"),
    ("s2.token", "two"),
    ("same", "x"), ("nasty", "-a'\"$\\\n\0ü🔑"),
  ])
  func `a field is found by label, id or section and label`(name: String, value: String) throws {
    #expect(try Self.item().value(ofField: name).withBytes { Array($0) } == Array(value.utf8))
  }

  @Test(arguments: [
    ("notesPlain", OnePasswordError.fieldEmpty(field: "notesPlain", item: "thing")),
    ("blank", .fieldEmpty(field: "blank", item: "thing")),
    ("code", .fieldIsOneTimePassword(field: "code", item: "thing")),
    ("token", .fieldAmbiguous(field: "token", item: "thing", choices: ["live.token", "s2.token"])),
    (
      "absent",
      .fieldMissing(
        field: "absent", item: "thing",
        known: [
          "db_username", "notesPlain", "blank", "unlabelled", "code", "token", "token", "same", "same", "nasty",
        ])
    ),
  ])
  func `a field without a usable value is reported with the reason`(name: String, expected: OnePasswordError) throws {
    let item = try Self.item()
    #expect(throws: expected) { try item.value(ofField: name) }
  }

  @Test(arguments: [
    "", "null", "[]", "{}", #"{"id": 1}"#, #"{"id": "i", "fields": {}}"#, #"{"id": "i", "fields": [{"value": 3}]}"#,
    #"{"id": "i", "version": "x"}"#, "[ERROR] no JSON at all",
  ])
  func `output that is not an item is rejected`(json: String) {
    #expect(throws: OnePasswordError.unparsableAnswer) {
      try SecretItem(json: Array(json.utf8), request: ItemRequest(item: "thing"))
    }
  }

  @Test func `oversized and deeply nested output is rejected`() {
    for json in [String(repeating: "[", count: 200_000), String(repeating: " ", count: 5 << 20)] {
      #expect(throws: OnePasswordError.unparsableAnswer) {
        try SecretItem(json: Array(json.utf8), request: ItemRequest(item: "thing"))
      }
    }
  }

  @Test func `an item's text contains no values`() throws {
    let item = try Self.item()
    var dumped = ""
    dump(item, to: &dumped)
    for value in ["ktrdr", "by id", "SEED", "two"] { #expect(!dumped.contains(value) && !"\(item)".contains(value)) }
  }
}
