/// The system's `ssh`, so that an operator's own configuration, agents, jump hosts and hardware keys work.
public enum SSH {
  /// Everything that ktrdr asks of `ssh`. Host key checking is the operator's: it is never switched off. `VERBOSE` adds the
  /// line that tells a login that has succeeded from one that has not.
  static let options = [
    "-T", "-o", "BatchMode=yes", "-o", "LogLevel=VERBOSE", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15",
    "-o", "ServerAliveCountMax=4", "-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no",
    "-o", "RemoteCommand=none", "-o", "SendEnv=-*",
  ]

  /// A connection that feeds a shell on `host` from its standard input.
  public static func shell(on host: HostName, environment: [String: String]) -> Command {
    var command = Command(
      "ssh", options + ["--", host.value, "exec /bin/sh -s"], environment: askingNothing(environment))
    command.endsWithParent = true
    return command
  }

  /// Prints what the operator's configuration says about `host`, without connecting to it.
  static func configuration(of host: HostName, environment: [String: String]) -> Command {
    Command("ssh", ["-G", "--", host.value], environment: askingNothing(environment))
  }

  /// `BatchMode` does not reach the `ssh` to a jump host. That one must not ask in a window either.
  private static func askingNothing(_ environment: [String: String]) -> [String: String] {
    environment.merging(["SSH_ASKPASS_REQUIRE": "never"]) { $1 }
  }
}
