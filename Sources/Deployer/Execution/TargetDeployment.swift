import Ledger
import Platform

/// Carries out one request on one target. The phases follow each other: prepare, begin, run, finish, recover.
public struct TargetDeployment: Sendable {
  let context: DeploymentContext
  let request: DeployRequest
  /// False leaves out the checks of host and 1Password.
  let validates: Bool
  /// Whether a target that fails its checks is recorded as failed: whoever reads a batch later must find it there.
  let recordsRefusal: Bool

  private var target: Target { request.target }

  public init(_ request: DeployRequest, in context: DeploymentContext, validates: Bool, recordsRefusal: Bool = false) {
    self.context = context
    self.request = request
    self.validates = validates
    self.recordsRefusal = recordsRefusal
  }

  /// Does what was asked for.
  ///
  /// - Returns: what the ledger has of it.
  /// - Throws: ``DeployFailure`` if nothing was begun; what goes wrong later is part of the result.
  public func perform() async throws(DeployFailure) -> DeployResult {
    let lock = try await LocalLock(context: context, request: request).acquire()
    try await endOrphans()
    let describe = lock.describer
    describe(request.operator, nil, context.time.date())
    let result = await connectAndDeploy { deployment in
      describe(request.operator, deployment, context.time.date())
    }
    _ = consume lock
    return try result.get()
  }

  /// Records the end of deployments whose client died.
  private func endOrphans() async throws(DeployFailure) {
    do throws(LedgerError) {
      for orphan in try await OrphanedDeployments(in: context.ledger).settle(holdingLockOf: target.name.value) {
        context.progress(.warning(orphan.message))
      }
    } catch {
      throw .ledger(error)
    }
  }

  /// What came of the connection, before it is closed and the reason of its end is known.
  private enum ConnectionOutcome: Sendable {
    case refused(PreparationFailure)
    case ended(Result<DeployResult, DeployFailure>)
    /// The connection ended before the deployment did.
    case cut(BegunDeployment)
  }

  private func connectAndDeploy(
    begun: @escaping @Sendable (_ deployment: Int64) -> Void
  ) async -> Result<DeployResult, DeployFailure> {
    context.progress(.checking(host: target.host.value))
    let answer: (value: ConnectionOutcome, diagnostics: SSHDiagnostics)
    do {
      answer = try await context.hosts.withHost(of: target) { host in await deploy(on: host, begun) }
    } catch {
      return .failure(.sshUnavailable(reason: "\(error)"))
    }
    switch answer.value {
    case .ended(let result): return result
    case .refused(let failure):
      let failure = DeployFailure(failure, answer.diagnostics, host: target.host)
      guard recordsRefusal, case .validation(let problems) = failure else { return .failure(failure) }
      return await recordRefusal(because: problems)
    case .cut(var deployment):
      await deployment.reconcile(lost: answer.diagnostics.failure)
      return await deployment.finish()
    }
  }

  private func deploy(
    on host: RemoteHost, _ begun: @Sendable (_ deployment: Int64) -> Void
  ) async -> ConnectionOutcome {
    do throws(PreparationFailure) {
      let preparation = try await prepare(on: host)
      var deployment = try await begin(preparation, begun)
      await deployment.run(on: host)
      guard host.isConnected(), !deployment.end.isCut else { return .cut(deployment) }
      return .ended(await finishAndRecover(deployment, on: host, begun))
    } catch {
      return .refused(error)
    }
  }

  /// Nothing has begun yet, so whoever wants to stop need not wait for a host or for 1Password.
  private func prepare(on host: RemoteHost) async throws(PreparationFailure) -> Preparation {
    let preparer = Preparer(
      secrets: context.secrets, ledger: context.ledger, validates: validates, progress: context.progress,
      time: context.time)
    let leaver = Task { [stop = context.stop, abandon = host.abandon] in
      await stop.wait()
      if !Task.isCancelled { abandon() }
    }
    defer { leaver.cancel() }
    do throws(PreparationFailure) {
      let preparation = try await preparer.prepare(request, on: host)
      // Before the question below: a signal that comes after it must not cut the connection.
      leaver.cancel()
      guard context.stop.signal == nil else { throw PreparationFailure.refused(.stopped) }
      return preparation
    } catch {
      throw context.stop.signal == nil ? error : .refused(.stopped)
    }
  }

  private func begin(
    _ preparation: Preparation, _ begun: (_ deployment: Int64) -> Void
  ) async throws(PreparationFailure) -> BegunDeployment {
    do throws(LedgerError) {
      let deployment = try await BegunDeployment.begin(preparation, in: context)
      begun(deployment.id)
      return deployment
    } catch {
      throw .refused(.ledger(error))
    }
  }

  /// Records the end, and brings the services back to what ran before if they did not become healthy and the inventory
  /// asks for it: that is a deployment of its own, over the same connection.
  private func finishAndRecover(
    _ deployment: BegunDeployment, on host: RemoteHost, _ begun: (_ deployment: Int64) -> Void
  ) async -> Result<DeployResult, DeployFailure> {
    let back = await deployment.recovery()
    let result = await deployment.finish(leavingAnchorOn: host, isLast: back == nil)
    guard var back, case .success(var ended) = result else { return result }
    // The commit that the tag was deployed from, if the ledger knows it: nothing else is known of what ran before.
    let records = RollbackRecords(ledger: context.ledger, target: target.name.value)
    back.plan.commit = try? await records.commit(of: back.plan.tag)
    context.progress(.recovering(deployment: deployment.id))
    let good = try? await records.lastSucceeded(before: deployment.id)
    let changes = RollbackExplanation.changes(
      since: [good].compactMap { $0 }, secrets: back.secrets.versions, composeDigest: back.check.composeDigest)
    for change in changes { context.progress(.warning(change)) }
    do throws(LedgerError) {
      var recovery = try await BegunDeployment.begin(back, in: context)
      begun(recovery.id)
      await recovery.run(on: host)
      switch await recovery.finish(leavingAnchorOn: host, isLast: true) {
      case .success(let end): ended.recovery = [end]
      case .failure(let failure):
        if case .ledger(let error) = failure {
          context.progress(.warning("could not record the end of deployment \(recovery.id): \(error.message)"))
        }
        ended.recovery = [DeployResult(recovery.id, recovery.end)]
      }
    } catch {
      var end = DeploymentEnd.failed(error.message)
      end.after = deployment.end.after
      ended.recovery = [DeployResult(0, end)]
    }
    return .success(ended)
  }

  private func recordRefusal(because problems: [Problem]) async -> Result<DeployResult, DeployFailure> {
    guard case .deploy(let plan) = request else { return .failure(.validation(problems)) }
    let end = DeploymentEnd.failed(problems.map(\.what).joined(separator: "; ") + "; nothing was changed")
    do throws(LedgerError) {
      let services = plan.services.isEmpty ? plan.target.services : plan.services
      let id = try await context.ledger.begin(plan.start(services: services.map(\.value), secrets: [])).id
      try await context.ledger.finish(id, Finish(outcome: end.outcome, reason: end.reason, durationMS: 0))
      context.progress(.ended(end.outcome, reason: end.reason))
      return .success(DeployResult(id, end))
    } catch {
      return .failure(.ledger(error))
    }
  }
}
