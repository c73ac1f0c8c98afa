import TestSupport

/// Runs a program and returns what it printed, errors after the rest, without the last newline.
@discardableResult
func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
  let result = try await Programs.run(program, arguments, environment: plainEnvironment)
  let output = result.output + result.error
  return (result.status, output.hasSuffix("\n") ? String(output.dropLast()) : output)
}

struct ShellFailure: Error { var output: String }

/// Changes or reads a ledger with the `sqlite3` shell.
@discardableResult
func sqlite(_ path: String, _ sql: String) async throws -> String {
  let result = try await run("sqlite3", [path, " " + sql])
  guard result.status == 0 else { throw ShellFailure(output: result.output) }
  return result.output
}
