extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isLower: Bool { ("a"..."z").contains(self) }
  /// A letter, a digit or an underscore, of ASCII.
  var isWord: Bool { isDigit || isLower || ("A"..."Z").contains(self) || self == "_" }
  /// What may stand between the words of a name.
  var isJoint: Bool { self == "." || self == "_" || self == "-" }
  var isLowerHex: Bool { isDigit || ("a"..."f").contains(self) }
}
