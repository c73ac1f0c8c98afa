import ArgumentParser
import Deployer
import Ledger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What every `deploy` does: makes the plan, then rehearses it or carries it out.
struct DeployAction {
  let target: String
  let services: [String]
  let options: DeployOptions
  let global: GlobalOptions

  func run() async throws {
    let console = global.console
    let plan = try await plan(console)
    if options.dryRun { _ = try await global.openLedgerIfPresent() }
    do throws(DeployFailure) {
      if options.dryRun {
        let preflight = Preflight(runner: .system, environment: global.environment)
        let services = try await preflight.rehearse(plan, validates: !options.skipValidation) { progress in
          ProgressPrinter(console: console).show(progress)
        }
        for line in plan.lines(servicesOnHost: services) { console.print(line) }
        console.note("dry run: nothing was changed")
        return
      }
    } catch {
      throw Failure(error)
    }
    let ledger = try await global.openLedger(.readWrite)
    let stop = StopSignal()
    let signals = Signals(stop: stop, console: console)
    defer { withExtendedLifetime(signals) {} }
    let deployer = Deployer(
      runner: .system, environment: global.environment, ledger: ledger,
      lockDirectory: (ledger.path as String).directory, stop: stop,
      progress: { ProgressPrinter(console: console).show($0) })
    let result: DeployResult
    do throws(DeployFailure) {
      result = try await deployer.deploy(plan, validates: !options.skipValidation)
    } catch .stopped {
      throw Failure(status: 128 + (stop.signal ?? 2), lines: ["stopped before anything was changed"])
    } catch {
      throw Failure(error)
    }
    try await DeploySummary(plan: plan, result: result, stop: stop, console: console, options: options)
      .print(from: ledger)
  }

  private func plan(_ console: Console) async throws -> Plan {
    let inventory = try global.inventory()
    guard let target = inventory.target(named: target) else {
      let known = inventory.targets.map(\.name.value).joined(separator: ", ")
      throw Failure.usage("the inventory has no target \(target)", next: "its targets are: \(known)")
    }
    let git = GitRepository(
      runner: .system, directory: global.workingDirectory,
      environment: ChildEnvironment.forOthers(
        global.environment, withholding: target.secrets.map(\.name.value)))
    let version = try await DeployedVersion.choose(options.tag, git: git, console: console)
    let machine = ProcessInfo.processInfo.hostName
    let who = await OperatorIdentity.resolve(
      environment: global.environment, gitEmail: { await git.userEmail() }, machine: machine)
    return Plan(
      target: target, services: try chosenServices(of: target), profiles: options.profile, tag: version.tag,
      commit: version.commit, isDirty: version.isDirty, registry: inventory.registry, operator: who,
      client: "ktrdr/\(KTRDR.version) \(machine)")
  }

  /// Empty for `all`. A service that the inventory does not list is refused before anything runs.
  private func chosenServices(of target: Target) throws -> [ServiceName] {
    guard services != ["all"] else { return [] }
    let known = target.services
    return try services.map { word in
      let name: ServiceName = try parsed(word)
      guard known.isEmpty || known.contains(name) else {
        throw Failure.usage(
          "\(target.name) has no service \(word)",
          next: "its services are: \(known.map(\.value).joined(separator: ", ")), or 'all'")
      }
      return name
    }
  }
}

extension String {
  /// The directory of a path to a file.
  var directory: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}
