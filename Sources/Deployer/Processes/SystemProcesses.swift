import Subprocess
import Synchronization

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

extension CommandRunner {
  /// Runs real programs. Each stream is kept up to 8 MiB; more is a ``CommandError/notStarted(executable:reason:)``.
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

  /// The most that one stream of a command may write; nothing that ktrdr asks for comes near it.
  private static let outputLimit = 8 << 20

  private static func runToEnd(_ command: Command) async throws -> CommandResult {
    do {
      let result = try await Subprocess.run(
        try configuration(of: command, ownProcessGroup: false), input: .inputWriter, output: .bytes(limit: outputLimit),
        error: .bytes(limit: outputLimit)
      ) { execution in
        // A child that ends before it reads makes these fail; how it ended says more than that.
        if !command.standardInput.isEmpty { _ = try? await execution.standardInputWriter.write(command.standardInput) }
        try? await execution.standardInputWriter.finish()
      }
      return CommandResult(
        status: shellStatus(result.terminationStatus), standardOutput: result.standardOutput,
        standardError: result.standardError)
    } catch let error as SubprocessError {
      throw commandError(error, command)
    }
  }
}

/// A running program that is talked to: its standard input stays open, its output comes in pieces. It belongs to the task that
/// holds it.
public struct Conversation {
  /// Writes to the program's standard input. A program that is gone takes nothing, which its output's end tells.
  public var send: @Sendable (_ bytes: [UInt8]) async -> Void
  /// Ends the program's standard input.
  public var close: @Sendable () async -> Void
  /// Ends the program itself, at once.
  public var kill: @Sendable () -> Void
  public let output: ProgramOutput
}

/// What a program writes to its standard output; ends when it does. It is read only when somebody asks, so nothing piles up in
/// this process: a program that writes faster than it is read has to wait.
public final class ProgramOutput {
  private var chunks: SubprocessOutputSequence.Iterator

  fileprivate init(_ chunks: SubprocessOutputSequence.Iterator) { self.chunks = chunks }

  /// The next piece; `nil` at the end.
  public func next() async -> [UInt8]? {
    guard let chunk = try? await chunks.next(isolation: #isolation) else { return nil }
    return chunk.bytes.copied()
  }
}

/// How a conversation's program ended, with the last of what it wrote to standard error.
public struct ConversationEnd: Sendable, Equatable {
  /// The exit status; 128 + n when signal n ended it.
  public var status: Int32
  /// At most the last 64 KiB of standard error.
  public var errorTail: [UInt8]
}

/// Starts programs to talk to. A seam, like ``CommandRunner``.
public enum Conversations {
  /// How much of a program's standard error is kept.
  static let errorTailLimit = 64 << 10

  /// Starts `command` in a process group of its own, so that a Ctrl-C on the terminal does not reach it, and gives it
  /// to `body`. When `body` returns, the program's input is closed and its end is awaited.
  ///
  /// Throws ``CommandError`` when the program does not start.
  public static func hold<Value: Sendable>(
    _ command: Command, body: @escaping @Sendable (Conversation) async -> Value
  ) async throws -> (Value, ConversationEnd) {
    let errorTail = TailBuffer(limit: errorTailLimit)
    do {
      let result = try await Subprocess.run(
        try configuration(of: command, ownProcessGroup: true), input: .inputWriter, output: .sequence, error: .sequence
      ) { execution in
        await withTaskGroup(of: Void.self, returning: Value.self) { group in
          group.addTask {
            var chunks = execution.standardError.makeAsyncIterator()
            while let chunk = try? await chunks.next() { errorTail.append(chunk.bytes.copied()) }
          }
          let writer = execution.standardInputWriter
          let output = ProgramOutput(execution.standardOutput.makeAsyncIterator())
          let conversation = Conversation(
            send: { bytes in _ = try? await writer.write(bytes) },
            close: { try? await writer.finish() },
            kill: { try? execution.send(signal: .kill) },
            output: output)
          let value = await body(conversation)
          try? await writer.finish()
          // Nobody asks any more: what still comes is read and forgotten, so that the program can end.
          while await output.next() != nil {}
          await group.waitForAll()
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

/// The last bytes of a stream, shared between the task that reads it and the one that asks.
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
      // Half a line might begin in the middle of what must not be seen.
      tail.removeFirst(tail.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? tail.count)
    }
  }
}

private func configuration(of command: Command, ownProcessGroup: Bool) throws(CommandError) -> Configuration {
  var executable = command.executable
  if !executable.contains("/") {
    guard let found = ExecutablePath.find(executable, in: command.environment["PATH"] ?? "/usr/bin:/bin") else {
      throw .notFound(executable: executable)
    }
    executable = found
  }
  var options = PlatformOptions()
  if ownProcessGroup { options.processGroupID = 0 }
  var environment: [Environment.Key: String] = [:]
  for (name, value) in command.environment {
    if let key = Environment.Key(rawValue: name) { environment[key] = value }
  }
  return Configuration(
    executable: .path(FilePath(executable)), arguments: Arguments(command.arguments), environment: .custom(environment),
    workingDirectory: command.workingDirectory.map { FilePath($0) }, platformOptions: options)
}

/// A shell says 128 + n of a program that signal n ended.
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
