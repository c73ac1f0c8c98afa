import Platform

/// Which containers are asked for, and what is known of their images already.
struct ObserveRequest: Sendable, Equatable {
  /// The Compose project; empty means every one on the host.
  var project = ""
  /// The ids of the only containers there are; empty if the client does not know that.
  var only: [String] = []
  /// Digests that need not be asked for again, by image id. An id names an image's very content, so they never change.
  var knownDigests: [String: [String]] = [:]
  /// Whether it matters who has been told to end.
  var asksForSignals = false
}

extension RemoteScript {
  func observe(
    project: String = "", only ids: [String] = [], knowing known: [String] = [], asksForSignals: Bool = false
  ) -> [UInt8] {
    (asksForSignals ? call("ktrdr_signals", []) : [])
      + call("ktrdr_observe", [project, ids.joined(separator: " ")] + known) + done
  }
}

extension RemoteSession {
  /// Throws ``HostError/unavailable`` if Docker did not answer.
  func observe(_ request: ObserveRequest) async throws(HostError) -> Observation {
    let known = Array(request.knownDigests.keys)
    let events = try await ask(
      script.observe(
        project: request.project, only: request.only, knowing: known, asksForSignals: request.asksForSignals))
    guard let seen = Observation(events) else { throw .unavailable }
    return try await complete(seen, request)
  }

  /// Adds the digests that were known. An image that has come from another repository since has another digest there, so
  /// then the host is asked for all of them.
  func complete(_ seen: Observation, _ request: ObserveRequest) async throws(HostError) -> Observation {
    let whole = seen.knowing(request.knownDigests)
    guard !whole.knowsEveryRepository, !request.knownDigests.isEmpty else { return whole }
    return try await observe(ObserveRequest(project: request.project, asksForSignals: request.asksForSignals))
  }
}

extension Observation {
  /// `nil` if the host could not look.
  init?(_ events: [RemoteEvent]) {
    var isComplete = false
    var signals: [Signal] = []
    containers = []
    digests = [:]
    time = nil
    for case .fact(let name, let fields) in events {
      switch (name, fields.count) {
      case ("container", 19):
        let container = Container(fields.dropLast().map(Self.unquoted) + fields.suffix(1))
        if !container.service.isEmpty { containers.append(container) }
      case ("signal", 3): if let signal = Signal(fields) { signals.append(signal) }
      case ("digests", 2): digests[fields[0]] = fields[1].split(separator: " ").map(String.init)
      case ("observed", 2):
        isComplete = fields[0] == "ok"
        time = Self.clock(fields[1])
      default: break
      }
    }
    guard isComplete else { return nil }
    for index in containers.indices { containers[index].toldToEnd = signals.end(of: containers[index]) }
    containers.sort { ($0.service, $0.id) < ($1.service, $1.id) }
  }
}

extension Observation {
  /// A field that holds whatever somebody chose is a string in JSON; the others are the engine's own words.
  static func unquoted(_ field: String) -> String {
    guard field.hasPrefix("\"") else { return field }
    return (try? JSONDecoder().decode(String.self, from: Data(field.utf8))) ?? field
  }

  /// JSON strings, each followed by a space.
  fileprivate static func names(_ field: String) -> Set<String> {
    let list = "[\(field.trimmed.replacing("\" \"", with: "\",\""))]"
    return Set((try? JSONDecoder().decode([String].self, from: Data(list.utf8))) ?? [])
  }

  /// Seconds since 1970, with a fraction if the host's `date` knows one.
  static func clock(_ text: String) -> Date? {
    let seconds = TimeInterval(text) ?? text.split(separator: ".").first.flatMap { TimeInterval($0) }
    return seconds.map { Date(timeIntervalSince1970: $0) }
  }
}

extension Observation.Container {
  fileprivate init(_ fields: [String]) {
    self.init(
      service: fields[0], id: fields[1], reference: fields[2], imageID: fields[3], state: fields[4],
      health: fields[5].isEmpty ? nil : fields[5], restarts: Int(fields[6]) ?? 0, exitCode: Int(fields[7]) ?? 0,
      since: fields[8], created: String(fields[9].prefix { $0 != "Z" }), name: String(fields[10].drop { $0 == "/" }),
      restartPolicy: fields[11], stopTimeout: Int(fields[16]) ?? 10, stopSignal: fields[17],
      project: fields[12], directory: fields[13], imageLabel: fields[14],
      files: fields[15].split(separator: ",").map(String.init), emptyVariables: Observation.names(fields[18]))
  }
}
