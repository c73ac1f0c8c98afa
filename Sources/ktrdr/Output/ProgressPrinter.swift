import Deployer

/// Tells a person how a deployment goes, line by line, on standard error.
struct ProgressPrinter: Sendable {
  let console: Console
  /// The target's name, where several are worked on and each line must say which one it is about.
  var target: String?

  func show(_ progress: Progress) {
    switch progress {
    case .checking(let host): note("checking \(host)")
    case .fetching(let item): console.note("fetching secrets from 1Password item \(item)")
    case .started(let deployment): note("deployment \(deployment) begins")
    case .stepBegan: break
    case .stepEnded(let step, let status, let milliseconds):
      let seconds = "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
      let verdict = status == 0 ? console.colored("done", "32") : console.colored("failed (status \(status))", "31")
      note("  \(step.rawValue.padded(to: 8)) \(verdict)  \(seconds)")
    case .output(let text): if console.isVerbose { note("    " + text.droppingLastNewline) }
    case .waiting(let what): note("  waiting: \(what)")
    case .warning(let text): console.warning(prefix + text)
    case .explanation(let lines): for line in lines { note(line) }
    case .recovering(let deployment): note("deployment \(deployment) failed: going back to what ran before")
    case .ended(let outcome, let reason):
      if target != nil { note("\(outcome)\(reason.map { ": \($0)" } ?? "")") }
    }
  }

  private var prefix: String { target.map { "\($0): " } ?? "" }

  private func note(_ text: String) { console.note(prefix + text) }
}

extension String {
  /// Filled with spaces on the right; longer text stays as it is.
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  var droppingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
