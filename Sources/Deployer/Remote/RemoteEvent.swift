/// What the remote script says, line by line.
public enum RemoteEvent: Sendable, Equatable {
  /// A step has begun.
  case begin(step: String)
  /// A step has ended with this exit status.
  case end(step: String, status: Int32)
  /// Something the script found out: a word that says what, and the fields that say it.
  case fact(name: String, fields: [String])
  /// The script's part has come to its end.
  case done
  /// A line that some program wrote.
  case output(String)
}

/// Takes the remote output apart into events. A marker line is `@@NONCE KIND FIELD…`, its fields parted by tabs; all
/// else is output.
struct RemoteEventParser {
  /// A line longer than this is taken in pieces: no remote program can make the client's memory grow.
  static let lineLimit = 64 << 10

  private let prefix: [UInt8]
  private var line: [UInt8] = []

  init(nonce: Nonce) {
    prefix = Array("@@\(nonce) ".utf8)
  }

  mutating func push(_ bytes: [UInt8]) -> [RemoteEvent] {
    var events: [RemoteEvent] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        events += take()
      } else {
        line.append(byte)
        if line.count >= Self.lineLimit { events += take() }
      }
    }
    return events
  }

  /// What is left when the stream has ended. A marker without its newline is not a marker: it may be cut.
  mutating func finish() -> [RemoteEvent] {
    defer { line.removeAll() }
    return line.isEmpty || line.starts(with: prefix) ? [] : [.output(String(decoding: line, as: UTF8.self))]
  }

  private mutating func take() -> [RemoteEvent] {
    defer { line.removeAll(keepingCapacity: true) }
    guard line.starts(with: prefix) else {
      return line.isEmpty ? [] : [.output(String(decoding: line, as: UTF8.self))]
    }
    let fields = String(decoding: line.dropFirst(prefix.count), as: UTF8.self)
      .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    return marker(fields).map { [$0] } ?? []
  }

  private func marker(_ fields: [String]) -> RemoteEvent? {
    switch (fields.first, fields.count) {
    case ("begin", 2): .begin(step: fields[1])
    case ("end", 3): Int32(fields[2]).map { .end(step: fields[1], status: $0) }
    case ("done", 1): .done
    case ("fact", 2...): .fact(name: fields[1], fields: Array(fields.dropFirst(2)))
    default: nil
    }
  }
}
