import Platform
import Subprocess
import Synchronization

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A terminal of a test's own, both ends of it. What is written on it is kept as it comes.
public final class OpenTerminal: Sendable {
  /// The end that a program writes on.
  public let descriptor: Int32
  private let ours: Int32
  private let seen = Mutex<[UInt8]>([])
  private let isStalled = Atomic<Bool>(false)

  public init(columns: Int, rows: Int) throws {
    var (ours, its): (Int32, Int32) = (-1, -1)
    var size = Self.size(columns, rows)
    guard openpty(&ours, &its, nil, nil, &size) == 0 else { throw Errno(rawValue: errno) }
    // Another test's program that starts now must not hold an end open.
    for descriptor in [ours, its] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    (self.ours, descriptor) = (ours, its)
    Task.detached { [weak self] in
      while (try? await Task.sleep(for: .milliseconds(5))) != nil {
        guard let self else { return }
        read()
      }
    }
  }

  deinit {
    close(ours)
    close(descriptor)
  }

  /// Everything that was written so far.
  public var bytes: [UInt8] { seen.withLock { $0 } }

  /// Gives it another size. Returns how many bytes were written while it had the size before, if nobody writes meanwhile.
  public func resize(columns: Int, rows: Int) -> Int {
    var size = Self.size(columns, rows)
    return seen.withLock { seen in
      read(into: &seen)
      _ = ioctl(ours, UInt(TIOCSWINSZ), &size)
      return seen.count
    }
  }

  /// Stands still, so that whoever writes has to wait in the end; or goes on.
  public func stall(_ stalls: Bool) { isStalled.store(stalls, ordering: .relaxed) }

  /// Runs a program on it to its end, in a process group of its own. `during` is given its process id. Returns the exit status.
  public func run(
    _ program: String, _ arguments: [String], environment: [String: String], in directory: String,
    during: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> Int32 {
    var values: [Environment.Key: String] = [:]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    var options = PlatformOptions()
    options.processGroupID = 0
    let its = FileDescriptor(rawValue: descriptor)
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(values),
      workingDirectory: FilePath(directory), platformOptions: options, input: .none,
      output: .fileDescriptor(its, closeAfterSpawningProcess: false),
      error: .fileDescriptor(its, closeAfterSpawningProcess: false)
    ) { execution in
      try await during(execution.processIdentifier.value)
    }
    return switch result.terminationStatus {
    case .exited(let code): Int32(code)
    case .signaled(let signal): 128 + Int32(signal)
    }
  }

  private func read() {
    guard !isStalled.load(ordering: .relaxed) else { return }
    seen.withLock { read(into: &$0) }
  }

  private func read(into seen: inout [UInt8]) {
    var part = [UInt8](repeating: 0, count: 64 << 10)
    var waiting = pollfd(fd: ours, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, 0) == 1, waiting.revents & Int16(POLLIN) != 0 {
      let count = Platform.read(ours, &part, part.count)
      guard count > 0 else { return }
      seen += part[..<count]
    }
  }

  private static func size(_ columns: Int, _ rows: Int) -> winsize {
    var size = winsize()
    (size.ws_col, size.ws_row) = (UInt16(columns), UInt16(rows))
    return size
  }
}
