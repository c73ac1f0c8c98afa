/// How a value is written into a script for a POSIX shell.
enum ShellQuoting {
  /// `bytes` as one single-quoted word: every byte but NUL arrives as it is.
  static func quoted(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var word: [UInt8] = [apostrophe]
    for byte in bytes {
      if byte == apostrophe { word += Array(#"'\''"#.utf8) } else { word.append(byte) }
    }
    word.append(apostrophe)
    return word
  }

  /// `text` as one single-quoted word.
  static func quoted(_ text: String) -> String {
    String(decoding: quoted(text.utf8), as: UTF8.self)
  }

  private static let apostrophe = UInt8(ascii: "'")
}
