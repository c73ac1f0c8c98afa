import ArgumentParser
import Ledger

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one deployment: its steps, its images before and after, and why it failed.",
    discussion: """
      Examples:
        ktrdr show last
        ktrdr show 41 --format json
      """)

  @Argument(help: "The deployment's number or UUID, or 'last'.") var deployment: String
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ledger = try await global.openExistingLedger()
    await global.reportUnfinished(in: ledger)
    let found = try await ledger.deployment(typed: deployment)
    do throws(LedgerError) {
      let steps = try await ledger.steps(of: found.id)
      let images = try await ledger.images(of: found.id)
      try printRecord(found, steps, images)
    } catch {
      throw Failure(error)
    }
  }

  private func printRecord(
    _ deployment: Deployment, _ steps: [StepRecord], _ images: [ImageRecord]
  ) throws(LedgerError) {
    switch output.choice {
    case .json:
      let record = DeploymentRecord(deployment, steps: steps, images: images)
      guard let text = try? JSONText.of(record) else { return }
      global.console.print(text)
    case .table:
      let appearance = global.appearance(links: global.links)
      global.console.print(ShowText.of(deployment, steps: steps, images: images, in: appearance))
    }
  }
}
