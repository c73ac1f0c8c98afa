/// The output of a step, stored beside its event. Verification, export and reading apply the same rules to it.
enum StoredOutput {
  /// In bytes. With any other length, letters could move from the text into the salt: the digest would still match.
  static let saltCount = 16

  /// What is wrong with the output in this row, as the end of a sentence about it; `nil` if it is the one that the event is about.
  static func problem(_ row: borrowing Statement, salt: Int32, text: Int32, digest: [UInt8]?) -> String? {
    guard row.storage(salt) == 4, row.withBytes(salt, { $0.count }) == saltCount else {
      return "has a salt that is not valid"
    }
    guard row.storage(text) == 3, row.withBytes(text, StoredText.isValid) else {
      return "is not a valid text"
    }
    let found = row.withBytes(text) { text in
      sha256(Chain.outputDomain + row.withBytes(salt) { [UInt8]($0) } + text)
    }
    return found == digest ? nil : "does not match its digest"
  }
}
