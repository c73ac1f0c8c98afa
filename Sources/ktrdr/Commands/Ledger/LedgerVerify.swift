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

      Exit status: 0 proven; 3 not proven, because a host cannot be asked or has lost this ledger's anchors; 65 damaged.
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

  @Flag(help: "Let SQLite's own check take as long as it needs; deployments may have to wait for it.") var complete =
    false

  @Option(help: "How to print the result.") var format: RecordFormat = .table
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard let ledger = try await global.openLedgerIfPresent() else {
      throw Failure.usage("there is no ledger at \(global.ledgerPath) yet", next: "deploy something, or name --ledger")
    }
    var report: Verification
    var seen: [AnchorFinding] = []
    do throws(LedgerError) {
      report = try await prove(ledger)
    } catch {
      throw Failure(error)
    }
    if anchors {
      let kept = await AnchorReader(hosts: global.hosts).read(
        try global.inventory().targets, ledger: ledger.id)
      do throws(LedgerError) {
        seen = try await AnchorFinding.judge(kept, with: ledger, &report)
      } catch {
        throw Failure(error)
      }
    }
    switch format {
    case .json:
      for warning in report.warnings { global.console.note(warning) }
      global.console.print(try JSONText.of(VerificationRecord(report, anchors: seen)))
    case .table: global.console.print(VerificationText.of(report, anchors: seen))
    }
    if report.verdict == .damaged { throw ExitCode(ExitStatus.damaged) }
    if seen.contains(where: \.leavesDoubt) { throw ExitCode(ExitStatus.checkFailed) }
  }

  private func prove(_ ledger: DeploymentLedger) async throws(LedgerError) -> Verification {
    let console = global.console
    var told: Int64 = 0
    let seconds = complete ? Double.infinity : VerifyOptions.patience
    return try await ledger.verify(VerifyOptions(since: since?.head, integritySeconds: seconds)) { read, total in
      guard read - told >= 500_000 else { return }
      told = read
      console.note("read \(read) of \(total) events")
    }
  }
}
