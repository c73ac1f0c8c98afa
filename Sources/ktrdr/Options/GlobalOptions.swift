import ArgumentParser
import Deployer
import Ledger
import Platform

/// When to use colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// What the words of a command line ask for.
  init(in words: [String]) {
    let following = words.firstIndex(of: "--color").map { words.dropFirst($0 + 1).first ?? "" }
    let attached = words.first { $0.hasPrefix("--color=") }.map { String($0.dropFirst(8)) }
    self = (following ?? attached).flatMap(Self.init(rawValue:)) ?? .auto
  }
}

/// The options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The inventory file to use instead of the default.", valueName: "file"), completion: .file())
  var config: String?

  @Option(help: ArgumentHelp("The ledger file to use instead of the default.", valueName: "file"), completion: .file())
  var ledger: String?

  @Option(help: "When to use colours.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Print only results and problems.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Also print the output of the commands on the host.")
  var verbose = false

  /// This process's environment, read once.
  var environment: [String: String] { Self.processEnvironment }
  private static let processEnvironment = ProcessInfo.processInfo.environment

  /// For what goes to standard error, and for results without colours.
  var console: Console {
    let appearance = appearance(of: STDERR_FILENO)
    return Console(
      usesColor: appearance.hasColors, isQuiet: quiet, isVerbose: verbose, width: appearance.width)
  }

  /// How text looks on standard output, or on another descriptor. `links` are those that are shown, if it can show any.
  func appearance(
    of descriptor: Int32 = STDOUT_FILENO, times: TimeStyle? = nil, links: @autoclosure () -> Links = Links()
  ) -> Appearance {
    let terminal = Terminal(descriptor: descriptor, environment: environment)
    var appearance = terminal.appearance(colors: color, times: times)
    if Terminal.hasLinks(color, isTerminal: appearance.isTerminal, environment) { appearance.links = links() }
    return appearance
  }

  /// Those of the inventory, for a command that does without it: one that cannot be read has none, nor has the built-in one.
  var links: Links {
    guard case .file = location else { return Links() }
    return (try? location.load(environment: environment))?.links ?? Links()
  }

  var workingDirectory: String { FileManager.default.currentDirectoryPath }

  private var location: InventoryLocation {
    .find(flag: config, environment: environment, workingDirectory: workingDirectory, exists: InventoryLocation.exists)
  }

  func inventory() throws -> Inventory {
    do throws(InventoryErrors) {
      return try location.load(environment: environment)
    } catch {
      throw Failure(error)
    }
  }

  /// The inventory for a command that goes to a host, which first says which one it is: it decides about the host.
  func inventoryForHosts() throws -> Inventory {
    let inventory = try inventory()
    console.note("inventory: \(inventory.origin)")
    return inventory
  }

  /// `--ledger`, or `$KTRDR_LEDGER`, or `ktrdr/ledger.db` in `$XDG_STATE_HOME` (default `~/.local/state`).
  var ledgerPath: String {
    func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let path = ledger ?? set("KTRDR_LEDGER") {
      return path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
    }
    let state = set("XDG_STATE_HOME") ?? "\(set("HOME") ?? "/")/.local/state"
    return "\(state)/ktrdr/ledger.db"
  }

  func openLedger(_ access: DeploymentLedger.Access) async throws -> DeploymentLedger {
    do throws(LedgerError) {
      return try await DeploymentLedger.open(path: ledgerPath, access: access)
    } catch {
      throw Failure(error)
    }
  }

  /// Opens the ledger for reading; `nil` if it does not exist yet.
  func openLedgerIfPresent() async throws -> DeploymentLedger? {
    do throws(LedgerError) {
      return try await DeploymentLedger.open(path: ledgerPath, access: .readOnly)
    } catch LedgerError.missing {
      return nil
    } catch {
      throw Failure(error)
    }
  }
}

/// Parses a name from the command line. Throws a usage error that says what is allowed.
@Sendable
func parsed<Kind>(_ argument: String) throws -> Name<Kind> {
  do throws(InvalidName) {
    return try Name(argument)
  } catch {
    throw ValidationError(error.oneLine)
  }
}
