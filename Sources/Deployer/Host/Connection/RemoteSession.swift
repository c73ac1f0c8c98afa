/// One connection to one host: calls of the remote script, one after another.
///
/// It belongs to the task that holds the conversation.
final class RemoteSession {
  private let conversation: Conversation
  private var parser: RemoteEventParser
  /// The newest events, the next one last.
  private var waiting: [RemoteEvent] = []

  /// False once the connection has ended: nothing further runs over it.
  private(set) var isConnected = true

  private let connected: () -> Void

  /// `connected` is called when the host has said something, or the connection has ended without a word; more than once.
  init(_ conversation: Conversation, nonce: Nonce, connected: @escaping () -> Void = {}) {
    self.conversation = conversation
    self.connected = connected
    parser = RemoteEventParser(nonce: nonce)
  }

  /// What may not be seen in the output.
  private(set) var needles = NeedleSet.empty

  /// From here on these may not be seen in the output.
  func redact(_ needles: NeedleSet) {
    self.needles = needles
    parser.redact(needles)
  }

  /// Sends `script`, hands each event to `each` as it comes, and returns all of them when the script says that it is
  /// done; of a flood only the beginning. The answer is `nil` when the connection ended first: then nobody knows how far it came.
  func call(_ script: [UInt8], each: (RemoteEvent) async -> Void = { _ in }) async -> [RemoteEvent]? {
    await conversation.send(script)
    var events: [RemoteEvent] = []
    var room = (output: Self.sizeLimit, rest: Self.sizeLimit)
    while let event = await next() {
      if event == .done { return events }
      // Tells that the shell is there; it answers nothing.
      if event == .fact(name: "connected", fields: []) { continue }
      // Output has a share of its own, so that a flood of it leaves room for what the script found out.
      let share: WritableKeyPath<(output: Int, rest: Int), Int> = if case .output = event { \.output } else { \.rest }
      room[keyPath: share] -= event.size
      if room[keyPath: share] > 0 { events.append(event) }
      await each(event)
    }
    return nil
  }

  /// Sends without waiting for an answer.
  func send(_ script: [UInt8]) async { await conversation.send(script) }

  /// Leaves at once: the connection is cut, the remote shell reads an end of file.
  var abandon: @Sendable () -> Void { conversation.kill }

  /// In bytes. A program that never stops writing must not fill the client's memory.
  private static let sizeLimit = 2 << 20

  private func next() async -> RemoteEvent? {
    while waiting.isEmpty {
      guard isConnected else { return nil }
      let piece = await conversation.output.next()
      connected()
      guard let bytes = piece else {
        isConnected = false
        waiting = parser.finish().reversed()
        continue
      }
      waiting = parser.push(bytes).reversed()
    }
    return waiting.popLast()
  }
}

extension RemoteEvent {
  /// About as many bytes as it takes in memory.
  fileprivate var size: Int {
    switch self {
    case .output(let text): 64 + text.utf8.count
    case .fact(let name, let fields): fields.reduce(64 + name.utf8.count) { $0 + 32 + $1.utf8.count }
    case .begin, .end, .done: 64
    }
  }
}
