/// Takes the remote output apart into events. A marker line is `@@NONCE KIND FIELD…`, its fields parted by tabs; all
/// else is output.
///
/// Output is redacted as the bytes come, before anything is cut into lines: a secret of several lines, or in a line that
/// is longer than the limit, is still one run of bytes then. The fields of markers are redacted one by one: an image's name
/// and a label are whatever somebody chose.
struct RemoteEventParser {
  /// A line longer than this is taken in pieces: no remote program can make the client's memory grow. A marker as long
  /// is none.
  static let lineLimit = 64 << 10

  private enum Line { case undecided, marker, output }

  private let prefix: [UInt8]
  private var line = Line.undecided
  /// The beginning of a line that may be a marker.
  private var head: [UInt8] = []
  /// Output without secrets whose line has not ended.
  private var text: [UInt8] = []
  /// How much of the beginning of `text` is known to hold no newline.
  private var searched = 0
  private var redactor: Redactor
  private var needles: NeedleSet

  init(nonce: Nonce, needles: NeedleSet = .empty) {
    prefix = Array("@@\(nonce) ".utf8)
    redactor = Redactor(needles)
    self.needles = needles
  }

  /// From here on these are what may not be seen.
  mutating func redact(_ needles: NeedleSet) {
    text += redactor.finish()
    redactor = Redactor(needles)
    self.needles = needles
  }

  mutating func push(_ bytes: [UInt8]) -> [RemoteEvent] {
    var events: [RemoteEvent] = []
    bytes.withUnsafeBytes { input in
      var index = 0
      while index < input.count {
        if line == .output {
          let end = input[index...].firstIndex(of: newline).map { $0 + 1 } ?? input.count
          take(UnsafeRawBufferPointer(rebasing: input[index..<end]), into: &events)
          index = end
        } else {
          head.append(input[index])
          index += 1
          decide(&events)
        }
        if input[index - 1] == newline { line = .undecided }
      }
    }
    return events
  }

  /// What is left when the stream has ended. A marker without its newline is not a marker: it may be cut.
  mutating func finish() -> [RemoteEvent] {
    var events: [RemoteEvent] = []
    if line == .undecided { release(&events) }
    flush(&events)
    return events
  }

  /// Knows by the beginning of a line what it is; a marker is complete with its newline.
  private mutating func decide(_ events: inout [RemoteEvent]) {
    switch line {
    case .undecided:
      guard head.last == prefix[head.count - 1] else {
        line = .output
        return release(&events)
      }
      if head.count == prefix.count { line = .marker }
    case .marker:
      guard head.last == newline else {
        // The limit is kept by forgetting the rest; `marker` refuses what is as long.
        if head.count > Self.lineLimit { head.removeLast() }
        return
      }
      flush(&events)
      if let event = marker(head.dropFirst(prefix.count).dropLast()) { events.append(event) }
      head.removeAll(keepingCapacity: true)
    case .output: break
    }
  }

  /// Gives up what was kept as the beginning of a marker.
  private mutating func release(_ events: inout [RemoteEvent]) {
    let bytes = head
    head.removeAll(keepingCapacity: true)
    bytes.withUnsafeBytes { take($0, into: &events) }
  }

  private mutating func take(_ bytes: UnsafeRawBufferPointer, into events: inout [RemoteEvent]) {
    redactor.push(bytes, into: &text)
    cutLines(&events)
  }

  /// The output before a marker is complete.
  private mutating func flush(_ events: inout [RemoteEvent]) {
    text += redactor.finish()
    cutLines(&events)
    tell(text[...], &events)
    text.removeAll(keepingCapacity: true)
    searched = 0
  }

  private mutating func cutLines(_ events: inout [RemoteEvent]) {
    var start = 0
    while true {
      let limit = min(text.count, start + Self.lineLimit)
      let end = text[max(start, searched)..<max(limit, searched)].firstIndex(of: newline)
      guard end != nil || limit - start == Self.lineLimit else { break }
      // A CR before the LF belongs to the line's end.
      let isCRLF = end.map { $0 > start && text[$0 - 1] == carriageReturn } ?? false
      tell(text[start..<(end ?? limit) - (isCRLF ? 1 : 0)], &events)
      start = end.map { $0 + 1 } ?? limit
    }
    if start > 0 { text.removeFirst(start) }
    searched = text.count
  }

  private func tell(_ bytes: ArraySlice<UInt8>, _ events: inout [RemoteEvent]) {
    if !bytes.isEmpty { events.append(.output(String(decoding: bytes, as: UTF8.self))) }
  }

  private func marker(_ bytes: ArraySlice<UInt8>) -> RemoteEvent? {
    guard bytes.count + prefix.count < Self.lineLimit else { return nil }
    let fields = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\t", omittingEmptySubsequences: false).map { Redactor.redact(String($0), needles) }
    return switch (fields.first, fields.count) {
    case ("begin", 2): .begin(step: fields[1])
    case ("end", 3): Int32(fields[2]).map { .end(step: fields[1], status: $0) }
    case ("done", 1): .done
    case ("fact", 2...): .fact(name: fields[1], fields: Array(fields.dropFirst(2)))
    default: nil
    }
  }

  private let newline = UInt8(ascii: "\n")
  private let carriageReturn = UInt8(ascii: "\r")
}
