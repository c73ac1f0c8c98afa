extension CommandRunner {
  /// This runner, but every command is killed as soon as the operator asks to stop. Only for commands that change
  /// nothing. A killed command throws ``CommandError/stopped(executable:)``.
  public func stopping(on stop: StopSignal) -> CommandRunner {
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
