import ArgumentParser
import Deployer
import Ledger

struct LedgerVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the ledger is whole and unchanged, or say what is not.",
    discussion: """
      A chain alone cannot see its own end cut off, nor a ledger rewritten from the start. With --anchors the heads that \
      were left on the hosts are read back and compared.

      Exit status: 0 proven; 3 not proven, because a host with an anchor cannot be asked; 65 damaged.
      """)

  @Flag(help: "Compare with the anchors on every target's host, too.") var anchors = false

  @Option(
    help: ArgumentHelp(
      "Begin after this anchor, a line of .ktrdr-anchors: what came before was proven then.", valueName: "line"),
    transform: { line in
      guard let anchor = Anchor(line: line) else { throw ValidationError("'\(line)' is no anchor line") }
      return anchor
    })
  var since: Anchor?

  @Option(help: "How to print the result.") var format: RecordFormat = .table
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard let ledger = try await global.openLedgerIfPresent() else {
      throw Failure.usage("there is no ledger at \(global.ledgerPath) yet", next: "deploy something, or name --ledger")
    }
    let report: Verification
    do throws(LedgerError) {
      report = try await prove(ledger)
    } catch {
      throw Failure(error)
    }
    let seen = anchors ? try await compareAnchors(with: ledger) : []
    switch format {
    case .json: global.console.print(try JSONText.of(VerificationRecord(report, anchors: seen)))
    case .table: global.console.print(VerificationText.of(report, anchors: seen))
    }
    if report.verdict == .damaged || seen.contains(where: \.isContradiction) {
      throw ExitCode(Failure.Status.damaged)
    }
    if seen.contains(where: { $0.verdict == AnchorFinding.unreachable }) { throw ExitCode(Failure.Status.answerIsNo) }
  }

  private func prove(_ ledger: Ledger) async throws(LedgerError) -> Verification {
    let console = global.console
    return try await ledger.verify(VerifyOptions(since: since?.head)) { read, total in
      if read > 0, read % 500_000 == 0 { console.note("read \(read) of \(total) events") }
    }
  }

  private func compareAnchors(with ledger: Ledger) async throws -> [AnchorFinding] {
    let reader = AnchorReader(environment: global.environment)
    var findings: [AnchorFinding] = []
    for (target, lines) in await reader.read(try global.inventory().targets, ledger: ledger.id) {
      guard let lines else {
        findings.append(AnchorFinding(target: target.name.value, seq: nil, verdict: AnchorFinding.unreachable))
        continue
      }
      for anchor in lines.compactMap(Anchor.init(line:)) {
        let verdict = try await ledger.compare(anchor.head)
        let finding = AnchorFinding(target: target.name.value, seq: anchor.head.seq, verdict: verdict.rawValue)
        // One agreeing anchor proves all that came before it, so only the last is told; every contradiction is.
        if verdict == .agrees { findings.removeAll { $0.target == finding.target && $0.verdict == finding.verdict } }
        findings.append(finding)
      }
    }
    return findings
  }
}

/// What one host's anchor says of the ledger.
struct AnchorFinding {
  static let unreachable = "unreachable"

  var target: String
  var seq: Int64?
  /// An ``AnchorVerdict``'s word, or `unreachable`.
  var verdict: String

  var isContradiction: Bool { verdict == AnchorVerdict.ahead.rawValue || verdict == AnchorVerdict.differs.rawValue }
}
