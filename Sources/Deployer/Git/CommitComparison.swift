/// The commits between two deployed versions.
public enum CommitComparison: Sendable, Equatable {
  /// Both were built from this commit.
  case same(GitSHA)
  /// `added` are those that only the second has, `removed` those that only the first has; newest first. Both are there
  /// when the two have diverged.
  case between(added: [GitRepository.Commit], removed: [GitRepository.Commit])
  /// Why it cannot be told.
  case unknown(reason: String)

  /// Asks `git` for what lies between two commits as the ledger recorded them.
  public static func of(_ from: String?, _ to: String?, in git: GitRepository) async -> CommitComparison {
    guard let start = from.flatMap({ try? GitSHA($0) }), let end = to.flatMap({ try? GitSHA($0) }) else {
      return .unknown(reason: "the commit of the \(from == nil ? "first" : "second") deployment was not recorded")
    }
    guard start != end else { return .same(start) }
    do throws(GitError) {
      for commit in [start, end] where try await !git.has(commit) {
        return .unknown(reason: "this repository has no commit \(commit.short); 'git fetch' may bring it")
      }
      return .between(
        added: try await git.commits(from: start, to: end), removed: try await git.commits(from: end, to: start))
    } catch {
      switch error {
      case .notARepository(let directory): return .unknown(reason: "\(directory) is not in a git repository")
      case .notInstalled: return .unknown(reason: "git is not installed")
      case .notTrusted(let directory): return .unknown(reason: "git does not trust \(directory)")
      case .noCommit: return .unknown(reason: "the git repository has no commit yet")
      case .unreadable(let answer): return .unknown(reason: "git says: \(answer.prefix(200))")
      }
    }
  }
}
