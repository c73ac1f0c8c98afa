import Deployer
import Platform
import Synchronization

/// Looks again and again until it is stopped, and keeps what the last look found on a terminal.
///
/// One look follows the other, so none piles up. The picture is drawn anew only when it has changed, or the terminal has: text
/// on it can be selected.
final class StatusWatch: Sendable {
  private struct State {
    var look: StatusLook?
    var said: String?
    var lookingSince: ContinuousClock.Instant?
    /// What ends the watch.
    var failure: (any Error)?
    /// Grows with each change.
    var version = 0
  }

  /// What a picture is made of.
  private struct Version: Equatable {
    var state, width, height: Int
    var isSlow: Bool
  }

  private let targetCount: Int
  private let interval: WatchInterval
  private let isWide: Bool
  private let terminal: Terminal
  private let appearance: Appearance
  private let state = Mutex(State())
  private let clock = ContinuousClock()

  /// How often it is checked whether there is something to draw, or a request to stop.
  private static let tick = Duration.milliseconds(100)
  /// A look that takes longer is mentioned.
  private static let patience = Duration.seconds(1)

  /// `terminal` can be redrawn.
  init(_ targetCount: Int, every interval: WatchInterval, isWide: Bool, on terminal: Terminal, _ appearance: Appearance)
  {
    (self.targetCount, self.interval, self.isWide) = (targetCount, interval, isWide)
    (self.terminal, self.appearance) = (terminal, appearance)
  }

  /// Shows what a look has to wait for, until it has ended.
  func say(_ text: String) { change { $0.said = text } }

  /// Returns the last look that ended before the request to stop; `nil` if none did. The last picture stays on the terminal.
  /// A look that another process prevents by holding the ledger is repeated; throws what else a look throws.
  func run(until stop: StopSignal, look: @escaping @Sendable () async throws -> StatusLook) async throws -> StatusLook?
  {
    let looking = Task { await self.look(again: look, until: stop) }
    defer { looking.cancel() }
    var (screen, drawn) = (LiveScreen(), Version?.none)
    while stop.signal == nil, state.withLock({ $0.failure == nil }) {
      draw(on: &screen, since: &drawn)
      try? await Task.sleep(for: Self.tick)
    }
    let (found, failure) = state.withLock { ($0.look, $0.failure) }
    terminal.write(screen.leave(found == nil ? [] : picture(isSlow: false, height: nil)))
    if let failure { throw failure }
    return found
  }

  private func look(again look: @Sendable () async throws -> StatusLook, until stop: StopSignal) async {
    while !Task.isCancelled {
      change { [now = clock.now] in $0.lookingSince = now }
      do {
        let found = try await look()
        // What is seen after it may be what the stop has done.
        guard stop.signal == nil else { return }
        change { ($0.look, $0.said) = (found, nil) }
      } catch let failure as Failure where failure.status == ExitStatus.locked {
        change { $0.said = failure.lines.first }
      } catch {
        return change { $0.failure = error }
      }
      change { $0.lookingSince = nil }
      try? await Task.sleep(for: .seconds(interval.seconds))
    }
  }

  private func change(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      state.version += 1
    }
  }

  private func draw(on screen: inout LiveScreen, since drawn: inout Version?) {
    if StopKey.wasPressed, screen.rows > 0 { (screen, drawn) = (LiveScreen(), nil) }
    guard terminal.isInForeground else { return }
    let (number, since) = state.withLock { ($0.version, $0.lookingSince) }
    let isSlow = since.map { clock.now - $0 > Self.patience } ?? false
    let version = Version(state: number, width: terminal.width, height: terminal.height, isSlow: isSlow)
    guard version != drawn else { return }
    drawn = version
    let text = screen.show(picture(isSlow: isSlow, height: version.height))
    StopKey.arm(terminal.descriptor, rows: screen.rows)
    terminal.write(text)
  }

  private func picture(isSlow: Bool, height: Int?) -> [String] {
    var appearance = appearance
    appearance.width = terminal.width
    let (look, said) = state.withLock { ($0.look, $0.said) }
    return WatchPicture(
      look: look, targetCount: targetCount, interval: interval, isLooking: isSlow, said: height == nil ? nil : said,
      isWide: isWide, appearance: appearance, height: height
    ).lines
  }
}
