import Platform

@testable import Ledger

/// What the ledger answers: values, which are compared much faster than their descriptions.
struct Answer: Sendable, Equatable {
  let count: Int
  private let values: any Equatable & Sendable

  init(_ values: [some Equatable & Sendable]) { (count, self.values) = (values.count, values) }

  static func == (left: Answer, right: Answer) -> Bool {
    func equals<Values: Equatable>(_ values: Values) -> Bool { values == right.values as? Values }
    return equals(left.values)
  }
}

/// Something that a reading command asks the ledger.
struct Question: Sendable {
  var name: String
  /// True for `verify` and `export`, which check every event that they read. A wrong answer is a defect then, whatever the
  /// damage.
  var checksEvents = false
  var ask: @Sendable (isolated DeploymentLedger) throws -> Answer

  private static let filters: [(String, HistoryFilter)] = [
    ("everything", HistoryFilter(limit: 1000)), ("a page", HistoryFilter()),
    ("target", HistoryFilter(target: Sample.target(1), limit: 1000)),
    ("target and kind", HistoryFilter(target: Sample.target(1), kind: .rollback, batch: nil, limit: 1000)),
    ("host", HistoryFilter(host: Sample.host(1), limit: 1000)),
    ("service", HistoryFilter(service: Sample.service(1), limit: 1000)),
    ("tag", HistoryFilter(tag: "sha-0000007")), ("operator", HistoryFilter(operator: "ada", limit: 1000)),
    ("running", HistoryFilter(outcome: .running)), ("succeeded", HistoryFilter(outcome: .finished(.succeeded))),
    ("failed", HistoryFilter(outcome: .finished(.failed), limit: 1000)),
    ("kind", HistoryFilter(kind: .rollback, limit: 1000)), ("batch", HistoryFilter(batch: "batch-3")),
    ("since", HistoryFilter(since: Date(timeIntervalSince1970: 0), limit: 1000)),
  ]

  private static let histories = filters.map { name, filter in
    Question(name: "history by \(name)") { ledger in Answer(try ledger.history(filter)) }
  }

  private static let others = [
    Question(name: "show") { ledger in
      let newest = try ledger.history(HistoryFilter(limit: 1)).first?.id ?? 0
      return Answer(
        try (1...newest + 1).compactMap { id -> Shown? in
          guard let deployment = try ledger.deployment(id) else { return nil }
          return Shown(deployment: deployment, steps: try ledger.steps(of: id), images: try ledger.images(of: id))
        })
    },
    Question(name: "deployments in flight") { ledger in Answer(try ledger.inFlight()) },
    Question(name: "deployments in flight on a target") { ledger in
      Answer(try ledger.inFlight(target: Sample.target(2)))
    },
    Question(name: "recorded services") { ledger in Answer(try ledger.recordedServices(of: Sample.target(1))) },
    Question(name: "newest succeeded") { ledger in
      Answer(try ledger.newestSucceeded(of: Sample.target(1)).map(Shown.init))
    },
    Question(name: "newest recorded by a moment") { ledger in
      let moment = try ledger.history(HistoryFilter(limit: 3)).last?.startedAt ?? .distantPast
      return Answer(try ledger.newestRecorded(of: Sample.target(1), at: moment).map(Shown.init))
    },
    Question(name: "good history") { ledger in
      Answer(try ledger.goodHistory(target: Sample.target(1), service: Sample.service(1)).map(Shown.init))
    },
    Question(name: "head") { ledger in Answer(["\(try ledger.head())", "\(try ledger.clockLag() ?? 0)"]) },
    Question(name: "verify", checksEvents: true) { ledger in
      let report = try ledger.verify()
      guard report.verdict == .proven else { throw LedgerError.damaged(path: ledger.path, reason: "verify") }
      return Answer(["\(report.events) events, \(report.deployments) deployments"])
    },
    Question(name: "export", checksEvents: true) { ledger in Answer(try ledger.lines(.csv)) },
  ]

  private struct Shown: Sendable, Equatable {
    var deployment: Deployment
    var steps: [StepRecord] = []
    var images: [ImageRecord]

    init(deployment: Deployment, steps: [StepRecord], images: [ImageRecord]) {
      (self.deployment, self.steps, self.images) = (deployment, steps, images)
    }

    init(_ deployment: Deployment, _ image: ImageRecord) {
      (self.deployment, images) = (deployment, [image])
    }
  }

  static let all = histories + others
  /// One that reads along an index, and one that reads everything.
  static let few = [histories[0]] + others.filter { $0.name == "verify" }
}

/// An export that does not end.
struct TooManyLines: Error {}

extension DeploymentLedger {
  fileprivate func lines(_ format: ExportFormat) throws -> [String] {
    var lines: [String] = []
    try export(format) { line in
      guard lines.count < 5000 else { throw TooManyLines() }
      lines.append(line)
    }
    return lines
  }

  func answer(_ question: Question) throws -> Answer { try question.ask(self) }
}
