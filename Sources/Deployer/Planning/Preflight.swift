/// The checks alone: everything that a deployment would need, without changing anything.
public struct Preflight: Sendable {
  private let hosts: HostConnector
  private let onePassword: OnePassword
  private let registries: [Registry]

  /// `registries` are those that the hosts log in to.
  public init(hosts: HostConnector, onePassword: OnePassword, registries: [Registry]) {
    self.hosts = hosts
    self.onePassword = onePassword
    self.registries = registries
  }

  /// What was found on the host of one target.
  public struct Finding: Sendable, Equatable {
    public var target: Target
    public var problems: [Problem]
    public var dockerVersion: String?
    public var composeVersion: String?
  }

  /// Checks all hosts side by side, and 1Password once. Returns every problem; `secrets` is `nil` if nothing needs
  /// 1Password, which is not asked then.
  public func check(_ targets: [Target]) async -> (findings: [Finding], secrets: [Problem]?) {
    let needs = SecretNeeds(targets, registries: registries)
    async let secrets = needs.problems { [onePassword] () throws(OnePasswordError) in
      try await onePassword.checkUsable()
    }
    let findings = await withTaskGroup(of: (Int, Finding).self) { group in
      for (index, target) in targets.enumerated() { group.addTask { (index, await check(target)) } }
      return await group.reduce(into: [(Int, Finding)]()) { $0.append($1) }
    }
    let problems = await secrets
    return (findings.sorted { $0.0 < $1.0 }.map(\.1), needs.isEmpty ? nil : problems)
  }

  private func check(_ target: Target) async -> Finding {
    var finding = Finding(target: target, problems: [])
    do {
      let reader = StackReader(target: target)
      let (found, diagnostics) = try await hosts.withHost(of: target) { host -> (HostCheck, StackReader.Reading)? in
        guard let check = try? await host.diagnose(reader.variables) else { return nil }
        return (check, await reader.reading(of: check, on: host))
      }
      guard let (answer, reading) = found else {
        finding.problems = [diagnostics.failure.problem(host: target.host)]
        return finding
      }
      finding.problems = answer.problems(for: target)
      if answer.findings.isEmpty { finding.problems += reading.problems(for: target) }
      finding.dockerVersion = answer.dockerVersion
      finding.composeVersion = answer.composeVersion
    } catch {
      finding.problems = [.sshUnavailable(error)]
    }
    return finding
  }
}

extension Problem {
  /// The system would not start `ssh`.
  static func sshUnavailable(_ error: any Error) -> Problem {
    Problem(.host, "could not start ssh: \(error)", nextStep: "install openssh-client")
  }
}
