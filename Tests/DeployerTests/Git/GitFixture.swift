import TestSupport

@testable import Deployer

/// A repository with one commit, pushed to a bare remote.
struct GitFixture {
  let directory: TestDirectory
  let repository: GitRepository
  var environment: [String: String] { Self.environment }

  /// Keeps git from reading this machine's configuration.
  static let environment = plainEnvironment.merging([
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
  ]) { $1 }

  struct Failed: Error { var message: String }

  init(commits: Bool = true) async throws {
    directory = try TestDirectory()
    repository = GitRepository(runner: .system, directory: directory.path, environment: Self.environment)
    try await git("init", "-q", "-b", "main")
    try await git("config", "user.email", "ada@example.org")
    try await git("config", "user.name", "Ada")
    guard commits else { return }
    try await commit("first")
    try await git("init", "-q", "--bare", ".git/remote.git")
    try await git("remote", "add", "origin", "\(directory.path)/.git/remote.git")
    try await git("push", "-q", "origin", "main")
  }

  func commit(_ text: String) async throws {
    try directory.write(text, to: "version")
    try await git("add", "version")
    try await git("commit", "-q", "-m", text)
  }

  @discardableResult
  func git(_ words: String...) async throws -> String {
    let command = Command("git", words, environment: environment, workingDirectory: directory.path)
    let result = try await CommandRunner.system.run(command, .seconds(60))
    guard result.status == 0 else { throw Failed(message: String(decoding: result.standardError, as: UTF8.self)) }
    return String(decoding: result.standardOutput, as: UTF8.self).trimmed
  }
}
