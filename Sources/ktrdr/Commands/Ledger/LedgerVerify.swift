import ArgumentParser
import Deployer
import Ledger

struct LedgerVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the ledger is complete and unchanged, or report what is wrong.",
    discussion: """
      The chain alone cannot show that its end was removed, or that the ledger was rewritten from the start. With \
      --anchors, the heads on the targets' hosts are read back and compared.

      Exit status: 0 proven; 3 not proven, because a host is unreachable or has lost this ledger's anchors; 65 damaged.
      """)

  @Flag(help: "Also compare the ledger with the anchors on every target's host.") var anchors = false

  @Option(
    help: ArgumentHelp(
      "Start after this anchor, a line of .ktrdr-anchors: everything before it was proven earlier.", valueName: "line"),
    transform: { line in
      guard let anchor = Anchor(line: line) else {
        throw ValidationError("'\(line)' is not an anchor; use a line of .ktrdr-anchors")
      }
      return anchor
    })
  var since: Anchor?

  @Flag(help: "Let SQLite's own check run to its end; deployments may have to wait for it.") var complete = false

  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ledger = try await global.openLedgerForInspection()
    let seconds = complete ? Double.infinity : VerifyOptions.defaultIntegritySeconds
    let options = VerifyOptions(since: since?.head, integritySeconds: seconds)
    let proof = try await LedgerProof.of(ledger, options, anchors: anchors, global)
    let (report, seen) = (proof.verification, proof.anchors ?? [])
    switch output.choice {
    case .json:
      for warning in report.warnings { global.console.note(warning) }
      global.console.print(try JSONText.of(VerificationRecord(report, anchors: seen)))
    case .table: global.console.print(VerificationText.of(report, anchors: proof.anchors))
    }
    if let status = proof.exitStatus { throw ExitCode(status) }
  }
}
