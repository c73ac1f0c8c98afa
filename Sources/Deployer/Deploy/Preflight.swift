/// The validation alone: everything that a deployment would need, looked at without changing anything.
public struct Preflight: Sendable {
  let runner: CommandRunner
  let environment: [String: String]

  public init(runner: CommandRunner, environment: [String: String]) {
    self.runner = runner
    self.environment = environment
  }

  /// What was found on the host of one target.
  public struct Finding: Sendable, Equatable {
    public var target: Target
    public var problems: [Problem]
    public var services: [String]
    public var dockerVersion: String?
    public var composeVersion: String?
  }

  /// Checks host by host side by side, and 1Password once. Returns every problem.
  public func check(_ targets: [Target]) async -> (findings: [Finding], secrets: [Problem]) {
    let needsSecrets = targets.contains { !$0.secrets.isEmpty }
    async let secrets = needsSecrets ? secretProblems() : []
    let findings = await withTaskGroup(of: Finding.self) { group in
      for target in targets { group.addTask { await find(target, profiles: [], wanted: []) } }
      return await group.reduce(into: [Finding]()) { $0.append($1) }
    }
    let order = targets.map(\.name)
    let sorted = findings.sorted {
      (order.firstIndex(of: $0.target.name) ?? 0) < (order.firstIndex(of: $1.target.name) ?? 0)
    }
    return (sorted, await secrets)
  }

  /// The plan of a dry run: validated, its secrets fetched, nothing changed. Returns the services of the compose files.
  public func rehearse(
    _ plan: Plan, validates: Bool, progress: @Sendable (Progress) -> Void
  ) async throws(DeployFailure) -> [String] {
    var services: [String] = []
    if validates {
      async let secrets = secretProblems()
      let finding = await find(plan.target, profiles: plan.profiles.map(\.value), wanted: plan.services.map(\.value))
      services = finding.services
      let problems = finding.problems + (await secrets)
      guard problems.isEmpty else { throw finding.problems.isEmpty ? .secrets(problems) : .validation(problems) }
    }
    let fetched: FetchedSecrets
    do throws(OnePasswordError) {
      let store = OnePassword(runner: runner, environment: environment)
      fetched = try await FetchedSecrets.fetch(plan, from: store, progress: progress)
    } catch {
      throw .secrets([Problem(.secrets, error.message, nextStep: error.nextStep)])
    }
    guard fetched.refused.isEmpty else { throw .secrets(fetched.refused) }
    return services
  }

  private func find(_ target: Target, profiles: [String], wanted: [String]) async -> Finding {
    let nonce = Nonce()
    let script = RemoteScript(nonce: nonce, directory: target.directory, composeFiles: target.composeFiles)
    let names = [EnvironmentKind.imageTag] + target.environment.map(\.name.value) + target.secrets.map(\.name.value)
    let environment = ChildEnvironment.forOthers(self.environment, withholding: target.secrets.map(\.name.value))
    var finding = Finding(target: target, problems: [], services: [], dockerVersion: nil, composeVersion: nil)
    do {
      let command = SSH.shell(on: target.host, environment: environment)
      let (events, end) = try await Conversations.hold(command) { conversation -> [RemoteEvent]? in
        let session = RemoteSession(conversation, nonce: nonce)
        return await session.call(script.prologue() + script.check(variables: names, profiles: profiles))
      }
      guard let events else {
        let failure = SSHFailure.classify(String(decoding: end.errorTail, as: UTF8.self))
        finding.problems = [
          Problem(.host, failure.what(host: target.host), nextStep: failure.nextStep(host: target.host))
        ]
        return finding
      }
      let check = HostCheck(events, target: target, wanted: wanted)
      finding.problems = check.problems
      finding.services = check.services
      finding.dockerVersion = check.dockerVersion
      finding.composeVersion = check.composeVersion
    } catch {
      finding.problems = [Problem(.host, "ssh could not be started: \(error)", nextStep: "install openssh-client")]
    }
    return finding
  }

  private func secretProblems() async -> [Problem] {
    do throws(OnePasswordError) {
      try await OnePassword(runner: runner, environment: environment).checkUsable()
      return []
    } catch {
      return [Problem(.secrets, error.message, nextStep: error.nextStep)]
    }
  }
}
