/// What git calls the commit that is to be deployed.
public struct VersionNames: Sendable, Equatable {
  public var sha: GitSHA
  /// `nil` if HEAD is detached.
  public var branch: String?
  /// The git tags of the commit.
  public var tags: [String]
  /// The last git tag before the commit; `nil` if none is known.
  public var tagBefore: String?

  public init(sha: GitSHA, branch: String?, tags: [String], tagBefore: String? = nil) {
    self.sha = sha
    self.branch = branch
    self.tags = tags
    self.tagBefore = tagBefore
  }
}

extension TagFormat {
  /// Whether the tags of the commit are needed.
  public var usesGitTag: Bool { parts.contains(.tag) }

  /// The image tag of a version. Characters that an image tag cannot have become `-`, as CI does it, too. Throws
  /// ``TagUnknown``.
  public func imageTag(of version: VersionNames) throws(TagUnknown) -> ImageTag {
    var text = ""
    for part in parts {
      switch part {
      case .text(let plain): text += plain
      case .sha(let length): text += version.sha.value.prefix(length)
      case .branch:
        guard let branch = version.branch else { throw .detached(format: self.text, commit: version.sha) }
        text += Self.fitting(branch)
      case .tag:
        guard let tag = version.tags.first else { throw .noGitTag(format: self.text, version) }
        guard version.tags.count == 1 else { throw .severalGitTags(version.tags, commit: version.sha) }
        text += Self.fitting(tag)
      }
    }
    do throws(InvalidName) { return try ImageTag(text) } catch { throw .invalid(error) }
  }

  private static func fitting(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isWord || $0.isSeparator ? $0 : "-" }))
  }

  /// What git may call the commit of an image tag that was made in this format; `nil` if the tag does not tell.
  func revision(of tag: ImageTag) -> String? {
    var (before, after) = ("", "")
    var placeholder: Part?
    for part in parts {
      if case .text(let text) = part {
        if placeholder == nil { before += text } else { after += text }
      } else {
        guard placeholder == nil else { return nil }
        placeholder = part
      }
    }
    let value = tag.value
    guard value.hasPrefix(before), value.hasSuffix(after), value.count > before.count + after.count else { return nil }
    let middle = String(value.dropFirst(before.count).dropLast(after.count))
    switch placeholder {
    case .sha: return middle.count >= 7 && middle.allSatisfy(\.isHexDigit) ? middle : nil
    case .tag: return "refs/tags/\(middle)"
    case .branch, .text, nil: return nil
    }
  }
}

/// Why there is no image tag for a version.
public enum TagUnknown: OperatorError, Equatable {
  case noGitTag(format: String, VersionNames)
  case severalGitTags([String], commit: GitSHA)
  case detached(format: String, commit: GitSHA)
  case invalid(InvalidName)

  public var what: String {
    switch self {
    case .noGitTag(let format, let version):
      "HEAD (\(version.sha.short)) has no git tag, which the inventory's tag format \(quoted(format)) takes"
    case .severalGitTags(let tags, let commit):
      "HEAD (\(commit.short)) has several git tags: \(tags.map(\.printable).joined(separator: ", "))"
    case .detached(let format, let commit):
      "HEAD (\(commit.short)) is on no branch, whose name the inventory's tag format \(quoted(format)) takes"
    case .invalid(let error): error.what
    }
  }

  public var nextStep: String? {
    switch self {
    case .noGitTag(_, let version):
      "tag the commit and push the tag (if it has one that is not here: git fetch --tags), or choose the version with --tag"
        + (version.tagBefore.map { ": the last one before it is \($0.printable)" } ?? "")
    case .severalGitTags: "choose one with --tag"
    case .detached: "check out the branch, or choose the version with --tag"
    case .invalid: "change 'tag' in the inventory, or choose the version with --tag"
    }
  }
}
