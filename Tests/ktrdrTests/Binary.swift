import Foundation

/// Runs the `ktrdr` binary of this build in its own home and environment, without any host.
struct Binary {
  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// A temporary home directory, removed with its last reference.
  final class Home: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/ktrdr-home-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  let home: Home
  var environment: [String: String]
  /// A lock to hold for the lifetime of this value.
  var heldLock: HeldLock?
  var ledger: String { "\(home.path)/state/ledger.db" }

  init() throws {
    home = try Home()
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": home.path, "KTRDR_LEDGER": "\(home.path)/state/ledger.db",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CEILING_DIRECTORIES": "/tmp",
    ]
    // With coverage enabled, the child writes its profile next to the test runner's.
    if let own = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"], let slash = own.lastIndex(of: "/") {
      environment["LLVM_PROFILE_FILE"] = "\(own[..<slash])/ktrdr-%p-%m.profraw"
    }
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home.path)/\(name)"))
  }

  func callAsFunction(_ arguments: String...) throws -> Result { try run(arguments) }

  func run(_ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: home.path)
    process.standardInput = FileHandle.nullDevice
    // Files instead of pipes, which would have to be read concurrently.
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

  /// The binary is in the same directory as the test bundle, whose path is an argument of the test runner.
  private static let path: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/ktrdr"
  }()
}
