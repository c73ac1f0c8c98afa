import Testing

@testable import Deployer

struct GitRepositoryTests {
  @Test func `HEAD is the commit, its tag the first seven characters of it`() async throws {
    let bench = try await GitBench()
    let head = try await bench.repository.head()
    #expect(head.sha.value == (try await bench.git("rev-parse", "HEAD")))
    #expect(head.tag == "sha-\(head.sha.value.prefix(7))")
    #expect(!head.isDirty)
    #expect(head.isPushed)
  }

  @Test func `a tag has seven characters, whatever length git abbreviates to`() async throws {
    let bench = try await GitBench()
    try await bench.git("config", "core.abbrev", "12")
    #expect(try await bench.repository.head().tag.utf8.count == "sha-".utf8.count + 7)
  }

  @Test func `a changed file makes the tree dirty, a new one that git does not track does not`() async throws {
    let bench = try await GitBench()
    try bench.directory.write("new", to: "untracked")
    #expect(try await !bench.repository.head().isDirty)
    try bench.directory.write("changed", to: "version")
    #expect(try await bench.repository.head().isDirty)
    try await bench.git("add", "version")
    #expect(try await bench.repository.head().isDirty)
  }

  @Test func `a commit that no remote branch has is not pushed`() async throws {
    let bench = try await GitBench()
    try await bench.commit("second")
    #expect(try await !bench.repository.head().isPushed)
    try await bench.git("push", "-q", "origin", "HEAD:main")
    #expect(try await bench.repository.head().isPushed)
  }

  @Test func `HEAD is found from a directory below the top, and when no branch is checked out`() async throws {
    let bench = try await GitBench()
    try bench.directory.makeDirectory("deep/down")
    let sha = try await bench.git("rev-parse", "HEAD")
    try await bench.git("checkout", "-q", sha)
    let below = GitRepository(
      runner: .system, directory: "\(bench.directory.path)/deep/down", environment: bench.environment)
    #expect(try await below.head().sha.value == sha)
  }

  @Test func `a directory that is in no repository is told as that`() async throws {
    let directory = try TestDirectory()
    let repository = GitRepository(runner: .system, directory: directory.path, environment: GitBench.environment)
    let error = await #expect(throws: GitError.self) { try await repository.head() }
    #expect(error == .notARepository(directory: directory.path))
    #expect(error?.message.contains("--tag") == true)
  }

  @Test func `git that speaks another language is understood all the same`() async throws {
    let directory = try TestDirectory()
    let german = GitBench.environment.merging(["LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "de"]) { $1 }
    let repository = GitRepository(runner: .system, directory: directory.path, environment: german)
    await #expect(throws: GitError.notARepository(directory: directory.path)) { try await repository.head() }
    let runner = CommandRunner { command, _ in
      #expect(command.environment["LC_ALL"] == "C")
      return CommandResult(status: 128, standardError: Array("fatal: not a git repository".utf8))
    }
    let told = GitRepository(runner: runner, directory: "/x", environment: german)
    await #expect(throws: GitError.notARepository(directory: "/x")) { try await told.head() }
  }

  @Test func `a machine without git is told as that`() async throws {
    let directory = try TestDirectory()
    let repository = GitRepository(runner: .system, directory: directory.path, environment: ["PATH": directory.path])
    let error = await #expect(throws: GitError.self) { try await repository.head() }
    #expect(error == .notInstalled)
    #expect(await repository.userEmail() == nil)
    #expect(await repository.commit(of: try ImageTag("sha-a1b2c3d")) == nil)
  }

  @Test func `a repository without a commit is told as that`() async throws {
    let bench = try await GitBench(commits: false)
    await #expect(throws: GitError.noCommit) { try await bench.repository.head() }
  }

  @Test func `somebody else's repository is not trusted, as git says`() async throws {
    let bench = try await GitBench()
    let stranger = bench.environment.merging(["GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"]) { $1 }
    let repository = GitRepository(runner: .system, directory: bench.directory.path, environment: stranger)
    await #expect(throws: GitError.notTrusted(directory: bench.directory.path)) { try await repository.head() }
  }

  @Test func `a damaged repository is told in git's own words`() async throws {
    let bench = try await GitBench()
    try bench.directory.write("ref: refs/heads/main\n[broken", to: ".git/config")
    let error = await #expect(throws: GitError.self) { try await bench.repository.head() }
    guard case .unreadable(let answer) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(answer.contains("config"))
  }

  @Test func `an answer that is no commit is refused`() async throws {
    let runner = CommandRunner { _, _ in CommandResult(status: 0, standardOutput: Array("main\n".utf8)) }
    let repository = GitRepository(runner: runner, directory: "/", environment: [:])
    await #expect(throws: GitError.unreadable(answer: "main")) { try await repository.head() }
    let hanging = CommandRunner { _, limit in throw CommandError.timedOut(executable: "git", after: limit) }
    let slow = GitRepository(runner: hanging, directory: "/", environment: [:])
    await #expect(throws: GitError.self) { try await slow.head() }
  }

  @Test func `a tag is looked up in the repository`() async throws {
    let bench = try await GitBench()
    let sha = try await bench.git("rev-parse", "HEAD")
    #expect(await bench.repository.commit(of: try ImageTag("sha-\(sha.prefix(7))"))?.value == sha)
    #expect(await bench.repository.commit(of: try ImageTag("sha-\(sha)"))?.value == sha)
  }

  @Test(arguments: ["sha-fffffff", "sha-ffffff", "latest", "v1.2.3", "sha-mainmain", "main", "sha-"])
  func `a tag that names no commit here has none`(tag: String) async throws {
    let bench = try await GitBench()
    #expect(await bench.repository.commit(of: try ImageTag(tag)) == nil)
  }

  @Test func `a tag that two commits share names none of them`() async throws {
    let bench = try await GitBench(commits: false)
    // The first two commits of this series that share seven characters are its 820th and its 8679th.
    let series = (1...8679).map { number in
      "commit refs/heads/main\ncommitter A <a@b> \(1_700_000_000 + number) +0000\n"
        + "data \("\(number)\n".utf8.count)\n\(number)\n"
    }
    let stream = Command(
      "git", ["fast-import", "--quiet"], standardInput: Array(series.joined().utf8), environment: bench.environment,
      workingDirectory: bench.directory.path)
    #expect(try await CommandRunner.system.run(stream, .seconds(60)).status == 0)
    #expect(await bench.repository.commit(of: try ImageTag("sha-9d88a6f")) == nil)
    let last = try await bench.git("rev-parse", "main")
    #expect(last.hasPrefix("9d88a6f"))
    #expect(await bench.repository.commit(of: try ImageTag("sha-\(last.prefix(12))"))?.value == last)
  }

  @Test func `the e-mail address is git's own`() async throws {
    let bench = try await GitBench()
    #expect(await bench.repository.userEmail() == "ada@example.org")
    try await bench.git("config", "--unset", "user.email")
    #expect(await bench.repository.userEmail() == nil)
  }

  @Test(arguments: [
    GitError.notInstalled, .notARepository(directory: "/x"), .notTrusted(directory: "/x"), .noCommit,
    .unreadable(answer: "what"),
  ])
  func `every error says that --tag does without git`(error: GitError) {
    #expect(error.message.contains("--tag"))
  }
}
