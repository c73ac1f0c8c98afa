import Platform

/// A directory of a test's own, removed when the test ends.
final class TestDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ktrdr-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What is in it or in a directory of it, hidden files too, in order.
  func names(in name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func read(_ name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }

  func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }

  func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  /// A directory to take as PATH that has these programs of this machine and no other.
  func programs(_ names: [String]) throws -> String {
    try makeDirectory("programs")
    for name in names {
      let places = ["/usr/bin", "/bin", "/usr/sbin"].map { "\($0)/\(name)" }
      guard let real = places.first(where: FileManager.default.fileExists(atPath:)) else { continue }
      try FileManager.default.createSymbolicLink(atPath: "\(path)/programs/\(name)", withDestinationPath: real)
    }
    return "\(path)/programs"
  }
}

/// Where the system's own programs are, and nothing else of this machine's environment.
let plainEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent"]
