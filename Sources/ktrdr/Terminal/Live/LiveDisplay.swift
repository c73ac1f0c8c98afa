import Deployer
import Dispatch
import Platform
import Synchronization

/// Shows the progress of deployments on a terminal, as a picture that is redrawn until it is finished.
///
/// Whoever reports something only changes values. One queue writes, and draws the newest picture when the terminal is ready
/// for it: pictures in between are dropped, and a terminal that stands still holds up no deployment. It also looks at the
/// terminal's size before each picture, so it need not be told that the size has changed or the process has been continued.
final class LiveDisplay: Sendable {
  fileprivate struct State {
    var targets: [LiveTarget]
    /// Lines to write above the picture.
    var waiting = ""
    var leftOut = 0
    /// How many commands run that may ask something on the terminal.
    var pauses = 0
    var wasPaused = false
    /// Whether the newest lines and the newest pause will be drawn without another request.
    var isScheduled = false
    var isOver = false
  }

  /// How to write on the terminal. Not the time of the appearance, nor its width, which may change.
  private let appearance: Appearance
  private let terminal: Terminal
  private let state: Mutex<State>
  private let screen = Mutex(LiveScreen())
  /// Draws each picture as a whole, so whatever else runs on it runs between two of them.
  let queue = DispatchQueue(label: "ktrdr.live")
  private let clock = ContinuousClock()

  /// Between two pictures, if nothing else is to be written.
  private static let pause = DispatchTimeInterval.milliseconds(100)
  /// In bytes. A terminal that stands still must not fill memory with a host's output.
  private static let waitingLimit = 4 << 20
  /// For the last picture, when somebody is in a hurry; and for an empty screen before a command may ask something.
  private static let patience = Duration.milliseconds(500)

  init(targets: [String], on terminal: Terminal, _ appearance: Appearance) {
    self.terminal = terminal
    self.appearance = appearance
    state = Mutex(State(targets: targets.map { LiveTarget($0) }))
    redraw()
  }

  func take(_ progress: Progress, of target: String) { change(target) { $0.take(progress, at: $1) } }

  func end(_ target: String, _ outcome: Fleet.Outcome) { change(target) { $0.end(outcome, at: $1) } }

  private func change(_ name: String, _ change: (inout LiveTarget, ContinuousClock.Instant) -> Void) {
    let now = clock.now
    state.withLock { state in
      for index in state.targets.indices where state.targets[index].name == name { change(&state.targets[index], now) }
    }
  }

  /// Writes text that ends with a line end above the picture. Returns false if there is no picture any more.
  func write(_ text: String) -> Bool {
    let isTaken = state.withLock { state in
      guard !state.isOver else { return false }
      if state.waiting.utf8.count < Self.waitingLimit { state.waiting += text } else { state.leftOut += 1 }
      return true
    }
    if isTaken { schedule() }
    return isTaken
  }

  /// Runs `body`, which may ask something on the terminal: meanwhile nothing is redrawn. `words`, which end with a line end, say
  /// the first time why nothing moves.
  func pausing<Value>(saying words: String, _ body: () async throws -> Value) async rethrows -> Value {
    state.withLock { state in
      state.pauses += 1
      if !state.wasPaused { state.waiting += words }
      state.wasPaused = true
    }
    // After it nothing changes until the next picture: of several commands in a row each would flash.
    defer { state.withLock { $0.pauses -= 1 } }
    schedule()
    let deadline = clock.now + Self.patience
    while screen.withLockIfAvailable(\.rows) != 0, clock.now < deadline {
      try? await Task.sleep(for: .milliseconds(5))
    }
    return try await body()
  }

  /// Leaves the last picture as ordinary lines. Whatever is written afterwards comes below.
  func finish() { queue.sync { close() } }

  /// The same for a process that ends at once: does not wait for a terminal that stands still.
  func abandon() {
    let done = DispatchSemaphore(value: 0)
    queue.async { [self] in
      close()
      done.signal()
    }
    _ = done.wait(timeout: .now() + .milliseconds(Int(Self.patience / .milliseconds(1))))
  }

  private func redraw() {
    queue.asyncAfter(deadline: .now() + Self.pause) { [weak self] in
      guard let self, !state.withLock(\.isOver) else { return }
      draw()
      redraw()
    }
  }

  private func schedule() {
    let isNew = state.withLock { state in
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if isNew { queue.async { [self] in draw() } }
  }

  private func draw() { show(isLast: false) }

  private func close() { show(isLast: true) }

  /// Only on the queue. Holds the screen until everything is written, and the state no longer than it takes to copy it.
  private func show(isLast: Bool) {
    screen.withLock { screen in
      let newest = state.withLock { state -> (targets: [LiveTarget], lines: String, isPaused: Bool)? in
        state.isScheduled = false
        guard !state.isOver else { return nil }
        state.isOver = isLast
        return (state.targets, state.takeLines(), state.pauses > 0)
      }
      guard let newest else { return }
      if StopKey.wasPressed { screen = LiveScreen() }
      let text =
        if isLast {
          screen.leave(picture(newest.targets, height: nil), below: newest.lines)
        } else if newest.isPaused || !terminal.isInForeground {
          screen.show([], below: newest.lines)
        } else {
          screen.show(picture(newest.targets, height: terminal.height), below: newest.lines)
        }
      StopKey.arm(terminal.descriptor, rows: screen.rows)
      terminal.write(text)
    }
  }

  private func picture(_ targets: [LiveTarget], height: Int?) -> [String] {
    var appearance = appearance
    appearance.width = terminal.width
    return LivePicture(targets: targets, appearance: appearance, height: height, now: clock.now).lines
  }
}

extension LiveDisplay.State {
  fileprivate mutating func takeLines() -> String {
    defer { (waiting, leftOut) = ("", 0) }
    return waiting + (leftOut > 0 ? LiveWords.leftOut(leftOut) + "\n" : "")
  }
}
