/// Checks whether a value can be passed in a process's environment.
enum EnvironmentValue {
  /// The most that one environment string may take, in bytes: Linux's `MAX_ARG_STRLEN`, name and NUL included.
  static let limit = 128 << 10

  /// Why the value of the variable `name` cannot; `nil` if it can.
  static func problem(with value: some Collection<UInt8>, name: String) -> Problem? {
    if value.contains(0) {
      return Problem(.secrets, "the value of \(name) contains a NUL byte", nextStep: "fix the field in 1Password")
    }
    guard value.count + name.utf8.count + 2 > limit else { return nil }
    return Problem(
      .secrets, "the value of \(name) is \(value.count) bytes, too large for an environment variable (limit 128 KiB)",
      nextStep: "put it in a file on the host, or split the field")
  }
}
