/// One connection to one host: calls of the remote script, one after another.
///
/// It belongs to the task that holds the conversation.
final class RemoteSession {
  private let conversation: Conversation
  private var output: AsyncStream<[UInt8]>.Iterator
  private var parser: RemoteEventParser
  private var waiting: [RemoteEvent] = []

  /// False once the connection has ended: nothing further runs over it.
  private(set) var isConnected = true

  init(_ conversation: Conversation, nonce: Nonce) {
    self.conversation = conversation
    output = conversation.output.makeAsyncIterator()
    parser = RemoteEventParser(nonce: nonce)
  }

  /// Sends `script`, hands each event to `each` as it comes, and returns all of them when the script says that it is
  /// done. The answer is `nil` when the connection ended first: then nobody knows how far it came.
  func call(_ script: [UInt8], each: (RemoteEvent) async -> Void = { _ in }) async -> [RemoteEvent]? {
    await conversation.send(script)
    var events: [RemoteEvent] = []
    while let event = await next() {
      if event == .done { return events }
      if events.count < Self.eventLimit { events.append(event) }
      await each(event)
    }
    return nil
  }

  /// Sends without waiting for an answer.
  func send(_ script: [UInt8]) async { await conversation.send(script) }

  /// Leaves at once: the connection is cut, the remote shell reads an end of file.
  func abandon() { conversation.kill() }

  /// A program that never stops writing must not fill the client's memory.
  private static let eventLimit = 20_000

  private func next() async -> RemoteEvent? {
    while waiting.isEmpty {
      guard isConnected else { return nil }
      guard let bytes = await output.next(isolation: #isolation) else {
        isConnected = false
        waiting = parser.finish()
        continue
      }
      waiting = parser.push(bytes)
    }
    return waiting.removeFirst()
  }
}
