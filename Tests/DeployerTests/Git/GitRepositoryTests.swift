import TestSupport
import Testing

@testable import Deployer

struct GitRepositoryTests {
  @Test func `HEAD's tag is made of the first seven characters of its commit`() async throws {
    let fixture = try await GitFixture()
    let head = try await fixture.repository.head()
    #expect(head.sha.value == (try await fixture.git("rev-parse", "HEAD")))
    #expect(head.branch == "main")
    #expect(!head.isDirty)
    #expect(head.isPushed)
  }

  @Test func `a tag has seven characters, whatever length git abbreviates to`() async throws {
    let fixture = try await GitFixture()
    try await fixture.git("config", "core.abbrev", "12")
    let names = VersionNames(sha: try await fixture.repository.head().sha, branch: nil, tags: [])
    #expect(try TagFormat.standard.imageTag(of: names).value.utf8.count == "sha-".utf8.count + 7)
  }

  @Test func `a changed file makes the tree dirty, an untracked file does not`() async throws {
    let fixture = try await GitFixture()
    try fixture.directory.write("new", to: "untracked")
    #expect(try await !fixture.repository.head().isDirty)
    try fixture.directory.write("changed", to: "version")
    #expect(try await fixture.repository.head().isDirty)
    try await fixture.git("add", "version")
    #expect(try await fixture.repository.head().isDirty)
  }

  @Test func `a commit that is on no remote branch is not pushed`() async throws {
    let fixture = try await GitFixture()
    try await fixture.commit("second")
    #expect(try await !fixture.repository.head().isPushed)
    try await fixture.git("push", "-q", "origin", "HEAD:main")
    #expect(try await fixture.repository.head().isPushed)
  }

  @Test func `HEAD is found from a subdirectory, and when detached`() async throws {
    let fixture = try await GitFixture()
    try fixture.directory.makeDirectory("deep/down")
    let sha = try await fixture.git("rev-parse", "HEAD")
    try await fixture.git("checkout", "-q", sha)
    let below = GitRepository(
      runner: .system, directory: "\(fixture.directory.path)/deep/down", environment: fixture.environment)
    #expect(try await below.head().sha.value == sha)
  }

  @Test func `a branch that is pushed and clean needs no warning`() async throws {
    let fixture = try await GitFixture()
    #expect(try await fixture.repository.head().warnings(deploying: ImageTag("v1")).isEmpty)
  }

  @Test func `a detached HEAD is said, with the way out`() async throws {
    let fixture = try await GitFixture()
    try await fixture.git("checkout", "-q", "--detach")
    let head = try await fixture.repository.head()
    #expect(head.isPushed)
    #expect(head.branch == nil)
    #expect(try head.warnings(deploying: ImageTag("v1"), isTagged: true).isEmpty)
    let warning = "HEAD (\(head.sha.short)) is detached, not on a branch; choose another version with --tag"
    #expect(try head.warnings(deploying: ImageTag("v1")) == [warning])
  }

  @Test func `a CI's runner that detaches HEAD is not warned of it`() async throws {
    let fixture = try await GitFixture()
    try await fixture.git("checkout", "-q", "--detach")
    let repository = GitRepository(
      runner: .system, directory: fixture.directory.path,
      environment: fixture.environment.merging(["CI": "true"]) { $1 })
    let head = try await repository.head()
    #expect(head.isDetached)
    #expect(try head.warnings(deploying: ImageTag("v1")).isEmpty)
  }

  /// A change that is proposed, merged on trial as a forge does it, and fetched as its CI does it.
  private func trial(_ ref: String, depth: String? = nil) async throws -> (GitRepository, TestDirectory) {
    let fixture = try await GitFixture()
    try await fixture.git("checkout", "-q", "-b", "change")
    try await fixture.git("commit", "-q", "--allow-empty", "-m", "change")
    try await fixture.git("checkout", "-q", "main")
    try await fixture.git("commit", "-q", "--allow-empty", "-m", "meanwhile")
    try await fixture.git("push", "-q", "origin", "main")
    try await fixture.git("merge", "-q", "--no-ff", "-m", "Merge change into main", "change")
    try await fixture.git("push", "-q", "origin", "HEAD:refs/pull/7/merge")
    let remote = "file://\(fixture.directory.path)/.git/remote.git"
    let checkout = try TestDirectory()
    for words in [
      ["init", "-q", "-b", "main", checkout.path], ["-C", checkout.path, "remote", "add", "origin", remote],
      ["-C", checkout.path, "fetch", "-q"] + (depth.map { ["--depth", $0] } ?? [])
        + ["origin", ref.isEmpty ? "refs/pull/7/merge" : "+refs/pull/7/merge:\(ref)"],
      ["-C", checkout.path, "checkout", "-q", "--detach", ref.isEmpty ? "FETCH_HEAD" : ref],
    ] {
      let command = Command("git", words, environment: fixture.environment)
      let result = try await CommandRunner.system.run(command, .seconds(60))
      #expect(result.status == 0, "\(words): \(String(decoding: result.standardError, as: UTF8.self))")
    }
    return (
      GitRepository(runner: .system, directory: checkout.path, environment: GitFixture.environment), checkout
    )
  }

  @Test(arguments: ["", "refs/remotes/pull/7/merge", "refs/pull/7/merge"], [nil, "1"])
  func `a merge that CI made is said, whatever it is kept under`(ref: String, depth: String?) async throws {
    let (repository, checkout) = try await trial(ref, depth: depth)
    let head = try await repository.head()
    let warnings = try head.warnings(deploying: ImageTag("sha-a1b2c3d"))
    let warning = try #require(warnings.first)
    #expect(warnings.count == 1)
    #expect(warning.contains("is a merge commit that no branch has"), "\(warning)")
    #expect(warning.contains("no image sha-a1b2c3d; choose the version with --tag"), "\(warning)")
    withExtendedLifetime(checkout) {}
  }

  @Test func `a merge on a branch of this repository is only not pushed`() async throws {
    let fixture = try await GitFixture()
    try await fixture.git("checkout", "-q", "-b", "change")
    try await fixture.git("commit", "-q", "--allow-empty", "-m", "change")
    try await fixture.git("checkout", "-q", "main")
    try await fixture.git("merge", "-q", "--no-ff", "-m", "Merge", "change")
    let warnings = try await fixture.repository.head().warnings(deploying: ImageTag("v1"))
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("is not on any remote branch") == true)
  }

  @Test func `a directory outside a repository is reported as that`() async throws {
    let directory = try TestDirectory()
    let repository = GitRepository(runner: .system, directory: directory.path, environment: GitFixture.environment)
    let error = await #expect(throws: GitError.self) { try await repository.head() }
    #expect(error == .notARepository(directory: directory.path))
    #expect(error?.nextStep?.contains("--tag") == true)
  }

  @Test func `git's messages are understood whatever the operator's language`() async throws {
    let directory = try TestDirectory()
    let german = GitFixture.environment.merging(["LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "de"]) { $1 }
    let repository = GitRepository(runner: .system, directory: directory.path, environment: german)
    await #expect(throws: GitError.notARepository(directory: directory.path)) { try await repository.head() }
    let runner = CommandRunner { command, _ in
      #expect(command.environment["LC_ALL"] == "C")
      return CommandResult(status: 128, standardError: Array("fatal: not a git repository".utf8))
    }
    let translated = GitRepository(runner: runner, directory: "/x", environment: german)
    await #expect(throws: GitError.notARepository(directory: "/x")) { try await translated.head() }
  }

  @Test func `a missing git is reported as that`() async throws {
    let directory = try TestDirectory()
    let repository = GitRepository(runner: .system, directory: directory.path, environment: ["PATH": directory.path])
    let error = await #expect(throws: GitError.self) { try await repository.head() }
    #expect(error == .notInstalled)
    #expect(await repository.userEmail() == nil)
    #expect(await repository.commit(of: try ImageTag("sha-a1b2c3d")) == nil)
  }

  @Test func `a repository without commits is reported as that`() async throws {
    let fixture = try await GitFixture(commits: false)
    await #expect(throws: GitError.noCommit) { try await fixture.repository.head() }
  }

  @Test func `another user's repository is reported as not trusted`() async throws {
    let fixture = try await GitFixture()
    let otherUser = CommandRunner { command, timeout in
      var command = command
      command.environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
      return try await CommandRunner.system.run(command, timeout)
    }
    let repository = GitRepository(
      runner: otherUser, directory: fixture.directory.path, environment: fixture.environment)
    await #expect(throws: GitError.notTrusted(directory: fixture.directory.path)) { try await repository.head() }
  }

  @Test func `a damaged repository is reported with git's own message`() async throws {
    let fixture = try await GitFixture()
    try fixture.directory.write("ref: refs/heads/main\n[broken", to: ".git/config")
    let error = await #expect(throws: GitError.self) { try await fixture.repository.head() }
    guard case .unreadable(let answer) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(answer.contains("config"))
  }

  @Test func `output that is not a commit id is an error`() async throws {
    let runner = CommandRunner { _, _ in CommandResult(status: 0, standardOutput: Array("main\n".utf8)) }
    let repository = GitRepository(runner: runner, directory: "/", environment: [:])
    await #expect(throws: GitError.unreadable(answer: "main")) { try await repository.head() }
    let hanging = CommandRunner { _, limit in throw CommandError.timedOut(executable: "git", after: limit) }
    let slow = GitRepository(runner: hanging, directory: "/", environment: [:])
    await #expect(throws: GitError.self) { try await slow.head() }
  }

  @Test func `a tag resolves to the commit it abbreviates`() async throws {
    let fixture = try await GitFixture()
    let sha = try await fixture.git("rev-parse", "HEAD")
    #expect(await fixture.repository.commit(of: try ImageTag("sha-\(sha.prefix(7))"))?.value == sha)
    #expect(await fixture.repository.commit(of: try ImageTag("sha-\(sha)"))?.value == sha)
  }

  @Test(arguments: ["sha-fffffff", "sha-ffffff", "latest", "v1.2.3", "sha-mainmain", "main", "sha-"])
  func `a tag that abbreviates no commit of this repository has none`(tag: String) async throws {
    let fixture = try await GitFixture()
    #expect(await fixture.repository.commit(of: try ImageTag(tag)) == nil)
  }

  @Test func `a tag that two commits share resolves to neither`() async throws {
    let fixture = try await GitFixture(commits: false)
    // The 820th and the 8679th commit of this series are the first two that share seven characters.
    let series = (1...8679).map { number in
      "commit refs/heads/main\ncommitter A <a@b> \(1_700_000_000 + number) +0000\n"
        + "data \("\(number)\n".utf8.count)\n\(number)\n"
    }
    let stream = Command(
      "git", ["fast-import", "--quiet"], standardInput: Array(series.joined().utf8), environment: fixture.environment,
      workingDirectory: fixture.directory.path)
    #expect(try await CommandRunner.system.run(stream, .seconds(60)).status == 0)
    #expect(await fixture.repository.commit(of: try ImageTag("sha-9d88a6f")) == nil)
    let last = try await fixture.git("rev-parse", "main")
    #expect(last.hasPrefix("9d88a6f"))
    #expect(await fixture.repository.commit(of: try ImageTag("sha-\(last.prefix(12))"))?.value == last)
  }

  @Test func `the e-mail address comes from git's configuration`() async throws {
    let fixture = try await GitFixture()
    #expect(await fixture.repository.userEmail() == "ada@example.org")
    try await fixture.git("config", "--unset", "user.email")
    #expect(await fixture.repository.userEmail() == nil)
  }

  @Test(arguments: [
    GitError.notInstalled, .notARepository(directory: "/x"), .notTrusted(directory: "/x"), .noCommit,
    .unreadable(answer: "what"),
  ])
  func `every error says that --tag works without git`(error: GitError) {
    #expect(error.nextStep?.contains("--tag") == true)
  }
}
