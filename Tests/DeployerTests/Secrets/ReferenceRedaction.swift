@testable import Deployer

/// The specification of redaction, as simple as possible and slow: compares every needle at every index.
enum ReferenceRedaction {
  static func redact(_ text: [UInt8], needles: NeedleForms) -> [UInt8] {
    var isSecret = [Bool](repeating: false, count: text.count)
    for start in text.indices {
      for needle in needles.plain where text[start...].starts(with: needle) {
        for index in start..<start + needle.count { isSecret[index] = true }
      }
      for needle in needles.wholeWords where text[start...].starts(with: needle) {
        let end = start + needle.count
        let before = start > 0 && isWord(text[start - 1]) && isWord(text[start])
        let after = end < text.count && isWord(text[end]) && isWord(text[end - 1])
        if !before && !after { for index in start..<end { isSecret[index] = true } }
      }
    }
    var output: [UInt8] = []
    for index in text.indices {
      if !isSecret[index] {
        output.append(text[index])
      } else if index == 0 || !isSecret[index - 1] {
        output += Array("[REDACTED]".utf8)
      }
    }
    return output
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8).contains(byte)
  }
}
