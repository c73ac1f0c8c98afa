import Deployer
import Dispatch
import Platform

/// Handles SIGINT, SIGTERM and SIGHUP: the first one requests a stop as soon as it is safe, a second one quits immediately.
struct Signals {
  private let sources: [any DispatchSourceSignal]

  /// Unless it `isPatient`, a command stops at once and need not say that it takes a moment.
  init(stop: StopSignal, console: Console, isPatient: Bool = true) {
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let isFirst = stop.request(number) {
          if isPatient { console.warning("stopping as soon as it is safe; press Ctrl-C again to quit immediately") }
        }
        guard !isFirst else { return }
        console.live?.abandon()
        if isPatient {
          console.warning("quit at once: what a host has begun goes on there; 'ktrdr status' shows what runs")
        }
        _exit(128 + number)
      }
      source.activate()
      return source
    }
  }
}
