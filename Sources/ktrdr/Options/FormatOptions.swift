import ArgumentParser

/// The output formats of a command, of which one is JSON.
protocol OutputFormat: ExpressibleByArgument, CaseIterable, Equatable, RawRepresentable<String>, Sendable {
  static var table: Self { get }
  static var json: Self { get }
}

/// The output formats of a record.
enum RecordFormat: String, OutputFormat {
  case table, json
}

/// The output formats of a list.
enum ListFormat: String, OutputFormat {
  case table, json, csv
}

/// `--format`, and its short form for JSON.
struct FormatOptions<Format: OutputFormat>: ParsableArguments {
  @Option(help: "The output format, a table by default.") var format: Format?
  @Flag(help: "The same as --format json.") var json = false

  func validate() throws {
    guard json, let format, format != .json else { return }
    throw ValidationError("--json and --format \(format.rawValue) cannot be combined")
  }

  /// What the operator chose.
  var choice: Format { json ? .json : format ?? .table }
}
