import ArgumentParser
import Deployer
import Ledger

struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print every event with all its columns, its hash and the output of steps.",
    discussion: """
      Of a damaged ledger, prints what can be read.

      Exit status: 0 complete, and every event matches its hash; 65 damaged.
      """)

  @Option(
    help: "ndjson (one JSON object a line) or csv.", completion: .list(ExportFormat.allCases.map(\.rawValue)),
    transform: { word in
      guard let format = ExportFormat(rawValue: word) else {
        throw ValidationError("unknown format '\(word)'; use ndjson or csv")
      }
      return format
    })
  var format: ExportFormat = .ndjson

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ledger = try await global.openLedgerForInspection()
    let console = global.console
    do {
      try await ledger.export(format) { try console.emit($0) }
    } catch let error as LedgerError {
      throw Failure(error)
    }
  }
}

struct LedgerPurge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Remove the output of one step that should not have been recorded. The removal itself is recorded.")

  @Argument(help: "The deployment's number.") var deployment: Int64
  @Argument(help: "The step's name, such as pull, or its place in 'ktrdr show', from 1.") var step: String
  @Option(help: "The reason, which is recorded.") var reason: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    do throws(UnrecordableText) {
      _ = try UnrecordableText.check(reason, from: "--reason")
    } catch {
      throw Failure(status: ExitStatus.usage, error)
    }
    let ledger = try await global.openLedger(.readWrite)
    do {
      guard try await ledger.deployment(deployment) != nil else {
        throw Failure.usage("the ledger has no deployment \(deployment)", next: "list them with 'ktrdr history'")
      }
      let named = try await ledger.steps(of: deployment).firstIndex { $0.name == step }.map { $0 + 1 }
      guard let number = named ?? Int(step) else {
        throw Failure.usage("deployment \(deployment) has no step '\(step)'", next: "ktrdr show \(deployment)")
      }
      try await ledger.purge(step: number, of: deployment, reason: reason)
    } catch let error as LedgerError {
      throw Failure(error)
    }
    global.console.print("purged the output of step \(step) of deployment \(deployment)")
  }
}
