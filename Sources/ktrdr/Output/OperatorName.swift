/// Who deployed, as it is shown.
enum OperatorName {
  /// The whole name; where there is little room, of an email address only what is before the @.
  static func forms(_ name: String) -> [String] {
    let short = name.prefix { $0 != "@" }
    return short.isEmpty || short.count == name.count ? [name] : [name, String(short)]
  }
}
