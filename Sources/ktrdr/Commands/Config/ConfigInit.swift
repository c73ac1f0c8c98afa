import ArgumentParser
import Deployer
import Platform

struct ConfigInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create a ktrdr.yml for the stack in this directory. Never overwrites a file.",
    discussion: """
      Looks for a compose file here, above in the same repository, and one directory below, and takes from it the services, \
      the variable that holds the image tag and the variables without a value. 'ktrdr init' is the same.

      Examples:
        ktrdr init
        ktrdr config init --config deploy/ktrdr.yml
        ktrdr config init --example ktrdr
      """)

  enum Example: String, ExpressibleByArgument, CaseIterable {
    case ktrdr
  }

  @Argument(help: "The file to create (default: that of --config, or ktrdr.yml).", completion: .file())
  var file: String?
  @Option(help: "Write the inventory of a real homelab with several hosts instead, with every key explained.")
  var example: Example?
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard file == nil || global.config == nil else { throw ValidationError("FILE and --config cannot be combined") }
  }

  func run() async throws {
    let file = file ?? global.config ?? InventoryLocation.fileName
    guard example == nil else {
      try create(file, InventoryDocument.example)
      return global.console.print("created \(file); edit it, then run 'ktrdr config check'")
    }
    var stack = StackSearch.local.stack(from: global.workingDirectory)
    stack.gitTag = await global.git(for: []).newestTag()
    try create(file, StarterInventory.yaml(for: stack))
    global.console.print("created \(file) \(stack.summary)")
    global.console.print("next: set 'host' and 'directory' in it, then run 'ktrdr doctor'")
    if let other = global.environment[InventoryLocation.variable], !other.isEmpty, global.config == nil {
      global.console.warning("$KTRDR_CONFIG names \(other), which is used instead of \(file)")
    }
  }

  private func create(_ file: String, _ text: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw Failure(
        status: ExitStatus.inventory, "\(file) already exists and was not changed",
        next: "ktrdr config init OTHER-FILE")
    } catch {
      throw Failure(
        status: ExitStatus.inventory, "cannot write \(file)",
        next: "check that its directory exists and that you have permission to write there")
    }
  }
}
