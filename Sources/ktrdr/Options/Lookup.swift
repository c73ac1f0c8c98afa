import Deployer
import Ledger

extension Inventory {
  /// The targets that words of the command line name; none means all. A word that names none is wrong usage.
  func targets(named words: [String]) throws -> [Target] {
    do throws(UnknownTarget) {
      return try resolve(words)
    } catch {
      throw Failure.usage(error.what, next: error.nextStep)
    }
  }
}

extension GlobalOptions {
  /// 1Password for the length of this command; `op` sees nothing that is named like a secret of `targets`.
  func onePassword(for targets: [Target], runner: CommandRunner = .system) -> OnePassword {
    let names = targets.flatMap { $0.secrets.map(\.name.value) }
    return OnePassword(runner: runner, environment: environment, withholding: names)
  }

  func secretStore(for targets: [Target], runner: CommandRunner = .system) -> SecretStore {
    SecretStore(onePassword(for: targets, runner: runner))
  }

  /// The hosts of the targets, over `ssh`.
  var hosts: HostConnector { .ssh(environment: environment) }

  /// The ledger for a command that is about recorded deployments: there has to be one.
  func openExistingLedger() async throws -> DeploymentLedger {
    guard let ledger = try await openLedgerIfPresent() else {
      throw Failure.usage("there is no ledger at \(ledgerPath) yet", next: "deploy something, or name --ledger")
    }
    return ledger
  }

  /// Gives deployments whose client died their end, and says what happened to each that has none.
  func tellUnfinished(in ledger: DeploymentLedger, targets: [String]? = nil) async {
    for unfinished in await OrphanedDeployments(in: ledger).settle(targets) {
      if unfinished.isTrouble { console.warning(unfinished.message) } else { console.note(unfinished.message) }
    }
  }
}

extension DeploymentLedger {
  /// A deployment by its number or UUID, as a person typed it. One that is not there is wrong usage.
  func deployment(typed word: String) async throws -> Deployment {
    do throws(LedgerError) {
      let found = if let number = Int64(word) { try deployment(number) } else { try deployment(uuid: word) }
      if let found { return found }
    } catch {
      throw Failure(error)
    }
    throw Failure.usage("the ledger has no deployment \(word)", next: "ktrdr history lists them")
  }
}
