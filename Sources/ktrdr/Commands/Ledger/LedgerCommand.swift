import ArgumentParser

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "The ledger itself.", subcommands: [LedgerPath.self])
}

struct LedgerPath: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "path", abstract: "Print where the ledger is.")
  @OptionGroup var global: GlobalOptions

  func run() throws { global.console.print(global.ledgerPath) }
}
