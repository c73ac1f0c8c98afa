/// Whether the host's lock was taken.
enum LockAnswer: Sendable, Equatable {
  /// `isUnchanged`: no other deployment has held it since the check.
  case taken(isUnchanged: Bool)
  /// Another deployment holds it, and wrote this about itself.
  case held(by: String)
  /// Its file cannot be a lock, and why.
  case refused(reason: String)
}

extension LockAnswer {
  init(_ events: [RemoteEvent]) {
    for case .fact("lock", let fields) in events {
      switch fields.first {
      case "taken": self = .taken(isUnchanged: fields.last == "unchanged")
      case "held": self = .held(by: fields.dropFirst().first { !$0.isEmpty }?.printable ?? "somebody")
      case "refused": self = .refused(reason: fields.last?.printable ?? "")
      default: continue
      }
      return
    }
    self = .refused(reason: "no answer")
  }
}

extension RemoteScript {
  /// From then on the shell waits no longer than ``idleLimit`` for the next upload.
  func lock(owner: String) -> [UInt8] {
    call("ktrdr_lock", [owner]) + Array("{ ktrdr_serve; }\n\(endOfUpload)\n".utf8)
  }
}

extension RemoteSession {
  func lock(owner: String) async throws(HostError) -> LockAnswer {
    LockAnswer(try await ask(script.lock(owner: owner)))
  }
}
