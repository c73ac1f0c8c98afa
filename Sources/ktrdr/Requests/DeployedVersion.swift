import Deployer

/// Which version to deploy: the tag that was given, else that of HEAD.
struct DeployedVersion {
  var tag: ImageTag
  var commit: GitSHA?
  var isDirty: Bool?

  static func choose(_ tag: ImageTag?, git: GitRepository, console: Console) async throws -> DeployedVersion {
    if let tag { return DeployedVersion(tag: tag, commit: await git.commit(of: tag), isDirty: nil) }
    do {
      let head = try await git.head()
      if head.isDirty {
        console.warning("the working tree has changes that \(head.tag) does not hold; what is deployed is HEAD")
      }
      if !head.isPushed {
        console.warning("no remote branch has HEAD (\(head.sha.short)): CI cannot have built it; push it first")
      }
      return DeployedVersion(tag: try parsed(head.tag), commit: head.sha, isDirty: head.isDirty)
    } catch let error as GitError {
      throw Failure.usage(error.message, next: "ktrdr deploy … --tag sha-a1b2c3d")
    }
  }
}
