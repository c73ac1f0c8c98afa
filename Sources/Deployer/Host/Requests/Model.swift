/// What Compose printed when it was asked what it makes of a stack's files.
struct ComposeModel: Sendable, Equatable {
  /// The exit status of `docker compose config`.
  var status: Int32
  /// What it warned of, and why it failed, line by line.
  var messages: [String]
  /// JSON; empty if it failed.
  var json: [UInt8]

  /// `nil` if the host did not ask Compose.
  init?(_ events: [RemoteEvent]) {
    guard let begin = events.lastIndex(of: .begin(step: Self.marker)) else { return nil }
    var lines: [String] = []
    for event in events[begin...] {
      if case .output(let line) = event { lines.append(line) }
      if case .end(Self.marker, let status) = event {
        let start = lines.firstIndex { $0.hasPrefix("{") } ?? lines.endIndex
        self.init(status: status, messages: Array(lines[..<start]), json: Array(lines[start...].joined().utf8))
        return
      }
    }
    return nil
  }

  init(status: Int32, messages: [String], json: [UInt8]) {
    self.status = status
    self.messages = messages
    self.json = json
  }

  /// Why Compose could not read the files.
  var failure: String {
    guard status != 0 else { return "its answer is not the JSON that was asked for, or longer than 2 MiB" }
    return messages.last { !$0.trimmed.isEmpty }?.trimmed ?? "no output"
  }

  /// What the host calls the step in which it hands over the model.
  static let marker = "model"
}

/// With which values of its variables Compose reads its files.
enum ModelValues: Sendable, Equatable {
  /// Those that were provided, secrets among them, but for one variable that gets another value: the one of the tag.
  case provided(tagVariable: String, tagMark: String)
  /// None at all: variables stay as they are written.
  case none
}

/// A place in a compose file that mentions a variable.
struct VariablePlace: Sendable, Equatable {
  var variable: String
  var file: String
  /// From 1.
  var line: Int
}

/// Whether another directory on the host is the stack's own.
enum OtherDirectory: Sendable, Equatable {
  case gone
  /// The same directory by another name.
  case same
  case another
}

extension RemoteScript {
  /// Every profile, so that every service is listed.
  static let modelCommand = ["--profile", "*", "config", "--format", "json"]

  func model(_ values: ModelValues) -> [UInt8] {
    switch values {
    case .provided(let variable, let mark):
      let export = "\(variable)=\(ShellQuoting.quoted(mark)); export \(variable)"
      let marked = "{ with_tag_mark() { ( \(export); \"$@\" ); }; }\n"
      let provided = "{ with_values_and_mark() { with_environment with_tag_mark \"$@\"; }; }\n"
      return Array((marked + provided).utf8) + call("ktrdr_model", ["with_values_and_mark"] + Self.modelCommand) + done
    case .none:
      return call("ktrdr_model", ["without_values"] + Self.modelCommand + ["--no-interpolate"]) + done
    }
  }

  func locate(_ variables: [String]) -> [UInt8] { call("ktrdr_locate", variables) + done }

  func compareDirectories(_ paths: [String]) -> [UInt8] { call("ktrdr_directories", paths) + done }
}

extension RemoteSession {
  /// Throws ``HostError/unavailable`` if the host has no files to read.
  func model(_ values: ModelValues) async throws(HostError) -> ComposeModel {
    guard let model = ComposeModel(try await ask(script.model(values), steps: [ComposeModel.marker])) else {
      throw .unavailable
    }
    return model
  }

  func locate(_ variables: [String]) async throws(HostError) -> [VariablePlace] {
    var places: [VariablePlace] = []
    for case .fact("located", let fields) in try await ask(script.locate(variables)) where fields.count == 3 {
      if let line = Int(fields[2]) { places.append(VariablePlace(variable: fields[0], file: fields[1], line: line)) }
    }
    return places
  }

  func compareDirectories(_ paths: [String]) async throws(HostError) -> [String: OtherDirectory] {
    var found: [String: OtherDirectory] = [:]
    for case .fact("other-directory", let fields) in try await ask(script.compareDirectories(paths))
    where fields.count == 2 {
      found[fields[0]] = fields[1] == "gone" ? .gone : fields[1] == "same" ? .same : .another
    }
    return found
  }
}
