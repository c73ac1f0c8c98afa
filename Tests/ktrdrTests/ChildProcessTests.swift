import Platform
import TestSupport
import Testing

/// What ktrdr has started, once it is gone itself.
struct ChildProcessTests {
  @Test(arguments: [SIGKILL, SIGTERM])
  func `ssh ends with a ktrdr that is killed, even if its host says nothing`(signal: Int32) async throws {
    let directory = try TestDirectory()
    try directory.makeDirectory("bin")
    try directory.writeScript(
      "echo $$ >\(directory.path)/pid.new; mv \(directory.path)/pid.new \(directory.path)/pid; exec sleep 600",
      to: "bin/ssh")
    try directory.write("targets: {own: {host: 192.0.2.1, directory: /srv/own}}\n", to: "ktrdr.yml")
    let environment = KtrdrBinary.coverageEnvironment.merging([
      "PATH": "\(directory.path)/bin:/usr/bin:/bin", "HOME": directory.path,
      "KTRDR_CONFIG": "\(directory.path)/ktrdr.yml",
    ]) { $1 }
    _ = try await Programs.run(KtrdrBinary.path, ["doctor"], environment: environment) { process in
      for _ in 0..<600 where !directory.exists("pid") { try? await Task.sleep(for: .milliseconds(50)) }
      kill(process, signal)
    }
    let pid = try directory.read("pid").filter(\.isNumber)
    let ssh = try #require(pid_t(pid))
    var isThere = true
    for _ in 0..<200 where isThere {
      isThere = kill(ssh, 0) == 0
      if isThere { try await Task.sleep(for: .milliseconds(50)) }
    }
    if isThere { kill(ssh, SIGKILL) }
    #expect(!isThere)
  }
}
