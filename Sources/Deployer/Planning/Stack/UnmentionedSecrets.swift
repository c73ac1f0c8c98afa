/// Secrets that stand nowhere in a stack's files, so that no container gets them from Compose.
enum UnmentionedSecrets {
  /// Those of `names` that `json` does not mention: the files as `docker compose config --no-interpolate` prints them, those that they
  /// include among them. A variable stands there as `${NAME}` or `$NAME`, or by its name alone where its value is passed on:
  /// in a list, as a key without a value, or as what a secret of Compose's comes from. The name of a variable that the files
  /// give another value is no mention.
  static func of(_ names: [String], in json: String) -> [String] {
    // Compose prints the arguments of a build that are passed on as nothing at all.
    guard json.firstMatch(of: /"args":\s*null/) == nil else { return [] }
    let expanded = json.matches(of: /\$\{?([A-Za-z_][A-Za-z0-9_]*)/).map { String($0.output.1) }
    let passedOn = json.matches(of: /"([A-Za-z_][A-Za-z0-9_]*)"\s*(?:[,\]}]|:\s*null)/).map { String($0.output.1) }
    let mentioned = Set(expanded + passedOn)
    return names.filter { !mentioned.contains($0) }
  }
}
