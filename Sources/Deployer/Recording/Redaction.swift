// What is said of a deployment passes the redactor at its last door as well: a name may have come from the host before the
// secrets were there, or over a connection that does not know them.

extension Progress {
  func redacted(_ needles: NeedleSet) -> Progress {
    func clean(_ text: String) -> String { Redactor.redact(text, needles) }
    return switch self {
    case .checking, .fetching, .started, .stepBegan, .stepEnded, .pulling, .recovering: self
    case .awaitingHealth(let services, let limit):
      .awaitingHealth(services.map { PendingService(clean($0.service), $0.cause) }, limit: limit)
    case .output(let text): .output(clean(text))
    case .waiting(let text): .waiting(clean(text))
    case .warning(let text): .warning(clean(text))
    case .explanation(let lines): .explanation(lines.map(clean))
    case .ended(let outcome, let reason): .ended(outcome, reason: reason.map(clean))
    }
  }
}

extension DeploymentEnd {
  func redacted(_ needles: NeedleSet) -> DeploymentEnd {
    var end = self
    end.reason = reason.map { Redactor.redact($0, needles) }
    end.before = before?.redacted(needles)
    end.after = after?.redacted(needles)
    return end
  }
}
