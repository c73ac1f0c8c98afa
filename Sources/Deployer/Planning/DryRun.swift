public import Ledger

/// A deployment up to the point where it would begin: checked, chosen, its secrets fetched. Nothing is changed.
public struct DryRun: Sendable {
  private let hosts: HostConnector
  private let preparer: Preparer
  private let asksRegistries: Bool

  /// `ledger` is `nil` if nothing has ever been recorded. `validates` false leaves out the checks of host, 1Password and
  /// registries; `asksRegistries` false only the last, for a tag that stands for none.
  public init(
    hosts: HostConnector, secrets: SecretStore, ledger: DeploymentLedger?, validates: Bool, asksRegistries: Bool = true,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.hosts = hosts
    self.asksRegistries = asksRegistries
    preparer = Preparer(secrets: secrets, ledger: ledger, validates: validates, progress: progress)
  }

  /// What a deployment would do.
  public struct Answer: Sendable, Equatable {
    /// The very plan that the real run carries out, in words.
    public var lines: [String]
    /// Why the real run would fail once it has begun: images that it cannot fetch.
    public var problems: [Problem]
    /// Whether every registry said whether it has its images.
    public var hasAskedRegistries = true
  }

  /// Throws ``DeployFailure`` if the deployment could not even begin.
  public func perform(_ request: DeployRequest) async throws(DeployFailure) -> Answer {
    let answer: (value: Result<Answer, PreparationFailure>, diagnostics: SSHDiagnostics)
    do {
      answer = try await hosts.withHost(of: request.target) { host in
        do throws(PreparationFailure) { return .success(try await prepare(request, on: host)) } catch {
          return .failure(error)
        }
      }
    } catch {
      throw .sshUnavailable(reason: "\(error)")
    }
    switch answer.value {
    case .success(let answer): return answer
    case .failure(let failure): throw DeployFailure(failure, answer.diagnostics, host: request.target.host)
    }
  }

  private func prepare(_ request: DeployRequest, on host: RemoteHost) async throws(PreparationFailure) -> Answer {
    let preparation = try await preparer.prepare(request, on: host)
    var found = RegistryCheck.Finding()
    var fates: [String: Plan.Fate] = [:]
    var others: [String] = []
    do throws(HostError) {
      if preparer.validates {
        await host.provide(preparation.values)
        if asksRegistries { found = try await RegistryCheck(preparation: preparation).check(on: host) }
        fates = try await preparation.fates(on: host, moved: found.moved)
        others = try await SecretComparison(preparation: preparation).warnings(on: host)
      }
    } catch {
      throw .unreachable([])
    }
    if preparer.validates {
      await warnOfUnmentionedSecrets(preparation.plan, on: host)
    }
    for warning in found.warnings + others {
      preparer.progress(.warning(Redactor.redact(warning, preparation.secrets.needles)))
    }
    let lines = preparation.plan.lines(
      running: preparation.observed, fates: fates, unavailable: found.services)
    return Answer(
      lines: lines.map { Redactor.redact($0, preparation.secrets.needles) }, problems: found.problems,
      hasAskedRegistries: found.warnings.isEmpty)
  }

  private func warnOfUnmentionedSecrets(_ plan: Plan, on host: RemoteHost) async {
    let target = plan.target
    guard !target.secrets.isEmpty, let model = try? await host.model(.none), model.status == 0 else { return }
    let json = String(decoding: model.json, as: UTF8.self)
    // A service that has another value for it has been named.
    let own = Set(plan.project?.services.flatMap(\.ownVariables.keys) ?? [])
    for name in UnmentionedSecrets.of(target.secrets.map(\.name.value), in: json) where !own.contains(name) {
      preparer.progress(
        .warning(
          "no compose file mentions \(name), which the inventory takes from 1Password: "
            + "unless an env_file does, no container gets it"))
    }
  }
}

extension Preparation {
  /// What happens to the containers of the services that keep their image, as far as Compose says.
  fileprivate func fates(on host: RemoteHost, moved: Set<String>) async throws(HostError) -> [String: Plan.Fate] {
    var fates = Dictionary(uniqueKeysWithValues: moved.map { ($0, Plan.Fate.anotherImage) })
    guard let project = plan.project, let observed else { return fates }
    let kept = plan.keepingImage(observed).filter { !moved.contains($0) }
    guard !kept.isEmpty else { return fates }
    for (tag, request) in plan.ups(from: observed) {
      await host.provide(values(tag))
      let report = try await host.rehearse(request.scope)
      for service in kept where request.scope.services.isEmpty || request.scope.services.contains(service) {
        let names = observed.only([service]).containers.map(\.name)
        fates[service] = report.fate(of: names, prefix: "\(project.name)-\(service)-").map(Plan.Fate.same)
      }
    }
    // A container in the namespace of another one goes along with it.
    let replaced = plan.covered.filter { !kept.contains($0) || fates[$0] == .same(.areReplaced) }
    for service in project.dependents(of: replaced) where kept.contains(service) {
      fates[service] = .same(.areReplaced)
    }
    for service in kept where fates[service] == .same(.areReplaced) {
      if let cause = project.neighbours(of: service).first(where: replaced.contains) {
        fates[service] = .replaced(with: cause)
      }
    }
    return fates
  }
}
