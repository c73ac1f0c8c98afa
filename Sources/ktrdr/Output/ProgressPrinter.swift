import Deployer

/// Tells a person how a deployment goes, line by line, on standard error.
struct ProgressPrinter: Sendable {
  let console: Console

  func show(_ progress: Progress) {
    switch progress {
    case .checking(let host): console.note("checking \(host)")
    case .fetching(let item): console.note("fetching secrets from 1Password item \(item)")
    case .started(let deployment): console.note("deployment \(deployment) begins")
    case .stepBegan: break
    case .stepEnded(let step, let status, let milliseconds):
      let seconds = "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
      let verdict = status == 0 ? console.colored("done", "32") : console.colored("failed (status \(status))", "31")
      console.note("  \(step.padded(to: 8)) \(verdict)  \(seconds)")
    case .output(let text): if console.isVerbose { console.note("    " + text.droppingLastNewline) }
    case .waiting(let what): console.note("  waiting: \(what)")
    case .warning(let text): console.warning(text)
    }
  }
}

extension String {
  /// Filled with spaces on the right; longer text stays as it is.
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  var droppingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
