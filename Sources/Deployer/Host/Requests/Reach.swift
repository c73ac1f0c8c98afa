extension RemoteSession {
  /// Returns once the shell on the host has spoken.
  func reach() async throws(HostError) { _ = try await ask(script.done) }
}
