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
      if head.isDirty {
        console.warning("the working tree has uncommitted changes; deploying HEAD (\(head.tag)) without them")
      }
      if !head.isPushed {
        console.warning(
          "HEAD (\(head.sha.short)) is not on any remote branch, so CI cannot have built it; push it first")
      }
      return DeployedVersion(tag: try parsed(head.tag), commit: head.sha, isDirty: head.isDirty)
    } catch let error as GitError {
      throw Failure(error)
    }
  }
}
