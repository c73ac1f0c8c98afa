import Foundation

/// Runs the binary that was built together with these tests, in an environment of its own, on no host.
struct Binary {
  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// Removed when the last test that holds it ends.
  final class Home: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/ktrdr-home-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  let home: Home
  var environment: [String: String]
  /// A lock that is to be held for as long as this is used.
  var held: HeldLock?
  var ledger: String { "\(home.path)/state/ledger.db" }

  init() throws {
    home = try Home()
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": home.path, "KTRDR_LEDGER": "\(home.path)/state/ledger.db",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CEILING_DIRECTORIES": "/tmp",
    ]
    // An instrumented child leaves its coverage beside the runner's own.
    if let own = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"], let slash = own.lastIndex(of: "/") {
      environment["LLVM_PROFILE_FILE"] = "\(own[..<slash])/ktrdr-%p-%m.profraw"
    }
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home.path)/\(name)"))
  }

  func callAsFunction(_ words: String...) throws -> Result { try run(words) }

  func run(_ words: [String]) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = words
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: home.path)
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nobody has to read both at once.
    let (output, error) = ("\(home.path)/stdout", "\(home.path)/stderr")
    for file in [output, error] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: error))
    try process.run()
    process.waitUntilExit()
    func text(_ file: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
    }
    return Result(status: process.terminationStatus, output: try text(output), error: try text(error))
  }

  /// The build's products stand beside the test bundle, whose path the runner is given.
  private static let path: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/ktrdr"
  }()
}
