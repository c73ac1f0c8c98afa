extension Event {
  /// A `started` event. Its deployment number, uuid and time are set when it is appended.
  static func started(_ start: DeploymentStart) throws(LedgerError) -> Event {
    var event = Event(.started)
    event[.batch] = .optional(start.batch)
    event[.kind] = .text(start.kind.rawValue)
    event[.target] = .text(try nonEmpty(start.target, "target"))
    event[.host] = .text(try nonEmpty(start.host, "host"))
    event[.directory] = .optional(start.directory)
    event[.services] = .text(try joined(start.services, "services"))
    event[.profiles] = .text(try joined(start.profiles, "profiles"))
    event[.tag] = .optional(start.tag)
    event[.gitSHA] = .optional(start.gitSHA)
    event[.gitDirty] = start.gitDirty.map { .integer($0 ? 1 : 0) }
    event[.operator] = .text(start.operator)
    event[.client] = .text(start.client)
    event[.undoes] = .optional(start.undoes)
    if let registry = start.registry {
      event[.registry] = .text(try joined(splitList(try nonEmpty(registry, "registry")), "registry"))
    }
    let versions = start.secretVersions.map { "\($0.item)@\($0.version)" }
    guard versions.allSatisfy({ StoredText.secretVersion(Array($0.utf8)) != nil }) else {
      throw .invalid(field: "secretVersions", reason: "an item has no valid version")
    }
    event[.secretVersions] = .text(try joined(versions, "secretVersions"))
    return event
  }

  static func finished(_ id: Int64, _ finish: Finish) -> Event {
    var event = Event(.finished, deployment: id)
    event[.outcome] = .text(finish.outcome.rawValue)
    event[.reason] = .optional(finish.reason)
    event[.durationMS] = .integer(finish.durationMS)
    event[.composeDigest] = .optional(finish.composeDigest)
    return event
  }

  static func nonEmpty(_ text: String, _ field: String) throws(LedgerError) -> String {
    guard !text.isEmpty else { throw .invalid(field: field, reason: "it is empty") }
    return text
  }

  /// Lists are stored as text with commas, so that a person can read them in the `sqlite3` shell.
  private static func joined(_ items: [String], _ field: String) throws(LedgerError) -> String {
    for item in items {
      guard !item.isEmpty else { throw .invalid(field: field, reason: "an item is empty") }
      guard !item.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 < 32 }) else {
        throw .invalid(field: field, reason: "an item contains a comma or a control character")
      }
    }
    return items.joined(separator: ",")
  }
}

/// Splits a stored list into its items.
func splitList(_ text: String?) -> [String] {
  StoredText.items(text ?? "").map { String(decoding: $0, as: UTF8.self) }
}
