/// The anchors that a host keeps.
public struct KeptAnchors: Sendable, Equatable {
  /// The lines of the ledger that was asked for, oldest first, at most the last 5,000.
  public var lines: [String] = []
  /// The last line of another ledger.
  public var foreign: String?
}

extension KeptAnchors {
  /// `nil` if the host could not look.
  init?(_ events: [RemoteEvent]) {
    var isComplete = false
    for case .fact(let name, let fields) in events {
      switch name {
      case "anchors": isComplete = true
      case "anchor": lines += fields.prefix(1)
      case "foreign-anchor": foreign = fields.first
      default: break
      }
    }
    guard isComplete else { return nil }
  }
}

extension RemoteScript {
  func anchors(of ledger: String) -> [UInt8] { call("ktrdr_anchors", [ledger]) + done }

  /// If it `isLast`, the shell ends instead of waiting for another upload.
  func anchor(_ line: String, isLast: Bool = false) -> [UInt8] {
    call("ktrdr_anchor", [line]) + (isLast ? Array("{ say 'done'; exit; }\n\(endOfUpload)\n".utf8) : done)
  }
}

extension RemoteSession {
  /// Throws ``HostError/unavailable`` if the file cannot be read.
  func anchors(of ledger: String) async throws(HostError) -> KeptAnchors {
    guard let kept = KeptAnchors(try await ask(script.anchors(of: ledger))) else { throw .unavailable }
    return kept
  }

  /// Throws ``HostError/unavailable`` if the file cannot be written.
  func leaveAnchor(_ line: String, isLast: Bool) async throws(HostError) {
    let events = try await ask(script.anchor(line, isLast: isLast))
    guard events.contains(.fact(name: "anchored", fields: [])) else { throw .unavailable }
  }
}
