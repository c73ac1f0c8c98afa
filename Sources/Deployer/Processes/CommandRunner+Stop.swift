extension CommandRunner {
  /// The same, but a command ends as soon as somebody asks to stop: only for commands that change nothing.
  public func ended(by stop: StopSignal) -> CommandRunner {
    CommandRunner { command, timeout in
      try await withThrowingTaskGroup(of: CommandResult?.self) { group in
        group.addTask { try await run(command, timeout) }
        group.addTask {
          await stop.wait()
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
          throw CommandError.stopped(executable: command.executable)
        }
        return result
      }
    }
  }
}
