import Platform

/// Quotes untrusted text for a message: on one line, with control characters escaped, cut off after 60 characters.
func quoted(_ text: String) -> String {
  let limit = 60
  let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))).escapedForPeople()
  return "'\(shown)\(text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")'"
}
