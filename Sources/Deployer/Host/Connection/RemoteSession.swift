/// One connection to a remote shell: calls of the script's functions, one after another.
///
/// It belongs to the task that holds the conversation.
final class RemoteSession {
  let script: RemoteScript
  private let conversation: Conversation
  private var parser: RemoteEventParser
  /// The newest events, the next one last.
  private var waiting: [RemoteEvent] = []

  /// False once the connection has ended: nothing further runs over it.
  private(set) var isConnected = true
  /// Whether the remote shell has spoken. What comes before is a login shell's.
  private(set) var hasAnswered = false
  /// The last line that is of no step: a complaint, if an answer is missing.
  private(set) var lastOutput: String?
  /// Whether what comes is a step's output.
  private var isInStep = false
  /// The limit that the host exceeded with an answer, if that is why the connection has ended.
  private(set) var lateAfter: Duration?
  /// Whether the connection was ended because the host reported a step that nobody had asked for.
  private(set) var saidUnasked = false

  private let connected: () -> Void
  private let limits: AnswerLimits
  private var watch: AnswerWatch?

  /// `connected` is called when the remote shell has spoken, or the connection has ended before.
  init(
    _ conversation: Conversation, script: RemoteScript, limits: AnswerLimits = AnswerLimits(),
    connected: @escaping () -> Void = {}
  ) {
    self.conversation = conversation
    self.script = script
    self.limits = limits
    self.connected = connected
    parser = RemoteEventParser(nonce: script.nonce)
  }

  /// What is redacted from the output.
  private(set) var needles = NeedleSet.empty

  /// From here on redacts these from the output.
  func redact(_ needles: NeedleSet) {
    self.needles = needles
    parser.redact(needles)
  }

  /// Uploads the script's functions. Nothing on the host changes yet.
  func open() async { await send(script.prologue()) }

  /// Sends `text`, hands each event to `each` as it comes, and returns all of them when the script reports that it is
  /// done; of a flood only the beginning. Returns `nil` if the connection ended first: how far the host came is unknown.
  ///
  /// A host that takes longer than `bound` allows is not waited for, and one that reports another step than those of `steps`,
  /// each once, is not believed: the connection is cut. `nil` believes every step.
  func call(
    _ text: [UInt8], _ bound: AnswerLimits.Bound = .whole, steps: Set<String>? = nil,
    each: (RemoteEvent) async -> Void = { _ in }
  ) async -> [RemoteEvent]? {
    let watch = AnswerWatch(limits, bound, hasSpoken: hasAnswered)
    self.watch = watch
    defer { self.watch = nil }
    let (events, late) = await watch.run(abandon: abandon) { await answer(to: text, steps: steps, each: each) }
    if events == nil { lateAfter = late }
    return events
  }

  private func answer(
    to text: [UInt8], steps: Set<String>?, each: (RemoteEvent) async -> Void
  ) async -> [RemoteEvent]? {
    var asked = steps
    await conversation.send(text)
    var events: [RemoteEvent] = []
    var room = (output: Self.sizeLimit, rest: Self.sizeLimit)
    while let event = await next() {
      if event == .done { return events }
      // Only shows that the shell is there; it answers nothing.
      if event == .fact(name: "connected", fields: []) { continue }
      if case .begin(let step) = event, asked != nil, asked?.remove(step) == nil {
        saidUnasked = true
        isConnected = false
        abandon()
        return nil
      }
      // Output has a share of its own, so that a flood of it leaves room for facts.
      let share: WritableKeyPath<(output: Int, rest: Int), Int> = if case .output = event { \.output } else { \.rest }
      room[keyPath: share] -= event.size
      if room[keyPath: share] > 0 { events.append(event) }
      await each(event)
    }
    return nil
  }

  /// The facts that the call of `text` reports.
  func ask(_ text: [UInt8], steps: Set<String> = []) async throws(HostError) -> [RemoteEvent] {
    guard let events = await call(text, steps: steps) else { throw failure }
    return events
  }

  private var failure: HostError { saidUnasked ? .misbehaved : .connectionLost }

  /// Runs the steps that `text` calls for, reports each to `observer` as it ends, and returns them.
  func perform(
    _ text: [UInt8], _ names: [StepName], _ bound: AnswerLimits.Bound, _ observer: StepObserver
  ) async throws(HostError) -> [FinishedStep] {
    var log = StepLog()
    var progress = PullProgress()
    var steps: [FinishedStep] = []
    let events = await call(text, bound, steps: Set(names.map(\.rawValue))) { event in
      if case .output(let line) = event {
        let before = progress.bytes
        if progress.take(line) {
          if let bytes = progress.bytes, bytes != before { observer.pulled(bytes) }
          return
        }
      }
      if case .begin(let step) = event, let name = StepName(rawValue: step) { observer.began(name) }
      if case .output(let line) = event { observer.output(line) }
      guard let step = log.take(event) else { return }
      steps.append(step)
      await observer.ended(step)
    }
    guard events != nil else {
      if let step = log.cutOff() { await observer.ended(step) }
      throw failure
    }
    return steps
  }

  /// Sends without waiting for an answer.
  func send(_ text: [UInt8]) async { await conversation.send(text) }

  /// Cuts the connection at once; the remote shell reads an end of file.
  var abandon: @Sendable () -> Void { conversation.kill }

  /// In bytes. A program that never stops writing must not fill the client's memory.
  private static let sizeLimit = 2 << 20

  private func next() async -> RemoteEvent? {
    while waiting.isEmpty {
      guard isConnected else { return nil }
      let piece = await conversation.output.next()
      if piece == nil { isConnected = false }
      if hasAnswered { watch?.heard() }
      let events = piece.map { parser.push($0) } ?? parser.finish()
      notice(events)
      waiting = events.reversed()
    }
    return waiting.popLast()
  }

  private func notice(_ events: [RemoteEvent]) {
    for event in events {
      switch event {
      case .output(let line):
        if !line.trimmed.isEmpty, !isInStep { lastOutput = line }
        continue
      case .begin: isInStep = true
      case .end: isInStep = false
      default: break
      }
      if !hasAnswered {
        hasAnswered = true
        watch?.heard()
        lastOutput = nil
        connected()
      }
    }
    if !isConnected, !hasAnswered { connected() }
  }
}

extension [FinishedStep] {
  /// The step of this name. A host that did not run it did not do what it was asked.
  func only(_ name: StepName) throws(HostError) -> FinishedStep {
    guard let step = first(where: { $0.name == name }) else { throw .unavailable }
    return step
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
