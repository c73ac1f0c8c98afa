import Deployer
import Ledger

/// What the ledger proves, by itself and by the anchors on the hosts.
struct LedgerProof: Sendable {
  var verification: Verification
  /// `nil` if the hosts were not asked.
  var anchors: [AnchorFinding]?

  /// `proven`, `not proven`, or `damaged`.
  var verdict: String { VerificationText.verdict(verification, anchors ?? []) }

  /// What `ledger verify` ends with; `nil` for success.
  var exitStatus: Int32? {
    if verification.verdict == .damaged { return ExitStatus.damaged }
    return anchors?.contains(where: \.leavesDoubt) == true ? ExitStatus.checkFailed : nil
  }

  /// Verifies the ledger; with `anchors`, also compares it with the anchors on every target's host.
  static func of(
    _ ledger: DeploymentLedger, _ options: VerifyOptions, anchors: Bool, _ global: GlobalOptions
  ) async throws -> LedgerProof {
    let console = global.console
    var reported: Int64 = 0
    var proof: LedgerProof
    do throws(LedgerError) {
      let verification = try await ledger.verify(options) { read, total in
        guard read - reported >= 500_000 else { return }
        reported = read
        console.note("read \(read) of \(total) events")
      }
      proof = LedgerProof(verification: verification)
    } catch {
      throw Failure(error)
    }
    guard anchors else { return proof }
    let targets = try global.inventoryForHosts().targets
    let kept = await AnchorReader(hosts: global.hosts).read(targets, ledger: ledger.id)
    do throws(LedgerError) {
      proof.anchors = try await AnchorFinding.judge(kept, with: ledger, &proof.verification)
    } catch {
      throw Failure(error)
    }
    return proof
  }
}
