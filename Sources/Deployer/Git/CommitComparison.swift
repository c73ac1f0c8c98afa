/// The commits between two deployed versions.
public enum CommitComparison: Sendable, Equatable {
  /// Both versions are this commit.
  case same(GitSHA)
  /// `added` are the commits that only the second version has, `removed` those that only the first has, newest first.
  /// Neither is empty if the two have diverged.
  case between(added: [GitRepository.Commit], removed: [GitRepository.Commit])
  /// The commits cannot be listed, and why.
  case unknown(reason: String)

  /// Compares two commits as recorded in the ledger.
  public static func of(_ from: String?, _ to: String?, in git: GitRepository) async -> CommitComparison {
    guard let start = from.flatMap({ try? GitSHA($0) }), let end = to.flatMap({ try? GitSHA($0) }) else {
      return .unknown(reason: "the \(from == nil ? "first" : "second") deployment has no recorded commit")
    }
    guard start != end else { return .same(start) }
    do throws(GitError) {
      for commit in [start, end] where try await !git.has(commit) {
        return .unknown(reason: "this repository has no commit \(commit.short); try 'git fetch'")
      }
      guard try await !git.isShallow() else {
        return .unknown(
          reason: "this repository is shallow and may lack commits in between; try 'git fetch --unshallow'")
      }
      return .between(
        added: try await git.commits(from: start, to: end), removed: try await git.commits(from: end, to: start))
    } catch {
      return .unknown(reason: error.what)
    }
  }
}
