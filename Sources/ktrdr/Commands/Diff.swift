import ArgumentParser
import Deployer
import Ledger

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show the differences between two deployments.",
    discussion: """
      Compares commits, the images that ran afterwards (by digest), tags, services, profiles, compose files and the \
      versions of 1Password items. Each deployment is given by its number or UUID; 'last' is the newest. A single one is \
      compared with the one before it of the same target.

      Examples:
        ktrdr diff last
        ktrdr diff 41 42
        ktrdr diff 41 42 --format json | jq '.commits.added[].subject'
      """)

  @Argument(help: "The first deployment.") var from: String
  @Argument(help: "The deployment to compare it with (default: FROM is the second, and the one before it the first).")
  var to: String?
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ledger = try await global.openExistingLedger()
    let first = try await ledger.deployment(typed: from)
    let (old, new): (Deployment, Deployment) =
      if let to {
        (first, try await ledger.deployment(typed: to))
      } else {
        (try await ledger.deployment(before: first), first)
      }
    let difference: Difference
    do throws(LedgerError) {
      difference = Difference((old, try await ledger.images(of: old.id)), (new, try await ledger.images(of: new.id)))
    } catch {
      throw Failure(error)
    }
    let git = global.git(for: (try? global.inventory())?.targets ?? [])
    let commits = await CommitComparison.of(old.start.gitSHA, new.start.gitSHA, in: git)
    switch output.choice {
    case .json:
      global.console.print(try JSONText.of(DiffRecord(old, new, difference: difference, commits: commits)))
    case .table:
      global.console.print(DiffText.of(old, new, difference: difference, commits: commits))
    }
  }
}
