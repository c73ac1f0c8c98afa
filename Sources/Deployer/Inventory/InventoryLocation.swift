/// Where the inventory comes from.
public enum InventoryLocation: Sendable, Equatable {
  case file(path: String, source: Source)
  case builtIn

  /// Why it is this file.
  public enum Source: Sendable, Equatable {
    /// `--config`
    case flag
    /// `$KTRDR_CONFIG`
    case environment
    /// The nearest `ktrdr.yml` from the working directory upwards.
    case workingDirectory
    /// `$XDG_CONFIG_HOME/ktrdr/ktrdr.yml`
    case userConfiguration
  }

  public static let fileName = "ktrdr.yml"
  /// The variable that names the file.
  public static let variable = "KTRDR_CONFIG"

  /// Decides by looking only through `exists`. A file that is named is taken even if it does not exist: loading it says
  /// so, where going on to another file would deploy to other hosts than the operator meant. A variable that is set to
  /// nothing counts as not set. `workingDirectory` is an absolute path.
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

  /// `directory` and those above it, nearest first, without a trailing `/`; the root is the empty text.
  private static func directories(from directory: String) -> [String] {
    let parts = directory.split(separator: "/")
    return (0...parts.count).reversed().map { parts.prefix($0).map { "/" + $0 }.joined() }
  }

  /// The XDG base directory specification: a relative `$XDG_CONFIG_HOME` is to be ignored.
  private static func userFile(_ environment: [String: String]) -> String? {
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") { return "\(base)/ktrdr/\(fileName)" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return "\(home)/.config/ktrdr/\(fileName)"
  }
}
