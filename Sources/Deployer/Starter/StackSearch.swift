import Platform

/// Looks for a compose file near a directory.
public struct StackSearch: Sendable {
  /// The names in a directory; none if it cannot be read.
  var names: @Sendable (_ directory: String) -> [String]
  var text: @Sendable (_ path: String) -> String?

  /// This machine's files.
  public static let local = StackSearch(
    names: { ((try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? []).sorted() },
    text: { path in
      guard let handle = FileManager.default.contents(atPath: path), handle.count <= Inventory.maximumBytes else {
        return nil
      }
      return String(decoding: handle, as: UTF8.self)
    })

  /// What Compose finds itself, in its own order.
  static let standardNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]

  /// The stack at `directory`: of the directory itself, those above it in the same repository, and those directly below.
  public func stack(from directory: String) -> LocalStack {
    let above = repository(of: directory)
    let root = above.last ?? directory
    let below = names(directory).filter { !$0.hasPrefix(".") && $0 != "node_modules" }.map { "\(directory)/\($0)" }
    let name = root.split(separator: "/").last.map(String.init) ?? ""
    for place in (above.isEmpty ? [directory] : above) + below {
      let files = composeFiles(in: place)
      guard let file = files.first, let text = text("\(place)/\(file)") else { continue }
      var scan = ComposeScan(text)
      // Overlays have variables of their own.
      if Self.standardNames.contains(file) {
        for other in files.dropFirst() { scan.add(variablesOf: ComposeScan(self.text("\(place)/\(other)") ?? "")) }
      }
      return LocalStack(
        name: name, file: shown("\(place)/\(file)", from: directory), others: Array(files.dropFirst()), scan: scan)
    }
    return LocalStack(name: name, file: nil, others: [], scan: ComposeScan(""))
  }

  /// `directory` and those above it, up to the one that has `.git`; none outside a repository.
  private func repository(of directory: String) -> [String] {
    var found: [String] = []
    var parts = directory.split(separator: "/")
    while !parts.isEmpty {
      let place = "/" + parts.joined(separator: "/")
      found.append(place)
      if names(place).contains(".git") { return found }
      parts.removeLast()
    }
    return []
  }

  /// The file that Compose would read, if there is one, then every `docker-compose.NAME.yml`.
  private func composeFiles(in directory: String) -> [String] {
    let names = names(directory)
    let standard = Self.standardNames.first(where: names.contains).map { [$0] } ?? []
    return standard
      + names.filter { $0.wholeMatch(of: /(docker-)?compose[.-].*\.ya?ml/) != nil && !$0.contains("override") }
  }

  private func shown(_ path: String, from directory: String) -> String {
    path.hasPrefix("\(directory)/") ? String(path.dropFirst(directory.count + 1)) : path
  }
}
