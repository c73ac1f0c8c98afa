import Platform
import TestSupport
import Testing

@testable import Deployer

/// A repository on disk: `main` with commits A, B, C, and a branch `side` with D on A.
private struct Repository {
  private let owned: TestDirectory
  var directory: String { owned.path }
  let environment = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org",
    "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org",
  ]

  init() throws { owned = try TestDirectory() }

  var git: GitRepository { GitRepository(runner: .system, directory: directory, environment: environment) }

  func fill() async throws -> [String: GitSHA] {
    try await run("init", "-q", "-b", "main")
    var commits: [String: GitSHA] = [:]
    for name in ["A", "B", "C", "D"] {
      if let first = commits["A"], name == "D" { try await run("checkout", "-q", "-b", "side", first.value) }
      try await run("commit", "-q", "--allow-empty", "-m", "Version \(name):\twith a tab")
      commits[name] = try GitSHA(try await run("rev-parse", "HEAD"))
    }
    try await run("checkout", "-q", "main")
    return commits
  }

  func shallowClone(depth: Int) async throws -> GitRepository {
    let place = "\(directory)/shallow"
    try await run("clone", "-q", "--depth", "\(depth)", "file://\(directory)", place)
    return GitRepository(runner: .system, directory: place, environment: environment)
  }

  @discardableResult
  private func run(_ words: String...) async throws -> String {
    let command = Command("git", words, environment: environment, workingDirectory: directory)
    let result = try await CommandRunner.system.run(command, .seconds(20))
    #expect(result.status == 0, "\(words): \(String(decoding: result.standardError, as: UTF8.self))")
    return String(decoding: result.standardOutput, as: UTF8.self).trimmed
  }
}

@Suite struct CommitTests {
  @Test func `HEAD is ahead of a commit by the number of commits since`() async throws {
    let repository = try Repository()
    let commits = try await repository.fill()
    for (name, ahead) in [("A", 2), ("B", 1), ("C", 0), ("D", 2)] {
      #expect(await repository.git.commits(since: try #require(commits[name])) == ahead, "\(name)")
    }
    #expect(await repository.git.commits(since: try GitSHA(String(repeating: "e", count: 40))) == nil)
  }

  @Test func `a shallow clone does not pretend to know what it lacks`() async throws {
    let repository = try Repository()
    let commits = try await repository.fill()
    let shallow = try await repository.shallowClone(depth: 2)
    let (before, head) = (try #require(commits["B"]), try #require(commits["C"]))
    #expect(await shallow.commits(since: head) == 0)
    #expect(await shallow.commits(since: before) == nil)
    guard case .unknown(let reason) = await CommitComparison.of(before.value, head.value, in: shallow) else {
      Issue.record("compared what it cannot know")
      return
    }
    #expect(reason.contains("shallow"))
  }

  @Test func `outside a repository nothing can be counted, and a comparison says why`() async throws {
    let repository = try Repository()
    let sha = String(repeating: "e", count: 40)
    #expect(await repository.git.commits(since: try GitSHA(sha)) == nil)
    let other = String(repeating: "f", count: 40)
    let found = await CommitComparison.of(sha, other, in: repository.git)
    #expect(found == .unknown(reason: "\(repository.directory) is not in a git repository"))
  }

  @Test(arguments: [
    ("A", "C", ["C", "B"], []), ("C", "A", [], ["C", "B"]), ("C", "D", ["D"], ["C", "B"]),
  ])
  func `commits are listed in both directions, newest first`(
    from: String, to: String, added: [String], removed: [String]
  ) async throws {
    let repository = try Repository()
    let commits = try await repository.fill()
    func listed(_ names: [String]) throws -> [GitRepository.Commit] {
      try names.map {
        GitRepository.Commit(sha: try #require(commits[$0]).value, subject: "Version \($0):\twith a tab")
      }
    }
    let found = await CommitComparison.of(commits[from]?.value, commits[to]?.value, in: repository.git)
    #expect(found == .between(added: try listed(added), removed: try listed(removed)))
  }

  @Test func `the same commit needs no git, and an unknown commit is named`() async throws {
    let repository = try Repository()
    let sha = String(repeating: "e", count: 40)
    #expect(await CommitComparison.of(sha, sha, in: repository.git) == .same(try GitSHA(sha)))
    let nothing = await CommitComparison.of(sha, nil, in: repository.git)
    #expect(nothing == .unknown(reason: "the second deployment has no recorded commit"))
    let known = try #require(try await repository.fill()["A"])
    guard case .unknown(let reason) = await CommitComparison.of(known.value, sha, in: repository.git) else {
      Issue.record("an unknown commit was compared")
      return
    }
    #expect(reason.hasPrefix("this repository has no commit eeeeeee"))
  }
}
