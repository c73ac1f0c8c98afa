import Deployer

/// The version to deploy: the given tag, or HEAD's.
struct DeployedVersion {
  var tag: ImageTag
  var commit: GitSHA?
  var isDirty: Bool?

  static func choose(_ tag: ImageTag?, git: GitRepository, console: Console) async throws -> DeployedVersion {
    if let tag { return DeployedVersion(tag: tag, commit: await git.commit(of: tag), isDirty: nil) }
    do {
      let head = try await git.head()
      for warning in head.warnings { console.warning(warning) }
      return DeployedVersion(tag: try parsed(head.tag), commit: head.sha, isDirty: head.isDirty)
    } catch let error as GitError {
      throw Failure(error)
    }
  }
}
