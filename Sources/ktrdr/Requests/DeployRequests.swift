import Deployer
import Platform

/// Creates the requests of a `deploy`: one per target, all with the same batch.
struct DeployRequests {
  let inventory: Inventory
  let options: DeployOptions
  let run: RunOptions
  let global: GlobalOptions

  func make(for targets: [Target], services: [ServiceName]) async throws -> [DeployRequest] {
    try targets.check(options.profile)
    let versions = try await DeployedVersion.choose(
      options.tag, for: targets, git: global.git(for: targets), console: global.console)
    let who = try await global.operator(for: targets)
    let batch = UUID().uuidString.lowercased()
    return zip(targets, versions).map { target, version in
      .deploy(
        Plan(
          target: target, services: services, profiles: options.profile.filter(target.profiles.contains),
          tag: version.tag, commit: version.commit,
          isDirty: version.isDirty, registries: inventory.registries, operator: who, client: global.client,
          batch: batch, lockTimeout: run.wait))
    }
  }
}

extension GlobalOptions {
  /// The name and version of this program, and the machine it runs on.
  var client: String { "ktrdr/\(BuildVersion.number) \(ProcessInfo.processInfo.hostName)" }

  /// The repository that contains the working directory. `git` does not inherit the variables that hold secrets of
  /// `targets`.
  func git(for targets: [Target]) -> GitRepository {
    GitRepository(
      runner: .system, directory: workingDirectory,
      environment: ChildEnvironment.forOthers(
        environment, withholding: targets.flatMap { $0.secrets.map(\.name.value) }))
  }

  func `operator`(for targets: [Target]) async throws -> String {
    do throws(UnrecordableText) {
      return try await OperatorIdentity.resolve(
        environment: environment, gitEmail: { await git(for: targets).userEmail() },
        machine: ProcessInfo.processInfo.hostName)
    } catch {
      throw Failure(status: ExitStatus.usage, error)
    }
  }
}
