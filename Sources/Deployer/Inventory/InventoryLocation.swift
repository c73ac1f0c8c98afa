/// Where the inventory comes from.
public enum InventoryLocation: Sendable, Equatable {
  case file(path: String, source: Source)
  case builtIn

  /// How the file was found.
  public enum Source: Sendable, Equatable {
    /// `--config`
    case flag
    /// `$KTRDR_CONFIG`
    case environment
    /// The nearest `ktrdr.yml` in the working directory or above it.
    case workingDirectory
    /// `$XDG_CONFIG_HOME/ktrdr/ktrdr.yml`
    case userConfiguration
  }

  public static let fileName = "ktrdr.yml"
  /// The environment variable that names the file.
  public static let variable = "KTRDR_CONFIG"

  /// Finds the inventory. Accesses the file system only through `exists`.
  ///
  /// A file named by the flag or the variable is used even if it does not exist, so that loading it fails: falling back
  /// to another file could deploy to the wrong hosts. An empty variable counts as unset. `workingDirectory` is an
  /// absolute path.
  public static func find(
    flag: String?, environment: [String: String], workingDirectory: String, exists: (_ path: String) -> Bool
  ) -> InventoryLocation {
    if let flag { return .file(path: flag, source: .flag) }
    if let path = environment[variable], !path.isEmpty { return .file(path: path, source: .environment) }
    let upwards = directories(from: workingDirectory).map { $0 + "/" + fileName }
    if let path = upwards.first(where: exists) { return .file(path: path, source: .workingDirectory) }
    if let path = userFile(environment), exists(path) { return .file(path: path, source: .userConfiguration) }
    return .builtIn
  }

  /// `directory` and its ancestors, nearest first, without a trailing `/`; the root is the empty string.
  private static func directories(from directory: String) -> [String] {
    let parts = directory.split(separator: "/")
    return (0...parts.count).reversed().map { parts.prefix($0).map { "/" + $0 }.joined() }
  }

  /// Ignores a relative `$XDG_CONFIG_HOME`, as the XDG base directory specification requires.
  private static func userFile(_ environment: [String: String]) -> String? {
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") { return "\(base)/ktrdr/\(fileName)" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return "\(home)/.config/ktrdr/\(fileName)"
  }
}
