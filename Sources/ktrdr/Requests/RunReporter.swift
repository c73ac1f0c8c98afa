import Deployer
import Platform

/// Tells the operator what happens on each target of a command: a line a step, or on a terminal a picture that is redrawn,
/// with only those lines above it that have to stay.
struct RunReporter: Sendable {
  /// For everything that is said while it runs.
  let console: Console
  private let targets: [Target]

  /// `live` is the picture, which has the same targets.
  init(_ requests: [DeployRequest], _ console: Console, live: LiveDisplay?) {
    var console = console
    console.live = live
    self.console = console
    targets = requests.map(\.target)
  }

  func progress(of target: Target) -> @Sendable (Progress) -> Void {
    let printer = ProgressPrinter(console: console, target: targets.count > 1 ? target.name.value : nil)
    guard let live = console.live else { return { printer.show($0) } }
    return { [name = target.name.value, isVerbose = console.isVerbose] progress in
      live.take(progress, of: name)
      if progress.stays(verbose: isVerbose) { printer.show(progress) }
    }
  }

  func ended(_ outcome: Fleet.Outcome, of target: Target) { console.live?.end(target.name.value, outcome) }

  /// The end of all, those that did not get their turn included.
  func finish(_ outcomes: [Fleet.Outcome]) {
    for (target, outcome) in zip(targets, outcomes) { ended(outcome, of: target) }
    console.live?.finish()
  }
}

extension Progress {
  /// Whether it stays on the screen above a picture, which shows the rest as long as that matters.
  fileprivate func stays(verbose: Bool) -> Bool {
    switch self {
    case .fetching, .warning, .explanation, .recovering: true
    case .checking, .started, .stepEnded, .output, .waiting: verbose
    case .stepBegan, .pulling, .awaitingHealth, .ended: false
    }
  }
}

extension GlobalOptions {
  /// The picture for `requests`; `nil` where only lines can be shown, or nothing is to be.
  func live(for requests: [DeployRequest]) -> LiveDisplay? {
    let terminal = Terminal(descriptor: STDERR_FILENO, environment: environment)
    guard !quiet, Terminal.canRedraw(isTerminal: terminal.isTerminal, environment) else { return nil }
    return LiveDisplay(targets: requests.map(\.target.name.value), on: terminal, terminal.appearance(colors: color))
  }
}

extension CommandRunner {
  /// This runner, for commands that may ask something on the terminal: nothing is redrawn meanwhile.
  func pausing(_ console: Console) -> CommandRunner {
    guard let live = console.live else { return self }
    return CommandRunner { command, timeout in
      try await live.pausing(saying: "asking 1Password\n") { try await run(command, timeout) }
    }
  }
}
