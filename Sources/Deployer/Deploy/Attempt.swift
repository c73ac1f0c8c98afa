import Ledger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One attempt at one plan: the connection, what is found over it, and what is done over it.
struct Attempt: Sendable {
  let deployer: Deployer
  let plan: Plan
  let validates: Bool

  private var target: Target { plan.target }
  private var anchoring: Anchoring { Anchoring(ledger: deployer.ledger, target: target, progress: deployer.progress) }
  private var ssh: Command { SSH.shell(on: target.host, environment: deployer.sshEnvironment(of: target)) }

  /// Opens the connection and lives the deployment over it.
  func connect() async -> Result<DeployResult, DeployFailure> {
    let nonce = Nonce()
    let script = RemoteScript(nonce: nonce, directory: target.directory, composeFiles: target.composeFiles)
    deployer.progress(.checking(host: target.host.value))
    do {
      let (lived, end) = try await Conversations.hold(ssh) { conversation in
        await live(RemoteSession(conversation, nonce: nonce), script)
      }
      return await conclude(lived, connectionEnd: end)
    } catch {
      return .failure(.noSSH(reason: "\(error)"))
    }
  }

  /// What came of the connection, before `ssh`'s own words are known.
  enum Lived: Sendable {
    case refused(DeployFailure)
    /// The connection never answered; 1Password's own problems, if any.
    case unreachable([Problem])
    case begun(Begun)
  }

  /// A deployment that the ledger has the start of.
  struct Begun: Sendable {
    var recorder: Recorder
    var result: HostRun.Result
    var check: HostCheck
    var clock: ContinuousClock.Instant
    var isConnected: Bool
    var ledgerError: LedgerError?
    var finished: Result<DeployResult, DeployFailure>?
  }

  private func live(_ session: RemoteSession, _ script: RemoteScript) async -> Lived {
    let begun = ContinuousClock().now
    let store = OnePassword(runner: deployer.runner, environment: deployer.environment)
    async let usable = validates ? problems(of: store) : []
    let found = await session.call(
      script.prologue()
        + script.check(
          variables: plan.variables.map(\.name), profiles: plan.profiles.map(\.value),
          ledger: deployer.ledger.id))
    let secretProblems = await usable
    var check = HostCheck(found, target: target, wanted: plan.services.map(\.value))
    if validates {
      guard session.isConnected else { return .unreachable(secretProblems) }
      let problems = check.problems + secretProblems
      guard problems.isEmpty else {
        return .refused(check.problems.isEmpty ? .secrets(problems) : .validation(problems))
      }
    }
    if let failure = await anchoring.refusal(by: check) { return .refused(failure) }
    if check.services.isEmpty { check.services = target.services.map(\.value) }
    if deployer.stop.signal != nil { return .refused(.stopped) }
    do {
      let secrets = try await FetchedSecrets.fetch(plan, from: store, progress: deployer.progress)
      guard secrets.refused.isEmpty else { return .refused(.secrets(secrets.refused)) }
      for name in secrets.needles.tooShort {
        deployer.progress(.warning("the value of \(name) is too short to be recognised in output"))
      }
      let covered = plan.services.isEmpty ? check.services : plan.services.map(\.value)
      let start = plan.start(services: covered, secrets: secrets.versions)
      let id = try await deployer.ledger.begin(start).id
      deployer.progress(.started(deployment: id))
      let recorder = Recorder(ledger: deployer.ledger, id: id, needles: secrets.needles)
      return .begun(await run(session, script, secrets, recorder, check, since: begun))
    } catch let error as OnePasswordError {
      return .refused(.secrets([Problem(.secrets, error.message, nextStep: error.nextStep)]))
    } catch let error as LedgerError {
      return .refused(.ledger(error))
    } catch {
      return .refused(.noSSH(reason: "\(error)"))
    }
  }

  private func run(
    _ session: RemoteSession, _ script: RemoteScript, _ secrets: FetchedSecrets, _ recorder: Recorder,
    _ check: HostCheck, since: ContinuousClock.Instant
  ) async -> Begun {
    let run = HostRun(
      plan: plan, script: script, session: session, secrets: secrets, recorder: recorder, stop: deployer.stop,
      progress: deployer.progress)
    var begun = Begun(
      recorder: recorder, result: HostRun.Result(ending: .failed("not run")), check: check, clock: since,
      isConnected: true)
    do throws(LedgerError) {
      begun.result = try await run.perform()
    } catch {
      begun.ledgerError = error
      begun.result.ending = Ending(
        outcome: .unknown, reason: "the ledger failed while the deployment ran; look with 'ktrdr status'")
    }
    begun.isConnected = session.isConnected
    guard begun.isConnected, !begun.result.isCut else { return begun }
    begun.finished = await finish(begun)
    await anchoring.leave(over: session, script, after: begun.finished)
    return begun
  }

  /// With `ssh` gone and its words known: says why it failed, or looks again where the host may have changed.
  private func conclude(_ lived: Lived, connectionEnd end: ConversationEnd) async -> Result<DeployResult, DeployFailure>
  {
    let failure = SSHFailure.classify(String(decoding: end.errorTail, as: UTF8.self))
    switch lived {
    case .refused(let failure): return .failure(failure)
    case .unreachable(let others):
      let problem = Problem(.host, failure.what(host: target.host), nextStep: failure.nextStep(host: target.host))
      return .failure(.validation([problem] + others))
    case .begun(var begun):
      if let finished = begun.finished { return finished }
      if begun.result.isCut {
        let again = SecondLook(plan: plan, ssh: ssh, progress: deployer.progress)
        (begun.result.ending, begun.result.after) = await again.ending(lost: failure, before: begun.result.before)
      } else if begun.result.ending.outcome == .failed {
        begun.result.ending = .failed("\(failure.what(host: target.host)); nothing was changed")
      }
      return await finish(begun)
    }
  }

  private func finish(_ begun: Begun) async -> Result<DeployResult, DeployFailure> {
    let ending = begun.result.ending
    let spent = (ContinuousClock().now - begun.clock).milliseconds
    var result = DeployResult(
      deployment: begun.recorder.id, outcome: ending.outcome, reason: ending.reason,
      wasLocked: ending.reason?.hasPrefix(HostRun.heldPrefix) ?? false, spool: nil)
    do throws(LedgerError) {
      try await begun.recorder.images(
        before: begun.result.before, after: begun.result.after, services: plan.services.map(\.value))
      try await begun.recorder.finish(ending, composeDigest: begun.check.composeDigest, milliseconds: spent)
    } catch {
      guard case .spooled(_, let path, _) = error else { return .failure(.ledger(error)) }
      result.spool = path
    }
    return .success(result)
  }

  private func problems(of store: OnePassword) async -> [Problem] {
    do throws(OnePasswordError) {
      try await store.checkUsable()
      return []
    } catch {
      return [Problem(.secrets, error.message, nextStep: error.nextStep)]
    }
  }
}
