import Deployer
import Ledger

/// The verdict of one host's anchors on the ledger.
struct AnchorFinding: Equatable {
  /// The host or its anchor file could not be read.
  static let unreachable = "unreachable"
  /// According to the ledger, its head was left on the host, but the host has no anchor of it.
  static let missing = "missing"
  /// The host has only anchors of another ledger, and this ledger has never left one there.
  static let foreign = "foreign"

  var target: String
  var seq: Int64?
  /// The raw value of an ``AnchorVerdict``, or `unreachable`, `missing` or `foreign`.
  var verdict: String
  /// When another ledger left its last anchor there: RFC 3339, UTC. `nil` if none has.
  var otherLedgerAt: String?

  /// What a person should know of the other ledger.
  var note: String? {
    otherLedgerAt.map { "another ledger deployed there too, last at \($0): its deployments are not in this one" }
  }

  /// Whether the finding neither proves nor disproves the ledger.
  var leavesDoubt: Bool { [Self.unreachable, Self.missing, AnchorVerdict.replaced.rawValue].contains(verdict) }

  /// Compares the anchors on the hosts with the ledger. Adds a problem to the report if they contradict it.
  static func judge(
    _ hosts: [(Target, KeptAnchors?)], with ledger: DeploymentLedger, _ report: inout Verification
  ) async throws(LedgerError) -> [AnchorFinding] {
    var findings: [AnchorFinding] = []
    var witnesses: [AnchorWitness] = []
    for (target, kept) in hosts {
      let name = target.name.value
      guard let kept else {
        findings.append(AnchorFinding(target: name, seq: nil, verdict: unreachable))
        continue
      }
      let anchors = kept.lines.compactMap(Anchor.init(line:))
      let here = try await ledger.compare(anchors.map { (name, $0) })
      let foreign = kept.foreign.flatMap(Anchor.init(line:))
      var own = reported(here)
      if !own.isEmpty { own[own.count - 1].otherLedgerAt = foreign?.time }
      findings += own
      witnesses += here
      guard here.isEmpty else { continue }
      if let foreign {
        let verdict = report.anchoredTargets.contains(name) ? AnchorVerdict.replaced.rawValue : Self.foreign
        findings.append(
          AnchorFinding(target: name, seq: foreign.head.seq, verdict: verdict, otherLedgerAt: foreign.time))
      } else if report.anchoredTargets.contains(name) {
        findings.append(AnchorFinding(target: name, seq: nil, verdict: missing))
      }
    }
    if let problem = AnchorWitness.contradiction(among: witnesses) { report.problems.append(problem) }
    guard witnesses.isEmpty else { return findings }
    // No host has an anchor of this ledger, so it may have replaced the other one.
    return findings.map { finding in
      var finding = finding
      if finding.verdict == foreign { finding.verdict = AnchorVerdict.replaced.rawValue }
      return finding
    }
  }

  /// Every contradiction, and the last anchor that agrees: it proves all events before it.
  private static func reported(_ witnesses: [AnchorWitness]) -> [AnchorFinding] {
    let last = witnesses.last { $0.verdict == .agrees }
    return witnesses.filter { $0.verdict != .agrees || $0 == last }.map {
      AnchorFinding(target: $0.target, seq: $0.anchor.head.seq, verdict: $0.verdict.rawValue)
    }
  }
}
