import ArgumentParser

extension TimeStyle: ExpressibleByArgument {}

/// How the text output of a list shows times. JSON and CSV always have RFC 3339 in UTC.
struct TimeOptions: ParsableArguments {
  @Option(help: "How to show times in the table: by default relative on a terminal, else in UTC.")
  var time: TimeStyle?
}
