import TestSupport
import Testing

@testable import Deployer

/// The shells that a host may have as its `/bin/sh`.
enum HostShell: String, CaseIterable, Sendable {
  case dash, bash, busybox

  func command(_ environment: [String: String]) -> Command {
    let program = "/usr/bin/\(rawValue)"
    return Command(program, (self == .busybox ? ["sh"] : []) + ["-s"], environment: environment)
  }
}

/// A host that is this machine, without ssh between: a real shell that is fed the real script.
struct LocalHost {
  let shell: HostShell
  let directory: TestDirectory
  var environment: [String: String]
  var composeFiles: [String] = []
  var script: RemoteScript

  init(_ shell: HostShell, composeFiles: [String] = [], envFiles: [String] = []) throws {
    // As ktrdr's own main does: a shell that ends before it has read everything must not end these tests.
    ProcessHardening.ignoreBrokenPipes()
    self.shell = shell
    directory = try TestDirectory()
    try directory.makeDirectory("stack")
    try directory.makeDirectory("home")
    environment = plainEnvironment
    environment["HOME"] = "\(directory.path)/home"
    environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    self.composeFiles = composeFiles
    script = RemoteScript(
      nonce: Nonce(), directory: "\(directory.path)/stack", composeFiles: composeFiles, envFiles: envFiles)
  }

  /// Uploads the prologue and gives the open session to `body`.
  @discardableResult
  func hold<Value: Sendable>(
    _ body: @escaping @Sendable (RemoteSession, Conversation) async -> Value
  ) async throws -> (Value, ConversationEnd) {
    let script = script
    return try await Conversations.run(shell.command(environment)) { conversation in
      let session = RemoteSession(conversation, script: script)
      await session.open()
      return await body(session, conversation)
    }
  }

  /// The events of one call; `nil` when the shell ended first.
  func call(_ text: [UInt8]) async throws -> [RemoteEvent]? {
    try await hold { session, _ in await session.call(text) }.0
  }

  /// The facts of one call by name, each name's first.
  func facts(_ text: [UInt8]) async throws -> [String: [String]] { HostShell.facts(try await call(text)) }

  /// Feeds a shell exactly `text` and returns what it wrote, as at the end of a cut connection.
  func feed(_ text: [UInt8]) async throws -> CommandResult {
    var command = shell.command(environment)
    command.standardInput = text
    return try await CommandRunner.system.run(command, .seconds(30))
  }
}

extension HostShell {
  /// The facts among events by name, each name's first.
  static func facts(_ events: [RemoteEvent]?) -> [String: [String]] {
    var facts: [String: [String]] = [:]
    for case .fact(let name, let fields) in events ?? [] where facts[name] == nil { facts[name] = fields }
    return facts
  }
}

/// Lines of shell that end with the mark of their end.
func steps(_ lines: String) -> [UInt8] { Array("\(lines)\nsay done\n".utf8) }
