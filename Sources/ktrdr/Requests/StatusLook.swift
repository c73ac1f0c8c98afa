import Deployer
import Ledger
import Platform

/// What one look at the ledger and the hosts found.
struct StatusLook: Sendable {
  var targets: [TargetStatus]
  /// The names of the targets with a deployment that is running.
  var busy: Set<String> = []
  var unfinished: [UnfinishedDeployment] = []
  /// When it ended.
  var at = Date()

  var exitStatus: Int32 { targets.allSatisfy { $0.verdict.isGood && $0.isConclusive } ? 0 : ExitStatus.checkFailed }

  /// That of a watch. Ctrl-C is how one ends: it is what the last look found, as without `--watch`. Another signal, or one
  /// before the first look had ended, is a stop as of every other command.
  static func exitStatus(of last: StatusLook?, stoppedBy signal: Int32) -> Int32 {
    guard let last, signal == SIGINT else { return 128 + signal }
    return last.exitStatus
  }
}

extension GlobalOptions {
  /// Asks the ledger, if there is one, and every host. Records the end of deployments whose client died.
  func look(at targets: [Target], with reader: StatusReader) async throws -> StatusLook {
    let ledger = try await openLedgerIfPresent()
    let unfinished =
      if let ledger { await OrphanedDeployments(in: ledger).settle(targets.map(\.name.value)) } else {
        [UnfinishedDeployment]()
      }
    do throws(LedgerError) {
      let found = try await reader.read(targets, ledger: ledger)
      let busy = Set(try await ledger?.inFlight().map(\.start.target) ?? [])
      return StatusLook(targets: found, busy: busy, unfinished: unfinished)
    } catch {
      throw Failure(error)
    }
  }
}
