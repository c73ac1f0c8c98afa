/// Looks at a host until Docker has no stop in hand there.
struct SettledHost {
  let time: TimeSource
  /// Gets what is waited for, once.
  let say: @Sendable (String) -> Void
  /// Whether the operator wants to go on without that.
  var isImpatient: @Sendable () -> Bool = { false }

  /// The pause between two looks.
  private static let pause = Duration.seconds(1)

  /// What is seen once it is like that. Docker says until when that takes at most.
  func see<Seen, Failure>(
    _ look: () async throws(Failure) -> Seen, pending: (Seen, _ earlier: PendingStop?) -> PendingStop?
  ) async throws(Failure) -> Seen {
    var last: PendingStop?
    while true {
      let seen = try await look()
      guard let stop = pending(seen, last), !isImpatient() else { return seen }
      if last == nil { say(stop.what) }
      last = stop
      await time.sleep(Self.pause)
    }
  }
}

extension SettledHost {
  func see<Failure>(_ look: () async throws(Failure) -> Observation) async throws(Failure) -> Observation {
    try await see(look, pending: { $0.pendingStop(knowing: $1) })
  }
}
