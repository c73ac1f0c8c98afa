import Platform
import Synchronization
import TestSupport

@testable import DeploymentModel

/// Something that goes wrong at a chosen moment of a deployment: the valve in front of ssh holds that up until it has happened.
/// A refused end needs no moment: until the deployment is over the ledger takes no end.
final class Disturbance: Sendable {
  private let fault: Operation.Fault
  private let stack: OwnStack
  private let valve: String
  private let moment: String
  private let reached = Mutex(false)

  /// Whether the moment has come. A deployment that fails before it is not disturbed.
  var wasReached: Bool { reached.withLock { $0 } }

  init(_ fault: Operation.Fault, isRollback: Bool, stack: OwnStack) throws {
    (self.fault, self.stack) = (fault, stack)
    valve = "\(stack.person.lab.root)/valve-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: valve, withIntermediateDirectories: true)
    switch fault {
    case .endRefused: moment = "never"
    case .stoppedAtOnce: moment = "connect"
    case .stoppedEarly, .killedEarly, .cutEarly: moment = isRollback ? "call ktrdr_images 1" : "call ktrdr_pull 1"
    case .killedBeforeUp, .cutBeforeUp, .lostBeforeUp: moment = "call ktrdr_up 1"
    case .killedAfterPull: moment = "answer ktrdr_pull 1"
    case .killedBeforeRemoval: moment = "call ktrdr_remove 1"
    case .killedAfterRemoval: moment = "answer ktrdr_remove 1"
    case .stoppedLate, .killedAfterUp, .cutAfterUp, .lostAfterUp: moment = "answer ktrdr_up 1"
    case .killedInUp, .cutInUp, .lostInUp, .killedReplacing, .cutReplacing, .lostReplacing, .failedReplacing:
      preconditionFailure("nobody can choose how far a real up comes")
    }
    try Data(moment.utf8).write(to: URL(filePath: "\(valve)/moment"))
  }

  func prepare(_ person: inout Operator) {
    person.environment["KTRDR_VALVE"] = valve
    person.environment["PATH"] = "\(Lab.checkout)/Tests/lab/faults/client:\(person.environment["PATH"] ?? "")"
  }

  /// Waits for the moment, for as long as the client lives, and does it.
  func strike(_ client: pid_t) async {
    while !exists("reached") {
      guard isAlive(client) else { return }
      try? await Task.sleep(for: .milliseconds(20))
    }
    reached.withLock { $0 = true }
    switch fault {
    case .stoppedAtOnce, .stoppedEarly:
      kill(client, SIGINT)
      try? await Task.sleep(for: .milliseconds(150))
      goOn()
    case .stoppedLate:
      // By now it is known of every service whether it stays up, so the one look that is left decides.
      try? await Task.sleep(for: .milliseconds(1500))
      kill(client, SIGINT)
      try? await Task.sleep(for: .milliseconds(150))
      goOn()
    case .killedEarly, .killedAfterPull, .killedBeforeUp, .killedAfterUp, .killedBeforeRemoval, .killedAfterRemoval:
      kill(client, SIGKILL)
    case .cutEarly, .cutBeforeUp, .cutAfterUp:
      let line = "kill -9 $(pgrep -P \(client) -x ssh) $(pgrep -P $(pgrep -d, -P \(client) -x ssh) -x ssh)"
      _ = try? await stack.person.lab.shell(line)
    case .lostBeforeUp, .lostAfterUp: try? await control("kill-host")
    // The others never strike here.
    default: break
    }
  }

  /// The host can be reached again, and nobody is at work there.
  func mend() async throws {
    if wasReached, [.lostBeforeUp, .lostAfterUp].contains(fault) { try await control("start-host") }
    try await eventually("the lock of \(stack.project)") {
      let lock = "\(stack.directory)/.ktrdr-lock"
      let environment = stack.person.lab.environment
      return try await Programs.run("flock", ["-n", lock, "true"], environment: environment).status == 0
    }
  }

  private func control(_ command: String) async throws {
    try await stack.person.lab.control(command, stack.person.lab.root, stack.host, "sshd")
  }

  private func goOn() { _ = FileManager.default.createFile(atPath: "\(valve)/go", contents: nil) }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(valve)/\(name)") }

  private func isAlive(_ process: pid_t) -> Bool {
    let text = (try? Data(contentsOf: URL(filePath: "/proc/\(process)/stat"))) ?? Data()
    return !text.isEmpty && !String(decoding: text, as: UTF8.self).contains(") Z ")
  }
}
