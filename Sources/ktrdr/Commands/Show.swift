import ArgumentParser
import Ledger

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one deployment: its steps, images before and after, and why it failed.")

  @Argument(help: "The deployment's number, or its UUID.") var deployment: String
  @Option(help: "How to print it.") var format: RecordFormat = .table
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard let ledger = try await global.openLedgerIfPresent() else {
      throw Failure.usage("there is no ledger at \(global.ledgerPath) yet", next: "deploy something, or name --ledger")
    }
    do throws(LedgerError) {
      let found =
        if let number = Int64(deployment) { try await ledger.deployment(number) } else {
          try await ledger.deployment(uuid: deployment)
        }
      guard let found else {
        throw LedgerError.noSuchDeployment(path: ledger.path, id: Int64(deployment) ?? 0)
      }
      let steps = try await ledger.steps(of: found.id)
      let images = try await ledger.images(of: found.id)
      try printRecord(found, steps, images)
    } catch .noSuchDeployment {
      throw Failure.usage("the ledger has no deployment \(deployment)", next: "ktrdr history lists them")
    } catch {
      throw Failure(error)
    }
  }

  private func printRecord(
    _ deployment: Deployment, _ steps: [StepRecord], _ images: [ImageRecord]
  ) throws(LedgerError) {
    switch format {
    case .json:
      let record = DeploymentRecord(deployment, steps: steps, images: images)
      guard let text = try? JSONText.of(record) else { return }
      global.console.print(text)
    case .table:
      global.console.print(ShowText.of(deployment, steps: steps, images: images))
    }
  }
}
