import Foundation

/// Runs a program and returns what it printed, without the last newline.
@discardableResult
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, output.hasSuffix("\n") ? String(output.dropLast()) : output)
}

struct ShellFailure: Error { var output: String }

/// Changes or reads a ledger with the `sqlite3` shell.
@discardableResult
func sqlite(_ path: String, _ sql: String) throws -> String {
  let result = try run("sqlite3", [path, " " + sql])
  guard result.status == 0 else { throw ShellFailure(output: result.output) }
  return result.output
}
