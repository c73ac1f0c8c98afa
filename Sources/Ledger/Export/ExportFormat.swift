import Platform

/// How events are written out.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// One JSON object a line, with every column, the hash and the output of steps.
  case ndjson
  /// The same columns as ``CSV``, after a header.
  case csv
}

extension ExportFormat {
  private static let names = Column.allCases.map(\.name) + ["hash", "output"]

  /// The first line; `nil` if the format has none.
  var header: String? {
    switch self {
    case .ndjson: nil
    case .csv: CSV.record(Self.names)
    }
  }

  /// The line of one event.
  func line(_ event: Event, hash: [UInt8], output: String?) -> String {
    let values = event.values + [.blob(hash), .optional(output)]
    switch self {
    case .ndjson: return NDJSON.line(Self.names, values)
    case .csv: return CSV.record(values.map { $0?.text })
    }
  }
}

extension Value {
  /// A number in decimal, a blob in hexadecimal.
  fileprivate var text: String {
    switch self {
    case .integer(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): Hex.text(bytes)
    }
  }
}

private enum NDJSON {
  static func line(_ names: [String], _ values: [Value?]) -> String {
    let members = zip(names, values).map { name, value in
      switch value {
      case nil: "\"\(name)\":null"
      case .integer(let number): "\"\(name)\":\(number)"
      case let value?: "\"\(name)\":\(quoted(value.text))"
      }
    }
    return "{" + members.joined(separator: ",") + "}\n"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.steersOutput: result += scalar.escapedForJSON
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
