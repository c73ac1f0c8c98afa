import Platform

/// A directory of a test's own, removed when the last who holds it lets go.
public final class TestDirectory: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ktrdr-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What is in it or in a directory of it, hidden files too, in order.
  public func names(in name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }

  public func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  public func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  public func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  public func read(_ name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }

  public func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }

  public func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  /// A program of these lines of shell.
  public func writeScript(_ lines: String, to name: String) throws {
    try write("#!/bin/sh\n\(lines)\n", to: name)
    try setMode(0o755, of: name)
  }

  /// Sets the permissions of the directory itself, or of something in it.
  public func setMode(_ mode: Int, of name: String = "") throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
  }

  /// A directory to take as PATH that has these programs of this machine and no other.
  public func programs(_ names: [String]) throws -> String {
    try makeDirectory("programs")
    for name in names {
      let places = ["/usr/bin", "/bin", "/usr/sbin"].map { "\($0)/\(name)" }
      guard let real = places.first(where: FileManager.default.fileExists(atPath:)) else { continue }
      try FileManager.default.createSymbolicLink(atPath: "\(path)/programs/\(name)", withDestinationPath: real)
    }
    return "\(path)/programs"
  }
}
