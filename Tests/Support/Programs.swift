import Platform
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

  /// Runs `body` while another program holds something. The program creates the file `sign` once it does, and ends when the
  /// file is gone, as ``waiting(for:)`` does.
  public static func holding<Value: Sendable>(
    _ program: String, _ arguments: [String], sign: String, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    async let holder = run(program, arguments, environment: plainEnvironment)
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(30)
    while !FileManager.default.fileExists(atPath: sign) {
      guard clock.now < deadline else { throw NothingHeld(program: program) }
      try await Task.sleep(for: .milliseconds(10))
    }
    let outcome: Swift.Result<Value, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    try FileManager.default.removeItem(atPath: sign)
    _ = try await holder
    return try outcome.get()
  }

  /// A line of shell that creates the file `sign` and ends when it is gone.
  public static func waiting(for sign: String) -> String {
    ": >'\(sign)'; while [ -e '\(sign)' ]; do sleep 0.02; done"
  }

  struct NothingHeld: Error {
    var program: String
  }
}

/// Where the system's own programs are, and nothing else of this machine's environment.
public let plainEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent"]
