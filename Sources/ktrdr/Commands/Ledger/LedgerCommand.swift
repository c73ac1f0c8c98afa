import ArgumentParser
import Ledger

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Verify, export or locate the ledger.",
    subcommands: [LedgerVerify.self, LedgerExport.self, LedgerPurge.self, LedgerPath.self])
}

extension GlobalOptions {
  /// The ledger for a command that also reads a damaged one: there has to be one.
  func openLedgerForInspection() async throws -> DeploymentLedger {
    do throws(LedgerError) {
      return try await DeploymentLedger.open(path: ledgerPath, access: .inspection)
    } catch LedgerError.missing {
      throw Failure.noLedger(at: ledgerPath)
    } catch {
      throw Failure(error)
    }
  }
}

struct LedgerPath: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "path", abstract: "Print where the ledger is.")
  @OptionGroup var global: GlobalOptions

  func run() throws { global.console.print(global.ledgerPath) }
}
