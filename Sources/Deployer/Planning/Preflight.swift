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
    async let secrets = needsSecrets ? secretProblems(of: targets) : []
    let findings = await withTaskGroup(of: Finding.self) { group in
      for target in targets { group.addTask { await find(target) } }
      return await group.reduce(into: [Finding]()) { $0.append($1) }
    }
    let order = targets.map(\.name)
    let sorted = findings.sorted {
      (order.firstIndex(of: $0.target.name) ?? 0) < (order.firstIndex(of: $1.target.name) ?? 0)
    }
    return (sorted, await secrets)
  }

  private func find(_ target: Target) async -> Finding {
    var finding = Finding(target: target, problems: [], services: [], dockerVersion: nil, composeVersion: nil)
    do {
      let connection = TargetConnection(target: target, environment: environment)
      let (events, words) = try await connection.hold { session, script in
        await session.call(script.prologue() + script.diagnosis(variables: target.variableNames))
      }
      guard let events else {
        finding.problems = [words.failure.problem(host: target.host)]
        return finding
      }
      let check = HostCheck(events, target: target, wanted: [])
      finding.problems = check.problems
      finding.services = check.services
      finding.dockerVersion = check.dockerVersion
      finding.composeVersion = check.composeVersion
    } catch {
      finding.problems = [Problem(.host, "ssh could not be started: \(error)", nextStep: "install openssh-client")]
    }
    return finding
  }

  private func secretProblems(of targets: [Target]) async -> [Problem] {
    let names = targets.flatMap { $0.secrets.map(\.name.value) }
    do throws(OnePasswordError) {
      try await OnePassword(runner: runner, environment: environment, withholding: names).checkUsable()
      return []
    } catch {
      return [Problem(.secrets, error.what, nextStep: error.nextStep)]
    }
  }
}
