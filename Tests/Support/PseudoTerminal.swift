import Platform
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A terminal that no person sits at.
public enum PseudoTerminal {
  /// Runs a program to its end, with its standard output on a terminal of this many columns.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String], in directory: String, columns: Int
  ) async throws -> Programs.Result {
    var (ours, its): (Int32, Int32) = (-1, -1)
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = 24
    guard openpty(&ours, &its, nil, nil, &size) == 0 else { throw Errno(rawValue: errno) }
    // Another test's program that starts now must not hold the other end open.
    for descriptor in [ours, its] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let reader = ours
    defer { close(reader) }
    var values: [Environment.Key: String] = [:]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(values),
      workingDirectory: FilePath(directory), input: .none,
      output: .fileDescriptor(FileDescriptor(rawValue: its), closeAfterSpawningProcess: true),
      error: .string(limit: 16 << 20)
    ) { _ in
      // On another thread: it blocks until the program has closed its end.
      await Task.detached { text(from: reader) }.value
    }
    guard case .exited(let status) = result.terminationStatus else { throw Errno.interrupted }
    return Programs.Result(status: Int32(status), output: result.closureResult, error: result.standardError)
  }

  /// What is written on the other end, with the line ends that the program wrote. A terminal whose other end is closed answers
  /// with an error, not with the end of a file.
  private static func text(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }
}
