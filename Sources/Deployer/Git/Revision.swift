extension GitRepository {
  /// HEAD, and what an operator should know before deploying it.
  public struct Revision: Sendable, Equatable {
    public var sha: GitSHA
    /// Tracked files differ from HEAD, so the deployed version is not what is on disk.
    public var isDirty: Bool
    /// No branch is checked out.
    public var isDetached = false
    /// A CI's runner has checked HEAD out. Some do so without a branch, whatever the commit.
    public var isChosenByCI = false
    /// The branch that is checked out, if it has one.
    public var branch: String?
    /// The branches and tags that contain HEAD, as git names them in full. Not those under which a forge keeps a merge that
    /// it has made of a change that is proposed.
    public var refs: [String]
    /// HEAD has several parents. Only known where nothing contains it.
    public var isMerge = false
    /// A forge has made HEAD to try a proposed change.
    private var isTrial = false

    public init(sha: GitSHA, isDirty: Bool, isDetached: Bool, refs: [String], isMerge: Bool = false) {
      self.sha = sha
      self.isDirty = isDirty
      self.isDetached = isDetached
      self.isMerge = isMerge
      self.refs = refs.filter { !Self.isTrial($0) }
      isTrial = self.refs.count < refs.count
    }

    /// A remote branch contains HEAD. If not, CI has most likely not built it.
    public var isPushed: Bool { refs.contains { $0.hasPrefix("refs/remotes/") } }

    /// What may make this another version than the one that is meant, a sentence each. `tag` is the image tag that is
    /// deployed; `isTagged` if a git tag gave it, so that no branch is expected.
    public func warnings(deploying tag: ImageTag, isTagged: Bool = false) -> [String] {
      var warnings: [String] = []
      if isDirty {
        warnings.append("the working tree has uncommitted changes, which the image of HEAD (\(tag)) does not have")
      }
      if refs.isEmpty, isTrial || (isDetached && isMerge) {
        return warnings + [
          "HEAD (\(sha.short)) is a merge commit that no branch has, like those that CI makes to try a change, "
            + "so there may be no image \(tag); choose the version with --tag"
        ]
      }
      if isDetached, !isTagged, !isChosenByCI {
        warnings.append("HEAD (\(sha.short)) is detached, not on a branch; choose another version with --tag")
      }
      if !isPushed {
        warnings.append("HEAD (\(sha.short)) is not on any remote branch, so CI may not have built it; push it first")
      }
      return warnings
    }

    /// Where git keeps branches and tags, and forges what they make of proposed changes.
    static let namespaces = ["heads", "remotes", "tags"] + forges

    private static let forges = ["pull", "pull-requests", "merge-requests"]

    /// Such as `refs/remotes/pull/7/merge`, or `refs/merge-requests/7/merge`.
    private static func isTrial(_ ref: String) -> Bool {
      let parts = ref.split(separator: "/")
      guard parts.count >= 4, parts.last == "merge", parts[parts.count - 2].allSatisfy(\.isNumber) else { return false }
      return forges.contains(String(parts[parts.count - 3]))
    }
  }
}
