/// The values of one deployment. Only the processes on the host that need them get to see them.
struct DeploymentValues: Sendable {
  /// The variables for Compose.
  var environment: [(name: String, value: [UInt8])]
  /// Docker's `config.json` with the registry's login.
  var login: [UInt8]
  /// Images that the compose files do not decide.
  var pins: [Pin]
  /// Services that Compose would not pull by their own policy.
  var alwaysPulled: [String] = []
  /// What is redacted from everything that the host writes.
  var needles: NeedleSet
}

extension RemoteScript {
  func values(
    environment: [(name: String, value: [UInt8])], login: [UInt8], pins: [Pin] = [], alwaysPulled: [String] = []
  ) -> [UInt8] {
    var text = Array("{ with_environment() { ( ".utf8)
    for (name, value) in environment {
      text += Array("\(name)=".utf8) + ShellQuoting.quoted(value) + Array("; export \(name); ".utf8)
    }
    text += Array("\"$@\" ); }\nregistry_login() { printf '%s' ".utf8) + ShellQuoting.quoted(login)
    let overrides = Pin.composeFile(pins, alwaysPulling: alwaysPulled)
    text += Array("; }\npins() { printf '%s' ".utf8) + ShellQuoting.quoted(overrides)
    return text + Array("; }\n}\n\(endOfUpload)\n".utf8)
  }
}

extension RemoteSession {
  func provide(_ values: DeploymentValues) async {
    redact(values.needles)
    var text = script.values(
      environment: values.environment, login: values.login, pins: values.pins, alwaysPulled: values.alwaysPulled)
    await send(text)
    text.wipe()
  }
}
