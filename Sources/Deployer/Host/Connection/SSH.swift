/// The system's `ssh`, so that an operator's own configuration, agents, jump hosts and hardware keys work.
public enum SSH {
  /// Everything that ktrdr asks of `ssh`. Host key checking is the operator's: it is never switched off.
  static let options = [
    "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15",
    "-o", "ServerAliveCountMax=4", "-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no",
    "-o", "RemoteCommand=none", "-o", "SendEnv=-*",
  ]

  /// A connection that feeds a shell on `host` from its standard input.
  public static func shell(on host: HostName, environment: [String: String]) -> Command {
    Command("ssh", options + ["--", host.value, "exec /bin/sh -s"], environment: environment)
  }
}
