public import Ledger

/// The checks alone: everything that a deployment would need, without changing anything.
public struct Preflight: Sendable {
  private let hosts: HostConnector
  private let secrets: SecretStore
  private let registries: [Registry]
  private let ledger: DeploymentLedger?
  private let progress: @Sendable (Progress) -> Void

  /// `registries` are those that the hosts log in to; `ledger` is `nil` if nothing has ever been recorded.
  public init(
    hosts: HostConnector, secrets: SecretStore, registries: [Registry], ledger: DeploymentLedger?,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.ledger = ledger
    self.progress = progress
    self.hosts = hosts
    self.secrets = secrets
    self.registries = registries
  }

  /// What was found on the host of one target.
  public struct Finding: Sendable, Equatable {
    public var target: Target
    public var problems: [Problem]
    public var dockerVersion: String?
    public var composeVersion: String?
    /// The tag whose deployment was tried; `nil` if something else stood in its way.
    public var tag: ImageTag?
    /// Whether every registry said whether it has that tag's images.
    public var hasAskedRegistries = true
  }

  /// Checks all hosts side by side, and 1Password once. Returns every problem; `secrets` is `nil` if nothing needs
  /// 1Password, which is not asked then. Where all is well so far, the deployment of `tags`, one for each target, is prepared
  /// like a real one; if there is none, `nil`, of a tag that stands for none, whose images are not looked for.
  public func check(_ targets: [Target], tags: [ImageTag]?) async -> (findings: [Finding], secrets: [Problem]?) {
    let needs = SecretNeeds(targets, registries: registries)
    async let usable = needs.problems { [secrets] () throws(OnePasswordError) in try await secrets.checkUsable() }
    let findings = await withTaskGroup(of: (Int, Finding).self) { group in
      for (index, target) in targets.enumerated() { group.addTask { (index, await check(target)) } }
      return await group.reduce(into: [(Int, Finding)]()) { $0.append($1) }
    }
    var problems = await usable
    var sorted = findings.sorted { $0.0 < $1.0 }.map(\.1)
    if problems.isEmpty {
      // Of a host that is not ready no deployment is tried, which would find what its secrets lack.
      let untried = sorted.filter { !$0.problems.isEmpty }.map(\.target)
      problems += await tryOut(tags, &sorted)
      let ofUntried = await SecretsAudit(secrets).rows(of: untried, registries: []).compactMap(\.problem)
      for problem in ofUntried where !problems.contains(where: { $0.what.hasPrefix(problem.what) }) {
        problems.append(problem)
      }
    }
    return (sorted, needs.isEmpty ? nil : problems)
  }

  /// Stands where there is no tag to try.
  private static let noTag = ImageTag(known: "no-tag")

  /// Prepares a deployment of every service of each target that has no problem yet. Returns what is wrong with secrets.
  private func tryOut(_ tags: [ImageTag]?, _ findings: inout [Finding]) async -> [Problem] {
    let hasSeveral = findings.count > 1
    let tried = await withTaskGroup(of: (Int, DryRun.Answer).self) { group in
      for (index, finding) in findings.enumerated() where finding.problems.isEmpty {
        let plan = Plan(
          target: finding.target, services: [], tag: tags?[index] ?? Self.noTag, registries: registries, operator: "",
          client: "")
        let dryRun = DryRun(
          hosts: hosts, secrets: secrets, ledger: ledger, validates: true, asksRegistries: tags != nil,
          progress: { [progress] step in
            if hasSeveral, case .warning(let text) = step {
              progress(.warning("\(plan.target.name): \(text)"))
            } else {
              progress(step)
            }
          })
        group.addTask { (index, await answer(about: plan, in: dryRun)) }
      }
      return await group.reduce(into: [(Int, DryRun.Answer)]()) { $0.append($1) }
    }
    var ofSecrets: [Problem] = []
    for (index, answer) in tried.sorted(by: { $0.0 < $1.0 }) {
      findings[index].tag = tags?[index]
      findings[index].hasAskedRegistries = answer.hasAskedRegistries
      findings[index].problems = answer.problems.filter { $0.area == .host }
      ofSecrets += answer.problems.filter { $0.area == .secrets && !ofSecrets.contains($0) }
    }
    return ofSecrets
  }

  private func answer(about plan: Plan, in dryRun: DryRun) async -> DryRun.Answer {
    do throws(DeployFailure) { return try await dryRun.perform(.deploy(plan)) } catch {
      return DryRun.Answer(lines: [], problems: problems(in: error))
    }
  }

  private func problems(in failure: DeployFailure) -> [Problem] {
    switch failure {
    case .validation(let problems), .secrets(let problems): return problems
    case .sshUnavailable(let reason): return [.sshUnavailable(reason)]
    case .ledger(let error): return [Problem(.host, error.message, nextStep: nil)]
    case .locked, .nothingToRollBackTo, .usage, .stopped, .skipped: return []
    }
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
      if answer.findings.isEmpty {
        finding.problems += reading.problems(for: target, wanted: target.services.map(\.value))
      }
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
  static func sshUnavailable(_ error: Any) -> Problem {
    Problem(.host, "could not start ssh: \(error)", nextStep: "install openssh-client")
  }
}
