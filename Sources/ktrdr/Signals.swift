import Deployer
import Dispatch
import Platform

/// The first SIGINT, SIGTERM or SIGHUP asks to stop where it is safe; a second one leaves at once.
struct Signals {
  private let sources: [any DispatchSourceSignal]

  init(stop: StopSignal, console: Console) {
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        guard !stop.ask(number) else {
          console.warning("stopping as soon as it is safe; once more leaves at once")
          return
        }
        _exit(128 + number)
      }
      source.activate()
      return source
    }
  }
}
