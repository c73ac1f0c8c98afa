/// A program to start: its name or path, its arguments, and what it reads. A value, so that what builds a command is
/// tested by comparing values, and one file alone starts processes.
public struct Command: Sendable, Equatable {
  /// A name that is looked up in the `PATH` of `environment`, or an absolute path.
  public var executable: String
  /// The arguments after the program's name. Never a secret: every user of a machine can read them.
  public var arguments: [String]
  /// What the child reads on its standard input; empty means that it reads an end of file at once.
  public var standardInput: [UInt8]
  /// The whole environment of the child.
  public var environment: [String: String]
  /// The child's working directory; `nil` means this process's own.
  public var workingDirectory: String?

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

/// How a child ended and what it wrote.
public struct CommandResult: Sendable, Equatable {
  /// The exit status; 128 + n when signal n ended it, as a shell says it.
  public var status: Int32
  public var standardOutput: [UInt8]
  public var standardError: [UInt8]

  public init(status: Int32, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }
}

/// Why a command gave no result.
public enum CommandError: Error, Equatable {
  /// No such program in the `PATH` it was given.
  case notFound(executable: String)
  /// It ran longer than it was allowed and was ended.
  case timedOut(executable: String, after: Duration)
  /// The operator did not want to wait for it any longer.
  case stopped(executable: String)
  /// The system would not start it.
  case notStarted(executable: String, reason: String)
}

/// Runs a command to its end. A seam: tests replace it where no real program can stand.
public struct CommandRunner: Sendable {
  /// Runs `command` for at most `timeout`. Throws ``CommandError``.
  public var run: @Sendable (_ command: Command, _ timeout: Duration) async throws -> CommandResult

  public init(run: @escaping @Sendable (_ command: Command, _ timeout: Duration) async throws -> CommandResult) {
    self.run = run
  }
}
