/// What a value must be to travel in a process's environment.
enum EnvironmentValue {
  /// Why it cannot; `nil` when it can.
  static func refusal(of value: some Collection<UInt8>, name: String) -> Problem? {
    if value.contains(0) {
      return Problem(.secrets, "the value of \(name) contains a NUL byte", nextStep: "mend the field in 1Password")
    }
    guard value.count + name.utf8.count + 2 > ShellQuoting.valueLimit else { return nil }
    return Problem(
      .secrets, "the value of \(name) has \(value.count) bytes; an environment takes less than 128 KiB",
      nextStep: "put it into a file on the host, or split the field")
  }
}
