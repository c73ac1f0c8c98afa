import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Runs real programs and keeps what they said.
public enum Programs {
  public struct Result: Sendable {
    /// 128 + n when signal n ended it.
    public var status: Int32
    public var output: String
    public var error: String
  }

  /// Runs a program to its end. `during` is given its process id and may send it signals while it runs.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String], in directory: String? = nil,
    during: @escaping @Sendable (Int32) async -> Void = { _ in }
  ) async throws -> Result {
    var values: [Environment.Key: String] = [:]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    let result = try await Subprocess.run(
      program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
      environment: .custom(values), workingDirectory: directory.map { FilePath($0) }, input: .none,
      output: .string(limit: 16 << 20), error: .string(limit: 16 << 20)
    ) { execution in
      await during(execution.processIdentifier.value)
    }
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): Int32(code)
      case .signaled(let signal): 128 + Int32(signal)
      }
    return Result(status: status, output: result.standardOutput, error: result.standardError)
  }
}

/// Where the system's own programs are, and nothing else of this machine's environment.
public let plainEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent"]
