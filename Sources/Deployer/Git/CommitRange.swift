import Platform

extension GitRepository {
  /// A commit in a log.
  public struct Commit: Sendable, Equatable {
    public var sha: String
    public var subject: String

    public init(sha: String, subject: String) {
      self.sha = sha
      self.subject = subject
    }
  }

  /// How many commits HEAD is ahead of `commit`; `nil` outside a repository, if it does not have the commit, or if it is
  /// shallow.
  public func commits(since commit: GitSHA) async -> Int? {
    guard let count = (try? await git(["rev-list", "--count", "\(commit)..HEAD"])).flatMap({ Int($0) }) else {
      return nil
    }
    // What a shallow clone lacks it cannot count.
    if count > 0, (try? await isShallow()) != false { return nil }
    return count
  }

  /// Whether it has only the newest commits, as CI checks it out. Throws ``GitError``.
  func isShallow() async throws(GitError) -> Bool {
    try await git(["rev-parse", "--is-shallow-repository"]) == "true"
  }

  /// The commits reachable from `end` but not from `start`, newest first. Throws ``GitError``.
  public func commits(from start: GitSHA, to end: GitSHA) async throws(GitError) -> [Commit] {
    let text = try await git(["log", "--no-show-signature", "--format=%H%x09%s", "\(start)..\(end)"])
    return text.byteLines.filter { !$0.isEmpty }.map { line in
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return Commit(sha: parts[0], subject: parts.count == 2 ? parts[1] : "")
    }
  }

  /// Whether the repository has this commit. Throws ``GitError`` outside a repository.
  public func has(_ commit: GitSHA) async throws(GitError) -> Bool {
    _ = try await git(["rev-parse", "--git-dir"])
    return (try? await git(["rev-parse", "--verify", "--quiet", "\(commit)^{commit}"])) != nil
  }
}
