import ArgumentParser
import Deployer
import Platform

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show, create or check the inventory.",
    subcommands: [ConfigShow.self, ConfigInit.self, ConfigCheck.self])
}

struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the inventory in use and its source.")
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let inventory = try global.inventory()
    global.console.note("from \(inventory.origin)")
    global.console.print(InventoryDocument.yaml(of: inventory).droppingLastNewline)
  }
}

struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the inventory and report every mistake with its line.")
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let inventory = try global.inventory()
    guard inventory.origin != .builtIn else {
      throw Failure(
        status: ExitStatus.inventory,
        "there is no ktrdr.yml here, in a directory above, or in ~/.config/ktrdr: ktrdr would use its built-in KTRDR homelab",
        next: "write one for your stack with 'ktrdr config init'")
    }
    let names = inventory.targets.map(\.name.value).joined(separator: ", ")
    global.console.print("\(inventory.origin) is valid: targets \(names)")
  }
}
