import ArgumentParser
import Deployer
import Platform

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show, make or check the inventory.",
    subcommands: [ConfigShow.self, ConfigInit.self, ConfigCheck.self])
}

struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the inventory that is in force, and where it comes from.")
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let inventory = try global.inventory()
    global.console.note("from \(inventory.origin)")
    global.console.print(InventoryDocument.yaml(of: inventory).droppingLastNewline)
  }
}

struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Report everything that is wrong with the inventory, with its lines.")
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let inventory = try global.inventory()
    let names = inventory.targets.map(\.name.value).joined(separator: ", ")
    global.console.print("\(inventory.origin) is right: targets \(names)")
  }
}

struct ConfigInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a ktrdr.yml to begin with; an existing file is never overwritten.")
  @Argument(help: "Where to write it.") var file: String = "ktrdr.yml"
  @OptionGroup var global: GlobalOptions

  func run() throws {
    do {
      try Data(InventoryDocument.example.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw Failure(
        status: ExitStatus.inventory,
        lines: ["\(file) exists already and was left alone", "  next: name another file: ktrdr config init FILE"])
    } catch {
      throw Failure(
        status: ExitStatus.inventory,
        lines: ["\(file) cannot be written", "  next: does its directory exist, and may you write there?"])
    }
    global.console.print("wrote \(file); edit it, then: ktrdr config check")
  }
}
