import ArgumentParser
import Deployer
import Ledger
import Platform

/// When to colour what is printed.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The inventory to use instead of the one that is found.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The ledger to use instead of the default one.", valueName: "file"))
  var ledger: String?

  @Option(help: "When to use colours.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Print results and problems only.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print what the host says, too.")
  var verbose = false

  /// This process's own, read once: every target gets the same.
  var environment: [String: String] { Self.processEnvironment }
  private static let processEnvironment = ProcessInfo.processInfo.environment

  var console: Console { console(beside: STDERR_FILENO) }

  /// Whose colours are right for standard output, where results go.
  var resultConsole: Console { console(beside: STDOUT_FILENO) }

  private func console(beside descriptor: Int32) -> Console {
    let onTerminal = isatty(descriptor) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    return Console(
      usesColor: color == .always || (color == .auto && onTerminal), isQuiet: quiet, isVerbose: verbose)
  }

  var workingDirectory: String { FileManager.default.currentDirectoryPath }

  func inventory() throws -> Inventory {
    do throws(InventoryErrors) {
      return try InventoryLocation.find(
        flag: config, environment: environment, workingDirectory: workingDirectory, exists: InventoryLocation.exists
      ).load()
    } catch {
      throw Failure(error)
    }
  }

  /// `--ledger`, else `$KTRDR_LEDGER`, else `ktrdr/ledger.db` under `$XDG_STATE_HOME` or `~/.local/state`.
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

  /// For reading: a ledger that does not exist yet is an empty one.
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

/// Reads one of the deployer's names from the command line; a bad one is wrong usage that says what is allowed.
@Sendable
func parsed<Kind>(_ argument: String) throws -> Name<Kind> {
  do throws(InvalidName) {
    return try Name(argument)
  } catch {
    throw ValidationError(error.description)
  }
}
