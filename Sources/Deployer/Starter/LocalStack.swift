/// The stack that an inventory is started for.
public struct LocalStack: Sendable, Equatable {
  /// The name of the repository's directory, or of the directory itself.
  public var name: String
  /// The compose file's path from where the command was given; `nil` if there is none.
  public var file: String?
  /// Other compose files beside it that Compose would not read by itself.
  public var others: [String]
  public var scan: ComposeScan
  /// A git tag of the repository, the last one if there are several: CI may name images by it.
  public var gitTag: String?

  /// What was found, as the end of a sentence.
  public var summary: String {
    guard let file else { return "without a compose file: there is none here" }
    var parts: [String] = []
    if !scan.services.isEmpty { parts.append("services \(scan.services.joined(separator: ", "))") }
    if let tag = scan.tagVariables.first { parts.append("image tag in \(tag)") }
    if StackSearch.standardNames.contains(String(file.split(separator: "/").last ?? "")), !others.isEmpty {
      parts.append("not \(others.joined(separator: ", ")), which 'compose_files' would name")
    }
    return "from \(file)" + (parts.isEmpty ? "" : ": \(parts.joined(separator: "; "))")
  }
}
