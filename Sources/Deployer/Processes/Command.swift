/// A program to run, its arguments and its input. A plain value: code that builds commands is tested by comparing
/// them, and only one file starts processes.
public struct Command: Sendable, Equatable {
  /// A name looked up in the `PATH` of ``environment``, or an absolute path.
  public var executable: String
  /// The arguments after the program's name. Never a secret: every user of the machine can read them.
  public var arguments: [String]
  /// What the child reads on standard input. If empty, its standard input is `/dev/null`.
  public var standardInput: [UInt8]
  /// The child's entire environment; nothing is inherited.
  public var environment: [String: String]
  /// The child's working directory; `nil` means this process's own.
  public var workingDirectory: String?
  /// Whether the program ends when this process does, even when that is killed (Linux only). It costs 2 ms; a program that
  /// waits for nobody ends by itself.
  public var endsWithParent = false

  public init(
    _ executable: String, _ arguments: [String] = [], standardInput: [UInt8] = [], environment: [String: String],
    workingDirectory: String? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.standardInput = standardInput
    self.environment = environment
    self.workingDirectory = workingDirectory
  }
}

/// How a command exited and what it wrote.
public struct CommandResult: Sendable, Equatable {
  /// The exit status; 128 + n if signal n killed it, as in a shell.
  public var status: Int32
  public var standardOutput: [UInt8]
  public var standardError: [UInt8]

  public init(status: Int32, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }
}

/// Why a command has no result.
public enum CommandError: Error, Equatable {
  /// The command's `PATH` has no such program.
  case notFound(executable: String)
  /// It exceeded its time limit and was killed.
  case timedOut(executable: String, after: Duration)
  /// The operator asked to stop while it ran, and it was killed.
  case stopped(executable: String)
  /// The system could not start it.
  case notStarted(executable: String, reason: String)
}

/// Runs a command to completion. Tests replace it where a real program cannot be used.
public struct CommandRunner: Sendable {
  /// Runs `command` for at most `timeout`. Throws ``CommandError``.
  public var run: @Sendable (_ command: Command, _ timeout: Duration) async throws -> CommandResult

  public init(run: @escaping @Sendable (_ command: Command, _ timeout: Duration) async throws -> CommandResult) {
    self.run = run
  }
}
