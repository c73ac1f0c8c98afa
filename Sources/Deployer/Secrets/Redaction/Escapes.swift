/// What ``EscapeReader`` knows about escapes.
enum Escapes {
  static func mayBegin(with byte: UInt8) -> Bool { beginnings[Int(byte)] }

  /// Whether an escape may begin with `first` and go on with `second`. Says yes if the second byte is escaped itself.
  static func mayBegin(with first: UInt8, _ second: UInt8) -> Bool {
    guard mayBegin(with: first) else { return false }
    if mayBegin(with: second) { return true }
    let letter = Unicode.Scalar(second)
    switch first {
    case UInt8(ascii: "\\"):
      return !letter.isWord || second == UInt8(ascii: "_") || controls[second] != nil || (digit(second) ?? 8) < 8
        || "uUx".unicodeScalars.contains(letter)
    case UInt8(ascii: "%"): return digit(second) != nil || second == UInt8(ascii: "u")
    case UInt8(ascii: "&"): return second == UInt8(ascii: "#") || letter.isWord
    // Doubled: the second is the same, and so was told above.
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "$"): return false
    default: return true
    }
  }

  /// The value of a hexadecimal digit.
  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x57
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x37
    default: nil
    }
  }

  /// What a backslash and one of these letters stand for.
  static let controls: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "a"): 0x07, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "e"): 0x1B,
    UInt8(ascii: "E"): 0x1B,
  ]

  /// Marks that stand for themselves when they are doubled.
  static let doubled = Set(#"\%'"$"#.utf8)

  static let longestEntity = 7

  /// HTML's names for the marks of ASCII, and for the characters of Latin-1 from U+00A0 on.
  static let entities: [[UInt8]: UInt32] = {
    let marks = [
      "excl": "!", "quot": "\"", "QUOT": "\"", "num": "#", "dollar": "$", "percnt": "%", "amp": "&", "AMP": "&",
      "apos": "'", "lpar": "(", "rpar": ")", "ast": "*", "plus": "+", "comma": ",", "period": ".", "sol": "/",
      "colon": ":", "semi": ";", "lt": "<", "LT": "<", "equals": "=", "gt": ">", "GT": ">", "quest": "?",
      "commat": "@", "lsqb": "[", "lbrack": "[", "bsol": "\\", "rsqb": "]", "rbrack": "]", "Hat": "^", "lowbar": "_",
      "grave": "`", "lcub": "{", "lbrace": "{", "verbar": "|", "vert": "|", "rcub": "}", "rbrace": "}", "Tab": "\t",
      "NewLine": "\n",
    ].map { (Array($0.utf8), Unicode.Scalar($1)?.value ?? 0) }
    let letters =
      """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
      para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
      Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
      Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
      igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
      thorn yuml
      """.split(separator: " ").enumerated().map { (Array($1.utf8), UInt32(0xA0 + $0)) }
    return Dictionary(marks + letters) { first, _ in first }
  }()

  private static let beginnings: [Bool] = (0...255).map { (byte: UInt8) in
    byte >= 0x80 || #"\%&+'"$"#.utf8.contains(byte)
  }
}
