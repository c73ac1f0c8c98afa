public import Ledger

/// Compares the ledger with what really runs. It changes nothing.
public struct StatusReader: Sendable {
  private let hosts: HostConnector
  private let git: GitRepository

  /// `git` is the repository whose HEAD is compared with the deployed commits.
  public init(hosts: HostConnector, git: GitRepository) {
    self.hosts = hosts
    self.git = git
  }

  /// The status of every target, in their order. Hosts are asked side by side. Without a ledger nothing is expected.
  public func read(_ targets: [Target], ledger: DeploymentLedger?) async throws(LedgerError) -> [TargetStatus] {
    let expected = try await expected(of: targets, ledger)
    let commits = Set(expected.joined().compactMap(\.commit))
    async let distances = distances(commits)
    var found = await look(targets, expected: expected, ledger)
    let ahead = await distances
    for target in found.indices {
      for service in found[target].services.indices where found[target].services[service].hasExpectedImage {
        found[target].services[service].commitsAhead =
          found[target].services[service].expected?.commit.flatMap { ahead[$0] }
      }
    }
    return found
  }

  private func expected(
    of targets: [Target], _ ledger: DeploymentLedger?
  ) async throws(LedgerError) -> [[ExpectedImage]] {
    var expected: [[ExpectedImage]] = []
    for target in targets {
      let recorded = try await ledger?.newestSucceeded(of: target.name.value) ?? []
      expected.append(recorded.compactMap { ExpectedImage($0, $1) })
    }
    return expected
  }

  private func look(
    _ targets: [Target], expected: [[ExpectedImage]], _ ledger: DeploymentLedger?
  ) async -> [TargetStatus] {
    let observer = TargetObserver(hosts: hosts, ledger: ledger?.id ?? HostTestimony.noLedger)
    return await withTaskGroup(of: (Int, TargetStatus).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask {
          switch await observer.observe(target) {
          case .success(let seen):
            var status = TargetStatus(target, expected: expected[index], seen)
            let former = try? await ledger?.past(
              of: target, isEmpty: seen.observed.containers.isEmpty, anchor: seen.check.lastAnchor)
            let objections = await objections(to: ledger, target, seen.check) + [former].compactMap { $0 }
            status.caveats += objections
            status.isCertain = status.isCertain && objections.isEmpty
            if let ledger { await judgeHistory(&status, seen, ledger) }
            return (index, status)
          case .failure(let failure):
            return (index, TargetStatus(target, expected: expected[index], error: failure.problem))
          }
        }
      }
      let all = await group.reduce(into: [(Int, TargetStatus)]()) { $0.append($1) }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Finds out what a failure and rollbacks have left half done.
  private func judgeHistory(_ status: inout TargetStatus, _ seen: ObservedTarget, _ ledger: DeploymentLedger) async {
    let running = seen.observed
    let target = status.target.name.value
    let newest = (try? await ledger.history(HistoryFilter(target: target, limit: 16))) ?? []
    if let last = newest.first, last.isRollbackInVain, last.isEndSeen,
      let images = try? await ledger.images(of: last.id)
    {
      status.isRollbackStuck = !images.contains(where: \.isChange)
    }
    let records = RollbackRecords(ledger: ledger, target: target, ids: HostImageIDs(running))
    if let failed = newest.first, let good = try? await records.good(before: failed, running) {
      let isStill = failed.composeDigest == seen.check.composeDigest
      (status.goodWithOtherFiles, status.isFreshlyEdited) = (isStill ? good.id : nil, !isStill)
    }
    if !status.verdict.isGood {
      status.outlook = await RollbackOutlook(
        of: status.target, from: running, by: seen.reading.project, in: records)
    }
    for service in status.services where !service.verdict.isGood {
      let name = service.service
      let newest = try? await ledger.goodHistory(target: target, service: name, limit: 1).first
      guard let (rollback, image) = newest, rollback.isRollbackInVain, rollback.start.undoes != nil else { continue }
      // It went somewhere else, or was to leave what it stopped.
      let hasMoved = !service.hasExpectedImage && (!rollback.isEndSeen || image.isChange)
      if hasMoved { status.halfRolledBack.insert(name) }
      guard service.hasExpectedImage, service.verdict == .stopped else { continue }
      if (try? await records.isLeft(name, by: rollback, running)) == true { status.halfRolledBack.insert(name) }
    }
    let half = status.halfRolledBack.sorted().compactMap { try? ServiceName($0) }
    guard !half.isEmpty else { return }
    let outlook = await RollbackOutlook(
      of: status.target, naming: half, from: running, by: seen.reading.project, in: records)
    if outlook == nil { status.halfRolledBack = [] }
  }

  /// What the host says of the ledger that it is compared with.
  private func objections(to ledger: DeploymentLedger?, _ target: Target, _ check: HostCheck) async -> [String] {
    guard let ledger else { return [HostTestimony.warning(by: check, host: target.host)].compactMap { $0 } }
    let testimony = HostTestimony(ledger: ledger, host: target.host)
    return [testimony.warning(by: check), await testimony.damage(by: check)?.message].compactMap { $0 }
  }

  /// How far HEAD is ahead of each commit that the repository knows.
  private func distances(_ commits: Set<GitSHA>) async -> [GitSHA: Int] {
    await withTaskGroup(of: (GitSHA, Int?).self) { group in
      for commit in commits { group.addTask { (commit, await git.commits(since: commit)) } }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }
}

extension Deployment {
  fileprivate var isRollbackInVain: Bool { start.kind == .rollback && outcome != nil && outcome != .succeeded }
}
