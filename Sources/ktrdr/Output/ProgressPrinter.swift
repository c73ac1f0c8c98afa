import Deployer
import Platform

/// Prints the progress of a deployment to standard error, line by line.
struct ProgressPrinter: Sendable {
  let console: Console
  /// The prefix of each line, the target's name, if there are several targets.
  var target: String?

  func show(_ progress: Progress) {
    switch progress {
    case .checking(let host): note("checking \(host)")
    case .fetching(let item): console.note("fetching secrets from 1Password item \(item)")
    case .started(let deployment): note("deployment \(deployment) started")
    case .stepBegan, .pulling, .awaitingHealth: break
    case .stepEnded(let step, let status, let milliseconds):
      let seconds = "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
      let verdict = status == 0 ? ("done", "32") : ("failed (status \(status))", "31")
      console.note("\(prefix)  \(step.rawValue.padded(to: 8)) ", verdict, "  \(seconds)")
    case .output(let text): if console.isVerbose { for line in text.byteLines { note("    " + line) } }
    case .waiting(let what): note("  waiting: \(what)")
    case .warning(let text): console.warning(prefix + text)
    case .explanation(let lines): for line in lines { note(line) }
    case .recovering(let deployment): note("deployment \(deployment) failed: rolling back to the previous images")
    case .ended(let outcome, let reason):
      if target != nil { note("\(outcome)\(reason.map { ": \($0)" } ?? "")") }
    }
  }

  private var prefix: String { target.map { "\($0): " } ?? "" }

  private func note(_ text: String) { console.note(prefix + text) }
}

extension String {
  var droppingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
