extension StringProtocol {
  /// Of a long line that another program printed, the beginning and the end: what went wrong often stands last.
  var excerpt: String {
    let (beginning, end) = (100, 160)
    guard count > beginning + end else { return String(self) }
    return "\(prefix(beginning)) … \(suffix(end))"
  }
}
