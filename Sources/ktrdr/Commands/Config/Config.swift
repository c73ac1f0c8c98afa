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
    let names = inventory.targets.map(\.name.value).joined(separator: ", ")
    global.console.print("\(inventory.origin) is valid: targets \(names)")
  }
}

struct ConfigInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create a ktrdr.yml to start from. Never overwrites a file.")
  @Argument(help: "The file to create.") var file: String = "ktrdr.yml"
  @OptionGroup var global: GlobalOptions

  func run() throws {
    do {
      try Data(InventoryDocument.example.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw Failure(
        status: ExitStatus.inventory, "\(file) already exists and was not changed",
        next: "ktrdr config init OTHER-FILE")
    } catch {
      throw Failure(
        status: ExitStatus.inventory, "cannot write \(file)",
        next: "check that its directory exists and that you have permission to write there")
    }
    global.console.print("created \(file); edit it, then run 'ktrdr config check'")
  }
}
