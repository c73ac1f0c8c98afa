extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isLower: Bool { ("a"..."z").contains(self) }
  /// An ASCII letter, digit or underscore.
  var isWord: Bool { isDigit || isLower || ("A"..."Z").contains(self) || self == "_" }
  /// A character that separates the words of a name.
  var isSeparator: Bool { self == "." || self == "_" || self == "-" }
  var isLowerHex: Bool { isDigit || ("a"..."f").contains(self) }
}
