import Deployer
import Ledger

/// What one host's anchor says of the ledger.
struct AnchorFinding: Equatable {
  /// The host could not be asked.
  static let unreachable = "unreachable"
  /// The ledger says that its head was left there, and the host has none of it.
  static let missing = "missing"
  /// The host has another ledger's only, and this one never had anything to do there.
  static let foreign = "foreign"

  var target: String
  var seq: Int64?
  /// An ``AnchorVerdict``'s word, `unreachable`, `missing` or `foreign`.
  var verdict: String

  /// Neither proof nor contradiction.
  var leavesDoubt: Bool { [Self.unreachable, Self.missing, AnchorVerdict.replaced.rawValue].contains(verdict) }

  /// Compares what the hosts keep with the ledger. What contradicts it becomes a problem of the report.
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
      findings += told(here)
      witnesses += here
      guard here.isEmpty else { continue }
      if let foreign = kept.foreign.flatMap(Anchor.init(line:)) {
        let verdict = report.anchoredTargets.contains(name) ? AnchorVerdict.replaced.rawValue : Self.foreign
        findings.append(AnchorFinding(target: name, seq: foreign.head.seq, verdict: verdict))
      } else if report.anchoredTargets.contains(name) {
        findings.append(AnchorFinding(target: name, seq: nil, verdict: missing))
      }
    }
    if let problem = AnchorWitness.contradiction(among: witnesses) { report.problems.append(problem) }
    guard witnesses.isEmpty else { return findings }
    // No host knows this ledger at all: then it may well be the one that took the other's place.
    return findings.map { finding in
      finding.verdict == foreign
        ? AnchorFinding(target: finding.target, seq: finding.seq, verdict: AnchorVerdict.replaced.rawValue) : finding
    }
  }

  /// One agreeing anchor proves all that came before it, so only the last is told; every contradiction is.
  private static func told(_ witnesses: [AnchorWitness]) -> [AnchorFinding] {
    let last = witnesses.last { $0.verdict == .agrees }
    return witnesses.filter { $0.verdict != .agrees || $0 == last }.map {
      AnchorFinding(target: $0.target, seq: $0.anchor.head.seq, verdict: $0.verdict.rawValue)
    }
  }
}
