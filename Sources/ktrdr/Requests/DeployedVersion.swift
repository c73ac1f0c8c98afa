import Deployer

/// The version to deploy to one target: the given tag, or the one that the target's format makes of HEAD.
struct DeployedVersion {
  var tag: ImageTag
  var commit: GitSHA?
  var isDirty: Bool?

  /// The version of each target, in order. Tells `console` what may make it another one than the one that is meant.
  static func choose(
    _ tag: ImageTag?, for targets: [Target], git: GitRepository, console: Console?
  ) async throws -> [DeployedVersion] {
    if let tag {
      var versions: [DeployedVersion] = []
      for target in targets {
        versions.append(
          DeployedVersion(tag: tag, commit: await git.commit(of: tag, format: target.tagFormat), isDirty: nil))
      }
      return versions
    }
    do {
      let head = try await git.head()
      var names = VersionNames(sha: head.sha, branch: head.branch, tags: [])
      if targets.contains(where: { $0.tagFormat.usesGitTag }) {
        names.tags = try await git.tagsAtHead()
        if names.tags.isEmpty { names.tagBefore = await git.tagBeforeHead() }
      }
      var warned: Set<String> = []
      return try targets.map { target in
        let tag = try target.tagFormat.imageTag(of: names)
        for warning in head.warnings(deploying: tag, isTagged: target.tagFormat.usesGitTag)
        where warned.insert(warning).inserted { console?.warning(warning) }
        return DeployedVersion(tag: tag, commit: head.sha, isDirty: head.isDirty)
      }
    } catch let error as GitError {
      throw Failure(error)
    } catch let error as TagUnknown {
      throw Failure(status: ExitStatus.usage, error)
    }
  }
}
