import Subprocess
import Synchronization

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

extension CommandRunner {
  /// Runs real programs. A stream that exceeds 8 MiB is a ``CommandError/notStarted(executable:reason:)``.
  public static let system = CommandRunner { command, timeout in
    try await withThrowingTaskGroup(of: CommandResult?.self) { group in
      group.addTask { try await runToEnd(command) }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else {
        throw CommandError.timedOut(executable: command.executable, after: timeout)
      }
      return result
    }
  }

  /// In bytes, for each of the two output streams. No command that ktrdr runs comes near it.
  private static let outputLimit = 8 << 20

  private static func runToEnd(_ command: Command) async throws -> CommandResult {
    let configuration = try configuration(of: command, ownSession: false)
    do {
      guard !command.standardInput.isEmpty else {
        // `.none` is /dev/null. `op` treats a pipe on its standard input as data to read.
        let result = try await Subprocess.run(
          configuration, input: .none, output: .bytes(limit: outputLimit), error: .bytes(limit: outputLimit))
        return CommandResult(result.terminationStatus, result.standardOutput, result.standardError)
      }
      let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .bytes(limit: outputLimit), error: .bytes(limit: outputLimit)
      ) { execution in
        // These fail if the child exits before it reads. Its exit status says more than that error would.
        _ = try? await execution.standardInputWriter.write(command.standardInput)
        try? await execution.standardInputWriter.finish()
      }
      return CommandResult(result.terminationStatus, result.standardOutput, result.standardError)
    } catch let error as SubprocessError {
      throw commandError(error, command)
    }
  }
}

extension CommandResult {
  fileprivate init(_ status: TerminationStatus, _ standardOutput: [UInt8], _ standardError: [UInt8]) {
    self.init(status: shellStatus(status), standardOutput: standardOutput, standardError: standardError)
  }
}

/// An interactive program: its standard input stays open, and its output arrives in chunks. Belongs to the task that
/// started it.
public struct Conversation {
  /// Writes to the program's standard input. If the program has exited, the bytes are dropped; ``output`` then ends.
  public var send: @Sendable (_ bytes: [UInt8]) async -> Void
  /// Closes the program's standard input.
  public var close: @Sendable () async -> Void
  /// Kills the program with SIGKILL, and what it has started: a jump host's `ssh`, for instance.
  public var kill: @Sendable () -> Void
  public let output: ProgramOutput
}

/// A program's standard output. It is read only on demand, so a program that writes faster than it is read blocks
/// instead of filling this process's memory.
public final class ProgramOutput {
  private var chunks: SubprocessOutputSequence.Iterator

  fileprivate init(_ chunks: SubprocessOutputSequence.Iterator) { self.chunks = chunks }

  /// The next chunk; `nil` at the end of the output.
  public func next() async -> [UInt8]? {
    guard let chunk = try? await chunks.next(isolation: #isolation) else { return nil }
    return chunk.bytes.copied()
  }
}

/// How an interactive program exited, and the end of its standard error.
public struct ConversationEnd: Sendable, Equatable {
  /// The exit status; 128 + n if signal n killed it.
  public var status: Int32
  /// At most the last 64 KiB of standard error, starting at a line break.
  public var errorTail: [UInt8]
}

/// Runs interactive programs.
public enum Conversations {
  /// How much of a program's standard error is kept, in bytes.
  static let errorTailLimit = 64 << 10

  /// How long a program may take to exit once its standard input is closed. After that it is killed.
  public static let exitLimit = Duration.seconds(20)

  /// Starts `command` in a session of its own and passes it to `body`. When `body` returns, closes the program's standard
  /// input and waits for it to exit, but not for ever. So Ctrl-C on the terminal does not reach the program, and neither it nor what it
  /// starts has a terminal to ask a question on.
  ///
  /// `errorOutput` is called with each piece of standard error as it comes. Throws ``CommandError`` if the program does not
  /// start.
  public static func run<Value: Sendable>(
    _ command: Command, errorOutput: @escaping @Sendable ([UInt8]) -> Void = { _ in }, exitLimit: Duration = exitLimit,
    body: @escaping @Sendable (Conversation) async -> Value
  ) async throws -> (Value, ConversationEnd) {
    let errorTail = TailBuffer(limit: errorTailLimit)
    do {
      let result = try await Subprocess.run(
        try configuration(of: command, ownSession: true), input: .inputWriter, output: .sequence, error: .sequence
      ) { execution in
        await withTaskGroup(of: Void.self, returning: Value.self) { group in
          group.addTask {
            var chunks = execution.standardError.makeAsyncIterator()
            while let chunk = try? await chunks.next() {
              let bytes = chunk.bytes.copied()
              errorTail.append(bytes)
              errorOutput(bytes)
            }
          }
          let writer = execution.standardInputWriter
          let output = ProgramOutput(execution.standardOutput.makeAsyncIterator())
          let conversation = Conversation(
            send: { bytes in _ = try? await writer.write(bytes) },
            close: { try? await writer.finish() },
            kill: { try? execution.send(signal: .kill, toProcessGroup: true) },
            output: output)
          let value = await body(conversation)
          try? await writer.finish()
          let limit = Task { [kill = conversation.kill] in
            if (try? await Task.sleep(for: exitLimit)) != nil { kill() }
          }
          // Drain what is left, so that the program is not blocked on a full pipe and can exit.
          while await output.next() != nil {}
          await group.waitForAll()
          limit.cancel()
          return value
        }
      }
      let end = ConversationEnd(
        status: shellStatus(result.terminationStatus), errorTail: errorTail.bytes)
      return (result.closureResult, end)
    } catch let error as SubprocessError {
      throw commandError(error, command)
    }
  }
}

/// The last bytes of a stream, shared between the task that reads the stream and the one that wants its tail.
private final class TailBuffer: Sendable {
  private let limit: Int
  private let kept = Mutex<[UInt8]>([])

  init(limit: Int) { self.limit = limit }

  var bytes: [UInt8] { kept.withLock { $0 } }

  func append(_ more: [UInt8]) {
    kept.withLock { tail in
      tail += more
      guard tail.count > limit else { return }
      tail.removeFirst(tail.count - limit)
      // Drop the partial first line: it might start in the middle of a secret and escape redaction.
      tail.removeFirst(tail.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? tail.count)
    }
  }
}

private func configuration(of command: Command, ownSession: Bool) throws(CommandError) -> Configuration {
  var executable = command.executable
  if !executable.contains("/") {
    guard let found = ExecutablePath.find(executable, in: command.environment["PATH"] ?? "/usr/bin:/bin") else {
      throw .notFound(executable: executable)
    }
    executable = found
  }
  var arguments = command.arguments
  if command.endsWithParent, let leash = ExecutablePath.leash {
    arguments = ["--pdeathsig", "TERM", executable] + arguments
    executable = leash
  }
  var options = PlatformOptions()
  options.createSession = ownSession
  var environment: [Environment.Key: String] = [:]
  for (name, value) in command.environment {
    if let key = Environment.Key(rawValue: name) { environment[key] = value }
  }
  return Configuration(
    executable: .path(FilePath(executable)), arguments: Arguments(arguments), environment: .custom(environment),
    workingDirectory: command.workingDirectory.map { FilePath($0) }, platformOptions: options)
}

/// 128 + n for a program killed by signal n, as a shell reports it.
private func shellStatus(_ status: TerminationStatus) -> Int32 {
  switch status {
  case .exited(let code): Int32(code)
  case .signaled(let signal): 128 + Int32(signal)
  }
}

private func commandError(_ error: SubprocessError, _ command: Command) -> CommandError {
  error.code == .executableNotFound
    ? .notFound(executable: command.executable)
    : .notStarted(executable: command.executable, reason: "\(error)")
}

extension RawSpan {
  fileprivate func copied() -> [UInt8] {
    withUnsafeBytes { Array($0) }
  }
}
