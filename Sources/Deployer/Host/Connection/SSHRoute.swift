import Platform

/// What the operator's ssh configuration says of the way to a host.
struct SSHRoute: Sendable, Equatable {
  /// The host, or hosts, that the connection goes through.
  var jump: String?
  /// The socket of a connection that several programs share.
  var sharedSocket: String?

  init(jump: String? = nil, sharedSocket: String? = nil) {
    self.jump = jump
    self.sharedSocket = sharedSocket
  }

  /// Reads the output of `ssh -G`. A socket that does not exist is not shared.
  init(configuration: String, exists: (_ path: String) -> Bool) {
    for line in configuration.byteLines {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { continue }
      if words[0] == "proxyjump", words[1] != "none" { jump = words[1] }
      if words[0] == "controlpath", exists(words[1]) { sharedSocket = words[1] }
    }
  }

  /// Asks `ssh`, which does not connect for it. Nothing is known if it cannot say.
  static func asking(_ command: Command, runner: CommandRunner = .system) async -> SSHRoute {
    guard let answer = try? await runner.run(command, .seconds(5)), answer.status == 0 else { return SSHRoute() }
    return SSHRoute(configuration: String(decoding: answer.standardOutput, as: UTF8.self)) { path in
      FileManager.default.fileExists(atPath: path)
    }
  }
}
