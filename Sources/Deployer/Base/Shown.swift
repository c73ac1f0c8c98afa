/// `text` in quotes, on one line, without control characters and not endless: fit for a terminal, whoever wrote it.
func shown(_ text: String) -> String {
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
