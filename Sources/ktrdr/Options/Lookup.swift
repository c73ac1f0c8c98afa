import Deployer
import Ledger

extension Inventory {
  /// The targets that command-line arguments name; all targets if there are none. An unknown name is a usage error.
  func targets(named arguments: [String]) throws -> [Target] {
    do throws(UnknownTarget) {
      return try resolve(arguments)
    } catch {
      throw Failure(error)
    }
  }
}

extension GlobalOptions {
  /// 1Password, for the duration of this command. `op` does not inherit the variables that hold secrets of `targets`.
  func onePassword(for targets: [Target], runner: CommandRunner = .system) -> OnePassword {
    let names = targets.flatMap { $0.secrets.map(\.name.value) }
    return OnePassword(runner: runner, environment: environment, withholding: names)
  }

  /// The items of 1Password, each read once.
  func secretStore(for targets: [Target], runner: CommandRunner = .system) -> SecretStore {
    SecretStore(onePassword(for: targets, runner: runner))
  }

  /// The hosts of the targets, over `ssh`.
  var hosts: HostConnector { hosts(console) }

  /// The same; what a slow `ssh` says goes to `console`.
  func hosts(_ console: Console) -> HostConnector { hosts { console.warning($0) } }

  /// The same; what a slow `ssh` says goes to `say`.
  func hosts(saying say: @escaping @Sendable (String) -> Void) -> HostConnector {
    .ssh(environment: environment) { host, line in say("ssh to \(host) says: \(line)") }
  }

  /// Opens the ledger for reading, for commands that need recorded deployments. A missing ledger is a usage error.
  func openExistingLedger() async throws -> DeploymentLedger {
    guard let ledger = try await openLedgerIfPresent() else {
      throw Failure.noLedger(at: ledgerPath)
    }
    return ledger
  }

  /// Records the outcome of deployments whose client died, and prints the state of every unfinished deployment.
  func reportUnfinished(in ledger: DeploymentLedger, targets: [String]? = nil) async {
    report(await OrphanedDeployments(in: ledger).settle(targets))
  }

  func report(_ unfinished: [UnfinishedDeployment]) {
    for deployment in unfinished {
      if deployment.isTrouble { console.warning(deployment.message) } else { console.note(deployment.message) }
    }
  }
}

extension DeploymentLedger {
  /// Finds a deployment by number or UUID, or the newest one by `last`, as typed by the operator. An unknown one is a usage
  /// error.
  func deployment(typed word: String) async throws -> Deployment {
    do {
      if word == "last", let newest = try history(HistoryFilter(limit: 1)).first { return newest }
      let found = if let number = Int64(word) { try deployment(number) } else { try deployment(uuid: word) }
      if let found { return found }
      if let name = try? TargetName(word), try !history(HistoryFilter(target: name.value, limit: 1)).isEmpty {
        throw Failure.usage(
          "\(name) is a target, not a deployment", next: "list its deployments: ktrdr history --target \(name)")
      }
    } catch let error as LedgerError {
      throw Failure(error)
    }
    throw Failure.usage("the ledger has no deployment \(word)", next: "list them with 'ktrdr history'")
  }

  /// The one before `deployment` of the same target. Without one, a usage error.
  func deployment(before deployment: Deployment) async throws -> Deployment {
    let target = deployment.start.target
    do throws(LedgerError) {
      let earlier = try history(HistoryFilter(target: target, limit: 10_000)).first { $0.id < deployment.id }
      if let earlier { return earlier }
    } catch {
      throw Failure(error)
    }
    throw Failure.usage(
      "deployment \(deployment.id) is the first of \(target)",
      next: "name the one to compare it with: ktrdr diff \(deployment.id) OTHER")
  }
}
