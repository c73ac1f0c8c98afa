import Platform
import TestSupport
import Testing

@testable import Deployer

/// Repositories whose own configuration names programs.
struct GitTrustTests {
  /// A program that leaves a trace in `directory` when it runs.
  private func trap(in directory: TestDirectory) throws -> String {
    try directory.writeScript("touch '\(directory.path)/ran'; exit 1", to: "trap")
    return "\(directory.path)/trap"
  }

  private func hasRun(_ directory: TestDirectory) -> Bool {
    FileManager.default.fileExists(atPath: "\(directory.path)/ran")
  }

  @Test func `nothing runs that a repository's configuration names`() async throws {
    let fixture = try await GitFixture()
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    try fixture.directory.write("* filter=evil\n", to: ".gitattributes")
    try await fixture.git("add", ".gitattributes")
    try await fixture.git("commit", "-q", "-m", "attributes")
    let settings = [
      "core.fsmonitor", "core.pager", "diff.external", "gpg.program", "filter.evil.clean", "filter.evil.process",
      "remote.origin.uploadpack",
    ]
    for name in settings { try await fixture.git("config", name, trap) }
    try await fixture.git("config", "log.showSignature", "true")
    try await fixture.git("config", "filter.evil.required", "true")
    try await fixture.git("config", "core.hooksPath", outside.path)
    // Another time of change: git has to compare the contents.
    try fixture.directory.write("first", to: "version")
    let head = try await fixture.repository.head()
    #expect(!hasRun(outside))
    #expect(!head.isDirty)
    _ = await fixture.repository.commits(since: head.sha)
    _ = await fixture.repository.commit(of: try ImageTag("sha-0123456"))
    _ = await fixture.repository.userEmail()
    #expect(!hasRun(outside))
    // The trap works: without the options git runs it.
    let plain = Command("git", ["status"], environment: fixture.environment, workingDirectory: fixture.directory.path)
    _ = try await CommandRunner.system.run(plain, .seconds(60))
    #expect(hasRun(outside))
  }

  @Test func `a bare repository inside a checkout is refused, and runs nothing`() async throws {
    let fixture = try await GitFixture()
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    try await fixture.git("init", "-q", "--bare", "vendor/evil")
    try await fixture.git("--git-dir", "vendor/evil", "config", "core.bare", "false")
    try await fixture.git("--git-dir", "vendor/evil", "config", "core.worktree", fixture.directory.path)
    try await fixture.git("--git-dir", "vendor/evil", "config", "core.fsmonitor", trap)
    let directory = "\(fixture.directory.path)/vendor/evil"
    let evil = GitRepository(runner: .system, directory: directory, environment: GitFixture.environment)
    let error = await #expect(throws: GitError.self) { try await evil.head() }
    #expect(error == .bareRepository(directory: directory))
    #expect(!hasRun(outside))
  }

  /// In a file that the configuration includes, in that of the working tree, and with a name that cannot stand in an argument.
  @Test(arguments: ["include", "worktree", "name"])
  func `a filter is found wherever the repository defines it`(place: String) async throws {
    let fixture = try await GitFixture()
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    let name = place == "name" ? "a=b" : "evil"
    try fixture.directory.write("* filter=\(name)\n", to: ".gitattributes")
    try await fixture.git("add", ".gitattributes")
    try await fixture.git("commit", "-q", "-m", "attributes")
    let filter = "[filter \"\(name)\"]\n\tclean = \(trap)\n\trequired = true\n"
    switch place {
    case "include":
      try fixture.directory.write(filter, to: "included")
      try await fixture.git("config", "include.path", "../included")
    case "worktree":
      try await fixture.git("config", "extensions.worktreeConfig", "true")
      try fixture.directory.write(filter, to: ".git/config.worktree")
    default: try await fixture.git("config", "filter.\(name).clean", trap)
    }
    try fixture.directory.write("first", to: "version")
    #expect(try await fixture.repository.head().isDirty == false)
    #expect(!hasRun(outside))
    let plain = Command("git", ["status"], environment: fixture.environment, workingDirectory: fixture.directory.path)
    _ = try await CommandRunner.system.run(plain, .seconds(60))
    #expect(hasRun(outside), "the trap does not work")
  }

  @Test func `a repository that allows a protocol is not fetched from either`() async throws {
    let fixture = try await GitFixture()
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    for (name, value) in [
      ("protocol.allow", "always"), ("protocol.ext.allow", "always"), ("protocol.file.allow", "always"),
      ("extensions.partialClone", "origin"), ("remote.origin.promisor", "true"),
      ("remote.origin.url", "ext::\(trap) %S"), ("core.repositoryFormatVersion", "1"),
    ] { try await fixture.git("config", name, value) }
    let missing = try GitSHA(String(repeating: "ab", count: 20))
    #expect(await fixture.repository.commits(since: missing) == nil)
    _ = try? await fixture.repository.git(["rev-parse", "--verify", "\(missing)^{commit}"])
    #expect(!hasRun(outside))
    let plain = Command(
      "git", ["rev-parse", "--verify", "\(missing)^{commit}"], environment: fixture.environment,
      workingDirectory: fixture.directory.path)
    _ = try await CommandRunner.system.run(plain, .seconds(60))
    #expect(hasRun(outside), "the trap does not work")
  }

  @Test func `a checkout that a container trusts by its environment stays trusted`() {
    let kept = GitTrust.environment([
      "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "evil",
      "GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*",
    ])
    #expect(kept["GIT_CONFIG_COUNT"] == "1" && kept["GIT_CONFIG_KEY_0"] == "safe.directory")
    #expect(kept["GIT_CONFIG_VALUE_0"] == "*" && kept["GIT_CONFIG_KEY_1"] == nil)
  }

  @Test func `an old git's idea of a bare repository below a checkout is refused`() async throws {
    let fixture = try await GitFixture()
    try await fixture.git("init", "-q", "--bare", "vendor/evil")
    for (name, value) in [("core.bare", "false"), ("core.worktree", fixture.directory.path)] {
      try await fixture.git("--git-dir", "vendor/evil", "config", name, value)
    }
    let old = CommandRunner { command, timeout in
      var command = command
      command.arguments.removeAll { $0 == "safe.bareRepository=explicit" }
      command.arguments.removeFirst()
      return try await CommandRunner.system.run(command, timeout)
    }
    let directory = "\(fixture.directory.path)/vendor/evil"
    let evil = GitRepository(runner: old, directory: directory, environment: GitFixture.environment)
    await #expect(throws: GitError.bareRepository(directory: directory)) { try await evil.head() }
  }

  @Test func `the environment names neither the repository nor programs`() async throws {
    let fixture = try await GitFixture()
    let other = try await GitFixture()
    try await other.commit("second")
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    let environment = GitFixture.environment.merging([
      "GIT_DIR": "\(other.directory.path)/.git", "GIT_WORK_TREE": other.directory.path, "GIT_EXTERNAL_DIFF": trap,
      "GIT_PAGER": trap, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": trap,
      "GIT_TRACE": "\(outside.path)/trace",
    ]) { $1 }
    let repository = GitRepository(
      runner: .system, directory: fixture.directory.path, environment: environment)
    #expect(try await repository.head().sha == fixture.repository.head().sha)
    #expect(!hasRun(outside) && !outside.exists("trace"))
    #expect(await repository.userEmail() == "ada@example.org")
  }

  @Test func `a missing object is not fetched`() async throws {
    let fixture = try await GitFixture()
    let outside = try TestDirectory()
    let trap = try trap(in: outside)
    try await fixture.git("config", "remote.origin.promisor", "true")
    try await fixture.git("config", "remote.origin.uploadpack", trap)
    try await fixture.git("config", "extensions.partialClone", "origin")
    try await fixture.git("config", "core.repositoryFormatVersion", "1")
    #expect(await fixture.repository.commit(of: try ImageTag("sha-0123456789abcdef0123456789abcdef01234567")) == nil)
    _ = try? await fixture.repository.head()
    #expect(!hasRun(outside))
  }
}
