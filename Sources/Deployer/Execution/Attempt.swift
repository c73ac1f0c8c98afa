import Ledger
import Platform

/// One attempt at one order: the connection, what is found over it, and what is done over it.
struct Attempt: Sendable {
  let deployer: Deployer
  let request: DeployRequest
  let validates: Bool
  /// Told as soon as the deployment has a number.
  let begun: @Sendable (_ deployment: Int64) -> Void

  private var target: Target { request.target }
  private var anchors: AnchorRecorder {
    AnchorRecorder(ledger: deployer.ledger, target: target, progress: deployer.progress)
  }

  /// Opens the connection and lives the deployment over it.
  func connect() async -> Result<DeployResult, DeployFailure> {
    deployer.progress(.checking(host: target.host.value))
    do {
      let connection = TargetConnection(target: target, environment: deployer.environment)
      let (lived, words) = try await connection.hold { session, script in await live(session, script) }
      return await conclude(lived, words.failure)
    } catch {
      return .failure(.noSSH(reason: "\(error)"))
    }
  }

  /// What came of the connection, before `ssh`'s own words are known.
  private enum Lived: Sendable {
    case refused(Survey.Refusal)
    case ended(Result<DeployResult, DeployFailure>)
    /// The connection ended before the deployment did.
    case cut(Running)
  }

  private func live(_ session: RemoteSession, _ script: RemoteScript) async -> Lived {
    let clock = ContinuousClock().now
    let surveyor = Surveyor(
      secrets: deployer.secrets, ledger: deployer.ledger, validates: validates, progress: deployer.progress,
      objection: { [anchors] in await anchors.refusal(by: $0) })
    // Nothing has begun, so whoever wants to stop need not wait for a host or for 1Password.
    let leaver = Task { [stop = deployer.stop, abandon = session.abandon] in
      await stop.wait()
      if !Task.isCancelled { abandon() }
    }
    defer { leaver.cancel() }
    do throws(Survey.Refusal) {
      let survey = try await surveyor.survey(request, over: session, script)
      leaver.cancel()
      if deployer.stop.signal != nil { return .refused(.refused(.stopped)) }
      var running: Running
      do throws(LedgerError) {
        running = try await Running.begin(survey, deployer: deployer, since: clock)
      } catch {
        return .refused(.refused(.ledger(error)))
      }
      begun(running.recorder.id)
      await running.run(over: session, script)
      guard session.isConnected, !running.result.isCut else { return .cut(running) }
      var result = await running.finish()
      let back = running.recovery()
      await anchors.leave(over: session, script, after: result, isLast: back == nil)
      if let back, case .success(let ended) = result {
        result = .success(ended.with(await recover(running, by: back, session, script)))
      }
      return .ended(result)
    } catch {
      return .refused(deployer.stop.signal == nil ? error : .refused(.stopped))
    }
  }

  /// Brings the services back to what ran before, where they did not become healthy and the inventory asks for it.
  private func recover(
    _ failed: Running, by survey: Survey, _ session: RemoteSession, _ script: RemoteScript
  ) async -> DeployResult.Recovery {
    deployer.progress(.recovering(deployment: failed.recorder.id))
    do throws(LedgerError) {
      var running = try await Running.begin(survey, deployer: deployer, since: ContinuousClock().now)
      begun(running.recorder.id)
      await running.run(over: session, script)
      await anchors.leave(over: session, script, after: await running.finish(), isLast: true)
      return running.asRecovery
    } catch {
      return DeployResult.Recovery(
        deployment: 0, outcome: .failed, reason: error.message, running: failed.runningLines)
    }
  }

  /// With `ssh` gone and its words known: says why it failed, or looks again where the host may have changed.
  private func conclude(_ lived: Lived, _ failure: SSHFailure) async -> Result<DeployResult, DeployFailure> {
    switch lived {
    case .ended(let result): return result
    case .refused(.refused(let failure)): return .failure(failure)
    case .refused(.unreachable(let problems)):
      return .failure(.validation([failure.problem(host: target.host)] + problems))
    case .cut(var running):
      if running.result.isCut {
        let again = Reconciliation(
          plan: running.survey.plan, environment: deployer.environment, stop: deployer.stop,
          progress: deployer.progress)
        await running.conclude(again, lost: failure)
      } else if running.result.ending.outcome == .failed, !running.result.changed {
        running.result.ending = .failed("\(failure.what(host: target.host)); nothing was changed")
      }
      return await running.finish()
    }
  }
}
