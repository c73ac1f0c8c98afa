public import Ledger

/// What two recorded deployments differ in. A pure comparison of their records; commits are asked of git apart.
public struct Difference: Sendable, Equatable {
  /// One value before and after.
  public struct Change<Value: Sendable & Equatable>: Sendable, Equatable {
    public var from: Value
    public var to: Value

    init?(_ from: Value, _ to: Value) {
      guard from != to else { return nil }
      self.from = from
      self.to = to
    }
  }

  /// What a list lost and gained, each in alphabetical order.
  public struct ListChange: Sendable, Equatable {
    public var removed: [String]
    public var added: [String]
    public var isEmpty: Bool { removed.isEmpty && added.isEmpty }

    init(_ from: [String], _ to: [String]) {
      removed = Set(from).subtracting(to).sorted()
      added = Set(to).subtracting(from).sorted()
    }
  }

  /// A service that both recorded, and whose images differ.
  public struct ImageChange: Sendable, Equatable {
    public var service: String
    public var from: ImageIdentity?
    public var to: ImageIdentity?
  }

  /// A 1Password item whose version differs, or which only one of the two used.
  public struct SecretChange: Sendable, Equatable {
    public var item: String
    public var from: Int?
    public var to: Int?
  }

  public var target: Change<String>?
  public var host: Change<String>?
  public var kind: Change<String>?
  public var tag: Change<String?>?
  public var commit: Change<String?>?
  public var services: ListChange
  public var profiles: ListChange
  public var images: [ImageChange]
  public var composeDigest: Change<String?>?
  public var secrets: [SecretChange]

  public init(_ from: (Deployment, [ImageRecord]), _ to: (Deployment, [ImageRecord])) {
    let (old, new) = (from.0.start, to.0.start)
    target = Change(old.target, new.target)
    host = Change(old.host, new.host)
    kind = Change(old.kind.rawValue, new.kind.rawValue)
    tag = Change(old.tag, new.tag)
    commit = Change(old.gitSHA, new.gitSHA)
    services = ListChange(old.services, new.services)
    profiles = ListChange(old.profiles, new.profiles)
    composeDigest = Change(from.0.composeDigest, to.0.composeDigest)
    images = Self.images(from.1, to.1)
    secrets = Self.secrets(old.secretVersions, new.secretVersions)
  }

  /// Compares what ran after each. A service that only one of them covered is no change of image.
  private static func images(_ from: [ImageRecord], _ to: [ImageRecord]) -> [ImageChange] {
    let before = Dictionary(from.map { ($0.service, $0.after) }) { _, last in last }
    let after = Dictionary(to.map { ($0.service, $0.after) }) { _, last in last }
    return Set(before.keys).intersection(after.keys).sorted().compactMap { service in
      let (old, new) = (before[service] ?? nil, after[service] ?? nil)
      guard old?.isSame(as: new) ?? (new == nil) else { return ImageChange(service: service, from: old, to: new) }
      return nil
    }
  }

  private static func secrets(_ from: [SecretVersion], _ to: [SecretVersion]) -> [SecretChange] {
    let before = Dictionary(from.map { ($0.item, $0.version) }) { _, last in last }
    let after = Dictionary(to.map { ($0.item, $0.version) }) { _, last in last }
    return Set(before.keys).union(after.keys).sorted().compactMap { item in
      before[item] == after[item] ? nil : SecretChange(item: item, from: before[item], to: after[item])
    }
  }
}

extension ImageIdentity {
  /// Whether it is the same image: the same config id or the same digest, whatever it is called.
  func isSame(as other: ImageIdentity?) -> Bool {
    guard let other else { return false }
    let digest = digest.flatMap { ImageName($0).digest }
    return id == other.id || (digest != nil && digest == other.digest.flatMap { ImageName($0).digest })
  }
}
