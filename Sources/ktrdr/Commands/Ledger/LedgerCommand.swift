import ArgumentParser

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Prove, export or find the ledger itself.",
    subcommands: [LedgerVerify.self, LedgerExport.self, LedgerPurge.self, LedgerPath.self])
}

struct LedgerPath: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "path", abstract: "Print where the ledger is.")
  @OptionGroup var global: GlobalOptions

  func run() throws { global.console.print(global.ledgerPath) }
}
