import Ledger

/// The result of `ledger verify` in JSON.
struct VerificationRecord: Encodable {
  struct Position: Encodable {
    let seq: Int64
    let hash: String
  }
  struct Problem: Encodable {
    let seq: Nullable<Int64>
    let what: String
  }
  struct Finding: Encodable {
    let target: String
    let seq: Nullable<Int64>
    let verdict: String
    let otherLedgerAt: Nullable<String>
  }

  let verdict: String
  let events, deployments: Int64
  let head: Nullable<Position>
  let problems: [Problem]
  let anchors: [Finding]

  init(_ report: Verification, anchors: [AnchorFinding]) {
    verdict = VerificationText.verdict(report, anchors)
    events = report.events
    deployments = report.deployments
    head = Nullable(report.head.map { Position(seq: $0.seq, hash: $0.hash) })
    problems = report.problems.map { Problem(seq: Nullable($0.seq), what: $0.what) }
    self.anchors = anchors.map {
      Finding(
        target: $0.target, seq: Nullable($0.seq), verdict: $0.verdict, otherLedgerAt: Nullable($0.otherLedgerAt))
    }
  }
}

/// The result of `ledger verify` for a person.
enum VerificationText {
  /// `proven`, `not proven`, or `damaged`.
  static func verdict(_ report: Verification, _ anchors: [AnchorFinding]) -> String {
    if report.verdict == .damaged { return "damaged" }
    return anchors.contains(where: \.leavesDoubt) ? "not proven" : "proven"
  }

  /// `anchors` is `nil` if the hosts were not asked.
  static func of(_ report: Verification, anchors asked: [AnchorFinding]?) -> String {
    let anchors = asked ?? []
    let (events, deployments) = (counted(report.events, "event"), counted(report.deployments, "deployment"))
    var lines = ["\(verdict(report, anchors)): \(events), \(deployments)"]
    if let head = report.head { lines.append("head: event \(head.seq), \(head.hash)") }
    for problem in report.problems {
      lines.append("problem\(problem.seq.map { " at event \($0)" } ?? ""): \(problem.what)")
    }
    for warning in report.warnings { lines.append("note: \(warning)") }
    for anchor in anchors {
      lines.append("anchor on \(anchor.target)\(anchor.seq.map { ", event \($0)" } ?? ""): \(anchor.verdict)")
      if let note = anchor.note { lines.append("  \(note)") }
    }
    if asked == nil, report.verdict != .damaged {
      lines.append(
        "the hosts were not asked whether its end was removed or all of it rewritten: --anchors asks them")
    }
    return Console.lines(lines)
  }

  private static func counted(_ number: Int64, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
