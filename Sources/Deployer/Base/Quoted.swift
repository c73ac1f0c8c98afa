/// Quotes untrusted text for a message: on one line, with control characters escaped, cut off after 60 characters.
func quoted(_ text: String) -> String {
  let limit = 60
  let escaped = text.unicodeScalars.prefix(limit).map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      "\\u{\(String(scalar.value, radix: 16))}"
    default: String(scalar)
    }
  }
  return "'\(escaped.joined())\(text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")'"
}
