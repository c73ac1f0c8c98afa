import Deployer

extension Set<String> {
  var words: String { isEmpty ? "none" : sorted().joined(separator: ", ") }
}

extension ModelWorld {
  var words: String {
    containers.sorted { $0.key < $1.key }
      .map {
        "\($0.value.image.words)\($0.value.label.map { " with \($0)" } ?? "")\($0.value.isRunning ? "" : " (stopped)")"
      }.joined(separator: ", ")
  }
}

extension ModelImage {
  var words: String { id.replacing("sha256:", with: "") }
}

extension [String: ModelRecord.Row] {
  var words: String {
    sorted { $0.key < $1.key }
      .map { "\($0.key): \($0.value.before?.words ?? "none") -> \($0.value.after?.words ?? "none")" }
      .joined(separator: ", ")
  }
}

extension [String: Verdict] {
  var words: String {
    sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rawValue)" }.joined(separator: ", ")
  }
}
