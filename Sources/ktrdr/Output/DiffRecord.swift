import Deployer
import Ledger

/// The JSON of `diff`. Whatever is the same in both deployments is `null` or an empty list.
struct DiffRecord: Encodable {
  let from, to: Int64
  let target, host, kind, tag, gitSha, composeDigest: Nullable<ChangeJSON>
  let services, profiles: ListJSON
  let images: [ImageChangeJSON]
  let secrets: [SecretChangeJSON]
  let commits: CommitsJSON

  struct ChangeJSON: Encodable {
    let from, to: Nullable<String>
  }

  struct ListJSON: Encodable {
    let removed, added: [String]
  }

  struct ImageChangeJSON: Encodable {
    let service: String
    let from, to: Nullable<ImageJSON.Identity>
  }

  struct SecretChangeJSON: Encodable {
    let item: String
    let from, to: Nullable<Int>
  }

  /// `known` is false if the commits could not be listed; `reason` says why.
  struct CommitsJSON: Encodable {
    struct Commit: Encodable {
      let sha, subject: String
    }
    let known: Bool
    let added, removed: [Commit]
    let reason: Nullable<String>
  }

  init(_ from: Deployment, _ to: Deployment, difference: Difference, commits: CommitComparison) {
    self.from = from.id
    self.to = to.id
    target = Self.change(difference.target)
    host = Self.change(difference.host)
    kind = Self.change(difference.kind)
    tag = Self.change(difference.tag)
    gitSha = Self.change(difference.commit)
    composeDigest = Self.change(difference.composeDigest)
    services = ListJSON(removed: difference.services.removed, added: difference.services.added)
    profiles = ListJSON(removed: difference.profiles.removed, added: difference.profiles.added)
    images = difference.images.map { change in
      ImageChangeJSON(
        service: change.service, from: Nullable(change.from.map(ImageJSON.Identity.init)),
        to: Nullable(change.to.map(ImageJSON.Identity.init)))
    }
    secrets = difference.secrets.map {
      SecretChangeJSON(item: $0.item, from: Nullable($0.from), to: Nullable($0.to))
    }
    self.commits = CommitsJSON(commits)
  }

  private static func change(_ change: Difference.Change<String>?) -> Nullable<ChangeJSON> {
    Nullable(change.map { ChangeJSON(from: Nullable($0.from), to: Nullable($0.to)) })
  }

  private static func change(_ change: Difference.Change<String?>?) -> Nullable<ChangeJSON> {
    Nullable(change.map { ChangeJSON(from: Nullable($0.from), to: Nullable($0.to)) })
  }
}

extension DiffRecord.CommitsJSON {
  init(_ comparison: CommitComparison) {
    func list(_ commits: [GitRepository.Commit]) -> [Commit] {
      commits.map { Commit(sha: $0.sha, subject: $0.subject) }
    }
    switch comparison {
    case .same: self.init(known: true, added: [], removed: [], reason: Nullable(nil))
    case .between(let added, let removed):
      self.init(known: true, added: list(added), removed: list(removed), reason: Nullable(nil))
    case .unknown(let reason): self.init(known: false, added: [], removed: [], reason: Nullable(reason))
    }
  }
}
