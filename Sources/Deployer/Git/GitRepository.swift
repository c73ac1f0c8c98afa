/// The repository that a deployment's version comes from, asked through the system's `git`.
public struct GitRepository: Sendable {
  /// What HEAD is, and what a deployer should know about it before shipping it.
  public struct Revision: Sendable, Equatable {
    public var sha: GitSHA
    /// Tracked files differ from HEAD: what is deployed is not what is on disk.
    public var isDirty: Bool
    /// Some remote branch holds HEAD; without that no CI can have built it.
    public var isPushed: Bool

    /// What CI tags: `sha-` and the first 7 characters, whatever length git abbreviates to in this repository.
    public var tag: String { "sha-\(sha.short)" }
  }

  private let runner: CommandRunner
  private let directory: String
  private let environment: [String: String]

  public init(runner: CommandRunner, directory: String, environment: [String: String]) {
    self.runner = runner
    self.directory = directory
    self.environment = environment
  }

  /// HEAD of the repository around the working directory.
  public func head() async throws(GitError) -> Revision {
    let text = try await ask(["rev-parse", "--verify", "HEAD^{commit}"])
    guard let sha = try? GitSHA(text) else { throw .unreadable(answer: text) }
    let status = try await ask(["status", "--porcelain", "--untracked-files=no"])
    let remotes = try await ask(["branch", "--remotes", "--contains", sha.value, "--format=%(refname)"])
    return Revision(sha: sha, isDirty: !status.isEmpty, isPushed: !remotes.isEmpty)
  }

  /// The commit that a tag `sha-…` names, if this repository has exactly one such commit.
  public func commit(of tag: ImageTag) async -> GitSHA? {
    let prefix = tag.value.dropFirst(4)
    guard tag.value.hasPrefix("sha-"), prefix.count >= 7, prefix.allSatisfy(\.isHexDigit) else { return nil }
    guard let text = try? await ask(["rev-parse", "--verify", "--quiet", "\(prefix)^{commit}"]) else { return nil }
    return try? GitSHA(text)
  }

  /// The e-mail address that git would sign with; `nil` where none is set.
  public func userEmail() async -> String? {
    guard let email = try? await ask(["config", "user.email"]), !email.isEmpty else { return nil }
    return email
  }

  func ask(_ arguments: [String]) async throws(GitError) -> String {
    // git speaks the operator's language, and its words are read below.
    let plain = environment.merging(["LC_ALL": "C"]) { $1 }
    let command = Command("git", arguments, environment: plain, workingDirectory: directory)
    let result: CommandResult
    do {
      result = try await runner.run(command, .seconds(20))
    } catch CommandError.notFound {
      throw .notInstalled
    } catch {
      throw .unreadable(answer: "\(error)")
    }
    let text = String(decoding: result.standardOutput, as: UTF8.self).trimmed
    guard result.status == 0 else {
      let said = String(decoding: result.standardError, as: UTF8.self)
      if said.contains("not a git repository") { throw .notARepository(directory: directory) }
      if said.contains("dubious ownership") { throw .notTrusted(directory: directory) }
      if said.contains("Needed a single revision") || said.contains("bad revision") { throw .noCommit }
      throw .unreadable(answer: said.trimmed)
    }
    return text
  }
}

/// Why git could not name the version to deploy. `--tag` does without git.
public enum GitError: Error, Equatable {
  case notInstalled
  case notARepository(directory: String)
  case notTrusted(directory: String)
  case noCommit
  case unreadable(answer: String)

  public var message: String {
    switch self {
    case .notInstalled: "git is not installed; install it, or name the version with --tag"
    case .notARepository(let directory):
      "\(directory) is not in a git repository; change into KTRDR's checkout, or name the version with --tag"
    case .notTrusted(let directory):
      "git does not trust \(directory), which belongs to somebody else; name the version with --tag"
    case .noCommit: "the git repository has no commit yet; name the version with --tag"
    case .unreadable(let answer): "git gave no commit (\(answer.prefix(200))); name the version with --tag"
    }
  }
}
