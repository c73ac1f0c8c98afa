import Platform

/// The git repository that a deployment's version comes from. Runs the system's `git`.
public struct GitRepository: Sendable {
  private let runner: CommandRunner
  private let directory: String
  private let environment: [String: String]

  public init(runner: CommandRunner, directory: String, environment: [String: String]) {
    self.runner = runner
    self.directory = directory
    self.environment = environment
  }

  /// HEAD of the repository that contains the directory. Throws ``GitError``.
  public func head() async throws(GitError) -> Revision {
    try await refuseForeignConfiguration()
    let text = try await git(["rev-parse", "--verify", "HEAD^{commit}"])
    guard let sha = try? GitSHA(text) else { throw .unreadable(answer: text) }
    let filters = GitTrust.withoutFilters((try? await git(GitTrust.listFilters)) ?? "")
    // git would run in each submodule by that one's configuration to see whether it is dirty.
    let status = try await git(
      ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"], settings: filters)
    let name = try await git(["rev-parse", "--symbolic-full-name", "HEAD"])
    let refs = try await git(
      ["for-each-ref", "--contains", sha.value, "--format=%(refname)"] + Revision.namespaces.map { "refs/\($0)" })
    var revision = Revision(
      sha: sha, isDirty: !status.isEmpty, isDetached: name == "HEAD", refs: refs.byteLines.filter { !$0.isEmpty }
    )
    // GitHub, GitLab, CircleCI, Buildkite, Drone and others set it to true in every job.
    revision.isChosenByCI = environment["CI"] == "true"
    if name.hasPrefix("refs/heads/") { revision.branch = String(name.dropFirst("refs/heads/".count)) }
    // What git log says of parents ends where a shallow clone does.
    if revision.refs.isEmpty { revision.isMerge = Self.isMerge(try await git(["cat-file", "commit", sha.value])) }
    return revision
  }

  /// git before 2.38 takes a directory that looks like a bare repository for one, wherever it is. The repository has to be that of
  /// the working tree's top level.
  private func refuseForeignConfiguration() async throws(GitError) {
    let places = try await git(["rev-parse", "--absolute-git-dir", "--show-toplevel"]).byteLines
    guard places.count == 2 else { throw .unreadable(answer: places.joined(separator: " ")) }
    let own = "\(places[1])/.git"
    // A file names the place of another working tree's, or of a submodule's.
    guard !Self.isDirectory(own) || Self.realPath(own) == Self.realPath(places[0]) else {
      throw .bareRepository(directory: directory)
    }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func isMerge(_ commit: String) -> Bool {
    commit.byteLines.prefix { !$0.isEmpty }
      .count { $0.hasPrefix("parent ") } > 1
  }

  /// The git tags of HEAD, in alphabetical order. Throws ``GitError``.
  public func tagsAtHead() async throws(GitError) -> [String] {
    try await git(["tag", "--points-at", "HEAD"]).byteLines.filter { !$0.isEmpty }
  }

  /// The last git tag before HEAD; `nil` if there is none.
  public func tagBeforeHead() async -> String? {
    try? await git(["describe", "--tags", "--abbrev=0", "HEAD"])
  }

  /// The git tag that was made last; `nil` if there is none.
  public func newestTag() async -> String? {
    let tag = try? await git([
      "for-each-ref", "--sort=-version:refname", "--sort=-creatordate", "--count=1", "--format=%(refname:strip=2)",
      "refs/tags",
    ])
    return tag?.isEmpty == false ? tag : nil
  }

  /// The commit that a tag of `format`, or one like `sha-a1b2c3d`, refers to; `nil` unless this repository has exactly one
  /// such commit.
  public func commit(of tag: ImageTag, format: TagFormat = .standard) async -> GitSHA? {
    let prefix = tag.value.dropFirst(4)
    let isUsual = tag.value.hasPrefix("sha-") && prefix.count >= 7 && prefix.allSatisfy(\.isHexDigit)
    for revision in [format.revision(of: tag), isUsual ? String(prefix) : nil].compactMap(\.self) {
      let text = try? await git(["rev-parse", "--verify", "--quiet", "\(revision)^{commit}"])
      if let text, let sha = try? GitSHA(text) { return sha }
    }
    return nil
  }

  /// git's `user.email`; `nil` if it is not set.
  public func userEmail() async -> String? {
    guard let email = try? await git(["config", "user.email"]), !email.isEmpty else { return nil }
    return email
  }

  /// Runs git and returns its standard output without surrounding whitespace. Throws ``GitError``.
  func git(_ arguments: [String], settings: [GitTrust.Setting] = []) async throws(GitError) -> String {
    let command = Command(
      "git", GitTrust.options + arguments, environment: GitTrust.environment(environment, settings: settings),
      workingDirectory: directory)
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
      let message = String(decoding: result.standardError, as: UTF8.self)
      if message.contains("not a git repository") { throw .notARepository(directory: directory) }
      if message.contains("safe.bareRepository") { throw .bareRepository(directory: directory) }
      if message.contains("dubious ownership") { throw .notTrusted(directory: directory) }
      if message.contains("Needed a single revision") || message.contains("bad revision") { throw .noCommit }
      throw .unreadable(answer: message.trimmed)
    }
    return text
  }
}

/// Why git could not answer.
public enum GitError: OperatorError, Equatable {
  case notInstalled
  case notARepository(directory: String)
  /// The repository belongs to another user.
  case notTrusted(directory: String)
  case noCommit
  /// A bare repository, or a directory that looks like one, inside a checkout perhaps.
  case bareRepository(directory: String)
  /// git failed in another way, or its output is not what was expected.
  case unreadable(answer: String)

  public var what: String {
    switch self {
    case .notInstalled: "git is not installed"
    case .notARepository(let directory): "\(directory) is not in a git repository"
    case .notTrusted(let directory): "git does not trust \(directory): it belongs to another user"
    case .noCommit: "the git repository has no commits"
    case .bareRepository(let directory): "\(directory) is in a bare git repository, whose configuration is not trusted"
    case .unreadable(let answer): "git failed: \(answer.excerpt)"
    }
  }

  /// How to deploy all the same: `--tag` needs no git.
  public var nextStep: String? {
    switch self {
    case .notInstalled: "install git, or choose the version with --tag"
    case .notARepository: "run ktrdr in your stack's repository, or choose the version with --tag"
    case .bareRepository: "run ktrdr in your stack's repository, or choose the version with --tag"
    case .notTrusted, .noCommit, .unreadable: "choose the version with --tag"
    }
  }
}
